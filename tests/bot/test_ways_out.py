"""An impossible trip in chat: what is said, and that a tap asks for exactly the trip that was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

import pytest

from bot import planning
from bot.buttons import intent_for
from bot.config import Settings
from bot.dialogue import Conversation, context_of, decide
from bot.intents import Action, Intent
from bot.present import infeasible
from bot.present.words import written
from bot.replies import Reply
from bot.tasks import PlanTask
from bot.wiring import NAIROBI, App
from planner.model import Infeasible, Itinerary, Relaxation, StayClass, TripRequest, Wishes

TODAY = date(2026, 11, 23)
NOW = datetime.combine(TODAY, time(), NAIROBI)
FRIDAY = date(2026, 11, 27)

ASKED = {
    "three days in the Mara for little": Intent(
        Action.CREATE_ITINERARY, destination="maasai-mara", start_date=FRIDAY, duration_days=3, passengers=2,
        budget_kes=15_000,
    ),
    "a week in Lamu for four": Intent(
        Action.CREATE_ITINERARY, destination="lamu", start_date=FRIDAY, duration_days=7, passengers=4,
        budget_kes=30_000,
    ),
    "luxury in Diani, so much a night": Intent(
        Action.CREATE_ITINERARY, destination="diani", start_date=FRIDAY, nights=4, passengers=2,
        budget_per_night_kes=4_000, preferences=("luxury",),
    ),
    "Mombasa by day and not by bus": Intent(
        Action.CREATE_ITINERARY, destination="mombasa", start_date=FRIDAY, nights=2, passengers=2, budget_kes=9_000,
        remove=("bus", "matatu"), preferences=("no_night_travel",),
    ),
    "two towns": Intent(
        Action.CREATE_ITINERARY, destination="naivasha", destinations=("naivasha", "kisumu"), start_date=FRIDAY,
        duration_days=4, passengers=2, budget_kes=8_000,
    ),
    "a day that is too short": Intent(
        Action.CREATE_ITINERARY, destination="amboseli", start_date=FRIDAY, duration_days=1, passengers=2,
        budget_kes=40_000,
    ),
    "Diani by daylight after work": Intent(
        Action.CREATE_ITINERARY, destination="diani", start_date=FRIDAY, nights=2, passengers=2,
        preferences=("no_road_after_dark",), leave_after=time(17),
    ),
    "Kisumu in a morning": Intent(
        Action.CREATE_ITINERARY, destination="kisumu", start_date=FRIDAY, nights=1, passengers=2, arrive_by=time(8),
        back_by=time(19),
    ),
    "a room in one's own town": Intent(
        Action.CREATE_ITINERARY, origin="mombasa", destination="mombasa", start_date=FRIDAY, nights=2, passengers=2,
        budget_kes=5_000, preferences=("hotel",),
    ),
    "Watamu in some month": Intent(
        Action.CREATE_ITINERARY, destination="watamu", month="2026-12", nights=3, passengers=3, budget_kes=9_000,
    ),
}  # fmt: skip


@cache
def app() -> App:
    return App(Settings.from_env({"SECRET_KEY": "nothing at all is kept by these tests"}))


def said(state: Conversation, intent: Intent) -> tuple[Conversation, TripRequest]:
    decision = decide(state, intent, TODAY, gazetteer=app().gazetteer)
    (task,) = decision.tasks
    assert isinstance(task, PlanTask)
    return decision.state, task.request


def planned(request: TripRequest) -> tuple[Itinerary | Infeasible, TripRequest]:
    offers, _ = planning.gather(request, app().sources, NOW)
    plan = planning.compose(request, offers, trip_id="t", version=1, now=NOW)
    if isinstance(plan, Infeasible):
        return planning.ways_out(plan, request, offers, app().sources, now=NOW), request
    return plan, request


def as_asked(request: TripRequest) -> TripRequest:
    """Without the memory of what was a guess: a tap is no guess."""
    return replace(request, assumed=())


@pytest.mark.parametrize("name", ASKED)
def test_a_tap_on_a_way_out_gives_the_very_plan_that_was_promised(name: str) -> None:
    state, request = said(Conversation(welcomed=True, lang="en"), ASKED[name])
    refused, _ = planned(request)
    assert isinstance(refused, Infeasible)
    reply = infeasible(refused, request, "en", app().gazetteer)
    assert len(reply.buttons) == len(refused.relaxations) >= 1
    for button, way in zip(reply.buttons, refused.relaxations, strict=True):
        _, tapped = said(state, intent_for(button.action, context_of(state, TODAY)))
        assert as_asked(tapped) == as_asked(way.request), button
        plan, _ = planned(tapped)
        assert isinstance(plan, Itinerary)
        assert plan.total_kes == way.total_kes


@pytest.mark.parametrize("lang", ["en", "sw"])
@pytest.mark.parametrize("name", ASKED)
def test_every_way_out_is_a_line_with_its_price_and_a_label_that_fits(name: str, lang: str) -> None:
    _, request = said(Conversation(welcomed=True, lang=lang), ASKED[name])
    refused, _ = planned(request)
    assert isinstance(refused, Infeasible)
    reply = infeasible(refused, request, lang, app().gazetteer)
    assert len({button.label for button in reply.buttons}) == len(reply.buttons) <= 3
    assert all(len(button.label) <= 20 and not button.label.endswith("…") for button in reply.buttons)
    for way in refused.relaxations:
        assert f"{way.total_kes:,}" in written(reply)


def shown(request: TripRequest, rules: tuple[str, ...], *ways: Relaxation, lang: str = "en") -> Reply:
    return infeasible(Infeasible(rules, 25_600, ways), request, lang, app().gazetteer)


def mara(budget: int | None = 15_000) -> TripRequest:
    _, request = said(Conversation(welcomed=True, lang="en"), ASKED["three days in the Mara for little"])
    return replace(request, budget_kes=budget)


def test_the_refusal_reads_like_a_person_wrote_it() -> None:
    request = mara()
    shorter = replace(request, end=date(2026, 11, 28))
    simple = replace(request, budget_kes=19_780, wishes=Wishes(cheap=True))
    ways = (
        Relaxation("nights", shorter, 14_400),
        Relaxation("cheap+budget", simple, 19_780),
        Relaxation("budget", replace(request, budget_kes=25_600), 25_600),
    )
    reply = shown(request, ("budget",), *ways)
    assert written(reply).splitlines() == [
        "Maasai Mara, Fri 27 – Sun 29 Nov for 2 people does not fit KES 15,000: the cheapest I found is KES 25,600.",
        "What I can do:",
        "1. 2 days: KES 14,400",
        "2. The simplest of everything: KES 19,780, over your budget",
        "3. Raise to 25,600",
    ]
    assert [button.label for button in reply.buttons] == ["2 days — 14,400", "Go simple — 19,780", "Raise to 25,600"]
    swahili = shown(request, ("budget",), *ways, lang="sw")
    assert [button.label for button in swahili.buttons] == [
        "Siku 2 — 14,400", "Kwa unafuu — 19,780", "Ongeza hadi 25,600"
    ]  # fmt: skip


def test_rules_that_clash_beside_the_budget_are_named() -> None:
    assert "Part of why: what you ruled out." in written(shown(mara(), ("refused", "budget")))
    both = written(shown(mara(None), ("hours", "must_see")))
    assert "the hours you gave and everything you must see" in both
    assert "KES" not in both


def test_a_way_that_no_button_can_ask_for_is_not_offered() -> None:
    request = replace(mara(None), wishes=Wishes(must_see=("Louvre",), stay_class=StayClass.MID))
    way = Relaxation("must_see", replace(request, wishes=Wishes(stay_class=StayClass.MID)), 20_000)
    assert [button.action for button in shown(request, ("must_see",), way).buttons] == ["change"]
