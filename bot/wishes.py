"""What the traveller's words of taste mean to the planner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from planner.model import Mode, Pace, Residency, StayClass, Wishes

# "Bus" means every vehicle one shares on the road; who says "matatu" means only those.
_SHARED: Final = frozenset({Mode.BUS, Mode.MATATU})
MODES: Final = {
    "bus": _SHARED, "coach": frozenset({Mode.BUS}), "matatu": frozenset({Mode.MATATU}),
    "shuttle": frozenset({Mode.MATATU}),
    "train": frozenset({Mode.TRAIN}), "sgr": frozenset({Mode.TRAIN}),
    "flight": frozenset({Mode.FLIGHT}), "plane": frozenset({Mode.FLIGHT}), "fly": frozenset({Mode.FLIGHT}),
    "car": frozenset({Mode.CAR}),
}  # fmt: skip
CLASSES: Final = {
    "budget": StayClass.BUDGET, "budget_stay": StayClass.BUDGET, "backpacker": StayClass.BUDGET,
    "camping": StayClass.BUDGET, "mid_range": StayClass.MID, "mid": StayClass.MID,
    "luxury": StayClass.HIGH, "high": StayClass.HIGH, "high_end": StayClass.HIGH, "5_star": StayClass.HIGH,
}  # fmt: skip
PACES: Final = {
    "relaxed": Pace.RELAXED, "slow": Pace.RELAXED, "relaxing": Pace.RELAXED,
    "packed": Pace.PACKED, "busy": Pace.PACKED,
}  # fmt: skip
RESIDENCIES: Final = {
    "non_resident": Residency.VISITOR, "resident": Residency.RESIDENT, "citizen": Residency.CITIZEN,
}  # fmt: skip
COMFORT: Final = frozenset({"comfort", "comfortable", "luxury", "high_end", "5_star", "first_class", "business_class"})
HOURS: Final = frozenset({"morning", "afternoon", "evening", "night"})
BY_DAY: Final = frozenset({"day_travel", "no_night", "no_night_travel"})
DAYLIGHT: Final = frozenset({"no_road_after_dark", "road_after_dark"})  # on the road by day only, or after all not
BEDS: Final = frozenset({"hotel", "own_bed"})  # in the town one lives in
BAGS: Final = frozenset({"heavy_bags", "hand_luggage"})
# Words that steer a search or an errand and say nothing about a whole trip.
_ERRANDS: Final = frozenset({
    "pdf", "email", "calendar", "ics", "json", "mpesa", "cheap", "one_way", "return", "direct", "economy",
    "event", "taxi",
})  # fmt: skip


def wishes_of(preferences: Iterable[str], removed: Iterable[str] = ()) -> Wishes:
    """Modes, comfort class, pace and interests out of the traveller's words; what is not known becomes an interest."""
    wanted, refused = tuple(preferences), tuple(removed)
    interests = {word: 2 for word in wanted if _is_interest(word)}
    modes_refused = _modes(refused)
    return Wishes(
        interests=interests,
        pace=next((PACES[word] for word in wanted if word in PACES), Pace.BALANCED),
        stay_class=next((CLASSES[word] for word in wanted if word in CLASSES), None),
        cheap="cheap" in wanted,
        comfort=any(word in COMFORT for word in wanted),
        modes_wanted=_modes(wanted) - modes_refused,
        modes_refused=modes_refused,
        avoid=tuple(word for word in refused if word not in MODES and word not in HOURS and word not in BEDS),
        night_travel=not (any(word in BY_DAY for word in wanted) or "night" in refused),
        road_after_dark="no_road_after_dark" not in wanted,
        stay_in_town="hotel" in wanted,
        heavy_bags="heavy_bags" in wanted,
    )


def residency_of(preferences: Iterable[str]) -> Residency:
    """Which fees of parks and museums apply; those of citizens when nothing was said."""
    return next((RESIDENCIES[word] for word in preferences if word in RESIDENCIES), Residency.CITIZEN)


def returns(preferences: Iterable[str]) -> bool:
    """Whether the trip comes back to where it starts."""
    return "one_way" not in set(preferences)


def added(preferences: tuple[str, ...], words: Iterable[str]) -> tuple[str, ...]:
    """The words joined to earlier ones; a new mode, class or pace takes the place of the old."""
    kept = list(preferences)
    new = [word for word in words if word]
    for family in (MODES, CLASSES, PACES, RESIDENCIES, HOURS, DAYLIGHT, BEDS, BAGS):
        if any(word in family for word in new):
            kept = [word for word in kept if word not in family]
    if "night" in new:
        kept = [word for word in kept if word not in BY_DAY]
    return tuple(dict.fromkeys((*kept, *new)))


def words_for(mode: str) -> tuple[str, ...]:
    """Every word for a way to travel, so that none of them stays refused. Raises KeyError for an unknown one."""
    return tuple(word for word, modes in MODES.items() if modes <= MODES[mode])


def _modes(words: Iterable[str]) -> frozenset[Mode]:
    return frozenset(mode for word in words for mode in MODES.get(word, ()))


def _is_interest(word: str) -> bool:
    known = (MODES, CLASSES, PACES, RESIDENCIES, COMFORT, HOURS, BY_DAY, DAYLIGHT, BEDS, BAGS, _ERRANDS)
    return bool(word) and not any(word in family for family in known)
