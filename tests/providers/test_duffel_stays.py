"""Hotels of Duffel: what is asked, and what becomes of rates as they are sent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Party, Place, StayClass, StayOffer
from providers.base import Kind, ProviderError, Query
from providers.hotel_links import is_affiliate
from providers.sandbox import duffel as simulated
from providers.sources import duffel_stays
from providers.sources.duffel_stays import DuffelStays
from tests.fakes.services import FakeService
from tests.providers.asking import ask, place
from tests.providers.online import RATES, Example, offered_at
from tests.providers.test_duffel import error, too_often

FIXTURES = Path(__file__).parents[1] / "fixtures" / "duffel"
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
SEEN = datetime(2026, 11, 22, 7, 30, 5, tzinfo=UTC)
QUERY = ask(Kind.HOTELS, "mombasa", IN, OUT)
RECORDED = json.loads((FIXTURES / "composed_stays_search.json").read_text())


def parse(body: bytes, query: Query = QUERY, rates: Any = RATES) -> list[StayOffer]:
    return duffel_stays.parse(body, query, seen_at=SEEN, rates=rates)


EXAMPLE = Example(
    query=QUERY,
    keys={"DUFFEL_TOKEN": simulated.TOKEN, "DUFFEL_STAYS": "1"},
    addresses=("DUFFEL_API_URL",),
    service=simulated.answer,
    too_often=lambda: too_often(42),
    wait=42,
    parse=parse,
)


def result(hotel: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The recorded hotel with other fields in its place."""
    (found,) = json.loads(json.dumps(RECORDED))["response"]["body"]["data"]["results"]
    return {**found, **changes, "accommodation": {**found["accommodation"], **(hotel or {})}}


def answer(*results: dict[str, Any]) -> bytes:
    return json.dumps({"data": {"created_at": "2026-11-22T07:30:01Z", "results": list(results)}}).encode()


def only(*results: dict[str, Any], query: Query = QUERY) -> StayOffer:
    (offer,) = parse(answer(*results), query)
    return offer


def test_the_question_is_the_documented_one() -> None:
    documented = RECORDED["request"]["body"]["data"]
    documented["location"] = {
        "radius": 10,
        "geographic_coordinates": {"latitude": -4.05466, "longitude": 39.66359},
    }
    assert duffel_stays.search_request(QUERY) == documented


def test_children_are_told_with_their_ages_and_rooms_are_the_guides() -> None:
    asked = duffel_stays.search_request(replace(QUERY, party=Party(3, 1, (9,))))
    assert asked["guests"] == [*[{"type": "adult"}] * 3, {"type": "child", "age": 9}]
    assert asked["rooms"] == 2


def test_a_park_is_searched_in_a_wider_circle() -> None:
    asked = duffel_stays.search_request(ask(Kind.HOTELS, "maasai-mara", IN, OUT))
    assert asked["location"]["radius"] == 25  # type: ignore[index]


def test_a_place_without_a_position_or_a_night_is_not_asked_for() -> None:
    source = DuffelStays(httpx.AsyncClient(), {})
    unplaced: Place = replace(place("nyali"), lat=None)
    assert source.covers(QUERY)
    assert not source.covers(replace(QUERY, destination=unplaced))
    assert not source.covers(replace(QUERY, end=IN))
    assert not source.covers(replace(QUERY, kind=Kind.FLIGHTS))


def test_the_recorded_hotel_is_read_in_full() -> None:
    offer = only(RECORDED["response"]["body"]["data"]["results"][0])
    assert (offer.id, offer.name) == ("stay:mombasa:acc_0000KEdemo000001", "Example Beach Hotel")
    assert (offer.spot.id, offer.spot.place) == ("stay:mombasa:acc_0000KEdemo000001", "mombasa")
    assert (offer.spot.lat, offer.spot.lon) == (-4.05, 39.7)
    assert (offer.stars, offer.rating, offer.stay_class) == (4, 8.4, StayClass.HIGH)
    assert (offer.rooms, offer.sleeps, offer.check_in, offer.check_out) == (1, 2, time(14), time(10))
    assert offer.tags == {"wifi"}
    assert offer.nightly is not None
    assert (offer.nightly.amount, offer.nightly.currency) == (Decimal("63.00"), "USD")
    assert (offer.nightly.kes, offer.nightly.basis) == (8_143, Basis.LIVE)
    assert offer.nightly.expires_at == datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert offer.nightly.note.startswith("USD 189.00 for all 3 nights; ≈ USD 63.00 at KES 129.25")
    assert offer.notes == (
        "Guests give it 8.4 of 10 (210 reviews)",
        "The link searches Booking.com for it, where its price may differ",
    )
    assert "ss=Example+Beach+Hotel%2C+Mombasa" in (offer.booking_url or "")


def test_its_link_is_the_one_the_settings_ask_for() -> None:
    (offer,) = duffel_stays.parse(answer(result()), QUERY, seen_at=SEEN, rates=RATES, keys={"BOOKING_AID": "1234567"})
    assert is_affiliate(offer.booking_url)
    assert not is_affiliate(only(result()).booking_url)


def test_it_is_let_for_exactly_the_nights_asked_for() -> None:
    offer = only(result())
    assert offer.is_let(IN, 3)
    assert not offer.is_let(IN, 4)
    assert not offer.is_let(date(2026, 12, 11), 2)


