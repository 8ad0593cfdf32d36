"""The hours of single departures and of daylight on the road, as limits in trip minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time

from planner.model import Mode, Offers, Spot, TripRequest, Wishes

DAY = 24 * 60
FAR = 10**6  # minutes: no limit
ROAD = frozenset({Mode.BUS, Mode.MATATU, Mode.CAR, Mode.TAXI, Mode.TUKTUK})


@dataclass(frozen=True, slots=True)
class Limits:
    """When the first and the last journey may begin and end, in trip minutes, and when roads may be used."""

    leave: int
    arrive: int
    leave_back: int
    back: int
    light: tuple[int, int]  # minutes after midnight

    @classmethod
    def of(cls, request: TripRequest, offers: Offers) -> Limits:
        """The limits a traveller has set; far out where there are none."""
        wishes, last = request.wishes, request.nights * DAY
        dawn, dusk = offers.daylight
        return cls(
            leave=_minute(wishes.leave_after, 0, none=-FAR),
            arrive=_minute(wishes.arrive_by, 0, none=FAR),
            leave_back=_minute(wishes.leave_back_after, last, none=-FAR),
            back=_minute(wishes.back_by, last, none=FAR),
            light=(-FAR, FAR) if wishes.road_after_dark else (_minute(dawn, 0, none=0), _minute(dusk, 0, none=0)),
        )

    @property
    def by_day(self) -> bool:
        """Whether roads are for daylight only."""
        return self.light[1] < FAR

    def late(self, midnight: int) -> bool:
        """Whether a journey of that day may have to begin late."""
        return bool(self._of_day(midnight, self.leave, self.leave_back))

    def begins(self, midnight: int) -> tuple[int, ...]:
        """The earliest minutes at which a journey of that day may have to begin."""
        dawn = (midnight + self.light[0],) if self.by_day else ()
        return self._of_day(midnight, self.leave, self.leave_back, *dawn)

    def ends(self, midnight: int) -> tuple[int, ...]:
        """The latest minutes by which a journey of that day may have to end."""
        dusk = (midnight + self.light[1],) if self.by_day else ()
        return self._of_day(midnight, self.arrive, self.back, *dusk)

    @staticmethod
    def _of_day(midnight: int, *minutes: int) -> tuple[int, ...]:
        return tuple(minute for minute in minutes if 0 <= minute - midnight < DAY)

    def out(self, starts: int, ends: int) -> bool:
        """Whether the journey from home to the first stop may take these minutes."""
        return self.leave <= starts and ends <= self.arrive

    def home(self, starts: int, ends: int) -> bool:
        """Whether the journey from the last stop home may take these minutes."""
        return self.leave_back <= starts and ends <= self.back

    def road(self, mode: Mode, starts: int, ends: int) -> bool:
        """Whether a journey between towns may take these minutes: what goes by road keeps to one day's light."""
        midnight = starts // DAY * DAY
        return mode not in ROAD or (self.light[0] <= starts - midnight and ends - midnight <= self.light[1])

    def ride(self, mode: Mode, gate: Spot, town: str, starts: int, ends: int) -> bool:
        """The same for a ride between a town and where a long journey starts or ends; in town any hour will do."""
        return gate.place == town or self.road(mode, starts, ends)


def any_hour(wishes: Wishes) -> Wishes:
    """The wishes without any that is about the hour of travel."""
    free = replace(wishes, earliest=None, latest=None, night_travel=True)
    return replace(free, leave_after=None, arrive_by=None, leave_back_after=None, back_by=None)


def _minute(at: time | None, midnight: int, none: int) -> int:
    return none if at is None else midnight + at.hour * 60 + at.minute
