"""Four local sites: what each page says, and what happens when some of them say nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, Basis
from providers import event_pages, http
from providers.base import Kind, ProviderError, Query, Status
from providers.event_pages import (
    ALLEVENTS,
    NAIROBI_EVENTS_GUIDE,
    TICKETSASA,
    TIPSITICKETS,
    Page,
    day_and_clock,
    next_day,
    tickets_of,
)
from providers.guidebook import KENYA_TIME, places
from providers.listings import Site, Tickets
from providers.sandbox import Simulated
from providers.sandbox import local_events as service
from providers.search import search_all
from providers.sources import local_events
from providers.sources.local_events import LocalEvents
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party, place
from tests.providers.online import RATES, Example, asked_at, offered_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "events_ke"
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
TODAY = date(2026, 11, 26)
DECEMBER = ask(Kind.EVENTS, "mombasa", date(2026, 12, 10), date(2026, 12, 15))
SEPTEMBER = ask(Kind.EVENTS, "nairobi", date(2026, 9, 1), date(2026, 9, 30))
SITES = (TICKETSASA, ALLEVENTS, NAIROBI_EVENTS_GUIDE, TIPSITICKETS)
EXAMPLE = Example(
    query=DECEMBER,
    keys=service.KEYS,
    addresses=("TICKETSASA_URL", "ALLEVENTS_URL", "NAIROBIEVENTSGUIDE_URL", "TIPSITICKETS_URL"),
    service=service.answer,
    too_often=lambda: services.status(429, headers={"retry-after": "90"}),
    wait=90,
    parse=lambda body: local_events.parse(body, DECEMBER, ALLEVENTS, seen_at=SEEN),
)


def fixture(name: str) -> bytes:
    return (FIXTURES / f"composed_{name}.html").read_bytes()


PAGES = {
    "/events": fixture("ticketsasa_events"),
    "/mombasa/all": fixture("allevents_in_mombasa"),
    "/upcoming-events/": fixture("nairobieventsguide_upcoming"),
    "/": fixture("tipsitickets_next_data"),
}


def as_recorded(request: httpx.Request) -> httpx.Response:
    """The fixtures' pages."""
    return httpx.Response(200, headers={"content-type": "text/html"}, content=PAGES[request.url.path])


def read(site: Site, body: bytes, query: Query = DECEMBER, shelf: str = "") -> list[ActivityOffer]:
    return local_events.parse(body, query, site, seen_at=SEEN, shelf=shelf)


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KENYA_TIME)


def test_allevents_writes_days_without_years_and_ranges_of_prices() -> None:
    jazz, yoga, expo = read(ALLEVENTS, PAGES["/mombasa/all"], shelf="mombasa")
    assert (jazz.id, jazz.name) == ("event:allevents:200029000000001", "Coast Jazz Night")
    assert jazz.booking_url == "https://allevents.in/mombasa/coast-jazz-night/200029000000001"
    assert jazz.sessions == ((local(12, 12, 19), local(12, 12, 22)),)
    assert jazz.spot.id == "centre:mombasa"
    assert jazz.notes == ("The listing names no end: 3 hours are assumed", "Venue: Tamarind Mombasa")
    assert jazz.price is not None
    assert (jazz.price.kes, jazz.price.basis, jazz.price.source) == (5000, Basis.LIVE, "AllEvents")
    assert yoga.sessions[0][0] == local(12, 13, 6, 30)
    assert yoga.spot.place == "nyali"
    assert yoga.price is not None
    assert (yoga.price.kes, yoga.price.note) == (0, "free")
    assert expo.price is not None
    assert (expo.price.kes, expo.price.low_kes, expo.price.high_kes) == (1000, 1000, 4000)
    assert expo.price.note == "from KES 500 each, the dearest KES 2,000"
    assert "Taken to be in Mombasa, on whose page it is listed" in expo.notes


