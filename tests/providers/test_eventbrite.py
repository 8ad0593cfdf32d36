"""Eventbrite: its city pages, its search, its events by number, and everything that can be missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import ActivityOffer, Basis, Offer
from providers import http, registry
from providers.base import Kind, ProviderError, Query, Status
from providers.eventbrite_events import by_number, results
from providers.guidebook import KENYA_TIME
from providers.listings import Listing, Tickets
from providers.sandbox import Simulated
from providers.sandbox import eventbrite as service
from providers.search import search_all
from providers.sources import eventbrite
from providers.sources.eventbrite import Eventbrite
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, party
from tests.providers.online import RATES, Example, asked_at, offered_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "eventbrite"
PAGE = (FIXTURES / "composed_browse_page_kenya--mombasa.html").read_bytes()
FOUND = json.loads((FIXTURES / "composed_destination_search_nairobi_mombasa.json").read_text())["response"]["body"]
BY_NUMBER = json.loads((FIXTURES / "composed_get_event_expand_venue_ticket_availability.json").read_text())["response"]
ERRORS = json.loads((FIXTURES / "errors.json").read_text())
SEEN = datetime(2026, 11, 26, 9, tzinfo=UTC)
DECEMBER = ask(Kind.EVENTS, "mombasa", date(2026, 12, 10), date(2026, 12, 15))
KEYS = service.KEYS
ADDRESSES = ("EVENTBRITE_API_URL", "EVENTBRITE_WEB_URL")
EXAMPLE = Example(
    query=DECEMBER,
    keys=KEYS,
    addresses=ADDRESSES,
    service=service.answer,
    too_often=lambda: services.status(
        429, json.dumps(ERRORS["429_HIT_RATE_LIMIT (composed)"]["body"]).encode(), {"retry-after": "120"}
    ),
    wait=120,
    parse=lambda body: eventbrite.parse(body, DECEMBER, seen_at=SEEN),
)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=KENYA_TIME)


def read(query: Query = DECEMBER, body: bytes = PAGE) -> list[ActivityOffer]:
    return eventbrite.parse(body, query, seen_at=SEEN)


def served(api: Callable[[httpx.Request], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
    """The page of the fixture, and `api` for everything else."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/d/"):
            return httpx.Response(200, headers={"content-type": "text/html"}, content=PAGE)
        return api(request)

    return answer


def refused(name: str) -> httpx.Response:
    error = next(value for key, value in ERRORS.items() if key.startswith(name))
    return httpx.Response(error["status"], json=error["body"])


def as_recorded(request: httpx.Request) -> httpx.Response:
    """The fixtures' answers."""
    if request.url.path == "/v3/destination/search/":
        return httpx.Response(200, json=FOUND)
    if request.url.path == "/v3/events/1200000000001/":
        return httpx.Response(200, json=BY_NUMBER["body"])
    return refused("404")


def offered(answer: Callable[[httpx.Request], httpx.Response], query: Query = DECEMBER, **keys: str) -> list[Offer]:
    with FakeService(answer) as fake:
        example = replace(EXAMPLE, query=query, keys={**KEYS, **keys})
        return list(offered_at(Eventbrite, example, fake.url))


def test_a_page_gives_events_with_the_times_of_its_shelves() -> None:
    rooftop, festival, walk, clean_up = read()
    assert [offer.name for offer in (rooftop, festival, walk, clean_up)] == [
        "Sold-out Rooftop Party",
        "Mombasa Beach Festival",
        "Swahili Food Walk in Old Town",
        "Free Community Beach Clean-up",
    ]
    assert festival.id == "event:eventbrite:1200000000001"
    assert festival.booking_url == "https://www.eventbrite.com/e/mombasa-beach-festival-tickets-1200000000001"
    assert festival.sessions == ((local(12, 16), local(12, 19)),)
    assert (festival.spot.name, festival.spot.place) == ("Mama Ngina Waterfront", "mombasa")
    assert (festival.spot.lat, festival.spot.lon) == (-4.0745, 39.6766)
    assert festival.price is None
    assert festival.notes == ("The listing names no end: 3 hours are assumed", "The listing names no ticket price")
    assert walk.sessions == ((local(13, 9, 30), local(13, 12, 30)),)
    assert "food" in walk.tags


