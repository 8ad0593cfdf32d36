"""How documents say the parts of a plan: dates, party, prices, what is not known. Pure; no markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import quote, urlsplit

from bot.documents.labels import has, label
from bot.i18n import (
    LANGS,
    conversion,
    day,
    day_full,
    day_short,
    is_converted,
    kes,
    listed,
    nights,
    people,
    seen,
    t,
)
from bot.present import words
from bot.replies import Link
from bot.terms import in_own_town, terms
from planner.model import Alternative, Item, ItemType, Itinerary, Party, Price, TripRequest
from planner.reasons import AT_HOME
from providers.hotel_links import leads_to

# Slugs whose words are not simply capitalised.
_NAMES = {"dar-es-salaam": "Dar es Salaam", "hells-gate": "Hell's Gate", "jkia": "JKIA"}
_A_DAYS_MEALS = timedelta(hours=6)  # meals this long are an allowance for the day, not a sitting


def clean(text: str) -> str:
    """The text on one line, without control characters."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def place_name(slug: str) -> str:
    """The readable name of a place slug: "mtito-andei" → "Mtito Andei"."""
    return _NAMES.get(slug) or " ".join(word.capitalize() for word in slug.split("-"))


def trip_dates(lang: str, request: TripRequest) -> str:
    """ "Fri 27 – Sun 29 Nov 2026", with as much of the first date as differs from the last."""
    start, end = request.start, request.end
    if start == end:
        return day_full(lang, start)
    if start.year != end.year:
        first = day_full(lang, start)
    else:
        first = day_short(lang, start) if start.month == end.month else day(lang, start)
    return f"{first} – {day_full(lang, end)}"


def trip_facts(lang: str, request: TripRequest) -> tuple[str, ...]:
    """Dates, people, where from, and what the plan keeps to."""
    start = () if in_own_town(request) else (label(lang, "from", place=place_name(request.origin)),)
    return (trip_dates(lang, request), party(lang, request.party), *start, *terms(request, lang))


def party(lang: str, who: Party) -> str:
    """ "2 people", or "2 adults and 1 child"."""
    if not who.children:
        return people(lang, who.size)
    adults = label(lang, "adult") if who.adults == 1 else label(lang, "adults", n=who.adults)
    children = label(lang, "child") if who.children == 1 else label(lang, "children", n=who.children)
    if who.child_ages:
        years = [str(age) if age else t(lang, "under_one") for age in who.child_ages]
        children = f"{children} ({listed(lang, years, most=len(years))})"
    return label(lang, "adults_children", adults=adults, children=children)


def budget(lang: str, plan: Itinerary) -> str:
    """How the total stands to the budget: "of KES 60,000 · KES 18,700 left"."""
    limit = plan.request.budget_kes
    if limit is None:
        return label(lang, "no_budget")
    spare = limit - plan.total_kes
    key = "left" if spare >= 0 else "over"
    return f"{label(lang, 'of_budget', budget=kes(limit))} · {label(lang, key, amount=kes(abs(spare)))}"


def unpriced(plan: Itinerary) -> int:
    """How many lines cost something nobody knows."""
    return sum(item.price is None and not at_home(item) for item in plan.items)


def unpriced_note(lang: str, plan: Itinerary) -> str:
    """The sentence about costs outside of the total, or ""."""
    count = unpriced(plan)
    if not count:
        return ""
    return label(lang, "unpriced_one") if count == 1 else label(lang, "unpriced", n=count)


def amount(lang: str, item: Item) -> str:
    """What the item costs: "3,000", "≈5,817" when it was converted, "free", "fee not known"."""
    if item.price is not None:
        return f"{_mark(item.price)}{item.price.kes:,}" if item.price.kes else label(lang, "free")
    if at_home(item):
        return label(lang, "free")
    if item.type in (ItemType.ACTIVITY, ItemType.EVENT):
        return label(lang, "fee_unknown")
    return label(lang, "own_cost" if item.type is ItemType.OWN else "price_unknown")


def basis(lang: str, price: Price | None, now: datetime | None = None) -> tuple[str, ...]:
    """How a price is known and since when, then its published range: ("guide price, Dec 2022", "12,000 to 20,000").

    A converted price says at what rate. Without `now`, on paper, a live price names its hour and not its age.
    """
    if price is None:
        return ()
    found = [seen(lang, price, now)]
    if price.low_kes is not None and price.high_kes is not None and price.low_kes != price.high_kes:
        found.append(label(lang, "range", low=f"{price.low_kes:,}", high=f"{price.high_kes:,}"))
    if how := conversion(lang, price):
        found.append(how)
    return tuple(found)