def test_a_venue_of_no_known_town_counts_only_on_a_towns_own_page() -> None:
    assert [offer.name for offer in read(ALLEVENTS, PAGES["/mombasa/all"])] == [
        "Coast Jazz Night",
        "Sunrise Beach Yoga",
    ]


def test_ticketsasa_tells_the_cheapest_ticket() -> None:
    (night,) = read(TICKETSASA, PAGES["/events"])
    assert (night.id, night.name) == ("event:ticketsasa:coast-cultural-night", "Coast Cultural Night")
    assert night.booking_url == "https://www.ticketsasa.com/events/coast-cultural-night"
    assert night.sessions == ((local(12, 12, 18), local(12, 12, 21)),)
    assert night.price is not None
    assert night.price.kes == 0
    (concert,) = read(TICKETSASA, PAGES["/events"], replace(SEPTEMBER, party=party(3)))
    assert concert.name == "Fally Ipupa Live in Nairobi"
    assert concert.sessions[0][0] == local(9, 5, 15)
    assert concert.price is not None
    assert (concert.price.kes, concert.price.amount, concert.price.high_kes) == (18_000, Decimal(18_000), None)
    assert concert.price.note == "from KES 6,000 each"
    assert "music" in concert.tags


def test_nairobi_events_guide_tells_prices_in_its_text() -> None:
    (roots,) = read(NAIROBI_EVENTS_GUIDE, PAGES["/upcoming-events/"], SEPTEMBER, shelf="nairobi")
    assert (roots.id, roots.name) == ("event:nairobieventsguide:roots-n-riddim", "Roots n Riddim")
    assert roots.booking_url == "https://nairobieventsguide.com/event/roots-n-riddim/"
    assert roots.sessions[0][0] == local(9, 12, 16)
    assert "Venue: Sk8City Nairobi" in roots.notes
    assert roots.price is not None
    assert (roots.price.kes, roots.price.note) == (8000, "from KES 4,000 each")


def test_tipsitickets_times_are_utc_and_say_so() -> None:
    (comedy,) = read(TIPSITICKETS, PAGES["/"])
    assert comedy.id == "event:tipsitickets:coast-comedy-night"
    assert comedy.sessions == ((local(12, 12, 20), local(12, 12, 23)),)
    assert comedy.minutes == 180
    assert comedy.tags == {"events", "comedy"}
    assert comedy.price is not None
    assert (comedy.price.kes, comedy.price.note) == (5500, "from KES 2,750 each")
    assert comedy.booking_url == (
        "https://www.tipsitickets.com/event/coast-comedy-night?eventId=6f1a0000-0000-4000-8000-000000000001"
    )


def test_tipsitickets_cards_are_read_when_its_data_is_not_there() -> None:
    card = (
        b'<div><a href="/event/coast-comedy"><img alt=""></a><h3>Coast Comedy</h3><p>Little Theatre Club, Mombasa</p>'
        b"<p>Saturday, 12 December 2026</p><span>Starting fromKES 2,750</span></div>"
    )
    (comedy,) = read(TIPSITICKETS, card)
    assert (comedy.id, comedy.name) == ("event:tipsitickets:coast-comedy", "Coast Comedy")
    assert comedy.sessions[0] == (local(12, 12, 10), local(12, 12, 16))
    assert comedy.price is not None
    assert comedy.price.kes == 5500


def test_schema_org_data_goes_before_a_sites_own_markup() -> None:
    described = (
        b'<script type="application/ld+json">{"@type": "Event", "name": "Coast Cultural Night", "url": '
        b'"https://www.ticketsasa.com/events/coast-cultural-night", "startDate": "2026-12-12T18:00:00+03:00", '
        b'"endDate": "2026-12-12T23:00:00+03:00", "location": {"name": "Fort Jesus", "address": "Mombasa"}}</script>'
    )
    (night,) = read(TICKETSASA, described + PAGES["/events"])
    assert night.sessions == ((local(12, 12, 18), local(12, 12, 23)),)
    assert night.price is not None, "the price is on the card alone"
    assert night.price.kes == 0


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.code)
@pytest.mark.parametrize("body", [b"", b"<html><body><main/></body></html>", services.HTML, b"<![foo", b"\xff\xfe<"])
def test_a_page_without_events_is_an_error(site: Site, body: bytes) -> None:
    with pytest.raises(ProviderError, match=site.name):
        read(site, body)


