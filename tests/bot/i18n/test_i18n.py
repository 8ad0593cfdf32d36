"""Both languages say the same things, and say dates, money and ages the way people do."""

import string
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.i18n import brief, conversion, date_range, day, en, kes, keys, listed, people, seen, soon, spoken, sw, t
from planner.model import Basis, Precision, Price
from providers.fx import price as converted
from tests.providers.online import RATES

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FRIDAY = date(2026, 11, 27)


def price(basis: Basis, when: datetime | date | None, precision: Precision, source: str = "kenyans.co.ke") -> Price:
    return Price(3_000, Decimal(3_000), "KES", basis, source, when, precision)


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_sentences() -> None:
    assert keys("en") == keys("sw")


@pytest.mark.parametrize("key", sorted(en.MESSAGES))
def test_both_languages_have_the_same_blanks(key: str) -> None:
    assert blanks(en.MESSAGES[key]) == blanks(sw.MESSAGES[key])
    assert "" not in blanks(en.MESSAGES[key])


@pytest.mark.parametrize("key", sorted(key for key in en.MESSAGES if key.startswith("button_")))
def test_labels_fit_a_button(key: str) -> None:
    for lang in i18n.LANGS:
        bare = t(lang, key, day="") if "day" in blanks(en.MESSAGES[key]) else t(lang, key)
        assert len(bare) <= 20


def test_swahili_is_not_english() -> None:
    same = {key for key in en.MESSAGES if en.MESSAGES[key] == sw.MESSAGES[key]}
    assert same <= {
        "guess_nights", "button_pdf", "relax_line", "change_dates", "unknown_other", "choice_link",
        "mode_matatu", "budget_plain", "fact_stamp", "fact_holiday", "fees_link",
    }  # fmt: skip


def test_no_sentence_shouts_or_speaks_of_itself_as_a_machine() -> None:
    for messages in (en.MESSAGES, sw.MESSAGES):
        for sentence in messages.values():
            assert "!" not in sentence
            assert "AI" not in sentence.split()


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("sheng", "sw"),
        ("mixed", "sw"),
        ("sw", "sw"),
        ("en", "en"),
        ("", "en"),
        ("fr", "en"),
        ("sw-KE", "sw"),
        ("EN_gb", "en"),
    ],
)
def test_every_language_is_answered_in_one_of_two(said: str, answered: str) -> None:
    assert spoken(said) == answered


def test_days_are_named() -> None:
    assert day("en", FRIDAY) == "Fri 27 Nov"
    assert day("sw", FRIDAY) == "Ijumaa 27 Nov"
    assert day("sw", date(2026, 12, 6)) == "Jumapili 6 Des"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (FRIDAY, FRIDAY, "Fri 27 Nov"),
        (FRIDAY, date(2026, 11, 29), "Fri 27 – Sun 29 Nov"),
        (FRIDAY, date(2026, 12, 2), "Fri 27 Nov – Wed 2 Dec"),
        (date(2026, 12, 30), date(2027, 1, 2), "Wed 30 Dec 2026 – Sat 2 Jan 2027"),
    ],
)
def test_ranges_say_nothing_twice(start: date, end: date, said: str) -> None:
    assert date_range("en", start, end) == said


def test_money_and_people() -> None:
    assert kes(1_240_500) == "KES 1,240,500"
    assert (people("en", 1), people("en", 3)) == ("1 person", "3 people")
    assert (people("sw", 1), people("sw", 3)) == ("mtu 1", "watu 3")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (list("ABCDE"), "A, B, C and 2 more"),
    ],
)
def test_lists_stay_short(names: list[str], said: str) -> None:
    assert listed("en", names) == said


