"""Changing single things of a plan in a chat: the answer is the difference, the rest stays, and Undo takes it back."""

from __future__ import annotations

import pytest

from bot import jobs
from bot.replies import Reply, plain
from planner.model import Item, ItemType, Itinerary
from tests.bot.on_sqlite import database_url
from tests.bot.test_conversation import SENTENCE, Desk, desk
from tests.bot.test_undo import last_card, versions

__all__ = ["database_url", "desk"]  # the fixtures are used by name

TWO_TOWNS = "5 days Mombasa and Diani from 4 December, 2 people, 150k from Nairobi"


def said(reply: Reply) -> str:
    return "\n".join(plain(line) for line in reply.lines)


def last(at: Desk) -> str:
    return said(at.channel.sent[-1])


def tap(at: Desk, label: str) -> None:
    button = next(button for button in at.channel.sent[-1].buttons if label in button.label)
    at.say(action=button.action)


def bed(plan: Itinerary) -> Item:
    return next(item for item in plan.items if item.type is ItemType.STAY)


def visits(plan: Itinerary) -> dict[str, int]:
    """Titles of the visits, with the day they are on."""
    days = [day.date for day in plan.days]
    return {item.title: days.index(item.start.date()) + 1 for item in plan.items if item.type is ItemType.ACTIVITY}


