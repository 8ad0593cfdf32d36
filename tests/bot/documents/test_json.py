"""The JSON of a trip keeps the promises of the API."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.documents.json import export
from planner.model import Itinerary, Wishes
from tests import samples

KEYS = {"id", "version", "title", "request", "currency", "total_kes", "budget_kes", "per_person_kes", "days", "checks"}
ITEM_KEYS = {"id", "type", "title", "start", "end", "price_kes", "price", "provider", "booking_url", "place"}


def told(plan: Itinerary) -> dict[str, Any]:
    """The export as someone outside reads it."""
    return json.loads(json.dumps(export(plan)))


def items(plan: Itinerary) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for day in told(plan)["days"] for item in day["items"]}


@pytest.mark.parametrize("plan", [samples.mombasa(), samples.fortnight(), samples.no_budget()])
def test_it_has_every_promised_name_and_the_total_is_the_sum(plan: Itinerary) -> None:
    out = told(plan)
    assert out.keys() >= KEYS | {"unknowns", "alternatives"}
    lines = [item for day in out["days"] for item in day["items"]]
    assert all(item.keys() >= ITEM_KEYS | {"lat", "lon", "locked", "notes"} for item in lines)
    assert out["total_kes"] == sum(item["price_kes"] for item in lines) == plan.total_kes
    assert out["currency"] == "KES"


def test_the_second_part_of_a_leg_says_that_it_continues() -> None:
    found = items(samples.with_a_change())
    assert [name for name, item in found.items() if item["continues"]] == ["train-1"]


def test_every_moment_is_in_east_africa_time() -> None:
    train = items(samples.mombasa())["train-1"]
    assert (train["start"], train["end"]) == ("2026-11-27T08:00:00+03:00", "2026-11-27T14:00:00+03:00")
    for item in items(samples.fortnight()).values():
        assert datetime.fromisoformat(item["start"]).utcoffset() == timedelta(hours=3)


def test_whatever_costs_money_shows_how_its_price_is_known() -> None:
    for item in items(samples.mombasa()).values():
        if item["price_kes"]:
            assert item["price"].keys() >= {"amount", "currency", "basis", "source", "seen_at"}
    train = items(samples.mombasa())["train-1"]["price"]
    assert (train["amount"], train["basis"], train["seen_at"]) == (3000, "guide", "2024-01-01")


def test_a_price_that_is_not_known_is_null_and_an_undated_one_says_so() -> None:
    assert items(samples.mombasa())["visit-2"]["price"] is None
    assert items(samples.fortnight())["stay-0"]["price"]["seen_at"] is None


def test_alternatives_are_grouped_by_the_item_they_would_replace() -> None:
    out = told(samples.mombasa())["alternatives"]
    assert {key: [other["offer_id"] for other in others] for key, others in out.items()} == {
        "train-1": ["bus:tahmeed", "sgr:first"],
        "stay-1": ["guide:small-hotel"],
    }


def test_the_request_can_be_read_without_knowing_the_program() -> None:
    request = told(samples.mombasa())["request"]
    assert request["stops"] == [{"place": "mombasa", "nights": 2}]
    assert request["party"]["size"] == 2
    assert request["wishes"]["interests"] == {"heritage": 2}


def test_wishes_about_hours_and_the_dark_are_exported() -> None:
    wishes = Wishes(road_after_dark=False, leave_after=time(17), back_by=time(18, 30))
    plan = samples.mombasa()
    said = told(replace(plan, request=replace(plan.request, wishes=wishes)))["request"]["wishes"]
    assert (said["road_after_dark"], said["leave_after"], said["back_by"]) == (False, "17:00", "18:30")
    assert (said["arrive_by"], said["leave_back_after"]) == (None, None)


def test_unknowns_carry_a_code_and_a_sentence() -> None:
    unknown = told(samples.mombasa())["unknowns"][1]
    assert (unknown["code"], unknown["subject"]) == ("fee_unknown", "Haller Park")
    assert unknown["text"] == "Haller Park: the fee is not known and is not in the total."


def test_a_trip_without_a_budget_says_null() -> None:
    assert told(samples.no_budget())["budget_kes"] is None