@pytest.mark.parametrize(
    ("priced", "english", "swahili"),
    [
        (price(Basis.LIVE, NOW - timedelta(minutes=3), Precision.MINUTE), "live, 3 min ago",
         "bei ya sasa, dakika 3 zilizopita"),
        (price(Basis.LIVE, NOW - timedelta(seconds=20), Precision.MINUTE), "live, just now", "bei ya sasa, sasa hivi"),
        (price(Basis.CACHED, NOW - timedelta(hours=1), Precision.MINUTE), "seen 1 h ago", "ilionekana saa 1 iliyopita"),
        (price(Basis.CACHED, NOW - timedelta(days=3), Precision.MINUTE), "seen 3 days ago",
         "ilionekana siku 3 zilizopita"),
        (price(Basis.GUIDE, date(2022, 12, 8), Precision.DAY), "guide price, Dec 2022", "bei ya mwongozo, Des 2022"),
        (price(Basis.GUIDE, date(2024, 1, 1), Precision.MONTH, "KRC tariff"), "tariff Jan 2024", "bei rasmi Jan 2024"),
        (price(Basis.GUIDE, date(2013, 5, 1), Precision.APPROX), "guide price, about May 2013",
         "bei ya mwongozo, takriban Mei 2013"),
        (price(Basis.GUIDE, None, Precision.UNDATED), "undated source", "chanzo bila tarehe"),
        (price(Basis.ESTIMATE, None, Precision.UNDATED), "estimate", "makadirio"),
    ],
)  # fmt: skip
def test_a_price_says_how_it_is_known_and_how_old_it_is(priced: Price, english: str, swahili: str) -> None:
    assert seen("en", priced, NOW) == english
    assert seen("sw", priced, NOW) == swahili


def test_a_live_price_without_a_present_names_its_hour() -> None:
    assert seen("en", price(Basis.LIVE, NOW, Precision.MINUTE)) == "live, Mon 23 Nov 12:00"


@pytest.mark.parametrize(
    ("minutes", "said"), [(30, "live, 30 min ago"), (31, "seen 31 min ago"), (200, "seen 3 h ago")]
)
def test_a_live_price_is_called_live_for_half_an_hour(minutes: int, said: str) -> None:
    assert seen("en", price(Basis.LIVE, NOW - timedelta(minutes=minutes), Precision.MINUTE), NOW) == said


def test_a_live_price_that_its_source_no_longer_holds_to_was_only_seen() -> None:
    held = replace(price(Basis.LIVE, NOW - timedelta(minutes=5), Precision.MINUTE), expires_at=NOW)
    assert seen("en", held, NOW) == "seen 5 min ago"
    assert seen("sw", held, NOW) == "ilionekana dakika 5 zilizopita"
    assert seen("en", held, NOW - timedelta(minutes=1)) == "live, 4 min ago"


@pytest.mark.parametrize("basis", Basis)
def test_a_made_up_price_says_so_whatever_else_is_known_of_it(basis: Basis) -> None:
    made_up = replace(price(basis, NOW, Precision.MINUTE), sample=True)
    assert (seen("en", made_up, NOW), brief("en", made_up, NOW)) == ("sample, not a real price", "sample")
    assert (seen("sw", made_up, NOW), brief("sw", made_up, NOW)) == ("mfano tu, si bei halisi", "mfano")


def test_a_converted_price_says_at_what_rate() -> None:
    priced = converted(Decimal("45.00"), "USD", RATES, source="Duffel", seen_at=NOW, note="hand luggage (7 kg) only")
    assert conversion("en", priced) == "≈ USD 45.00 at KES 129.25 (ExchangeRate-API, 22 Nov 2026)"
    assert conversion("sw", priced) == "≈ USD 45.00 kwa kiwango cha KES 129.25 (ExchangeRate-API, 22 Nov 2026)"
    plain = converted(Decimal(5_800), "KES", None, source="Duffel", seen_at=NOW, note="≈ 3 h")
    assert conversion("en", plain) == conversion("en", replace(priced, note="")) == ""


@pytest.mark.parametrize(
    ("seconds", "english", "swahili"),
    [
        (0, "in a minute", "baada ya dakika moja"),
        (61, "in 2 minutes", "baada ya dakika 2"),
        (3_600, "in an hour", "baada ya saa moja"),
    ],
)
def test_when_to_ask_again_is_said_in_minutes(seconds: float, english: str, swahili: str) -> None:
    assert (soon("en", seconds), soon("sw", seconds)) == (english, swahili)


@given(st.text(max_size=60))
def test_what_a_traveller_wrote_is_never_read_as_a_template(words: str) -> None:
    assert words in t("en", "unknown_place", words=words)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 400), st.sampled_from(i18n.LANGS))
def test_every_range_names_both_days(start: date, length: int, lang: str) -> None:
    end = start + timedelta(days=length)
    said = date_range(lang, start, end)
    assert str(start.day) in said
    assert said.endswith(str(end.year)) if start.year != end.year else str(end.day) in said
