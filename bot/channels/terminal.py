"""The terminal: a line typed is a message, replies are printed, files are saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Self, TextIO
from uuid import uuid4

from bot.channel import (
    BadPayload,
    Channel,
    Chat,
    Contents,
    Documents,
    Incoming,
    IncomingKind,
    Pace,
    Part,
    Request,
    SentIds,
    Taken,
)
from bot.config import Settings
from bot.markup import printable
from bot.replies import Attachment, Bold, Button, Line, Link, Reply, plain


class Terminal:
    """One person at one terminal. Remembers the choices last shown, so that their numbers can be typed."""

    name: ClassVar[str] = "terminal"
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, out: TextIO, documents: Documents, files: Path) -> None:
        """`files` is the folder for documents; it is made when the first one comes."""
        self._out = out
        self._documents = documents
        self._files = files
        self._choices: list[Button] = []

    @classmethod
    def from_settings(
        cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, contents: Contents
    ) -> Self | None:
        """Never by settings: `python -m bot chat` makes its own around standard output."""
        return None

    def receive(self, request: Request) -> list[Incoming]:
        """One typed line, UTF-8. The number of a choice is a tap on it; an empty line is nothing."""
        try:
            text = printable(request.body.decode()).strip()
        except UnicodeDecodeError as exc:
            raise BadPayload("not UTF-8") from exc
        if not text:
            return []
        chat, message_id = Chat(self.name, "local"), uuid4().hex
        number = int(text) if re.fullmatch(r"[1-9][0-9]?", text) else 0
        if 0 < number <= len(self._choices):
            chosen = self._choices[number - 1]
            return [
                Incoming(chat, message_id, IncomingKind.BUTTON, chosen.label, chosen.action, reply_token=message_id)
            ]
        return [Incoming(chat, message_id, IncomingKind.TEXT, text, reply_token=message_id)]

    def acknowledge(self, incoming: Incoming) -> None:
        """Nothing: who types here sees that it was typed."""

    def show_typing(self, incoming: Incoming) -> None:
        """Nothing, likewise."""

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """Printing it whole."""
        return [partial(self._show, reply)]

    def _show(self, reply: Reply) -> Taken:
        for line in reply.lines:
            self._print(self._styled(line))
        if reply.buttons:
            self._offer(reply.buttons)
        for attachment in reply.attachments:
            self._print(f"→ {self._save(attachment)}  {attachment.caption}".rstrip())
        self._print("")
        self._out.flush()
        return Taken()

    def _offer(self, buttons: Sequence[Button]) -> None:
        self._choices = [button for button in buttons if button.action]
        for number, button in enumerate(self._choices, start=1):
            self._print(f"  {number}. {button.label}")
        for button in buttons:
            if button.url:
                self._print(f"  {plain(Link(button.label, button.url))}")

    def _save(self, attachment: Attachment) -> Path:
        name = re.sub(r"[^\w.-]", "_", attachment.name).lstrip(".")
        path = self._files / (name or f"trip.{attachment.kind}")
        self._files.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self._documents.content(attachment))
        return path

    def _styled(self, line: Line) -> str:
        spans = line if isinstance(line, tuple) else (line,)
        if not self._out.isatty():
            return "".join(_tame(plain(span)) for span in spans)
        return "".join(
            f"\x1b[1m{_tame(span.text)}\x1b[0m" if isinstance(span, Bold) else _tame(plain(span)) for span in spans
        )

    def _print(self, text: str) -> None:
        self._out.write(text + "\n")


def _tame(text: str) -> str:
    """Text without the control characters by which a foreign text could command the terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", printable(text))


CHANNEL: type[Channel] = Terminal
