"""The trips a traveller has, to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.i18n import date_range, kes, t
from bot.present.words import button, label
from bot.replies import Button, Reply


@dataclass(frozen=True, slots=True)
class Listed:
    """One trip at a glance. `name` is what it is called, `places` where it goes; 0 KES when the total is not known."""

    trip_id: str
    name: str
    places: str
    start: date | None
    end: date | None
    total_kes: int


def trip_list(trips: Sequence[Listed], lang: str, *, current: str = "") -> Reply:
    """ "1. Mombasa · Fri 27 – Sun 29 Nov · KES 41,300 (open now)", and a button for each."""
    lines = [t(lang, "trips_head_one" if len(trips) == 1 else "trips_head", n=len(trips))]
    for number, trip in enumerate(trips, start=1):
        parts = [trip.name if trip.name == trip.places else f"{trip.name} ({trip.places})"]
        parts += [date_range(lang, trip.start, trip.end)] if trip.start and trip.end else []
        parts += [kes(trip.total_kes)] if trip.total_kes else []
        here = f" {t(lang, 'trips_here')}" if trip.trip_id == current else ""
        lines.append(f"{number}. {' · '.join(parts)}{here}")
    names = [trip.name for trip in trips]
    labels = [name if names.count(name) == 1 else f"{number}. {name}" for number, name in enumerate(names, start=1)]
    taps = tuple(Button(label(name), f"open:{trip.trip_id}") for name, trip in zip(labels, trips, strict=True))
    return Reply(tuple(lines), (*taps, button(lang, "button_new", "new")))
