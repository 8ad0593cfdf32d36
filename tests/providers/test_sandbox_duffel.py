"""The simulated Duffel speaks as the real one does: shapes, errors, pages, and the routes for trying things out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis
from providers import sandbox
from providers.base import Kind
from providers.sandbox import duffel as simulated
from providers.search import search_all
from providers.sources import duffel
from providers.switchboard import choose, connect
from storage.memory import ProcessMemory
from tests.providers.asking import ask
from tests.providers.online import RATES

FIXTURES = Path(__file__).parents[1] / "fixtures" / "duffel"
ERRORS = json.loads((FIXTURES / "composed_errors.json").read_text())
HEADERS = {"Authorization": f"Bearer {simulated.TOKEN}", "Duffel-Version": "v2"}
ADULT: dict[str, Any] = {"type": "adult"}
HOP = {"origin": "NBO", "destination": "MBA", "departure_date": "2026-12-12"}
BASE = "https://api.duffel.com"


def send(method: str, path: str, data: object = None, headers: dict[str, str] | None = None) -> httpx.Response:
    body = None if data is None else {"data": data}
    return simulated.answer(
        httpx.Request(method, f"{BASE}{path}", headers=HEADERS if headers is None else headers, json=body)
    )


def question(*route: str, people: tuple[dict[str, Any], ...] = (ADULT,), **fields: Any) -> dict[str, Any]:
    slices = [
        {"origin": route[n], "destination": route[n + 1], "departure_date": f"2026-12-{12 + n}"}
        for n in range(len(route) - 1)
    ]
    return {"slices": slices, "passengers": list(people), "cabin_class": "economy", **fields}


def offers(*route: str, **fields: Any) -> list[dict[str, Any]]:
    response = send("POST", "/air/offer_requests?return_offers=true", question(*route, **fields))
    assert response.status_code == 201
    found: list[dict[str, Any]] = response.json()["data"]["offers"]
    return found


def segments(offer: dict[str, Any]) -> list[dict[str, Any]]:
    return [segment for piece in offer["slices"] for segment in piece["segments"]]


# --- the six routes of Duffel's page "Test your integration" ---


def test_pvd_to_rai_has_no_offers() -> None:
    assert offers("PVD", "RAI") == []


def test_jfk_to_ewr_can_be_held() -> None:
    found = offers("JFK", "EWR")
    assert found
    for offer in found:
        terms = offer["payment_requirements"]
        assert terms["requires_instant_payment"] is False
        assert terms["payment_required_by"] > terms["price_guarantee_expires_at"] > offer["created_at"]


def test_lhr_to_dxb_connects() -> None:
    found = offers("LHR", "DXB")
    assert found
    assert all(len(piece["segments"]) > 1 for offer in found for piece in offer["slices"])


def test_bts_to_mru_lists_no_bags() -> None:
    found = offers("BTS", "MRU")
    assert found
    seats = [seat for offer in found for segment in segments(offer) for seat in segment["passengers"]]
    assert all(seat["baggages"] == [] for seat in seats)


def test_stn_to_lhr_times_out() -> None:
    response = send("POST", "/air/offer_requests", question("STN", "LHR"))
    assert response.status_code == 504
    assert response.json()["errors"][0]["type"] == "api_error"


def test_dxb_to_ams_stops_once_on_the_way() -> None:
    found = offers("DXB", "AMS", max_connections=0)
    assert found
    assert [len(segment["stops"]) for offer in found for segment in segments(offer)] == [1] * len(found)
    assert segments(found[0])[0]["stops"][0]["airport"]["iata_code"] == "LHR"


def test_other_routes_have_none_of_these_oddities() -> None:
    for offer in offers("NBO", "MBA", max_connections=0):
        assert offer["payment_requirements"]["requires_instant_payment"] is True
        (segment,) = segments(offer)
        assert segment["stops"] == []
        assert segment["passengers"][0]["baggages"] != []


# --- shapes ---


def keys_of(node: Any, path: str = "") -> set[str]:
    """Every path of keys in a document; lists are looked through."""
    if isinstance(node, list):
        return {key for each in node for key in keys_of(each, path)}
    if isinstance(node, dict):
        return {f"{path}/{key}" for key in node} | {
            key for name, value in node.items() for key in keys_of(value, f"{path}/{name}")
        }
    return set()


@pytest.mark.parametrize(
    ("mode", "fixture"),
    [
        ("true", "composed_201_offer_request_NBO-MBA_return_offers_true.json"),
        ("false", "composed_201_offer_request_return_offers_false.json"),
    ],
)
def test_offer_requests_have_the_recorded_shape(mode: str, fixture: str) -> None:
    asked = question("NBO", "MBA", "NBO", people=(ADULT, {"age": 9}))
    response = send("POST", f"/air/offer_requests?return_offers={mode}", asked)
    assert keys_of(response.json()) == keys_of(json.loads((FIXTURES / fixture).read_text()))


def test_a_slash_at_the_end_makes_no_difference() -> None:
    asked = question("NBO", "MBA")
    plain, slashed = (send("POST", f"/air/offer_requests{end}", asked) for end in ("", "/"))
    assert plain.json() == slashed.json()


def test_everything_is_in_test_mode_and_of_duffel_airways() -> None:
    for offer in offers("NBO", "MBA"):
        assert offer["live_mode"] is False
        assert (offer["owner"]["name"], offer["owner"]["iata_code"]) == ("Duffel Airways", "ZZ")
        assert isinstance(offer["total_amount"], str)
        assert offer["total_currency"] != "KES"
        assert offer["expires_at"].endswith("Z")


def test_local_times_have_no_offset_and_flights_take_as_long_as_they_say() -> None:
    flight = segments(offers("LHR", "NBO", max_connections=0)[0])[0]
    leaves, lands = (datetime.fromisoformat(flight[name]) for name in ("departing_at", "arriving_at"))
    assert leaves.tzinfo is lands.tzinfo is None
    assert (flight["origin"]["time_zone"], flight["destination"]["time_zone"]) == ("Europe/London", "Africa/Nairobi")
    hours, minutes = flight["duration"].removeprefix("PT").removesuffix("M").split("H")
    assert (lands - leaves).total_seconds() / 60 == int(hours) * 60 + int(minutes) + 180


def test_the_same_question_gets_the_same_answer_and_a_few_get_none() -> None:
    assert offers("NBO", "KIS") == offers("NBO", "KIS")
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    asked = [{**question("NBO", "MBA"), "slices": [{"origin": "NBO", "destination": "MBA", "departure_date": day}]}
             for day in days]  # fmt: skip
    empty = [send("POST", "/air/offer_requests", each).json()["data"]["offers"] == [] for each in asked]
    assert 0 < sum(empty) < len(days) / 5


def test_business_costs_more_and_a_family_pays_for_all() -> None:
    economy, business = (float(offers("NBO", "MBA", cabin_class=c)[0]["total_amount"]) for c in ("economy", "business"))
    family = float(offers("NBO", "MBA", people=(ADULT, {"age": 9}))[0]["total_amount"])
    assert business > 2 * economy
    assert family == pytest.approx(2 * economy)


# --- offers without their request ---


def pages(request_id: str, limit: int, sort: str = "") -> list[list[dict[str, Any]]]:
    found, after = [], ""
    while True:
        query = httpx.QueryParams({"offer_request_id": request_id, "limit": limit, "after": after, "sort": sort})
        answer = send("GET", f"/air/offers?{query}").json()
        assert answer["meta"].keys() == {"limit", "before", "after"}
        found.append(answer["data"])
        after = answer["meta"]["after"]
        if not after:
            return found


def test_offers_can_be_fetched_page_by_page() -> None:
    asked = question("NBO", "MBA", "NBO", people=(ADULT, {"age": 9}))
    request_id = send("POST", "/air/offer_requests?return_offers=false", asked).json()["data"]["id"]
    fetched = pages(request_id, limit=3)
    assert [len(page) for page in fetched] == [3, 3, 2]
    whole = send("POST", "/air/offer_requests", asked).json()["data"]["offers"]
    assert [offer for page in fetched for offer in page] == whole


def test_pages_come_by_price_when_asked_for() -> None:
    request_id = send("POST", "/air/offer_requests?return_offers=false", question("NBO", "MBA")).json()["data"]["id"]
    (cheapest,), (dearest,) = pages(request_id, 200, "total_amount"), pages(request_id, 200, "-total_amount")
    prices = [float(offer["total_amount"]) for offer in cheapest]
    assert prices == sorted(prices)
    assert [float(offer["total_amount"]) for offer in dearest] == prices[::-1]


def test_one_offer_can_be_looked_at_again() -> None:
    offer = offers("NBO", "MBA")[2]
    answer = send("GET", f"/air/offers/{offer['id']}").json()["data"]
    assert answer == {**offer, "available_services": []}
    assert send("GET", f"/air/offers/{offer['id'][:-2]}99").status_code == 404


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "validation_required"),
        ("offer_request_id=orq_0000", "not_found"),
        ("offer_request_id=orq_NBOMBA20269999_aa_e1", "not_found"),
        ("offer_request_id=orq_NBOMBA20261212_aa_e1&limit=201", "validation_inclusion"),
        ("offer_request_id=orq_NBOMBA20261212_aa_e1&after=nonsense", "validation_format"),
    ],
)
def test_pages_that_cannot_be_are_refused(query: str, code: str) -> None:
    assert send("GET", f"/air/offers?{query}").json()["errors"][0]["code"] == code


# --- refusals ---


@pytest.mark.parametrize(
    ("headers", "recorded"),
    [
        ({"Duffel-Version": "v2"}, "401_missing_authorization_header"),
        ({**HEADERS, "Authorization": "Bearer duffel_live_other"}, "401_access_token_not_found"),
        ({"Authorization": HEADERS["Authorization"]}, "400_missing_version_header"),
    ],
)
def test_who_does_not_say_who_they_are_is_refused_as_recorded(headers: dict[str, str], recorded: str) -> None:
    response = send("POST", "/air/offer_requests", question("NBO", "MBA"), headers)
    assert_like(response, recorded)


def assert_like(response: httpx.Response, recorded: str) -> None:
    expected = ERRORS[recorded]
    (said,), (told,) = response.json()["errors"], expected["body"]["errors"]
    assert response.status_code == expected["status"] == response.json()["meta"]["status"]
    assert {name: said[name] for name in ("type", "code", "title")} == {
        name: told[name] for name in ("type", "code", "title")
    }
    assert said.keys() == told.keys()
    assert response.headers["x-request-id"] == response.json()["meta"]["request_id"]


def test_an_old_version_is_refused() -> None:
    response = send("POST", "/air/offer_requests", question("NBO", "MBA"), {**HEADERS, "Duffel-Version": "v1"})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "unsupported_version")


def test_what_is_not_in_its_envelope_is_refused_as_recorded() -> None:
    bare = httpx.Request("POST", f"{BASE}/air/offer_requests", headers=HEADERS, json=question("NBO", "MBA"))
    assert_like(simulated.answer(bare), "400_missing_data_param")


def test_an_unknown_address_is_refused_as_recorded() -> None:
    assert_like(send("GET", "/air/nothing"), "404_not_found")
    assert_like(send("GET", "/air/offer_requests"), "404_not_found")


def test_a_day_that_is_missing_is_named_as_recorded() -> None:
    asked = question("NBO", "MBA")
    del asked["slices"][0]["departure_date"]
    response = send("POST", "/air/offer_requests", asked)
    assert_like(response, "422_validation_required")
    assert response.json()["errors"][0]["source"] == {
        "field": "departure_date",
        "pointer": "/slices/0/departure_date",
    }


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"slices": []}, "/slices"),
        ({"slices": [{"origin_airport_iata_code": "NBO"}]}, "/slices/0/origin"),
        ({"slices": [{**HOP, "origin": "Nairobi"}]}, "/slices/0/origin"),
        ({"slices": [{**HOP, "departure_date": "12/12/26"}]}, "/slices/0/departure_date"),
        ({"passengers": None}, "/passengers"),
        ({"passengers": [{}]}, "/passengers/0/type"),
        ({"passengers": [{"type": "adult", "age": 30}]}, "/passengers/0/age"),
        ({"passengers": [{"age": 18}]}, "/passengers/0/age"),
        ({"passengers": [{"type": "child"}]}, "/passengers/0/type"),
        ({"cabin_class": "sofa"}, "/cabin_class"),
        ({"max_connections": 3}, "/max_connections"),
    ],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_with_the_place_of_the_fault(
    changes: dict[str, Any], pointer: str
) -> None:
    response = send("POST", "/air/offer_requests", {**question("NBO", "MBA"), **changes})
    assert response.status_code == 422
    assert response.json()["errors"][0]["source"]["pointer"] == pointer


def test_every_answer_says_when_the_window_ends_as_a_date() -> None:
    for response in (send("POST", "/air/offer_requests", question("NBO", "MBA")), send("GET", "/nowhere")):
        reset = parsedate_to_datetime(response.headers["ratelimit-reset"])
        assert reset > parsedate_to_datetime(response.headers["date"])
        assert {"ratelimit-limit", "ratelimit-remaining"} <= set(response.headers)


# --- Links and Stays ---


@pytest.mark.parametrize("missing", ["reference", "success_url", "failure_url", "abandonment_url"])
def test_a_session_needs_its_reference_and_ways_back(missing: str) -> None:
    asked = json.loads((FIXTURES / "composed_links_session.json").read_text())["request"]["body"]["data"]
    assert send("POST", "/links/sessions", asked).status_code == 201
    del asked[missing]
    response = send("POST", "/links/sessions", asked)
    assert response.json()["errors"][0]["source"]["field"] == missing


def test_hotels_have_the_recorded_shape() -> None:
    recorded = json.loads((FIXTURES / "composed_stays_search.json").read_text())
    response = send("POST", "/stays/search", recorded["request"]["body"]["data"])
    assert response.status_code == 200
    made_up = {"/data/results/accommodation/ratings/source", "/data/results/accommodation/ratings/value"}
    assert keys_of(response.json()) == keys_of(recorded["response"]["body"]) - made_up


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rooms": None}, "/rooms"),
        ({"rooms": "two"}, "/rooms"),
        ({"check_out_date": "2026-12-12"}, "/check_out_date"),
        ({"guests": [{"type": "child"}]}, "/guests/0"),
        ({"location": {"radius": 5}}, "/location/geographic_coordinates"),
        ({"location": {"geographic_coordinates": {"latitude": "x"}}}, "/location/geographic_coordinates"),
    ],
)  # fmt: skip
def test_a_search_for_hotels_that_makes_no_sense_is_refused(changes: dict[str, Any], pointer: str) -> None:
    recorded = json.loads((FIXTURES / "composed_stays_search.json").read_text())
    response = send("POST", "/stays/search", {**recorded["request"]["body"]["data"], **changes})
    assert response.status_code == 422
    assert response.json()["errors"][0]["source"]["pointer"] == pointer


# --- as a service ---


def test_it_switches_both_sources_on() -> None:
    (service,) = [each for each in sandbox.services() if each.name == "duffel"]
    assert service.hosts == ("api.duffel.com",)
    chosen = {choice.provider.name: choice.service for choice in choose({}, offline=True, simulate=True)}
    assert chosen["duffel"] is chosen["duffel_stays"] is service


def test_a_simulated_search_offers_samples_in_shillings() -> None:
    chosen = [choice for choice in choose({}, offline=True, simulate=True) if choice.provider is duffel.PROVIDER]
    board = connect(chosen, {}, ProcessMemory())
    query = ask(Kind.FLIGHTS, "mombasa", date(2026, 12, 12), origin="nairobi")
    (outcome,) = search_all([query], board.providers, 10, open_http=board.open_http)
    assert outcome.detail == ""
    assert outcome.offers
    for offer in outcome.offers:
        price = offer.price  # type: ignore[union-attr]
        assert price is not None
        assert (price.sample, price.basis, price.currency) == (True, Basis.ESTIMATE, "USD")
        assert price.kes > price.amount


@given(
    ends=st.lists(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3), min_size=2, max_size=3, unique=True),
    ages=st.lists(st.none() | st.integers(0, 17), min_size=1, max_size=4),
    cabin=st.sampled_from(["economy", "premium_economy", "business", "first"]),
    connections=st.integers(0, 2),
)
def test_whatever_is_asked_can_be_fetched_again_by_its_id(
    ends: list[str], ages: list[int | None], cabin: str, connections: int
) -> None:
    people = tuple(ADULT if age is None else {"age": age} for age in ages)
    found = offers(*ends, people=people, cabin_class=cabin, max_connections=connections)
    for offer in found[-1:]:
        assert {**offer, "available_services": []} == send("GET", f"/air/offers/{offer['id']}").json()["data"]
    query = ask(Kind.FLIGHTS, "mombasa", date(2026, 12, 12), origin="nairobi")
    body = json.dumps({"data": {"id": "orq_1", "offers": found}}).encode()
    duffel.parse(body, query, seen_at=datetime(2026, 11, 26, tzinfo=UTC), rates=RATES)