def test_a_vain_search_at_ticketsasa_is_an_answer() -> None:
    assert read(TICKETSASA, b'<a href="/events/category/music">Music</a>') == []


def test_links_to_other_sites_are_no_events() -> None:
    with pytest.raises(ProviderError):
        read(TICKETSASA, PAGES["/events"].replace(b'"/events/', b'"https://evil.example/events/'))


def test_a_card_of_allevents_with_a_strange_link_is_shown_without_it() -> None:
    found = read(ALLEVENTS, PAGES["/mombasa/all"].replace(b"https://allevents.in", b"https://[evil"), shelf="mombasa")
    assert [offer.booking_url for offer in found] == [None] * 3


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("SAT 12 DEC 2026 6:00 PM", (date(2026, 12, 12), time(18))),
        ("Sun, 28 Jun • 09:00 AM", (date(2027, 6, 28), time(9))),
        ("Thu, 26 Nov • 12:30 AM", (TODAY, time(0, 30))),
        ("Wed, 25 Nov • 12:00 PM", (date(2027, 11, 25), time(12))),
        ("Thu, July 2, 2026 08:00 AM", (date(2026, 7, 2), time(8))),
        ("Saturday, 4 July 2026", (date(2026, 7, 4), None)),
        ("29 Feb", (date(2028, 2, 29), None)),
        ("Sept. 5, 2026", (date(2026, 9, 5), None)),
        ("1st March 2027, 25:70 PM", (date(2027, 3, 1), None)),
        ("31 Nov", None),
        ("30 Feb 2027", None),
        ("10 Marathon tips", None),
        ("Level 3 Mayhem", None),
        ("", None),
    ],
)
def test_days_are_written_in_many_ways(text: str, when: tuple[date, time | None] | None) -> None:
    assert day_and_clock(text, TODAY) == when


DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_next_one_never_a_past_one(day: date, asked_on: date) -> None:
    found = next_day(day.month, day.day, asked_on)
    assert found is not None
    assert found >= asked_on
    assert (found.month, found.day) == (day.month, day.day)
    if (day.month, day.day) != (2, 29):
        assert found - asked_on <= timedelta(days=366)
        assert day_and_clock(f"{day:%a, %d %b} • 07:00 PM", asked_on) == (found, time(19))


@given(DAYS, st.times())
def test_a_day_with_a_year_is_that_day(day: date, clock: time) -> None:
    minute = clock.replace(second=0, microsecond=0)
    assert day_and_clock(f"{day:%A, %d %B %Y} {clock:%I:%M %p}", TODAY) == (day, minute)


@pytest.mark.parametrize(
    ("text", "tickets"),
    [
        ("KES 500-2000", Tickets(Decimal(500), Decimal(2000))),
        ("KES 500 – KES 2,000", Tickets(Decimal(500), Decimal(2000))),
        ("KES 2,500", Tickets(Decimal(2500), Decimal(2500))),
        ("Starting KES\xa01,000", Tickets(Decimal(1000))),
        ("Starting fromKES 2,750", Tickets(Decimal(2750))),
        ("Tickets from Ksh. 4,000.", Tickets(Decimal(4000))),
        ("KSh 3,500 early, KSh 5,000 at the gate", Tickets(Decimal(3500), Decimal(5000))),
        ("Free", Tickets(Decimal(0), Decimal(0))),
        ("FREE", Tickets(Decimal(0), Decimal(0))),
        ("Free parking", None),
        ("$20", None),
        ("Kesho 500", None),
        ("", None),
    ],
)
def test_prices_are_written_in_many_ways(text: str, tickets: Tickets | None) -> None:
    assert tickets_of(text) == tickets


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_cheapest_is_never_dearer_than_the_dearest(one: int, other: int) -> None:
    found = tickets_of(f"KES {one:,} - {other:,}")
    assert found is not None
    assert found.high is None or found.low <= found.high
    assert found.low == one


