"""Answers to a search: at most five offers, best first, each with time, price, basis and link."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.i18n import NAIROBI, date_range, day, kes, listed, nights, people, rooms, t
from bot.present.sources import is_out, not_reached, price_of
from bot.present.words import (
    Towns,
    affiliate,
    button,
    certificate,
    clock,
    credited,
    figure,
    hours,
    label,
    lasting,
    map_credited,
    mode_icon,
    party_words,
    place_name,
)
from bot.replies import Bold, Button, Line, Link, Reply, Span
from bot.tasks import SearchTask
from planner.model import ActivityOffer, ItemType, Offer, Price, StayOffer, TransferOffer, TransportOffer
from providers.base import Kind, Outcome

Linker = Callable[[str, str], str]  # (booking URL, offer id) → address to show
MOST = 5
_PARTS = {"morning": (5, 12), "afternoon": (12, 17), "evening": (16, 21), "night": (18, 29)}
_LONG_DISTANCE = (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS)


def search_answer(
    task: SearchTask,
    offers: Sequence[Offer],
    outcomes: Sequence[Outcome],
    *,
    link: Linker,
    gazetteer: Towns,
    extras: Sequence[str] = (),
    instead: Sequence[Offer] = (),
    change: str = "",
    ways: Sequence[Link] = (),
    now: datetime | None = None,
) -> Reply:
    """The answer to one search in the task's language.

    `extras` names operators that run there without a known fare; `instead` are the nearest offers that exist when
    there is none of the wanted kind; `change` is the slug of a town where one can change then; `ways` are links for
    a local ride; `now` dates live prices.
    """
    lang = task.lang
    undated = [offer for offer in offers if isinstance(offer, ActivityOffer) and _has_no_date(offer)]
    ranked = ranked_offers(task, [offer for offer in offers if offer not in undated])
    lines: list[Line] = [Bold(subject(task, gazetteer))]
    if guess := search_guesses(task, gazetteer):
        lines.append(guess)
    if ranked:
        lines += _found_lines(task, ranked, link, now)
    else:
        lines[0] = t(lang, "nothing_found", what=subject(task, gazetteer))
        if instead:
            lines.append(t(lang, "nearest_thing"))
            lines += [offer_line(offer, task, link, now) for offer in instead[:2]]
        if change:
            lines.append(t(lang, "with_a_change", place=place_name(change, gazetteer)))
    if undated:
        lines.append(t(lang, "events_undated", names=listed(lang, [event.name for event in undated], 4)))
    if ways:
        lines.append(tuple(span for way in ways for span in (" · ", way))[1:])
    if task.kind is Kind.BUSES and is_out(outcomes):
        lines += _operators(ranked, extras, lang)
    elif extras:
        lines.append(t(lang, "also_running", names=listed(lang, list(dict.fromkeys(extras)), 4)))
    if silence := not_reached(task.kind, outcomes, offers, lang, now):
        lines.append(silence)
    shown = (*ranked[:MOST], *(() if ranked else instead[:2]))
    lines += [credit for credit in (credited(map(price_of, shown)), map_credited(shown)) if credit]
    if not ranked and not instead and not undated and not change:
        lines.append(t(lang, "try_other"))
    return Reply(tuple(lines), _buttons(task, found=bool(ranked)))


def _has_no_date(offer: ActivityOffer) -> bool:
    """A recurring event whose next date nobody has published: it must not look like an answer for these days."""
    return offer.kind is ItemType.EVENT and not offer.sessions


def subject(task: SearchTask, towns: Towns) -> str:
    """What is being looked for: "Buses Nairobi → Kisumu · Tue 24 Nov · 2 people"."""
    kind = t(task.lang, f"kind_{task.kind.value}")
    said = f"{kind} {_where(task, towns)} · {_when(task)}"
    if "party" in task.assumed and task.kind in (Kind.EVENTS, Kind.ACTIVITIES):
        return said
    return f"{said} · {party_words(task.lang, task.party)}"


def search_guesses(task: SearchTask, towns: Towns) -> str:
    """What was assumed, said aloud; "" when nothing was. A party of one is in the heading."""
    lang, said = task.lang, []
    if "origin" in task.assumed and task.origin:
        said.append(t(lang, "from_place", place=place_name(task.origin, towns)))
    if "start" in task.assumed:
        said.append(day(lang, task.start) if task.start == task.end else _when(task))
    if "nights" in task.assumed:
        said.append(nights(lang, _nights(task)))
    return t(lang, "guesses" if len(said) > 1 else "guess_one", what=", ".join(said)) if said else ""


def ranked_offers(task: SearchTask, offers: Sequence[Offer]) -> list[Offer]:
    """Best first: the operator, class and time of day asked for, then what fits the budget, then price, then time.

    A company whose hours nobody knows is named once, however many departures were assumed for it.
    """
    once: dict[object, Offer] = {}
    for offer in sorted(offers, key=lambda offer: _rank(task, offer)):
        once.setdefault(_same_service(offer), offer)
    return list(once.values())


def offer_line(offer: Offer, task: SearchTask, link: Linker, now: datetime | None = None) -> Line:
    """One offer on one line, with its link at the end when it has one."""
    spans: list[Span] = [_offer_words(offer, task, now)]
    if offer.booking_url:
        spans += [" · ", Link(t(task.lang, "book_here"), link(offer.booking_url, offer.id))]
    if paid := affiliate(task.lang, offer.booking_url):
        spans.append(f" ({paid})")
    return tuple(spans)


def _found_lines(task: SearchTask, ranked: Sequence[Offer], link: Linker, now: datetime | None) -> list[Line]:
    lang = task.lang
    lines: list[Line] = []
    if task.operator and not any(_is_operator(offer, task.operator) for offer in ranked):
        lines.append(t(lang, "not_named", operator=task.operator))
    prices = [price.kes for offer in ranked if (price := _whole_price(offer, task))]
    if task.budget_kes is not None and prices and min(prices) > task.budget_kes:
        lines.append(t(lang, "over_budget", amount=kes(task.budget_kes)))
    lines += [offer_line(offer, task, link, now) for offer in ranked[:MOST]]
    if len(ranked) > MOST:
        lines.append(t(lang, "more_found", n=len(ranked) - MOST))
    return lines


def _operators(ranked: Sequence[Offer], extras: Sequence[str], lang: str) -> list[Line]:
    """Who else runs there, to be asked by the traveller while a seller of seats is out."""
    shown = {offer.operator for offer in ranked[:MOST] if isinstance(offer, TransportOffer)}
    unseen = [offer.operator for offer in ranked[MOST:] if isinstance(offer, TransportOffer)]
    others = [name for name in dict.fromkeys((*unseen, *extras)) if name not in shown]
    return [t(lang, "operators_instead", names=listed(lang, others, 6))] if others else []


def _where(task: SearchTask, towns: Towns) -> str:
    here = place_name(task.destination, towns)
    start = place_name(task.origin, towns) if task.origin else ""
    if task.kind is Kind.TRANSFERS and (task.origin_point or task.destination_point):
        return f"{task.origin_point or start or here} → {task.destination_point or here}"
    return f"{start} → {here}" if start and task.kind not in (Kind.HOTELS, Kind.EVENTS, Kind.ACTIVITIES) else here


def _when(task: SearchTask) -> str:
    if task.kind is Kind.HOTELS:
        return f"{date_range(task.lang, task.start, task.end)} ({nights(task.lang, _nights(task))})"
    if task.kind in (Kind.EVENTS, Kind.ACTIVITIES):
        return date_range(task.lang, task.start, task.end)
    return day(task.lang, task.start)


def _nights(task: SearchTask) -> int:
    return max(1, (task.end - task.start).days)


def _offer_words(offer: Offer, task: SearchTask, now: datetime | None) -> str:
    match offer:
        case TransportOffer():
            return _transport(offer, task, now)
        case StayOffer():
            return _stay(offer, task, now)
        case ActivityOffer():
            return _activity(offer, task, now)
        case TransferOffer():
            return _transfer(offer, task, now)


def _transport(offer: TransportOffer, task: SearchTask, now: datetime | None) -> str:
    lang = task.lang
    when = "" if offer.times_assumed else hours(offer.depart, offer.arrive) + " "
    unsure = f" · {t(lang, 'time_open')}" if offer.times_assumed else ""
    name = ", ".join(part for part in (offer.service or offer.operator, offer.travel_class) if part)
    if offer.operator and offer.operator.casefold() not in name.casefold():
        name = f"{offer.operator} {name}"
    return (
        f"{mode_icon(offer.mode)} {when}{name} · {_money(offer.price, task)} "
        f"({certificate(lang, offer.price, now)}){unsure}"
    )


def _stay(offer: StayOffer, task: SearchTask, now: datetime | None) -> str:
    lang, count = task.lang, _nights(task)
    head = f"🛏 {offer.name}, {t(lang, f'stay_{offer.stay_class.value}')}"
    if offer.nightly is None:
        return f"{head} · {t(lang, 'price_unknown')}"
    amount = t(lang, "a_night", amount=_shillings(offer.nightly))
    if task.party.size > 1:
        amount += f" {t(lang, 'for_people', n=task.party.size)}, {rooms(lang, offer.rooms)}"
    if count > 1:
        whole = t(lang, "for_nights", amount=figure(offer.nightly.times(count)), nights=nights(lang, count))
        amount += f"; {whole}"
    return f"{head} · {amount} ({certificate(lang, offer.nightly, now)})"


def _activity(offer: ActivityOffer, task: SearchTask, now: datetime | None) -> str:
    lang = task.lang
    when = ""
    if offer.sessions:
        first = min(offer.sessions)[0]
        when = f"{day(lang, first.astimezone(NAIROBI))} {clock(first)} "
    if offer.price is None:
        return f"🎟 {when}{offer.name} · {t(lang, 'price_unknown')}"
    money = t(lang, "free") if offer.price.kes == 0 else _money(offer.price, task)
    return f"🎟 {when}{offer.name} · {money} ({certificate(lang, offer.price, now)})"


def _transfer(offer: TransferOffer, task: SearchTask, now: datetime | None) -> str:
    lang = task.lang
    who = f"{offer.operator} " if offer.operator else ""
    way = f"{offer.origin.name} → {offer.destination.name}, {lasting(lang, offer.minutes)}"
    return f"{mode_icon(offer.mode)} {who}{way} · {_money(offer.price, task)} ({certificate(lang, offer.price, now)})"


def _money(price: Price, task: SearchTask) -> str:
    """A whole-party amount that cannot be taken for a fare each: "KES 2,800 for 2 (1,400 each)"."""
    size = task.party.size
    amount = _shillings(price)
    if size == 1:
        return amount
    each = t(task.lang, "each", amount=f"{-(-price.kes // size):,}")
    return f"{amount} {t(task.lang, 'for_people', n=size)}, {each}"


def _shillings(price: Price) -> str:
    """ "KES 2,800", "~KES 2,800" when it is an estimate or the end of a range, "≈KES 2,800" when converted."""
    said = figure(price)
    return f"KES {said}" if said[0].isdigit() else f"{said[0]}KES {said[1:]}"


def _same_service(offer: Offer) -> object:
    if isinstance(offer, TransportOffer) and offer.times_assumed:
        return offer.mode, offer.operator, offer.service, offer.travel_class, offer.price.kes
    return offer.id


def _rank(task: SearchTask, offer: Offer) -> tuple[bool, bool, bool, bool, bool, int, str]:
    price = _whole_price(offer, task)
    over = task.budget_kes is not None and (price is None or price.kes > task.budget_kes)
    return (
        bool(task.operator) and not _is_operator(offer, task.operator),
        _other_class(task, offer),
        _other_hours(task, offer),
        over,
        price is None,
        price.kes if price else 0,
        _sort_time(offer),
    )


def _whole_price(offer: Offer, task: SearchTask) -> Price | None:
    """What the budget is held against: all nights of a stay, the price of anything else."""
    if isinstance(offer, StayOffer):
        return offer.nightly.times(_nights(task)) if offer.nightly else None
    return offer.price


def _is_operator(offer: Offer, name: str) -> bool:
    return isinstance(offer, TransportOffer | TransferOffer) and (
        name.casefold() in offer.operator.casefold() or offer.operator.casefold() in name.casefold()
    )


def _other_class(task: SearchTask, offer: Offer) -> bool:
    if isinstance(offer, TransportOffer) and "first_class" in task.preferences:
        return "first" not in offer.travel_class.casefold()
    wanted = task.wishes.stay_class
    return isinstance(offer, StayOffer) and wanted is not None and offer.stay_class is not wanted


def _other_hours(task: SearchTask, offer: Offer) -> bool:
    """Whether the offer leaves outside the part of the day asked for; an unknown hour might be in it."""
    if not isinstance(offer, TransportOffer) or offer.times_assumed:
        return False
    hour = offer.depart.astimezone(NAIROBI).hour
    for word in task.preferences:
        if word in _PARTS:
            first, last = _PARTS[word]
            return not (first <= hour < last or first <= hour + 24 < last)
    return False


def _sort_time(offer: Offer) -> str:
    if isinstance(offer, TransportOffer):
        return offer.depart.isoformat()
    if isinstance(offer, ActivityOffer) and offer.sessions:
        return min(offer.sessions)[0].isoformat()
    return offer.id


def _buttons(task: SearchTask, *, found: bool) -> tuple[Button, ...]:
    lang = task.lang
    made: list[Button] = []
    if task.back and task.origin:
        made.append(Button(label(t(lang, "button_back", day=day(lang, task.back))), search_action(task)))
    if "start" in task.assumed or not found:
        made.append(button(lang, "button_other_day", "ask:dates"))
    if not found and task.kind in _LONG_DISTANCE and task.origin:
        other = Kind.BUSES if task.kind is not Kind.BUSES else Kind.FLIGHTS
        action = f"search:{other.value}:{task.origin}:{task.destination}:{task.start}:{task.party.size}"
        made.append(Button(label(t(lang, f"kind_{other.value}")), action))
    if "party" in task.assumed and task.party.size == 1 and found and task.kind in (*_LONG_DISTANCE, Kind.HOTELS):
        made.append(Button(label(people(lang, 2)), "slot:party:2"))
    return tuple(made)


def search_action(task: SearchTask) -> str:
    """The action of a button that searches the way back."""
    return f"search:{task.kind.value}:{task.destination}:{task.origin}:{task.back}:{task.party.size}"
