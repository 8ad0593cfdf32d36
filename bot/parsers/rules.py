"""The parser that needs no model: vocabulary and patterns of English, Swahili and Sheng, in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.intents import Action, Context, Intent
from bot.parsers import actions, holidays, hours, joining, money, people, route, shifts
from bot.parsers.common import NO_PLACE, SHENG
from bot.parsers.hours import refused_nights
from bot.parsers.inquiry import asks_how_long, is_inquiry, topic_of
from bot.parsers.needs import missing
from bot.parsers.oneself import rather_alone
from bot.parsers.remarks import finds_it_dear, finds_it_fair, wants_a_class
from bot.parsers.speech import clean, language
from bot.parsers.spelling import spelt
from bot.parsers.vocabulary import AIRLINES, ANY_ORDER, CLOCK, HAILED, KINDS, OF_US, OPERATORS, POINTS, WISHES, WITH_BED
from bot.parsers.wishes import preferences, refusals, removed, ruled_out
from planner import dates
from planner.dates import When
from planner.numbers import NUMBER, value
from planner.places import Gazetteer
from planner.reading import READ, Reading

_SEARCHES_OF_RIDES = (Action.SEARCH_BUSES, Action.SEARCH_TRAINS, Action.SEARCH_FLIGHTS, Action.SEARCH_TRANSFERS)
_PLANS = (Action.CREATE_ITINERARY, Action.REFINE_ITINERARY)
_PLANS_OR_SEEKS = (*_PLANS, *_SEARCHES_OF_RIDES)
_COUNTS_NOBODY = (Action.OTHER, Action.EXPORT, Action.HELP, Action.GREETING, Action.CANCEL)
_TRAVELS = frozenset(Action) - {Action.OTHER, Action.HELP, Action.GREETING, Action.CANCEL, Action.EXPORT}
_DAY_NUMBER = re.compile(
    rf"(?<!\w)(?:(?:on |ya |for |in |from )?(?:the )?(?<!boxing )(?<!jamhuri )(?<!christmas )(?<!year )(?<!'s )"
    rf"(?:day|siku ya) (?P<n>{NUMBER})"
    r"(?! (?:trip|tour|to|nights?|days?|people|pax|adults?|kids?|children|seats?|tickets?|foreign|watu|friends|"
    r"guests?))"
    r"|(?:on )?(?:the )?(?P<nth>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th|last) day)(?!\w)"
)
_INSTEAD = re.compile(r"(?<!\w)(?:badala ya|instead of|rather than) (?:the |an? )?\w+")
_FEW = 5  # words of a message that says nothing but a wish
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_CHOICE = re.compile(
    r"[\W_]*(?:(?:the |option |number |no\.? ?|choice |namba |nambari |ile |hiyo |chagua |pick |"
    r"i(?:'ll)? (?:take|choose|want|pick) |nataka |nachukua )*"
    rf"(?:(?P<n>[1-9])|(?P<nth>first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)|(?:ya|la|cha|"
    rf"wa) (?P<sw>{NUMBER}))"
    r"(?: one| option| choice)?(?: please| tafadhali)?)[\W_]*"
)
# "We are 4" is no answer to "for how much?".
_HEADS = re.compile(r"(?<!\w)(?:we(?:'re| are)|tuko|tumekuwa|sisi|watu|people|pax|adults?)(?!\w)")
_LONGER = re.compile(r"(?<!\w)(?:add|\w*ongez\w*|extend|longer|more|extra|zaidi|refusha)(?!\w)")
_SHORTER = re.compile(
    r"(?<!\w)(?:remove|\w*punguz\w*|toa|\w*ondo[ae]\w*|shorten|shorter|drop|cut|less|fewer|fupisha|reduce|pungufu)(?!\w)"
)
_NEW_LENGTH = re.compile(
    r"(?<!\w)(?:make it|to|iwe|ziwe|ifanye)(?!\w)(?!(?: \w+){1,3} (?:more|longer|shorter|zaidi)(?!\w))"
)
_ONE_DAY = re.compile(
    r"(?<!\w)(?:(?P<more>add|extend(?: \w+)? by)|remove|drop|cut|shorten(?: \w+)? by) (?:a|an|another|an? extra|"
    r"an? additional)"
    r" (?:extra |more |full |whole )?(?:day|night)(?!\w)(?! (?:trip|tour|bus|train))"
    r"|(?<!\w)(?:(?:one|1|a) (?:less|fewer) (?:day|night)|(?:remove|drop|cut|skip|lose|take off|without) the last "
    r"(?:day|night)|(?:tu|ni|u)?(?:ondo[ae]\w*|to[ae]|punguz\w*|kat[ae]) (?:hiyo )?siku ya mwisho)(?!\w)"
)


class RulesParser:
    """Implements `bot.intents.Parser`. Stateless and thread-safe."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def parse(self, text: str, context: Context) -> Intent:
        """Understand one message; anything not understood is OTHER. Never raises, on any text."""
        said = spelt(clean(text), self._gazetteer)
        if choice := _choice(said, context):
            return Intent(_answer_action(context), language(said, context), choice=choice)
        if context.asked != "party" and rather_alone(said):
            return Intent(Action.CANCEL, language(said, context))
        words, nights = refused_nights(said)
        parts = _read(words, context, self._gazetteer)
        action, topic = actions.choose(words, parts.kinds, _found(parts, context))
        if context.has_trip and not context.asked and is_inquiry(said) and _only_asks(action, parts, said):
            return Intent(Action.OTHER, language(_nameless(words, parts), context), topic=topic or topic_of(said))
        polite = action is Action.GREETING or (action is Action.OTHER and topic in (None, "yes", "thanks"))
        if (nights and polite) or (action is Action.OTHER and topic is None and _states(parts, words, context)):
            action, topic = Action.REFINE_ITINERARY, None
        dear = context.has_trip and finds_it_dear(said)
        if action is Action.OTHER and topic is None and (dear or (context.has_trip and wants_a_class(said))):
            action = Action.REFINE_ITINERARY
        if context.asked and _only_answers(action, parts, words):
            action, topic = Action.REFINE_ITINERARY, None
            parts = _as_answer(parts, context)
        intent = _intent(action, topic, parts, words, context)
        wishes = tuple(dict.fromkeys((*intent.preferences, *(nights if action in _PLANS_OR_SEEKS else ()))))
        if dear and action is Action.REFINE_ITINERARY:
            wishes = tuple(dict.fromkeys(("cheap", *wishes)))
        elif context.has_trip and finds_it_fair(said):
            wishes = tuple(wish for wish in wishes if wish != "cheap")
        return replace(intent, lang=language(_nameless(words, parts), context), preferences=wishes)