def test_a_day_without_times_gets_the_middle_of_the_day() -> None:
    rooftop = read()[0]
    assert rooftop.sessions == ((local(12, 10), local(12, 16)), (local(13, 10), local(13, 16)))
    assert rooftop.notes[0] == "The listing names no hours: 10:00–16:00 is assumed"


def test_online_events_are_left_out() -> None:
    assert not any("Webinar" in offer.name for offer in read())


@pytest.mark.parametrize(
    ("town", "first", "last", "names"),
    [
        ("mombasa", date(2026, 12, 14), date(2026, 12, 20), ["Free Community Beach Clean-up"]),
        ("mombasa", date(2026, 12, 16), date(2026, 12, 20), []),
        ("nyali", date(2026, 12, 14), date(2026, 12, 14), ["Free Community Beach Clean-up"]),
        ("diani", date(2026, 12, 14), date(2026, 12, 14), []),
        ("nairobi", date(2026, 12, 10), date(2026, 12, 20), []),
    ],
)
def test_only_what_is_there_and_then(town: str, first: date, last: date, names: list[str]) -> None:
    assert [offer.name for offer in read(ask(Kind.EVENTS, town, first, last))] == names


def element(**more: Any) -> bytes:
    item = {"@type": "Event", "name": "Jazz", "startDate": "2026-12-12",
            "url": "https://www.eventbrite.com/e/jazz-tickets-1200000000009?aff=ebdssbcitybrowse", **more}  # fmt: skip
    listed = {"@type": "ItemList", "itemListElement": [{"item": item}]}
    return f'<script type="application/ld+json">{json.dumps(listed)}</script>'.encode()


def located(town: str, country: str) -> dict[str, object]:
    return {"name": "Hall", "address": {"addressLocality": town, "addressCountry": country}}


def test_events_of_other_countries_and_towns_are_left_out() -> None:
    assert read(body=element(location=located("Mombasa", "IN"))) == []
    assert read(body=element(location=located("Houston", ""))) == []
    assert read(body=element(location=located("Nairobi", "KE"))) == []
    assert read(body=element()) == []


def test_a_quarter_nobody_knows_in_kenya_is_taken_to_be_in_the_city() -> None:
    (offer,) = read(body=element(location=located("Kizingo", "KE")))
    assert offer.spot.id == "centre:mombasa"
    assert "Taken to be in Mombasa, on whose page it is listed" in offer.notes
    assert "Venue: Hall" in offer.notes


def test_links_lose_their_tracking_and_lead_to_eventbrite_alone() -> None:
    (offer,) = read(body=element(location=located("Mombasa", "KE")))
    assert offer.booking_url == "https://www.eventbrite.com/e/jazz-tickets-1200000000009"
    for url in (
        "http://www.eventbrite.com/e/x-tickets-1200000000009",
        "https://evil.example/e/x-tickets-1200000000009",
        "https://www.eventbrite.com:8443/e/x-1200000000009",
        "https://a@eventbrite.com/x-1200000000009",
    ):
        (offer,) = read(body=element(location=located("Mombasa", "KE"), url=url))  # fmt: skip
        assert offer.booking_url is None


def test_a_cancelled_event_is_left_out() -> None:
    where = located("Mombasa", "KE")
    assert read(body=element(location=where, eventStatus="https://schema.org/EventCancelled")) == []


@pytest.mark.parametrize("body", [b"<html><body>Please enable JS</body></html>", b"", services.HTML])
def test_a_bot_wall_is_an_error(body: bytes) -> None:
    with pytest.raises(ProviderError, match="robot"):
        read(body=body)


def test_an_empty_list_is_an_answer() -> None:
    assert read(body=b'<script type="application/ld+json">{"@type":"ItemList","itemListElement":[]}</script>') == []


def test_a_broken_event_on_a_shelf_costs_only_itself() -> None:
    late = read(body=PAGE.replace(b'"start_time": "16:00"', b'"start_time": "late"'))
    assert {offer.id for offer in late} == {offer.id for offer in read()}


