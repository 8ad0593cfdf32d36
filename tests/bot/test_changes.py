"""The line that says what came of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands import command
from bot.intents import Context
from bot.present import changed
from planner.model import Item, ItemType, Itinerary, Mode, Party, Residency
from providers.gazetteer import load
from tests.samples import FRIDAY, mombasa, price, with_a_change

TOWNS = load()
OLD = mombasa()


def of_type(kind: ItemType) -> Item:
    return next(item for item in OLD.items if item.type is kind)


def exchanged(old: Item, *new: Item) -> Itinerary:
    """The plan with other items in the place of one, nothing else adjusted."""
    days = []
    for day in OLD.days:
        items = tuple(each for item in day.items for each in (new if item == old else (item,)))
        days.append(replace(day, items=items))
    return replace(OLD, days=tuple(days))


TRAIN = of_type(ItemType.TRAIN)
BUS = replace(
    TRAIN,
    id="bus",
    offer_id="bus",
    type=ItemType.BUS,
    mode=Mode.BUS,
    title="Tahmeed Coach",
    price=price(2_800),
    end=TRAIN.end + timedelta(hours=2),
)


def test_another_ride_says_how_much_and_how_much_later() -> None:
    new = exchanged(TRAIN, BUS)
    total = f"{OLD.total_kes - 200:,}"
    assert changed(OLD, new, "en", TOWNS) == (
        f"Changed: bus instead of train on Fri 27 Nov. −KES 200, there 2 h later. All else the same. Total KES {total}."
    )
    assert changed(OLD, new, "sw", TOWNS) == (
        "Imebadilishwa: basi badala ya treni Ijumaa 27 Nov. −KES 200, unafika saa 2 baadaye. Mengine yote vilevile. "
        f"Jumla KES {total}."
    )


def test_another_part_before_a_change_says_nothing_of_when_one_is_there() -> None:
    old = with_a_change()
    first, *others = old.days
    bus = next(item for item in first.items if item.type is ItemType.BUS)
    later = replace(bus, id="bus-2", offer_id="bus-2", title="Guardian", start=bus.start + timedelta(hours=1))
    new = replace(old, days=(replace(first, items=(later, *first.items[1:])), *others))
    said = changed(old, new, "en", TOWNS)
    assert said.startswith("Changed: Guardian instead of Easy Coach on Fri 27 Nov.")
    assert "there" not in said
    assert "1 h less under way" in said


def test_the_same_exchange_there_and_back_is_told_once() -> None:
    home = [item for item in OLD.items if item.type is ItemType.TRAIN][-1]
    by_bus = replace(BUS, id="back", offer_id="back", start=home.start, end=home.end)
    by_bus = replace(by_bus, origin=home.origin, destination=home.destination, place=home.place)
    there = exchanged(TRAIN, BUS)
    days = tuple(replace(d, items=tuple(by_bus if i == home else i for i in d.items)) for d in there.days)
    line = changed(OLD, replace(there, days=days), "en", TOWNS)
    assert line.startswith("Changed: bus instead of train on Fri 27 Nov and Sun 29 Nov. −KES 400, 2 h more under way.")


def test_a_day_more_needs_no_word_about_the_way_back() -> None:
    home = [item for item in OLD.items if item.type is ItemType.TRAIN][-1]
    one = timedelta(days=1)
    longer = exchanged(home, replace(home, id="n", offer_id="n", start=home.start + one, end=home.end + one))
    request = replace(OLD.request, end=OLD.request.end + one)
    line = changed(OLD, replace(longer, request=request), "en", TOWNS)
    assert line.startswith("Changed: Fri 27 – Mon 30 Nov (3 nights). Same price")
    assert "moves" not in line


def test_taking_it_back_says_so() -> None:
    line = changed(exchanged(TRAIN, BUS), OLD, "en", TOWNS, key="undone")
    assert line.startswith("Undone: train instead of bus on Fri 27 Nov. +KES 200, there 2 h earlier.")


def test_the_same_ride_at_another_hour_is_told_by_its_hour() -> None:
    later = replace(
        TRAIN, id="x", offer_id="x", start=TRAIN.start + timedelta(hours=7), end=TRAIN.end + timedelta(hours=7)
    )
    line = changed(OLD, exchanged(TRAIN, later), "en", TOWNS)
    assert "Madaraka Express Inter-County moves to 15:00 on Fri 27 Nov. Same price, there 7 h later." in line


def test_a_visit_left_out_is_named() -> None:
    visit = of_type(ItemType.ACTIVITY)
    line = changed(OLD, exchanged(visit), "en", TOWNS)
    assert line.startswith(f"Changed: without {visit.title}.")
    assert "All else the same." in line


def test_nothing_better_is_said_as_it_is() -> None:
    assert changed(OLD, OLD, "en", TOWNS) == (
        f"I looked, but found nothing that suits that better, so the plan stays as it was. Total KES {OLD.total_kes:,}."
    )


def test_other_prices_alone_are_not_called_the_same() -> None:
    line = changed(OLD, exchanged(TRAIN, replace(TRAIN, price=price(3_300))), "en", TOWNS)
    assert line.startswith("Changed: newer prices. +KES 300. All else the same.")


def test_simpler_meals_are_named() -> None:
    meal = of_type(ItemType.MEAL)
    line = changed(OLD, exchanged(meal, replace(meal, price=price(100))), "en", TOWNS)
    assert line.startswith("Changed: simpler meals. −KES ")


def test_other_people_are_said_and_their_prices_need_no_words() -> None:
    more = replace(exchanged(TRAIN, replace(TRAIN, price=price(6_000))), request=replace(OLD.request, party=Party(4)))
    assert changed(OLD, more, "en", TOWNS).startswith("Changed: 4 people. +KES 3,000. All else the same.")


def test_a_trip_to_another_place_is_not_compared_thing_by_thing() -> None:
    stops = tuple(replace(stop, place="kisumu") for stop in OLD.request.stops)
    other = replace(exchanged(TRAIN, BUS), request=replace(OLD.request, stops=stops))
    line = changed(OLD, other, "en", TOWNS)
    assert line.startswith("Changed: to Kisumu. ")
    assert "instead" not in line
    assert "All else" not in line


@pytest.mark.parametrize("text", ["undo", "Undo!", "rudisha", "Rudisha ya zamani", "go back to the old plan",
                                  "bring back the previous one", "tendua", "turudi kwa ile ya zamani",
                                  "I liked the old one better", "rudisha mpango wa kwanza tafadhali"])  # fmt: skip
def test_words_for_going_back(text: str) -> None:
    intent = command(text, Context(FRIDAY))
    assert intent is not None
    assert intent.topic == "undo"


@pytest.mark.parametrize("text", ["redo", "put it back", "weka tena", "undo the undo"])
def test_words_for_going_forward(text: str) -> None:
    intent = command(text, Context(FRIDAY))
    assert intent is not None
    assert intent.topic == "redo"


@pytest.mark.parametrize(
    "text", ["rudisha pesa", "go back to Nairobi", "kurudi Jumapili", "weka tena treni", "old town"]
)
def test_words_that_mean_something_else(text: str) -> None:
    assert command(text, Context(FRIDAY)) is None


def test_a_plan_that_keeps_to_a_new_wish_already_says_so() -> None:
    wishes = replace(OLD.request.wishes, road_after_dark=False)
    new = replace(OLD, request=replace(OLD.request, wishes=wishes))
    assert changed(OLD, new, "en", TOWNS).startswith("The plan keeps to that already.")
    assert changed(OLD, new, "sw", TOWNS).startswith("Mpango tayari unazingatia hilo.")


def test_other_fees_are_a_change_whatever_they_cost() -> None:
    party = replace(OLD.request.party, residency=Residency.VISITOR)
    new = replace(OLD, request=replace(OLD.request, party=party))
    assert changed(OLD, new, "en", TOWNS).startswith("Changed: park fees of non-residents.")
