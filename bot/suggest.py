"""Three places to go, for someone who has not said where."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.slots import Slots, party, span
from bot.state import Towns

# Well-known and reachable in a day; each reason is a word a traveller may have used.
_FOR_WORDS: Final = (
    (frozenset({"beach", "beachfront", "ocean", "swimming", "snorkeling", "romantic"}), ("diani", "watamu", "kilifi")),
    (frozenset({"safari", "wildlife", "animals", "game_drive"}), ("maasai-mara", "amboseli", "nakuru")),
    (frozenset({"hiking", "camping", "adventure", "mountain"}), ("naivasha", "nanyuki", "mount-longonot")),
    (frozenset({"lake", "lakeside"}), ("naivasha", "kisumu", "nakuru")),
)
_ANYWHERE: Final = ("mombasa", "naivasha", "diani", "nanyuki", "maasai-mara", "kisumu", "watamu", "nakuru")
_NEAR_NAIROBI: Final = ("naivasha", "nakuru", "nanyuki")
_STARTS: Final = ("nairobi", "mombasa", "kisumu", "nakuru")
_SMALL_BUDGET: Final = 12_000  # KES a head: below it the coast and the parks are out of reach for a weekend
_MOST: Final = 3


def destinations(slots: Slots, today: date, towns: Towns) -> tuple[str, ...]:
    """Up to three destinations that fit the words, the budget and the month."""
    candidates = _NEAR_NAIROBI if _is_small(slots) else _by_words(slots)
    whole = span(slots, today)
    month = (whole.start if whole else today).month
    known = [slug for slug in (*candidates, *_ANYWHERE) if towns.get(slug) and slug != slots.origin]
    seasonal = [slug for slug in known if slug in candidates or _in_season(slug, month, towns)]
    return tuple(dict.fromkeys((*seasonal, *known)))[:_MOST]


def origins(slots: Slots, towns: Towns) -> tuple[str, ...]:
    """Up to three places where most trips start."""
    return tuple(slug for slug in _STARTS if towns.get(slug) and slug not in slots.destinations)[:_MOST]


def for_slot(slot: str, slots: Slots, today: date, towns: Towns) -> tuple[str, ...]:
    """Suggestions for a slot that asks for a place; none for the others."""
    if slot == "destination":
        return destinations(slots, today, towns)
    return origins(slots, towns) if slot == "origin" else ()


def _by_words(slots: Slots) -> tuple[str, ...]:
    said = set(slots.preferences)
    return next((places for words, places in _FOR_WORDS if words & said), ())


def _is_small(slots: Slots) -> bool:
    if slots.budget_per_person is not None:
        return slots.budget_per_person < _SMALL_BUDGET
    return slots.budget_total is not None and slots.budget_total < _SMALL_BUDGET * party(slots).size


def _in_season(slug: str, month: int, towns: Towns) -> bool:
    place = towns.get(slug)
    return place is not None and (not place.good_months or month in place.good_months)
