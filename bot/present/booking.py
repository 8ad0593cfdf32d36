"""Booking a trip: where, thing by thing in the order in which things sell out; what is booked; what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from bot.bookable import BOOKABLE, tag, urgency
from bot.i18n import NAIROBI, date_range, day, day_short, kes, listed, nights, people, t
from bot.intents import Receipt
from bot.present.answers import Linker
from bot.present.words import affiliate, button, clock, cost, credited, icon, label, plain_title
from bot.replies import Button, Line, Reply
from bot.screen import Shown
from planner.model import Item, ItemType, Itinerary
from providers.repricing import Standing, Verdict, renewed
from storage.bookings import BookingRow

_NO_NEWS: Mapping[str, Verdict] = MappingProxyType({})
_SEATS = frozenset({ItemType.TRAIN, ItemType.FLIGHT, ItemType.BUS})
_TICKETS = frozenset({ItemType.EVENT, ItemType.ACTIVITY})


def by_urgency(items: Sequence[Item]) -> list[Item]:
    """What must be booked, what sells out first at the front; rides and meals are paid on the way."""
    wanted = [item for item in items if item.type in BOOKABLE and (item.booking_url or item.price_kes)]
    return sorted(wanted, key=lambda item: urgency(item.type, item.start))


def booking(
    itinerary: Itinerary,
    lang: str,
    *,
    link: Linker,
    item_id: str = "",
    now: datetime | None = None,
    news: Mapping[str, Verdict] = _NO_NEWS,
) -> Reply:
    """Where to book a thing ("" for the most urgent), the first of a walk: with what is to be known of paying.

    `news` is what became of prices that were looked at again, by item id: what changed is said first.
    """
    reply = booking_next(itinerary, lang, link=link, item_id=item_id, now=now, news=news)
    pays = (t(lang, "booking_pay"),) if any(item.url for item in reply.buttons) else ()
    return Reply((*reply.lines, *pays), reply.buttons)


def booking_next(
    itinerary: Itinerary,
    lang: str,
    *,
    link: Linker,
    item_id: str = "",
    now: datetime | None = None,
    news: Mapping[str, Verdict] = _NO_NEWS,
    says: Sequence[Line] = (),
) -> Reply:
    """Where to book a thing, under `says`."""
    linked = [item for item in by_urgency([renewed(item, news) for item in itinerary.items]) if item.booking_url]
    lines: list[Line] = [*says, *_news(itinerary, lang, news)]
    if not linked:
        return Reply((*lines, t(lang, "booking_none"), *_bare(itinerary, lang, ())))
    number = next((n for n, item in enumerate(linked) if item.id == item_id), 0)
    item, moved = linked[number], any(v.standing in (Standing.CHANGED, Standing.GONE) for v in news.values())
    what = f"{_what(item, lang)}, {_count(item, itinerary, lang)}"
    line = t(lang, "booking_line", n=number + 1, all=len(linked), what=what, price=cost(lang, item.price, now))
    paid = affiliate(lang, item.booking_url)
    lines.append(f"{line} ({paid})" if paid else line)
    if credit := credited([item.price]):
        lines.append(credit)
    change = (button(lang, "button_change", "change"),) if moved else ()
    out = Button(label(t(lang, "button_open")), url=link(item.booking_url or "", item.id))
    return Reply(tuple(lines), (out, *_marks(item, lang), *change))


def booked_now(itinerary: Itinerary, item_id: str, lang: str, row: BookingRow) -> tuple[Line, ...]:
    """That a thing is booked, with what was told of it; a price other than the plan's is said."""
    item = next((item for item in itinerary.items if item.id == item_id), None)
    if item is None:
        return ()
    said = [t(lang, "booked_now", what=_what(item, lang), proof=_proof(row, lang))]
    if row.paid_kes is not None and item.price and row.paid_kes != item.price.kes:
        said.append(t(lang, "paid_differs", paid=f"{row.paid_kes:,}", planned=f"{item.price.kes:,}"))
    return tuple(said)


