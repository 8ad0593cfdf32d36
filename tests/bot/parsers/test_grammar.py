"""Messages put together from a small grammar, with labels known by construction, are read exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intents import Action, Context, Intent
from bot.parsers.rules import RulesParser
from providers.gazetteer import load

PARSER = RulesParser(load())
DAY = timedelta(days=1)
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6

EXAMPLES = settings(max_examples=300, deadline=None)


@dataclass(frozen=True, slots=True)
class Days:
    """An expression of days with what it means."""

    text: str
    start: date
    end: date | None = None
    holiday: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """An expression of a party with its heads and the children among them."""

    text: str
    heads: int
    children: int | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An expression of money with its amount; `each` when it is for one person."""

    text: str
    kes: int
    each: bool = False


TOWNS = {
    "Mombasa": "mombasa", "Msa": "mombasa", "kisumu": "kisumu", "Kisumo": "kisumu", "Nax": "nakuru", "Naks": "nakuru",
    "Nakuru": "nakuru", "Vasha": "naivasha", "Naivasha": "naivasha", "diani": "diani", "Eldoret": "eldoret",
    "Malindi": "malindi", "Lamu": "lamu", "Nanyuki": "nanyuki", "Homa Bay": "homa-bay", "Kakamega": "kakamega",
    "Meru": "meru", "Kitale": "kitale", "watamu": "watamu", "Kilifi": "kilifi", "Nyeri": "nyeri", "Garissa": "garissa",
}  # fmt: skip
STARTS = {"Nairobi": "nairobi", "Nai": "nairobi", "nrb": "nairobi", "Thika": "thika", "Machakos": "machakos"}

FRAMES: dict[str, dict[Action, tuple[str, ...]]] = {
    "en": {
        Action.SEARCH_BUSES: ("bus to {to}", "any bus going to {to}", "{of} to {to} bus", "shuttle from {of} to {to}"),
        Action.SEARCH_TRAINS: ("train to {to}", "SGR from {of} to {to}", "train tickets {of} to {to}"),
        Action.SEARCH_FLIGHTS: ("flight to {to}", "flights from {of} to {to}", "fly from {of} to {to}"),
        Action.SEARCH_HOTELS: ("hotel in {to}", "airbnb in {to}", "a place to stay in {to}", "guest house {to}"),
        Action.CREATE_ITINERARY: ("plan a trip to {to}", "plan a trip from {of} to {to}", "holiday in {to}"),
    },
    "sw": {
        Action.SEARCH_BUSES: ("basi ya {to}", "basi kutoka {of} hadi {to}", "natoka {of} naenda {to} na basi"),
        Action.SEARCH_TRAINS: ("treni ya kwenda {to}", "gari moshi kutoka {of} mpaka {to}", "SGR ya {to}"),
        Action.SEARCH_FLIGHTS: ("ndege ya {to}", "ndege kutoka {of} kwenda {to}"),
        Action.SEARCH_HOTELS: ("hoteli {to}", "chumba {to}", "natafuta gesti {to}", "mahali pa kulala {to}"),
        Action.CREATE_ITINERARY: ("nipangie safari ya {to}", "nipangie safari ya {to} kutoka {of}", "mapumziko {to}"),
    },
}
HELLOS = {
    "en": ("", "please ", "hi, ", "hello, kindly ", "good morning, "),
    "sw": ("", "tafadhali ", "niaje, ", "habari za asubuhi, ", "naomba "),
}
THANKS = {"en": ("", " please", ", thanks", " boss", "?"), "sw": ("", " tafadhali", ", asante", " boss", "?")}
PARTIES = {
    "en": (
        Party("2 people", 2), Party("3 pax", 3), Party("for 4", 4), Party("two adults", 2), Party("just me", 1),
        Party("2 adults 1 child", 3, 1), Party("2 adults and 2 kids", 4, 2), Party("family of 5", 5),
        Party("me and 3 friends", 4), Party("squad of 8", 8), Party("we are 6", 6), Party("me and my wife", 2),
        Party("wife and 2 kids", 4, 2), Party("4 people with kids aged 4 and 9", 4, 2), Party("2 foreign tourists", 2),
    ),
    "sw": (
        Party("watu wawili", 2), Party("tuko watatu", 3), Party("sisi wanne", 4), Party("watu 5", 5),
        Party("peke yangu", 1), Party("mimi na mke wangu", 2), Party("mi na mabeshte wanne", 5),
        Party("mimi na marafiki watatu", 4),
        Party("wasee 4", 4), Party("mi na dem wangu", 2), Party("familia ya watu sita", 6), Party("squad ya 8", 8),
        Party("watu wazima wawili na mtoto mmoja", 3, 1),
    ),
}  # fmt: skip
MONEYS = {
    "en": (
        Money("budget 30k", 30_000), Money("30k", 30_000), Money("30,000/=", 30_000), Money("ksh 30000", 30_000),
        Money("KES 45,000", 45_000), Money("under 8k", 8_000), Money("budget is around 20k", 20_000),
        Money("max 12,500 bob", 12_500), Money("sh. 9,000", 9_000), Money("15k each", 15_000, each=True),
        Money("5,000 per person", 5_000, each=True), Money("budget of 60 thousand", 60_000),
    ),
    "sw": (
        Money("bajeti elfu thelathini", 30_000), Money("laki moja", 100_000), Money("thao tano", 5_000),
        Money("soo hamsini", 5_000), Money("isizidi elfu kumi", 10_000), Money("budget ni kama 20k", 20_000),
        Money("laki moja na nusu", 150_000), Money("bajeti 25,000", 25_000), Money("niko na 15k", 15_000),
        Money("5k kila mtu", 5_000, each=True), Money("elfu nne kila mtu", 4_000, each=True),
        Money("elfu ishirini na tano", 25_000),
    ),
}  # fmt: skip


