"""What a second message changes, and what it leaves alone."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import Action, Intent
from bot.problems import cleaned, found, joined, settled, unanswered
from bot.requests import trip_request, weekend_after
from bot.slots import Slots, budget, merge, party, span
from planner.model import Residency

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
TRIP = Slots(destinations=("mombasa",), start=FRIDAY, end=FRIDAY + timedelta(2), passengers=2, budget_total=60_000)


def say(slots: Slots, **said: object) -> Slots:
    return merge(slots, Intent(Action.REFINE_ITINERARY, **said))  # type: ignore[arg-type]


def test_what_is_not_said_stays() -> None:
    assert say(TRIP, passengers=3) == Slots(
        destinations=("mombasa",), start=FRIDAY, end=FRIDAY + timedelta(2), passengers=3, budget_total=60_000
    )


def test_a_new_first_day_keeps_the_length() -> None:
    moved = span(say(TRIP, start_date=FRIDAY + timedelta(1)), TODAY)
    assert moved is not None
    assert (moved.start, moved.nights) == (FRIDAY + timedelta(1), 2)


@pytest.mark.parametrize(
    ("said", "nights"),
    [({"nights": 4}, 4), ({"duration_days": 4}, 3), ({"duration_delta_days": 1}, 3), ({"duration_delta_days": -9}, 0)],
)
def test_a_new_length_moves_the_last_day(said: dict[str, int], nights: int) -> None:
    whole = span(say(TRIP, **said), TODAY)
    assert whole is not None
    assert (whole.start, whole.nights) == (FRIDAY, nights)


def test_three_days_are_two_nights_and_three_nights_are_four_days() -> None:
    days, nights = Slots(start=FRIDAY, duration_days=3), Slots(start=FRIDAY, nights=3)
    assert [span(slots, TODAY).end for slots in (days, nights)] == [date(2026, 11, 29), date(2026, 11, 30)]  # type: ignore[union-attr]


def test_without_a_length_three_days_are_assumed_aloud() -> None:
    whole = span(Slots(start=FRIDAY), TODAY)
    assert whole is not None
    assert (whole.nights, whole.assumed) == (2, ("duration",))


def test_a_window_and_a_month_give_their_first_fitting_day() -> None:
    window = span(Slots(start=TODAY - timedelta(1), end=date(2026, 11, 29), window=True, nights=1), TODAY)
    month = span(Slots(month="2026-11", nights=1), TODAY)
    assert window is not None
    assert month is not None
    assert (window.start, window.assumed) == (TODAY, ("start",))
    assert (month.start, month.assumed) == (TODAY + timedelta(1), ("start",))


def test_the_day_of_return_may_be_known_first() -> None:
    whole = span(say(say(Slots(), end_date=date(2026, 11, 30)), start_date=FRIDAY), TODAY)
    assert whole is not None
    assert (whole.start, whole.end, whole.assumed) == (FRIDAY, date(2026, 11, 30), ())


def test_a_new_means_of_travel_replaces_the_old_and_a_removed_one_is_refused() -> None:
    slots = say(say(TRIP, preferences=("bus", "beach")), preferences=("train",), remove=("bus",))
    assert slots.preferences == ("beach", "train")
    assert slots.removed == ("bus",)
    assert say(slots, preferences=("bus",)).removed == ()


def test_a_budget_for_each_grows_with_the_party() -> None:
    slots = say(TRIP, budget_kes=30_000, budget_per_person_kes=5_000, passengers=6)
    assert budget(slots, 6, 2) == 30_000
    assert budget(say(slots, passengers=4), 4, 2) == 20_000


def test_children_come_with_an_adult() -> None:
    assert (party(Slots(children=2)).adults, party(Slots(children=2)).children) == (1, 2)
    assert (party(Slots(passengers=3, children=1)).adults, party(Slots(passengers=3, children=9)).children) == (2, 2)


@pytest.mark.parametrize(
    ("slots", "code"),
    [
        (Slots(start=TODAY - timedelta(1)), "past_date:2026-11-22"),
        (Slots(month="2026-10"), "past_date"),
        (Slots(start=FRIDAY, end=TODAY), "end_before_start"),
        (Slots(start=date(2030, 1, 1)), "date_far:2030-01-01"),
        (Slots(start=FRIDAY, nights=10**9), "trip_long:1000000001"),
        (Slots(start=FRIDAY, end=FRIDAY + timedelta(30)), "trip_long:31"),
        (Slots(nights=-1), "end_before_start"),
        (Slots(end=TODAY - timedelta(3)), "past_date:2026-11-20"),
        (Slots(passengers=0), "party_zero"),
        (Slots(passengers=500), "party_huge:500"),
        (Slots(children=10**9), "party_huge:1000000001"),
        (Slots(budget_total=1), "budget_tiny:1"),
        (Slots(budget_total=10**12), "budget_huge:1000000000000"),
        (Slots(origin="mombasa", destinations=("mombasa",)), "same_place:mombasa"),
    ],
)
def test_the_impossible_is_found_and_taken_out(slots: Slots, code: str) -> None:
    assert found(slots, TODAY) == (code,)
    assert found(cleaned(slots, (code,)), TODAY) == ()


def test_today_and_the_last_day_of_the_month_are_not_past() -> None:
    assert found(Slots(start=TODAY), TODAY) == ()
    assert found(Slots(month="2026-11"), TODAY) == ()


def test_problems_come_once_in_the_order_they_are_asked() -> None:
    assert joined(("budget_tiny", "party_huge"), ("party_huge:500", "unheard_of")) == ("party_huge:500", "budget_tiny")


def test_a_problem_is_answered_when_its_slot_is_filled_or_waived() -> None:
    open_ = ("party_huge:500", "budget_tiny:1")
    assert unanswered(open_, Slots(passengers=3)) == ("budget_tiny:1",)
    assert unanswered(("budget_tiny:1",), Slots(), waived="budget") == ()


def test_the_coming_weekend_is_never_today() -> None:
    saturday = date(2026, 11, 28)
    assert weekend_after(TODAY) == (saturday, saturday + timedelta(1))
    assert weekend_after(saturday) == (saturday + timedelta(7), saturday + timedelta(8))


AMOUNTS = st.none() | st.integers(-5, 10**13)
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1))
PLACES = st.sampled_from([None, "nairobi", "mombasa", "kisumu"])


@st.composite
def intents(draw: st.DrawFn) -> Intent:
    return Intent(
        draw(st.sampled_from(list(Action))),
        origin=draw(PLACES),
        destination=draw(PLACES),
        destinations=tuple(draw(st.lists(st.sampled_from(["nairobi", "mombasa", "diani"]), max_size=3))),
        start_date=draw(DAYS),
        end_date=draw(DAYS),
        date_is_window=draw(st.booleans()),
        month=draw(st.sampled_from([None, "2026-11", "2027-02", "2020-01"])),
        nights=draw(AMOUNTS),
        duration_days=draw(AMOUNTS),
        duration_delta_days=draw(AMOUNTS),
        passengers=draw(AMOUNTS),
        children=draw(AMOUNTS),
        budget_kes=draw(AMOUNTS),
        budget_per_person_kes=draw(AMOUNTS),
        budget_per_night_kes=draw(AMOUNTS),
        preferences=tuple(draw(st.lists(st.sampled_from(["cheap", "train", "bus", "beach", "luxury"]), max_size=3))),
        remove=tuple(draw(st.lists(st.sampled_from(["bus", "museum", "mombasa", "bei"]), max_size=2))),
        topic=draw(st.sampled_from([None, "visa", "yes", "no_budget", "ask:party", "change", "location", "nonsense"])),
        choice=draw(st.none() | st.integers(-3, 12)),
        day=draw(st.none() | st.integers(1, 9)),
        problems=tuple(
            draw(st.lists(st.sampled_from(["unknown_place:Atlantis", "party_huge", "past_date", "x"]), max_size=2))
        ),
    )


@given(st.lists(intents(), min_size=1, max_size=4))
def test_whatever_is_said_what_is_left_can_be_planned(said: list[Intent]) -> None:
    slots = Slots()
    for intent in said:
        slots = merge(slots, intent)
        slots, _ = settled(slots, TODAY)
        assert found(slots, TODAY) == ()
    if slots.destinations and slots.destinations != ("nairobi",):
        request = trip_request(slots, TODAY)
        assert request.start >= TODAY
        assert 1 <= request.party.size <= 60


def test_three_days_on_a_weekend_start_on_the_friday() -> None:
    saturday = FRIDAY + timedelta(1)
    whole = span(Slots(destinations=("mombasa",), start=saturday, end=saturday + timedelta(1), duration_days=3), TODAY)
    assert whole is not None
    assert (whole.start, whole.end) == (FRIDAY, FRIDAY + timedelta(2))
    assert "start" in whole.assumed


def test_who_goes_one_way_and_says_no_more_only_wants_to_get_there() -> None:
    there = Slots(destinations=("kisumu",), start=FRIDAY, preferences=("one_way",))
    assert trip_request(there, TODAY).nights == 0
    assert trip_request(say(there, nights=2), TODAY).nights == 2


def test_a_visitor_pays_visitors_fees_and_one_way_does_not_come_back() -> None:
    request = trip_request(say(TRIP, preferences=("non_resident", "one_way", "beach")), TODAY)
    assert request.party.residency is Residency.VISITOR
    assert not request.returns
    assert set(request.wishes.interests) == {"beach"}
    usual = trip_request(TRIP, TODAY)
    assert usual.party.residency is Residency.CITIZEN
    assert usual.returns


def test_hours_stay_until_they_are_moved_or_taken_back() -> None:
    slots = say(say(TRIP, leave_after=time(17)), back_by=time(18))
    assert (slots.leave_after, slots.back_by) == (time(17), time(18))
    assert say(slots, leave_after=time(16)).leave_after == time(16)
    free = say(slots, leave_after=time(0), back_by=time(23, 59))
    assert (free.leave_after, free.back_by) == (None, None)
    assert trip_request(slots, TODAY).wishes.leave_after == time(17)


def test_the_dark_is_shunned_until_it_is_allowed_again() -> None:
    shy = say(TRIP, preferences=("no_road_after_dark",))
    assert not trip_request(shy, TODAY).wishes.road_after_dark
    assert trip_request(shy, TODAY).wishes.interests == {}
    assert trip_request(say(shy, preferences=("road_after_dark",)), TODAY).wishes.road_after_dark


def test_ages_come_to_the_party_when_they_name_every_child() -> None:
    slots = say(TRIP, passengers=4, children=2, child_ages=(4, 9))
    assert party(slots).child_ages == (4, 9)
    assert party(say(slots, passengers=5, children=3)).child_ages == ()
    assert party(say(slots, children=1)).child_ages == ()


def test_a_day_is_assumed_in_ones_own_town_and_three_elsewhere() -> None:
    here = span(Slots(origin="kisumu", destinations=("kisumu",), start=FRIDAY), TODAY)
    assert here is not None
    assert (here.nights, here.assumed) == (0, ("duration",))


def test_the_own_town_at_the_end_is_the_way_home_and_before_others_a_stop() -> None:
    def stops(*towns: str) -> list[str]:
        slots = Slots(origin="nairobi", destinations=towns, start=FRIDAY, end=FRIDAY + timedelta(4))
        return [stop.place for stop in trip_request(slots, TODAY).stops]

    assert stops("nairobi", "naivasha") == ["nairobi", "naivasha"]
    assert stops("naivasha", "nairobi") == ["naivasha"]
    assert stops("nairobi") == ["nairobi"]


def test_a_bed_is_counted_in_a_town_that_is_only_guessed_to_be_home() -> None:
    slots = Slots(destinations=("nairobi", "naivasha"), start=FRIDAY, end=FRIDAY + timedelta(4))
    assert trip_request(slots, TODAY).wishes.stay_in_town
    assert not trip_request(say(slots, preferences=("own_bed",)), TODAY).wishes.stay_in_town
    assert not trip_request(say(slots, origin="nairobi"), TODAY).wishes.stay_in_town


def test_an_open_order_becomes_the_one_with_the_least_road() -> None:
    slots = Slots(destinations=("kisumu", "naivasha", "nakuru"), start=FRIDAY, nights=5, any_order=True)
    assert [stop.place for stop in trip_request(slots, TODAY).stops] == ["kisumu", "nakuru", "naivasha"]
    said = say(slots, destination="nakuru", destinations=("nakuru", "naivasha", "kisumu"))
    assert [stop.place for stop in trip_request(said, TODAY).stops] == ["nakuru", "naivasha", "kisumu"]


def test_a_party_grows_and_shrinks_by_those_who_join_and_leave() -> None:
    assert say(TRIP, passengers_delta=2).passengers == 4
    assert say(TRIP, passengers_delta=-1).passengers == 1
    assert say(TRIP, passengers_delta=-9).passengers == 1
    assert say(TRIP, passengers_delta=500).passengers == 60
    assert say(Slots(), passengers_delta=1).passengers == 2


def test_children_who_join_are_children_of_the_party() -> None:
    family = say(TRIP, passengers=3, children=1, child_ages=(4,))
    grown = say(family, passengers_delta=2, children=2)
    assert (grown.passengers, grown.children, grown.child_ages) == (5, 3, ())
    alone = say(family, passengers_delta=-2)
    assert (alone.passengers, alone.children) == (1, 0)
    assert say(family, passengers_delta=1).child_ages == (4,)


def test_as_many_children_as_people_come_beside_them() -> None:
    family = say(TRIP, children=2, child_ages=(4, 9))
    assert (family.passengers, family.children, family.child_ages) == (4, 2, (4, 9))
    assert say(say(TRIP, passengers=4), children=2).passengers == 4


def test_a_town_that_gives_way_to_another_is_not_refused() -> None:
    moved = say(TRIP, destination="diani", remove=("mombasa",))
    assert (moved.destinations, moved.removed) == (("diani",), ())