HTML = st.lists(
    st.sampled_from(
        ["<", "<a href='/events/x'>", "</a>", "<li class='event-card' data-link='https://[' data-eid=7>", "12 Dec",
         "<div class=date>", "KES 5", "<script id='__NEXT_DATA__'>", "{", "</script>", "<article>", "<!--",
         "<![CDATA[", "&nbsp;", "<a href='/event/y/'>", "<h3>", "Jazz", "<div class='title'>", "31 Feb 2026", "\x00"]
    ),
    max_size=25,
)  # fmt: skip


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.code)
@given(pieces=HTML, noise=st.binary(max_size=40))
def test_any_page_is_read_or_refused(site: Site, pieces: list[str], noise: bytes) -> None:
    try:
        found = event_pages.read(Page(site, "".join(pieces).encode() + noise, TODAY, "mombasa"))
    except ProviderError:
        return
    for listing in found:
        assert listing.title
        assert listing.tickets is None or listing.tickets.low >= 0


def test_a_page_of_nothing_but_boxes_is_read_in_time() -> None:
    boxes = b"<div><a href='/events/x'>" * 5_000
    with pytest.raises(ProviderError):
        event_pages.read(Page(TICKETSASA, boxes, TODAY))


def offered(answer: Callable[[httpx.Request], httpx.Response], query: Query = DECEMBER) -> list[str]:
    with FakeService(answer) as fake:
        return [offer.id for offer in offered_at(LocalEvents, replace(EXAMPLE, query=query), fake.url)]


def test_all_sites_are_asked_for_one_page_each() -> None:
    with FakeService(as_recorded) as fake:
        offered_at(LocalEvents, EXAMPLE, fake.url)
    asked = sorted(str(request.url).removeprefix(fake.url) for request in fake.requests)
    assert asked == ["/", "/events?q=Mombasa", "/mombasa/all"]


@pytest.mark.parametrize(
    ("town", "paths"),
    [
        ("nairobi", {"/", "/events", "/nairobi/all", "/upcoming-events/"}),
        ("nyali", {"/", "/events", "/mombasa/all"}),
        ("lamu", {"/", "/events"}),
    ],
)
def test_sites_of_one_town_are_asked_around_it(town: str, paths: set[str]) -> None:
    there = replace(DECEMBER, destination=place(town))
    with FakeService(service.answer) as fake:
        offered_at(LocalEvents, replace(EXAMPLE, query=there), fake.url)
    assert {request.url.path for request in fake.requests} == paths


def test_together_they_are_in_order_of_time() -> None:
    assert offered(as_recorded) == [
        "event:ticketsasa:coast-cultural-night",
        "event:allevents:200029000000001",
        "event:tipsitickets:coast-comedy-night",
        "event:allevents:200029000000002",
        "event:allevents:200029000000003",
    ]


def test_one_event_on_two_sites_is_told_once() -> None:
    def twice(request: httpx.Request) -> httpx.Response:
        page = (
            PAGES[request.url.path]
            .replace(b"Coast Jazz Night", b"Coast comedy night!")
            .replace(b"07:00 PM", b"8:00 PM")
        )
        return httpx.Response(200, headers={"content-type": "text/html"}, content=page)

    found = offered(twice)
    assert "event:allevents:200029000000001" in found
    assert "event:tipsitickets:coast-comedy-night" not in found