def test_the_search_tells_prices_times_and_what_is_sold_out() -> None:
    found = {offer.name: offer for offer in offered(served(as_recorded)) if isinstance(offer, ActivityOffer)}
    assert set(found) == {"Mombasa Beach Festival", "Swahili Food Walk in Old Town", "Free Community Beach Clean-up"}
    festival = found["Mombasa Beach Festival"]
    assert festival.sessions == ((local(12, 16), local(13, 2)),)
    assert festival.minutes == 300
    assert festival.tags == {"events", "music", "beach"}
    price = festival.price
    assert price is not None
    assert (price.kes, price.low_kes, price.high_kes, price.amount) == (3000, 3000, 10_000, Decimal(3000))
    assert (price.basis, price.source, price.note) == (
        Basis.LIVE, "Eventbrite", "from KES 1,500 each, the dearest KES 5,000",
    )  # fmt: skip
    walk = found["Swahili Food Walk in Old Town"].price
    assert walk is not None
    assert (walk.kes, walk.high_kes, walk.note) == (5000, None, "KES 2,500 each")
    free = found["Free Community Beach Clean-up"].price
    assert free is not None
    assert (free.kes, free.basis, free.note) == (0, Basis.LIVE, "free")


def test_prices_are_for_the_whole_party() -> None:
    family = replace(DECEMBER, party=party(2, 3))
    prices = [offer.price.kes for offer in offered(served(as_recorded), family) if offer.price]  # type: ignore[union-attr]
    assert prices == [7500, 12_500, 0]


def test_the_search_is_asked_as_it_wants_to_be() -> None:
    with FakeService(served(as_recorded)) as fake:
        offered_at(Eventbrite, EXAMPLE, fake.url)
    page, search = fake.requests
    assert (page.method, page.url.path) == ("GET", "/d/kenya--mombasa/events/")
    assert "authorization" not in page.headers
    assert (search.method, search.url.path) == ("POST", "/v3/destination/search/")
    assert search.headers["authorization"] == f"Bearer {service.TOKEN}"
    asked = json.loads(search.content)
    assert asked["event_search"] | {"page_size": 0} == {
        "q": "", "places": ["100000001"], "dates": ["current_future"],
        "date_range": {"from": "2026-12-10", "to": "2026-12-15"}, "online_events_only": False, "dedup": True,
        "page_size": 0,
    }  # fmt: skip
    assert "ticket_availability" in asked["expand.destination_event"]


def test_a_second_page_of_the_search_is_asked_for_and_no_third() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        pagination = {"page_number": 1, "page_count": 9, "continuation": "eyJwYWdlIjoyfQ"}
        return httpx.Response(200, json={"events": {**FOUND["events"], "pagination": pagination}})

    with FakeService(served(endless)) as fake:
        offered_at(Eventbrite, EXAMPLE, fake.url)
    asked = [json.loads(request.content)["event_search"] for request in fake.requests if request.method == "POST"]
    assert [search.get("continuation") for search in asked] == [None, "eyJwYWdlIjoyfQ"]


def test_without_the_switch_prices_come_event_by_event() -> None:
    with FakeService(served(as_recorded)) as fake:
        found = offered_at(Eventbrite, replace(EXAMPLE, keys={"EVENTBRITE_TOKEN": service.TOKEN}), fake.url)
    prices = {offer.id: offer.price for offer in found}  # type: ignore[union-attr]
    assert len(prices) == 4, "an event whose number leads nowhere stays, without a price"
    festival = prices["event:eventbrite:1200000000001"]
    assert festival is not None
    assert (festival.kes, festival.high_kes) == (3000, 10_000)
    paths = sorted(request.url.path for request in fake.requests)
    assert paths == ["/d/kenya--mombasa/events/", *(f"/v3/events/120000000000{n}/" for n in (1, 2, 3, 5))]
    assert all(
        request.url.params["expand"] == "venue,organizer,ticket_availability" for request in fake.requests[1:]
    )  # fmt: skip


def test_without_a_token_the_page_is_all() -> None:
    with FakeService(served(as_recorded)) as fake:
        found = offered_at(Eventbrite, replace(EXAMPLE, keys={"LOCAL_EVENTS": "1"}), fake.url)
    assert len(found) == 4
    assert len(fake.requests) == 1


@pytest.mark.parametrize("name", ["401_INVALID", "403", "400", "429"])
def test_what_the_interface_refuses_costs_only_the_prices(name: str, caplog: pytest.LogCaptureFixture) -> None:
    found = offered(served(lambda request: refused(name)))
    assert len(found) == 4
    assert all(offer.price is None for offer in found)  # type: ignore[union-attr]
    assert "did not answer" in caplog.text
    assert service.TOKEN not in caplog.text


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": 7}', b'{"version": 9}', b"\xff"])
def test_another_shape_of_the_search_costs_only_the_prices(body: bytes) -> None:
    answer = httpx.Response(200, headers={"content-type": "application/json"}, content=body)
    assert len(offered(served(lambda request: answer))) == 4


