"""What a park asks for a day: every tariff known, whose court case is open, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.i18n import kes, t
from bot.present.stamps import sourced
from bot.replies import Line, Link, Reply
from providers.practical import Fee, facts
from providers.practical import fees as tariffs

KWS, NAROK = "https://www.kws.go.ke", "https://narok.go.ke"
_WHO: Final = {"citizen": "citizen", "resident": "resident", "non_resident": "visitor"}
_LONG: Final = (" National Park", " National Reserve", " (KWS side)", " (day)")


def fees(park: str, lang: str, residency: str = "") -> Reply:
    """The fees of a park for one residency ("citizen", "resident", "non_resident"), or "" for all three in one line.

    `park` is the start of a park's name in the guide: "Tsavo" is both of them. "" asks which, "?" is one not known.
    """
    found = [fee for fee in tariffs() if park and fee.park.startswith(park)]
    if not found:
        key = "fees_not_known" if park else "fees_which"
        return Reply((t(lang, key, parks=", ".join(_parks())), Link(t(lang, "fees_link"), KWS)))
    names = dict.fromkeys(fee.park for fee in found)
    lines: list[Line] = []
    for name in names:
        lines += _of_park([fee for fee in found if fee.park == name], lang, residency)
    stamps = [fee.stamp for fee in found]
    if any("KWS" in (fee.tariff or "") for fee in found):
        stamps.append(facts()["kws_payment"].stamp)
        return Reply((*lines, t(lang, "fees_kws"), *sourced(stamps, lang), Link(t(lang, "fees_link"), KWS)))
    if any("Narok" in (fee.tariff or "") for fee in found):
        return Reply((*lines, t(lang, "fees_mara"), *sourced(stamps, lang), Link(t(lang, "fees_mara_link"), NAROK)))
    return Reply((*lines, t(lang, "fees_sight"), *sourced(stamps, lang)))


def _of_park(found: Sequence[Fee], lang: str, residency: str) -> list[Line]:
    newest = next((fee for fee in found if "before" not in (fee.tariff or "")), found[0])
    before = next((fee for fee in found if fee is not newest), None)
    said = t(lang, "fees_all", park=newest.park, people=_people(newest, lang, residency))
    if newest.suspended and before is not None:
        return [said, t(lang, "fees_suspended", before=_people(before, lang, residency))]
    if newest.suspended:
        return [said, t(lang, "fees_suspended_alone")]
    return [said, t(lang, "fees_old")] if "before" in (newest.tariff or "") else [said]


def _people(fee: Fee, lang: str, residency: str) -> str:
    amounts = {
        "citizen": (fee.citizen_adult_kes, fee.citizen_child_kes),
        "resident": (fee.resident_adult_kes, fee.resident_child_kes),
        "visitor": (fee.nonres_adult_usd, fee.nonres_child_usd),
    }
    wanted = [_WHO[residency]] if residency in _WHO else list(amounts)
    parts = [_person(who, *amounts[who], lang, fee.nonres_currency) for who in wanted]
    if "visitor" in wanted and fee.african_adult_usd is not None:
        parts.append(t(lang, "fees_african", adult=fee.african_adult_usd))
    return " · ".join(parts)


def _person(who: str, adult: int | None, child: int | None, lang: str, currency: str) -> str:
    if adult is None:
        return t(lang, f"fees_unknown_{who}")
    amount = f"{currency} {adult:,}" if who == "visitor" else kes(adult)
    person = t(lang, f"fees_{who}", adult=amount)
    return person if child is None else t(lang, "fees_child", person=person, child=f"{child:,}")


def _parks() -> list[str]:
    names = dict.fromkeys(fee.park.split(" (")[0] for fee in tariffs() if fee.tariff)
    return list(dict.fromkeys(_short(name) for name in names))


def _short(name: str) -> str:
    for ending in _LONG:
        name = name.removesuffix(ending)
    return name