def _nameless(words: str, parts: _Parts) -> str:
    """The words without names of places and companies, which tell no language unless they are Sheng."""
    for start, end in (*parts.company, *((stop.start, stop.end) for stop in parts.route.stops)):
        if words[start:end] not in SHENG:
            words = words[:start] + " " * (end - start) + words[end:]
    return words


@dataclass(frozen=True, slots=True)
class _Parts:
    """Everything the readers found in one message."""

    reading: Reading
    when: When
    money: money.Money
    everybody: people.People  # as long as there is no party that others could join
    people: people.People
    joining: joining.Joining | None
    route: route.Route
    operator: str | None
    company: tuple[tuple[int, int], ...]  # where its name stands
    day: int | None
    hours: hours.Hours
    any_order: bool
    timeless: str  # the words without their dates and lengths, for "night" and "morning"
    kinds: list[str]


def _read(words: str, context: Context, gazetteer: Gazetteer) -> _Parts:
    reading = Reading(words)
    reading.take(HAILED)
    before = len(reading.spans)
    operator = _operator(reading)
    company = tuple(reading.spans[before:])
    day = _day_number(reading)
    people.blank_ages_and_years(reading)
    amount = money.find(reading, expected=context.asked == "budget" and not _HEADS.search(words))
    limits = hours.find(reading)
    any_order = bool(reading.take(ANY_ORDER))
    clock = [match.group() for match in reading.take(CLOCK)]
    when = _days(reading, limits, context.today)
    if limits.leave_day and _is_last(reading.rest[slice(*limits.leave_day)], when, context.today):
        limits = limits.of_the_way_home()
    for start, end in (*when.spans, *limits.days):
        reading.blank(start, end)
    timeless = " ".join((reading.rest, *clock, *_dayparts(words, when)))
    uncut = Reading(reading.rest)
    joined = joining.find(reading, known=context.has_trip)
    party = people.find(reading, expected=context.asked == "party")
    whole = people.find(uncut, expected=context.asked == "party") if joined else party
    by_air = bool(KINDS["flights"].search(words)) or operator in AIRLINES
    refused = refusals(words)
    journey = route.find(reading, gazetteer, NO_PLACE, by_air=by_air, refused=refused)
    named = Reading(words)
    for start, end in (*when.spans, *refused, *((stop.start, stop.end) for stop in journey.stops)):
        named.blank(start, end)
    kinds = actions.kinds_in(named.rest)
    return _Parts(
        reading, when, amount, whole, party, joined, journey, operator, company, day, limits, any_order, timeless, kinds
    )


