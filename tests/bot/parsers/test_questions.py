"""Questions of practice are told from wishes for a trip, a ride or a bed."""

from datetime import date

import pytest

from bot.intents import Context, Lang
from bot.parsers.questions import question
from bot.present import facts as answers
from providers.practical import fees

CONTEXT = Context(date(2026, 11, 23), lang="en")


def topic_of(text: str, context: Context = CONTEXT) -> str | None:
    found = question(text, context)
    return found.topic if found else None


@pytest.mark.parametrize(
    ("text", "topic", "who"),
    [
        ("how much is Amboseli entry for residents", "fees:Amboseli", ("resident",)),
        ("Tsavo east gate fee, citizens", "fees:Tsavo East", ("citizen",)),
        ("park fees mara non residents", "fees:Maasai Mara", ("non_resident",)),
        ("what does it cost to enter Hell's Gate", "fees:Hell's Gate", ()),
        ("entry fee lake nakuru residents and non residents", "fees:Lake Nakuru", ()),
        ("kiingilio Nairobi National Park", "fees:Nairobi National Park", ()),
        ("kiingilio cha Amboseli kwa wakazi", "fees:Amboseli", ("resident",)),
        ("ada ya kuingia Mlima Kenya kwa raia ni ngapi", "fees:Mount Kenya", ("citizen",)),
        ("entry fee for samburu", "fees:?", ()),
        ("how much is Fort Jesus entry", "fees:Fort Jesus", ()),
        ("kiingilio cha Giraffe Centre", "fees:Giraffe Centre", ()),
        ("parking fees at Karura", None, ()),
        ("park fees?", "fees", ()),
    ],
)
def test_a_park_fee_is_asked_for_a_park_and_perhaps_for_somebody(
    text: str, topic: str | None, who: tuple[str, ...]
) -> None:
    found = question(text, CONTEXT)
    assert (found and found.topic, found.preferences if found else ()) == (topic, who)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("SGR luggage", "sgr_luggage"),
        ("how many bags can I carry on the Madaraka Express", "sgr_luggage"),
        ("mizigo ya SGR kilo ngapi", "sgr_luggage"),
        ("je SGR inahitaji kitambulisho", "sgr_id"),
        ("do I need my ID for the train?", "sgr_id"),
        ("what time should I be at the SGR", "sgr_arrive"),
        ("SGR nifike saa ngapi", "sgr_arrive"),
        ("how do I pay for SGR", "sgr_pay"),
        ("tiketi za SGR nanunua wapi", "sgr_pay"),
        ("can I get a refund for my SGR ticket", "sgr_cancel"),
        ("do kids pay half fare on sgr?", "sgr_children"),
        ("how early can i book sgr", "sgr_advance"),
        ("what are the SGR rules", "sgr"),
        ("can I pay with M-Pesa", "payment"),
        ("naweza kulipa na mpesa", "payment"),
        ("how much is the likoni ferry", "likoni"),
        ("feri ya likoni ni bei gani", "likoni"),
        ("is dongo kundu free", "likoni"),
        ("public holidays in December", "holidays:12"),
        ("sikukuu za mei", "holidays:5"),
        ("which public holiday is next", "holidays"),
        ("nauli ya boda Nairobi", "fares"),
        ("how much is a matatu in town", "fares"),
        ("namba za dharura", "emergency"),
        ("best time to see the migration", "season"),
        ("can I take my own car into the Mara", "mara_cars"),
    ],
)
def test_what_is_asked_is_known(text: str, topic: str) -> None:
    assert topic_of(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "SGR to Mombasa tomorrow for 2",
        "train to mombasa with luggage",
        "treni kwenda Mombasa Ijumaa",
        "how much is the SGR to Mombasa",
        "bus to likoni",
        "hotel near likoni ferry",
        "taxi from likoni to diani",
        "nauli ya matatu kwenda Nakuru",
        "how much is a matatu from CBD to Westlands",
        "trip to Amboseli 3 days with park fees, 60k",
        "plan 2 days in Tsavo, entry fees included",
        "holiday in Diani for 2 people",
        "add the Nairobi National Park",
        "cancel the train",
        "ghairi treni",
        "when does the train arrive in Mombasa?",
        "how do I get to the SGR?",
        "holiday in Diani",
        "our next holiday",
        "lipa na mpesa",
        "meru",
        "",
    ],
)
def test_a_wish_for_a_trip_a_ride_or_a_bed_is_no_question(text: str) -> None:
    assert topic_of(text) is None


def test_a_place_in_a_question_does_not_answer_what_was_asked() -> None:
    asked = Context(date(2026, 11, 23), lang="sw", asked="dates")
    found = question("je ni salama kwenda Mandera", asked)
    assert found is not None
    assert (found.topic, found.destination, found.lang) == ("safety", None, Lang.SW)


@pytest.mark.parametrize("lang", ["en", "sw"])
@pytest.mark.parametrize(
    "topic",
    [
        "visa", "weather", "season", "safety", "mara_cars", "payment", "emergency", "fares", "likoni", "sgr", "sgr_id",
        "sgr_luggage", "sgr_arrive", "sgr_pay", "sgr_advance", "sgr_cancel", "sgr_children", "holidays", "holidays:12",
        "fees:Amboseli",
    ],
)  # fmt: skip
def test_every_answer_names_its_source(topic: str, lang: str) -> None:
    assert answers.is_known(topic)
    lines = answers.answer(topic, lang, CONTEXT.today).lines
    assert any(isinstance(line, str) and line.startswith(("Source", "Chanzo", "Vyanzo")) for line in lines)


@pytest.mark.parametrize("park", sorted({fee.park for fee in fees()}))
def test_every_park_of_the_guide_has_an_answer_for_everybody(park: str) -> None:
    for who in ("", "citizen", "resident", "non_resident"):
        assert park in str(answers.answer(f"fees:{park}", "en", CONTEXT.today, who).lines[0])


def test_a_fee_asked_for_one_residency_is_told_for_that_one() -> None:
    first = answers.answer("fees:Amboseli", "en", CONTEXT.today, "resident").lines[0]
    assert first == "Amboseli National Park, one day: residents KES 2,025 (child 1,050)."


def test_a_month_without_a_holiday_has_none() -> None:
    assert answers.answer("holidays:2", "en", CONTEXT.today).lines[0] == "There is no public holiday in Feb 2027."


def test_beyond_the_list_nothing_is_guessed() -> None:
    assert answers.answer("holidays", "en", date(2031, 1, 1)).lines[0] == (
        "I have no list of public holidays that far ahead."
    )
