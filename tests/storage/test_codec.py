"""Domain objects survive being text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import Attachment, Bold, Button, DocumentKind, Link, Reply
from planner.model import (
    ActivityOffer,
    Basis,
    ItemType,
    Itinerary,
    Mode,
    Offers,
    OpenSpan,
    Party,
    Precision,
    Price,
    Stop,
    TripRequest,
    Wishes,
)
from storage.codec import BadShape, dump, load
from tests.samples import FORT_JESUS, fortnight, mombasa, no_budget

NAIROBI = ZoneInfo("Africa/Nairobi")


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    when: datetime | None = None


@pytest.mark.parametrize("itinerary", [mombasa(), no_budget(), fortnight()], ids=lambda i: i.title)
def test_a_whole_itinerary_comes_back_equal(itinerary: Itinerary) -> None:
    assert load(Itinerary, dump(itinerary)) == itinerary


def test_times_come_back_in_the_zone_of_nairobi() -> None:
    for item in load(Itinerary, dump(mombasa())).items:
        assert (item.start.tzinfo, item.end.tzinfo) == (NAIROBI, NAIROBI)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=2)), ZoneInfo("Asia/Dubai")])
def test_times_of_other_zones_stay_the_same_moment(zone: timezone | ZoneInfo) -> None:
    note = Note("", datetime(2026, 11, 23, 9, 0, tzinfo=zone))
    back = load(Note, dump(note))
    assert back == note
    assert back.when is not None
    assert note.when is not None
    assert back.when.utcoffset() == note.when.utcoffset()


@pytest.mark.parametrize(
    ("seen_at", "precision"),
    [
        (date(2024, 1, 1), Precision.MONTH),
        (datetime(2024, 1, 1, tzinfo=NAIROBI), Precision.MINUTE),
        (None, Precision.UNDATED),
    ],
)
def test_a_date_stays_a_date_and_a_moment_a_moment(seen_at: date | datetime | None, precision: Precision) -> None:
    price = Price(3000, Decimal("23.10"), "USD", Basis.LIVE, "test", seen_at, precision)
    back = load(Price, dump(price))
    assert back == price
    assert type(back.seen_at) is type(seen_at)
    assert back.amount.as_tuple() == price.amount.as_tuple()


def test_a_request_with_every_wish_comes_back_equal() -> None:
    request = TripRequest(
        origin="nairobi",
        stops=(Stop("mombasa", 2), Stop("diani")),
        start=date(2026, 11, 27),
        end=date(2026, 11, 30),
        party=Party(2, 1, (4,)),
        budget_kes=60_000,
        wishes=Wishes({"beach": 3}, modes_refused=frozenset({Mode.BUS}), earliest=time(7), must_see=("Fort Jesus",)),
        locked=frozenset({"sgr:1"}),
        assumed=("origin",),
    )
    assert load(TripRequest, dump(request)) == request


def test_offers_come_back_equal() -> None:
    sight = ActivityOffer(
        id="guide:fort-jesus",
        name="Fort Jesus",
        spot=FORT_JESUS,
        kind=ItemType.ACTIVITY,
        tags=frozenset({"history"}),
        minutes=90,
        price=None,
        spans=(OpenSpan(frozenset(range(7)), time(8), time(18)),),
        closed_on=frozenset({(12, 25)}),
        sessions=((datetime(2026, 11, 27, 9, tzinfo=NAIROBI), datetime(2026, 11, 27, 10, tzinfo=NAIROBI)),),
    )
    offers = Offers(activities=(sight,), centres={"mombasa": FORT_JESUS}, unreached=("buupass",))
    assert load(Offers, dump(offers)) == offers


def test_each_kind_of_line_in_a_reply_comes_back_as_itself() -> None:
    reply = Reply(
        lines=(
            "plain",
            Bold("bold"),
            Link("SGR", "https://metickets.krc.co.ke"),
            ("mixed ", Bold("b"), Link("l", "u")),
        ),
        buttons=(Button("Change", action="change"), Button("Book", url="https://example.org")),
        attachments=(Attachment(DocumentKind.PDF, "7", 1, "trip.pdf"),),
        progress="plan-7",
    )
    assert load(Reply, dump(reply)) == reply


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_readable_text_comes_back_as_it_was(text: str) -> None:
    assert load(Note, dump(Note(text))) == Note(text)


@given(st.text(st.characters()))
def test_text_that_json_cannot_carry_is_made_readable_and_not_refused(text: str) -> None:
    back = load(Note, dump(Note(text)))
    assert len(back.text) == len(text)
    assert back.text == "".join("?" if "\ud800" <= character <= "\udfff" else character for character in text)


@pytest.mark.parametrize("text", ["", "not json", "[]", "{}", '{"text": 3, "when": "+254711000111"}'])
def test_what_is_not_of_that_shape_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(BadShape) as caught:
        load(Note, text)
    assert "254711" not in str(caught.value)
