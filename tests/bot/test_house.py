"""House words work in any state and any spelling, nothing is deleted by one word, and who is new is welcomed."""

from dataclasses import replace
from datetime import date

import pytest

from bot.buttons import intent_for
from bot.commands import command, location, media
from bot.dialogue import Conversation, context_of, decide, heard
from bot.intents import Action, Context, Intent, Lang
from bot.state import House
from bot.tasks import ExportTask, ForgetTask
from providers.gazetteer import load
from tests.bot.test_dialogue import TODAY, planned, turn
from tests.bot.transcripts import replies_of

ASKED = Conversation(lang="en", welcomed=True, asked="dates", goal=Action.CREATE_ITINERARY)


def said(text: str, lang: str = "en") -> tuple[Action, str | None, Lang] | None:
    found = command(text, Context(date(2026, 11, 23), lang=lang))
    return found and (found.action, found.topic, found.lang)


@pytest.mark.parametrize(
    ("topic", "english", "swahili"),
    [
        ("human", ["I want to talk to a human please", "can i speak to someone",
          "connect me to an agent"],
         ["mtu", "nataka kuongea na mtu", "naomba kuzungumza na mhudumu", "nataka kubonga na mtu buda",
          "niunganishe na binadamu"]),
        ("delete_data", ["delete my data", "DELETE ALL MY DATA", "erase everything", "please forget me",
          "delete my account"],
         ["futa data", "futa data yangu", "Futa data zangu zote.", "nisahau", "futa taarifa zangu",
          "delete data yangu"]),
        ("my_data", ["my data", "export my data", "send me my data", "download my info"],
         ["data yangu", "nipe data yangu", "nitumie taarifa zangu", "pakua data"]),
        ("trips", ["my trips", "show me my trips", "trips", "list my trips"],
         ["safari zangu", "nionyeshe safari zangu", "mipango yangu", "trip zangu"]),
        ("new", ["new trip", "plan another trip", "I want a new trip"], ["safari mpya", "nataka safari nyingine"]),
        ("restart", ["start over", "start again", "let's start from scratch"],
         ["anza upya", "tuanze upya", "nianze tena"]),
        ("privacy", ["privacy", "what do you keep about me", "is my data safe?"],
         ["faragha", "unahifadhi nini kunihusu?"]),
        ("who", ["who are you?", "what is your name", "what are you"], ["wewe ni nani?", "we ni nani", "unaitwaje"]),
    ],
)  # fmt: skip
def test_what_is_asked_of_the_house_is_known_in_both_languages(
    topic: str, english: list[str], swahili: list[str]
) -> None:
    assert {text: said(text, "sw") for text in english} == dict.fromkeys(english, (Action.OTHER, topic, Lang.EN))
    assert {text: said(text, "en") for text in swahili} == dict.fromkeys(swahili, (Action.OTHER, topic, Lang.SW))


@pytest.mark.parametrize("text", ["help", "HELP!", "msaada", "nisaidie tafadhali", "/help@safiri_bot",
                                  "what can you do", "unaweza kufanya nini?", "unaeza nini", "/msaada"])  # fmt: skip
def test_help_has_many_names(text: str) -> None:
    found = said(text)
    assert found is not None
    assert found[0] is Action.HELP


@pytest.mark.parametrize("text", ["stop", "STOP.", "simama", "acha", "/stop", "please stop", "stop messaging me"])
def test_stop_has_many_names(text: str) -> None:
    found = said(text)
    assert found is not None
    assert found[:2] == (Action.CANCEL, "stop")


@pytest.mark.parametrize("text", ["start", "anza", "/start", "/start campaign_7", "/start@safiri_bot ref"])
def test_start_is_a_hello(text: str) -> None:
    found = said(text)
    assert found is not None
    assert found[:2] == (Action.GREETING, None)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("english", "sw", Lang.EN),
        ("ongea kizungu", "sw", Lang.EN),
        ("badilisha lugha iwe kiswahili", "en", Lang.SW),
        ("switch to swahili", "en", Lang.SW),
        ("change language", "en", Lang.SW),
        ("change language", "sw", Lang.EN),
        ("badilisha lugha", "sw", Lang.EN),
    ],
)
def test_the_language_is_changed_by_its_name_or_for_the_other_one(text: str, before: str, after: Lang) -> None:
    assert said(text, before) == (Action.OTHER, "language", after)


@pytest.mark.parametrize(
    "text",
    [
        "delete the bus", "futa basi", "remove Nakuru", "delete day 2", "start from Mombasa instead", "anza Ijumaa",
        "we are 3 people, one is an agent", "trip to Mombasa", "safari ya Mombasa", "change to train", "stop in Nakuru",
        "bus to Kisumu", "my budget is 20k", "show me hotels", "x" * 500, "", "...",
    ],
)  # fmt: skip
def test_words_about_a_journey_are_no_house_words(text: str) -> None:
    assert said(text) is None


def test_deleting_is_asked_about_first_and_says_what_goes() -> None:
    asked = turn(planned(), Intent(Action.OTHER, topic="delete_data"))
    assert asked.tasks == ()
    assert replies_of(asked) == [
        "This deletes our chat and 1 trip with its page and files. It cannot be undone. Shall I?"
    ]
    assert [button.label for button in asked.replies[0].buttons] == ["Delete everything", "Keep it"]


