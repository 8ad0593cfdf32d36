"""What a language model read in a message, and what of it is believed.

The model only points at words: places, dates and money are resolved here by the gazetteer and by the rules, from words
that stand in the message. What cannot be found there is dropped, and what the rules read is kept instead. Where both
read money, days or places and differ, neither is kept: the traveller is asked, see bot.parsers.doubts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.intents import Action, Context, Intent, Lang, Parser
from bot.parsers import doubts, hours
from bot.parsers.needs import missing
from bot.parsers.speech import clean
from bot.parsers.vocabulary import ERRANDS, HOURS, MODES, OPERATORS, TOPICS, WISHES
from bot.readings import is_doubt
from planner.model import Place
from planner.numbers import value
from planner.places import Gazetteer
from planner.reading import Reading

PREFERENCES = tuple(
    dict.fromkeys((*(name for name, _ in (*WISHES, *HOURS, *ERRANDS)), *(m for m in MODES.values() if m != "hotel")))
)
TOPIC_NAMES = ("", *(name for name, _ in TOPICS), "thanks")
_PLANS = (Action.CREATE_ITINERARY, Action.REFINE_ITINERARY)
_RIDES = frozenset({"bus", "train", "flight"})  # who wants one of these wants to leave the town
_RULES_ONLY = frozenset({"no_road_after_dark", "no_night_travel", "one_way", "own_bed", "hotel"})
_SEARCHES = tuple(action for action in Action if action.value.startswith("search_"))
_ASKING = frozenset({*_PLANS, *_SEARCHES})  # what is asked about when it is in doubt
_WEEKDAYS = (
    ("mon", "jumatatu"), ("tue", "jumanne"), ("wed", "jumatano"), ("thu", "alhamisi"),
    ("fri", "ijumaa", "furahi"), ("sat", "jumamosi", "sato"), ("sun", "jumapili", "sande"),
)  # fmt: skip
_LONGEST_WORDS = 60  # characters of a name, a stage, a thing to leave out
_DESCRIPTION = 3  # words: "the lakeside city"
_ALIKE = 0.6
_FURTHEST = timedelta(days=2 * 365)


class Named(BaseModel):
    """A place: the words of the message, and the model's reading of them."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(description="the exact words of the message that name the place, or an empty string")
    place: str = Field(description="the usual name of that place, or an empty string")


class Said(BaseModel):
    """The answer asked of the model. Absent texts are "", absent numbers null: only what the message says."""

    model_config = ConfigDict(extra="forbid")

    action: Action
    lang: Lang
    origin: Named = Field(description="where the journey starts, only if the message says so")
    destinations: list[Named] = Field(description="every place to go to, in order")
    date_words: str = Field(description="the exact words about the days of travel, copied")
    start_date: str = Field(description="first day as YYYY-MM-DD if those words fix one")
    end_date: str = Field(description="day of leaving or last day as YYYY-MM-DD if those words fix one")
    nights: int | None
    duration_days: int | None
    duration_delta_days: int | None = Field(description="add a day: 1; drop a day: -1")
    day: int | None = Field(description="which day of the present plan is meant")
    passengers: int | None = Field(description="everybody, the speaker and children included, only if said")
    children: int | None
    budget_words: str = Field(description="the exact words about money, copied, with 'each' or 'a night' if said")
    preferences: list[str] = Field(json_schema_extra={"items": {"type": "string", "enum": list(PREFERENCES)}})
    remove: list[str] = Field(description="what to take out of the present plan, in the words of the message")
    topic: str = Field(json_schema_extra={"enum": list(TOPIC_NAMES)})
    origin_point: str = Field(description="pick-up point inside a town, in the words of the message")
    destination_point: str = Field(description="drop-off point inside a town, in the words of the message")
    operator: str = Field(description="bus company or airline, in the words of the message")
    choice: int | None = Field(description="which offered choice is picked, from 1")


