"""Sentences and small words in English and Swahili: dates, money, people, the age of a price."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import en, sw
from planner.model import Basis, Precision, Price

LANGS: Final = ("en", "sw")
NAIROBI: Final = ZoneInfo("Africa/Nairobi")

LIVE_FOR: Final = timedelta(minutes=30)  # a price seen longer ago is no longer called live
_SKEW: Final = timedelta(minutes=1)  # clocks differ: what was seen in the next minute was seen just now
# How providers.fx.price notes a conversion; the rest of a note is about something else.
_CONVERSION: Final = re.compile(r"≈ (?P<amount>[A-Z]{3} [\d,.]+) at (?P<rate>KES [\d,.]+) \((?P<source>[^()]+)\)")

_MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {"en": en.MESSAGES, "sw": sw.MESSAGES}
_WEEKDAYS: Final = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "sw": ("Jumatatu", "Jumanne", "Jumatano", "Alhamisi", "Ijumaa", "Jumamosi", "Jumapili"),
}
_MONTHS: Final = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "sw": ("Jan", "Feb", "Mac", "Apr", "Mei", "Jun", "Jul", "Ago", "Sep", "Okt", "Nov", "Des"),
}


def spoken(lang: str) -> str:
    """The language Safiri answers in: "sw" for Swahili, Sheng and mixtures, "en" for everything else."""
    return "sw" if lang.lower().replace("_", "-").split("-")[0] in ("sw", "sheng", "mixed") else "en"


def t(lang: str, key: str, **values: object) -> str:
    """The sentence `key` with its blanks filled. Raises KeyError for a key or a blank that does not exist."""
    return _MESSAGES[spoken(lang)][key].format(**values)


def keys(lang: str) -> frozenset[str]:
    """Every key that `t` knows in this language."""
    return frozenset(_MESSAGES[spoken(lang)])


def weekday(lang: str, on: date) -> str:
    """Name of the weekday: "Fri" / "Ijumaa"."""
    return _WEEKDAYS[spoken(lang)][on.weekday()]


def month(lang: str, on: date) -> str:
    """Month and year: "Nov 2026", "Des 2026"."""
    return f"{_MONTHS[spoken(lang)][on.month - 1]} {on.year}"


def day_short(lang: str, on: date) -> str:
    """Weekday and day: "Fri 27" / "Ijumaa 27"."""
    return f"{weekday(lang, on)} {on.day}"


def day(lang: str, on: date) -> str:
    """Weekday, day and month: "Fri 27 Nov" / "Ijumaa 27 Nov"."""
    return f"{day_short(lang, on)} {_MONTHS[spoken(lang)][on.month - 1]}"


def day_full(lang: str, on: date) -> str:
    """Like `day`, with the year."""
    return f"{day(lang, on)} {on.year}"


def date_range(lang: str, start: date, end: date) -> str:
    """Both ends, saying nothing twice: "Fri 27 – Sun 29 Nov", "Mon 30 Nov – Wed 2 Dec", one day alone as `day`."""
    if start == end:
        return day(lang, start)
    if start.year != end.year:
        return f"{day_full(lang, start)} – {day_full(lang, end)}"
    first = day_short(lang, start) if start.month == end.month else day(lang, start)
    return f"{first} – {day(lang, end)}"


def kes(amount: int) -> str:
    """Money as people read it: "KES 12,400"."""
    return f"KES {amount:,}"


def people(lang: str, count: int) -> str:
    """ "1 person", "2 people" / "mtu 1", "watu 2"."""
    return t(lang, "people_one" if count == 1 else "people_many", n=count)


def nights(lang: str, count: int) -> str:
    """ "1 night", "2 nights" / "usiku 1", "usiku 2"."""
    return t(lang, "nights_one" if count == 1 else "nights_many", n=count)


def days(lang: str, count: int) -> str:
    """ "1 day", "3 days" / "siku 1", "siku 3"."""
    return t(lang, "days_one" if count == 1 else "days_many", n=count)


def rooms(lang: str, count: int) -> str:
    """ "1 room", "2 rooms" / "chumba 1", "vyumba 2"."""
    return t(lang, "rooms_one" if count == 1 else "rooms_many", n=count)


def listed(lang: str, names: Sequence[str], most: int = 3) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and 4 more"."""
    if len(names) > most:
        return t(lang, "or_more", names=", ".join(names[:most]), n=len(names) - most)
    if len(names) < 2:
        return "".join(names)
    return t(lang, "and", first=", ".join(names[:-1]), last=names[-1])


