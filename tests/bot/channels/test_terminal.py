"""The terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.channel import BadPayload, Chat, IncomingKind
from bot.channels.terminal import Terminal
from bot.replies import Attachment, Bold, Button, DocumentKind, Link, Reply
from tests.bot.channels.parts import CONTENT, PDF, Shelf, request, send

ME = Chat("terminal", "local")
CHOICES = Reply(("Your trip",), (Button("Change", "c"), Button("Map", url="https://x.example"), Button("Cheaper", "d")))


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def terminal(out: io.StringIO, tmp_path: Path) -> Terminal:
    return Terminal(out, Shelf(), tmp_path / "files")


def test_choices_are_numbered_and_their_number_is_a_tap(terminal: Terminal, out: io.StringIO) -> None:
    send(terminal, ME, [CHOICES])
    assert out.getvalue() == "Your trip\n  1. Change\n  2. Cheaper\n  Map: https://x.example\n\n"
    (tap,) = terminal.receive(request(b" 2\n"))
    assert (tap.kind, tap.action, tap.text) == (IncomingKind.BUTTON, "d", "Cheaper")


@pytest.mark.parametrize("typed", ["3", "0", "2 people", "Mombasa", "²"])
def test_anything_else_is_a_message(terminal: Terminal, typed: str) -> None:
    send(terminal, ME, [CHOICES])
    (incoming,) = terminal.receive(request(typed.encode()))
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, typed)


def test_the_choices_stand_until_there_are_others(terminal: Terminal) -> None:
    send(terminal, ME, [CHOICES, Reply(("buses …",), progress="search"), Reply(("Anything else?",))])
    assert terminal.receive(request(b"1"))[0].action == "c"
    send(terminal, ME, [Reply(("Sure?",), (Button("Yes", "y"),))])
    assert terminal.receive(request(b"1"))[0].action == "y"
    assert terminal.receive(request(b"2"))[0].kind is IncomingKind.TEXT


def test_the_same_words_twice_are_two_messages(terminal: Terminal) -> None:
    first, second = (terminal.receive(request(b"hi"))[0].external_id for _ in range(2))
    assert first != second


def test_an_empty_line_is_nothing_and_broken_text_is_refused(terminal: Terminal) -> None:
    assert terminal.receive(request(b"  \n")) == []
    with pytest.raises(BadPayload):
        terminal.receive(request(b"\xff"))


def test_files_are_saved_and_shown(terminal: Terminal, out: io.StringIO, tmp_path: Path) -> None:
    send(terminal, ME, [Reply(attachments=(PDF,))])
    saved = tmp_path / "files" / "Mombasa.pdf"
    assert saved.read_bytes() == CONTENT[DocumentKind.PDF]
    assert f"→ {saved}  {PDF.caption}" in out.getvalue()


@pytest.mark.parametrize("name", ["../../evil.pdf", "/etc/x.pdf", "..", ""])
def test_files_stay_in_their_folder(terminal: Terminal, tmp_path: Path, name: str) -> None:
    send(terminal, ME, [Reply(attachments=(Attachment(DocumentKind.PDF, "t1", 1, name),))])
    (saved,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert saved.parent == tmp_path / "files"


def test_bold_is_bold_on_a_screen_and_foreign_text_cannot_command_it(tmp_path: Path) -> None:
    screen = Screen()
    terminal = Terminal(screen, Shelf(), tmp_path)
    send(terminal, ME, [Reply(((Bold("Fri"), " \x1b[2J", Link("Book", "https://x.example/\x07")),))])
    assert screen.getvalue() == "\x1b[1mFri\x1b[0m [2JBook: https://x.example/\n\n"