def _days(reading: Reading, limits: hours.Hours, today: date) -> When:
    """The days said. One beside an hour often says again what is known ("from Friday, leave after 5pm Friday")."""
    known = holidays.around(today.year)
    for often in (limits.days, limits.days[:1]):
        text = reading.rest
        for start, end in often:
            text = text[:start] + READ * (end - start) + text[end:]
        when = dates.find(text, today, known)
        length = when.end is not None or when.days is not None or when.nights is not None
        repeated = all(dates.find(reading.rest[start:end], today, known).start == when.start for start, end in often)
        if when.start is not None and (length or repeated):
            return when
    return dates.find(reading.rest, today, known)


def _is_last(words: str, when: When, today: date) -> bool:
    """Whether a weekday is the last day of the trip and not its first."""
    day = dates.find(words, today, holidays.around(today.year)).start
    last = when.end or (when.start + timedelta(days=when.days - 1) if when.start and when.days else None)
    return None not in (day, last) and when.start != last and day == last


def _dayparts(words: str, when: When) -> list[str]:
    """The parts of expressions of time that also name a part of the day: "this evening", "tonight"."""
    said = [words[start:end] for start, end in when.spans]
    return [
        text
        for text in said
        if re.search(
            r"tonight|tonite|2nite|this (?:morning|afternoon|evening)|hii|huu|"
            r"ya leo",
            text,
        )
    ]


def _operator(reading: Reading) -> str | None:
    found = [(match.start(), name) for name, pattern in OPERATORS.items() for match in reading.take(pattern)]
    return min(found)[1] if found else None


def _day_number(reading: Reading) -> int | None:
    for match in reading.take(_DAY_NUMBER):
        nth = match["nth"]
        return value(match["n"]) if match["n"] else _NTH.get(nth) or (int(nth[0]) if nth[0].isdigit() else None)
    return None


def _found(parts: _Parts, context: Context) -> actions.Found:
    when, journey = parts.when, parts.route
    return actions.Found(
        place=bool(journey.destinations or journey.unknown),
        refused=journey.refused,
        several_places=len(journey.destinations) > 1,
        origin=journey.origin is not None,
        date=when.start is not None or when.end is not None,
        range=when.end is not None or when.month is not None,
        length=when.nights is not None or when.days is not None,
        money=parts.money.kes is not None or bool(parts.money.currency),
        operator="" if not parts.operator else "flight" if parts.operator in AIRLINES else "bus",
        party=parts.people.total is not None or parts.people.children is not None or parts.joining is not None,
        day=parts.day is not None,
        local=journey.local,
        at_home=journey.origin is not None and journey.destinations == (journey.origin,),
        has_trip=context.has_trip,
    )


def _intent(action: Action, topic: str | None, parts: _Parts, words: str, context: Context) -> Intent:
    ride = action in _SEARCHES_OF_RIDES
    party = people.People() if action in _COUNTS_NOBODY else parts.everybody
    if action is Action.REFINE_ITINERARY:
        party = parts.people
    intent = Intent(
        action=action,
        preferences=preferences(action, words, _timed(parts, action)),
        remove=_removed(action, parts, _ONE_DAY.sub(" ", words)),
        topic=topic,
        operator=parts.operator,
        day=parts.day,
        passengers=party.total,
        children=party.children,
        child_ages=party.ages,
        passengers_delta=_delta(parts) if action is Action.REFINE_ITINERARY else None,
        problems=tuple(filter(None, (*parts.when.problems, party.problem, parts.money.problem))),
    )
    if action in _PLANS:
        bounds = {name: getattr(parts.hours, name) for name in hours.NAMES}
        intent = replace(intent, **bounds, any_order=parts.any_order)
    intent = _with_places(replace(intent, sights=_sights(action, words)), parts.route)
    if intent.passengers_delta is not None and parts.joining:
        intent = replace(intent, children=parts.joining.children or None, child_ages=())
    intent = _with_bed(intent, parts, words)
    intent = _with_days(intent, parts.when, words, ride=ride)
    if action is Action.REFINE_ITINERARY:
        intent = _against_the_trip(intent, parts.when, words, context)
    intent = _with_money(intent, parts.money, parts.when.days)
    return replace(intent, missing=missing(intent))


