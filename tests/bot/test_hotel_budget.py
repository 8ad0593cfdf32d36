"""A plan's hotel link asks for no more than the stay was planned at and what is left of the budget."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import planning
from bot.config import Settings
from bot.wiring import NAIROBI, App
from planner.model import Item, ItemType, Itinerary, Party, Stop, TripRequest
from providers.hotel_links import leads_to

NOW = datetime.combine(date(2026, 11, 23), time(), NAIROBI)
AWIN = {"BOOKING_AWIN_MID": "6776", "BOOKING_AWIN_AFFID": "999999"}


@cache
def sources() -> planning.Sources:
    return App(Settings.from_env({"SECRET_KEY": "nothing at all is kept by these tests", **AWIN})).sources


def plan_of(budget: int | None) -> tuple[Itinerary, Item]:
    request = TripRequest(
        "nairobi", (Stop("mombasa"),), date(2026, 11, 27), date(2026, 11, 30), Party(4), budget_kes=budget
    )
    offers, _ = planning.gather(request, sources(), NOW)
    plan = planning.compose(request, offers, trip_id="t", version=1, now=NOW)
    assert isinstance(plan, Itinerary)
    return plan, next(item for item in plan.items if item.type is ItemType.STAY)


def asked(stay: Item) -> dict[str, list[str]]:
    assert stay.booking_url is not None
    assert stay.booking_url.startswith("https://www.awin1.com/")
    return parse_qs(urlsplit(leads_to(stay.booking_url)).query)


@pytest.mark.parametrize("budget", [120_000, 150_000])
def test_the_ceiling_is_the_rest_of_the_budget_by_nights_and_rooms(budget: int) -> None:
    plan, stay = plan_of(budget)
    nights, found = (stay.end.date() - stay.start.date()).days, asked(stay)
    rest = budget - plan.total_kes + stay.price_kes
    assert found["no_rooms"] == ["2"]
    assert found["nflt"] == [f"price=KES-min-{rest // (nights * 2)}-1"]
    assert found["selected_currency"] == ["KES"]


def test_without_a_budget_there_is_no_ceiling() -> None:
    assert "nflt" not in asked(plan_of(None)[1])
