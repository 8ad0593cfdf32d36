"""Why a trip cannot be, the cheapest total that was found, and the ways out as buttons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.i18n import date_range, day, kes, keys, listed, t
from bot.present.trip import mode_names, places
from bot.present.words import Towns, button, label, length, party_words, place_name
from bot.replies import Button, Line, Reply
from bot.terms import HOURS
from planner.model import Infeasible, Mode, Relaxation, TripRequest

_MOST_WAYS = 3
_ALONE = frozenset({"hours", "after_dark", "refused", "time"})  # rules with a sentence of their own
_LONGEST_ACTION = 64  # bytes
_LONGEST_LABEL = 20
_ASKED_FOR = (Mode.BUS, Mode.TRAIN, Mode.FLIGHT, Mode.CAR, Mode.MATATU)  # ways to travel that a word stands for


@dataclass(frozen=True, slots=True)
class _Way:
    """A way out as a button: in full and in short words, its action, and the total it comes to (None: in the words)."""

    words: str
    short: str
    action: str
    total_kes: int | None
    raised: bool = False

    def line(self, number: int, lang: str) -> str:
        if self.total_kes is None:
            return f"{number}. {self.words}"
        key = "relax_line_raised" if self.raised else "relax_line"
        return f"{number}. {t(lang, key, what=self.words, amount=kes(self.total_kes))}"

    def button(self, number: int, lang: str) -> Button:
        """Words that do not fit on a button give way to the number of their line."""
        words = self.short if len(self.short) <= _LONGEST_LABEL else t(lang, "relax_number", n=number)
        return Button(label(words, "" if self.total_kes is None else f"{self.total_kes:,}"), self.action)


def infeasible(result: Infeasible, request: TripRequest, lang: str, gazetteer: Towns) -> Reply:
    """Says that it cannot be and why, and offers up to three changes that were found to work."""
    lines: list[Line] = [_reason(result, request, lang, gazetteer)]
    if result.missing:
        names = [leg_name(code, gazetteer) for code in result.missing]
        lines.append(t(lang, "infeasible_missing", what=listed(lang, names)))
    ways = _ways(result, request, lang, gazetteer)
    if not ways:
        lines.append(t(lang, "could_do"))
        return Reply(tuple(lines), (button(lang, "button_change", "change"),))
    lines.append(t(lang, "can_do"))
    lines += [way.line(number, lang) for number, way in enumerate(ways, 1)]
    return Reply(tuple(lines), tuple(way.button(number, lang) for number, way in enumerate(ways, 1)))


def leg_name(code: str, towns: Towns) -> str:
    """A missing leg or place as people say it: "nairobi>lamu" → "Nairobi → Lamu"."""
    for arrow in ("->", "→", ">"):
        if arrow in code:
            return " → ".join(place_name(part.strip(), towns) for part in code.split(arrow))
    return place_name(code, towns) if towns.get(code) else code.replace("_", " ")


def _reason(result: Infeasible, request: TripRequest, lang: str, towns: Towns) -> str:
    trip = f"{places(request, towns)}, {date_range(lang, request.start, request.end)}"
    who, budget, cheapest = party_words(lang, request.party), request.budget_kes, result.cheapest_kes
    money = budget is not None and (cheapest > budget if cheapest is not None else result.rules in ((), ("budget",)))
    if budget is None or result.missing or not money:
        return _broken(result, trip, lang)
    if cheapest is None:
        return t(lang, "infeasible_unpriced", trip=trip, people=who, budget=kes(budget))
    said = t(lang, "infeasible", trip=trip, people=who, budget=kes(budget), cheapest=kes(cheapest))
    others = _rules(result, lang, leaving_out="budget")
    return f"{said} {t(lang, 'infeasible_also', what=listed(lang, others))}" if others else said


def _broken(result: Infeasible, trip: str, lang: str) -> str:
    """Without money in it: which of the traveller's own rules cannot be kept together."""
    names = _rules(result, lang)
    alone = next((rule for rule in result.rules if rule in _ALONE), None)
    if alone is not None and len(names) < 2:
        return t(lang, f"infeasible_{alone}", trip=trip)
    if not names:
        return t(lang, "infeasible_rules", trip=trip)
    return t(lang, "infeasible_together", trip=trip, what=listed(lang, names, most=len(names)))


def _rules(result: Infeasible, lang: str, leaving_out: str = "") -> list[str]:
    known = keys(lang)
    return [t(lang, f"rule_{rule}") for rule in result.rules if f"rule_{rule}" in known and rule != leaving_out]


