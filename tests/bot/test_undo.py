"""Changing a plan in a chat, taking the change back and putting it back again, over a real store."""

from __future__ import annotations

from bot.replies import Reply, plain
from planner.model import ItemType, Itinerary, Mode
from tests.bot.on_sqlite import database_url
from tests.bot.test_conversation import ME, SENTENCE, Desk, desk

__all__ = ["database_url", "desk"]  # the fixtures are used by name


def versions(at: Desk) -> list[Itinerary]:
    with at.app.store.reading() as s:
        chat_id = at.app.store.chats.find(s, "test", ME.address)
        assert chat_id is not None
        (trip,) = at.app.store.trips.of_chat(s, chat_id)
        found = [at.app.store.trips.get(s, trip.id, version) for version in range(1, trip.version + 1)]
    return [version for version in found if version is not None]


def last_card(at: Desk) -> Reply:
    return next(reply for reply in reversed(at.channel.sent) if reply.buttons and not reply.progress)


def labels(at: Desk) -> list[str]:
    return [button.label for button in last_card(at).buttons]


def written(reply: Reply) -> str:
    return "\n".join(plain(line) for line in reply.lines)


def test_a_change_keeps_what_was_not_touched_and_says_what_came_of_it(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("use the bus, no train")
    first, second = versions(desk)
    assert {item.mode for item in second.items if item.type in (ItemType.BUS, ItemType.TRAIN)} == {Mode.BUS}
    beds = [[item.offer_id for item in plan.items if item.type is ItemType.STAY] for plan in (first, second)]
    assert beds[0] == beds[1]
    visits = [{item.offer_id for item in plan.items if item.type is ItemType.ACTIVITY} for plan in (first, second)]
    assert visits[1] <= visits[0]
    said = written(last_card(desk))
    assert "Changed: bus instead of train on Fri 27 Nov" in said
    assert f"Total KES {second.total_kes:,}." in said
    assert labels(desk)[0] == "Undo"


def test_undo_makes_the_version_before_the_newest_and_redo_the_other_again(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("use the bus, no train")
    desk.say(action="undo")
    first, second, third = versions(desk)
    assert (third.version, third.days, third.request) == (3, first.days, first.request)
    assert "Undone: train instead of bus" in written(last_card(desk))
    assert labels(desk)[0] == "Put it back"
    desk.say("redo")
    fourth = versions(desk)[-1]
    assert (fourth.version, fourth.days) == (4, second.days)
    assert "Put back: bus instead of train" in written(last_card(desk))


def test_a_version_gone_back_to_has_files_of_its_own(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("make it cheaper")
    desk.say("rudisha")
    (brought,) = [reply for reply in desk.channel.sent if reply.attachments][-1:]
    assert {attachment.version for attachment in brought.attachments} == {3}
    assert desk.app.documents.content(brought.attachments[0])[:4] == b"%PDF"
    calendar = desk.app.documents.content(brought.attachments[1]).decode()
    assert "SEQUENCE:2" in calendar  # the first version is 0


def test_after_going_back_the_next_change_starts_from_there(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("we are 4 people")
    desk.say("undo")
    desk.say("make it cheaper")
    newest = versions(desk)[-1]
    assert newest.request.party.size == 2
    assert newest.request.wishes.cheap


def test_a_change_that_cannot_be_is_forgotten_by_undo(desk: Desk) -> None:
    desk.say(SENTENCE)
    desk.say("budget 9,000")
    assert len(versions(desk)) == 1
    desk.say("undo")
    assert "The plan stays as it was." in desk.channel.said
    desk.say("make it cheaper")
    newest = versions(desk)[-1]
    assert (newest.version, newest.request.budget_kes) == (2, 60_000)


def test_a_first_plan_offers_nothing_to_undo(desk: Desk) -> None:
    desk.say(SENTENCE)
    assert "Undo" not in labels(desk)
    desk.say("undo")
    assert len(versions(desk)) == 1
