"""Links lead where they were made to lead, and are counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.store import Store

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
