"""Which prices are asked for again, with which question, and what the answer means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from planner.model import Basis, ItemType, Offer, Price, StayOffer, TransportOffer
from providers.base import Kind, Outcome, Query, Status
from providers.repricing import (
    GOOD_FOR,
    Asked,
    Standing,
    Verdict,
    about_item,
    about_offer,
    due_at,
    price_for,
    question,
    renewed,
    verdict,
)
from tests.bot.trial import Fares
from tests.providers.asking import FRIDAY, SUNDAY, ask, offered, place
from tests.samples import mombasa, price

SEEN = datetime.fromisoformat("2026-11-26T12:00:00+03:00")
QUERY = ask(Kind.FLIGHTS, "mombasa", origin="nairobi")
FLIGHT = Fares(8_900, SEEN).flight(QUERY)
ASKED = about_offer(FLIGHT, QUERY)


def live(basis: Basis = Basis.LIVE, expires_at: datetime | None = None) -> Price:
    return replace(price(8_900, basis, seen_at=SEEN), expires_at=expires_at)


def answered(*offers: Offer, status: Status = Status.OK, detail: str = "", provider: str = "duffel") -> Outcome:
    return Outcome(provider, status, offers, detail)


def at(kes: int) -> TransportOffer:
    return Fares(kes, SEEN).flight(QUERY)


@pytest.mark.parametrize("basis", [Basis.LIVE, Basis.CACHED])
def test_a_live_price_is_due_after_a_quarter_of_an_hour_or_when_its_source_lets_go_of_it(basis: Basis) -> None:
    assert due_at(live(basis)) == SEEN + GOOD_FOR
    assert due_at(live(basis, SEEN + timedelta(minutes=4))) == SEEN + timedelta(minutes=4)
    assert due_at(live(basis, SEEN + timedelta(hours=4))) == SEEN + GOOD_FOR


@pytest.mark.parametrize("basis", [Basis.GUIDE, Basis.ESTIMATE])
def test_what_was_printed_or_guessed_is_never_due(basis: Basis) -> None:
    assert due_at(live(basis)) is None
    assert due_at(price(3_000, basis, seen_at=date(2024, 1, 1))) is None
    assert due_at(None) is None


def test_the_question_behind_an_offer_is_put_again_and_only_a_new_answer_will_do() -> None:
    again = question(ASKED, lambda slug: place(slug))
    assert again == replace(QUERY, newest=True)


def test_an_offer_shown_instead_is_asked_for_by_its_own_way_of_travel() -> None:
    assert about_offer(FLIGHT, replace(QUERY, kind=Kind.TRAINS)).kind is Kind.FLIGHTS


def test_a_town_that_is_no_longer_known_cannot_be_asked_about() -> None:
    assert question(ASKED, lambda slug: None) is None
    assert question(ASKED, lambda slug: None if slug == "nairobi" else place(slug)) is None


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([answered(at(8_900))], Verdict(Standing.SAME, at(8_900).price)),
        ([answered(at(9_400))], Verdict(Standing.CHANGED, at(9_400).price)),
        ([answered(at(9_400), status=Status.CACHED)], Verdict(Standing.CHANGED, at(9_400).price)),
        ([answered(status=Status.EMPTY)], Verdict(Standing.GONE)),
        ([answered(replace(FLIGHT, id="flight:another"))], Verdict(Standing.GONE)),
        ([answered(status=Status.FAILED, detail="Duffel has trouble")], Verdict(Standing.UNKNOWN)),
        ([answered(status=Status.TIMED_OUT)], Verdict(Standing.UNKNOWN)),
        ([answered(status=Status.SKIPPED)], Verdict(Standing.UNKNOWN)),
        ([answered(at(7_000), status=Status.CACHED, detail="Duffel has trouble")], Verdict(Standing.UNKNOWN)),
        ([answered(at(7_000), provider="another")], Verdict(Standing.UNKNOWN)),
        ([], Verdict(Standing.UNKNOWN)),
    ],
)  # fmt: skip
def test_the_answer_says_what_became_of_the_price(outcomes: list[Outcome], expected: Verdict) -> None:
    assert verdict(ASKED, 8_900, outcomes) == expected


def test_a_newer_price_takes_the_place_of_the_one_in_the_trip() -> None:
    train = next(item for item in mombasa().items if item.type is ItemType.TRAIN)
    newer = Verdict(Standing.CHANGED, live())
    assert renewed(train, {train.id: newer}).price_kes == newer.kes == 8_900
    assert renewed(train, {train.id: Verdict(Standing.GONE)}) == renewed(train, {}) == train


def test_of_a_bed_all_its_nights_are_compared() -> None:
    query = ask(Kind.HOTELS, "mombasa", FRIDAY, SUNDAY)
    stay = next(offer for offer in offered(query) if isinstance(offer, StayOffer) and offer.nightly)
    assert stay.nightly
    whole = price_for(stay, FRIDAY, SUNDAY)
    assert whole == stay.nightly.times(2)
    asked = about_offer(stay, query)
    known = [Outcome(stay.provider, Status.OK, (stay,))]
    assert verdict(asked, stay.nightly.kes * 2, known).standing is Standing.SAME
    assert verdict(asked, stay.nightly.kes, known).standing is Standing.CHANGED
    unpriced = [Outcome(stay.provider, Status.OK, (replace(stay, nightly=None),))]
    assert verdict(asked, 1, unpriced).standing is Standing.UNKNOWN


def test_a_line_of_a_trip_knows_its_question() -> None:
    plan = mombasa()
    found = {item.id: about_item(item, plan.request) for item in plan.items}
    train, stay, ride = found["train-1"], found["stay-1"], found["ride-1"]
    assert train == Asked(
        "sgr", Kind.TRAINS, "sgr:train-1", "mombasa", FRIDAY, FRIDAY, plan.request.party, "nairobi",
        wishes=plan.request.wishes,
    )  # fmt: skip
    assert stay is not None
    assert (stay.kind, stay.destination, stay.start, stay.end) == (Kind.HOTELS, "nyali", FRIDAY, SUNDAY)
    assert ride is not None
    assert [spot.id for spot in ride.spots] == ["nairobi-centre", "nairobi-terminus"]
    assert found["meals-1127"] is None


def test_a_bed_taken_before_noon_is_one_of_the_night_before() -> None:
    plan = mombasa()
    stay = next(item for item in plan.items if item.type is ItemType.STAY)
    early = about_item(replace(stay, start=stay.start.replace(hour=6)), plan.request)
    assert early is not None
    assert early.start == FRIDAY - timedelta(days=1)


def test_a_query_is_not_another_one_for_wanting_the_newest() -> None:
    assert Query(Kind.EVENTS, place("nairobi"), FRIDAY, FRIDAY, ASKED.party).newest is False
