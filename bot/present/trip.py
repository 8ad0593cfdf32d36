"""A request in words: what was understood, what was guessed, what changed; and the files of a finished trip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from bot.i18n import date_range, day, kes, listed, nights, t
from bot.present.words import Towns, button, label, length, party_words, place_name
from bot.replies import Attachment, Button, DocumentKind, Line, Reply
from bot.terms import HOURS, in_own_town, terms
from planner.model import Itinerary, Mode, TripRequest
from planner.requirements import Count
from planner.shape import sleeps_at_home

# UK FCDO advice of 2 December 2025, nairobileo.co.ke/news/article/24438.
_CAUTIONS: Final = {
    "lamu": "caution_lamu",
    "garissa": "caution_some",
    "wajir": "caution_some",
    "mandera": "caution_avoid",
}


def route(request: TripRequest, towns: Towns | None) -> str:
    """ "Nairobi → Mombasa → Diani"; the town alone when the trip stays in it."""
    if in_own_town(request):
        return place_name(request.origin, towns)
    slugs = (request.origin, *(stop.place for stop in request.stops))
    return " → ".join(place_name(slug, towns) for slug, _ in groupby(slugs))


def places(request: TripRequest, towns: Towns | None) -> str:
    """The destinations: "Mombasa", "Mombasa, Diani"."""
    return ", ".join(place_name(slug, towns) for slug, _ in groupby(stop.place for stop in request.stops))


def summary(request: TripRequest, lang: str, towns: Towns | None) -> str:
    """One line: route, dates, people, budget."""
    parts = [route(request, towns), date_range(lang, request.start, request.end), party_words(lang, request.party)]
    if request.budget_kes is not None:
        parts.append(t(lang, "budget_in_all", amount=kes(request.budget_kes)))
    return " · ".join(parts)


def guesses(request: TripRequest, lang: str, towns: Towns | None) -> str:
    """What was assumed, said aloud; "" when nothing was."""
    assumed = [code for code in ("origin", "start", "duration", "party") if code in request.assumed]
    origin = place_name(request.origin, towns)
    if assumed == ["origin"]:
        return t(lang, "guess_origin_only", place=origin)
    if assumed == ["party"]:
        return t(lang, "guess_party_only", people=party_words(lang, request.party))
    words = {
        "origin": t(lang, "from_place", place=origin),
        "start": t(lang, "guess_start", day=day(lang, request.start)),
        "duration": length(lang, request.nights),
        "party": party_words(lang, request.party),
    }
    return t(lang, "guesses", what=", ".join(words[code] for code in assumed)) if assumed else ""


def assurances(request: TripRequest, lang: str, towns: Towns | None, *, reordered: bool) -> tuple[str, ...]:
    """What the plan keeps to, where one sleeps in the own town, and an order that Safiri chose."""
    lines = []
    if kept := terms(request, lang):
        lines.append(t(lang, "terms", what=", ".join(kept)))
    here = [stop.place for stop in request.stops if stop.place == request.origin]
    if here and request.nights and sleeps_at_home(request, request.origin):
        lines.append(t(lang, "sleep_at_home", place=place_name(request.origin, towns)))
    elif here and "origin" in request.assumed:
        lines.append(t(lang, "sleep_in_own_town", place=place_name(request.origin, towns)))
    if reordered:
        lines.append(t(lang, "best_order", places=places(request, towns)))
    return tuple(lines)


def cautions(request: TripRequest, lang: str, towns: Towns | None) -> tuple[str, ...]:
    """What travel advice says against the places of the trip, with its date; empty for most of Kenya."""
    slugs = (stop.place for stop in request.stops)
    return tuple(t(lang, _CAUTIONS[slug], place=place_name(slug, towns)) for slug in slugs if slug in _CAUTIONS)


def understood(
    request: TripRequest, lang: str, gazetteer: Towns, *, key: str | None = None, says: Sequence[str] = ()
) -> Reply:
    """The echo before planning: everything understood, every guess named, a way to change it."""
    lines: list[Line] = [t(lang, "understood", what=summary(request, lang, gazetteer))]
    if guess := guesses(request, lang, gazetteer):
        lines.append(guess)
    lines += [*says, t(lang, "planning")]
    return Reply(tuple(lines), buttons=_corrections(request, lang), progress=key)


def _corrections(request: TripRequest, lang: str) -> tuple[Button, ...]:
    two = (Button(party_label(lang, 2), "slot:party:2"),) if "party" in request.assumed else ()
    return (*two, button(lang, "button_change", "change")) if request.assumed else ()


def party_label(lang: str, count: int) -> str:
    """ "2 people" as a button."""
    return label(t(lang, "people_one" if count == 1 else "people_many", n=count))


def plan_documents(itinerary: Itinerary, lang: str) -> Reply:
    """The plan as files: PDF and calendar."""
    return documents(itinerary.id, itinerary.version, lang, (DocumentKind.PDF, DocumentKind.ICS))


def documents(trip_id: str, version: int, lang: str, kinds: Iterable[DocumentKind], say: str = "") -> Reply:
    """The wanted files of a trip's version, by reference."""
    attached = tuple(
        Attachment(kind, trip_id, version, f"safiri-v{version}.{kind.value}", t(lang, f"caption_{kind.value}"))
        for kind in kinds
    )
    return Reply(
        (say or t(lang, "documents" if len(attached) > 1 else f"caption_{attached[0].kind.value}"),), (), attached
    )