def believed(said: Said, text: str, context: Context, rules: Parser, gazetteer: Gazetteer) -> Intent:
    """The intent, with nothing in it that the message does not support."""
    read = rules.parse(text, context)
    message = _Message(text, gazetteer, read)
    same = said.action is read.action
    intent = replace(
        read,
        action=said.action,
        lang=said.lang,
        preferences=_preferences(said, read),
        remove=tuple(filter(None, (_said(words, message) for words in said.remove))) or read.remove,
        topic=said.topic if said.topic in TOPIC_NAMES[1:] else read.topic if same else None,
        origin_point=_said(said.origin_point, message) or read.origin_point,
        destination_point=_said(said.destination_point, message) or read.destination_point,
        operator=_operator(said.operator, message) or read.operator,
    )
    intent = _with_counts(intent, said, read, message)
    intent = _with_dates(intent, said, context, rules, message)
    intent = _with_money(intent, said, context, rules, message)
    intent = _with_places(intent, said, read, context, message)
    intent = _of_the_plan(intent, context)
    if said.action in _PLANS and read.action not in _PLANS:  # the rules saw no trip, and so no hours of one
        found = hours.find(Reading(clean(text)))
        bounds: dict[str, Any] = {name: getattr(found, name) for name in hours.NAMES}
        intent = replace(intent, **bounds)
    return replace(intent, missing=missing(intent))


def _preferences(said: Said, read: Intent) -> tuple[str, ...]:
    """Known wishes, and those only the rules know; a search for buses need not say that a bus is wanted."""
    modes = MODES.values() if said.action in _SEARCHES else ()
    known = (name for name in said.preferences if name in PREFERENCES and name not in modes)
    return tuple(dict.fromkeys((*known, *(name for name in read.preferences if name in _RULES_ONLY))))


class _Message:
    """The words of the traveller, and what can be found in them."""

    def __init__(self, text: str, gazetteer: Gazetteer, read: Intent) -> None:
        self._plain = _plain(text)
        self._gazetteer = gazetteer
        unknown = [
            detail for code, _, detail in (problem.partition(":") for problem in read.problems) if "_place" in code
        ]
        self._names = {_plain(name) for name in (*unknown, read.origin_point, read.destination_point) if name}
        self._mentioned = frozenset(mention.place.slug for mention in gazetteer.mentions(text))
        self.numbers = frozenset(_numbers(self._plain))

    def has(self, words: str) -> bool:
        """Whether these words stand in the message."""
        plain = _plain(words)
        return bool(plain) and re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", self._plain) is not None

    def place(self, named: Named) -> str | None:
        """The slug of a place that the message names; the model may correct its spelling."""
        if self.has(named.words):
            found = self._gazetteer.find(named.words)
            if found is None and (meant := self._gazetteer.find(named.place)) and self._may_mean(named.words, meant):
                found = meant
            return found.slug if found else None
        found = self._gazetteer.find(named.place)
        return found.slug if found and found.slug in self._mentioned else None

    def _may_mean(self, words: str, place: Place) -> bool:
        """Whether words the gazetteer does not know can be this place.

        A description can; a single word must look like its name, or the rules must take it for a name ("Westlands").
        """
        plain = _plain(words)
        if not _is_a_name(words) or not plain:
            return False
        if plain in self._names or len(plain.split()) >= _DESCRIPTION:
            return True
        return any(
            SequenceMatcher(None, plain, _plain(name)).ratio() >= _ALIKE for name in (place.name, *place.aliases)
        )


def _is_a_name(words: str) -> bool:
    """Whether these can be the words for a place or a thing: no signs of machinery, and not a whole message."""
    return len(words) <= _LONGEST_WORDS and all(sign.isalnum() or sign in " '’-.,&" for sign in words)


