"""The chat simulator's page: it posts JSON, and reads the replies it is owed from the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, Field, ValidationError

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
)
from bot.config import Settings
from bot.markup import printable
from bot.replies import Attachment, Bold, Button, Link, Reply, Span

Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
TAPPABLE = ("https://", "http://", "tel:")  # anything else could be a script


class _Posted(BaseModel):
    chat: Token
    id: Token
    text: str = ""
    action: str = ""
    lang: str = ""


class Browser:
    """A page of our own: the chat simulator (in demos) and the web planner, both limited per visitor."""

    name: ClassVar[str] = "browser"
    needs: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_settings(
        cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, contents: Contents
    ) -> Self | None:
        """Always: the web planner has no other way in. The chat simulator asks for a demo by itself."""
        return cls()

    def receive(self, request: Request) -> list[Incoming]:
        """`{"chat", "id", "text" | "action", "lang"?}`; chat and id are tokens that the page made up."""
        try:
            posted = _Posted.model_validate_json(request.body)
        except ValidationError as exc:
            raise BadPayload("not a message of the simulator") from exc
        text, action = printable(posted.text), printable(posted.action)
        if not text.strip() and not action:
            raise BadPayload("a message without text or action")
        return [
            Incoming(
                chat=Chat(self.name, posted.chat, language=posted.lang),
                external_id=f"{posted.chat}:{posted.id}",
                kind=IncomingKind.BUTTON if action else IncomingKind.TEXT,
                text=text,
                action=action,
                reply_token=posted.id,
            )
        ]

    def acknowledge(self, incoming: Incoming) -> None:
        """Nothing: the page shows "typing…" until a reply is there."""

    def show_typing(self, incoming: Incoming) -> None:
        """Nothing, likewise."""

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """None: what the store marks as sent is what the page shows."""
        return ()


def to_json(reply: Reply, documents: Documents) -> dict[str, object]:
    """A reply for the page.

    `{"lines": [[{"text", "bold"?, "url"?}]], "buttons": [{"label", "action" | "url"}],
    "attachments": [{"kind", "name", "caption", "url"}], "progress": key or null}`.
    Every `url` is safe to put into href.
    """
    tappable = [button for button in reply.buttons if button.action or button.url.startswith(TAPPABLE)]
    untappable = [[_span(Link(button.label, button.url))] for button in reply.buttons if button not in tappable]
    lines = [[_span(span) for span in (line if isinstance(line, tuple) else (line,))] for line in reply.lines]
    return {
        "lines": lines + untappable,
        "buttons": [_button(button) for button in tappable],
        "attachments": [_attachment(attachment, documents) for attachment in reply.attachments],
        "progress": reply.progress,
    }


def _span(span: Span) -> dict[str, object]:
    if isinstance(span, str):
        return {"text": span}
    if isinstance(span, Bold):
        return {"text": span.text, "bold": True}
    if not span.url.startswith(TAPPABLE):
        return {"text": f"{span.text}: {span.url}"}
    return {"text": span.text or span.url, "url": span.url}


def _button(button: Button) -> dict[str, object]:
    return (
        {"label": button.label, "action": button.action}
        if button.action
        else {
            "label": button.label,
            "url": button.url,
        }
    )


def _attachment(attachment: Attachment, documents: Documents) -> dict[str, object]:
    return {
        "kind": str(attachment.kind),
        "name": attachment.name,
        "caption": attachment.caption,
        "url": documents.url(attachment),
    }


CHANNEL: type[Channel] = Browser
