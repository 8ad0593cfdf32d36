"""Links to hotel searches on Booking.com, paid for by it or not, and telling which are. Pure; no personal data.

`hotel_search` makes the link that the settings ask for. A direct affiliate's link carries `aid` and `label`. Newer
affiliates joined through a network, Awin or CJ: their link is the network's, around a plain one without `aid`. There is
no parameter `affiliate_id`. The parameters of Booking.com and of the networks are those seen in public code and in the
networks' documentation; none was followed live.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from planner.model import Party
from providers.links import ages

PLAIN: Mapping[str, str] = MappingProxyType({})  # settings of nobody's affiliate
SITE = "https://www.booking.com"
_AWIN, _CJ = "awin1.com", "anrdoezrs.net"
_INNER = {_AWIN: ("ued", "p"), _CJ: ("url",)}  # by network, the parameters that may hold the wrapped address
_RESULTS = "/searchresults.html"


def hotel_search(
    where: str,
    checkin: date,
    checkout: date,
    party: Party,
    keys: Mapping[str, str],
    *,
    rooms: int = 1,
    max_per_night: int | None = None,
    label: str = "",
) -> str:
    """A search on Booking.com as the settings ask for it, in English and shillings.

    A network's settings win over BOOKING_AID, which the Demand API needs too, and Awin's over CJ's. `max_per_night` is
    for a room, in shillings. `label` is what the affiliate's reports call the link: by default a digest of `where`,
    which tells towns apart and nothing about who travels.
    """
    label = label or f"safiri-{hashlib.sha256(where.encode()).hexdigest()[:8]}"
    networked = _network(keys)
    plain = booking_search(
        where, checkin, checkout, party, rooms=rooms, max_per_night=max_per_night, lang="en-gb",
        aid="" if networked else keys.get("BOOKING_AID", ""), label=label, site=keys.get("BOOKING_URL") or SITE,
    )  # fmt: skip
    if networked == _AWIN:
        return awin(plain, keys["BOOKING_AWIN_MID"], keys["BOOKING_AWIN_AFFID"], clickref=label)
    if networked == _CJ:
        return cj(plain, keys["BOOKING_CJ_PID"], keys["BOOKING_CJ_AID"], sid=label)
    return plain


def room_night(budget: int | None, nights: int, rooms: int) -> int | None:
    """What a budget for a whole stay leaves for one room and night, None without a budget."""
    return None if budget is None else max(1, budget // (max(1, nights) * max(1, rooms)))


def booking_search(
    where: str,
    checkin: date,
    checkout: date,
    party: Party,
    *,
    rooms: int = 1,
    currency: str = "KES",
    max_per_night: int | None = None,
    aid: str = "",
    label: str = "",
    lang: str = "",
    site: str = SITE,
) -> str:
    """A Booking.com search. `label` goes with `aid` only; `max_per_night` is for a room, in `currency`."""
    query: list[tuple[str, str]] = []
    if aid:
        query += [("aid", aid)]
        query += [("label", label)] if label else []
    query += [("ss", where), ("checkin", checkin.isoformat()), ("checkout", checkout.isoformat())]
    query += [("group_adults", str(party.adults)), ("group_children", str(party.children))]
    query += [("age", str(age)) for age in ages(party)]
    query += [("no_rooms", str(rooms)), ("selected_currency", currency)]
    query += [("lang", lang)] if lang else []
    if max_per_night is not None:
        query += [("nflt", f"price={currency}-min-{max_per_night}-1")]
    return f"{site.rstrip('/')}{_RESULTS}?{urlencode(query)}"


def awin(url: str, merchant: str, affiliate: str, *, clickref: str = "") -> str:
    """A plain link wrapped for the Awin network. `clickref` is opaque and never personal."""
    query = [("awinmid", merchant), ("awinaffid", affiliate)]
    query += [("clickref", clickref)] if clickref else []
    return f"https://www.{_AWIN}/cread.php?{urlencode([*query, ('ued', url)])}"


def cj(url: str, publisher: str, advertisement: str, *, sid: str = "") -> str:
    """A plain link wrapped for the CJ network. `sid` is opaque and never personal."""
    query = [("sid", sid)] if sid else []
    return f"https://www.{_CJ}/click-{publisher}-{advertisement}?{urlencode([*query, ('url', url)])}"


def redated(url: str, checkin: date, checkout: date) -> str:
    """The same search for other dates, also inside of a network's link; one that names no dates stays as it is."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    inner = _INNER.get(_site(url), ())
    dates = {"checkin": checkin.isoformat(), "checkout": checkout.isoformat()}
    if inner:
        query = [(name, redated(value, checkin, checkout) if name in inner else value) for name, value in query]
    elif dates.keys() <= {name for name, _ in query}:
        query = [(name, dates.get(name, value)) for name, value in query]
    else:
        return url
    return urlunsplit(parts._replace(query=urlencode(query)))


def is_affiliate(url: str | None) -> bool:
    """Whether somebody pays us when a traveller books through this link, which he must be told."""
    site = _site(url or "")
    if site in _INNER:
        return True
    parts = urlsplit(url or "") if site else None
    if parts is None or not (site == "booking.com" or parts.path.endswith(_RESULTS)):
        return False
    return bool(dict(parse_qsl(parts.query)).get("aid"))


def leads_to(url: str) -> str:
    """The address behind a network's link; any other one as it is."""
    inner = _INNER.get(_site(url), ())
    return next((value for name, value in parse_qsl(urlsplit(url).query) if name in inner), url) if inner else url


def _network(keys: Mapping[str, str]) -> str:
    """The network that both settings are there for, "" when there is none."""
    if keys.get("BOOKING_AWIN_MID") and keys.get("BOOKING_AWIN_AFFID"):
        return _AWIN
    return _CJ if keys.get("BOOKING_CJ_PID") and keys.get("BOOKING_CJ_AID") else ""


def _site(url: str) -> str:
    """The last two parts of the host, "" when there is no host to be read."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return ".".join(host.split(".")[-2:])