@pytest.mark.parametrize("code", [404, 403, 429, 503])
def test_a_site_that_fails_is_left_out_and_the_operator_is_told(code: int, caplog: pytest.LogCaptureFixture) -> None:
    def one_down(request: httpx.Request) -> httpx.Response:
        return httpx.Response(code) if request.url.path == "/" else as_recorded(request)

    assert len(offered(one_down)) == 4
    assert "one of the event sites was left out: Tipsitickets" in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_when_all_fail_each_is_named() -> None:
    with FakeService(lambda request: httpx.Response(500)) as fake:
        outcome = asked_at(LocalEvents, EXAMPLE, fake.url)
    assert outcome.status is Status.FAILED
    assert outcome.detail == "; ".join(
        f"{name} has trouble (500)" for name in ("Ticketsasa", "Tipsitickets", "AllEvents")
    )


def test_some_refusing_for_good_and_some_for_now_are_asked_again() -> None:
    def mixed(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if request.url.path == "/" else httpx.Response(429, headers={"retry-after": "30"})

    with FakeService(mixed) as fake, pytest.raises(ProviderError) as caught:
        offered_at(LocalEvents, EXAMPLE, fake.url)
    assert (caught.value.permanent, caught.value.retry_after) == (False, 30)


def test_a_site_that_hangs_costs_only_its_own_events() -> None:
    with FakeService(as_recorded) as fake:
        fake.fails(services.hangs(), services.well())
        outcome = asked_at(LocalEvents, EXAMPLE, fake.url)
    assert outcome.status is Status.OK
    assert 2 <= len(outcome.offers) <= 4
    assert outcome.millis < 2_700


def test_tickets_in_dollars_are_converted() -> None:
    described = (
        b'<script type="application/ld+json">{"@type": "Event", "name": "Gala", "startDate": "2026-12-12T18:00", '
        b'"location": "Fort Jesus, Mombasa", "offers": {"price": 20, "priceCurrency": "USD"}}</script>'
    )
    answer = httpx.Response(200, headers={"content-type": "text/html"}, content=described)
    with FakeService(lambda request: answer) as fake:
        (gala,) = offered_at(LocalEvents, EXAMPLE, fake.url)
    assert isinstance(gala, ActivityOffer)
    assert gala.price is not None
    assert gala.price.kes == RATES.shillings(Decimal(40), "USD")
    assert gala.booking_url is None
    assert gala.id.startswith("event:")


def test_it_covers_places_in_kenya() -> None:
    source = LocalEvents(http.client(), {})
    assert source.covers(DECEMBER)
    assert not source.covers(ask(Kind.EVENTS, "kampala"))
    assert not source.covers(replace(DECEMBER, kind=Kind.ACTIVITIES))


@pytest.mark.parametrize("town", ["nairobi", "mombasa", "kisumu", "nakuru", "naivasha"])
def test_the_simulated_sites_have_events_on_any_weekend(town: str) -> None:
    for weeks in (0, 9, 60):
        friday = date(2026, 11, 27) + timedelta(days=7 * weeks)
        with FakeService(service.answer) as fake:
            query = ask(Kind.EVENTS, town, friday, friday + timedelta(days=6))
            found = offered_at(LocalEvents, replace(EXAMPLE, query=query), fake.url)
        assert found
        assert all("(sample)" in offer.name for offer in found)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/atlantis/all", 404), ("GET", "/nairobi", 200), ("POST", "/events", 405), ("GET", "/events?q=", 200)],
)
def test_the_simulated_sites_know_their_paths(method: str, path: str, status: int) -> None:
    assert service.answer(httpx.Request(method, f"https://h{path}")).status_code == status


def test_a_simulated_town_may_have_nothing() -> None:
    pages = {slug: service.answer(httpx.Request("GET", f"https://h/events?q={slug}")) for slug in places()}
    empty = [slug for slug, page in pages.items() if b"Cultural" not in page.content]
    assert 0 < len(empty) < len(pages) / 3


def test_it_needs_no_network_to_be_simulated() -> None:
    mounts = {f"all://{host}": Simulated(service.answer) for host in service.HOSTS}
    (outcome,) = search_all(
        [DECEMBER], [LocalEvents], 10, keys=service.KEYS, open_http=lambda: http.client(mounts=mounts)
    )
    assert (outcome.status, outcome.detail) == (Status.OK, "")