def seen(lang: str, price: Price, now: datetime | None = None) -> str:
    """Basis and age of a price: "live, 3 min ago", "seen 3 h ago", "tariff Jan 2024", "estimate", "sample, …".

    A live price that is half an hour old at `now`, or that its source no longer holds to, is merely one that was seen.
    """
    if price.sample:
        return t(lang, "basis_sample")
    if price.basis is Basis.ESTIMATE:
        return t(lang, "basis_estimate")
    if price.basis is Basis.GUIDE:
        return _guide(lang, price)
    key = "basis_live" if price.basis is Basis.LIVE and not _is_over(price, now) else "basis_cached"
    return t(lang, key, when=age(lang, price.seen_at, now))


def brief(lang: str, price: Price, now: datetime | None = None) -> str:
    """Basis and age where every letter counts: "guide Dec 2022", "undated", "tariff Jan 2024", "sample"."""
    if price.sample:
        return t(lang, "brief_sample")
    if price.basis is not Basis.GUIDE or "tariff" in f"{price.source} {price.note}".lower():
        return seen(lang, price, now)
    return (
        t(lang, "brief_undated") if price.seen_at is None else t(lang, "brief_guide", when=month(lang, price.seen_at))
    )


def age(lang: str, moment: datetime | date | None, now: datetime | None) -> str:
    """How long ago, or when: "12 min ago", "3 h ago", "Mon 23 Nov 12:00"."""
    if moment is None:
        return t(lang, "time_unknown")
    if not isinstance(moment, datetime):
        return day_full(lang, moment)
    if now is None or now < moment - _SKEW:
        local = moment.astimezone(NAIROBI)
        return f"{day(lang, local)} {local:%H:%M}"
    return _ago(lang, now - moment)


def soon(lang: str, seconds: float) -> str:
    """When to ask again: "in a minute", "in 5 minutes", "in an hour" at most."""
    minutes = max(1, math.ceil(seconds / 60))
    if minutes >= 60:
        return t(lang, "soon_hour")
    return t(lang, "soon_minute") if minutes == 1 else t(lang, "soon_minutes", n=minutes)


def is_converted(price: Price) -> bool:
    """Whether the shillings were worked out from another currency."""
    return price.currency != "KES"


def conversion(lang: str, price: Price) -> str:
    """How they were: "≈ USD 45.00 at KES 129.25 (ExchangeRate-API, 22 Nov 2026)"; "" when they were not."""
    found = _CONVERSION.search(price.note)
    return t(lang, "converted", **found.groupdict()) if found and is_converted(price) else ""


def _is_over(price: Price, now: datetime | None) -> bool:
    if now is None:
        return False
    old = isinstance(price.seen_at, datetime) and now - price.seen_at > LIVE_FOR
    return old or (price.expires_at is not None and now >= price.expires_at)


def _guide(lang: str, price: Price) -> str:
    tariff = "tariff" in f"{price.source} {price.note}".lower()
    if price.seen_at is None:
        return t(lang, "basis_tariff_undated" if tariff else "basis_undated")
    when = month(lang, price.seen_at)
    if price.precision is Precision.APPROX:
        when = t(lang, "about", what=when)
    return t(lang, "basis_tariff" if tariff else "basis_guide", when=when)


def _ago(lang: str, passed: timedelta) -> str:
    minutes = int(passed / timedelta(minutes=1))
    if minutes < 1:
        return t(lang, "ago_now")
    if minutes < 60:
        return t(lang, "ago_minute") if minutes == 1 else t(lang, "ago_minutes", n=minutes)
    if minutes < 48 * 60:
        return t(lang, "ago_hour") if minutes < 120 else t(lang, "ago_hours", n=minutes // 60)
    return t(lang, "ago_days", n=minutes // (24 * 60))
