"""Small pieces every answer is made of: names of places, icons, prices with their birth certificate, button labels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from bot.i18n import NAIROBI, brief, days, is_converted, listed, people, seen, t
from bot.replies import Button, Link, Reply, plain
from bot.screen import Shown
from planner.model import Basis, Item, ItemType, Mode, Offer, Party, Place, Price
from providers.hotel_links import is_affiliate

_ICONS: Final = {
    ItemType.BUS: "🚌",
    ItemType.TRAIN: "🚆",
    ItemType.FLIGHT: "✈️",
    ItemType.TRANSFER: "🚕",
    ItemType.STAY: "🛏",
    ItemType.ACTIVITY: "🎟",
    ItemType.EVENT: "🎶",
    ItemType.MEAL: "🍽",
    ItemType.OWN: "🚗",
}
_MODE_ICONS: Final = {
    Mode.BUS: "🚌",
    Mode.TRAIN: "🚆",
    Mode.FLIGHT: "✈️",
    Mode.CAR: "🚗",
    Mode.TAXI: "🚕",
    Mode.MATATU: "🚐",
    Mode.TUKTUK: "🛺",
    Mode.FERRY: "⛴",
    Mode.WALK: "🚶",
}
_LONG_KINDS: Final = (" National Park", " National Reserve", " Conservancy")
_LABEL: Final = 20
# The terms of ExchangeRate-API's open access ask for these words and this link.
RATES, RATES_CREDIT, RATES_URL = "ExchangeRate-API", "Rates By Exchange Rate API", "https://www.exchangerate-api.com"
MAP_CREDIT, MAP_CREDIT_URL = "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"
_WIDE_RANGE: Final = 1.05  # a range narrower than this says nothing a traveller can use


class Towns(Protocol):
    """As much of the gazetteer as names need."""

    def get(self, slug: str) -> Place | None:
        """The place with this slug."""
        ...


def place_name(slug: str, towns: Towns | None) -> str:
    """The everyday name of a place: "Maasai Mara", not "Maasai Mara National Reserve"."""
    place = towns.get(slug) if towns else None
    if place is None:
        return slug.replace("-", " ").title()
    for kind in _LONG_KINDS:
        if place.name.endswith(kind):
            return place.name[: -len(kind)]
    return place.name


def icon(item: Item | Shown) -> str:
    """The one sign that says what kind of line this is."""
    if item.type is ItemType.TRANSFER and item.mode:
        return _MODE_ICONS[item.mode]
    return _ICONS[item.type]


def mode_icon(mode: Mode) -> str:
    """The sign of a way of travel."""
    return _MODE_ICONS[mode]


def clock(moment: datetime) -> str:
    """Local time of day: "08:00"."""
    return f"{moment.astimezone(NAIROBI):%H:%M}"


def hours(start: datetime, end: datetime) -> str:
    """From and to: "08:00–14:00", "21:00–05:00 +1" when it ends on another day."""
    first, last = start.astimezone(NAIROBI), end.astimezone(NAIROBI)
    later = (last.date() - first.date()).days
    return f"{first:%H:%M}–{last:%H:%M}" + (f" +{later}" if later else "")


def lasting(lang: str, minutes: int) -> str:
    """A length of time: "35 min", "7 h", "7 h 30 min"."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return t(lang, "minutes", n=rest)
    return t(lang, "hours_minutes", h=whole, m=rest) if rest else t(lang, "hours", n=whole)


def certificate(lang: str, price: Price, now: datetime | None = None) -> str:
    """Basis, age and published range of a price: "guide price, Dec 2022", "12,000–20,000; estimate"."""
    low, high = price.low_kes, price.high_kes
    if low is not None and high is not None and high > low * _WIDE_RANGE:
        return f"{low:,}–{high:,}; {seen(lang, price, now)}"
    return seen(lang, price, now)


