"""What goes out when WhatsApp takes it, refuses it, loses it, or when the traveller wants nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import jobs
from bot.i18n import t
from storage.tables import OutboxReply, Work
from tests.bot.whatsapp_phone import PUBLIC_URL, Phone, phone
from tests.fakes.twilio import TRAVELLER, Sent

PLAN = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
DAY = timedelta(hours=25)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def amina(database_url: str, tmp_path: Path) -> Iterator[Phone]:
    with phone(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def without_template(sqlite_url: str, tmp_path: Path) -> Iterator[Phone]:
    with phone(sqlite_url, tmp_path, forms=False) as made:
        yield made


def outbox(amina: Phone, status: Work) -> int:
    with amina.app.store.reading() as s:
        return s.scalar(select(func.count()).select_from(OutboxReply).where(OutboxReply.status == status)) or 0


def later(amina: Phone, step: timedelta) -> list[Sent]:
    """What comes when the clock looks again after so long."""
    before = len(amina.mine)
    amina.ahead += step
    amina.deliver()
    return amina.mine[before:]


# ── 24 hours ────────────────────────────────────────────────────────────────────────────────────────────────────────


def held(amina: Phone, *texts: str) -> None:
    """Answers that could not go out for a day."""
    amina.say("hello")
    for text in texts:
        amina.twilio.refuse(503, 20503)
        assert amina.say(text) == []
    amina.ahead += DAY


def test_after_a_day_the_traveller_is_asked_once_and_gets_everything_in_order_when_they_write(amina: Phone) -> None:
    held(amina, "help")
    (asked,) = later(amina, MINUTE)
    assert asked.body == t("en", "invitation")
    assert [later(amina, timedelta(hours=2)) for _ in range(3)] == [[], [], []]
    came = amina.say("ok")
    assert t("en", "help_words") in came[0].body, "what was owed goes first"
    assert len(came) == 2
    assert not [m for m in amina.mine if m.error]


def test_each_closed_window_has_an_invitation_of_its_own(amina: Phone) -> None:
    held(amina, "help")
    assert len(later(amina, MINUTE)) == 1
    amina.say("ok")
    held(amina, "help")
    assert [m.body for m in later(amina, MINUTE)] == [t("en", "invitation")]


def test_without_an_approved_template_it_waits_in_silence(without_template: Phone) -> None:
    amina = without_template
    held(amina, "help")
    assert later(amina, MINUTE) == []
    assert later(amina, timedelta(hours=2)) == []
    assert outbox(amina, Work.OWED) == 1
    assert t("en", "help_words") in amina.say("ok")[0].body


def test_the_sweep_does_not_come_back_every_quarter_of_a_minute_for_who_has_to_write_first(amina: Phone) -> None:
    held(amina, "help")
    later(amina, MINUTE)
    for waited, found in ((MINUTE, []), (timedelta(hours=1), [amina.chat_id])):
        amina.ahead += waited
        with amina.app.store.reading() as s:
            now = amina.app.store._clock()
            assert amina.app.store.outbox.chats_owed(s, now, {"whatsapp"}) == found


@pytest.mark.parametrize("told_at_once", [True, False])
def test_what_whatsapp_says_of_the_window_counts(amina: Phone, told_at_once: bool) -> None:
    amina.say("hello")
    if told_at_once:
        amina.twilio.refuse(400, 63016)
        amina.say("help")
    else:
        amina.twilio.closed.add(TRAVELLER)
        (lost,) = amina.say("help")[:1]
        assert lost.error == 63016
    amina.deliver()
    assert amina.mine[-1].body == t("en", "invitation")
    assert later(amina, MINUTE) == []
    amina.twilio.closed.clear()
    assert t("en", "help_words") in amina.say("ok")[0].body


def test_an_invitation_that_fails_is_tried_again_an_hour_later(amina: Phone) -> None:
    held(amina, "help")
    amina.twilio.refuse(503, 20503)
    assert later(amina, MINUTE) == []
    assert len(later(amina, timedelta(hours=1))) == 1


# ── lost after it was taken ─────────────────────────────────────────────────────────────────────────────────────────


def lose(amina: Phone, text: str, code: int) -> Sent:
    """Say something whose answer Twilio takes and then loses."""
    amina.news = False
    (sent,) = amina.say(text)
    assert amina.twilio.report(sent, "undelivered", code).status_code == 200
    amina.run()
    return sent


@pytest.mark.parametrize("code", [63018, 131056, 30008, 63019, 77777, 0])
def test_what_was_lost_on_the_way_goes_again_after_a_pause(amina: Phone, code: int) -> None:
    amina.say("hello")
    lost = lose(amina, "help", code)
    assert later(amina, timedelta(seconds=1)) == []
    assert [m.body for m in later(amina, MINUTE)] == [lost.body]
    assert later(amina, MINUTE) == []


def test_what_is_lost_again_and_again_is_given_up_and_the_traveller_told_once(amina: Phone) -> None:
    amina.say("hello")
    lose(amina, "help", 77777)
    for _ in range(2):
        (again,) = later(amina, timedelta(minutes=5))
        amina.twilio.report(again, "failed", 77777)
    (sorry,) = later(amina, timedelta(minutes=5)) or later(amina, MINUTE)
    assert sorry.body == t("en", "trouble")
    assert outbox(amina, Work.DEAD) == 1


@pytest.mark.parametrize("code", [63013, 63049, 63021])
def test_what_whatsapp_will_never_deliver_is_given_up_at_once(amina: Phone, code: int) -> None:
    amina.say("hello")
    lose(amina, "help", code)
    amina.deliver()
    assert amina.mine[-1].body == t("en", "trouble")
    assert outbox(amina, Work.DEAD) == 1


@pytest.mark.parametrize("code", [63003, 63024, 21211])
def test_where_nothing_arrives_nothing_is_written_until_they_write(amina: Phone, code: int) -> None:
    amina.say("hello")
    lose(amina, "help", code)
    assert later(amina, DAY) == []
    amina.news = True
    assert len(amina.say("help")) == 1


def test_news_of_a_loss_may_come_twice_and_late(amina: Phone) -> None:
    amina.say("hello")
    lost = lose(amina, "help", 30008)
    for status, code in (("sent", 0), ("undelivered", 30008), ("delivered", 0)):
        assert amina.twilio.report(lost, status, code).status_code == 200
    amina.run()
    assert len(later(amina, MINUTE)) == 1
    assert later(amina, MINUTE) == []


def test_a_lost_text_goes_again_without_the_document_that_arrived(amina: Phone) -> None:
    amina.say("hello")
    amina.news = False
    *_, card, document = amina.say(PLAN)
    amina.twilio.report(document, "delivered")
    amina.twilio.report(card, "undelivered", 30008)
    amina.run()
    (again,) = later(amina, MINUTE)
    assert again.body == card.body
    assert later(amina, MINUTE) == []


def test_statuses_out_of_order_never_send_anything_again(amina: Phone) -> None:
    amina.news = False
    (sent,) = amina.say("help")
    for status in ("read", "delivered", "sent", "failed", "queued"):
        assert amina.twilio.report(sent, status).status_code == 200
    amina.run()
    assert later(amina, MINUTE) == []


# ── order ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_follows_a_document_waits_until_the_phone_has_it(amina: Phone) -> None:
    amina.say("hello")
    amina.news = False
    *_, document = amina.say(PLAN)
    assert document.media_url
    amina.ahead = timedelta()  # a moment later
    form = amina.twilio.form("help")
    amina.twilio.post(f"{PUBLIC_URL}/webhooks/whatsapp", form)
    before = len(amina.mine)
    jobs.run_inline(amina.app, amina.queue.jobs.pop(0))
    assert len(amina.mine) == before, "the document is still on its way"
    amina.ahead = 2 * MINUTE  # nothing comes by itself
    amina.run()
    assert len(amina.mine) == before
    amina.twilio.report(document, "delivered")
    amina.run()
    assert len(amina.mine) == before + 1


# ── opted out ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("word", "lang"), [("STOP", "en"), ("simama", "sw")])
def test_who_says_stop_hears_one_word_about_it_and_nothing_else(amina: Phone, word: str, lang: str) -> None:
    amina.say("hello" if lang == "en" else "habari")
    amina.twilio.refuse(503, 20503)
    amina.say("help")  # owed now
    assert [m.body for m in amina.say(word)] == [t(lang, "stopped")]
    assert later(amina, timedelta(minutes=10)) == []
    with amina.app.store.session() as s:
        amina.app.store.outbox.add(s, amina.chat_id, '{"lines": ["your price fell"]}')
    assert later(amina, MINUTE) == []
    assert amina.say(word) == [], "they know"
    assert outbox(amina, Work.OWED) == 0


def test_a_plan_that_was_on_its_way_is_not_sent_after_stop(amina: Phone) -> None:
    amina.say("hello")
    amina.twilio.post(f"{PUBLIC_URL}/webhooks/whatsapp", amina.twilio.form(PLAN))
    jobs.run_inline(amina.app, amina.queue.jobs.pop(0))
    plan = amina.queue.jobs.pop(0)
    assert plan.name == "run_task"
    assert [m.body for m in amina.say("stop")] == [t("en", "stopped")]
    amina.queue.jobs.append(plan)
    before = len(amina.mine)
    amina.run()
    assert amina.mine[before:] == []


def test_who_writes_again_after_stop_is_answered(amina: Phone) -> None:
    amina.say("stop")
    assert "Kisumu" in amina.say("buses to Kisumu tomorrow")[-1].body
    assert len(amina.say("help")) == 1


def test_whom_twilio_keeps_on_its_list_hears_nothing_before_start(amina: Phone) -> None:
    amina.say("hello")
    amina.twilio.opted_out.add(TRAVELLER)
    asked = len(amina.twilio.sent)
    assert amina.say("KOMA", OptOutType="STOP") == [], "Twilio answers that itself"
    for text in ("help", "buses to Kisumu tomorrow", "stop"):
        assert amina.say(text) == []
    assert later(amina, DAY) == []
    assert len(amina.twilio.sent) == asked
    amina.twilio.opted_out.clear()
    assert len(amina.say("START", OptOutType="START")) == 1
    assert len(amina.say("help")) == 1


@pytest.mark.parametrize("word", ["START", "anza"])
def test_a_refusal_for_an_opt_out_is_never_tried_again(amina: Phone, word: str) -> None:
    amina.say("hello")
    amina.twilio.opted_out.add(TRAVELLER)
    amina.say("help")
    tries = amina.twilio.asked
    for text in ("help", "privacy"):
        amina.say(text)
    later(amina, DAY)
    assert amina.twilio.asked == tries
    amina.twilio.opted_out.clear()
    assert len(amina.say(word)) == 1


def test_news_that_somebody_stopped_our_messages_counts_until_they_write(amina: Phone) -> None:
    amina.say("hello")
    lose(amina, "help", 131050)
    with amina.app.store.session() as s:
        amina.app.store.outbox.add(s, amina.chat_id, '{"lines": ["your price fell"]}')
    assert later(amina, DAY) == []
    amina.news = True
    assert len(amina.say("help")) == 1


def test_an_opt_out_outlives_the_data_of_who_made_it(amina: Phone) -> None:
    amina.say("hello")
    amina.twilio.opted_out.add(TRAVELLER)
    amina.say("stop", OptOutType="STOP")
    amina.say("delete my data")
    amina.say("yes")
    with amina.app.store.reading() as s:
        assert amina.app.store.chats.find(s, "whatsapp", TRAVELLER) is None
    tries = amina.twilio.asked
    assert amina.say("help") == []
    assert amina.twilio.asked == tries