def _with_places(intent: Intent, said: Said, read: Intent, context: Context, message: _Message) -> Intent:
    """Places of the model where the gazetteer knows them; what neither knows becomes a question."""
    slugs = [message.place(named) for named in said.destinations]
    origin = message.place(said.origin)
    local = said.action is Action.SEARCH_TRANSFERS  # from one end of a town to the other
    at_home = said.action in _PLANS and not _RIDES.intersection(intent.preferences)
    named = read.origin not in slugs or (at_home and read.origin in _destinations(read))
    if origin is None and not message.has(said.origin.words) and (local or named):
        origin = read.origin
    stop_there = local or (at_home and origin in _destinations(read))
    others = [slug for slug in slugs if slug and (stop_there or slug != origin)]
    others = others or [slug for slug in _destinations(read) if stop_there or slug != origin]
    destinations = tuple(dict.fromkeys(others))
    unknown = [
        f"unknown_place:{named.words}"
        for named in (said.origin, *said.destinations)
        if message.has(named.words) and message.place(named) is None and _is_a_name(named.words)
    ]
    problems = [code for code in intent.problems if not code.startswith(("unknown_place", "same_place"))]
    meant = doubts.of_places(
        read.origin, _destinations(read), message.place(said.origin), destinations if any(slugs) else ()
    )
    if meant and _may_ask(said, context, "origin", "destination"):
        problems.append(meant)
        origin = None if meant.startswith(("unsure_origin", "unsure_route")) else origin or read.origin
        destinations = destinations if meant.startswith("unsure_origin") else ()
    elif origin and origin in slugs and not destinations:
        problems.append("same_place")
    return replace(
        intent,
        origin=origin,
        destination=destinations[0] if destinations else None,
        destinations=destinations if len(destinations) > 1 else (),
        problems=tuple(dict.fromkeys((*problems, *unknown))),
    )


def _destinations(read: Intent) -> tuple[str, ...]:
    return read.destinations or ((read.destination,) if read.destination else ())


def _may_ask(said: Said, context: Context, *slots: str) -> bool:
    """Whether a doubt is worth a question: it belongs to a trip or search, and was not asked about just now."""
    return said.action in _ASKING and context.asked not in slots


def _of_the_plan(intent: Intent, context: Context) -> Intent:
    """Something in doubt without a place is about the plan there is, not the beginning of another."""
    in_doubt = any(is_doubt(problem) for problem in intent.problems)
    new = intent.action is Action.CREATE_ITINERARY and context.has_trip
    elsewhere = any(problem.startswith(("unsure_destination", "unsure_route")) for problem in intent.problems)
    if not new or not in_doubt or intent.destination or elsewhere:
        return intent
    return replace(intent, action=Action.REFINE_ITINERARY)


def _with_counts(intent: Intent, said: Said, read: Intent, message: _Message) -> Intent:
    """Numbers that stand in the message. "Me and 3 friends" supports 4: the speaker may be counted in."""

    def kept(number: int | None, known: int | None) -> int | None:
        return number if number is not None and abs(number) in message.numbers else known

    party = said.passengers
    heads = (party, party - 1, party - (said.children or 0)) if party else ()
    fits = party is not None and 0 < party <= 60 and bool(message.numbers.intersection(heads))
    children = kept(said.children, read.children)
    return replace(
        intent,
        nights=kept(said.nights, read.nights),
        duration_days=kept(said.duration_days, read.duration_days),
        duration_delta_days=kept(said.duration_delta_days, read.duration_delta_days),
        day=kept(said.day, read.day),
        passengers=None if read.passengers_delta is not None else party if fits else read.passengers,
        children=children,
        child_ages=read.child_ages if len(read.child_ages) == children else (),
        choice=kept(said.choice, read.choice),
    )


def _with_dates(intent: Intent, said: Said, context: Context, rules: Parser, message: _Message) -> Intent:
    """Dates from the quoted words alone, as the rules read them; the model's own only where those name its day."""
    if not message.has(said.date_words):
        return intent
    if context.trip_start and intent.end_date and intent.start_date is None:
        return intent  # the day of coming home, which the quoted words alone do not say
    quoted = rules.parse(said.date_words, Context(today=context.today, asked="dates"))
    if quoted.start_date or quoted.end_date or quoted.month:
        if _may_ask(said, context, "dates"):
            own = replace(quoted, start_date=_date(said.start_date, said.date_words, context.today))
            meant = doubts.of_days(intent, quoted) or doubts.of_next(intent, own, _plain(said.date_words))
            if meant:
                return _in_doubt_when(intent, meant)
        if quoted.start_date == intent.start_date and not quoted.end_date:
            return _with_checkout(intent)  # the whole message says at least as much
        intent = replace(
            intent,
            start_date=quoted.start_date,
            end_date=quoted.end_date,
            date_is_window=quoted.date_is_window,
            month=quoted.month,
        )
        return _with_checkout(intent)
    start = _date(said.start_date, said.date_words, context.today)
    if intent.start_date or intent.end_date or intent.month or start is None:
        return intent
    end = _date(said.end_date, said.date_words, context.today)
    return replace(intent, start_date=start, end_date=end if end and end > start else None)