def shillings(price: Price) -> str:
    """ "KES 3,000", "≈KES 5,817"."""
    return f"{_mark(price)}{kes(price.kes)}"


def priced(lang: str, item: Item) -> str:
    """Amount and basis in one phrase: "KES 3,000 (tariff Jan 2024)"."""
    if item.price is None or not item.price.kes:
        return amount(lang, item)
    return f"{shillings(item.price)} ({', '.join(basis(lang, item.price))})"


def _mark(price: Price) -> str:
    return "≈" if is_converted(price) else ""


def trust(lang: str, plan: Itinerary) -> str:
    """How far prices can be relied on, in the small print."""
    sampled = any(item.price is not None and item.price.sample for item in plan.items)
    return f"{label(lang, 'trust')} {label(lang, 'samples')}" if sampled else label(lang, "trust")


def credit(plan: Itinerary) -> Link | None:
    """Who has to be named, with a link, for the rates that prices of the plan were converted at."""
    return words.credited(item.price for item in plan.items)


def all_day(item: Item) -> bool:
    """Whether the clock times of an item mean nothing: meals that fill a day, or have no room in it."""
    span = item.end - item.start
    return item.type is ItemType.MEAL and not timedelta(0) < span < _A_DAYS_MEALS


def at_home(item: Item) -> bool:
    """Whether it is a night in one's own bed."""
    return item.reason == AT_HOME


def bed(item: Item) -> bool:
    """Whether one sleeps there: a stay, or a place the traveller finds."""
    return item.type is ItemType.STAY or (item.type is ItemType.OWN and item.spot is not None)


def title(lang: str, item: Item) -> str:
    """What the item is called: rides with their means, meals the same in every plan."""
    if at_home(item):
        return t(lang, "at_home")
    name = clean(item.title)
    if item.type is ItemType.MEAL:
        return label(lang, "meals_of_day")
    if item.type is ItemType.TRANSFER and item.mode:
        return f"{label(lang, f'mode_{item.mode.value}')}: {name}"
    return f"{label(lang, 'type_own')}: {name}" if item.type is ItemType.OWN else name


def times(lang: str, item: Item) -> tuple[str, str]:
    """Start and end as shown: ("08:00", "14:00"), ("14:00", "Sun 10:00"), ("", "") for a day's meals."""
    if all_day(item):
        return "", ""
    start = f"{item.start:%H:%M}"
    if item.end == item.start:
        return start, ""
    later = (item.end.date() - item.start.date()).days
    if not later:
        return start, f"{item.end:%H:%M}"
    if bed(item):
        return start, f"{day_short(lang, item.end.date())} {item.end:%H:%M}"
    return start, f"{item.end:%H:%M} {label(lang, 'next_day', n=later)}"


def route(item: Item) -> str:
    """Where a ride goes, unless the title says so already: "Nairobi Terminus → Mombasa Terminus"."""
    if item.origin is None or item.destination is None:
        return ""
    if item.origin.name in item.title and item.destination.name in item.title:
        return ""
    return f"{item.origin.name} → {item.destination.name}"


def facts(lang: str, item: Item) -> tuple[str, ...]:
    """What to know about an item, most useful first; one phrase each."""
    found = [label(lang, "booked")] if item.booked else []
    found.append(route(item))
    if item.continues and item.origin:
        found.append(label(lang, "change_in", place=place_name(item.origin.place)))
    if item.type is ItemType.OWN and item.mode:
        found.append(label(lang, f"mode_{item.mode.value}"))
    if bed(item):
        found.append(nights(lang, (item.end.date() - item.start.date()).days))
    if item.origin is None and item.spot is not None and item.spot.name not in item.title:
        found.append(item.spot.name)
    if item.check_in_minutes:
        found.append(label(lang, "be_there", time=f"{item.start - timedelta(minutes=item.check_in_minutes):%H:%M}"))
    if item.times_assumed:
        found.append(label(lang, "times_assumed"))
    if item.type is ItemType.ACTIVITY and not item.hours_known:
        found.append(label(lang, "hours_unknown"))
    elif item.opens and item.closes:
        found.append(label(lang, "open_between", opens=f"{item.opens:%H:%M}", closes=f"{item.closes:%H:%M}"))
    if item.locked and not item.booked:
        found.append(label(lang, "locked"))
    return _each_once(found)