def test_a_refusal_names_eventbrites_own_reason(caplog: pytest.LogCaptureFixture) -> None:
    offered(served(lambda request: refused("401_INVALID")))
    assert "Eventbrite refuses our key (401): INVALID_AUTH" in caplog.text


@pytest.mark.parametrize("suffix", ["", "/", "/v3", "/v3/"])
def test_the_address_of_the_interface_may_name_its_version_or_not(suffix: str) -> None:
    with FakeService(served(as_recorded)) as fake:
        keys = {**KEYS, "EVENTBRITE_API_URL": fake.url + suffix}
        offered_at(Eventbrite, replace(EXAMPLE, keys=keys, addresses=("EVENTBRITE_WEB_URL",)), fake.url)
        assert fake.requests[1].url.path == "/v3/destination/search/"


def test_prices_that_are_late_are_done_without() -> None:
    with FakeService(served(as_recorded)) as fake:
        fake.fails(services.well(), services.hangs())
        outcome = asked_at(Eventbrite, EXAMPLE, fake.url)
    assert outcome.status is Status.OK
    assert len(outcome.offers) == 4


def test_tickets_in_another_currency_are_converted_with_the_rate_in_the_note() -> None:
    dollars = json.loads(
        json.dumps(FOUND).replace('"KES"', '"USD"').replace("150000", "2000").replace("1500.00", "20.00")
    )
    found = offered(served(lambda request: httpx.Response(200, json=dollars)))
    price = found[0].price  # type: ignore[union-attr]
    assert price is not None
    assert (price.kes, price.amount, price.currency) == (5170, Decimal(40), "USD")
    assert price.note == (
        "from USD 20 each, the dearest USD 5,000; ≈ USD 40.00 at KES 129.25 (ExchangeRate-API, 22 Nov 2026)"
    )


def test_without_a_rate_the_event_stays_and_tells_its_price_in_words() -> None:
    listed = element(location=located("Mombasa", "KE"), offers={"price": 20, "priceCurrency": "USD"})
    (offer,) = read(body=listed)
    assert offer.price is None
    assert "Tickets: USD 20 each; there is no rate to shillings" in offer.notes
    (offer,) = eventbrite.parse(listed, DECEMBER, seen_at=SEEN, rates=RATES)
    assert offer.price is not None
    assert offer.price.kes == 5170


LISTED = Listing("Jazz", "", date(2026, 12, 12), key="1200000000001", venue="Fort Jesus")


def test_an_event_by_number_has_hours_and_prices() -> None:
    found = by_number(json.dumps(BY_NUMBER["body"]).encode(), LISTED)
    assert (found.day, found.last_day) == (date(2026, 12, 12), date(2026, 12, 13))
    assert (str(found.clock), str(found.closes)) == ("16:00:00", "02:00:00")
    assert found.tickets == Tickets(Decimal(1500), Decimal(5000))


@pytest.mark.parametrize(
    ("change", "tickets"),
    [
        ({"ticket_availability": None, "is_free": True}, Tickets(Decimal(0), Decimal(0))),
        ({"ticket_availability": {"minimum_ticket_price": {"currency": "KES", "value": 150050}}},
         Tickets(Decimal("1500.5"))),
        ({"ticket_availability": {}}, None),
    ],
)  # fmt: skip
def test_an_event_by_number_may_lack_prices(change: dict[str, object], tickets: Tickets | None) -> None:
    assert by_number(json.dumps({**BY_NUMBER["body"], **change}).encode(), LISTED).tickets == tickets


def test_a_cancelled_event_by_number_is_off() -> None:
    assert by_number(json.dumps({**BY_NUMBER["body"], "status": "canceled"}).encode(), LISTED).off


def test_times_of_another_zone_are_those_of_kenya() -> None:
    event = {**FOUND["events"]["results"][0], "timezone": "America/New_York", "start_time": "16:00"}
    (listing,), _ = results(json.dumps({"events": {"results": [event]}}).encode())
    assert (listing.day, str(listing.clock)) == (date(2026, 12, 13), "00:00:00")


