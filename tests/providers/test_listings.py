"""Listed events as offers: in which town they are, and when one can go."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Spot
from providers.base import Kind
from providers.guidebook import KENYA_TIME
from providers.listings import Listing, Site, city_near, offers, sessions, town_asked_for
from tests.providers.asking import ask, place

SATURDAY = date(2026, 12, 12)
SITE = Site("here", "Here", "here.example")
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
NAIROBI = ask(Kind.EVENTS, "nairobi", date(2026, 12, 10), date(2026, 12, 15))


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=KENYA_TIME)


def town(asked: str, **where: object) -> str | None:
    listing = Listing("Jazz", "", SATURDAY, **where)  # type: ignore[arg-type]
    found = town_asked_for(listing, ask(Kind.EVENTS, asked, SATURDAY))
    return found.slug if found else None


@pytest.mark.parametrize(
    ("asked", "where", "found"),
    [
        ("nairobi", {"town": "Nairobi"}, "nairobi"),
        ("nairobi", {"town": "Westlands, Nairobi"}, "nairobi"),
        ("watamu", {"town": "Watamu, Kilifi County"}, "watamu"),
        ("nairobi", {"venue": "Ngong Race Course, Nairobi"}, "nairobi"),
        ("nairobi", {"venue": "Mombasa Road, Nairobi"}, "nairobi"),
        ("mombasa", {"venue": "A shop, Mombasa Road"}, None),
        ("malindi", {"town": "Lamu Road, Malindi"}, "malindi"),
        ("nairobi", {"venue": "The Alchemist"}, None),
        ("nairobi", {"venue": "The Alchemist", "shelf": "nairobi"}, "nairobi"),
        ("nairobi", {"venue": "The Alchemist", "shelf": "mombasa"}, None),
        ("nairobi", {"town": "Nairobi", "country": "UG"}, None),
        ("nairobi", {"lat": -1.32, "lon": 36.70}, "ngong"),
        ("nairobi", {"town": "Nairobi", "lat": -1.32, "lon": 36.70}, "nairobi"),
        ("nairobi", {"town": "Nairobi", "lat": -4.05, "lon": 39.66}, None),
        ("mombasa", {"town": "Nairobi", "lat": -4.05, "lon": 39.66}, "mombasa"),
        ("nairobi", {"lat": 51.5, "lon": -0.1, "shelf": "nairobi"}, None),
        ("mombasa", {"venue": "Nyali Beach"}, "nyali"),
        ("nyali", {"town": "Mombasa"}, "mombasa"),
        ("diani", {"town": "Mombasa"}, None),
        ("nairobi", {"town": "Arusha"}, None),
    ],
)
def test_where_it_is(asked: str, where: dict[str, object], found: str | None) -> None:
    assert town(asked, **where) == found


@pytest.mark.parametrize("state", ["online", "off", "sold_out"])
def test_where_one_cannot_go_it_is_nowhere(state: str) -> None:
    assert town("nairobi", town="Nairobi", **{state: True}) is None


@pytest.mark.parametrize(
    ("clock", "last", "closes", "expected"),
    [
        (time(16), 12, time(22), [(at(12, 16), at(12, 22))]),
        (time(16), 13, time(2), [(at(12, 16), at(13, 2))]),
        (time(16), None, None, [(at(12, 16), at(12, 19))]),
        (time(16), 13, None, [(at(12, 16), at(12, 19))]),
        (time(9), 13, None, [(at(12, 9), at(12, 12)), (at(13, 9), at(13, 12))]),
        (None, None, None, [(at(12, 10), at(12, 16))]),
        (None, 13, time(20), [(at(12, 10), at(12, 16)), (at(13, 10), at(13, 16))]),
        (time(9), 14, time(22), [(at(12, 9), at(12, 22)), (at(13, 9), at(13, 22)), (at(14, 9), at(14, 22))]),
        (time(19), 14, time(2), [(at(12, 19), at(13, 2)), (at(13, 19), at(14, 2))]),
        (time(16), 11, time(22), [(at(12, 16), at(12, 22))]),
    ],
)
def test_when_one_can_go(
    clock: time | None, last: int | None, closes: time | None, expected: list[tuple[datetime, datetime]]
) -> None:
    last_day = None if last is None else date(2026, 12, last)
    assert list(sessions(Listing("Jazz", "", SATURDAY, clock, last_day, closes), NAIROBI)) == expected


@given(
    st.dates(date(2026, 11, 1), date(2027, 1, 31)),
    st.none() | st.times(),
    st.none() | st.dates(date(2026, 11, 1), date(2030, 1, 1)),
    st.none() | st.times(),
)
def test_sessions_begin_on_the_days_asked_for_and_end_later(
    day: date, clock: time | None, last_day: date | None, closes: time | None
) -> None:
    for begins, ends in sessions(Listing("Jazz", "", day, clock, last_day, closes), NAIROBI):
        assert NAIROBI.start <= begins.date() <= NAIROBI.end
        assert begins < ends
        assert begins.date() >= day


def test_one_event_on_several_days_is_one_offer() -> None:
    url = "https://here.example/jazz"
    both = [Listing("Jazz", url, date(2026, 12, day), time(18), town="Nairobi") for day in (13, 12)]
    (offer,) = offers(both, NAIROBI, SITE, provider="here", seen_at=SEEN, rates=None)
    assert [begins.day for begins, _ in offer.sessions] == [12, 13]


def test_at_most_so_many_are_offered_the_soonest_first() -> None:
    many = [Listing(f"Jazz {n}", "", SATURDAY, time(n % 24), town="Nairobi") for n in range(100)]
    found = offers(many, NAIROBI, SITE, provider="here", seen_at=SEEN, rates=None)
    assert len(found) == 40
    assert [offer.sessions[0] for offer in found] == sorted(offer.sessions[0] for offer in found)


def test_a_title_without_letters_has_an_id_too() -> None:
    (offer,) = offers(
        [Listing("★", "", SATURDAY, town="Nairobi")], NAIROBI, SITE, provider="x", seen_at=SEEN, rates=None
    )
    assert offer.id.removeprefix("event:here:")


@given(st.text(max_size=20), st.text(max_size=20))
def test_spots_with_one_id_are_one_spot(one: str, other: str) -> None:
    listed = [Listing("Jazz", f"https://here.example/{n}", SATURDAY, venue=venue, town="Nairobi", lat=-1.3, lon=36.8)
              for n, venue in enumerate((one, other))]  # fmt: skip
    spots: dict[str, Spot] = {}
    for offer in offers(listed, NAIROBI, SITE, provider="x", seen_at=SEEN, rates=None):
        assert spots.setdefault(offer.spot.id, offer.spot) == offer.spot


@pytest.mark.parametrize(
    ("slug", "city"), [("nairobi", "nairobi"), ("nyali", "mombasa"), ("diani", "mombasa"), ("lamu", None)]
)
def test_a_town_near_a_city_is_on_its_page(slug: str, city: str | None) -> None:
    assert city_near(place(slug), ("nairobi", "mombasa")) == city