def notes(lang: str, item: Item) -> tuple[str, ...]:
    """What the source adds, without what the line says already."""
    if not item.notes:
        return ()
    told = {said.casefold() for code in LANGS for said in (amount(code, item), *facts(code, item))}
    if item.mode:
        told |= {label(code, f"mode_{item.mode.value}").casefold() for code in LANGS}
    return tuple(note for note in _each_once(item.notes) if note.casefold().rstrip(".") not in told)


def remarks(lang: str, item: Item) -> tuple[str, ...]:
    """Facts and notes."""
    return _each_once((*facts(lang, item), *notes(lang, item)))


def short_ride(lang: str, item: Item) -> str:
    """A local ride by where it goes: "Taxi to Fort Jesus"."""
    if item.mode is None or item.destination is None:
        return title(lang, item)
    return label(lang, "ride_to", mode=label(lang, f"mode_{item.mode.value}"), place=clean(item.destination.name))


def _each_once(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(clean, phrases))))


def web_link(url: str | None) -> str:
    """The address as ASCII when it is one that a reader may follow (http or https with a host), else ""."""
    if not url:
        return ""
    parts = urlsplit(clean(url))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return quote(parts.geturl(), safe="%/:=&?~#+!$,;'@()*[]")


def host(url: str) -> str:
    """The site an address leads to, without "www."; behind an affiliate network's, the one that sells."""
    return (urlsplit(leads_to(url)).hostname or "").removeprefix("www.")


def disclosed(lang: str, link: str, url: str) -> str:
    """The words of a link and what must be said when somebody pays us for it: "Book: booking.com (affiliate link)"."""
    said = words.affiliate(lang, url)
    return f"{link} ({said})" if said else link


def minutes(count: int) -> str:
    """A length of time: "45 min", "2 h", "1 h 20"."""
    hours, rest = divmod(abs(count), 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02}" if rest else f"{hours} h"


def difference(lang: str, other: Alternative, people: int = 1) -> str:
    """How an alternative differs and why it lost: "KES 400 cheaper per person, 2 h longer", "left out: no time for it".

    Money is for one person of `people`, of a bed for one night and all of them.
    """
    why = label(lang, key) if has(key := f"lost_{other.reason}") else ""
    if not other.instead_of:
        return f"{label(lang, 'left_out')}: {why}" if why else label(lang, "left_out")
    parts = [_money(lang, other, people)]
    if other.delta_minutes:
        parts.append(label(lang, "shorter" if other.delta_minutes < 0 else "longer", time=minutes(other.delta_minutes)))
    if other.stay_class is not None:
        parts.append(label(lang, f"class_{other.stay_class.value}"))
    said = ", ".join(parts)
    return f"{said}; {why}" if why else said


def _money(lang: str, other: Alternative, people: int) -> str:
    if not other.delta_kes:
        return label(lang, "same_price")
    shares = other.nights or people
    each = "_night" if other.nights else "_person" if people > 1 else ""
    way = "cheaper" if other.delta_kes < 0 else "dearer"
    return label(lang, way + each, amount=kes(round(abs(other.delta_kes) / shares)))


def rival(lang: str, other: Alternative) -> str:
    """What an alternative is called, a departure with its hour."""
    return f"{clean(other.title)} {other.depart:%H:%M}" if other.depart else clean(other.title)


def group(item: Item) -> str:
    """The label key of the kind of spending an item belongs to."""
    if bed(item):
        return "stays"
    match item.type:
        case ItemType.MEAL:
            return "meals"
        case ItemType.ACTIVITY | ItemType.EVENT:
            return "fun"
        case ItemType.TRANSFER:
            return "transfers"
        case _:
            return "transport"


GROUPS = ("transport", "transfers", "stays", "fun", "meals")


def icon(item: Item) -> str:
    """The one-character picture of an item for chats and terminals."""
    return words.icon(replace(item, type=ItemType.STAY) if bed(item) else item)


def in_order(items: Sequence[Item]) -> list[Item]:
    """The lines of a day as shown: by time, with allowances for the whole day last."""
    return sorted(items, key=lambda item: (all_day(item), item.start))


def night(plan: Itinerary, on: date) -> Item | None:
    """The stay that covers the night after `on`, when its check-in was on an earlier day."""
    for item in plan.items:
        if bed(item) and item.start.date() < on < item.end.date():
            return item
    return None
