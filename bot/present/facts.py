"""Questions of practice, answered from the guide alone: what it says, where it was read and when, the official page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.i18n import day as day_of
from bot.i18n import day_full, month, t
from bot.present.fees import fees
from bot.present.stamps import sourced
from bot.replies import Line, Link, Reply
from providers.guidebook import slug
from providers.practical import Fact, Holiday, Stamp, facts, holidays, south_coast

OFFICIAL: Final = {
    "weather": "https://meteo.go.ke",
    "season": "https://meteo.go.ke",
    "health": "https://www.health.go.ke",
    "currency": "https://www.centralbank.go.ke",
    "safety": "https://www.gov.uk/foreign-travel-advice/kenya",
    "mara_cars": "https://narok.go.ke",
    "likoni": "https://www.kpa.co.ke",
    "holidays": "https://www.interior.go.ke",
}
_SOON: Final = 4  # holidays told at once


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer before it is stamped."""

    lines: tuple[str, ...]
    stamps: tuple[Stamp, ...] = ()
    link: Link | None = None


def answer(topic: str, lang: str, today: date, residency: str = "") -> Reply:
    """What the guide knows of a topic. `topic` may carry a detail: "fees:Amboseli National Park", "holidays:12".

    Raises KeyError for a topic that is none, see `is_known`.
    """
    name, _, detail = topic.partition(":")
    if name == "fees":
        return fees(detail, lang, residency)
    told = _holidays(lang, today, detail) if name == "holidays" else _TOPICS[name](lang)
    link: tuple[Line, ...] = (told.link,) if told.link else _official(name, lang)
    return Reply((*told.lines, *sourced(told.stamps, lang), *link))


def is_known(topic: str) -> bool:
    """Whether `answer` has something to say about it."""
    name = topic.partition(":")[0]
    return name in _TOPICS or name in ("fees", "holidays")


def _official(name: str, lang: str) -> tuple[Line, ...]:
    return (Link(t(lang, f"fact_{name}_link"), OFFICIAL[name]),) if name in OFFICIAL else ()


def _fact(path: str) -> Fact:
    return facts()[path]


def _said(lang: str, key: str, paths: Iterable[str], **blanks: object) -> _Told:
    return _Told((t(lang, key, **blanks),), tuple(_fact(path).stamp for path in paths))


def _visa(lang: str) -> _Told:
    site = Link(t(lang, "fact_visa_link"), str(_fact("eta.apply_url").value))
    told = _said(lang, "fact_visa", ("eta.who", "eta.fee_usd", "eta.processing"), fee=_fact("eta.fee_usd").value)
    return replace(told, link=site)


def _weather(lang: str) -> _Told:
    return _said(lang, "fact_weather", ("seasons.long_rains",), **_rains(lang))


def _season(lang: str) -> _Told:
    paths = ("seasons.wildlife_best", "seasons.migration", "seasons.mount_kenya", "seasons.long_rains")
    wildlife, migration, mountain = (_months(lang, path) for path in paths[:3])
    return _said(lang, "fact_season", paths, wildlife=wildlife, migration=migration, mountain=mountain, **_rains(lang))


def _rains(lang: str) -> dict[str, str]:
    return {"long": _months(lang, "seasons.long_rains"), "short": _months(lang, "seasons.short_rains")}


def _safety(lang: str) -> _Told:
    return _said(lang, "fact_safety", ("safety.headline", "safety.road"))


def _mara_cars(lang: str) -> _Told:
    return _said(lang, "fact_mara_cars", ("safety.mara_private_cars",))


def _payment(lang: str) -> _Told:
    return _said(lang, "fact_payment", ("mpesa",))


def _emergency(lang: str) -> _Told:
    return _said(
        lang,
        "fact_emergency",
        ("emergency.general", "emergency.police_toll_free", "emergency.gender_violence"),
        numbers=", ".join(map(str, _several("emergency.general"))),
        police=_fact("emergency.police_toll_free").value,
        violence=_fact("emergency.gender_violence").value,
    )


def _fares(lang: str) -> _Told:
    modes = ("matatu", "boda", "tuktuk")
    blanks: dict[str, object] = {}
    for mode in modes:
        blanks[f"{mode}_low"], blanks[f"{mode}_high"] = _several(f"local_fares.nairobi_{mode}")
    told = _said(lang, "fact_fares", (f"local_fares.nairobi_{mode}" for mode in modes), **blanks)
    return _Told((*told.lines, t(lang, "fact_fares_elsewhere")), told.stamps)


def _likoni(lang: str) -> _Told:
    ways = {ride.mode: ride for ride in south_coast()}
    foot, car, van = ways["ferry on foot"], ways["ferry, small car"], ways["ferry, tour van"]
    slow, quick = ways["taxi via Dongo Kundu bypass"], ways["car via Dongo Kundu bypass"]
    ferry = t(lang, "fact_likoni", wait="10–15", car=car.fare_kes_low, van=van.fare_kes_low)
    bypass = t(lang, "fact_likoni_bypass", low=quick.minutes_low, high=slow.minutes_high)
    return _Told((ferry, bypass), (foot.stamp, car.stamp, van.stamp, quick.stamp))


