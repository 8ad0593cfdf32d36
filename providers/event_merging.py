"""One event, listed by several sites, told once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import combinations

from planner.model import ActivityOffer, Basis

_ALIKE = 0.88  # of 1: "Fally Ipupa Live in Nairobi" and "Fally Ipupa live, Nairobi!" are one, two jazz nights are not
_LONGEST = 120
_SAY_NOTHING = frozenset({"a", "an", "and", "at", "by", "for", "in", "of", "on", "the", "to", "with", "sample"})
_TRUST = {basis: rank for rank, basis in enumerate((Basis.LIVE, Basis.CACHED, Basis.GUIDE, Basis.ESTIMATE))}


def without_repeats(events: Sequence[ActivityOffer]) -> list[ActivityOffer]:
    """The events, each once, in order of time: of those on a common day in one town with nearly the same title, the
    one with a price, then the live one, then that of the first source by name. It keeps a link for booking.
    """
    groups = {number: {number} for number in range(len(events))}
    for one, other in combinations(range(len(events)), 2):
        if groups[one] is not groups[other] and same_event(events[one], events[other]):
            groups[one] |= groups[other]
            for number in groups[other]:
                groups[number] = groups[one]
    together = {min(group): [events[number] for number in group] for group in groups.values()}
    return sorted((_best(group) for group in together.values()), key=_in_time)


def same_event(one: ActivityOffer, other: ActivityOffer) -> bool:
    """Whether two listings are of one event. Hints without a date are only the same as other hints."""
    if one.spot.place != other.spot.place or bool(one.sessions) != bool(other.sessions):
        return False
    if one.sessions and not _days(one) & _days(other):
        return False
    return one.id == other.id or _alike(*sorted((_plain(one.name), _plain(other.name))))


def _days(event: ActivityOffer) -> set[object]:
    return {start.date() for start, _ in event.sessions}


def _plain(title: str) -> str:
    """The words that tell, without accents, in order of the alphabet."""
    letters = unicodedata.normalize("NFKD", title[:_LONGEST].casefold())
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    told = {word for word in re.findall(r"\w+", kept) if not re.fullmatch(r"20\d\d", word)}
    return " ".join(sorted(told - _SAY_NOTHING))


def _alike(one: str, other: str) -> bool:
    """Nearly the same words, and the same numbers: "Part 1" is not "Part 2"."""
    if one == other:
        return True
    if not one or not other or set(re.findall(r"\d+", one)) != set(re.findall(r"\d+", other)):
        return False
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.real_quick_ratio() >= _ALIKE and match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


def _best(group: Sequence[ActivityOffer]) -> ActivityOffer:
    ranked = sorted(group, key=_rank)
    link = next(_links(ranked), None)
    return ranked[0] if ranked[0].booking_url == link else replace(ranked[0], booking_url=link)


def _links(ranked: Sequence[ActivityOffer]) -> Iterator[str]:
    return (event.booking_url for event in ranked if event.booking_url)


def _rank(event: ActivityOffer) -> tuple[object, ...]:
    trust = _TRUST[event.price.basis] if event.price else len(_TRUST)
    return event.price is None, trust, event.provider.startswith("guide"), event.provider, event.id, repr(event)


def _in_time(event: ActivityOffer) -> tuple[object, ...]:
    first = event.sessions[0][0].timestamp() if event.sessions else float("inf")
    return first, event.provider, event.id, repr(event)