def _ways(result: Infeasible, request: TripRequest, lang: str, towns: Towns) -> list[_Way]:
    """The ways that a button can ask for; when none was solved, the cheapest total found is itself one."""
    found = [way for change in result.relaxations if (way := _way(change, request, lang, towns))][:_MOST_WAYS]
    cheapest, budget = result.cheapest_kes, request.budget_kes
    if found or result.missing or cheapest is None or budget is None or cheapest <= budget:
        return found
    return [_raise_to(cheapest, lang)]


def _raise_to(amount: int, lang: str) -> _Way:
    words = t(lang, "relax_budget", amount=f"{amount:,}")
    return _Way(words, words, f"budget:{amount}", None)


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that a way changes: in full and in short words, and as a part of the button's action."""

    words: str
    short: str
    action: str


def _way(change: Relaxation, request: TripRequest, lang: str, towns: Towns) -> _Way | None:
    """All that differs between the request and the relaxed one; None when no button can carry it."""
    after, codes = change.request, change.change.split("+")
    raised = after.budget_kes is not None and after.budget_kes != request.budget_kes
    if raised and codes == ["budget"]:
        return _raise_to(max(after.budget_kes or 0, change.total_kes), lang)
    codes = sorted((code for code in codes if code != "budget"), key=lambda code: code not in ("nights", "dates"))
    parts = [_part(code, request, after, lang, towns) for code in codes]
    known = [part for part in parts if part is not None]
    actions = [part.action for part in known]
    if after.budget_kes is not None and (raised or after.nights != request.nights):
        actions.append(f"budget={after.budget_kes}")  # also where it was said by the night
    action = f"way:{';'.join(actions)}"
    if not known or len(known) < len(parts) or len(action) > _LONGEST_ACTION:
        return None
    words, short = _sentence(part.words for part in known), _sentence(part.short for part in known)
    return _Way(words, short, action, change.total_kes, raised)


def _sentence(parts: Iterable[str]) -> str:
    said = ", ".join(parts)
    return said[:1].upper() + said[1:]


def _part(code: str, before: TripRequest, after: TripRequest, lang: str, towns: Towns) -> _Part | None:
    """One change of a known kind, None for one that no button can ask for."""
    match code:
        case "nights":
            said = length(lang, after.nights)
            return _Part(said, said, _days(after))
        case "dates":
            return _Part(date_range(lang, after.start, after.end), day(lang, after.start), _days(after))
        case "cheap":
            return _Part(t(lang, "relax_cheap"), t(lang, "relax_cheap_short"), "cheap")
        case "stay_class" if after.wishes.stay_class:
            stay = after.wishes.stay_class.value
            said = t(lang, "relax_stay_class", stay=t(lang, f"stay_{stay}"))
            return _Part(said, said, f"stay={stay}")
        case "mode":
            return _mode(before, after, lang)
        case "night":
            said = t(lang, "relax_night")
            return _Part(said, said, "night")
        case "after_dark":
            said = t(lang, "relax_after_dark")
            return _Part(said, said, "road_after_dark")
        case "bags":
            said = t(lang, "relax_bags")
            return _Part(said, said, "hand_luggage")
        case "hours":
            return _hour(before, after, lang)
        case "stops":
            left = {stop.place for stop in after.stops}
            gone = next(stop.place for stop in before.stops if stop.place not in left)
            said = t(lang, "relax_without", what=place_name(gone, towns))
            return _Part(said, said, f"drop={gone}")
    return None


def _hour(before: TripRequest, after: TripRequest, lang: str) -> _Part | None:
    """One of the hours of the way out and home, moved or given up."""
    for name in HOURS:
        at = getattr(after.wishes, name)
        if at == getattr(before.wishes, name):
            continue
        said = t(lang, f"relax_{name}", time=f"{at:%H:%M}") if at else t(lang, f"relax_{name}_any")
        return _Part(said, said, f"{name}={at:%H%M}" if at else f"{name}=any")
    return None


def _mode(before: TripRequest, after: TripRequest, lang: str) -> _Part | None:
    new = (before.wishes.modes_refused - after.wishes.modes_refused) | after.wishes.modes_wanted
    mode = next((mode for mode in _ASKED_FOR if mode in new), None)
    if mode is None:
        return None
    said = t(lang, "relax_mode", mode=mode_names(lang, [mode]))
    return _Part(said, said, f"mode={mode.value}")


def _days(request: TripRequest) -> str:
    return f"days={request.start:%Y%m%d}-{request.end:%Y%m%d}"