def _sgr(lang: str, *parts: str) -> _Told:
    booking = _fact("sgr_rules.booking").value
    site = booking["url"] if isinstance(booking, dict) else ""
    ussd = booking["ussd"] if isinstance(booking, dict) else ""
    blanks = {
        "sgr_arrive": {
            "minutes": _fact("sgr_rules.arrive_before_min").value,
            "sales": _fact("sgr_rules.sales_close_min").value,
        },
        "sgr_pay": {"url": site, "ussd": ussd},
        "sgr_advance": {
            "days": _fact("sgr_rules.advance_days").value,
            "most": _fact("sgr_rules.max_passengers_per_booking").value,
        },
    }
    lines = tuple(t(lang, f"fact_{part}", **blanks.get(part, {})) for part in parts)
    stamps = tuple(_fact(path).stamp for part in parts for path in _SGR[part])
    return _Told(lines, stamps, Link(t(lang, "fact_sgr_link"), site))


def _holidays(lang: str, today: date, month_number: str) -> _Told:
    if not month_number:
        coming = [holiday for holiday in holidays() if holiday.on >= today][:_SOON]
        if not coming:
            return _Told((t(lang, "fact_holidays_unknown"),))
        return _Told(
            (t(lang, "fact_holidays", days=_named(coming, lang)), t(lang, "fact_holidays_moon")), (coming[0].stamp,)
        )
    wanted = int(month_number)
    first = date(today.year + (wanted < today.month), wanted, 1)
    known = holidays()
    if first > known[-1].on:
        return _Told((t(lang, "fact_holidays_unknown"),))
    there = [holiday for holiday in known if (holiday.on.year, holiday.on.month) == (first.year, first.month)]
    if not there:
        return _Told((t(lang, "fact_holidays_none", month=month(lang, first)),), (known[0].stamp,))
    said = t(lang, "fact_holidays_month", month=month(lang, first), days=_named(there, lang))
    return _Told((said, t(lang, "fact_holidays_moon")), (there[0].stamp,))


def _named(days: Sequence[Holiday], lang: str) -> str:
    return ", ".join(_one(holiday, lang) for holiday in days)


def _one(holiday: Holiday, lang: str) -> str:
    bare = holiday.name.removesuffix(" (observed)")
    name = t(lang, f"holiday_{slug(bare)}")
    if bare != holiday.name:
        name = t(lang, "fact_holiday_observed", name=name)
    on = day_full(lang, holiday.on) if holiday.on.month == 1 else day_of(lang, holiday.on)
    return t(lang, "fact_holiday_estimated" if holiday.estimated else "fact_holiday", day=on, name=name)


def _several(path: str) -> tuple[int | str, ...]:
    value = _fact(path).value
    return tuple(value) if isinstance(value, tuple) else ()


_ENGLISH_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _months(lang: str, path: str) -> str:
    """ "Jan–Mar, Jul–Oct"."""
    numbers = [_ENGLISH_MONTHS.index(str(name)) + 1 for name in _several(path)]
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])

    def short(number: int) -> str:
        return month(lang, date(2026, number, 1)).split()[0]

    return ", ".join(short(s[0]) if len(s) == 1 else f"{short(s[0])}–{short(s[-1])}" for s in spans)


_SGR: Final = {
    "sgr_id": ("id_rule",),
    "sgr_luggage": ("sgr_rules.luggage",),
    "sgr_arrive": ("sgr_rules.arrive_before_min", "sgr_rules.sales_close_min"),
    "sgr_pay": ("sgr_rules.booking", "mpesa"),
    "sgr_advance": ("sgr_rules.advance_days", "sgr_rules.max_passengers_per_booking"),
    "sgr_cancel": ("sgr_rules.cancel", "sgr_rules.reschedule"),
    "sgr_children": ("sgr_rules.children",),
}


def _of_sgr(*parts: str) -> Callable[[str], _Told]:
    return lambda lang: _sgr(lang, *parts)


_TOPICS: Final[dict[str, Callable[[str], _Told]]] = {
    "visa": _visa,
    "weather": _weather,
    "season": _season,
    "safety": _safety,
    "mara_cars": _mara_cars,
    "payment": _payment,
    "emergency": _emergency,
    "fares": _fares,
    "likoni": _likoni,
    "sgr": _of_sgr("sgr_id", "sgr_luggage", "sgr_arrive", "sgr_pay"),
    **{name: _of_sgr(name) for name in _SGR},
    "health": lambda lang: _Told((t(lang, "fact_health"),)),
    "currency": lambda lang: _Told((t(lang, "fact_currency"),)),
}
