"""What travellers read: short, honest about prices and times, and never ambiguous about for whom."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import STALE, intent_for
from bot.intents import Context
from bot.present import booking, infeasible, plan_card, plan_documents, progress, search_answer, trouble, understood
from bot.present.words import label, place_name, written
from bot.replies import DocumentKind, Link
from bot.tasks import SearchTask
from planner.model import (
    ActivityOffer,
    Basis,
    Infeasible,
    Item,
    ItemType,
    Itinerary,
    Mode,
    Offer,
    Party,
    Price,
    Relaxation,
    Spot,
    SpotKind,
    StayClass,
    StayOffer,
    Stop,
    TransportOffer,
    Unknown,
    Wishes,
)
from providers.base import Kind, Outcome, Status
from providers.gazetteer import load
from tests.samples import at, at_home, fortnight, mombasa, no_budget, over_budget, price, with_a_change

FRIDAY = date(2026, 11, 27)
URL = "https://safiri.example/t/abcdefghijklmnopqrstuvwxyz"
TOWNS = load()
KISUMU = Spot("kisumu", "Kisumu", "kisumu", SpotKind.STAGE)
NAIROBI = Spot("nairobi", "Nairobi", "nairobi", SpotKind.STAGE)
EVENTS = SearchTask(Kind.EVENTS, "nairobi", FRIDAY, FRIDAY + timedelta(2), Party())


def card(plan: Itinerary, lang: str = "en", **more: tuple[str, ...]) -> str:
    return written(plan_card(plan, lang, share_url=URL, gazetteer=TOWNS, **more))


def bus(name: str, kes: int, hour: int = 8, *, known: bool = True, basis: Basis = Basis.GUIDE) -> TransportOffer:
    seen = datetime.fromisoformat("2026-11-23T09:00:00+03:00") if basis is Basis.LIVE else date(2022, 12, 8)
    return TransportOffer(
        id=f"{name}-{hour}",
        mode=Mode.BUS,
        operator=name,
        service="",
        origin=NAIROBI,
        destination=KISUMU,
        depart=at(FRIDAY, hour),
        arrive=at(FRIDAY, hour) + timedelta(hours=7),
        price=price(kes, basis, seen_at=seen),
        booking_url="https://buses.example/book",
        times_assumed=not known,
    )


def asked(kind: Kind = Kind.BUSES, size: int = 1, **more: object) -> SearchTask:
    origin = "nairobi" if kind is not Kind.HOTELS else None
    task = SearchTask(kind, "kisumu", FRIDAY, FRIDAY, Party(adults=size), origin)
    return replace(task, **more)  # type: ignore[arg-type]


def answer(task: SearchTask, offers: list[Offer], outcomes: tuple[Outcome, ...] = (), **more: object) -> str:
    reply = search_answer(
        task,
        offers,
        outcomes,
        link=lambda url, offer: f"https://s.example/{offer}",
        gazetteer=TOWNS,
        **more,  # type: ignore[arg-type]
    )
    return written(reply)


# -- the plan card


def test_the_card_opens_with_the_trip_and_its_money() -> None:
    assert card(mombasa()).splitlines()[:2] == [
        "Mombasa · Fri 27 – Sun 29 Nov · 2 people · from Nairobi",
        "KES 27,980 of 60,000 plus one unknown price — all checks passed ✓",
    ]
    assert card(mombasa(), "sw").splitlines()[:2] == [
        "Mombasa · Ijumaa 27 – Jumapili 29 Nov · watu 2 · kutoka Nairobi",
        "KES 27,980 kati ya 60,000 pamoja na bei 1 isiyojulikana — ukaguzi wote uko sawa ✓",
    ]


def test_where_one_changes_each_part_says_where_it_leads() -> None:
    lines = card(with_a_change()).splitlines()
    assert [line.split(" ")[2:4] for line in lines if "Easy Coach" in line or "Inter-County" in line][:2] == [
        ["→", "Nairobi,"],
        ["→", "Mombasa,"],
    ]


def test_a_trip_at_home_has_its_nights_at_home() -> None:
    lines = card(at_home()).splitlines()
    assert lines[0] == "Mombasa · Fri 27 – Sat 28 Nov · 2 people"
    assert "🛏 At home, 1 night" in lines
    assert "🛏 Nyumbani, usiku 1" in card(at_home(), "sw").splitlines()


def test_a_bed_nobody_offers_is_named_as_such() -> None:
    plan = replace(mombasa(), unknowns=(Unknown("no_stay", "Mombasa"),))
    assert "Not checked: a place to sleep: Mombasa." in card(plan)


def test_without_a_budget_the_total_says_for_whom() -> None:
    assert "KES 27,980 in all (13,990 each)" in card(no_budget())


def test_a_broken_rule_is_said_and_nothing_is_claimed() -> None:
    said = card(over_budget())
    assert "all checks passed" not in said
    assert f"not right: {over_budget().checks[0].detail}" in said


def test_an_unchecked_plan_claims_no_checks() -> None:
    assert "checks" not in card(replace(mombasa(), checks=()))


@pytest.mark.parametrize("lang", ["en", "sw"])
@pytest.mark.parametrize(
    "plan", [mombasa(), no_budget(), over_budget(), fortnight()], ids=["mombasa", "free", "over", "long"]
)
def test_a_card_fits_a_thousand_characters(plan: Itinerary, lang: str) -> None:
    assert len(card(plan, lang)) <= 1_000
    assert URL in card(plan, lang)


def test_a_long_trip_keeps_its_journeys_and_counts_what_is_left_out() -> None:
    said = card(fortnight())
    assert said.count("→ ") >= 6
    assert "more, see the PDF" in said


@settings(deadline=None)
@given(st.integers(1, 40), st.text(min_size=1, max_size=200), st.sampled_from(["en", "sw"]))
def test_no_plan_however_wordy_breaks_the_limit(lines: int, words: str, lang: str) -> None:
    plan = mombasa()
    first = plan.days[0]
    walks = tuple(
        Item(f"walk-{n}", ItemType.ACTIVITY, words, at(FRIDAY, 9), at(FRIDAY, 10), "mombasa", price(100))
        for n in range(lines)
    )
    days = tuple(replace(first, items=walks) for _ in range(12))
    unknowns = tuple(Unknown("fee_unknown", words) for _ in range(lines))
    assert len(card(replace(plan, days=days, unknowns=unknowns), lang)) <= 1_000


def test_every_price_on_the_card_has_its_basis() -> None:
    for line in card(mombasa()).splitlines():
        if " · " in line and line[0] in "🚆🛏🎟🚕🍽":
            assert any(word in line for word in ("tariff", "guide", "estimate", "not known", "undated", "free"))


def test_a_departure_nobody_knows_shows_no_clock() -> None:
    plan = mombasa()
    friday = plan.days[0]
    items = tuple(replace(item, times_assumed=item.type is ItemType.TRAIN) for item in friday.items)
    said = card(replace(plan, days=(replace(friday, items=items),)))
    assert "08:00" not in said
    assert "time not confirmed" in said


def test_a_ride_to_a_departure_nobody_knows_shows_no_clock_either() -> None:
    plan = mombasa()
    friday = plan.days[0]
    ride, _, train = friday.items[:3]
    said = card(replace(plan, days=(replace(friday, items=(ride, replace(train, times_assumed=True))),), unknowns=()))
    assert "06:15" not in said
    assert "🚕" in said


def test_an_unpriced_ride_is_counted_not_hidden() -> None:
    long = replace(mombasa(), title="x")
    padded = replace(long, unknowns=tuple(Unknown("custom", f"thing {n} that is not known at all") for n in range(9)))
    assert "3,800 (estimate), 1 not priced" in card(padded, says=("Changed: " + "many words " * 20,))


def test_what_was_not_checked_is_named() -> None:
    said = next(line for line in card(mombasa()).splitlines() if line.startswith("Not checked"))
    assert "opening hours of Haller Park" in said
    assert "fee of Haller Park" in said


def test_guesses_and_changes_stand_on_the_card() -> None:
    plan = mombasa()
    plan = replace(plan, request=replace(plan.request, assumed=("origin",)))
    said = card(plan, says=("Changed: 3 people.",))
    assert "From Nairobi is my guess." in said
    assert "Changed: 3 people." in said


def test_the_card_offers_what_can_be_done() -> None:
    labels = [button.label for button in plan_card(mombasa(), "en", share_url=URL).buttons]
    assert labels == ["Change", "Cheaper", "Book", "More"]


def test_documents_are_the_pdf_and_the_calendar_of_this_version() -> None:
    files = plan_documents(mombasa(), "en").attachments
    assert [(file.kind, file.version) for file in files] == [(DocumentKind.PDF, 2), (DocumentKind.ICS, 2)]
    assert all(len(file.name) <= 20 and " " not in file.name for file in files)


def test_booking_starts_with_what_sells_out_first() -> None:
    reply = booking(mombasa(), "en", link=lambda url, item: f"https://s.example/{item}")
    lines = written(reply).splitlines()
    assert lines[0].startswith("1 of 3 · 🚆 Fri 27 Nov 08:00")
    assert "M-Pesa PIN" in lines[1]
    assert [button.label for button in reply.buttons] == ["Open booking", "Booked ✓", "Skip"]
    assert reply.buttons[0].url == "https://s.example/train-1"


# -- understood, progress, trouble


def test_the_echo_names_every_guess() -> None:
    request = replace(mombasa().request, assumed=("origin", "start", "duration", "party"), party=Party())
    lines = written(understood(request, "en", TOWNS, key="p")).splitlines()
    assert lines[1] == "My guesses: from Nairobi, leaving Fri 27 Nov, 3 days, 1 person."
    assert [button.label for button in understood(request, "en", TOWNS).buttons] == ["2 people", "Change"]


def test_nothing_guessed_nothing_to_correct() -> None:
    reply = understood(replace(mombasa().request, assumed=()), "sw", TOWNS)
    assert written(reply).startswith("Nimeelewa: Nairobi → Mombasa")
    assert reply.buttons == ()


def test_progress_shows_what_is_done_and_what_is_not() -> None:
    reply = progress([("buses", "ok"), ("flights", ""), ("hotels", "failed"), ("trains", "empty")], "en", "p1")
    assert written(reply) == "Buses ✓ · Flights … · Stays ✗ · Trains –"
    assert reply.progress == "p1"


@pytest.mark.parametrize("what", ["plan", "search", "prices", "documents", "", "dragons"])
def test_trouble_says_what_still_works(what: str) -> None:
    for lang in ("en", "sw"):
        said = written(trouble(lang, what))
        assert len(said) > 60
        assert "Error" not in said


# -- not possible


def test_too_little_money_names_the_cheapest_and_offers_it() -> None:
    request = replace(mombasa().request, budget_kes=10_000)
    reply = infeasible(Infeasible(("budget",), 22_400), request, "en", TOWNS)
    assert written(reply).splitlines()[0] == (
        "Mombasa, Fri 27 – Sun 29 Nov for 2 people does not fit KES 10,000: the cheapest I found is KES 22,400."
    )
    assert [(button.label, button.action) for button in reply.buttons] == [("Raise to 22,400", "budget:22400")]


def test_up_to_three_ways_out_each_a_button_that_works() -> None:
    request = replace(mombasa().request, budget_kes=10_000, wishes=Wishes(modes_refused=frozenset({Mode.BUS})))
    ways = (
        Relaxation("budget", replace(request, budget_kes=22_400), 22_400),
        Relaxation("nights", replace(request, end=FRIDAY + timedelta(1), stops=(Stop("mombasa", 1),)), 14_600),
        Relaxation("stay_class", replace(request, wishes=replace(request.wishes, stay_class=StayClass.BUDGET)), 13_900),
        Relaxation("mode", replace(request, wishes=Wishes()), 9_000),
    )
    reply = infeasible(Infeasible(("budget",), 22_400, ways), request, "sw", TOWNS)
    assert [button.label for button in reply.buttons] == [
        "Ongeza hadi 22,400",
        "Siku 2 — 14,600",
        "Malazi nafuu",
    ]
    for button in reply.buttons:
        assert intent_for(button.action, Context(FRIDAY)).topic != STALE
    assert "2. Siku 2: KES 14,600" in written(reply)


@pytest.mark.parametrize(
    ("rule", "word"), [("hours", "hours"), ("refused", "ruled out"), ("time", "time"), ("x", "as asked")]
)
@pytest.mark.parametrize("budget", [None, 90_000])
def test_other_reasons_do_not_blame_the_budget(rule: str, word: str, budget: int | None) -> None:
    reply = infeasible(Infeasible((rule,), None), replace(mombasa().request, budget_kes=budget), "en", TOWNS)
    assert word in written(reply)
    assert "KES" not in written(reply)
    assert reply.buttons[0].action == "change"


def test_a_leg_without_any_offer_is_named() -> None:
    reply = infeasible(Infeasible((), None, missing=("nairobi>moyale",)), mombasa().request, "en", TOWNS)
    assert "Nairobi → Moyale" in written(reply)


# -- search answers


def test_an_answer_has_at_most_five_offers_cheapest_first() -> None:
    lines = answer(
        asked(), [bus(f"Line {kes}", kes) for kes in (1900, 1300, 1700, 1500, 1200, 1800, 1600)]
    ).splitlines()
    assert lines[0] == "Buses Nairobi → Kisumu · Fri 27 Nov · 1 person"
    assert [line.split(" · ")[1][:9] for line in lines[1:6]] == [
        f"KES {kes:,}" for kes in (1200, 1300, 1500, 1600, 1700)
    ]
    assert lines[6:] == ["2 more found."]


def test_a_line_has_time_price_basis_and_link() -> None:
    assert answer(asked(), [bus("Easy Coach", 1_400)]).splitlines()[1] == (
        "🚌 08:00–15:00 Easy Coach · KES 1,400 (guide price, Dec 2022) · Book: https://s.example/Easy Coach-8"
    )


def test_a_party_price_cannot_be_taken_for_a_fare_each() -> None:
    assert "KES 2,800 for 2, 1,400 each" in answer(asked(size=2), [bus("Easy Coach", 2_800)])
    assert "KES 2,800 kwa 2, 1,400 kila mtu" in answer(asked(size=2, lang="sw"), [bus("Easy Coach", 2_800)])


def test_an_assumed_departure_is_named_once_without_a_clock() -> None:
    said = answer(asked(), [bus("ENA", 1_500, 8, known=False), bus("ENA", 1_500, 20, known=False)])
    assert said.count("🚌") == 1
    assert "time not confirmed" in said
    assert "08:00" not in said


def test_the_operator_and_hour_asked_for_come_first() -> None:
    offers: list[Offer] = [bus("Cheap", 900), bus("Easy Coach", 1_400), bus("Evening Star", 1_600, 19)]
    assert "Easy Coach" in answer(asked(operator="Easy Coach"), offers).splitlines()[1]
    assert "Evening Star" in answer(asked(preferences=("evening",)), offers).splitlines()[1]
    assert "No Mash fare found" in answer(asked(operator="Mash"), offers)


def test_who_did_not_answer_is_said_last() -> None:
    outcomes = (Outcome("buupass", Status.TIMED_OUT), Outcome("guide_buses", Status.OK))
    said = answer(asked(), [bus("Easy Coach", 1_400)], outcomes)
    assert said.splitlines()[-1] == "BuuPass did not answer; these are guide prices."
    live = answer(asked(), [bus("Easy Coach", 1_400, basis=Basis.LIVE)], outcomes)
    assert live.splitlines()[-1] == "BuuPass did not answer."


def test_nothing_found_names_the_nearest_thing_and_another_way() -> None:
    task = asked(Kind.TRAINS)
    reply = search_answer(task, [], (), link=lambda url, _: url, gazetteer=TOWNS, instead=[bus("Easy Coach", 1_400)])
    lines = written(reply).splitlines()
    assert lines[0].startswith("I found none: Trains Nairobi → Kisumu")
    assert lines[1] == "The nearest thing there is:"
    assert "Easy Coach" in lines[2]
    assert "search:buses:nairobi:kisumu:2026-11-27:1" in [button.action for button in reply.buttons]


def test_nothing_found_names_the_town_to_change_in() -> None:
    lines = answer(asked(destination="mombasa", origin="kisumu"), [], change="nairobi").splitlines()
    assert lines[0].startswith("I found none: Buses Kisumu → Mombasa")
    assert lines[1].startswith("With a change in Nairobi")


def test_operators_without_a_fare_are_named_as_such() -> None:
    assert "Also running, fare not known: Guardian and Climax." in answer(
        asked(), [bus("A", 1)], extras=("Guardian", "Climax")
    )


def test_a_room_says_a_night_and_the_whole_stay() -> None:
    nightly = Price(8_000, Decimal(8_000), "KES", Basis.GUIDE, "guide", date(2023, 12, 1), price(1).precision)
    stay = StayOffer("s", "Lake Inn", KISUMU, StayClass.MID, nightly, rooms=2, sleeps=4)
    task = asked(Kind.HOTELS, 4, end=FRIDAY + timedelta(2))
    said = answer(task, [stay, replace(stay, id="t", name="Dear Inn", nightly=None)])
    assert "Lake Inn, mid-range · KES 8,000 a night for 4, 2 rooms; 16,000 for 2 nights (guide price, Dec 2023)" in said
    assert said.splitlines()[-1].endswith("Dear Inn, mid-range · price not known")


def test_nothing_within_the_budget_is_said_before_the_nearest() -> None:
    assert answer(asked(budget_kes=1_000), [bus("A", 1_400)]).splitlines()[1].startswith("Nothing within KES 1,000")


def test_a_free_event_is_free_and_an_unknown_fee_is_unknown() -> None:
    gig = ActivityOffer(
        "g", "Gig", KISUMU, ItemType.EVENT, frozenset(), 60, price(0), sessions=((at(FRIDAY, 18), at(FRIDAY, 20)),)
    )
    said = answer(asked(Kind.EVENTS), [gig, replace(gig, id="h", name="Rave", price=None)])
    assert "🎟 Fri 27 Nov 18:00 Gig · free" in said
    assert "Rave · price not known" in said


def test_guesses_of_a_search_are_said() -> None:
    assert "My guesses: from Nairobi, Fri 27 Nov." in answer(asked(assumed=("origin", "start")), [bus("A", 1)])


# -- small words


@pytest.mark.parametrize(
    ("slug", "name"),
    [("maasai-mara", "Maasai Mara"), ("dar-es-salaam", "Dar es Salaam"), ("no-such-town", "No Such Town")],
)
def test_places_have_everyday_names(slug: str, name: str) -> None:
    assert place_name(slug, TOWNS) == name


@given(st.text(max_size=60), st.text(max_size=12))
def test_labels_always_fit(words: str, figure: str) -> None:
    assert len(label(words, figure)) <= 20


def test_an_event_without_a_date_is_not_an_answer_for_these_days() -> None:
    undated = ActivityOffer(
        "event:x", "Blankets & Wine", NAIROBI, ItemType.EVENT, frozenset({"music"}), 240, None, provider="guide_events"
    )
    said = written(search_answer(EVENTS, [undated], [], link=lambda url, offer_id: url, gazetteer=TOWNS))
    assert "I found none" in said
    assert "next date not known to me: Blankets & Wine" in said


def test_a_local_ride_shows_where_to_get_it_and_the_way_on_a_map() -> None:
    said = written(
        search_answer(
            EVENTS,
            [],
            [],
            link=lambda url, offer_id: url,
            gazetteer=TOWNS,
            ways=(Link("Taxi", "https://taxi.example"), Link("Map", "https://maps.example/dir")),
        )
    )
    assert "Taxi: https://taxi.example · Map: https://maps.example/dir" in said