def _states(parts: _Parts, words: str, context: Context) -> bool:
    """Whether a message without a verb of its own says something that a plan must follow."""
    of_us = any(name in OF_US and pattern.search(words) for name, pattern in WISHES)
    # "bei nafuu", "with a pool": a wish alone, not a question about one, is for the plan there is.
    wished = not words.endswith("?") and any(pattern.search(words) for _, pattern in WISHES)
    wished = wished and (context.has_trip or len(words.split()) <= _FEW)
    said = (parts.money.unlimited, parts.hours, parts.any_order, of_us, parts.people.ages, wished, parts.joining)
    return any(said)


def _delta(parts: _Parts) -> int | None:
    """By how many the party changes; a number of all of them ("two more, so we are 4") says it better."""
    return parts.joining.heads if parts.joining and parts.people.total is None else None


def _removed(action: Action, parts: _Parts, words: str) -> tuple[str, ...]:
    """What is not wanted any more; places that give way to others by their slugs."""
    if action is not Action.REFINE_ITINERARY:
        return ruled_out(words, action)
    return tuple(dict.fromkeys((*removed(words), *parts.route.replaced)))


def _timed(parts: _Parts, action: Action) -> str:
    """The words that may name a part of the day; for a search an hour to keep is one, too."""
    return _INSTEAD.sub(" ", parts.timeless) if action in _PLANS else " ".join((parts.timeless, *parts.hours.said))


def _sights(action: Action, words: str) -> tuple[str, ...]:
    """Sights called by name in a wish for a trip."""
    if action is not Action.CREATE_ITINERARY:
        return ()
    return tuple(name for pattern, _, name, kind in POINTS if kind == "sight" and pattern.search(words))


def _with_places(intent: Intent, journey: route.Route) -> Intent:
    origin, destinations = journey.origin, journey.destinations
    if intent.action is Action.REFINE_ITINERARY and journey.sight:
        destinations = ()
    problems = list(intent.problems)
    if intent.action in (Action.SEARCH_HOTELS, Action.SEARCH_EVENTS, Action.OTHER):
        destinations = destinations or ((origin,) if origin and intent.action is not Action.OTHER else ())
        origin = None if destinations and origin == destinations[0] else origin
    elif origin and destinations == (origin,) and not _stays_in_town(intent):
        problems.append("same_place")
    unknown = journey.unknown if not destinations else journey.unknown_origin if not origin else ""
    if unknown and intent.action in _TRAVELS:
        problems.append(f"unknown_place:{unknown}")
    local = intent.action in (Action.SEARCH_TRANSFERS, Action.SEARCH_HOTELS, Action.SEARCH_EVENTS)
    return replace(
        intent,
        origin=origin,
        destination=destinations[0] if destinations else None,
        destinations=destinations if len(destinations) > 1 else (),
        origin_point=journey.origin_point if local else None,
        destination_point=journey.destination_point if local else None,
        problems=tuple(problems),
    )


def _with_bed(intent: Intent, parts: _Parts, words: str) -> Intent:
    """A place to sleep asked for in the town one lives in, where none is booked unless it is."""
    at_home = intent.destination is not None and intent.destination == intent.origin
    asked = "hotels" in parts.kinds if at_home else bool(WITH_BED.search(words)) and intent.destination is None
    if intent.action not in _PLANS or not asked or "own_bed" in intent.preferences:
        return intent
    return replace(intent, preferences=tuple(dict.fromkeys((*intent.preferences, "hotel"))))


def _stays_in_town(intent: Intent) -> bool:
    """Whether it makes sense to start and stay in one town: a ride within it, or a trip without a way to another."""
    rides = frozenset({"bus", "train", "flight"})
    plans = intent.action in _PLANS and not rides.intersection(intent.preferences)
    return plans or intent.action is Action.SEARCH_TRANSFERS


