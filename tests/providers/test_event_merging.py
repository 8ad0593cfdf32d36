"""One event on several sites is told once, whichever site is heard first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, Basis, ItemType, Precision, Price
from providers.event_merging import same_event, without_repeats
from providers.guidebook import centre, moment
from tests.providers.asking import place

SATURDAY = date(2026, 12, 12)
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)


def priced(kes: int, basis: Basis = Basis.LIVE) -> Price:
    return Price(kes, Decimal(kes), "KES", basis, "Ticketsasa", SEEN, Precision.MINUTE)


def event(
    title: str = "Fally Ipupa Live in Nairobi",
    *,
    site: str = "ticketsasa",
    provider: str = "local_events",
    town: str = "nairobi",
    day: date | None = SATURDAY,
    price: Price | None = None,
    link: str | None = None,
) -> ActivityOffer:
    sessions = () if day is None else ((moment(day, time(15)), moment(day, time(20))),)
    return ActivityOffer(
        id=f"event:{site}:{title.casefold()}:{day}", name=title, spot=centre(place(town)), kind=ItemType.EVENT,
        tags=frozenset({"events"}), minutes=300, price=price, sessions=sessions, booking_url=link, provider=provider,
    )  # fmt: skip


@pytest.mark.parametrize(
    "title",
    [
        "FALLY IPUPA LIVE IN NAIROBI",
        "Fally Ipupa live in Nairobi!",
        "Fally Ipupa Live at Nairobi 2026",
        "Fàlly Ipupa - Live in Nairobi",
        "Fally Ipuppa Live in Nairobi",
    ],
)
def test_titles_that_are_nearly_equal_are_one_event(title: str) -> None:
    assert same_event(event(), event(title, site="eventbrite"))


@pytest.mark.parametrize(
    "other",
    [
        event("Fally Ipupa After Party"),
        event("Sauti Sol Live in Nairobi"),
        event(day=SATURDAY + timedelta(days=1)),
        event(town="mombasa"),
        event(day=None),
    ],
    ids=lambda other: f"{other.name} {other.spot.place} {len(other.sessions)}",
)
def test_another_title_day_or_town_is_another_event(other: ActivityOffer) -> None:
    assert not same_event(event(), other)


def test_numbers_in_titles_tell_them_apart() -> None:
    assert not same_event(event("Jazz in the Park vol 1"), event("Jazz in the Park vol 2"))


def test_titles_without_a_word_are_alike_only_when_equal() -> None:
    assert not same_event(event("!!!"), event("Jazz"))


def test_the_one_with_a_price_is_kept_with_a_link_of_another() -> None:
    cheap = event(site="allevents", price=priced(6000))
    linked = event(link="https://www.ticketsasa.com/events/fally")
    assert without_repeats([linked, cheap]) == [replace(cheap, booking_url=linked.booking_url)]


def test_a_live_price_goes_before_a_printed_one_and_then_the_first_source_by_name() -> None:
    printed = event(provider="a_guide", price=priced(5000, Basis.GUIDE))
    live, later = event(provider="eventbrite", price=priced(6000)), event(provider="local_events", price=priced(6000))
    assert without_repeats([printed, later, live]) == [live]


def test_without_prices_the_guide_comes_last() -> None:
    guide, live = event(provider="guide_events"), event(provider="local_events")
    assert without_repeats([guide, live]) == [live]


def test_hints_without_a_date_are_told_once_too() -> None:
    assert len(without_repeats([event(day=None), event(day=None, site="x"), event()])) == 2


EVENTS = st.builds(
    event,
    st.sampled_from(["Jazz Night", "Jazz Nights", "Jaz Nights", "Food Fair", "Food Fare", "Run 1", "Run 2", "!"]),
    site=st.sampled_from(["ticketsasa", "allevents"]),
    provider=st.sampled_from(["eventbrite", "guide_events", "local_events"]),
    town=st.sampled_from(["nairobi", "mombasa"]),
    day=st.sampled_from([None, SATURDAY, SATURDAY + timedelta(days=1)]),
    price=st.none() | st.integers(0, 3).map(priced),
    link=st.none() | st.sampled_from(["https://a.example/1", "https://b.example/2"]),
)


@given(st.lists(EVENTS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_hearing_changes_nothing_and_once_is_enough(events: list[ActivityOffer], chance: object) -> None:
    told = without_repeats(events)
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert without_repeats(shuffled) == told
    assert without_repeats(told) == told
    assert not any(same_event(one, other) for n, one in enumerate(told) for other in told[n + 1 :])
    assert {one.id for one in told} <= {one.id for one in events}
    assert bool(told) == bool(events)
