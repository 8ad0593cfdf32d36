"""The plain text of a trip is complete and fits a terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.documents.text import WIDTH, render
from planner.model import ItemType, Itinerary, Party, Residency, Wishes
from tests import samples

PLANS = [samples.mombasa(), samples.fortnight(), samples.no_budget(), samples.over_budget(), samples.with_a_change()]


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("lang", ["en", "sw"])
def test_every_item_is_there_and_only_addresses_are_longer_than_a_line(plan: Itinerary, lang: str) -> None:
    text = render(plan, lang)
    flat = " ".join(text.split())
    assert all(item.title in flat for item in plan.items if item.type is not ItemType.MEAL)
    assert all(item.booking_url in text for item in plan.items if item.booking_url)
    assert all(len(line) <= WIDTH or "https://" in line for line in text.splitlines())


def test_it_begins_with_the_trip_and_what_it_costs() -> None:
    assert render(samples.mombasa(), "en").splitlines()[:4] == [
        "Mombasa, 3 days · Fri 27 – Sun 29 Nov 2026 · 2 people · from Nairobi",
        "KES 27,980 of KES 60,000 · KES 32,020 left",
        "KES 13,990 per person",
        "All 6 checks passed ✓",
    ]


def test_a_trip_at_home_starts_nowhere_else_and_its_nights_cost_nothing() -> None:
    text = render(samples.at_home(), "en")
    assert text.splitlines()[0] == "Mombasa · Fri 27 – Sat 28 Nov 2026 · 2 people"
    assert "🛏 18:00–Sat 28 10:00 At home · free" in text
    assert "not priced" not in text
    assert "Nyumbani" in render(samples.at_home(), "sw")


def test_what_the_plan_keeps_to_stands_at_its_head() -> None:
    plan = samples.mombasa()
    party = Party(2, 2, (0, 9), Residency.VISITOR)
    wishes = Wishes(leave_after=time(17), back_by=time(18), road_after_dark=False)
    asked = replace(plan, request=replace(plan.request, party=party, wishes=wishes))
    head = " ".join(render(asked, "en").split("KES")[0].split())
    assert "2 adults and 2 children (under 1 and 9)" in head
    assert "leaving after 17:00 · home by 18:00 · no road travel between towns after dark" in head
    assert "park fees of non-residents" in head
    assert "ada za wageni" in render(asked, "sw")


def test_each_price_says_how_it_is_known() -> None:
    text = render(samples.mombasa(), "en")
    assert "🚆 08:00–14:00 Madaraka Express Inter-County, economy · KES 3,000 (tariff Jan 2024)" in text
    assert "🎟 09:30–12:00 Haller Park · fee not known" in text
    assert "? Haller Park: the fee is not known and is not in the total." in text


def test_a_change_is_named() -> None:
    assert "You change in Nairobi" in " ".join(render(samples.with_a_change(), "en").split())
    assert "Unabadilisha gari Nairobi" in " ".join(render(samples.with_a_change(), "sw").split())


def test_swahili_speaks_swahili() -> None:
    text = render(samples.mombasa(), "sw")
    assert "Ijumaa 27 – Jumapili 29 Nov 2026 · watu 2 · kutoka Nairobi" in text
    assert "ada haijulikani" in text
    assert "per person" not in text


def test_a_broken_plan_is_not_called_checked() -> None:
    text = render(samples.over_budget(), "en")
    assert "1 of 6 checks failed" in text
    assert "✗ KES 27,980 is over the budget of 20,000" in text
    assert "KES 7,980 over budget" in text


def test_unknown_things_of_one_kind_share_a_line() -> None:
    words = " ".join(render(samples.fortnight(), "en").split())
    assert words.count("the fee is not known") == 1
