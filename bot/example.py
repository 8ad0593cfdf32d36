"""The example trip, planned through the running web process as a visitor's browser would."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import click
import httpx
from pydantic import BaseModel, ValidationError

from bot.signals import StopRequest

SAID = "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES"
WITHIN = 120  # seconds for the whole conversation
WANTED = {"pdf", "ics"}


class Piece(BaseModel):
    """A stretch of text as `GET /chat/messages` gives it."""

    text: str
    url: str = ""


class Button(BaseModel):
    """A choice."""

    label: str


class File(BaseModel):
    """A document to fetch."""

    kind: str
    name: str
    url: str


class Message(BaseModel):
    """One reply."""

    id: int
    progress: str | None
    lines: list[list[Piece]]
    buttons: list[Button]
    attachments: list[File]


class Heard(BaseModel):
    """What is new since the last look."""

    messages: list[Message]
    typing: bool


def plan_example(origin: str, folder: Path, stop: StopRequest) -> bool:
    """Say the sentence, show what is answered, save the documents in `folder`. True when PDF and calendar came."""
    began = time.monotonic()
    click.echo(f"\nThe example trip, asked for as a visitor would:\n\n> {SAID}\n")
    saved: dict[str, Path] = {}
    try:
        with httpx.Client(base_url=origin, timeout=30, trust_env=False) as browser:
            # Kept by hand: with an https PUBLIC_URL the cookie is Secure and would not be sent to this plain address.
            cookie = browser.get("/chat").raise_for_status().headers.get("set-cookie", "").partition(";")[0]
            browser.cookies.clear()
            browser.headers["cookie"] = cookie
            browser.post("/chat/messages", json={"id": uuid4().hex, "text": SAID}).raise_for_status()
            for message in _answers(browser, stop, began + WITHIN):
                _show(message)
                for file in message.attachments:
                    saved[file.kind] = _save(browser, file, folder)
                    click.echo(f"  saved: {saved[file.kind]}")
                if saved.keys() >= WANTED:
                    break
    except (httpx.HTTPError, ValidationError) as exc:
        click.echo(f"The conversation broke off ({type(exc).__name__}); see the logs.", err=True)
        return False
    seconds = time.monotonic() - began
    if saved.keys() >= WANTED:
        click.echo(f"\nPlanned in {seconds:.1f} seconds, PDF and calendar included.")
        return True
    if not stop.count:
        click.echo(f"After {seconds:.0f} seconds PDF and calendar had not come; see the logs.", err=True)
    return False


def _answers(browser: httpx.Client, stop: StopRequest, deadline: float) -> Iterator[Message]:
    """The replies as they come, until `deadline` (monotonic)."""
    after = 0
    while time.monotonic() < deadline and not stop.wait(0.3):
        answer = browser.get("/chat/messages", params={"after": after}).raise_for_status()
        for message in Heard.model_validate_json(answer.content).messages:
            after = max(after, message.id)
            yield message


def _show(message: Message) -> None:
    mark = "…" if message.progress else "<"
    for line in message.lines:
        text = "".join(f"{piece.text} ({piece.url})" if piece.url else piece.text for piece in line)
        click.echo(f"{mark} {text}".rstrip())
    if message.buttons:
        click.echo("  " + " ".join(f"[{button.label}]" for button in message.buttons))


def _save(browser: httpx.Client, file: File, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (re.sub(r"[^\w.-]", "_", file.name).lstrip(".") or f"trip.{file.kind}")
    path.write_bytes(browser.get(file.url).raise_for_status().content)
    return path