def _in_doubt_when(intent: Intent, meant: str) -> Intent:
    """Without the days that are in doubt; how long it lasts stays."""
    start = intent.start_date if meant.startswith("unsure_end") else None
    known = replace(intent, start_date=start, end_date=None, date_is_window=False, month=None)
    return replace(known, problems=(*intent.problems, meant))


def _with_checkout(intent: Intent) -> Intent:
    """A room taken from a day on is left after its nights, one when they are not said."""
    start = intent.start_date
    if intent.action is not Action.SEARCH_HOTELS or start is None or intent.end_date or intent.date_is_window:
        return intent
    nights = intent.nights or 1
    return replace(intent, end_date=start + timedelta(days=nights), nights=nights)


def _date(iso: str, words: str, today: date) -> date | None:
    """The model's date when it lies ahead and its weekday or its number stands in the words."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return None
    plain = _plain(words)
    named = any(re.search(rf"(?<!\w){name}", plain) for name in _WEEKDAYS[day.weekday()])
    return day if today <= day <= today + _FURTHEST and (named or day.day in _numbers(plain)) else None


def _with_money(intent: Intent, said: Said, context: Context, rules: Parser, message: _Message) -> Intent:
    """Money as the rules read it; from the model's quotation only when they saw none."""
    if not message.has(said.budget_words):
        return _in_all(intent)
    quoted = rules.parse(said.budget_words, Context(today=context.today, asked="budget"))
    meant = doubts.of_money(intent, quoted)
    if meant and _may_ask(said, context, "budget"):
        blank = replace(intent, budget_kes=None, budget_per_person_kes=None, budget_per_night_kes=None)
        return replace(blank, problems=(*intent.problems, meant))
    if intent.budget_kes or intent.budget_per_person_kes or intent.budget_per_night_kes:
        return _in_all(intent)
    each, night = quoted.budget_per_person_kes, quoted.budget_per_night_kes
    named = replace(intent, budget_kes=quoted.budget_kes, budget_per_person_kes=each, budget_per_night_kes=night)
    return _in_all(named)


def _in_all(intent: Intent) -> Intent:
    """What each may spend is multiplied by everybody."""
    each, party = intent.budget_per_person_kes, intent.passengers
    return replace(intent, budget_kes=each * party) if each and party else intent


def _said(words: str, message: _Message) -> str | None:
    return words.strip() if _is_a_name(words) and message.has(words) else None


def _operator(words: str, message: _Message) -> str | None:
    if not message.has(words):
        return None
    plain = _plain(words)
    return next((name for name, pattern in OPERATORS.items() if pattern.search(plain)), None)


def _numbers(plain: str) -> Iterator[int]:
    words = plain.split()
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            number = _number(words[at : at + size])
            if number is not None:
                yield number


def _number(words: Sequence[str]) -> int | None:
    if len(words) == 1 and (found := re.fullmatch(r"(\d{1,9})(?:st|nd|rd|th|k)?", words[0])):
        return int(found[1])
    if len(words) == 1 and words[0] in ("a", "an"):
        return 1
    return value(" ".join(words))


def _plain(text: str) -> str:
    """Lower case, one space between words, punctuation gone at the ends of words."""
    return " ".join(re.sub(r"(?<!\w)[^\w\s]+|[^\w\s]+(?!\w)|(?<=\w)-(?=\w)", " ", text.lower()).split())
