"""The plan card: a whole trip on one phone screen, never over a thousand characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from bot.i18n import date_range, day_short, days, kes, listed, nights, seen, t
from bot.present.booking import counted, mark
from bot.present.sources import provider_name
from bot.present.trip import guesses, places
from bot.present.words import (
    Towns,
    button,
    cost_brief,
    figure,
    hours,
    icon,
    is_sample,
    party_words,
    place_name,
    plain_title,
    shortened,
    written,
)
from bot.replies import Bold, Button, Line, Link, Reply
from bot.terms import in_own_town
from planner.model import Basis, Item, ItemType, Itinerary, Mode, Unknown
from planner.reasons import AT_HOME

LONGEST = 1_000
_RIDES = frozenset({ItemType.TRANSFER})
_FAST = frozenset({ItemType.TRAIN, ItemType.FLIGHT, ItemType.EVENT})
_MOVES = _FAST | {ItemType.BUS, ItemType.OWN}
_MAIN = _MOVES | {ItemType.STAY}
_ALL = _MAIN | {ItemType.ACTIVITY, ItemType.TRANSFER}
_PAID = _FAST | {ItemType.BUS, ItemType.STAY, ItemType.ACTIVITY}
_LONGEST_TITLE = 44
_LONGEST_NAME = 30
_SILENCES = ("unreached", "older")  # of sources
_UNKNOWNS = (
    "availability",
    "times_assumed",
    "hours_unknown",
    "fee_unknown",
    "old_price",
    "own_arrangement",
    "no_stay",
    *_SILENCES,
)
_COUNTED = frozenset(_UNKNOWNS) - {"no_stay", *_SILENCES}


@dataclass(frozen=True, slots=True)
class _Detail:
    """How a card shows things: which kinds of line, how many a day, how long titles and lists may be, and when."""

    kinds: frozenset[ItemType]
    a_day: int = 99
    titles: int = _LONGEST_TITLE
    terse: bool = False  # what was not checked is only counted
    headed: bool = True  # each day under its own heading; without, the day stands in the line
    now: datetime | None = None


# From everything to the bone; the first that fits is shown.
_DETAILS = (
    _Detail(_ALL),
    _Detail(_ALL - _RIDES),
    _Detail(_ALL - _RIDES, titles=34),
    _Detail(_ALL - _RIDES, titles=26),
    _Detail(_ALL - _RIDES, titles=26, terse=True),
    _Detail(_ALL - _RIDES, a_day=4, titles=26, terse=True),
    _Detail(_ALL - _RIDES, a_day=3, titles=26, terse=True),
    _Detail(_ALL - _RIDES, a_day=3, titles=20, terse=True),
    _Detail(_ALL - _RIDES, a_day=2, titles=22, terse=True),
    _Detail(_MAIN, titles=28),
    _Detail(_MOVES, titles=26, headed=False),
    _Detail(_MOVES, titles=16, headed=False),
    _Detail(_FAST, titles=22, headed=False),
    _Detail(frozenset(), titles=22, headed=False),
)


def plan_card(
    itinerary: Itinerary,
    lang: str,
    *,
    share_url: str,
    gazetteer: Towns | None = None,
    says: Sequence[str] = (),
    now: datetime | None = None,
) -> Reply:
    """The trip as a card of at most 1,000 characters of plain text.

    `says` are lines it must carry on top; prices are as old as they are at `now`.
    """
    details = [replace(detail, now=now) for detail in _DETAILS]
    reply = _card(itinerary, lang, share_url, gazetteer, says, details[0])
    for detail in details[1:]:
        if len(written(reply)) <= LONGEST:
            break
        reply = _card(itinerary, lang, share_url, gazetteer, says, detail)
    return reply if len(written(reply)) <= LONGEST else _card(itinerary, lang, share_url, gazetteer, (), details[-1])


def title_line(itinerary: Itinerary, lang: str, towns: Towns | None) -> str:
    """ "Mombasa · Fri 27 – Sun 29 Nov · 2 people · from Nairobi"."""
    request = itinerary.request
    when, who = date_range(lang, request.start, request.end), party_words(lang, request.party)
    facts = [places(request, towns), when, who]
    if not in_own_town(request):
        facts.append(t(lang, "from_place", place=place_name(request.origin, towns)))
    return " · ".join(facts)


def money_line(itinerary: Itinerary, lang: str) -> str:
    """Total against budget, and how the checks went: "KES 41,300 of 60,000 — all checks passed ✓"."""
    total, budget, size = itinerary.total_kes, itinerary.request.budget_kes, itinerary.request.party.size
    if budget is not None:
        money = t(lang, "total_of", total=kes(total), budget=f"{budget:,}")
    elif size > 1:
        money = t(lang, "total_each", total=kes(total), each=f"{itinerary.per_person_kes:,}")
    else:
        money = t(lang, "total", total=kes(total))
    if unpriced := sum(item.price is None and item.type in _PAID for item in itinerary.items):
        money += " " + t(lang, "unpriced_one" if unpriced == 1 else "unpriced_many", n=unpriced)
    broken = [shortened(finding.detail or finding.rule, 80) for finding in itinerary.checks if not finding.ok]
    if broken:
        return f"{money} — {t(lang, 'checks_bad', what=listed(lang, broken, 2))}"
    return f"{money} — {t(lang, 'checks_ok')}" if itinerary.checks else money


def _card(
    itinerary: Itinerary, lang: str, share_url: str, towns: Towns | None, says: Sequence[str], detail: _Detail
) -> Reply:
    lines: list[Line] = [Bold(title_line(itinerary, lang, towns)), money_line(itinerary, lang)]
    if guess := guesses(itinerary.request, lang, towns):
        lines.append(guess)
    lines += [*says, *counted(itinerary, lang), ""]
    left = 0
    routed = len(itinerary.request.stops) > 1
    changing = [item for pair in itinerary.changes for item in pair]
    for on in itinerary.days:
        items = [_with_route(item, towns) if routed or item in changing else item for item in on.items]
        shown, hidden = _day_lines(on.date, items, lang, detail)
        lines += shown
        left += hidden
    lines += _sums(itinerary, lang, detail)
    if left:
        lines.append(t(lang, "lines_left", n=left))
    lines.append("")
    if unknown := not_checked(itinerary, lang):
        lines.append(t(lang, "not_checked_count", n=len(itinerary.unknowns)) if detail.terse else unknown)
    if any((item.price is not None and item.price.sample) or is_sample(item.title) for item in itinerary.items):
        lines.append(t(lang, "samples_in_total"))
    lines.append(Link(t(lang, "full_plan"), share_url))
    return Reply(tuple(lines), card_buttons(lang))


def card_buttons(lang: str) -> tuple[Button, ...]:
    """What can be done with a plan."""
    return (
        button(lang, "button_change", "change"),
        button(lang, "button_cheaper", "cheaper"),
        button(lang, "button_book", "book"),
        button(lang, "button_more", "more"),
    )


def _day_lines(on: date, items: Sequence[Item], lang: str, detail: _Detail) -> tuple[list[Line], int]:
    """The lines of a day, and how many are left out. Meals and summed-up rides are counted elsewhere."""
    listed_items = [
        item
        for item in items
        if item.type in _ALL and (item.type not in _RIDES or detail.kinds >= _RIDES) and not _is_stroll(item)
    ]
    wanted = [item for item in listed_items if item.type in detail.kinds]
    keep = sorted(wanted, key=lambda item: (item.type not in _MAIN, -item.price_kes, item.start))[: detail.a_day]
    shown = [item for item in wanted if item in keep]
    open_times = _touching_open_times(items)
    written_out = [item_line(item, lang, detail, timed=item.id not in open_times) + mark(item, lang) for item in shown]
    hidden = len(listed_items) - len(shown)
    if not written_out:
        return [], hidden
    if detail.headed:
        return [Bold(day_short(lang, on)), *written_out], hidden
    return [f"{day_short(lang, on)} {line}" for line in written_out], hidden


def _is_stroll(item: Item) -> bool:
    """A walk between two spots: nobody needs a line for it."""
    return item.type is ItemType.TRANSFER and item.mode is Mode.WALK


def _with_route(item: Item, towns: Towns | None) -> Item:
    """Where it is not plain, because of several towns or a change, a move says first where it leads."""
    if item.type not in _MOVES or item.destination is None:
        return item
    return replace(item, title=f"→ {place_name(item.destination.place, towns)}, {item.title}")


def _touching_open_times(items: Sequence[Item]) -> frozenset[str]:
    """Ids of rides before or after something whose hour nobody knows: their own hour is no more certain."""
    loose: set[str] = set()
    for first, second in pairwise(items):
        if first.times_assumed and second.type is ItemType.TRANSFER:
            loose.add(second.id)
        if second.times_assumed and first.type is ItemType.TRANSFER:
            loose.add(first.id)
    return frozenset(loose)


def item_line(item: Item, lang: str, detail: _Detail, *, timed: bool = True) -> str:
    """One line: icon, time, what, price with its basis. A clock time is shown only when it is known."""
    title = shortened(plain_title(item.title), detail.titles)
    price = cost_brief(lang, item.price, detail.now)
    if item.type is ItemType.STAY:
        count = (item.end.date() - item.start.date()).days
        return f"{icon(item)} {title}, {nights(lang, count)} · {price}"
    if item.reason == AT_HOME:
        count = (item.end.date() - item.start.date()).days
        return f"🛏 {t(lang, 'at_home')}, {nights(lang, count)}"
    if item.type is ItemType.OWN and item.spot is not None:
        return f"🛏 {title}: {t(lang, 'own_stay')}"
    if item.times_assumed:
        return f"{icon(item)} {title} ({t(lang, 'time_open')}) · {price}"
    return (
        f"{icon(item)} {hours(item.start, item.end)} {title} · {price}" if timed else f"{icon(item)} {title} · {price}"
    )


def _sums(itinerary: Itinerary, lang: str, detail: _Detail) -> list[Line]:
    """Meals always in one line; local rides too when they are not listed."""
    lines: list[Line] = []
    rides = [item for item in itinerary.items if item.type in _RIDES and not _is_stroll(item)]
    if rides and not detail.kinds >= _RIDES:
        lines.append(f"🚕 {t(lang, 'local_rides', n=len(rides))} · {_sum_cost(rides, lang, detail.now)}")
    meals = [item for item in itinerary.items if item.type is ItemType.MEAL and item.price]
    if meals:
        count = len({item.start.date() for item in meals})
        lines.append(f"🍽 {t(lang, 'food', days=days(lang, count))} · {_sum_cost(meals, lang, detail.now)}")
    return lines


def _sum_cost(items: Sequence[Item], lang: str, now: datetime | None) -> str:
    """A sum with the weakest basis among its parts: a sum is never better known than its worst part."""
    priced = [item.price for item in items if item.price]
    if not priced:
        return t(lang, "price_unknown")
    order = list(Basis)
    worst = max(priced, key=lambda price: (price.sample, order.index(price.basis)))
    total = sum(price.kes for price in priced)
    mark = "~" if any(figure(price).startswith(("~", "≈")) for price in priced) else ""
    known = f"{mark}{total:,} ({seen(lang, worst, now)})"
    unpriced = len(items) - len(priced)
    return f"{known}, {t(lang, 'prices_unknown', n=unpriced)}" if unpriced else known


def not_checked(itinerary: Itinerary, lang: str) -> str:
    """ "Not checked: …", by kind of unknown: one is named, several are counted; "" when everything was checked."""
    phrases: list[str] = []
    codes = Counter(unknown.code for unknown in itinerary.unknowns)
    for code in (*_UNKNOWNS, *(code for code in codes if code not in _UNKNOWNS)):
        subjects = [_subject(unknown, lang) for unknown in itinerary.unknowns if unknown.code == code]
        if not subjects:
            continue
        named = list(dict.fromkeys(subject for subject in subjects if subject))
        if len(named) > 1 and code in _COUNTED:
            phrases.append(t(lang, f"unknown_{code}_n", n=len(named)))
        elif named:
            key = f"unknown_{code}" if code in _UNKNOWNS else "unknown_other"
            phrases.append(t(lang, key, names=listed(lang, named, 2)))
    return t(lang, "not_checked", what="; ".join(phrases)) if phrases else ""


def _subject(unknown: Unknown, lang: str) -> str:
    if unknown.code in _SILENCES:
        return provider_name(unknown.subject, lang)
    return shortened(plain_title(unknown.subject or unknown.detail), _LONGEST_NAME)
