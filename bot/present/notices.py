"""First words, help, progress and trouble."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from bot.i18n import t
from bot.present.words import button
from bot.replies import Button, Line, Link, Reply
from providers.base import Kind, Status

_MARKS: Final = {
    Status.OK.value: "✓",
    Status.CACHED.value: "✓",
    Status.EMPTY.value: "–",
    Status.SKIPPED.value: "–",
    Status.TIMED_OUT.value: "✗",
    Status.FAILED.value: "✗",
}
_KINDS: Final = frozenset({kind.value for kind in Kind} | {"meals"})
_TROUBLES: Final = frozenset({"plan", "search", "prices", "documents"})
_ASKED: Final = frozenset({"destination", "origin", "dates", "party", "budget"})
_MEDIA: Final = frozenset({"voice", "photo", "video", "sticker", "contact", "file"})


def welcome(lang: str, today: date) -> Reply:
    """First contact: what it does, how to start with an example to tap, what is kept."""
    return Reply(tuple(t(lang, f"welcome_{part}") for part in ("what", "how", "kept")), (example(lang, today),))


def example(lang: str, today: date) -> Button:
    """A whole trip in one tap: three days in Mombasa from the coming Friday."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    return button(lang, "welcome_example", f"trip:mombasa:{friday.isoformat()}:3:2:60000")


def help_text(lang: str) -> Reply:
    """What can be said when nothing is open."""
    return Reply(
        tuple(t(lang, f"help_{part}") for part in ("trip", "search", "facts", "words")),
        (button(lang, "button_language", "lang:en" if lang == "sw" else "lang:sw"),),
    )


def help_trip(lang: str, trip: str) -> Reply:
    """What can be said while a plan is on screen."""
    head = t(lang, "help_with_trip", trip=trip)
    return Reply(
        (head, *(t(lang, f"help_{part}") for part in ("change", "files", "trips", "words"))),
        (
            button(lang, "button_change", "change"),
            button(lang, "button_trips", "trips"),
            button(lang, "button_new", "new"),
        ),
    )


def help_answering(lang: str, asked: str) -> Reply:
    """How a question may be answered; the question itself follows."""
    slot = asked if asked in _ASKED else "anything"
    return Reply((t(lang, f"help_answer_{slot}"), t(lang, "help_words")))


def who(lang: str) -> Reply:
    """Who this is."""
    return Reply((t(lang, "who"),))


def human(lang: str, contact: str) -> Reply:
    """Where a person can be reached, if anywhere, and the emergency numbers."""
    if not contact:
        lines: tuple[Line, ...] = (t(lang, "human"),)
    elif contact.startswith("https://"):
        lines = (t(lang, "human_page"), Link(t(lang, "human_link"), contact))
    else:
        lines = (t(lang, "human_contact", contact=contact),)
    return Reply((*lines, t(lang, "human_emergency")))


def privacy(lang: str, url: str) -> Reply:
    """What is kept, and what one can do about it."""
    page: tuple[Line, ...] = (Link(t(lang, "privacy_link"), url),) if url else ()
    return Reply(
        (t(lang, "privacy_kept"), t(lang, "privacy_yours"), *page),
        (button(lang, "button_my_data", "my_data"), button(lang, "button_delete", "delete_data")),
    )


def sure_to_forget(lang: str, trips: int) -> Reply:
    """What would be deleted, and whether it shall be."""
    what = t(lang, f"forget_trips_{'none' if not trips else 'one' if trips == 1 else 'many'}", n=trips)
    return Reply(
        (t(lang, "forget_sure", what=what),),
        (button(lang, "button_delete_all", "delete:yes"), button(lang, "button_keep", "delete:no")),
    )


def progress(done: Sequence[tuple[str, str]], lang: str, key: str) -> Reply:
    """How far the searching is: "Buses ✓ · Flights … · Stays –". `done` pairs Kind values with Status values or ""."""
    words = [f"{t(lang, f'kind_{name}') if name in _KINDS else name} {_MARKS.get(mark, '…')}" for name, mark in done]
    return Reply((" · ".join(words) or t(lang, "planning"),), progress=key)


def trouble(lang: str, what: str = "") -> Reply:
    """Something failed; says what still works. `what`: "plan", "search", "prices", "documents" or "" for anything."""
    return Reply((t(lang, f"trouble_{what}" if what in _TROUBLES else "trouble"),))


def too_long(lang: str) -> Reply:
    """The message is longer than is read."""
    return Reply((t(lang, "too_long"),))


def too_many(lang: str) -> Reply:
    """More messages came than are read one by one."""
    return Reply((t(lang, "too_many"),))


def media(lang: str, kind: str = "") -> Reply:
    """Something came that is no text: `kind` as in bot.channel.Incoming.media."""
    return Reply((t(lang, f"media_{kind}" if kind in _MEDIA else "media"),))


def group(lang: str) -> Reply:
    """First words in a group."""
    return Reply(tuple(t(lang, f"group_{part}") for part in ("hello", "how", "example")))
