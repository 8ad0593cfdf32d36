"""From a request to a checked itinerary with its documents: sources, solver, checker. The one way to plan a trip."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.documents import ics, pdf
from bot.replies import DocumentKind
from planner.amending import amend
from planner.checks import broken, verify
from planner.kinds import Tier
from planner.model import Day, Finding, Infeasible, Item, ItemType, Itinerary, Offers, TripRequest
from planner.operations import Become
from planner.places import Gazetteer
from planner.relaxing import relax
from planner.solver import build
from planner.tiering import request_for
from providers import hotel_links, weather
from providers.base import Outcome, ProviderError, Query
from providers.collect import offers_for
from providers.memory import Memory
from providers.search import Build, Open, run, search_all
from providers.weather import DayWeather

log = structlog.get_logger(__name__)

DEADLINE = 6.0  # seconds for all sources together
GETTING_READY = timedelta(hours=2)  # nobody catches what leaves sooner: to pack, to get there, to board
_drawing = threading.Lock()  # reportlab's fonts keep books on the documents they are in, not made for several threads
PATIENCE = 8.0  # seconds after which sources are no longer asked for ways out of an impossible trip


class UnsoundPlan(Exception):
    """The solver made a plan that the checker refuses: a bug, and never shown to a traveller."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.rule for finding in findings))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Sources:
    """What planning needs beside the request: places, sources, their settings, and how to reach them.

    `memory` remembers the weather. `map_memory` remembers where points in a traveller's words are; None: they are not
    looked up.
    """

    gazetteer: Gazetteer
    providers: Sequence[Build]
    keys: Mapping[str, str]
    open_http: Open
    memory: Memory | None = None
    map_memory: Memory | None = None

    def only(self, name: str) -> Sources:
        """One of them alone."""
        return replace(self, providers=[build for build in self.providers if getattr(build, "name", "") == name])

    def search(self, queries: Sequence[Query], deadline: float) -> list[Outcome]:
        """Ask the sources that answer queries of these kinds."""
        return search_all(queries, self.providers, deadline, keys=self.keys, open_http=self.open_http)


def gather(request: TripRequest, sources: Sources, now: datetime | None = None) -> tuple[Offers, list[Outcome]]:
    """Everything on offer for the trip, and how each source fared."""
    soonest = None if now is None else now + GETTING_READY
    return offers_for(
        request, sources.gazetteer, sources.providers, DEADLINE,
        keys=sources.keys, now=soonest, open_http=sources.open_http,
    )  # fmt: skip


def compose(
    request: TripRequest, offers: Offers, *, trip_id: str, version: int, now: datetime
) -> Itinerary | Infeasible:
    """The best trip within the offers, checked, or why there is none. Raises UnsoundPlan."""
    return _checked(build(request, offers, trip_id=trip_id, version=version), request, offers, now)


def recompose(
    planned: Itinerary,
    request: TripRequest,
    offers: Offers,
    *,
    version: int,
    now: datetime,
    about: Collection[str] = (),
    quicker: bool = False,
) -> Itinerary | Infeasible:
    """A planned trip for a changed request, no more different than it must be, checked. Raises UnsoundPlan.

    `about` and `quicker` as in planner.operations.Become.
    """
    change = Become(request, frozenset(about), quicker)
    return _checked(amend(planned.request, planned, change, offers, version=version), request, offers, now)


def _checked(
    plan: Itinerary | Infeasible, request: TripRequest, offers: Offers, now: datetime
) -> Itinerary | Infeasible:
    if isinstance(plan, Infeasible):
        return plan
    findings = verify(plan, request, offers)
    if broken(findings):
        raise UnsoundPlan(broken(findings))
    left = None if request.budget_kes is None else request.budget_kes - plan.total_kes
    return replace(plan, days=tuple(_redated(day, left) for day in plan.days), checks=findings, created_at=now)


def _redated(day: Day, left: int | None) -> Day:
    """Booking links of stays ask for the nights of the plan, which an overnight ride makes fewer than were searched,
    and for no more than what the stay was planned at and what is `left` of the budget.
    """
    return replace(day, items=tuple(_with_dates(item, left) for item in day.items))


def _with_dates(item: Item, left: int | None) -> Item:
    if item.type is not ItemType.STAY or item.booking_url is None:
        return item
    first_night = (item.start - timedelta(hours=12)).date()  # who comes before noon sleeps the night before
    budget = None if left is None or item.price_kes + left <= 0 else item.price_kes + left
    url = hotel_links.redated(item.booking_url, first_night, item.end.date(), budget=budget)
    return replace(item, booking_url=url)


def ways_out(
    refused: Infeasible,
    request: TripRequest,
    offers: Offers,
    sources: Sources,
    *,
    now: datetime,
    planned: Itinerary | None = None,
) -> Infeasible:
    """The refusal with the rules that clash and up to three changes that were planned and checked.

    With `planned`, the trip on screen, the changes are planned as `recompose` will when one is chosen.
    """
    started = time.monotonic()

    def again(changed: TripRequest) -> Offers | None:
        """Offers for a changed request, as long as nobody has waited too long."""
        if time.monotonic() - started > PATIENCE:
            return None
        return gather(changed, sources, now)[0]

    def solve(changed: TripRequest, offered: Offers) -> Itinerary | Infeasible:
        if planned is None:
            return build(changed, offered, trip_id="way out", explained=False)
        return amend(planned.request, planned, Become(changed), offered, version=planned.version + 1)

    return relax(request, offers, refused, regather=again, solve=solve)


def other_tiers(plan: Itinerary, sources: Sources, *, now: datetime) -> Mapping[Tier, int]:
    """What a trip planned without a budget costs as a saver and in comfort, each as choosing it changes the plan."""
    request, found = plan.request, dict[Tier, int]()
    if request.budget_kes is not None or request.wishes.cheap or request.wishes.comfort or request.wishes.stay_class:
        return found
    for tier in (Tier.SAVER, Tier.COMFORT):
        asked = request_for(request, tier)
        offers, _ = gather(asked, sources, now)
        try:
            other = recompose(plan, asked, offers, version=plan.version + 1, now=now)
        except UnsoundPlan as exc:
            log.error("the checker refused another tier", tier=str(tier), findings=str(exc))
            continue
        if isinstance(other, Itinerary) and (other.total_kes < plan.total_kes) is (tier is Tier.SAVER):
            found[tier] = other.total_kes
    return found


def forecast(plan: Itinerary, sources: Sources, today: date) -> list[DayWeather]:
    """The weather where and when the trip is, where the operator has a service for it; none when that fails."""
    memory = sources.memory
    if memory is None or not weather.enabled(sources.keys):
        return []
    places = [place for day in plan.days if (place := sources.gazetteer.get(day.place)) is not None]
    first, last = plan.request.start, plan.request.end
    try:
        return run(
            lambda http: weather.remembered(http, sources.keys, memory, places, first, last, today), sources.open_http
        )
    except ProviderError as exc:
        log.warning("no weather", error=str(exc))
        return []


def documents(itinerary: Itinerary, lang: str, share_url: str | None) -> dict[DocumentKind, bytes]:
    """The files of a trip."""
    with _drawing:
        return _documents(itinerary, lang, share_url)


def _documents(itinerary: Itinerary, lang: str, share_url: str | None) -> dict[DocumentKind, bytes]:
    renderers: dict[DocumentKind, Callable[..., bytes]] = {DocumentKind.PDF: pdf.render, DocumentKind.ICS: ics.render}
    return {kind: render(itinerary, lang=lang, share_url=share_url) for kind, render in renderers.items()}