@pytest.mark.parametrize(
    ("stars", "stay_class"),
    [
        (5, StayClass.HIGH),
        (4, StayClass.HIGH),
        (3.5, StayClass.MID),
        (3, StayClass.MID),
        (2, StayClass.BUDGET),
        (None, StayClass.BUDGET),
    ],
)
def test_stars_decide_the_class(stars: float | None, stay_class: StayClass) -> None:
    offer = only(result({"rating": stars}))
    assert offer.stay_class is stay_class
    assert ("Its stars are not stated" in offer.notes) is (stars is None)


def test_what_is_paid_at_the_hotel_is_said() -> None:
    offer = only(result(cheapest_rate_due_at_accommodation_amount="12.50"))
    assert "USD 12.50 is to be paid at the hotel, perhaps on top" in offer.notes


def test_a_price_for_several_rooms_says_so() -> None:
    offer = only(result(), query=replace(QUERY, party=Party(4, 1)))
    assert (offer.rooms, offer.sleeps) == (2, 5)
    assert {"The price is for 2 rooms", "Children are priced as 8 years old"} <= set(offer.notes)


def test_a_hotel_without_a_position_is_taken_to_be_in_the_middle_of_town() -> None:
    assert only(result({"location": {"geographic_coordinates": None}})).spot.id == "stay:mombasa"


@pytest.mark.parametrize("hours", [None, {}, {"check_in_after_time": "after two", "check_out_before_time": None}])
def test_hours_nobody_can_read_are_the_usual_ones(hours: object) -> None:
    offer = only(result({"check_in_information": hours}))
    assert (offer.check_in, offer.check_out) == (time(14), time(10))


def test_a_hotel_is_offered_once_at_its_lowest_rate_and_never_without_one() -> None:
    dear, cheap = result(cheapest_rate_total_amount="300.00"), result(cheapest_rate_total_amount="210.00")
    sold_out = result({"id": "acc_2"}, cheapest_rate_total_amount=None)
    offer = only(dear, sold_out, cheap)
    assert offer.nightly is not None
    assert offer.nightly.amount == Decimal("70.00")


def test_one_night_is_its_own_total() -> None:
    night = replace(QUERY, end=date(2026, 12, 13))
    nightly = only(result(cheapest_rate_total_amount="63.005"), query=night).nightly
    assert nightly is not None
    assert nightly.amount == Decimal("63.005")
    assert "nights" not in nightly.note


def test_no_hotels_is_an_answer() -> None:
    assert parse(answer()) == []


def test_a_rate_in_a_currency_nobody_quotes_is_left_out_and_said_when_there_is_no_other() -> None:
    strange = result({"id": "acc_2"}, cheapest_rate_currency="XAU")
    assert only(result(), strange).id == "stay:mombasa:acc_0000KEdemo000001"
    with pytest.raises(ProviderError, match="XAU"):
        parse(answer(strange))


@pytest.mark.parametrize(
    "wrong",
    [
        result(cheapest_rate_total_amount=189.0),
        result(cheapest_rate_total_amount="-1"),
        result({"id": "acc/../1"}),
        result({"name": None}),
        result({"review_score": 84}),
    ],
)
def test_another_shape_is_an_error_and_not_a_price(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProviderError):
        parse(answer(wrong))


def test_a_test_token_gets_samples_only() -> None:
    with FakeService(simulated.answer) as service:
        offers = offered_at(DuffelStays, EXAMPLE, service.url)
    assert (service.requests[0].method, service.requests[0].url.path) == ("POST", "/stays/search")
    assert offers
    for offer in offers:
        assert isinstance(offer, StayOffer)
        assert offer.nightly is not None
        assert (offer.nightly.basis, offer.nightly.sample) == (Basis.ESTIMATE, True)


def test_a_token_that_may_not_search_hotels_is_for_the_operator_to_mend() -> None:
    with FakeService(simulated.answer) as service:
        service.fails(error("403_insufficient_permissions"))
        with pytest.raises(ProviderError, match="does not allow our token") as caught:
            offered_at(DuffelStays, EXAMPLE, service.url)
    assert caught.value.permanent


@given(
    total=st.decimals(0, 9_999_999, places=2, allow_nan=False, allow_infinity=False),
    currency=st.sampled_from(["USD", "GBP", "EUR", "KES"]),
    nights=st.integers(1, 30),
)
def test_all_nights_together_are_never_less_than_the_total_and_hardly_more(
    total: Decimal, currency: str, nights: int
) -> None:
    query = replace(QUERY, end=date.fromordinal(IN.toordinal() + nights))
    nightly = only(
        result(cheapest_rate_total_amount=str(total), cheapest_rate_currency=currency), query=query
    ).nightly  # fmt: skip
    assert nightly is not None
    assert total <= nightly.amount * nights < total + nights * Decimal("0.01")
    rate = Fraction(1) if currency == "KES" else Fraction(RATES.per_usd["KES"]) / Fraction(RATES.per_usd[currency])
    assert nightly.kes == ceil(Fraction(nightly.amount) * rate)
    assert nights == 1 or f"{currency} {total:,} for all {nights} nights" in nightly.note
