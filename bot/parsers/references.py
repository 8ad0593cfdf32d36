"""Which items of the plan on screen some words point at: "the hotel", "basi ya kurudi", "Fort Jesus on day 2"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from rapidfuzz import fuzz

from bot.screen import RIDES, VISITS, Screen, Shown
from planner.model import ItemType, Mode, Place
from planner.numbers import NUMBER, value


class Places(Protocol):
    """As much of the gazetteer as words about a plan need."""

    def find(self, text: str) -> Place | None:
        """The place that the whole of `text` names."""
        ...


@dataclass(frozen=True, slots=True)
class Pointed:
    """What words point at: the items, as positions on the screen, and the day they name, from 1."""

    items: tuple[int, ...] = ()
    day: int | None = None


_SURE: Final = 88  # of 100: from here on a name is taken for the title of an item
_ALIKE: Final = 75  # of 100: a word with a slip of the finger in it
_SHORTEST: Final = 4  # letters of a name
_PLAIN: Final = re.compile(r"[^\w\s]")


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{pattern})(?![\w'])")


def _ride(*modes: Mode) -> Callable[[Shown], bool]:
    return lambda item: item.mode in modes and item.type in RIDES


_NOUNS: Final[tuple[tuple[re.Pattern[str], Callable[[Shown], bool]], ...]] = (
    (
        _words(
            r"hotels?|mahoteli|hoteli|stays?|(?:place|mahali pa?|pahali pa) (?:to (?:stay|sleep)|kulala)|rooms?|chumba|"
            r"vyumba|bed|accommodation|malazi|lodgings?|loji|gesti|guest ?house|airbnb|lala"
        ),
        lambda item: item.type is ItemType.STAY,
    ),
    (_words(r"trains?|treni|sgr|gari (?:la |ya )?moshi|madaraka(?: express)?"), _ride(Mode.TRAIN)),
    (_words(r"flights?|ndege|planes?|fly"), _ride(Mode.FLIGHT)),
    (_words(r"bus(?:es)?|basi|mabasi|coach|matatu|mat|mathree|shuttle"), _ride(Mode.BUS, Mode.MATATU)),
    (_words(r"rides?|transport|usafiri|gari|way|njia"), lambda item: item.type in RIDES),
    (
        _words(
            r"activit(?:y|ies)|visits?|sights?|things? to (?:do|see)|shughuli|matembezi|(?:ki|vi)tu (?:cha|vya) "
            r"(?:kufanya|kuona)|attractions?"
        ),
        lambda item: item.type in VISITS,
    ),
    (_words(r"events?|concerts?|tamasha|gigs?"), lambda item: item.type is ItemType.EVENT),
)
_WEEKDAYS: Final = (
    _words("monday|mon|jumatatu"),
    _words("tuesday|tue|tues|jumanne"),
    _words("wednesday|wed|jumatano"),
    _words("thursday|thu|thur|thurs|alhamisi"),
    _words("friday|fri|ijumaa|furahi ?day"),
    _words("saturday|sat|jumamosi|sato"),
    _words("sunday|sun|jumapili|sande"),
)
_DAY: Final = re.compile(
    rf"(?<!\w)(?:(?:day|siku ya) (?P<n>{NUMBER})|(?P<nth>first|second|third|fourth|fifth|last) day|siku ya "
    r"(?P<last>mwisho))(?!\w)"
)
_NTH: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3}
_ORDINAL: Final = _words(
    r"(?P<nth>first|second|third|1st|2nd|3rd|last)|(?:ya|la|cha|wa) (?P<sw>kwanza|pili|tatu|nne|mwisho)"
)
_BACK: Final = _words(r"(?:way |going |trip )?(?:back|home)|return(?:ing)?|(?:ya |wa |za )?kurudi(?: nyumbani)?")
_OUT: Final = _words(r"(?:way |going |trip )?there|outbound|going|(?:ya |wa |za )?kwenda(?: huko)?|out")
_SMALL: Final = _words(
    r"the|my|our|that|this|those|a|an|one|on|for|of|at|in|from|to|hiyo|hii|ile|hizo|zile|yangu|yetu|ya|wa|za|la|"
    r"cha|kwa|siku|huko|kule|pale|visit(?:ing)?|see(?:ing)?|kuona|kutembelea|kwenda|both|all|zote|yote"
)


def pointed(words: str, screen: Screen, places: Places) -> Pointed:
    """The items that all of `words` (cleaned) points at. None when a word is left that says something else."""
    rest, day = _take_day(words, screen)
    chosen: list[Callable[[Shown], bool]] = []
    if day is not None:
        on = screen.dates[day - 1]
        chosen.append(lambda item: item.start.date() <= on <= item.end.date())
    if named := [(pattern, rule) for pattern, rule in _NOUNS if pattern.search(rest)]:
        rest = named[0][0].sub(" ", rest, count=1)
        chosen.append(named[0][1])
        rest, way = _take_way(rest)
        chosen += way
    rest, nth = _take_ordinal(rest) if named else (rest, None)
    rest, there = _take_place(rest, screen, places) if named else (rest, None)
    if there is not None:
        chosen.append(lambda item: item.place == there)
    rest = " ".join(_SMALL.sub(" ", rest).split())
    if rest and not named:
        chosen.append(_titled(rest, screen))
        rest = ""
    if rest or not chosen or (not named and day is not None and len(chosen) == 1):
        return Pointed(day=day if not rest else None)
    items = [n for n, item in enumerate(screen.items) if item.offer_id and all(rule(item) for rule in chosen)]
    if nth is not None and items:
        items = [items[nth]] if -len(items) <= nth < len(items) else []
    return Pointed(tuple(items), day)


def only_day(words: str, screen: Screen) -> int | None:
    """The day of the plan that is all these words name: "day 2", "siku ya pili", "Saturday"."""
    rest, day = _take_day(words, screen)
    return day if day is not None and not _SMALL.sub(" ", rest).strip() else None


def _take_day(words: str, screen: Screen) -> tuple[str, int | None]:
    dates = screen.dates
    if match := _DAY.search(words):
        number = len(dates) if match["last"] or match["nth"] == "last" else _NTH.get(match["nth"] or "")
        number = number or value(match["n"] or "")
        if number is not None and 1 <= number <= len(dates):
            return words[: match.start()] + " " + words[match.end() :], number
    for weekday, pattern in enumerate(_WEEKDAYS):
        on = [number for number, day in enumerate(dates, 1) if day.weekday() == weekday]
        if on and (match := pattern.search(words)):
            return re.sub(r"'s\b", "", words[: match.start()] + " " + words[match.end() :]), on[0]
    return words, None


def _take_way(words: str) -> tuple[str, list[Callable[[Shown], bool]]]:
    if _BACK.search(words):
        return _BACK.sub(" ", words), [lambda item: item.back]
    if _OUT.search(words):
        return _OUT.sub(" ", words), [lambda item: not item.back]
    return words, []


def _take_ordinal(words: str) -> tuple[str, int | None]:
    match = _ORDINAL.search(words)
    if match is None:
        return words, None
    said = match["nth"] or match["sw"]
    number = -1 if said in ("last", "mwisho") else (_NTH.get(said) or value(said) or 1) - 1
    return words[: match.start()] + " " + words[match.end() :], number


def _take_place(words: str, screen: Screen, places: Places) -> tuple[str, str | None]:
    left = " ".join(_SMALL.sub(" ", words).split())
    place = places.find(left) if len(left) > 2 else None
    if place is not None and any(item.place == place.slug for item in screen.items):
        return "", place.slug
    return words, None


def _titled(name: str, screen: Screen) -> Callable[[Shown], bool]:
    """Items of this title, misspelt perhaps; nothing for names too short to tell."""
    letters = len(name.replace(" ", ""))
    near = {item.id for item in screen.items if letters >= _SHORTEST and likeness(name, item.title) >= _SURE}
    return lambda item: item.id in near


def likeness(name: str, title: str) -> float:
    """How sure one can be that `name` means what is called `title`, 0 … 100: every word of it must stand there."""
    called = _PLAIN.sub(" ", title.lower()).split()
    said = [word for word in _PLAIN.sub(" ", name).split() if not _SMALL.fullmatch(word)]
    if not said or not called:
        return 0.0
    best = [max(fuzz.ratio(word, other) for other in called) for word in said]
    return sum(best) / len(best) if min(best) >= _ALIKE else 0.0


def best_named(name: str, titles: Sequence[str]) -> int | None:
    """The position of the title that `name` means; None when none is near enough."""
    if len(name.replace(" ", "")) < _SHORTEST or not titles:
        return None
    scores = [likeness(name, title) for title in titles]
    top = max(scores)
    return scores.index(top) if top >= _SURE else None
