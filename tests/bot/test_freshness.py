"""What travellers see of how fresh prices are: samples, conversions, ages, and sources that could not be reached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.documents import ics, pdf
from bot.documents.json import export
from bot.documents.text import render as as_text
from bot.present import booking, plan_card, search_answer
from bot.present.sources import SERVICES, provider_name
from bot.present.words import RATES, RATES_CREDIT, RATES_URL, written
from planner.model import Basis, ItemType, Itinerary, Offer, Price, TransportOffer, Unknown
from providers import fx
from providers.base import Kind, Outcome, Status
from providers.gazetteer import load
from providers.registry import discover
from tests.bot.test_present import asked, bus
from tests.providers.online import RATES as QUOTED
from tests.samples import mombasa

NOW = datetime.fromisoformat("2026-11-23T12:00:00+03:00")
TOWNS = load()
URL = "https://safiri.example/t/abcdefghijklmnopqrstuvwxyz"
LANGS = ("en", "sw")
SAMPLE = {"en": "sample, not a real price", "sw": "mfano tu, si bei halisi"}
BRIEF = {"en": "(sample)", "sw": "(mfano)"}


def live(kes: int, minutes: int = 3, **more: Any) -> Price:
    seen = NOW - timedelta(minutes=minutes)
    return replace(fx.price(Decimal(kes), "KES", None, source="Duffel", seen_at=seen), **more)


def dollars(amount: str = "45.00", minutes: int = 3) -> Price:
    seen = NOW - timedelta(minutes=minutes)
    return fx.price(Decimal(amount), "USD", QUOTED, source="Duffel", seen_at=seen)


def priced(price: Price, kind: ItemType = ItemType.TRAIN) -> Itinerary:
    """The Mombasa trip with this price for its lines of a kind."""
    plan = mombasa()
    return replace(
        plan,
        days=tuple(
            replace(day, items=tuple(replace(i, price=price) if i.type is kind else i for i in day.items))
            for day in plan.days
        ),
    )


def card(plan: Itinerary, lang: str = "en", now: datetime = NOW) -> str:
    return written(plan_card(plan, lang, share_url=URL, gazetteer=TOWNS, now=now))


def paper(plan: Itinerary, lang: str) -> tuple[str, set[str]]:
    """The words of the PDF, and where its links lead."""
    reader = PdfReader(BytesIO(pdf.render(plan, lang=lang, share_url=URL)))
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    links = {note["/A"]["/URI"] for note in notes if note["/Subtype"] == "/Link"}
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split()), links


def offered(price: Price, name: str = "Easy Coach", provider: str = "buupass") -> TransportOffer:
    return replace(bus(name, price.kes), price=price, provider=provider)


def answer(
    offers: Sequence[Offer], outcomes: Sequence[Outcome] = (), lang: str = "en", kind: Kind = Kind.BUSES, **more: Any
) -> list[str]:
    task = replace(asked(kind), lang=lang)
    reply = search_answer(task, offers, outcomes, link=lambda url, _: url, gazetteer=TOWNS, now=NOW, **more)
    return written(reply).splitlines()


# -- samples


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("basis", [Basis.ESTIMATE, Basis.LIVE])
def test_a_made_up_price_is_marked_wherever_it_is_shown(lang: str, basis: Basis) -> None:
    made_up = live(3_000, basis=basis, sample=True)
    plan = priced(made_up)
    shown = card(plan, lang)
    assert shown.count(f"3,000 {BRIEF[lang]}") == 2
    assert ("made up" if lang == "en" else "si halisi") in shown
    assert f"3,000 ({SAMPLE[lang]})" in written(booking(plan, lang, link=lambda url, _: url, now=NOW))
    assert f"KES 3,000 ({SAMPLE[lang]})" in answer([offered(made_up)], lang=lang)[1]
    said, _ = paper(plan, lang)
    assert said.count(SAMPLE[lang]) >= 2
    assert ("nobody sells at it" if lang == "en" else "hakuna anayeuza") in said
    assert SAMPLE[lang] in as_text(plan, lang).replace("\n      ", " ")
    assert SAMPLE[lang] in ics.render(plan, lang=lang).decode().replace("\r\n ", "").replace("\\,", ",")


def test_a_sum_with_a_sample_in_it_is_a_sample() -> None:
    plan = priced(live(100, sample=True), ItemType.MEAL)
    assert "🍽 Food, 3 days · 300 (sample, not a real price)" in card(plan)


def test_without_samples_nothing_is_said_of_them() -> None:
    assert "made up" not in card(mombasa())
    assert "sample" not in paper(mombasa(), "en")[0]


def test_json_marks_samples_and_only_them() -> None:
    def prices(plan: Itinerary) -> list[dict[str, Any]]:
        days = json.loads(json.dumps(export(plan)))["days"]
        return [item["price"] for day in days for item in day["items"] if item["price"]]

    marked = [price.get("sample") for price in prices(priced(live(3_000, sample=True)))]
    assert marked.count(True) == 2
    assert set(marked) == {True, None}
    assert not any("sample" in price for price in prices(mombasa()))


# -- conversions and ages


@pytest.mark.parametrize("lang", LANGS)
def test_a_converted_price_says_so_and_names_whose_rates_they_are(lang: str) -> None:
    plan = priced(dollars())
    assert "≈5,817 (" in card(plan, lang)
    lines = answer([offered(dollars())], lang=lang)
    assert "≈KES 5,817" in lines[1]
    assert lines[-1] == f"{RATES_CREDIT}: {RATES_URL}"
    said, links = paper(plan, lang)
    assert "≈5,817" in said
    assert "≈ USD 45.00" in said
    assert RATES_CREDIT in said
    assert RATES_URL in links
    assert RATES_CREDIT in written(booking(plan, lang, link=lambda url, _: url, now=NOW))


def test_whose_rates_were_not_used_is_not_named() -> None:
    other = dollars()
    other = replace(other, note=other.note.replace(RATES, "our settings"))
    for plan in (mombasa(), priced(live(3_000)), priced(other)):
        said, links = paper(plan, "en")
        assert RATES_CREDIT not in said
        assert RATES_URL not in links


def test_the_words_of_the_credit_are_those_of_the_rates() -> None:
    assert (RATES_CREDIT, RATES_URL) == (fx.CREDIT, fx.CREDIT_URL)
    assert QUOTED.source == RATES


@pytest.mark.parametrize(
    ("price", "brief", "whole"),
    [
        (live(3_000), "live, 3 min ago", "live, 3 min ago"),
        (live(3_000, basis=Basis.CACHED), "seen 3 min ago", "seen 3 min ago"),
        (live(3_000, 200), "seen 3 h ago", "seen 3 h ago"),
        (live(3_000, 5, expires_at=NOW), "seen 5 min ago", "seen 5 min ago"),
        (bus("A", 3_000).price, "guide Dec 2022", "guide price, Dec 2022"),
        (live(3_000, basis=Basis.ESTIMATE), "estimate", "estimate"),
    ],
)
def test_every_price_has_its_basis_and_its_age(price: Price, brief: str, whole: str) -> None:
    plan = priced(price)
    assert f"3,000 ({brief})" in card(plan)
    assert f"3,000 ({whole})" in written(booking(plan, "en", link=lambda url, _: url, now=NOW))
    assert f"KES 3,000 ({whole})" in answer([offered(price)])[1]


@pytest.mark.parametrize("minutes", [0, 200])
def test_paper_names_the_hour_of_a_live_price(minutes: int) -> None:
    said, _ = paper(priced(live(3_000, minutes)), "en")
    assert ("live, Mon 23 Nov 12:00" if not minutes else "live, Mon 23 Nov 08:40") in said


# -- who was not reached


def out(provider: str, retry_after: float | None = None, status: Status = Status.FAILED) -> Outcome:
    return Outcome(provider, status, detail="has trouble", retry_after=retry_after)


def older(provider: str, retry_after: float | None = None) -> Outcome:
    offer = offered(live(1_300, 12, basis=Basis.CACHED), provider=provider)
    return Outcome(provider, Status.CACHED, (offer,), "has trouble", retry_after=retry_after)


GUIDE = Outcome("guide_buses", Status.OK, (bus("Easy Coach", 1_400),))


@pytest.mark.parametrize(
    ("outcome", "english", "swahili"),
    [
        (
            out("buupass"),
            "BuuPass did not answer; these are guide prices.",
            "BuuPass haikujibu; hizi ni bei za mwongozo.",
        ),
        (
            out("buupass", 45),
            "BuuPass can't answer right now; these are guide prices. Try again in a minute.",
            "BuuPass haiwezi kujibu sasa; hizi ni bei za mwongozo. Jaribu tena baada ya dakika moja.",
        ),
        (
            older("iabiri"),
            "IABIRI did not answer: prices from 12 min ago.",
            "IABIRI haikujibu: bei ni za dakika 12 zilizopita.",
        ),
        (
            older("iabiri", 90),
            "IABIRI can't answer right now: prices from 12 min ago; try again in 2 minutes.",
            "IABIRI haiwezi kujibu sasa: bei ni za dakika 12 zilizopita; jaribu tena baada ya dakika 2.",
        ),
    ],
)
def test_who_was_not_reached_is_said_in_the_last_line(outcome: Outcome, english: str, swahili: str) -> None:
    outcomes = [outcome, GUIDE]
    offers = [offer for each in outcomes for offer in each.offers]
    assert answer(offers, outcomes)[-1] == english
    assert answer(offers, outcomes, "sw")[-1] == swahili


def test_several_that_were_not_reached_share_one_line() -> None:
    outcomes = [out("buupass"), out("operator_pages", status=Status.TIMED_OUT), older("iabiri", 30), GUIDE]
    assert answer([older("iabiri").offers[0]], outcomes)[-1] == (
        "BuuPass and Coach companies' pages did not answer. "
        "IABIRI can't answer right now: prices from 12 min ago; try again in a minute."
    )


def test_an_answer_from_memory_is_no_trouble() -> None:
    calm = replace(older("iabiri"), detail="")
    assert "IABIRI" not in "\n".join(answer(calm.offers, [calm]))


def test_samples_are_not_called_guide_prices() -> None:
    offers = [offered(live(1_300, basis=Basis.ESTIMATE, sample=True))]
    assert answer(offers, [out("buupass")])[-1] == "BuuPass did not answer."


def test_while_a_seller_of_seats_is_out_the_companies_are_named() -> None:
    offers = [bus(f"Line {n}", 1_000 + n) for n in range(7)]
    lines = answer(offers, [out("buupass", 200), GUIDE], extras=("Guardian", "Line 1"))
    assert "Who runs this way, to ask themselves: Line 5, Line 6 and Guardian." in lines
    assert "Wanaosafiri njia hii, waulize wenyewe: Guardian." in answer(
        [], [out("buupass")], "sw", extras=("Guardian",)
    )
    assert "Also running, fare not known: Guardian." in answer(offers[:1], [GUIDE], extras=("Guardian",))


@pytest.mark.parametrize("status", [Status.FAILED, Status.TIMED_OUT])
def test_when_no_event_listing_was_reached_one_is_asked_to_come_back(status: Status) -> None:
    outcomes = [out("eventbrite", status=status), out("local_events", 60), Outcome("guide_events", Status.OK)]
    said = answer([], outcomes, kind=Kind.EVENTS)
    assert "I could not reach any event listing (Eventbrite and Local event sites); check back soon." in said
    swahili = answer([], outcomes, "sw", Kind.EVENTS)
    assert any("Eventbrite na Tovuti ya matukio" in line and "angalia tena" in line for line in swahili)


def test_when_one_event_listing_was_reached_the_others_are_named() -> None:
    outcomes = [out("eventbrite"), Outcome("local_events", Status.EMPTY)]
    said = "\n".join(answer([], outcomes, kind=Kind.EVENTS))
    assert "Eventbrite did not answer." in said
    assert "check back" not in said


@pytest.mark.parametrize(
    ("lang", "short", "long"),
    [
        ("en", "BuuPass (did not answer); Duffel (did not answer; earlier prices)", "Duffel did not answer this time"),
        ("sw", "BuuPass (haikujibu); Duffel (haikujibu; bei za awali)", "Duffel haikujibu safari hii"),
    ],
)
def test_a_plan_names_who_was_not_reached(lang: str, short: str, long: str) -> None:
    plan = replace(mombasa(), unknowns=(Unknown("unreached", "buupass"), Unknown("older", "duffel")))
    assert short in card(plan, lang)
    said, _ = paper(plan, lang)
    assert long in said
    assert "BuuPass" in said


def test_the_json_of_a_plan_names_who_was_not_reached() -> None:
    out = json.loads(json.dumps(export(replace(mombasa(), unknowns=(Unknown("older", "duffel"),)))))
    assert out["unknowns"][0]["subject"] == "duffel"
    assert out["unknowns"][0]["text"].startswith("Duffel did not answer this time")


@pytest.mark.parametrize("provider", [p for p in discover() if hasattr(p, "policy")], ids=lambda p: p.name)
def test_every_source_on_the_network_is_called_what_it_calls_itself(provider: Any) -> None:
    assert provider_name(provider.name) == SERVICES[provider.name] == provider.policy.service


def test_the_guide_is_not_taken_for_a_service() -> None:
    guide = [p.name for p in discover() if not hasattr(p, "policy")]
    assert SERVICES.keys().isdisjoint(guide)
    assert provider_name("sgr") == "SGR"
    assert provider_name("guide_buses") == "Guide buses"
