"""Flights of Duffel: what is asked, and what becomes of fares as they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.model import Basis, Party, Place, TransportOffer, Wishes
from providers import duffel as service_of
from providers.base import Kind, ProviderError, Query
from providers.sandbox import duffel as simulated
from providers.sources import duffel
from providers.sources.duffel import Duffel
from tests.fakes import services
from tests.fakes.services import FakeService
from tests.providers.asking import ask, place
from tests.providers.online import RATES, Example, offered_at

FIXTURES = Path(__file__).parents[1] / "fixtures" / "duffel"
OUT, BACK = date(2026, 12, 12), date(2026, 12, 15)
SEEN = datetime(2026, 11, 22, 7, 30, 5, tzinfo=UTC)
FAMILY = Party(1, 1, (9,))
ONE_WAY = ask(Kind.FLIGHTS, "mombasa", OUT, origin="nairobi", who=FAMILY)
RETURN = replace(ONE_WAY, end=BACK)
ERRORS: dict[str, Any] = json.loads((FIXTURES / "composed_errors.json").read_text())
RECORDED = (FIXTURES / "composed_201_offer_request_NBO-MBA_return_offers_true.json").read_bytes()
WITHOUT_OFFERS = (FIXTURES / "composed_201_offer_request_return_offers_false.json").read_bytes()
PAGES = [(FIXTURES / f"composed_200_list_offers_{page}.json").read_bytes() for page in ("page1", "page2_last")]


def error(name: str) -> services.Fault:
    """A refusal as recorded."""
    told = ERRORS[name]
    return services.status(told["status"], json.dumps(told["body"]).encode(), told["headers"])


def too_often(seconds: int) -> services.Fault:
    """The same as recorded, with a window that ends in so many seconds."""
    reset = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    body = json.dumps(ERRORS["429_rate_limit_exceeded"]["body"]).encode()
    return services.status(429, body, {"ratelimit-reset": reset})


def parse(body: bytes, query: Query = RETURN, rates: Any = RATES) -> list[TransportOffer]:
    return duffel.parse(body, query, seen_at=SEEN, rates=rates)


EXAMPLE = Example(
    query=ONE_WAY,
    keys={"DUFFEL_TOKEN": simulated.TOKEN},
    addresses=("DUFFEL_API_URL",),
    service=simulated.answer,
    too_often=lambda: too_often(42),
    wait=42,
    parse=lambda body: parse(body, ONE_WAY),
)


def recorded() -> Any:
    return json.loads(RECORDED)


def one_way(**changes: Any) -> dict[str, Any]:
    """The recorded Kenya Airways fare as one way out, with other fields in its place."""
    fare = recorded()["data"]["offers"][0]
    return {**fare, "slices": fare["slices"][:1], **changes}


def answer(*fares: dict[str, Any]) -> bytes:
    return json.dumps({"data": {"id": "orq_1", "offers": fares}}).encode()


def only(fare: dict[str, Any], query: Query = ONE_WAY) -> TransportOffer:
    (offer,) = parse(answer(fare), query)
    return offer


# --- what is asked ---


def test_the_question_is_the_documented_one() -> None:
    documented = json.loads((FIXTURES / "composed_request_offer_request_NBO-MBA.json").read_text())
    assert duffel.offer_requests(RETURN) == [documented["body"]["data"]]


def test_a_day_alone_is_one_way() -> None:
    (asked,) = duffel.offer_requests(ONE_WAY)
    assert asked["slices"] == [{"origin": "NBO", "destination": "MBA", "departure_date": "2026-12-12"}]


def test_a_passenger_has_a_type_or_an_age_and_never_both() -> None:
    (asked,) = duffel.offer_requests(replace(ONE_WAY, party=Party(2, 2)))
    assert asked["passengers"] == [{"type": "adult"}, {"type": "adult"}, {"age": 8}, {"age": 8}]


def test_comfort_asks_for_business_beside_economy() -> None:
    comfortable = replace(ONE_WAY, wishes=Wishes(comfort=True))
    assert [asked["cabin_class"] for asked in duffel.offer_requests(comfortable)] == ["economy", "business"]
    assert Duffel.policy.heeds(comfortable) != Duffel.policy.heeds(ONE_WAY), "another question to remember"


def test_nairobi_is_asked_as_a_city_and_the_mara_by_its_airstrip() -> None:
    (asked,) = duffel.offer_requests(ask(Kind.FLIGHTS, "maasai-mara", OUT, origin="nairobi"))
    assert asked["slices"] == [{"origin": "NBO", "destination": "KEU", "departure_date": "2026-12-12"}]


@pytest.mark.parametrize(("budget", "millis"), [(0.5, 2_000), (2.7, 2_100), (6.0, 5_400), (120.0, 60_000)])
def test_airlines_get_what_the_budget_leaves_within_what_duffel_accepts(budget: float, millis: int) -> None:
    assert duffel.supplier_timeout(budget) == millis


@pytest.mark.parametrize(
    ("origin", "destination", "asked"),
    [
        ("nairobi", "mombasa", True),
        ("nairobi", "zanzibar", True),
        ("nyali", "mombasa", False),  # the same airport
        ("nairobi", "nairobi", False),
        (None, "mombasa", False),
    ],
)
def test_only_towns_with_airports_of_their_own_are_asked_for(origin: str | None, destination: str, asked: bool) -> None:
    query = ask(Kind.FLIGHTS, destination, OUT, origin=origin)
    assert Duffel(httpx.AsyncClient(), {}).covers(query) is asked


def test_ten_people_are_too_many_for_one_order() -> None:
    source = Duffel(httpx.AsyncClient(), {})
    assert source.covers(replace(ONE_WAY, party=Party(9)))
    assert not source.covers(replace(ONE_WAY, party=Party(9, 1)))
    assert not source.covers(replace(ONE_WAY, kind=Kind.BUSES))


def test_the_request_says_version_token_and_how_long_airlines_may_take() -> None:
    with FakeService(simulated.answer) as service:
        offered_at(Duffel, EXAMPLE, f"{service.url}/")
    (asked,) = service.requests
    assert (asked.method, asked.url.path) == ("POST", "/air/offer_requests")
    assert dict(asked.url.params) == {"return_offers": "true", "supplier_timeout": "2100"}
    assert asked.headers["duffel-version"] == "v2"
    assert asked.headers["authorization"] == f"Bearer {simulated.TOKEN}"
    assert json.loads(asked.content) == {"data": duffel.offer_requests(ONE_WAY)[0]}


# --- what is read ---


def test_the_recorded_answer_is_read_in_full() -> None:
    zz, kq, et = parse(RECORDED)
    assert [offer.id for offer in (zz, kq, et)] == [
        "flight:zz-4321:nbo:mba:2026-12-12-0247:economy:basic:zz-4322:mba:nbo:2026-12-15-2110:economy:basic",
        "flight:kq-602:nbo:mba:2026-12-12-0700:economy:economy-light"
        ":kq-613:mba:nbo:2026-12-15-1855:economy:economy-light",
        "flight:et-319+et-322:nbo:mba:2026-12-12-0515:economy:et-323+et-308:mba:nbo:2026-12-15-1430:economy",
    ]
    assert (kq.operator, kq.service, kq.travel_class) == ("Kenya Airways", "KQ 602 and back", "economy")
    assert (kq.origin.id, kq.destination.id) == ("airport:NBO", "airport:MBA")
    assert (kq.origin.place, kq.origin.lat) == ("nairobi", -1.31924), "the guide's airport, not Duffel's"
    assert kq.depart.isoformat() == "2026-12-12T07:00:00+03:00"
    assert kq.arrive.isoformat() == "2026-12-12T08:00:00+03:00"
    assert (kq.price.amount, kq.price.currency, kq.price.kes) == (Decimal("182.40"), "USD", 23_576)
    assert kq.price.note == "test fare; ≈ USD 182.40 at KES 129.25 (ExchangeRate-API, 22 Nov 2026)"
    assert (kq.price.source, kq.price.seen_at) == ("Duffel", SEEN)
    assert kq.booking_url == (
        "https://www.skyscanner.net/transport/flights/nbo/mba/261212/261215/"
        "?adultsv2=1&childrenv2=9&cabinclass=economy&rtn=1&currency=KES&locale=en-GB&market=KE"
    )
    assert kq.notes == (
        "Operated by Kenya Airways",
        "The price includes the flight back: KQ 613, Tue 15 Dec 18:55–20:00",
        "Bags: 1 checked bag, 1 cabin bag each",
        "Refund: not possible",
        "Change: costs USD 20.00 before departure",
    )


def test_a_connection_is_one_offer_and_says_where_one_changes() -> None:
    connection = parse(RECORDED)[2]
    assert connection.service == "ET 319 + ET 322 and back"
    assert (connection.depart.hour, connection.arrive.isoformat()) == (5, "2026-12-12T13:40:00+03:00")
    assert "1 stop in Addis Ababa, changing planes" in connection.notes
    assert "Back: 1 stop in Addis Ababa, changing planes" in connection.notes


def test_no_checked_bag_and_unknown_rules_are_said() -> None:
    notes = parse(RECORDED)[0].notes
    assert "Bags: no checked bag, 1 cabin bag each" in notes
    assert {"Refund: not stated", "Change: not stated"} <= set(notes)


def test_a_list_without_bags_is_no_answer_about_bags() -> None:
    fare = one_way()
    fare["slices"][0]["segments"][0]["passengers"][1]["baggages"] = []
    assert "Bags: not stated, ask the airline" in only(fare).notes


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (None, "not stated"),
        ({"allowed": False, "penalty_amount": None, "penalty_currency": None}, "not possible"),
        ({"allowed": True, "penalty_amount": None, "penalty_currency": None}, "possible, its fee is not stated"),
        ({"allowed": True, "penalty_amount": "0.00", "penalty_currency": "USD"}, "free before departure"),
        (
            {"allowed": True, "penalty_amount": "1250.5", "penalty_currency": "KES"},
            "costs KES 1,250.5 before departure",
        ),
    ],
)
def test_what_a_change_of_mind_costs_is_said_as_far_as_it_is_known(rule: object, said: str) -> None:
    conditions = {"refund_before_departure": rule, "change_before_departure": None}
    assert f"Refund: {said}" in only(one_way(conditions=conditions)).notes


def test_who_flies_is_named_when_another_airline_sells() -> None:
    fare = one_way()
    fare["slices"][0]["segments"][0]["operating_carrier"] = {"name": "Precision Air", "iata_code": "PW"}
    offer = only(fare)
    assert (offer.operator, offer.service) == ("Kenya Airways", "KQ 602")
    assert "Operated by Precision Air" in offer.notes


def test_a_landing_without_a_change_is_said() -> None:
    fare = one_way()
    segment = fare["slices"][0]["segments"][0]
    segment["stops"] = [{"id": "sto_1", "duration": "PT00H30M", "airport": {**segment["destination"]}}]
    assert "1 stop in Mombasa, staying on the plane" in only(fare).notes


def test_a_live_fare_is_live_and_held_until_it_expires() -> None:
    offer = only(one_way(live_mode=True))
    assert (offer.price.basis, offer.price.sample) == (Basis.LIVE, False)
    assert offer.price.expires_at == datetime(2026, 11, 22, 8, 0, 1, 925135, tzinfo=UTC)
    assert "test fare" not in offer.price.note


@pytest.mark.parametrize("said", [True, False], ids=["test mode", "nothing said"])
def test_what_is_not_said_to_be_live_never_looks_real(said: bool) -> None:
    fare = one_way(live_mode=False)
    if not said:
        del fare["live_mode"]
    offer = only(fare)
    assert (offer.price.basis, offer.price.sample, offer.price.expires_at) == (Basis.ESTIMATE, True, None)


def test_a_test_token_makes_samples_whatever_the_answer_says() -> None:
    def live(request: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"data": {"id": "orq_1", "offers": [one_way(live_mode=True)]}})

    with FakeService(live) as service:
        (tried,) = offered_at(Duffel, EXAMPLE, service.url)
        (real,) = offered_at(Duffel, replace(EXAMPLE, keys={"DUFFEL_TOKEN": "duffel_live_x"}), service.url)
    assert isinstance(tried, TransportOffer)
    assert isinstance(real, TransportOffer)
    assert (tried.price.sample, real.price.sample) == (True, False)


def test_times_are_those_of_the_airports() -> None:
    fare = one_way()
    segment = fare["slices"][0]["segments"][0]
    segment["destination"] = {
        "iata_code": "KGL", "name": "Kigali International Airport", "latitude": -1.97, "longitude": 30.14,
        "time_zone": "Africa/Kigali",
    }  # fmt: skip
    offer = only(fare, replace(ONE_WAY, destination=place("kigali")))
    assert (offer.depart.isoformat()[-6:], offer.arrive.isoformat()) == ("+03:00", "2026-12-12T08:00:00+02:00")
    assert (offer.destination.place, offer.destination.lat) == ("kigali", -1.97)


@pytest.mark.parametrize(
    ("zone", "airports"), [(None, None), (None, [{"iata_code": "NBO", "time_zone": "Africa/Nairobi"}])]
)
def test_a_city_has_no_zone_and_its_airports_have(zone: str | None, airports: object) -> None:
    fare = one_way()
    fare["slices"][0]["segments"][0]["origin"] |= {"time_zone": zone, "airports": airports}
    assert only(fare).depart.isoformat() == "2026-12-12T07:00:00+03:00"


@pytest.mark.parametrize("zone", ["Africa/Nowhere", "../../etc/passwd", "Africa", "\x00", "Ünknown"])
def test_a_zone_that_is_none_is_no_crash(zone: str) -> None:
    fare = one_way()
    fare["slices"][0]["segments"][0]["origin"]["time_zone"] = zone
    assert only(fare).depart.isoformat() == "2026-12-12T07:00:00+03:00"


def test_an_airport_far_from_a_town_is_named() -> None:
    fare = one_way()
    offer = only(fare, replace(ONE_WAY, destination=place("nyali")))
    assert "Mombasa Moi International Airport is the airport for Nyali" in offer.notes


def test_children_without_an_age_are_said_to_be_priced_as_eight() -> None:
    assert "Children are priced as 8 years old" in only(one_way(), replace(ONE_WAY, party=Party(1, 1))).notes
    assert not any("priced as" in note for note in only(one_way()).notes)


def test_business_links_to_business() -> None:
    fare = one_way()
    for seat in fare["slices"][0]["segments"][0]["passengers"]:
        seat["cabin_class"] = "business"
    offer = only(fare)
    assert offer.travel_class == "business"
    assert "cabinclass=business" in (offer.booking_url or "")


def with_segment(**changes: Any) -> dict[str, Any]:
    fare = one_way()
    fare["slices"][0]["segments"][0] |= changes
    return fare


def elsewhere() -> dict[str, Any]:
    return {**one_way()["slices"][0]["segments"][0]["origin"], "iata_code": "EDL"}


@pytest.mark.parametrize(
    ("fare", "query"),
    [
        (one_way(), RETURN),
        (recorded()["data"]["offers"][0], ONE_WAY),
        (with_segment(departing_at="2026-12-13T07:00:00", arriving_at="2026-12-13T08:00:00"), ONE_WAY),
        (with_segment(arriving_at="2026-12-12T06:00:00"), ONE_WAY),
        (with_segment(origin=elsewhere()), ONE_WAY),
        (one_way(), replace(ONE_WAY, origin=None)),
    ],
    ids=["one way for two", "two for one", "another day", "back in time", "another airport", "no origin"],
)
def test_what_was_not_asked_for_is_left_out(fare: dict[str, Any], query: Query) -> None:
    assert parse(answer(fare), query) == []


def test_each_flight_and_fare_is_offered_once_at_its_lowest_price() -> None:
    dear, cheap, other = one_way(total_amount="99.00"), one_way(total_amount="80.10"), one_way(total_amount="120.00")
    other["slices"] = [{**other["slices"][0], "fare_brand_name": "Economy Flex"}]
    offers = parse(answer(dear, cheap, other), ONE_WAY)
    assert [offer.price.amount for offer in offers] == [Decimal("80.10"), Decimal("120.00")]


def test_only_the_cheapest_twenty_are_kept() -> None:
    fares = [
        with_segment(marketing_carrier_flight_number=str(n)) | {"total_amount": f"{n}.00"} for n in range(40, 9, -1)
    ]
    offers = parse(answer(*fares), ONE_WAY)
    assert [offer.price.amount for offer in offers] == [Decimal(n) for n in range(10, 30)]


def test_no_flights_is_an_answer() -> None:
    assert parse((FIXTURES / "composed_201_offer_request_no_offers.json").read_bytes()) == []


def test_a_price_without_a_rate_is_left_out_and_said_when_there_is_no_other() -> None:
    strange = one_way(total_currency="XAU")
    assert len(parse(answer(strange, one_way()), ONE_WAY)) == 1
    with pytest.raises(ProviderError, match="XAU"):
        parse(answer(strange), ONE_WAY)
    with pytest.raises(ProviderError, match="USD"):
        parse(answer(one_way()), ONE_WAY, rates=None)


def test_shillings_need_no_rate() -> None:
    offer = parse(answer(one_way(total_amount="8100.20", total_currency="KES")), ONE_WAY, rates=None)[0]
    assert (offer.price.kes, offer.price.note) == (8_101, "test fare")


@pytest.mark.parametrize(
    "changes",
    [
        {"total_amount": 182.40},
        {"total_amount": "-1.00"},
        {"total_amount": "NaN"},
        {"total_amount": "1E+999999"},
        {"total_amount": {"amount": "182.40"}},
        {"total_currency": "usd"},
        {"slices": []},
        {"owner": None},
    ],
)
def test_another_shape_is_an_error_and_not_a_price(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderError):
        parse(answer(one_way(**changes)), ONE_WAY)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=80)
@given(
    amounts=st.lists(
        st.tuples(
            st.decimals(0, 9_999_999, places=2, allow_nan=False, allow_infinity=False),
            st.sampled_from(["USD", "GBP", "EUR", "KES"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_amount_is_kept_to_the_cent_and_rounded_up_to_shillings(amounts: list[tuple[Decimal, str]]) -> None:
    fares = [
        with_segment(marketing_carrier_flight_number=str(n)) | {"total_amount": str(amount), "total_currency": currency}
        for n, (amount, currency) in enumerate(amounts)
    ]
    offers = {offer.service: offer.price for offer in parse(answer(*fares), ONE_WAY)}
    assert len(offers) == len(amounts)
    for n, (amount, currency) in enumerate(amounts):
        rate = 1 if currency == "KES" else Fraction(RATES.per_usd["KES"]) / Fraction(RATES.per_usd[currency])
        price = offers[f"KQ {n}"]
        assert (price.amount, price.currency) == (amount, currency)
        assert price.kes == ceil(Fraction(amount) * rate)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=2)
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=150)
@given(st.data())
def test_a_value_of_any_kind_anywhere_is_an_error_or_an_answer(data: st.DataObject) -> None:
    fare = one_way()
    node: Any = fare
    while True:
        keys: Iterable[Any] = sorted(node) if isinstance(node, dict) else range(len(node))
        key = data.draw(st.sampled_from(list(keys)))
        if not node[key] or not isinstance(node[key], dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(json_values)
            break
        node = node[key]
    try:
        offers = parse(answer(fare), ONE_WAY)
    except ProviderError:
        return
    assert all(offer.price.sample or fare["live_mode"] for offer in offers)


# --- pages ---


def test_pages_are_read_alike() -> None:
    assert [offer.operator for page in PAGES for offer in parse(page)] == [
        "Duffel Airways",
        "Kenya Airways",
        "Ethiopian Airlines",
    ]


def test_offers_that_come_without_their_request_are_fetched_page_by_page() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(201, content=WITHOUT_OFFERS, headers={"content-type": "application/json"})
        page = PAGES[1] if "after" in request.url.params else PAGES[0]
        return httpx.Response(200, content=page, headers={"content-type": "application/json"})

    with FakeService(slow) as service:
        offers = offered_at(Duffel, replace(EXAMPLE, query=RETURN), service.url)
    assert len(offers) == 3
    first, second = (dict(request.url.params) for request in service.requests[1:])
    assert first == {"offer_request_id": "orq_0000KEdemo00000001", "limit": "200", "sort": "total_amount"}
    assert second == {**first, "after": json.loads(PAGES[0])["meta"]["after"]}


def test_pages_without_an_end_are_not_read_for_ever() -> None:
    def endless(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return httpx.Response(201, content=WITHOUT_OFFERS, headers={"content-type": "application/json"})
        return httpx.Response(200, content=PAGES[0], headers={"content-type": "application/json"})

    with FakeService(endless) as service:
        assert len(offered_at(Duffel, replace(EXAMPLE, query=RETURN), service.url)) == 2
    assert len(service.requests) == 6


def test_a_page_of_another_shape_is_an_error() -> None:
    def wrong(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=WITHOUT_OFFERS, headers={"content-type": "application/json"})

    with FakeService(wrong) as service, pytest.raises(ProviderError, match="shape"):
        offered_at(Duffel, EXAMPLE, service.url)


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("name", "permanent", "said"),
    [
        ("400_missing_data_param", True, "Duffel did not accept the question (missing_data_param)"),
        ("400_missing_version_header", True, "Duffel did not accept the question (missing_version_header)"),
        ("401_missing_authorization_header", True, "Duffel got no token from us"),
        ("401_access_token_not_found", True, "Duffel does not know our token"),
        ("403_insufficient_permissions", True, "Duffel does not allow our token to do this"),
        ("404_not_found", True, "Duffel did not accept the question (not_found)"),
        ("422_validation_required", True, "Duffel did not accept the question (validation_required: departure_date)"),
        ("422_offer_no_longer_available", True, "Duffel no longer has this offer"),
        ("429_rate_limit_exceeded", False, "Duffel was asked too often"),
        ("500_internal_server_error", False, "Duffel has trouble (500)"),
        ("502_airline_unknown", False, "Duffel had no answer from an airline (airline_unknown)"),
    ],
)
def test_errors_are_told_in_words(name: str, permanent: bool, said: str) -> None:
    with FakeService(simulated.answer) as service:
        service.fails(error(name))
        with pytest.raises(ProviderError) as caught:
            offered_at(Duffel, EXAMPLE, service.url)
    assert (str(caught.value), caught.value.permanent) == (said, permanent)
    assert not caught.value.at_once, "Duffel wants no failed search repeated"


def test_every_recorded_error_is_looked_at() -> None:
    (mark,) = (mark for mark in test_errors_are_told_in_words.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert {case[0] for case in mark.args[1]} == ERRORS.keys()


def told(status: int, body: Any, **headers: str) -> ProviderError | None:
    return service_of.explain(httpx.Response(status, headers=headers), json.dumps(body).encode())


def test_a_page_of_the_load_balancer_is_left_to_its_status() -> None:
    assert service_of.explain(httpx.Response(502), services.HTML) is None
    assert told(502, {"errors": []}) is None
    assert told(500, {"errors": [{"type": "api_error", "code": "internal_server_error"}]}) is None


def test_a_source_may_be_a_name_and_a_code_is_only_repeated_when_it_is_one() -> None:
    named = told(422, {"errors": [{"type": "airline_error", "code": "airline_internal", "source": "British Airways"}]})
    assert (str(named), named and named.permanent) == ("Duffel had no answer from an airline (airline_internal)", True)
    odd = told(400, {"errors": [{"type": "validation_error", "code": "https://x/?key=1", "source": {"field": "a b"}}]})
    assert str(odd) == "Duffel did not accept the question (400)"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-reset": "Sun, 22 Nov 2026 07:31:00 GMT", "date": "Sun, 22 Nov 2026 07:30:18 GMT"}, 42.0),
        ({"ratelimit-reset": "Sun, 22 Nov 2026 07:30:00 GMT", "date": "Sun, 22 Nov 2026 07:30:18 GMT"}, 1.0),
        ({"ratelimit-reset": "Sun, 22 Nov 2026 07:31:00 GMT", "date": "no date"}, 1.0),
        ({"ratelimit-reset": "soon"}, 60.0),
        ({}, 60.0),
    ],
)
def test_the_wait_is_until_the_window_ends_by_duffels_clock(headers: dict[str, str], wait: float) -> None:
    error = told(429, {}, **headers)
    assert error is not None
    assert error.retry_after == wait


def test_a_place_of_the_guide_with_a_far_airport_is_not_asked_for() -> None:
    nowhere = Place("nowhere", "Nowhere", "town", "Turkana", "KE", 3.0, 35.0, airport="NBO")
    assert not Duffel(httpx.AsyncClient(), {}).covers(replace(ONE_WAY, destination=nowhere))