def _with_days(intent: Intent, when: When, words: str, *, ride: bool) -> Intent:
    """Dates by the meaning they have for the action: a room is left the day after, a holiday ride has one day."""
    start, end, nights, days = when.start, when.end, when.nights, when.days
    window = when.window
    delta: int | None = None
    if ride and when.holiday:
        end = None
    if ride and end is not None and not window and start is not None:
        window = bool(re.search(r"\b(?:weekend|wikendi|wikiendi|mwisho wa wiki)\b", words))
    if intent.action is Action.SEARCH_HOTELS:
        nights = nights if nights is not None else days
        if start is not None and not window and end is None and "end_before_start" not in when.problems:
            end = _plus(start, nights or 1)
        if start is not None and end is not None and not window:
            nights = nights or (end - start).days or None
        days = None
    elif start is not None and nights is not None and end is None and not ride:
        end = _plus(start, nights)
    elif start is not None and days is not None and end is None and not (ride or window):
        end = _plus(start, days - 1)
    if intent.action is Action.REFINE_ITINERARY and (days or nights):
        sign = 1 if _LONGER.search(words) else -1 if _SHORTER.search(words) else 0
        if sign and not _NEW_LENGTH.search(words):
            delta, days, nights = sign * (days or nights or 0), None, None
    elif intent.action is Action.REFINE_ITINERARY and (one := _ONE_DAY.search(words)):
        delta = 1 if one["more"] else -1
    return replace(
        intent,
        start_date=start,
        end_date=end,
        date_is_window=window,
        month=when.month,
        nights=nights,
        duration_days=days,
        duration_delta_days=delta,
    )


def _against_the_trip(intent: Intent, when: When, words: str, context: Context) -> Intent:
    """The days of the trip moved as a whole, or its last one named by the weekday."""
    if when.start is None and when.end is None and (days := shifts.moved(words, context)):
        first, last = days
        return replace(
            intent, start_date=first, end_date=last, nights=None, duration_days=None, duration_delta_days=None
        )
    home = [shifts.day_home(words[start:end], context) for start, end in when.spans]
    if when.start is None and when.end is not None and len(home) == 1 and home[0] is not None:
        return replace(intent, end_date=home[0])
    return intent


def _with_money(intent: Intent, amount: money.Money, days: int | None) -> Intent:
    if amount.unlimited:
        return replace(intent, topic=intent.topic or "no_budget")
    if amount.currency:
        return replace(intent, problems=(*intent.problems, f"foreign_currency:{amount.currency.upper()}"))
    if amount.kes is None:
        return intent
    if amount.per == "person":
        total = amount.kes * intent.passengers if intent.passengers else None
        return replace(intent, budget_per_person_kes=amount.kes, budget_kes=total)
    if amount.per == "night":
        total = amount.kes * intent.nights if intent.nights else None
        return replace(intent, budget_per_night_kes=amount.kes, budget_kes=total)
    if amount.per == "day":
        return replace(intent, budget_kes=amount.kes * days if days else None)
    return replace(intent, budget_kes=amount.kes)


def _plus(start: date, days: int) -> date | None:
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def _choice(words: str, context: Context) -> int | None:
    """ "2", "ya pili", "the second one": one of the choices shown, unless a number was asked for."""
    if context.asked in ("party", "budget", "dates") or not words:
        return None
    match = _CHOICE.fullmatch(words)
    if not match:
        return None
    if match["nth"]:
        return _NTH.get(match["nth"]) or int(match["nth"][0])
    return value(match["n"] or match["sw"])


def _answer_action(context: Context) -> Action:
    return Action.REFINE_ITINERARY if context.has_trip or context.asked else Action.OTHER


def _only_asks(action: Action, parts: _Parts, words: str) -> bool:
    """Whether a question was taken for a change, or for a search of what it asks no offers of."""
    pays = action is Action.BOOK_ITINERARY and topic_of(words) is not None  # "how do I book?" is shown where
    changes = pays or action in (*_PLANS, Action.OTHER)
    return changes or (action in _SEARCHES_OF_RIDES and not parts.route.stops and asks_how_long(words))


def _only_answers(action: Action, parts: _Parts, words: str) -> bool:
    """Whether a message holds slots alone, and so answers what was asked: no means of travel, no verb of its own."""
    if action not in (Action.CREATE_ITINERARY, Action.SEARCH_BUSES, Action.OTHER, Action.SEARCH_TRANSFERS):
        return False
    slots = parts.route.stops or parts.when.spans or parts.money.kes or parts.people.total
    return bool(slots) and not parts.kinds and not actions.plans(words)


def _as_answer(parts: _Parts, context: Context) -> _Parts:
    """A lone place answers "from where?" as an origin."""
    journey = parts.route
    if context.asked == "origin" and journey.origin is None and journey.destinations:
        return replace(
            parts, route=replace(journey, origin=journey.destinations[0], destinations=journey.destinations[1:])
        )
    if context.asked == "destination" and not journey.destinations and journey.origin:
        return replace(parts, route=replace(journey, origin=None, destinations=(journey.origin,)))
    return parts
