"""One departure told by several sellers, and guesses beside what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Basis, Mode, Precision, Price, StayClass, StayOffer, TransportOffer
from providers.choosing import best_known, real_first
from providers.guidebook import stage
from providers.merging import without_repeats
from providers.sources.guide_buses import site_of
from providers.sources.guide_stays import stay_spot
from tests.providers.asking import place

EIGHT = datetime.fromisoformat("2026-12-12T08:00+03:00")


def priced(kes: int, basis: Basis) -> Price:
    seen = EIGHT if basis in (Basis.LIVE, Basis.CACHED) else date(2022, 12, 1)
    precision = Precision.MINUTE if isinstance(seen, datetime) else Precision.DAY
    return Price(kes, Decimal(kes), "KES", basis, "somebody", seen, precision)


def coach(
    name: str = "Mash", source: str = "buupass", minutes: int = 0, kes: int = 1500, basis: Basis = Basis.LIVE,
    supposed: bool = False,
) -> TransportOffer:  # fmt: skip
    leaves = EIGHT + timedelta(minutes=minutes)
    return TransportOffer(
        f"bus:{source}:{name}:{minutes}".lower(), Mode.BUS, name, name, stage(place("nairobi")),
        stage(place("mombasa")), leaves, leaves + timedelta(hours=8), priced(kes, basis), times_assumed=supposed,
        provider=source,
    )  # fmt: skip


def flight(source: str, basis: Basis, supposed: bool) -> TransportOffer:
    made = coach("Jambojet", source, basis=basis, supposed=supposed)
    return replace(made, id=f"flight:{source}", mode=Mode.FLIGHT)


def bed(source: str, basis: Basis, stay_class: StayClass = StayClass.MID) -> StayOffer:
    spot = stay_spot(place("mombasa"))
    price = priced(8000, basis)
    return StayOffer(f"stay:{source}:{stay_class}", source, spot, stay_class, price, 1, 2, provider=source)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (coach(kes=1600), coach("MASH COOL EXPRESS", "iabiri", 5), "iabiri"),
        (coach(), coach("Mash East Africa", "iabiri", 5, 1400, Basis.CACHED), "buupass"),
        (coach("Mololine"), coach("Molo Line (Mololine Services)", "guide_buses", 5, 900, Basis.GUIDE), "buupass"),
        (coach("Simba Coach"), coach("Simba Coach Ltd", "guide_buses", 30, 900, Basis.GUIDE, supposed=True), "buupass"),
    ],
    ids=[
        "the cheaper of two live ones",
        "live before cached",
        "by another of its names",
        "what has a time before what is supposed",
    ],
)
def test_of_two_tellings_the_better_one_is_kept(one: TransportOffer, other: TransportOffer, kept: str) -> None:
    assert [offer.provider for offer in without_repeats([one, other])] == [kept]


@pytest.mark.parametrize(
    "other",
    [
        coach("Tahmeed", "iabiri"),
        coach("Mash", "iabiri", minutes=30),
        coach("Mash", "buupass", minutes=5),
        replace(coach("Mash", "iabiri"), destination=stage(place("malindi"))),
        coach("Mash", "guide_buses", 24 * 60, basis=Basis.GUIDE, supposed=True),
    ],
    ids=["another company", "another hour", "two coaches of one seller", "another town", "another day"],
)
def test_what_is_another_departure_stays(other: TransportOffer) -> None:
    assert len(without_repeats([coach(), other])) == 2


coaches = st.lists(
    st.builds(
        coach,
        st.sampled_from(
            ["Mash", "Mash Poa", "Tahmeed Coach", "Simba", "Guardian", "Guardian Angel (Guardian Bus Service)"]
        ),
        st.sampled_from(["buupass", "iabiri", "guide_buses"]),
        st.integers(0, 12).map(lambda n: 4 * n),
        st.integers(10, 20).map(lambda n: 100 * n),
        st.sampled_from(list(Basis)),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda offer: offer.id,
)


@given(coaches, st.randoms())
def test_neither_order_nor_repetition_changes_the_result(offers: list[TransportOffer], draw: Random) -> None:
    once = without_repeats(offers)
    shuffled = list(offers)
    draw.shuffle(shuffled)
    assert without_repeats(once) == once
    assert {offer.id for offer in without_repeats(shuffled)} == {offer.id for offer in once}
    assert {offer.operator.split()[0] for offer in once} == {offer.operator.split()[0] for offer in offers}


@given(coaches)
def test_what_is_left_out_is_told_by_another_and_what_has_no_rival_stays(offers: list[TransportOffer]) -> None:
    kept = without_repeats(offers)
    ids = {offer.id for offer in kept}
    for offer in offers:
        if offer.id not in ids:
            assert any(are_rivals(other, offer) for other in kept)
        elif not any(are_rivals(other, offer) for other in offers):
            assert offer in kept
    for one, other in combinations(kept, 2):
        assert not are_rivals(one, other)


def are_rivals(one: TransportOffer, other: TransportOffer) -> bool:
    """The rule once more, in other words: one company by its first name, two sellers, and times that do not tell."""
    company = one.operator.split()[0] == other.operator.split()[0]
    if not company or one.provider == other.provider:
        return False
    a_guess = one.times_assumed is not other.times_assumed
    return a_guess or abs(one.depart - other.depart) <= timedelta(minutes=10)


def test_a_made_up_departure_replaces_no_real_one() -> None:
    real = coach("Mash", "guide_buses", basis=Basis.GUIDE, supposed=True)
    assert without_repeats([sample(coach("Mash")), real]) == [real]
    elsewhen = sample(coach("Mash", minutes=60))
    assert without_repeats([elsewhen, real]) == [elsewhen, real]


def test_flights_that_are_only_supposed_give_way_to_seats_that_were_seen() -> None:
    supposed = flight("guide_flights", Basis.GUIDE, supposed=True)
    printed = replace(flight("guide_flights", Basis.GUIDE, supposed=False), id="flight:printed")
    seen = flight("duffel", Basis.LIVE, supposed=False)
    assert best_known([supposed, seen, printed]) == [seen, printed]
    assert best_known([supposed, printed]) == [supposed, printed]
    sample = replace(seen, price=replace(seen.price, basis=Basis.ESTIMATE, sample=True))
    assert best_known([supposed, sample]) == [supposed, sample], "what is made up replaces nothing"


def test_a_price_band_gives_way_to_beds_of_its_class_that_were_seen() -> None:
    band, other = bed("guide_stays", Basis.GUIDE), bed("guide_stays", Basis.GUIDE, StayClass.BUDGET)
    seen = bed("duffel_stays", Basis.CACHED)
    assert best_known([band, other, seen]) == [other, seen]


def sample(offer: TransportOffer) -> TransportOffer:
    return replace(offer, price=replace(offer.price, basis=Basis.ESTIMATE, sample=True))


def test_a_plan_is_made_of_real_offers_where_there_are_any() -> None:
    made_up, real = sample(coach("Sample Line")), coach("Mash", "guide_buses", basis=Basis.GUIDE)
    tomorrow = sample(coach("Sample Line", minutes=24 * 60))
    assert real_first([made_up, real, tomorrow]) == [real, tomorrow]
    assert real_first([made_up]) == [made_up]


def test_a_company_is_known_by_its_name_whatever_stands_behind_it() -> None:
    assert site_of("EASY COACH LTD") == site_of("Easy Coach")
    assert site_of("Easy Coach") is not None
    assert site_of("Nobody's Coaches") is None
    assert site_of("Express Bus") is None
