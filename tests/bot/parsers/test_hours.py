"""Hours to keep, nights not to travel in, ages, fees, orders and one's own town, as travellers write them."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.intents import Action, Context, Intent
from bot.parse import to_json
from bot.parsers.rules import RulesParser
from providers.gazetteer import load

TODAY = date(2026, 11, 23)  # a Monday
FRIDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 29)
PARSER = RulesParser(load())


def said(text: str, *, has_trip: bool = False, lang: str = "") -> Intent:
    return PARSER.parse(text, Context(TODAY, lang=lang, has_trip=has_trip))


@pytest.mark.parametrize(
    ("text", "name", "at"),
    [
        ("3 days in Mombasa, leave after 5pm Friday", "leave_after", time(17)),
        ("3 days in Mombasa from Friday, we can leave from 16:30", "leave_after", time(16, 30)),
        ("Mombasa Friday to Sunday, leave Nairobi not before 1700hrs", "leave_after", time(17)),
        ("Mombasa this weekend, I'm only free after 4.30pm on Friday", "leave_after", time(16, 30)),
        ("safari ya Mombasa siku tatu, tuondoke Ijumaa baada ya saa kumi na moja jioni", "leave_after", time(17)),
        ("safari ya Mombasa siku tatu, niondoke baada ya saa nne na nusu asubuhi", "leave_after", time(10, 30)),
        ("safari ya Kisumu siku mbili, tuondoke baada ya saa kumi na mbili asubuhi", "leave_after", time(6)),
        ("Kisumu 2 days, arrive before noon", "arrive_by", time(12)),
        ("Kisumu 2 days, get there by 10am", "arrive_by", time(10)),
        ("safari ya Kisumu siku mbili, tufike kabla ya saa sita mchana", "arrive_by", time(12)),
        ("safari ya Kisumu siku mbili, tufike kabla ya saa 3pm", "arrive_by", time(15)),
        ("Mombasa Friday to Sunday, be back by 6pm Sunday", "back_by", time(18)),
        ("Mombasa Friday to Sunday, home by 8", "back_by", time(20)),
        ("safari ya Nakuru siku mbili, turudi kabla ya saa kumi na mbili jioni", "back_by", time(18)),
        ("safari ya Nakuru siku mbili, tuwe nyumbani kabla ya saa mbili usiku", "back_by", time(20)),
        ("safari ya Nakuru siku mbili, turudi kabla ya saa tatu kasorobo usiku", "back_by", time(20, 45)),
        ("Mombasa Friday to Sunday, head back after 2pm", "leave_back_after", time(14)),
        ("plan a weekend in Mombasa, leave Mombasa after 3pm Sunday", "leave_back_after", time(15)),
        ("i need to be back in Nairobi by 5pm on Sunday; Mombasa weekend", "back_by", time(17)),
    ],
)
def test_an_hour_to_keep_is_read_in_both_ways_to_count_hours(text: str, name: str, at: time) -> None:
    intent = said(text)
    hours = {each: getattr(intent, each) for each in ("leave_after", "arrive_by", "leave_back_after", "back_by")}
    assert {each: value for each, value in hours.items() if value is not None} == {name: at}
    assert intent.action is Action.CREATE_ITINERARY
    assert "evening" not in intent.preferences


@pytest.mark.parametrize(
    "text",
    [
        "Mombasa for 2, leave after 5pm Friday, be back by 6pm Sunday",
        "3 days in Mombasa from Friday, leave after 5pm Friday and be back by 6pm Sunday",
        "Mombasa from 27 Nov, leave Friday after 5pm, be back by 6pm Sunday",
        "siku tatu Mombasa, tuondoke Ijumaa baada ya saa kumi na moja jioni, turudi Jumapili kabla ya saa moja jioni",
    ],
)
def test_the_days_beside_the_hours_are_those_of_the_trip(text: str) -> None:
    intent = said(text)
    assert (intent.start_date, intent.end_date) == (FRIDAY, SUNDAY)
    assert intent.problems == ()


@pytest.mark.parametrize("text", ["leave after 5 days", "3 days from Friday for 2", "go from Nairobi after 9 december"])
def test_numbers_of_days_and_dates_are_no_hours(text: str) -> None:
    assert said(text).leave_after is None


def test_an_hour_of_a_search_is_a_part_of_the_day() -> None:
    intent = said("buses to Kisumu tomorrow leaving after 6pm")
    assert intent.action is Action.SEARCH_BUSES
    assert intent.leave_after is None
    assert "evening" in intent.preferences


def test_hours_travel_as_text_in_json() -> None:
    assert to_json(said("Mombasa Friday to Sunday, leave after 5pm"))["leave_after"] == "17:00"


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("no driving at night", ("no_road_after_dark",)),
        ("we don't want to drive after dark", ("no_road_after_dark",)),
        ("don't travel by road after dark", ("no_road_after_dark",)),
        ("avoid night driving", ("no_road_after_dark",)),
        ("hatutaki kusafiri usiku barabarani", ("no_road_after_dark",)),
        ("tusiwe barabarani usiku", ("no_road_after_dark",)),
        ("usiku tusiwe barabarani", ("no_road_after_dark",)),
        ("travel by road only during the day", ("no_road_after_dark",)),
        ("no night bus", ("no_night_travel",)),
        ("avoid overnight buses", ("no_night_travel",)),
        ("sitaki basi la usiku", ("no_night_travel",)),
        ("hatutaki kusafiri usiku", ("no_night_travel", "no_road_after_dark")),
        ("no travelling at night", ("no_night_travel", "no_road_after_dark")),
    ],
)
def test_no_road_in_the_dark_is_told_from_no_night_ride(text: str, wishes: tuple[str, ...]) -> None:
    assert said(f"3 days in Mombasa from Friday, {text}").preferences == wishes
    alone = said(text, has_trip=True)
    assert alone.action is Action.REFINE_ITINERARY
    assert (alone.preferences, alone.remove) == (wishes, ())


@pytest.mark.parametrize("text", ["night bus to Kisumu tomorrow", "usiku tatu Mombasa kuanzia Ijumaa"])
def test_a_night_that_is_wanted_is_not_refused(text: str) -> None:
    assert not {"no_night_travel", "no_road_after_dark"} & set(said(text).preferences)


@pytest.mark.parametrize(
    ("text", "people", "ages"),
    [
        ("3 days in Mombasa for 2 adults and 2 kids aged 4 and 9", 4, (4, 9)),
        ("2 adults and two children (4 and 9) to Diani 3 days", 4, (4, 9)),
        ("my wife and I and 2 kids, a 6 year old and a 9 year old, Diani 3 days", 4, (6, 9)),
        ("2 adults, a 4 year old and a 9 year old to Nakuru on Saturday", 4, (4, 9)),
        ("family of 4, kids 4 and 9 years old, Amboseli 2 days", 4, (4, 9)),
        ("me, my wife and our 8 month old baby, Naivasha weekend", 3, (0,)),
        ("weekend in Nakuru with our 3-year-old", None, (3,)),
        ("with my son who is 7, Nakuru weekend", None, (7,)),
        ("2 adults + kids (5,7,12) Amboseli 3 days", 5, (5, 7, 12)),
        ("Diani siku nne, watoto wana miaka 3 na 7, watu wazima 2", 4, (3, 7)),
        ("safari ya Naivasha siku mbili na mtoto wa miaka 5", None, (5,)),
        ("watu wazima wawili na watoto wawili wa miaka 4 na 9 Mombasa siku tatu", 4, (4, 9)),
    ],
)
def test_ages_of_children_are_kept_one_for_each(text: str, people: int | None, ages: tuple[int, ...]) -> None:
    intent = said(text)
    assert (intent.passengers, intent.children, intent.child_ages) == (people, len(ages), ages)


def test_ages_that_do_not_name_every_child_are_none() -> None:
    intent = said("Diani 4 days 2 adults 3 kids aged 4 and 9")
    assert (intent.passengers, intent.children, intent.child_ages) == (5, 3, ())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("we are residents", "resident"),
        ("we have work permits, Kenya residents", "resident"),
        ("sisi ni wakazi wa Kenya", "resident"),
        ("non-resident tourists", "non_resident"),
        ("we are tourists from Germany", "non_resident"),
        ("sisi ni wageni", "non_resident"),
        ("wageni kutoka nje", "non_resident"),
        ("we are Kenyans", "citizen"),
    ],
)
def test_whose_fees_are_paid_can_be_said_first_or_later(text: str, word: str) -> None:
    classes = {"resident", "non_resident", "citizen"}
    assert classes & set(said(f"Amboseli 3 days from Friday for 2, {text}").preferences) == {word}
    later = said(text, has_trip=True)
    assert later.action is Action.REFINE_ITINERARY
    assert word in later.preferences


@pytest.mark.parametrize("text", ["hotel near Residency Road Nairobi tomorrow", "nyumba ya wageni Nakuru kesho"])
def test_a_guest_house_makes_nobody_a_foreigner(text: str) -> None:
    assert not {"resident", "non_resident", "citizen"} & set(said(text).preferences)


@pytest.mark.parametrize(
    "text",
    [
        "6 days Kisumu, Naivasha and Nakuru in any order",
        "6 days Kisumu, Naivasha and Nakuru, whatever order is best",
        "siku sita Kisumu, Naivasha na Nakuru mpangilio wowote",
    ],
)
def test_the_order_of_towns_may_be_left_open(text: str) -> None:
    intent = said(text)
    assert intent.any_order
    assert intent.destinations == ("kisumu", "naivasha", "nakuru")


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Explore Nairobi Saturday from Nairobi", "nairobi"),
        ("We live in Nairobi, explore Nairobi this weekend", "nairobi"),
        ("weekend ya Kisumu niko Kisumu", "kisumu"),
        ("tunaishi Nakuru, tutembelee Nakuru Jumamosi", "nakuru"),
        ("3 days trip from Mombasa to Mombasa this friday for 2", "mombasa"),
    ],
)
def test_a_trip_within_ones_own_town_is_a_trip(text: str, town: str) -> None:
    intent = said(text)
    assert intent.action is Action.CREATE_ITINERARY
    assert (intent.origin, intent.destination, intent.problems) == (town, town, ())


@pytest.mark.parametrize("text", ["3 day trip from Mombasa to Mombasa by train", "bus from Kisumu to Kisumu tomorrow"])
def test_a_ride_from_a_town_to_itself_is_a_question(text: str) -> None:
    assert said(text).problems == ("same_place",)


def test_ones_own_town_may_be_one_stop_of_several() -> None:
    intent = said("5 days Nairobi, Naivasha and Nakuru from Nairobi")
    assert (intent.origin, intent.destinations) == ("nairobi", ("nairobi", "naivasha", "nakuru"))
    assert said("from Nairobi to Mombasa and back to Nairobi, 3 days").destination == "mombasa"


def test_a_room_in_ones_own_town_is_asked_for_in_words() -> None:
    assert "hotel" in said("We live in Mombasa, 3 days in Mombasa from Friday with a hotel, 60k").preferences
    assert said("with a hotel", has_trip=True).preferences == ("hotel",)
    assert said("tunalala nyumbani", has_trip=True).preferences == ("own_bed",)
