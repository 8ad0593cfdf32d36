"""Where to book a trip: links in the order in which things sell out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import NAIROBI, day, listed, nights, t
from bot.present.answers import Linker
from bot.present.words import clock, cost, icon
from bot.replies import Line, Link, Reply
from planner.model import Item, ItemType, Itinerary

_URGENCY = (ItemType.TRAIN, ItemType.FLIGHT, ItemType.EVENT, ItemType.BUS, ItemType.STAY, ItemType.ACTIVITY)
_MOST = 8


def by_urgency(items: Sequence[Item]) -> list[Item]:
    """What must be booked, what sells out first at the front; rides and meals are paid on the way."""
    order = {kind: place for place, kind in enumerate(_URGENCY)}
    wanted = [item for item in items if item.type in order and (item.booking_url or item.price_kes)]
    return sorted(wanted, key=lambda item: (order[item.type], item.start))


def booking(itinerary: Itinerary, lang: str, *, link: Linker) -> Reply:
    """Every booking link of the plan, most urgent first, and what has none."""
    items = by_urgency(itinerary.items)
    linked = [item for item in items if item.booking_url][:_MOST]
    if not linked:
        return Reply((t(lang, "booking_none"),))
    lines: list[Line] = [t(lang, "booking_head")]
    lines += [_line(number, len(linked), item, lang, link) for number, item in enumerate(linked, 1)]
    if bare := [item.title for item in items if not item.booking_url]:
        lines.append(t(lang, "booking_no_link", names=listed(lang, list(dict.fromkeys(bare)))))
    lines.append(t(lang, "booking_pay"))
    return Reply(tuple(lines))


def _line(number: int, count: int, item: Item, lang: str, link: Linker) -> Line:
    when = day(lang, item.start.astimezone(NAIROBI))
    if item.type is ItemType.STAY:
        when += f", {nights(lang, (item.end.date() - item.start.date()).days)}"
    elif not item.times_assumed:
        when += f" {clock(item.start)}"
    place = t(lang, "booking_line", n=number, all=count)
    head = f"{place} · {icon(item)} {when} {item.title} · {cost(lang, item.price)} · "
    return head, Link(t(lang, "book_here"), link(item.booking_url or "", item.id))