def next_weekday(after: date, weekday: int) -> date:
    """The soonest such day after `after`."""
    day = after + DAY
    while day.weekday() != weekday:
        day += DAY
    return day


def next_date(day: int, month: int, today: date) -> date:
    """The next such day of the year, today included."""
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def single_days(today: date, lang: str) -> list[Days]:
    """Ways to name one day."""
    fifth, twelfth = next_date(5, 12, today), next_date(12, 12, today)
    friday, sunday = next_weekday(today, FRIDAY), next_weekday(today, SUNDAY)
    next_wednesday = next_weekday(today, 0) + 2 * DAY
    boxing = next_date(26, 12, today)
    if lang == "en":
        said = {
            "tomorrow": today + DAY, "day after tomorrow": today + 2 * DAY, "on friday": friday, "this sunday": sunday,
            "5th dec": fifth, "on 5/12": fifth, "december 5": fifth, "fifth of december": fifth, "Dec 12": twelfth,
            "on Jamhuri day": twelfth, "on boxing day": boxing, "wednesday next week": next_wednesday, "today": today,
        }  # fmt: skip
    else:
        said = {
            "kesho": today + DAY, "kesho kutwa": today + 2 * DAY, "ijumaa": friday, "jumapili hii": sunday,
            "tarehe 5 desemba": fifth, "tarehe tano desemba": fifth, "tarehe 5/12": fifth, "leo": today,
            "tarehe kumi na mbili mwezi wa kumi na mbili": twelfth, "wiki ijayo jumatano": next_wednesday,
            "tarehe kumi na mbili desemba": twelfth,
        }  # fmt: skip
    return [Days(text, day) for text, day in said.items()]


