"""Wishes and refusals of a message, in the words the planner knows."""

from __future__ import annotations

import re

from bot.intents import Action
from bot.parsers.actions import errands
from bot.parsers.vocabulary import ANY_RIDE, CLOCK, HOURS, KINDS, MODES, WISHES
from planner.numbers import value

_TIMED = frozenset(
    {Action.SEARCH_BUSES, Action.SEARCH_TRAINS, Action.SEARCH_FLIGHTS, Action.SEARCH_TRANSFERS, Action.REFINE_ITINERARY}
)
_NO_WISHES = frozenset(
    {Action.GREETING, Action.HELP, Action.CANCEL, Action.OTHER, Action.EXPORT, Action.BOOK_ITINERARY}
)
_RIDE_OR_BED = (
    r"(?: the| a)? (?:basi|mabasi|bus|buses|gari|matatu|treni|trains?|sgr|ndege|flights?|fly|flying|driving|drive|"
    r"plane|hoteli?|"
    r"teksi|taxi)\b"
)
_REFUSAL = re.compile(
    r"(?<!\w)(?:remove|cancel|toa|(?:tu|ni|uni|utu)tolee|tutoe|(?:tu|ni|uni|utu)?ondo(?:a|e|lee)|skip|"
    r"drop(?! (?:me|us|off|by|in|below|under|to))|delete|without|bila|no|"
    r"i don'?t want|we don'?t want|do not want|"
    r"don'?t want|sitaki|hatutaki|take out|get rid of|acha|leave out|cut|avoid|(?:u|m|tu)si(?:wek|tumi|ongez|ti|"
    r"jumuish|(?:tu|ni)pelek|end|pit)(?:e|ee)|(?:i |we )?(?:don'?t like|hate)|(?:si|hatu)pend(?:i|elei)|"
    r"(?:we |i )?don'?t need|hatuhitaji|sihitaji|don'?t (?:include|add|put|visit)|not the|"
    rf"(?:change|switch|badili(?:sha)?)(?={_RIDE_OR_BED} (?:to|for|with) )|"
    rf"(?:swap|exchange|replace|trade|badala ya|si|sio|siyo|not|instead of|"
    rf"(?:rather|instead) (?:than|of)|(?<!er )(?<!ore )(?<!ess )than)(?={_RIDE_OR_BED}))(?: the| any| a| an|"
    r" that| this| my| our| hiyo| hii| ile)? (?P<what>[a-z][a-z' -]{1,40})"
)
_STOP = re.compile(
    r"(?:^| )(?:boss|bro|pls|plz|kindly|asante|thanks|thank you|jo|bana|buda|kaka|dada|sana|and|but|on|from|then|"
    r"instead|use|na|(?:tu|ni)?tumi[ae]|(?:tu|ni)chuku[ae]|(?:tu|ni)wek[ae]|au|or|please|tafadhali|in|at|for|to|"
    r"with|badala|tumia|weka|"
    r"nataka|i|day|siku|(?<!safari )ya|wa|the|halafu|kwa|because|add|make|want|anymore|tena)(?: |$)"
)
_ONE_WAY = re.compile(
    r"(?<!\w)(?:one[ -]?way|no return|without (?:a |the )?return|not (?:coming|going) back|bila kurudi|sitarudi|"
    r"hatutarudi|(?:ya |za )?kwenda tu)(?!\w)"
)
_BY_NIGHT = re.compile(
    r"(?<!\w)(?:(?:over)?night[- ](?:bus|coach|train|sgr|matatu|shuttle|ride)|(?:basi|treni|gari|sgr|matatu) (?:la|"
    r"ya|za) usiku)"
    r"(?!\w)"
)
# "nothing too fancy", "si lazima iwe ya kifahari": no wish for luxury.
_NOT_FANCY = re.compile(
    r"(?<!\w)(?:nothing|not|isn'?t|no need|need(?:s)? not|(?:doesn'?t|don'?t|does not|do not) (?:have to|need)|no|"
    r"without|si|sio|siyo|si lazima|sitaki|hatutaki|hakuna haja|haihitaji|isiwe|bila)(?: (?:to be|too|so|very|that|any|"
    r"for|of|a|the|anything|something|necessarily|really|all|it|lazima|iwe|kuwa|sana|ya|za|mahali|hoteli|pa))*"
    r" (?:fancy|luxury|luxurious|posh|high ?-?end|5 ?-?stars?|five ?-?stars?|kifahari)(?!\w)"
)
_NOT_THINGS = frozenset(
    {
        "more",
        "problem",
        "budget",
        "idea",
        "way",
        "hurry",
        "one",
        "matter",
        "later",
        "earlier",
        "it",
        "that",
        "this",
        "longer",
    }
)
_CANONICAL = {
    "safari ya boti": "boat ride", "safari ya mashua": "boat ride",
    "makumbusho": "museum", "museums": "museum", "hoteli": "hotel", "teksi": "taxi",
    "basi": "bus", "mabasi": "bus", "buses": "bus", "gari": "bus", "matatu": "bus",
    "treni": "train", "trains": "train", "sgr": "train",
    "ndege": "flight", "flights": "flight", "flying": "flight", "fly": "flight", "plane": "flight",
}  # fmt: skip


