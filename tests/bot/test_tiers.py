"""A trip without a budget in chat: what it costs as a saver and in comfort, each one tap away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

import pytest

from bot import planning, present
from bot.buttons import intent_for
from bot.config import Settings
from bot.dialogue import Conversation, context_of, decide
from bot.intents import Action, Intent
from bot.present.words import written
from bot.tasks import PlanTask
from bot.wiring import NAIROBI, App
from planner.kinds import Tier
from planner.model import Itinerary, TripRequest

TODAY = date(2026, 11, 23)
NOW = datetime.combine(TODAY, time(), NAIROBI)
ASKED = Intent(
    Action.CREATE_ITINERARY, destination="mombasa", start_date=date(2026, 11, 27), duration_days=3, passengers=2
)


@cache
def app() -> App:
    return App(Settings.from_env({"SECRET_KEY": "nothing at all is kept by these tests"}))


def said(state: Conversation, intent: Intent) -> tuple[Conversation, TripRequest]:
    decision = decide(state, intent, TODAY, gazetteer=app().gazetteer)
    (task,) = decision.tasks
    assert isinstance(task, PlanTask)
    return decision.state, task.request


def plan_of(request: TripRequest) -> Itinerary:
    offers, _ = planning.gather(request, app().sources, NOW)
    plan = planning.compose(request, offers, trip_id="t", version=1, now=NOW)
    assert isinstance(plan, Itinerary)
    return plan


def test_a_tap_on_a_tier_gives_the_total_that_was_promised() -> None:
    state, request = said(Conversation(welcomed=True, lang="en"), ASKED)
    plan = plan_of(request)
    totals = planning.other_tiers(plan, app().sources, now=NOW)
    assert totals.keys() == {Tier.SAVER, Tier.COMFORT}
    assert totals[Tier.SAVER] < plan.total_kes < totals[Tier.COMFORT]
    (reply,) = present.tiers(totals, "en")
    for button, total in zip(reply.buttons, totals.values(), strict=True):
        _, tapped = said(state, intent_for(button.action, context_of(state, TODAY)))
        offers, _ = planning.gather(tapped, app().sources, NOW)
        changed = planning.recompose(plan, tapped, offers, version=2, now=NOW)
        assert isinstance(changed, Itinerary)
        assert changed.total_kes == total


def test_who_names_a_budget_or_a_taste_is_offered_no_tiers() -> None:
    for more in ({"budget_kes": 60_000}, {"preferences": ("cheap",)}, {"preferences": ("luxury",)}):
        _, request = said(Conversation(welcomed=True, lang="en"), replace(ASKED, **more))  # type: ignore[arg-type]
        assert planning.other_tiers(plan_of(request), app().sources, now=NOW) == {}


def test_no_tier_says_nothing() -> None:
    assert present.tiers({}, "en") == ()


@pytest.mark.parametrize("lang", ["en", "sw"])
def test_labels_fit_a_button(lang: str) -> None:
    (reply,) = present.tiers({Tier.SAVER: 21_400, Tier.COMFORT: 1_155_300}, lang)
    assert all(len(button.label) <= 20 for button in reply.buttons)
    assert "21,400" in written(reply)