def mode_names(lang: str, modes: Iterable[Mode]) -> str:
    """ "train", "bus and train". A matatu goes without saying where the bus is named."""
    said = set(modes)
    if Mode.BUS in said:
        said.discard(Mode.MATATU)
    return listed(lang, sorted(t(lang, f"mode_{mode.value}") for mode in said))


def changes(before: TripRequest, after: TripRequest, lang: str, towns: Towns) -> tuple[str, ...]:
    """What differs between two requests, as short phrases; empty when nothing does."""
    return (*facts(before, after, lang, towns), *_taste_changes(before, after, lang), *_given_days(before, after, lang))


def facts(before: TripRequest, after: TripRequest, lang: str, towns: Towns) -> tuple[str, ...]:
    """What differs in where, when, who and for how much."""
    said: list[str] = []
    if before.stops != after.stops:
        said.append(t(lang, "change_to", places=places(after, towns)))
    if before.origin != after.origin:
        said.append(t(lang, "from_place", place=place_name(after.origin, towns)))
    if (before.start, before.end) != (after.start, after.end):
        said.append(f"{date_range(lang, after.start, after.end)} ({nights(lang, after.nights)})")
    if party_words(lang, before.party) != party_words(lang, after.party):
        said.append(party_words(lang, after.party))
    if before.party.residency is not after.party.residency:
        said.append(t(lang, f"term_fees_{after.party.residency.value}"))
    if before.budget_kes != after.budget_kes:
        money = after.budget_kes
        said.append(t(lang, "change_no_budget") if money is None else t(lang, "change_budget", amount=kes(money)))
    return tuple(said)


def _given_days(before: TripRequest, after: TripRequest, lang: str) -> Iterator[str]:
    """Visits that were given a day: "Fort Jesus on Sat 28 Nov"."""
    for required in after.requirements:
        if required not in before.requirements and isinstance(required.rule, Count):
            which = required.rule.which
            yield t(lang, "change_day_of", what=listed(lang, which.names), day=day(lang, min(which.on)))


def _taste_changes(before: TripRequest, after: TripRequest, lang: str) -> list[str]:
    old, new = before.wishes, after.wishes
    said: list[str] = []
    if new.cheap and not old.cheap:
        said.append(t(lang, "change_cheaper"))
    if new.stay_class and new.stay_class != old.stay_class:
        said.append(t(lang, "change_stay", stay=t(lang, f"stay_{new.stay_class.value}")))
    if new.modes_wanted - old.modes_wanted:
        said.append(t(lang, "change_mode", modes=mode_names(lang, new.modes_wanted - old.modes_wanted)))
    if new.modes_refused - old.modes_refused:
        said.append(t(lang, "change_no_mode", modes=mode_names(lang, new.modes_refused - old.modes_refused)))
    # What is newly kept to is said with all that is; only what is taken back needs words of its own.
    if new.road_after_dark and not old.road_after_dark:
        said.append(t(lang, "change_road_again"))
    if new.night_travel and not old.night_travel:
        said.append(t(lang, "change_night_again"))
    if old.heavy_bags and not new.heavy_bags:
        said.append(t(lang, "change_hand_luggage"))
    if new.stay_in_town != old.stay_in_town and any(stop.place == after.origin for stop in after.stops):
        said.append(t(lang, "change_bed" if new.stay_in_town else "change_home"))
    said += [t(lang, f"relax_{name}_any") for name in HOURS if getattr(old, name) and not getattr(new, name)]
    if gone := [word for word in new.avoid if word not in old.avoid]:
        said.append(t(lang, "change_avoid", what=listed(lang, gone)))
    if new.pace is not old.pace:
        said.append(t(lang, f"change_pace_{new.pace.value}"))
    given = {
        name
        for required in after.requirements
        if isinstance(required.rule, Count)
        for name in required.rule.which.names
    }
    if seen := [name for name in new.must_see if name not in old.must_see and name not in given]:
        said.append(t(lang, "change_see", what=listed(lang, seen)))
    if fresh := [word.replace("_", " ") for word in new.interests if word not in old.interests]:
        said.append(t(lang, "change_wish", what=listed(lang, fresh)))
    return said