@pytest.mark.parametrize("wrong", [{"timezone": "Mars/Base"}, {"start_date": "soon"}, {"id": "x/../y"}, {"name": ""}])
def test_an_event_that_cannot_be_read_is_left_out(wrong: dict[str, str]) -> None:
    good = FOUND["events"]["results"][0]
    found, _ = results(json.dumps({"events": {"results": [{**good, **wrong}, good, 7]}}).encode())
    assert [listing.key for listing in found] == ["1200000000001"]


def test_the_last_page_is_the_last_whatever_it_says_about_continuing() -> None:
    assert FOUND["events"]["pagination"]["continuation"]
    assert results(json.dumps(FOUND).encode())[1] is None


@given(st.binary(max_size=200))
def test_any_answer_of_the_interface_is_read(body: bytes) -> None:
    assert results(body) == ([], None)
    assert by_number(body, LISTED) == LISTED


def test_any_of_three_settings_switches_it_on() -> None:
    for name in ("EVENTBRITE_TOKEN", "EVENTBRITE_WEB_URL", "LOCAL_EVENTS"):
        assert Eventbrite in registry.enabled({name: "1"})
    assert Eventbrite not in registry.enabled({"EVENTBRITE_SEARCH": "1"})


@pytest.mark.parametrize(
    ("town", "covered"),
    [("mombasa", True), ("nyali", True), ("diani", True), ("eldoret", True), ("lamu", False), ("kampala", False)],
)
def test_it_covers_towns_in_and_near_cities_with_a_page(town: str, covered: bool) -> None:
    with_page = ask(Kind.EVENTS, town, date(2026, 12, 12))
    assert Eventbrite(http.client(), {}).covers(with_page) is covered
    assert not Eventbrite(http.client(), {}).covers(replace(with_page, kind=Kind.ACTIVITIES))


@pytest.mark.parametrize("town", ["nairobi", "mombasa", "kisumu", "nakuru"])
def test_the_simulated_service_has_events_on_any_weekend(town: str) -> None:
    for weeks in (0, 9, 60):
        saturday = date(2026, 11, 28) + timedelta(days=7 * weeks)
        found = offered(service.answer, ask(Kind.EVENTS, town, saturday, saturday + timedelta(days=6)))
        assert found
        assert all("(sample)" in offer.name and offer.price for offer in found)  # type: ignore[union-attr]


def test_the_simulated_service_has_nothing_in_eldoret() -> None:
    assert offered(service.answer, ask(Kind.EVENTS, "eldoret", date(2026, 12, 10), date(2026, 12, 20))) == []


@pytest.mark.parametrize(
    ("request_", "status", "error"),
    [
        (httpx.Request("GET", "https://h/d/kenya--atlantis/events/"), 404, None),
        (httpx.Request("GET", "https://h/v3/events/1900100000"), 301, None),
        (httpx.Request("GET", "https://h/v3/events/1900100000/"), 401, "NO_AUTH"),
        (httpx.Request("GET", "https://h/v3/events/1/", headers={"Authorization": "Bearer x"}), 401, "INVALID_AUTH"),
        (httpx.Request("GET", "https://h/v3/events/search/", headers={"Authorization": f"Bearer {service.TOKEN}"}),
         404, "NOT_FOUND"),
        (httpx.Request("POST", "https://h/v3/destination/search/", json={"event_search": {"places": ["Mombasa"]}},
                       headers={"Authorization": f"Bearer {service.TOKEN}"}), 400, "ARGUMENTS_ERROR"),
        (httpx.Request("POST", "https://h/v3/destination/search/", content=b"x",
                       headers={"Authorization": f"Bearer {service.TOKEN}"}), 400, "ARGUMENTS_ERROR"),
    ],
)  # fmt: skip
def test_the_simulated_service_refuses_as_the_real_one_does(
    request_: httpx.Request, status: int, error: str | None
) -> None:
    answer = service.answer(request_)
    assert answer.status_code == status
    assert error is None or answer.json()["error"] == error


def test_it_needs_no_network_to_be_simulated() -> None:
    mounts = {f"all://{host}": Simulated(service.answer) for host in service.HOSTS}
    (outcome,) = search_all([DECEMBER], [Eventbrite], 10, keys=KEYS, open_http=lambda: http.client(mounts=mounts))
    assert (outcome.status, outcome.detail) == (Status.OK, "")
