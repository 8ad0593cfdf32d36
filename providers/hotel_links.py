"""Links that search Booking.com for a bed, with or without an affiliate's id, and how to tell the two apart.

Direct partners are named by `aid` and `label` (never `affiliate_id`: that is a header of another interface). Awin and CJ
redirect from an address of their own to a plain search without `aid`, encoded once. A label is opaque: it is made of
where and when, and of nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from planner.model import Party
from providers.links import ages

CURRENCY = "KES"  # of the search and, as Booking.com wants it, of its price filter
LANGUAGE = "en-gb"  # there is no Booking.com in Swahili
_HOST = "www.booking.com"
_SEARCH = "/searchresults.html"
_AWIN, _CJ = "www.awin1.com", "www.anrdoezrs.net"
_INNER = {_AWIN: "ued", _CJ: "url"}  # where a network's address carries the one it leads to


def hotel_search(
    keys: Mapping[str, str],
    place: str,
    checkin: date,
    checkout: date,
    party: Party,
    *,
    rooms: int = 1,
    budget_kes: int | None = None,
) -> str:
    """A search as the settings want it: through Awin, through CJ, with our own `aid`, or plain.

    A network goes before the `aid`, which may be there for the Demand API alone. `budget_kes` is for the whole stay;
    see `per_night`.
    """
    label = label_of(place, checkin, checkout)
    aid, mid, affiliate = (keys.get(f"BOOKING_{name}", "") for name in ("AID", "AWIN_MID", "AWIN_AFFID"))
    pid, cj_aid = keys.get("BOOKING_CJ_PID", ""), keys.get("BOOKING_CJ_AID", "")
    networked = bool(mid and affiliate) or bool(pid and cj_aid)
    url = booking_search(
        place, checkin, checkout, party, rooms=rooms, lang=LANGUAGE, base=keys.get("BOOKING_URL", ""),
        aid="" if networked else aid, label=label,
        max_per_night=None if budget_kes is None else per_night(budget_kes, checkin, checkout),
    )  # fmt: skip
    if mid and affiliate:
        return awin(url, merchant=mid, affiliate=affiliate, clickref=label)
    return cj(url, publisher=pid, ad=cj_aid, sid=label) if networked else url


def per_night(budget_kes: int, checkin: date, checkout: date) -> int | None:
    """What a night may cost of what is left for a stay, None when nothing is left.

    For all rooms together: whether Booking.com filters by room or by party is not documented, and a filter for the
    party hides nothing that fits either way.
    """
    return budget_kes // max(1, (checkout - checkin).days) or None


def label_of(place: str, checkin: date, checkout: date) -> str:
    """The same for the same search whoever asks; an operator can find out which sells, and nothing else."""
    digest = hashlib.sha256(f"{place} {checkin} {checkout}".encode()).hexdigest()
    return f"safiri-{digest[:10]}"


def booking_search(
    place: str,
    checkin: date,
    checkout: date,
    party: Party,
    *,
    rooms: int = 1,
    currency: str = CURRENCY,
    max_per_night: int | None = None,
    aid: str = "",
    label: str = "",
    lang: str = "",
    base: str = "",
) -> str:
    """A Booking.com search. `label` goes with an `aid` only; `max_per_night` is in `currency`."""
    query: list[tuple[str, str]] = []
    if aid:
        query += [("aid", aid)]
        query += [("label", label)] if label else []
    query += [("ss", place), ("checkin", checkin.isoformat()), ("checkout", checkout.isoformat())]
    query += [("group_adults", str(party.adults)), ("group_children", str(party.children))]
    query += [("age", str(age)) for age in ages(party)]
    query += [("no_rooms", str(rooms)), ("selected_currency", currency)]
    query += [("lang", lang)] if lang else []
    if max_per_night is not None:
        query += [_ceiling(max_per_night, currency)]
    return f"{(base or f'https://{_HOST}').rstrip('/')}{_SEARCH}?{urlencode(query)}"


def awin(url: str, *, merchant: str, affiliate: str, clickref: str = "") -> str:
    """A plain link wrapped for the Awin network. `clickref` is opaque and never personal."""
    query = [("awinmid", merchant), ("awinaffid", affiliate)]
    query += [("clickref", clickref)] if clickref else []
    return f"https://{_AWIN}/cread.php?{urlencode([*query, ('ued', url)])}"


def cj(url: str, *, publisher: str, ad: str, sid: str = "") -> str:
    """A plain link wrapped for CJ. `sid` is opaque and never personal."""
    query = [("sid", sid)] if sid else []
    path = f"click-{quote(publisher, safe='')}-{quote(ad, safe='')}"
    return f"https://{_CJ}/{path}?{urlencode([*query, ('url', url)])}"


def is_affiliate(url: str | None) -> bool:
    """Whether somebody is paid when a traveller books through this link: travellers are told so beside it."""
    parts = _split(url or "")
    if parts is None or parts.hostname is None:
        return False
    if parts.hostname in _INNER:
        return True
    ours = parts.hostname == "booking.com" or parts.hostname.endswith(".booking.com") or parts.path.endswith(_SEARCH)
    return ours and "aid" in dict(parse_qsl(parts.query))


def redated(url: str, checkin: date, checkout: date, *, budget_kes: int | None = None) -> str:
    """The same search for other dates, in a network's wrapper too; an address that names no dates stays as it is.

    `budget_kes`, what is left for the stay, replaces the ceiling of the price in a search of ours.
    """
    parts = _split(url)
    if parts is None:
        return url
    query = parse_qsl(parts.query, keep_blank_values=True)
    if (carrier := _INNER.get(parts.hostname or "")) is not None:
        inner = [(n, redated(v, checkin, checkout, budget_kes=budget_kes) if n == carrier else v) for n, v in query]
        return urlunsplit(parts._replace(query=urlencode(inner)))
    if not {"checkin", "checkout"} <= {name for name, _ in query}:
        return url
    dates = {"checkin": checkin.isoformat(), "checkout": checkout.isoformat()}
    query = [(name, dates.get(name, value)) for name, value in query]
    ceiling = None if budget_kes is None else per_night(budget_kes, checkin, checkout)
    if ceiling is not None and parts.path.endswith(_SEARCH) and ("selected_currency", CURRENCY) in query:
        query = [(name, value) for name, value in query if name != "nflt"] + [_ceiling(ceiling, CURRENCY)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _ceiling(most: int, currency: str) -> tuple[str, str]:
    return "nflt", f"price={currency}-min-{most}-1"


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # "http://[": nothing of ours
        return None
