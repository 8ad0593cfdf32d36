"""For a while after a traveller wrote, an app takes free text."""

from __future__ import annotations

from datetime import timedelta

from storage.store import Store
from storage.windows import Standing
from tests.conftest import Clock

DAY = timedelta(hours=24)


def standing(store: Store, chat: int) -> Standing:
    with store.reading() as s:
        return store.windows.standing(s, chat, DAY)


def wrote(store: Store, chat: int, name: str) -> None:
    with store.session() as s:
        store.inbox.accept(s, chat, "whatsapp", name, "habari")


def test_it_is_open_for_a_day_after_the_newest_message(store: Store, chat: int, clock: Clock) -> None:
    assert not standing(store, chat).is_open, "nobody wrote yet"
    wrote(store, chat, "1")
    clock.advance(timedelta(hours=23))
    wrote(store, chat, "2")
    clock.advance(timedelta(hours=23, minutes=58))
    assert standing(store, chat).is_open
    clock.advance(timedelta(minutes=2))
    assert not standing(store, chat).is_open
    wrote(store, chat, "3")
    assert standing(store, chat).is_open


def test_what_the_app_says_counts_until_they_write_again(store: Store, chat: int, clock: Clock) -> None:
    wrote(store, chat, "1")
    with store.session() as s:
        store.windows.close(s, chat)
    assert not standing(store, chat).is_open
    clock.advance(timedelta(seconds=1))
    wrote(store, chat, "2")
    assert standing(store, chat).is_open


def test_an_invitation_counts_for_one_closed_window(store: Store, chat: int, clock: Clock) -> None:
    wrote(store, chat, "1")
    clock.advance(DAY)
    assert not standing(store, chat).invited
    with store.session() as s:
        store.windows.invite(s, chat)
    assert standing(store, chat) == Standing(is_open=False, invited=True)
    with store.session() as s:
        store.windows.uninvite(s, chat)
    assert not standing(store, chat).invited
    with store.session() as s:
        store.windows.invite(s, chat)
    clock.advance(timedelta(seconds=1))
    wrote(store, chat, "2")
    clock.advance(DAY)
    assert standing(store, chat) == Standing(is_open=False, invited=False)