def figure(price: Price) -> str:
    """The amount alone, marked when it is not a quoted one: "3,000", "~16,000", "≈5,817" for a converted one."""
    ranged = price.low_kes is not None and price.high_kes is not None and price.high_kes > price.low_kes * _WIDE_RANGE
    guessed = price.basis is Basis.ESTIMATE and not price.sample
    return f"{'≈' if is_converted(price) else '~' if ranged or guessed else ''}{price.kes:,}"


def credited(prices: Iterable[Price | None]) -> Link | None:
    """The words by which the rates' owner wants to be named where a price was converted with them."""
    noted = any(price is not None and is_converted(price) and RATES in price.note for price in prices)
    return Link(RATES_CREDIT, RATES_URL) if noted else None


def map_credited(offers: Iterable[Offer]) -> Link | None:
    """The words by which OpenStreetMap's contributors want to be named where something of theirs is shown."""
    return Link(MAP_CREDIT, MAP_CREDIT_URL) if any(MAP_CREDIT in offer.notes for offer in offers) else None


def cost(lang: str, price: Price | None, now: datetime | None = None) -> str:
    """Amount and certificate of a line: "3,000 (tariff Jan 2024)"; an unknown price says so, a free thing is free."""
    if price is None:
        return t(lang, "price_unknown")
    amount = t(lang, "free") if price.kes == 0 else figure(price)
    return f"{amount} ({certificate(lang, price, now)})"


def cost_brief(lang: str, price: Price | None, now: datetime | None = None) -> str:
    """The same for a crowded screen: "3,000 (guide Jan 2024)"; what is free needs no more words."""
    if price is None:
        return t(lang, "price_unknown")
    return t(lang, "free") if price.kes == 0 else f"{figure(price)} ({brief(lang, price, now)})"


def affiliate(lang: str, url: str | None) -> str:
    """What stands beside a link that somebody pays us for: "affiliate link"; "" for any other."""
    return t(lang, "affiliate_link") if is_affiliate(url) else ""


def party_words(lang: str, party: Party) -> str:
    """ "3 people", "3 people, one of them a child"."""
    everybody = people(lang, party.size)
    if party.children == 0:
        return everybody
    key = "with_child" if party.children == 1 else "with_children"
    if party.child_ages:
        years = [str(age) if age else t(lang, "under_one") for age in party.child_ages]
        return t(lang, f"{key}_aged", people=everybody, n=party.children, ages=listed(lang, years, most=len(years)))
    return t(lang, key, people=everybody, n=party.children)


def length(lang: str, nights: int) -> str:
    """How long a trip is in days, the way people count it."""
    return days(lang, nights + 1)


def plain_title(title: str) -> str:
    """A title without what the PDF says in full: what stands in brackets at its end, the ordinary class.

    That a thing is made up is never left out.
    """
    if is_sample(title):
        return title
    return re.sub(r"(, economy)?( \([^()]*\))?$", "", title) or title


def is_sample(title: str) -> bool:
    """Whether the title says that the thing is made up."""
    return title.endswith("(sample)")


def shortened(text: str, longest: int) -> str:
    """The text, cut with a sign that it was."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def label(text: str, figure_after: str = "") -> str:
    """A button label within 20 characters; the figure is dropped before the words are cut."""
    whole = f"{text} — {figure_after}" if figure_after else text
    if len(whole) <= _LABEL:
        return whole
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"


def button(lang: str, key: str, action: str) -> Button:
    """A button whose label is a sentence of the catalogue."""
    return Button(label(t(lang, key)), action)


def amount_button(lang: str, key: str, amount: int, action: str) -> Button:
    """A button naming an amount: "Raise to 24,800"."""
    return Button(label(t(lang, key, amount=f"{amount:,}")), action)


def written(reply: Reply) -> str:
    """The reply as plain text, links shown in full: what lengths are measured on."""
    return "\n".join(plain(line) for line in reply.lines)
