"""Links lead where they were made to lead, and are counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.db import Gone
from storage.links import Told
from storage.store import Store
from tests.conftest import Clock

URL = "https://metickets.krc.co.ke/?from=Nairobi&to=Mombasa"


def shorten(store: Store, url: str, trip: str | None = None, item: str | None = None) -> str:
    with store.session() as s:
        return store.links.shorten(s, url, trip, item)


def test_a_link_leads_to_its_address_and_counts_each_click(store: Store) -> None:
    token = shorten(store, URL)
    other = shorten(store, "https://example.org/")
    for _ in range(3):
        with store.session() as s:
            assert store.links.follow(s, token) == URL
    with store.reading() as s:
        assert (store.links.clicks(s, token), store.links.clicks(s, other)) == (3, 0)


def test_an_unknown_token_leads_nowhere(store: Store) -> None:
    with store.session() as s:
        assert store.links.follow(s, "nobody") is None


def test_the_same_address_trip_and_item_give_the_same_token_and_any_other_a_new_one(store: Store, chat: int) -> None:
    with store.session() as s:
        trips = [store.trips.create(s, chat) for _ in range(2)]
    wanted = [(URL, trip, item) for trip in (None, *trips) for item in (None, "a", "b")]
    tokens = [shorten(store, *link) for link in wanted]
    assert len(set(tokens)) == len(wanted)
    assert [shorten(store, *link) for link in wanted] == tokens


def test_many_at_once_make_one_link(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: shorten(store, URL), range(24)))) == 1


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "//host/path", "https://", "ftp://h/"])
def test_only_web_addresses_are_shortened(store: Store, url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        shorten(store, url)


ASKS = '{"offer_id": "flight:jm-8656"}'


def told(clock: Clock, kes: int = 8_900, minutes: int = 15) -> Told:
    return Told(ASKS, kes, clock() + timedelta(minutes=minutes))


def watched(store: Store, price: Told) -> str:
    with store.session() as s:
        return store.links.shorten(s, URL, None, "flight:jm-8656", price)


def test_a_price_that_was_told_is_due_once_its_time_is_over(store: Store, clock: Clock) -> None:
    token = watched(store, told(clock))
    for due in (False, True):
        with store.reading() as s:
            link = store.links.get(s, token)
        assert link is not None
        assert (link.url, link.told and link.told.kes, link.due) == (URL, 8_900, due)
        clock.advance(timedelta(minutes=15))


def test_a_link_without_a_price_is_never_due(store: Store, clock: Clock) -> None:
    token = shorten(store, URL)
    clock.advance(timedelta(days=300))
    with store.reading() as s:
        link = store.links.get(s, token)
        assert link is not None
        assert (link.told, link.due, link.verdict) == (None, False, None)
        assert store.links.get(s, "nobody") is None


def test_the_same_price_told_anew_is_good_for_longer_and_an_older_telling_changes_nothing(
    store: Store, clock: Clock
) -> None:
    token = watched(store, told(clock))
    for minutes in (40, 5):
        assert watched(store, told(clock, minutes=minutes)) == token
    clock.advance(timedelta(minutes=39))
    with store.reading() as s:
        link = store.links.get(s, token)
    assert link is not None
    assert not link.due


def test_another_price_for_the_same_thing_is_another_link(store: Store, clock: Clock) -> None:
    tokens = {watched(store, told(clock, kes)) for kes in (8_900, 9_400)}
    assert len(tokens | {shorten(store, URL, None, "flight:jm-8656")}) == 3


def test_a_verdict_counts_for_five_minutes(store: Store, clock: Clock) -> None:
    token = watched(store, told(clock, minutes=0))
    with store.session() as s:
        store.links.judge(s, token, "gone")
    for verdict in ("gone", None):
        with store.reading() as s:
            link = store.links.get(s, token)
        assert link is not None
        assert link.verdict == verdict
        clock.advance(timedelta(minutes=5))


def test_nothing_is_judged_that_is_not_there(store: Store) -> None:
    with store.session() as s, pytest.raises(Gone):
        store.links.judge(s, "nobody", "gone")


def test_what_was_asked_and_what_came_of_it_is_sealed(store: Store, clock: Clock) -> None:
    token = watched(store, told(clock))
    with store.session() as s:
        store.links.judge(s, token, "gone: jm-8656")
    with store.reading() as s:
        row = s.execute(text("SELECT asks, verdict FROM links")).one()
    assert "jm-8656" not in f"{row.asks} {row.verdict}"