def not_booked_now(itinerary: Itinerary, item_id: str, lang: str) -> tuple[Line, ...]:
    """That a thing is not booked after all."""
    return tuple(t(lang, "not_booked_now", what=_what(item, lang)) for item in itinerary.items if item.id == item_id)


def counted(itinerary: Itinerary, lang: str) -> tuple[str, ...]:
    """ "Still to book: 2 of 4." of a marked plan; nothing before the first is booked and after the last."""
    if not any(item.booked for item in itinerary.items):
        return ()
    things = [item for item in by_urgency(itinerary.items) if item.booking_url or item.booked]
    left = sum(not item.booked for item in things)
    return (t(lang, "left_count", n=left, all=len(things)),) if 0 < left < len(things) else ()


def mark(item: Item, lang: str) -> str:
    """ " ✓" at the line of a booked thing, " ✓ paid 1,510" where that is another price than the plan's."""
    if not item.booked:
        return ""
    if item.paid_kes is None or item.paid_kes == item.price_kes:
        return " ✓"
    return f" ✓ {t(lang, 'proof_paid', paid=f'{item.paid_kes:,}')}"


def after_mark(
    itinerary: Itinerary, item_id: str, lang: str, booked: Mapping[str, BookingRow], says: Sequence[Line]
) -> Reply:
    """A thing of a marked plan was booked outside of a walk: how it stands, and the ways on and back."""
    on = counted(itinerary, lang)
    if not on:
        return left(itinerary, lang, booked, says)
    back = Button(label(t(lang, "button_not_booked")), f"unbook:{tag(item_id)}")
    return Reply((*says, *on), (button(lang, "button_book_on", "book"), button(lang, "button_left", "left"), back))


def left(itinerary: Itinerary, lang: str, booked: Mapping[str, BookingRow], says: Sequence[Line] = ()) -> Reply:
    """What is booked, what is still to book, and what has no link and is paid on the spot."""
    items = by_urgency(itinerary.items)
    done = [item for item in items if item.offer_id in booked]
    open_ = [item for item in items if item.booking_url and item not in done]
    lines: list[Line] = list(says)
    if done:
        lines.append(t(lang, "booked_head"))
        lines += [f"✓ {_what(item, lang)}{_proof(booked[item.offer_id or ''], lang)}" for item in done]
    if open_:
        lines += [t(lang, "left_head"), *(_what(item, lang) for item in open_)]
    elif not done:
        lines.append(t(lang, "booking_none"))
    lines += _bare(itinerary, lang, done)
    if done and not open_:
        lines.append(t(lang, "left_nothing"))
    on = (button(lang, "button_book_on" if done else "button_book", "book"),) if open_ else ()
    back = Button(label(t(lang, "button_not_booked")), f"unbook:{tag(_latest(done, booked).id)}") if done else None
    return Reply(tuple(lines), (*on, back) if back else on)


def which(items: Sequence[Shown], receipt: Receipt, lang: str, *, known: bool) -> Reply:
    """Which of several things is booked, or was paid for; `known`: it is one of those that were named."""
    told = _proof(receipt, lang).removeprefix(", ")
    asks = t(lang, "booked_which") if known else t(lang, "booked_unknown")
    said = t(lang, "booked_first", what=told) if told and known else asks
    choices = [Button(label(_short(item, lang)), f"booked:{tag(item.id)}") for item in items]
    return Reply((said,), (*choices, button(lang, "button_none", "paid:none")))


def would_drop(items: Sequence[Shown], lang: str) -> Reply:
    """Going to another version is refused, since these things are booked and not in it."""
    return _refused(items, lang, "booked_would_drop")


def stands(items: Sequence[Shown], lang: str) -> Reply:
    """A change of things that are booked is refused."""
    return _refused(items, lang, "booked_stands")


def _refused(items: Sequence[Shown], lang: str, key: str) -> Reply:
    names = listed(lang, [f"{icon(item)} {plain_title(item.title)}" for item in items])
    back = tuple(Button(label(t(lang, "button_not_booked")), f"unbook:{tag(item.id)}") for item in items[:1])
    return Reply((t(lang, key, what=names),), back)