@pytest.mark.parametrize("yes", ["yes", "Yes please", "ndiyo", "ndio", "eeh", "sawa", "ok", "1", "delete everything",
                                 "futa kila kitu", "yes, delete it all"])  # fmt: skip
def test_a_yes_right_after_deletes(yes: str) -> None:
    asked = turn(replace(planned(), lang="en"), Intent(Action.OTHER, topic="delete_data")).state
    intent = heard(asked, yes, TODAY)
    assert intent is not None
    assert turn(asked, intent).tasks == (ForgetTask("en"),)


@pytest.mark.parametrize("no", ["no", "hapana", "2", "keep it", "usifute", "7", "acha"])
def test_a_no_keeps_everything(no: str) -> None:
    asked = turn(replace(planned(), lang="en"), Intent(Action.OTHER, topic="delete_data")).state
    intent = heard(asked, no, TODAY)
    assert intent is not None
    kept = turn(asked, intent)
    assert kept.tasks == ()
    assert (kept.state.trip_id, kept.state.confirming) == (planned().trip_id, "")


def test_a_yes_after_anything_else_deletes_nothing() -> None:
    asked = turn(planned(), Intent(Action.OTHER, topic="delete_data")).state
    later = turn(asked, Intent(Action.OTHER, topic="thanks")).state
    assert heard(later, "yes", TODAY) is None
    assert turn(later, Intent(Action.OTHER, topic="yes")).tasks == ()


def test_the_button_of_an_old_question_asks_again() -> None:
    tapped = turn(planned(), intent_for("delete:yes", context_of(planned(), TODAY)))
    assert tapped.tasks == ()
    assert tapped.state.confirming == "delete"


def test_a_number_means_the_buttons_even_where_people_were_asked_for() -> None:
    asked = turn(replace(ASKED, asked="party"), Intent(Action.OTHER, topic="delete_data")).state
    assert heard(asked, "1", TODAY) == Intent(Action.OTHER, choice=1)
    assert isinstance(turn(asked, Intent(Action.OTHER, choice=1)).tasks[0], ForgetTask)


def test_the_data_are_handed_over_by_the_worker() -> None:
    decision = turn(planned(), Intent(Action.OTHER, topic="my_data"))
    assert decision.tasks == (ExportTask(f"show-{decision.state.turn}", "en"),)


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ("+254 700 000 000", "A person helps you here: +254 700 000 000."),
        ("help@safiri.example", "A person helps you here: help@safiri.example."),
        ("https://safiri.example/help", "Contact: https://safiri.example/help"),
    ],
)
def test_who_asks_for_a_person_is_sent_to_one_where_there_is_one(contact: str, line: str) -> None:
    intent = Intent(Action.OTHER, topic="human")
    decision = decide(planned(), intent, TODAY, gazetteer=load(), house_facts=House(contact))
    assert line in replies_of(decision)
    assert replies_of(decision)[-1].startswith("Emergency: 999")


def test_without_a_contact_that_is_said() -> None:
    assert replies_of(turn(planned(), Intent(Action.OTHER, topic="human")))[0].startswith("There is no person behind")


@pytest.mark.parametrize("asked", ["destination", "origin", "dates", "party", "budget"])
def test_help_says_how_to_answer_the_question_that_is_open(asked: str) -> None:
    state = turn(Conversation(welcomed=True), Intent(Action.CREATE_ITINERARY, destination="diani")).state
    helped = turn(replace(state, asked=asked), Intent(Action.HELP))
    assert helped.state.asked == asked
    assert replies_of(helped)[0] != replies_of(turn(Conversation(welcomed=True), Intent(Action.HELP)))[0]


CONTEXT = Context(TODAY)


@pytest.mark.parametrize(
    "intent",
    [
        command("/start from_a_poster", CONTEXT),
        command("/start", CONTEXT),
        command("help", CONTEXT),
        command("my trips", CONTEXT),
        command("privacy", CONTEXT),
        media(CONTEXT),
        location("kilifi", CONTEXT),
        location(None, CONTEXT),
        intent_for("trip:mombasa:2026-11-27:3:2:60000", CONTEXT),
        intent_for("an old button", CONTEXT),
        Intent(Action.OTHER),
    ],
)
def test_whoever_comes_in_whichever_way_hears_once_who_this_is_and_what_is_kept(intent: Intent) -> None:
    first = turn(Conversation(), intent)
    lines = replies_of(first)
    assert sum("I'm Safiri" in line for line in lines) == 1
    assert sum("I keep our chat" in line for line in lines) == 1
    assert not any("I'm Safiri" in line for line in replies_of(turn(first.state, intent)))


@pytest.mark.parametrize("intent", [command("/start poster", CONTEXT), media(CONTEXT), intent_for("old", CONTEXT)])
def test_who_comes_in_without_a_wish_has_an_example_to_tap(intent: Intent) -> None:
    first = turn(Conversation(), intent)
    assert [button.label for button in first.replies[0].buttons] == ["3 days in Mombasa"]
