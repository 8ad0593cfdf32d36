"""A small plan with things to book, and a worker's answers about booking it, for written conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot import present
from bot.booked import marked
from bot.replies import Reply
from bot.tasks import BookedTask, NotBookedTask, ShowTask, Task, View
from planner.model import Alternative, Day, Item, ItemType, Itinerary, Mode, StayClass, TripRequest
from storage.bookings import BookingRow
from tests.samples import FORT_JESUS, MIRITINI, NYALI, SYOKIMAU, at, price, train, visit

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def small_plan(request: TripRequest, trip_id: str, version: int) -> Itinerary:
    """There and back by train, or by coach where that is wished for, a bed and a fort."""
    bus = Mode.BUS in request.wishes.modes_wanted
    out = train("sgr-out", at(request.start, 8), at(request.start, 14), SYOKIMAU, MIRITINI)
    home = train("sgr-back", at(request.end, 15), at(request.end, 21), MIRITINI, SYOKIMAU)
    back = replace(home, destination=replace(SYOKIMAU, place=request.origin))
    ways = [_coach(item, item.id.replace("sgr", "coach")) if bus else item for item in (out, back)]
    fort = visit("fort-jesus", "Fort Jesus", at(request.start, 16), 120, FORT_JESUS, price(400))
    first = Day(request.start, request.stops[0].place, (ways[0], _bed(request), fort))
    last = Day(request.end, request.stops[0].place, (ways[1],))
    asked = replace(request, assumed=())
    return Itinerary(trip_id, version, trip_id, asked, (first, last), alternatives=_others(ways[0]))


def _others(out: Item) -> tuple[Alternative, ...]:
    """What lost: a night coach and a flight for the way there, a guest house, and a park there was no time for."""
    night = out.start.replace(hour=21)
    return (
        Alternative("bus:tahmeed", "Tahmeed Coach, VIP", ItemType.BUS, -600, 240, out.id, "hours", depart=night),
        Alternative("flight:jambojet", "Jambojet", ItemType.FLIGHT, 9_000, -300, out.id, "price", depart=out.start),
        Alternative(
            "stay:guest",
            "Guest house in Nyali",
            ItemType.STAY,
            -8_000,
            0,
            "stay-1",
            nights=2,
            stay_class=StayClass.BUDGET,
        ),
        Alternative("activity:haller-park", "Haller Park", ItemType.ACTIVITY, 1_400, 150, "", "no_time"),
    )


def _coach(ride: Item, item_id: str) -> Item:
    url = "https://www.easycoach.co.ke"
    return replace(
        ride,
        id=item_id,
        offer_id=f"bus:{item_id}",
        type=ItemType.BUS,
        mode=Mode.BUS,
        title="Easy Coach",
        booking_url=url,
    )


def _bed(request: TripRequest) -> Item:
    return Item(
        "stay-1",
        ItemType.STAY,
        "Serena Beach Resort",
        at(request.start, 14),
        at(request.end, 10),
        request.stops[0].place,
        price(16_000),
        "stay:serena",
        "guide",
        "https://www.booking.com/hotel/ke/serena.html",
        spot=NYALI,
    )


@dataclass(slots=True)
class Shelf:
    """The plans of a conversation by version, and what of them is booked."""

    plans: dict[int, Itinerary] = field(default_factory=dict)
    booked: dict[str, BookingRow] = field(default_factory=dict)

    def answer(self, task: Task) -> Sequence[Reply]:
        """What is said when the task is done; nothing for tasks that are not about booking, and for an empty plan."""
        if not isinstance(task, ShowTask | BookedTask | NotBookedTask) or not self.plans[task.version].items:
            return ()
        if isinstance(task, BookedTask):
            told = task.receipt
            self.booked[task.offer_id] = BookingRow(
                task.offer_id, told.reference, told.paid_kes, told.paid_at, NOW.replace(second=len(self.booked))
            )
        elif isinstance(task, NotBookedTask):
            self.booked.pop(task.offer_id, None)
        return tuple(self._said(task, marked(self.plans[task.version], self.booked)))

    def _said(self, task: ShowTask | BookedTask | NotBookedTask, plan: Itinerary) -> Sequence[Reply]:
        match task:
            case BookedTask():
                says = present.booked_now(plan, task.item, task.lang, self.booked[task.offer_id])
                if not task.then:
                    return [present.after_mark(plan, task.item, task.lang, self.booked, says)]
                return [present.booking_next(plan, task.lang, link=_link, item_id=task.then, now=NOW, says=says)]
            case NotBookedTask():
                says = present.not_booked_now(plan, task.item, task.lang)
                return [present.left(plan, task.lang, self.booked, says)]
            case ShowTask(view=View.BOOKING):
                return [present.booking(plan, task.lang, link=_link, item_id=task.item, now=NOW)]
            case ShowTask(view=View.NEXT):
                return [present.booking_next(plan, task.lang, link=_link, item_id=task.item, now=NOW)]
            case ShowTask(view=View.LEFT):
                return [present.left(plan, task.lang, self.booked)]
        return []


def _link(url: str, item_id: str) -> str:
    return f"https://safiri.example/go/{item_id}"