def despite_booked(old: Itinerary, new: Itinerary, lang: str, booked: Mapping[str, BookingRow]) -> tuple[str, ...]:
    """What is booked and not in the changed plan any more; what was booked for another number of people."""
    kept = {item.offer_id for item in new.items}
    gone = [item for item in old.items if item.offer_id in booked and item.offer_id not in kept]
    said = [t(lang, "booked_dropped", what=_names(gone, lang))] if gone else []
    for_others = [item for item in new.items if item.offer_id in booked]
    before, now = old.request.party.size, new.request.party.size
    if for_others and before != now:
        said.append(t(lang, "booked_for_others", what=_names(for_others, lang), people=people(lang, before)))
    was = {item.offer_id: (item.start.date(), item.end.date()) for item in old.items if item.offer_id in booked}
    moved = [item for item in for_others if was.get(item.offer_id) not in (None, (item.start.date(), item.end.date()))]
    said += [_booked_then(item, *was[item.offer_id], lang) for item in moved]
    return tuple(said)


def _booked_then(item: Item, first: date, last: date, lang: str) -> str:
    """A booking that was made for other days than those it stands on now."""
    return t(lang, "booked_for_then", what=_names([item], lang), days=date_range(lang, first, last))


def held(old: Itinerary, lang: str, booked: Mapping[str, BookingRow]) -> tuple[str, ...]:
    """What is booked and stands in the way of a change."""
    kept = [item for item in old.items if item.offer_id in booked]
    return (t(lang, "booked_held", what=_names(kept, lang)),) if kept else ()


def _names(items: Sequence[Item], lang: str) -> str:
    return listed(lang, list(dict.fromkeys(f"{icon(item)} {plain_title(item.title)}" for item in items)))


def _marks(item: Item, lang: str) -> tuple[Button, ...]:
    return (
        button(lang, "button_booked", f"booked:{tag(item.id)}"),
        button(lang, "button_skip", f"skip:{tag(item.id)}"),
    )


def _latest(done: Sequence[Item], booked: Mapping[str, BookingRow]) -> Item:
    return max(done, key=lambda item: booked[item.offer_id or ""].booked_at)


def _bare(itinerary: Itinerary, lang: str, done: Sequence[Item]) -> Iterator[str]:
    """What has no link, by name."""
    items = [item for item in by_urgency(itinerary.items) if not item.booking_url and item not in done]
    if names := list(dict.fromkeys(item.title for item in items)):
        yield t(lang, "booking_no_link", names=listed(lang, names))


def _proof(row: BookingRow | Receipt, lang: str) -> str:
    """ ", ref QJH7K2, paid 1,510"; "" where nothing was told."""
    told = [t(lang, "proof_reference", reference=row.reference)] if row.reference else []
    told += [t(lang, "proof_paid", paid=f"{row.paid_kes:,}")] if row.paid_kes is not None else []
    return "".join(f", {words}" for words in told)


def _what(item: Item, lang: str) -> str:
    """ "🚆 Fri 27 Nov 08:00 Madaraka Express Inter-County, economy"."""
    when = day(lang, item.start.astimezone(NAIROBI))
    if item.type is not ItemType.STAY and not item.times_assumed:
        when += f" {clock(item.start)}"
    return f"{icon(item)} {when} {item.title}"


def _short(item: Shown, lang: str) -> str:
    """ "🚆 Fri 27 Madaraka …"."""
    return f"{icon(item)} {day_short(lang, item.start.astimezone(NAIROBI))} {plain_title(item.title)}"


def _count(item: Item, itinerary: Itinerary, lang: str) -> str:
    """How much of it: nights, seats, tickets."""
    if item.type is ItemType.STAY:
        return nights(lang, (item.end.date() - item.start.date()).days)
    size = itinerary.request.party.size
    kind = "seats" if item.type in _SEATS else "tickets"
    return t(lang, f"{kind}_one" if size == 1 else f"{kind}_many", n=size)


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
