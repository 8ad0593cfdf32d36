"""The page of a trip says how old its prices are when it is read, which are samples, and whose rates were used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from bot.present.words import RATES_CREDIT, RATES_URL
from planner.model import ItemType, Itinerary, Price
from providers.fx import price
from storage.store import Store
from tests.providers.online import RATES
from tests.samples import mombasa

Show = Callable[..., str]


def live(minutes: int, currency: str = "KES", *, sample: bool = False) -> Price:
    seen = datetime.now(UTC) - timedelta(minutes=minutes)
    return price(Decimal(45), currency, RATES, source="Duffel", seen_at=seen, sample=sample)


def by_train(fare: Price) -> Itinerary:
    plan = mombasa()
    days = [
        replace(day, items=tuple(replace(i, price=fare) if i.type is ItemType.TRAIN else i for i in day.items))
        for day in plan.days
    ]
    return replace(plan, days=tuple(days))


@pytest.fixture
def show(store: Store, client: FlaskClient) -> Show:
    """The words of the page of a trip."""

    def words(plan: Itinerary, lang: str = "en") -> str:
        with store.session() as s:
            trip_id = store.trips.create(s, store.chats.open(s, "telegram", "1"))
            store.trips.save(s, replace(plan, id=trip_id))
            path = f"/t/{store.trips.token(s, trip_id)}?lang={lang}"
        return " ".join(client.get(path).get_data(as_text=True).split())

    return words


def test_a_price_ages_while_the_page_stands(show: Show) -> None:
    assert "live, 5 min ago" in show(by_train(live(5)))
    assert "seen 3 h ago" in show(by_train(live(200)))
    assert "ilionekana saa 3 zilizopita" in show(by_train(live(200)), "sw")


def test_a_sample_is_marked_and_explained(show: Show) -> None:
    page = show(by_train(live(5, sample=True)))
    assert page.count("sample, not a real price") == 2
    assert "nobody sells at it" in page
    assert "mfano tu, si bei halisi" in show(by_train(live(5, sample=True)), "sw")
    assert "nobody sells at it" not in show(mombasa())


def test_a_conversion_shows_its_rate_and_credits_whose_it_is(show: Show) -> None:
    page = show(by_train(live(5, "USD")))
    assert "≈KES 5,817" in page
    assert "≈ USD 45 at KES 129.25 (ExchangeRate-API, 22 Nov 2026)" in page
    assert f'<a href="{RATES_URL}" rel="noopener">{RATES_CREDIT}</a>' in page
    assert RATES_CREDIT not in show(by_train(live(5)))
