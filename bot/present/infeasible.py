"""Why a trip cannot be, the cheapest total that was found, and the ways out as buttons."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import date_range, kes, listed, t
from bot.present.trip import mode_names, places
from bot.present.words import Towns, button, label, length, party_words, place_name
from bot.replies import Button, Line, Reply
from planner.model import Infeasible, Relaxation, TripRequest

_MOST_WAYS = 3
_RULES = frozenset({"hours", "refused", "time"})


@dataclass(frozen=True, slots=True)
class _Way:
    """A way out as a button: its words, the button action, and the total it comes to (already in a budget's words)."""

    words: str
    action: str
    total_kes: int | None

    def line(self, number: int, lang: str) -> str:
        if self.total_kes is None:
            return f"{number}. {self.words}"
        return f"{number}. {t(lang, 'relax_line', what=self.words, amount=kes(self.total_kes))}"

    def button(self) -> Button:
        return Button(label(self.words, "" if self.total_kes is None else f"{self.total_kes:,}"), self.action)


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
    return Reply(tuple(lines), tuple(way.button() for way in ways))


def leg_name(code: str, towns: Towns) -> str:
    """A missing leg or place as people say it: "nairobi>lamu" → "Nairobi → Lamu"."""
    for arrow in ("->", "→", ">"):
        if arrow in code:
            return " → ".join(place_name(part.strip(), towns) for part in code.split(arrow))
    return place_name(code, towns) if towns.get(code) else code.replace("_", " ")


def _reason(result: Infeasible, request: TripRequest, lang: str, towns: Towns) -> str:
    trip = f"{places(request, towns)}, {date_range(lang, request.start, request.end)}"
    who, budget, cheapest = party_words(lang, request.party), request.budget_kes, result.cheapest_kes
    other = next((rule for rule in result.rules if rule in _RULES), None)
    money = budget is not None and (cheapest > budget if cheapest is not None else result.rules in ((), ("budget",)))
    if budget is None or result.missing or not money:
        rule = other or "rules"
        return t(lang, f"infeasible_{rule}", trip=trip)
    if cheapest is None:
        return t(lang, "infeasible_unpriced", trip=trip, people=who, budget=kes(budget))
    return t(lang, "infeasible", trip=trip, people=who, budget=kes(budget), cheapest=kes(cheapest))


def _ways(result: Infeasible, request: TripRequest, lang: str, towns: Towns) -> list[_Way]:
    """The ways that a button can ask for; when none was solved, the cheapest total found is itself one."""
    found = [way for change in result.relaxations if (way := _way(change, request, lang, towns))][:_MOST_WAYS]
    cheapest, budget = result.cheapest_kes, request.budget_kes
    if found or result.missing or cheapest is None or budget is None or cheapest <= budget:
        return found
    return [_raise_to(cheapest, lang)]


def _raise_to(amount: int, lang: str) -> _Way:
    return _Way(t(lang, "relax_budget", amount=f"{amount:,}"), f"budget:{amount}", None)


def _way(change: Relaxation, request: TripRequest, lang: str, towns: Towns) -> _Way | None:
    """What differs between the request and the relaxed one, if it is a single thing a button can carry."""
    after, total = change.request, change.total_kes
    if after.budget_kes != request.budget_kes:
        return _raise_to(max(after.budget_kes or 0, total), lang)
    if after.end != request.end and after.start == request.start:
        return _Way(length(lang, after.nights), f"slot:end:{after.end.isoformat()}", total)
    if after.wishes.stay_class is not request.wishes.stay_class and after.wishes.stay_class:
        stay = after.wishes.stay_class.value
        return _Way(t(lang, "relax_stay_class", stay=t(lang, f"stay_{stay}")), f"stay:{stay}", total)
    if freed := request.wishes.modes_refused - after.wishes.modes_refused:
        mode = min(freed)
        return _Way(t(lang, "relax_mode", mode=mode_names(lang, [mode])), f"mode:{mode.value}", total)
    if after.stops != request.stops and len(after.stops) == 1:
        slug = after.stops[0].place
        return _Way(place_name(slug, towns), f"slot:destination:{slug}", total)
    return None
