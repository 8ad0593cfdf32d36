"""Where a fact was read, when, and how good the source is, in a line."""

from __future__ import annotations

from collections.abc import Iterable

from bot.i18n import month, t
from providers.practical import Stamp


def sourced(stamps: Iterable[Stamp], lang: str) -> tuple[str, ...]:
    """ "Source: krc.co.ke (about Jun 2019, official)."; nothing for no stamps, each source once."""
    said = list(dict.fromkeys(_one(stamp, lang) for stamp in stamps))
    if not said:
        return ()
    return (t(lang, "fact_source" if len(said) == 1 else "fact_sources", sources="; ".join(said)),)


def _one(stamp: Stamp, lang: str) -> str:
    sure = t(lang, f"fact_sure_{stamp.quality}") if stamp.quality else ""
    return t(lang, "fact_stamp", host=stamp.host, what=", ".join(filter(None, (_when(stamp, lang), sure))))


def _when(stamp: Stamp, lang: str) -> str:
    if stamp.as_of is None:
        return t(lang, "fact_undated")
    when = month(lang, stamp.as_of)
    if stamp.precision == "approx":
        return t(lang, "fact_about", when=when)
    return f"{stamp.as_of.day} {when}" if stamp.precision == "day" else when
