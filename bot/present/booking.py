"""Where to book a trip: links in the order in which things sell out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from bot.i18n import NAIROBI, day, kes, listed, nights, t
from bot.present.answers import Linker
from bot.present.words import affiliate, button, clock, cost, credited, icon, plain_title
from bot.replies import Line, Link, Reply
from planner.model import Item, ItemType, Itinerary
from providers.repricing import Standing, Verdict, renewed

_URGENCY = (ItemType.TRAIN, ItemType.FLIGHT, ItemType.EVENT, ItemType.BUS, ItemType.STAY, ItemType.ACTIVITY)
_MOST = 8
_NO_NEWS: Mapping[str, Verdict] = MappingProxyType({})


def by_urgency(items: Sequence[Item]) -> list[Item]:
    """What must be booked, what sells out first at the front; rides and meals are paid on the way."""
    order = {kind: place for place, kind in enumerate(_URGENCY)}
    wanted = [item for item in items if item.type in order and (item.booking_url or item.price_kes)]
    return sorted(wanted, key=lambda item: (order[item.type], item.start))


def booking(
    itinerary: Itinerary,
    lang: str,
    *,
    link: Linker,
    now: datetime | None = None,
    news: Mapping[str, Verdict] = _NO_NEWS,
) -> Reply:
    """Every booking link of the plan, most urgent first, and what has none.

    `news` is what became of prices that were looked at again, by item id: what changed is said first.
    """
    items = by_urgency([renewed(item, news) for item in itinerary.items])
    linked = [item for item in items if item.booking_url][:_MOST]
    lines: list[Line] = [*_news(itinerary, lang, news)]
    if not linked:
        return Reply((*lines, t(lang, "booking_none")))
    lines.append(t(lang, "booking_head"))
    lines += [_line(number, len(linked), item, lang, link, now) for number, item in enumerate(linked, 1)]
    if bare := [item.title for item in items if not item.booking_url]:
        lines.append(t(lang, "booking_no_link", names=listed(lang, list(dict.fromkeys(bare)))))
    if credit := credited(item.price for item in linked):
        lines.append(credit)
    lines.append(t(lang, "booking_pay"))
    moved = any(verdict.standing in (Standing.CHANGED, Standing.GONE) for verdict in news.values())
    return Reply(tuple(lines), (button(lang, "button_change", "change"),) if moved else ())


def _news(itinerary: Itinerary, lang: str, news: Mapping[str, Verdict]) -> Iterator[str]:
    """ "✈️ Fri 27 Nov Jambojet JM8656 is now KES 9,400, it was 8,900. The total would be KES 41,800."."""
    known = [(item, news[item.id]) for item in itinerary.items if item.id in news]
    for item, verdict in known:
        what = f"{icon(item)} {day(lang, item.start.astimezone(NAIROBI))} {plain_title(item.title)}"
        if verdict.standing is Standing.CHANGED:
            yield t(lang, "news_changed", what=what, now=kes(verdict.kes or 0), then=f"{item.price_kes:,}")
        elif verdict.standing is Standing.GONE:
            yield t(lang, "news_gone", what=what)
    if any(verdict.standing is Standing.CHANGED for _, verdict in known):
        yield t(lang, "news_total", total=kes(sum(renewed(item, news).price_kes for item in itinerary.items)))
    unsure = (plain_title(item.title) for item, verdict in known if verdict.standing is Standing.UNKNOWN)
    if names := list(dict.fromkeys(unsure)):
        yield t(lang, "news_unsure" if len(names) > 1 else "news_unsure_one", names=listed(lang, names))


def _line(number: int, count: int, item: Item, lang: str, link: Linker, now: datetime | None) -> Line:
    when = day(lang, item.start.astimezone(NAIROBI))
    if item.type is ItemType.STAY:
        when += f", {nights(lang, (item.end.date() - item.start.date()).days)}"
    elif not item.times_assumed:
        when += f" {clock(item.start)}"
    place = t(lang, "booking_line", n=number, all=count)
    head = f"{place} · {icon(item)} {when} {item.title} · {cost(lang, item.price, now)} · "
    out = Link(t(lang, "book_here"), link(item.booking_url or "", item.id))
    paid = affiliate(lang, item.booking_url)
    return (head, out, f" ({paid})") if paid else (head, out)
