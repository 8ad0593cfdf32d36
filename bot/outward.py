"""Ways out to booking sites: the price that is told with one, and what came of looking at it again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from planner.model import Item, Offer, Price, TripRequest
from providers.base import Kind, Query
from providers.repricing import Asked, Verdict, about_item, about_offer, due_at, price_for
from storage import codec
from storage.links import Told

SESSIONS = "links.duffel.com"  # the host of Duffel Links: pages that are made for one tap
_SELLER = "duffel"  # whose flights are booked there
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
# RFC 2606, RFC 6762, and names that ICANN keeps for private use
_NOT_PUBLIC: Final = frozenset({"localhost", "local", "internal", "lan", "test", "invalid", "example", "onion"})


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a tap: what became of the price, and the address of a page made for this tap, if one was."""

    verdict: Verdict
    session: str = ""


def told_of_item(item: Item, request: TripRequest) -> Told | None:
    """The price that a line of a trip shows; None for one of the guide, or an estimate."""
    return _told(item.price, about_item(item, request))


def told_of_offer(offer: Offer, query: Query) -> Told | None:
    """The price that an answer to a search shows, of a bed for all its nights; None likewise."""
    return _told(price_for(offer, query.start, query.end), about_offer(offer, query))


def _told(price: Price | None, asked: Asked | None) -> Told | None:
    """A sample is never asked for again, but tells who made it up."""
    due = due_at(price)
    if price is None or asked is None or (due is None and not price.sample):
        return None
    return Told(codec.dump(asked), price.kes, due)


def is_booked_by_session(told: Told | None, settings: Mapping[str, str]) -> bool:
    """Whether a tap on this leads to a page made for it: a flight of Duffel's, where Duffel Links is switched on."""
    if told is None or not (settings.get("DUFFEL_LINKS") and settings.get("DUFFEL_TOKEN")):
        return False
    asked = question_of(told)
    return asked is not None and asked.provider == _SELLER and asked.kind is Kind.FLIGHTS


def is_session(url: str) -> bool:
    """Whether an address is one of Duffel Links: besides addresses that offers named, nobody is sent anywhere else."""
    parts = urlsplit(url)
    return parts.scheme == "https" and parts.netloc == SESSIONS


def is_public(url: str) -> bool:
    """Whether an address may be handed out: a web page on a host of the public internet, as far as its name tells.

    Browsers take 127.1, 0x7f000001 and wide digits for the same address, so whatever looks like a number must be a
    plain public IPv4 address. What a name resolves to is not looked up: the traveller's own phone goes there, not we.
    """
    if not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        host = unicodedata.normalize("NFKC", parts.hostname or "").replace("。", ".").rstrip(".").lower()
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or parts.username is not None or parts.password is not None:
        return False
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        try:
            return ip_address(host).is_global
        except ValueError:
            return False
    return "." in host and host.rpartition(".")[2] not in _NOT_PUBLIC and not host.endswith(".home.arpa")


def question_of(told: Told) -> Asked | None:
    """The question behind a price; None when it was kept in a shape that is no longer known."""
    try:
        return codec.load(Asked, told.asks)
    except codec.BadShape:
        return None


def looked(verdict: str | None) -> Looked | None:
    """What is kept with a link; None when there is nothing that can be read."""
    if verdict is None:
        return None
    try:
        return codec.load(Looked, verdict)
    except codec.BadShape:
        return None