def spans_of_days(today: date, lang: str) -> list[Days]:
    """Ways to name a first and a last day."""
    friday = next_weekday(today, FRIDAY)
    sunday = next_weekday(friday, SUNDAY)
    saturday = today if today.weekday() == SATURDAY else next_weekday(today, SATURDAY)
    fifth = next_date(5, 12, today)
    eighth = fifth + 3 * DAY
    new_year = next_date(31, 12, today)
    if lang == "en":
        said = {
            "5-8 december": (fifth, eighth), "Dec 5-8": (fifth, eighth), "5 – 8 Dec": (fifth, eighth),
            "from 5th to 8th december": (fifth, eighth), "5/12 to 8/12": (fifth, eighth),
            "from friday to sunday": (friday, sunday), "this weekend": (saturday, saturday + DAY),
            "over new year": (new_year, new_year + DAY),
        }  # fmt: skip
    else:
        said = {
            "kutoka ijumaa hadi jumapili": (friday, sunday), "tarehe 5 hadi 8 desemba": (fifth, eighth),
            "tarehe tano mpaka nane desemba": (fifth, eighth), "5/12 mpaka 8/12": (fifth, eighth),
            "wikendi hii": (saturday, saturday + DAY), "mwaka mpya": (new_year, new_year + DAY),
        }  # fmt: skip
    return [Days(text, start, end, holiday=start == new_year) for text, (start, end) in said.items()]


# On New Year's Day itself the old year's holiday is still on.
TODAYS = st.dates(date(2026, 1, 3), date(2028, 12, 24)).filter(lambda day: (day.month, day.day) != (1, 1))


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its labels."""

    text: str
    today: date
    action: Action
    origin: str | None
    destination: str
    days: Days | None
    party: Party | None
    money: Money | None


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """A wish of one frame with some of days, party and money, in any order, politely or not."""
    today, lang = draw(TODAYS), draw(st.sampled_from(("en", "sw")))
    action = draw(st.sampled_from(sorted(FRAMES[lang])))
    frame, to, of = (draw(st.sampled_from(each)) for each in (FRAMES[lang][action], sorted(TOWNS), sorted(STARTS)))
    rides = action in (Action.SEARCH_BUSES, Action.SEARCH_TRAINS)
    spans = [days for days in spans_of_days(today, lang) if not (days.holiday and action is Action.SEARCH_FLIGHTS)]
    named = single_days(today, lang) + ([] if rides else spans)  # who rides for a holiday leaves on its first day
    days = draw(st.none() | st.sampled_from(named))
    party = draw(st.none() | st.sampled_from(PARTIES[lang]))
    money = draw(st.none() | st.sampled_from(MONEYS[lang])) if not rides else None
    rest = draw(st.permutations([part.text for part in (days, party, money) if part]))
    text = ", ".join((frame.format(to=to, of=of), *rest))
    text = draw(st.sampled_from(HELLOS[lang])) + text + draw(st.sampled_from(THANKS[lang]))
    origin = STARTS[of] if "{of}" in frame else None
    return Message(text, today, action, origin, TOWNS[to], days, party, money)


def read(message: Message) -> Intent:
    return PARSER.parse(message.text, Context(message.today))


@EXAMPLES
@given(messages())
def test_a_message_of_the_grammar_is_read_exactly(message: Message) -> None:
    intent = read(message)
    assert intent.action is message.action
    assert (intent.origin, intent.destination) == (message.origin, message.destination)
    start, end = (message.days.start, message.days.end) if message.days else (None, None)
    if message.action is Action.SEARCH_HOTELS and start and not end:
        end = start + DAY  # a room for a night
    assert (intent.start_date, intent.end_date) == (start, end)
    assert intent.passengers == (message.party.heads if message.party else None)
    assert intent.children == (message.party.children if message.party else None)


@EXAMPLES
@given(messages())
def test_its_money_is_read_exactly_and_multiplied_by_the_party(message: Message) -> None:
    intent = read(message)
    if message.money is None:
        assert intent.budget_kes is None
    elif message.money.each:
        assert intent.budget_per_person_kes == message.money.kes
        assert intent.budget_kes == (message.money.kes * message.party.heads if message.party else None)
    else:
        assert (intent.budget_kes, intent.budget_per_person_kes) == (message.money.kes, None)