def preferences(action: Action, words: str, timeless: str) -> tuple[str, ...]:
    """Wishes in a fixed order. `timeless` lacks dates and lengths, so that "usiku tatu" asks for no night bus."""
    if action in _NO_WISHES:
        return tuple(errands(words, action))
    liked = _without_refusals(words) if action in (Action.REFINE_ITINERARY, Action.CREATE_ITINERARY) else words
    liked = _NOT_FANCY.sub(" ", liked)
    found = [name for name, pattern in WISHES if pattern.search(liked)]
    if "kids" in found and "family" in found:
        found.remove("kids")
    if action is Action.TRACK_PRICE and "cheap" in found:
        found.remove("cheap")  # that is what an alert waits for
    if action in _TIMED:
        found += hours(timeless)
    elif action is Action.CREATE_ITINERARY and _BY_NIGHT.search(liked):
        found.append("night")
    if action in (Action.REFINE_ITINERARY, Action.TRACK_PRICE, Action.CREATE_ITINERARY):
        found += _modes(liked, action)
    if action in (Action.REFINE_ITINERARY, Action.CREATE_ITINERARY) and _ONE_WAY.search(words):
        found.append("one_way")
    return tuple(dict.fromkeys(found))


def hours(words: str) -> list[str]:
    """Parts of the day, by word or by clock; Swahili hours start at six."""
    named = [name for name, pattern in HOURS if pattern.search(words)]
    if named:
        return named[:1]
    for match in CLOCK.finditer(words):
        if (hour := _hour(match)) is not None:
            return [
                "morning"
                if 4 <= hour < 12
                else "afternoon"
                if 12 <= hour < 16
                else "evening"
                if 16 <= hour < 20
                else "night"
            ]
    return []


def _hour(match: re.Match[str]) -> int | None:
    if match["hour"]:
        return int(match["hour"]) % 12 + (12 if match["half"] == "pm" else 0)
    if match["hour24"] or match["mil"]:
        return int(match["hour24"] or match["mil"])
    return None if match["part"] or not match["sw"] else ((value(match["sw"]) or 0) + 6) % 24


def _modes(words: str, action: Action) -> list[str]:
    rides = ("trains", "flights", "buses")
    words = ANY_RIDE.sub(" ", words) if action is Action.TRACK_PRICE else words  # a fare is of no one means
    named = [MODES[kind] for kind in rides if KINDS[kind].search(words)]
    if action is Action.TRACK_PRICE and not named and KINDS["hotels"].search(words):
        named = ["hotel"]
    if action is Action.REFINE_ITINERARY and KINDS["transfers"].search(words):
        named.append("taxi")
    return named


def refusals(words: str) -> list[tuple[int, int]]:
    """Where the words stand that name what is not wanted."""
    spans: list[tuple[int, int]] = []
    at = 0
    while match := _REFUSAL.search(words, at):
        start, end = match.span("what")
        if stop := _STOP.search(match["what"]):
            end = start + stop.start()
        spans.append((start, end))
        at = max(end, match.start() + 1)  # "no flights and no buses": the second refusal is read, too
    return spans


def removed(words: str) -> tuple[str, ...]:
    """What the traveller wants out of the plan: "remove the museum" → ("museum",)."""
    found = []
    for start, end in refusals(words):
        what = words[start:end].strip(" -'").removesuffix(" visit")
        if what and what.split()[0] not in _NOT_THINGS:
            found.append(_CANONICAL.get(what, what))
    return tuple(dict.fromkeys(found))


def _without_refusals(words: str) -> str:
    for start, end in reversed(refusals(words)):
        words = f"{words[:start]} {words[end:]}"
    return words


def ruled_out(words: str, action: Action) -> tuple[str, ...]:
    """What a first wish does not want. Only known words: "no" is said of much that is no part of a plan."""
    if action is not Action.CREATE_ITINERARY:
        return ()
    known = {*_CANONICAL.values(), *MODES.values()}
    return tuple(what for what in removed(words) if what in known)
