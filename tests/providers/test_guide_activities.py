"""Things to do: fees by residency, disputed tariffs, hours as printed."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, OpenSpan, Party, Residency
from providers.base import Kind
from providers.guidebook import table
from providers.sources import guide_activities
from providers.sources.guide_activities import closed_days, opening_spans
from tests.providers.asking import FRIDAY, SUNDAY, ask, party

ATTRACTIONS, FEES = table("attractions.csv"), table("park_fees.csv")
WEEK = frozenset(range(7))


def sights(town: str, who: Party | None = None, start: date = FRIDAY) -> dict[str, ActivityOffer]:
    query = ask(Kind.ACTIVITIES, town, start, max(start, SUNDAY), who=who or party())
    return {offer.name: offer for offer in guide_activities.parse(ATTRACTIONS, FEES, query)}


@pytest.mark.parametrize(
    ("residency", "kes"),
    [(Residency.CITIZEN, 400), (Residency.RESIDENT, 1_200), (Residency.VISITOR, 2_400)],
)
def test_fort_jesus_costs_by_residency(residency: Residency, kes: int) -> None:
    price = sights("mombasa", party(2, residency=residency))["Fort Jesus"].price
    assert price is not None
    assert price.kes == kes


def test_children_pay_the_child_fee_where_it_was_printed() -> None:
    price = sights("nairobi", party(2, 2))["Nairobi Safari Walk"].price
    assert price is not None
    assert price.kes == 2 * 215 + 2 * 125


def test_a_child_of_twelve_pays_like_an_adult() -> None:
    price = sights("nairobi", party(2, 2, ages=(4, 12)))["Nairobi Safari Walk"].price
    assert price is not None
    assert price.kes == 3 * 215 + 125


@pytest.mark.parametrize(
    ("residency", "note"),
    [
        (Residency.CITIZEN, "Fee for citizens"),
        (Residency.RESIDENT, "Fee for residents"),
        (Residency.VISITOR, "Fee for non-residents"),
    ],
)
def test_a_fee_says_whose_it_is_where_that_matters(residency: Residency, note: str) -> None:
    assert note in sights("mombasa", party(2, residency=residency))["Fort Jesus"].notes


def test_a_disputed_tariff_plans_with_the_higher_and_shows_the_lower() -> None:
    offer = sights("nakuru", party(2, 1))["Lake Nakuru National Park"]
    assert offer.price is not None
    assert (offer.price.kes, offer.price.low_kes, offer.price.high_kes) == (3_750, 1_935, 3_750)
    assert any("eCitizen" in note for note in offer.notes)


def test_a_disputed_tariff_without_a_predecessor_still_says_so() -> None:
    offer = sights("aberdare")["Aberdare National Park"]
    assert offer.price is not None
    assert offer.price.kes == 1_600
    assert any("suspended by court" in note for note in offer.notes)


def test_a_dollar_fee_has_no_price_and_names_the_season() -> None:
    visitors = party(2, residency=Residency.VISITOR)
    november = sights("maasai-mara", visitors)["Maasai Mara National Reserve game drive"]
    february = sights("maasai-mara", visitors, date(2026, 2, 6))["Maasai Mara National Reserve game drive"]
    assert november.price is february.price is None
    assert any("USD 200" in note for note in november.notes)
    assert any("USD 100" in note for note in february.notes)


def test_a_citizen_pays_the_resident_fee_where_only_that_was_printed() -> None:
    price = sights("nairobi")["Giraffe Centre"].price
    assert price is not None
    assert price.kes == 800


def test_free_is_zero_and_unknown_is_nothing() -> None:
    found = sights("mombasa")
    free, unknown = found["Mombasa Old Town walk"].price, found["Haller Park"].price
    assert free is not None
    assert free.kes == 0
    assert unknown is None


def test_sights_near_a_town_come_along_and_far_ones_do_not() -> None:
    found = sights("mombasa")
    assert {"Fort Jesus", "Haller Park", "Diani Beach"} <= found.keys()
    assert "Gede Ruins" not in found
    assert found["Fort Jesus"].score > found["Haller Park"].score


def test_a_beach_is_tagged_as_one() -> None:
    assert "beach" in sights("diani")["Diani Beach"].tags


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("daily 09:00-17:00", [(WEEK, time(9), time(17))]),
        ("06:00-18:00", [(WEEK, time(6), time(18))]),
        ("gates 06:00-18:00", [(WEEK, time(6), time(18))]),
        ("daily 08:00-18:00 (one guide says closed on Sundays)", [(WEEK, time(8), time(18))]),
        ("daily 09:00-17:30; giraffe feeding 11:00 and 15:00, hippos 16:00", [(WEEK, time(9), time(17, 30))]),
        (
            "Mon-Fri 08:00-17:00, Sat 09:00-14:00",
            [(frozenset(range(5)), time(8), time(17)), (frozenset({5}), time(9), time(14))],
        ),
        ("", []),
        ("ask at the gate", []),
    ],
)
def test_hours_are_read_as_printed(text: str, spans: list[tuple[frozenset[int], time, time]]) -> None:
    assert opening_spans(text) == tuple(OpenSpan(*span) for span in spans)


def test_a_yearly_closing_day_is_kept() -> None:
    assert closed_days("daily 11:00-12:00, by reservation only; closed 25 Dec") == {(12, 25)}
    assert sights("nairobi")["Sheldrick Wildlife Trust elephant nursery"].closed_on == {(12, 25)}


@given(st.text(max_size=80))
def test_any_text_gives_hours_or_none(text: str) -> None:
    assert all(span.weekdays <= WEEK for span in opening_spans(text))


def test_a_park_is_driven_into_day_after_day_and_a_museum_seen_once() -> None:
    assert sights("maasai-mara")["Maasai Mara National Reserve game drive"].repeatable
    assert sights("amboseli")["Amboseli National Park"].repeatable
    assert not sights("nakuru")["Lake Nakuru National Park"].repeatable
    assert not sights("mombasa")["Fort Jesus"].repeatable


def test_scores_stay_in_their_range() -> None:
    scores = [offer.score for town in ("nairobi", "mombasa", "nakuru", "samburu") for offer in sights(town).values()]
    assert min(scores) >= 0.4
    assert max(scores) <= 0.85
    assert len(set(scores)) > 3


HOLIDAYS = [
    ("daily 09:00-17:00, closed on public holidays", [(WEEK, time(9), time(17), False)]),
    ("daily 09:00-17:00; closed 25 Dec and public holidays", [(WEEK, time(9), time(17), False)]),
    ("weekends and public holidays 09:00-17:00", [({5, 6}, time(9), time(17), True)]),
    (
        "Mon-Fri 08:00-17:00, public holidays 10:00-14:00",
        [({0, 1, 2, 3, 4}, time(8), time(17), False), (set(), time(10), time(14), True)],
    ),
    (
        "weekdays 08:00-17:00, Sat-Sun and public holidays 09:00-18:00",
        [({0, 1, 2, 3, 4}, time(8), time(17), False), ({5, 6}, time(9), time(18), True)],
    ),
    ("daily 09:00-17:00 including public holidays", [(WEEK, time(9), time(17), None)]),
]


@pytest.mark.parametrize(("text", "spans"), HOLIDAYS)
def test_what_is_printed_of_public_holidays_is_read(
    text: str, spans: list[tuple[set[int], time, time, bool | None]]
) -> None:
    assert opening_spans(text) == tuple(OpenSpan(frozenset(days), *rest) for days, *rest in spans)