def test_another_hotel_shows_what_there_is_and_the_one_picked_is_kept_from_then_on(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("hoteli nyingine")
    offered = desk.channel.sent[-1]
    assert "Badala ya" in said(offered)
    assert all("KES" in line or "bei ni ile ile" in line for line in said(offered).splitlines()[1:])
    desk.say("ya kwanza")
    first, second = versions(desk)
    assert bed(second).offer_id != bed(first).offer_id
    assert " badala ya " in said(last_card(desk))
    desk.say("we are 3 people")
    assert bed(versions(desk)[-1]).offer_id == bed(second).offer_id


def test_the_cheaper_one_is_the_one_that_costs_least(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("another hotel")
    desk.say("the cheaper one")
    first, second = versions(desk)
    assert second.total_kes < first.total_kes
    assert f"−KES {first.total_kes - second.total_kes:,}" in said(last_card(desk))


def test_an_exchange_is_undone_and_put_back(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("cheaper hotel")
    desk.say("undo")
    first, second, third = versions(desk)
    assert third.days == first.days != second.days
    desk.say("redo")
    assert versions(desk)[-1].days == second.days


def test_what_is_kept_stays_when_everything_gets_cheaper_and_may_go_when_it_is_freed(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("keep the hotel")
    assert "Kept:" in last(desk)
    assert len(versions(desk)) == 1
    desk.say("make it cheaper")
    first, second = versions(desk)
    assert bed(second).offer_id == bed(first).offer_id
    assert bed(second).locked
    desk.say("unlock the hotel")
    desk.say("cheaper still")
    third = versions(desk)[-1]
    assert third.total_kes < second.total_kes
    assert bed(third).offer_id != bed(first).offer_id


def test_a_visit_is_left_out_and_does_not_come_back(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("toa Fort Jesus")
    first, second = versions(desk)
    assert "Fort Jesus" in visits(first)
    assert "Fort Jesus" not in visits(second)
    assert "bila Fort Jesus" in said(last_card(desk))
    desk.say("we are 3 people")
    assert "Fort Jesus" not in visits(versions(desk)[-1])


def test_a_visit_is_added_on_the_day_it_is_wanted_and_moved_to_another(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("add Haller Park on day 2")
    assert visits(versions(desk)[-1])["Haller Park"] == 2
    desk.say("move Haller Park to day 3")
    assert visits(versions(desk)[-1])["Haller Park"] == 3


def test_a_day_is_shown_in_full_with_its_rides(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("day 1")
    shown = last(desk)
    assert shown.startswith("Day 1 of 3 · Fri 27 Nov")
    assert "🚕" in shown
    assert len(versions(desk)) == 1
    tap(desk, "Day 2")
    assert last(desk).startswith("Day 2 of 3")


def test_of_several_hotels_one_is_asked_for_and_the_other_stays(desk: Desk) -> None:
    desk.say(TWO_TOWNS)
    desk.say("another hotel")
    assert last(desk) == "Which one?"
    tap(desk, "Diani")
    tap(desk, "")
    first, second = versions(desk)
    beds = [[item.offer_id for item in plan.items if item.type is ItemType.STAY] for plan in (first, second)]
    assert beds[0][0] == beds[1][0]
    assert beds[0][1] != beds[1][1]


def test_a_night_more_in_one_town_leaves_the_nights_in_the_other(desk: Desk) -> None:
    desk.say(TWO_TOWNS)
    desk.say("one more day in Diani")
    first, second = versions(desk)
    nights = [
        {
            item.place: (item.end.date() - item.start.date()).days
            for item in plan.items
            if item.type is ItemType.STAY
        }
        for plan in (first, second)
    ]  # fmt: skip
    assert nights[1]["diani"] == nights[0]["diani"] + 1
    assert nights[1]["mombasa"] == nights[0]["mombasa"]


def test_the_other_way_round(desk: Desk) -> None:
    desk.say(TWO_TOWNS)
    desk.say("the other way round")
    assert [stop.place for stop in versions(desk)[-1].request.stops] == ["diani", "mombasa"]


def test_faster_takes_less_time_between_the_towns_or_says_there_is_nothing(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("faster")
    desk.say("faster")
    cards = [said(reply) for reply in desk.channel.sent if "Total KES" in said(reply)]
    assert "less under way" in cards[0] or "earlier" in cards[0]
    assert "nothing that suits" in cards[-1] or "less under way" in cards[-1] or "earlier" in cards[-1]


def test_a_later_train_home_sets_off_later(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("an earlier train")
    tap(desk, "Sun")
    first, second = versions(desk)
    homes = [[item for item in plan.items if item.type is ItemType.TRAIN][-1].start for plan in (first, second)]
    assert homes[1] < homes[0]


def test_a_change_and_a_fact_in_one_message_are_both_done(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("remove Fort Jesus and we are 3 people")
    newest = versions(desk)[-1]
    assert newest.request.party.size == 3
    assert "Fort Jesus" not in visits(newest)


def test_a_button_of_an_earlier_version_changes_nothing_and_says_so(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("another hotel")
    old = desk.channel.sent[-1].buttons[0].action
    desk.say("we are 3 people")
    desk.say(action=old)
    assert "earlier version" in last(desk)
    assert len(versions(desk)) == 2


@pytest.mark.parametrize(
    "action",
    [
        "swap:1:99:0",
        "swap:1:0:99",
        "keep:1:x",
        "day:0",
        "menu:nothing",
        "swap::",
        "add:1:77",
        "stop:atlantis",
        "longer:atlantis",
    ],
)
def test_a_made_up_button_is_answered_without_a_crash(desk: Desk, action: str) -> None:
    desk.say(SENTENCE)
    before = len(desk.channel.sent)
    desk.say(action=action)
    assert len(desk.channel.sent) > before
    assert "went wrong" not in last(desk)
    assert len(versions(desk)) == 1


def test_every_part_of_the_change_menu_leads_to_something_to_tap(desk: Desk) -> None:
    desk.say(TWO_TOWNS)
    for label in ("Where we sleep", "Rides", "Things to do", "Dates and days"):
        desk.say(action="change")
        tap(desk, label)
        assert desk.channel.sent[-1].buttons, label


def test_another_town_is_asked_about_before_the_trip_is_left_and_can_be_added(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("what about Kilifi?")
    assert last(desk) == "Kilifi is not in this trip. What shall I do?"
    tap(desk, "Add Kilifi")
    assert [stop.place for stop in versions(desk)[-1].request.stops] == ["mombasa", "kilifi"]


def test_a_town_that_is_added_keeps_the_others_and_their_guests(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("ongeza Diani")
    newest = versions(desk)[-1]
    assert [stop.place for stop in newest.request.stops] == ["mombasa", "diani"]
    assert newest.request.party.size == 2


def test_a_search_is_followed_by_what_is_said_next(desk: Desk) -> None:
    desk.say("buses to Kisumu tomorrow")
    desk.say("and on Friday?")
    assert "Nairobi → Kisumu · Fri 27 Nov" in last(desk)
    desk.say("2 people")
    assert "Fri 27 Nov · 2 people" in last(desk)


def test_a_button_of_another_trip_changes_nothing(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("another hotel")
    old = desk.channel.sent[-1].buttons[0].action
    desk.say("plan 2 days in Naivasha from Friday for 2, 40k, from Nairobi")
    desk.say(action=old)
    assert "earlier version" in last(desk)


def test_undo_takes_back_a_quicker_way_alone(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("remove Fort Jesus")
    desk.say("faster")
    desk.say("undo")
    newest = versions(desk)[-1]
    assert "Fort Jesus" not in visits(newest)
    assert newest.days == versions(desk)[1].days


def test_what_is_let_go_of_is_not_planned_later(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.hold = True
    desk.say("we are 5 people")
    jobs.run_inline(desk.app, desk.held.pop(0))
    desk.hold = False
    desk.say("cancel")
    desk.run_held()
    desk.say("remove Fort Jesus")
    assert versions(desk)[-1].request.party.size == 2


def test_a_change_that_comes_to_nothing_brings_no_files_again(desk: Desk) -> None:
    desk.say(SENTENCE)
    files = sum(len(reply.attachments) for reply in desk.channel.sent)
    desk.say("use the train")
    assert "KES" in last(desk)
    assert sum(len(reply.attachments) for reply in desk.channel.sent) == files
    assert len(versions(desk)) == 1


def test_a_secret_number_is_neither_kept_nor_taken_for_money(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("my pin is 1234")
    assert "Never send a PIN" in last(desk)
    assert versions(desk)[-1].request.budget_kes == 60_000
    with desk.app.store.reading() as s:
        texts = [str(row) for row in desk.app.store.export(s, desk.chat_id())["inbox"]]
    assert not [text for text in texts if "1234" in text]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what's the total?", "in all"),
        ("jumla ni ngapi?", "kwa jumla"),
        ("what time do we arrive?", "🚆"),
        ("tutalala wapi?", "🛏"),
        ("what will we do there?", "🎟"),
    ],
)
def test_questions_about_ones_own_plan_are_answered_from_it(desk: Desk, question: str, answer: str) -> None:
    desk.say(SENTENCE)
    desk.say(question)
    assert answer in last(desk)
    assert len(versions(desk)) == 1


def test_what_is_kept_while_a_plan_is_on_its_way_is_kept_by_that_plan(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.hold = True
    desk.say("make it cheaper")
    jobs.run_inline(desk.app, desk.held.pop(0))
    on_its_way = desk.held.pop(0)
    desk.say("keep the hotel")
    jobs.run_inline(desk.app, desk.held.pop(0))
    desk.held.insert(0, on_its_way)
    desk.run_held()
    plans = versions(desk)
    assert bed(plans[-1]).offer_id == bed(plans[0]).offer_id
    assert bed(plans[-1]).locked
