"""What every source must keep, checked on all that are discovered."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from planner.model import ActivityOffer, Basis, Offer, Price, Residency, StayOffer, TransferOffer, TransportOffer
from providers import registry, sources
from providers.base import Kind, Provider, Query
from providers.gazetteer import load
from tests.providers.asking import FRIDAY, SUNDAY, answers, ask, offered, party

FOLDER = Path(sources.__path__[0])
FILES = sorted(path for path in FOLDER.glob("*.py") if path.name != "__init__.py")
PROVIDERS = registry.discover()
TOWNS = ("mombasa", "nakuru", "kisumu", "diani", "voi", "lamu", "naivasha", "maasai-mara", "nanyuki", "kitale", "nyali")
FAMILY = party(adults=2, children=3, residency=Residency.VISITOR)
ASKED_BY_TWO = [
    *(ask(kind, town, origin="nairobi") for kind in (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS) for town in TOWNS),
    *(ask(kind, "nairobi", origin=town) for kind in (Kind.BUSES, Kind.TRAINS, Kind.FLIGHTS) for town in TOWNS),
    *(ask(kind, town, FRIDAY, SUNDAY) for kind in (Kind.HOTELS, Kind.ACTIVITIES, Kind.TRANSFERS) for town in TOWNS),
    *(ask(Kind.EVENTS, town, date(2026, 1, 1), date(2026, 12, 31)) for town in TOWNS),
]
QUERIES = [*ASKED_BY_TWO, *(replace(query, party=FAMILY) for query in ASKED_BY_TWO)]
OF_KIND = {
    Kind.BUSES: TransportOffer,
    Kind.TRAINS: TransportOffer,
    Kind.FLIGHTS: TransportOffer,
    Kind.HOTELS: StayOffer,
    Kind.ACTIVITIES: ActivityOffer,
    Kind.EVENTS: ActivityOffer,
    Kind.TRANSFERS: TransferOffer,
}


def price_of(offer: Offer) -> Price | None:
    return offer.nightly if isinstance(offer, StayOffer) else offer.price


@pytest.fixture(scope="module")
def everything() -> list[tuple[Query, Offer]]:
    found = [(query, offer) for query in QUERIES for offer in offered(query)]
    assert len(found) > 600, "a contract over nothing proves nothing"
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_source_file_reads_in_the_agreed_order(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(tree) or ""
    for heading in ("What it is:", "Terms:", "Limits:", "Oddities:", "Not verified:"):
        assert heading in docstring
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    private = [node.lineno for node in classes if node.name.startswith("_")]
    public = [node.lineno for node in classes if not node.name.startswith("_")]
    assert len(public) == 1, "one provider a file"
    assert max(private) < functions["parse"].lineno < public[0]
    last = tree.body[-1]
    assert isinstance(last, ast.AnnAssign)
    assert ast.unparse(last.target) == "PROVIDER"


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_a_provider_is_named_like_its_file_and_says_what_it_does(provider: type[Provider]) -> None:
    assert provider.__module__ == f"providers.sources.{provider.name}"
    assert re.fullmatch(r"[a-z][a-z_]*", provider.name)
    assert provider.kinds
    assert provider.kinds <= set(Kind)
    settings = [name for need in provider.needs for name in need.split(registry.ALTERNATIVES)]
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", name) for name in settings)


def test_together_the_sources_answer_every_kind_of_search_without_a_key() -> None:
    kinds = {kind for provider in registry.enabled({}) for kind in provider.kinds}
    assert kinds == set(Kind)


def test_offers_are_of_the_kind_asked_for_and_carry_their_source(everything: list[tuple[Query, Offer]]) -> None:
    names = {provider.name for provider in PROVIDERS}
    for query, offer in everything:
        assert isinstance(offer, OF_KIND[query.kind]), offer.id
        assert offer.provider in names
        assert offer.id
        assert offer.id == offer.id.strip()


def test_every_price_says_where_it_is_from_and_how_old_it_is(everything: list[tuple[Query, Offer]]) -> None:
    for _, offer in everything:
        price = price_of(offer)
        if price is None:
            assert isinstance(offer, StayOffer | ActivityOffer), offer.id
            continue
        assert price.basis in (Basis.GUIDE, Basis.ESTIMATE), "the guide is never live"
        assert price.source
        assert price.currency == "KES"
        assert price.amount == price.kes
        if price.basis is Basis.ESTIMATE:
            assert price.note, f"{offer.id}: an estimate says what it rests on"
        else:
            assert price.source_url is not None
            assert urlsplit(price.source_url).scheme in ("http", "https")
        assert not isinstance(price.seen_at, datetime), "printed facts have a date, not a time"
        if price.low_kes is not None and price.high_kes is not None:
            assert price.low_kes <= price.kes <= price.high_kes, offer.id


def test_links_can_be_opened_from_a_chat(everything: list[tuple[Query, Offer]]) -> None:
    for _, offer in everything:
        if offer.booking_url is not None:
            link = urlsplit(offer.booking_url)
            assert link.scheme in ("http", "https")
            assert "." in (link.hostname or "")


def test_departures_are_on_the_day_asked_for_and_never_before(everything: list[tuple[Query, Offer]]) -> None:
    for query, offer in everything:
        if isinstance(offer, TransportOffer):
            assert offer.depart.date() == query.start, offer.id
            assert offer.depart.utcoffset() is not None
            assert offer.arrive > offer.depart
            assert offer.minutes <= 24 * 60


def test_spots_with_one_id_are_one_spot(everything: list[tuple[Query, Offer]]) -> None:
    seen: dict[str, object] = {}
    for _, offer in everything:
        spots = [offer.spot] if isinstance(offer, StayOffer | ActivityOffer) else [offer.origin, offer.destination]
        for spot in spots:
            assert seen.setdefault(spot.id, spot) == spot
            assert load().get(spot.place) is not None


def test_within_one_search_ids_are_unique() -> None:
    for query in QUERIES:
        ids = [offer.id for offer in offered(query)]
        assert len(ids) == len(set(ids)), query


def test_the_same_question_gets_the_same_answer() -> None:
    for query in QUERIES[:12]:
        first, second = answers(query), answers(query)
        assert [outcome.offers for outcome in first] == [outcome.offers for outcome in second]


def test_a_suspended_company_is_never_offered(everything: list[tuple[Query, Offer]]) -> None:
    assert not any("modern coast" in repr(offer).casefold() for _, offer in everything)
