"""Telegram: updates by webhook, replies through the Bot API.

Limits and manners: https://core.telegram.org/bots/api, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits.
`telegram` is imported when something is sent, so that the web process, which only receives, never loads it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from zlib import crc32

from bot.channel import (
    BadSignature,
    Channel,
    Chat,
    Contents,
    Documents,
    Event,
    Incoming,
    IncomingKind,
    Pace,
    Part,
    Request,
    SentIds,
    Taken,
)
from bot.channels._telegram_client import TIMEOUT, Client, is_gone, seconds_of
from bot.channels._telegram_html import acceptable, unwritten, write
from bot.channels._telegram_pace import OVERALL, Turns, is_group
from bot.channels._telegram_profile import unusable, webhook
from bot.channels._telegram_update import Me, read, read_events
from bot.config import TELEGRAM_API, Settings
from bot.documents.thumbnail import thumbnail
from bot.markup import pages, units
from bot.replies import Attachment, Button, DocumentKind, Link, Reply

if TYPE_CHECKING:
    from telegram import Bot, InlineKeyboardMarkup, Message

__all__ = ["CHANNEL", "Telegram", "unusable", "webhook"]

T = TypeVar("T")
log = logging.getLogger(__name__)

TEXT_LIMIT = 4096  # UTF-16 units. The server counts without markup; counting it too leaves room to spare
CAPTION_LIMIT = 1024
PER_ROW = 2  # labels have up to 20 characters: two fit side by side on a small phone


class Telegram:
    """A bot on Telegram."""

    name: ClassVar[str] = "telegram"
    needs: ClassVar[tuple[str, ...]] = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")

    def __init__(
        self, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, timeout: float = TIMEOUT
    ) -> None:
        """`timeout`: seconds to wait for an answer of the Bot API."""
        self._settings = settings
        self._documents = documents
        self._sent = sent
        self._client = Client(settings.telegram_token, settings.telegram_url, timeout)
        overall = settings.telegram_rate or (OVERALL if settings.telegram_url == TELEGRAM_API else "")
        self._turns = Turns(pace, settings.telegram_token, overall)
        self._drafts = True  # until they are refused
        self._me = Me(int(settings.telegram_token.partition(":")[0]), settings.telegram_username)

    @classmethod
    def from_settings(
        cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, contents: Contents
    ) -> Self | None:
        """The channel, or None when it is not switched on."""
        return cls(settings, documents, sent, pace) if settings.telegram_token and settings.telegram_secret else None

    def receive(self, request: Request) -> list[Incoming]:
        """Check the webhook's secret and translate the update."""
        self._check(request)
        return read(request.body, self._me)

    def receive_events(self, request: Request) -> list[Event]:
        """Check the webhook's secret and find what happened to the chat itself; nothing in an update with a message."""
        self._check(request)
        return read_events(request.body)

    def acknowledge(self, incoming: Incoming) -> None:
        """Stop the spinner of a tapped button."""
        if incoming.kind is IncomingKind.BUTTON:
            self._client.do(partial(_answer_tap, callback_id=incoming.reply_token))

    def show_typing(self, incoming: Incoming) -> None:
        """Show "typing…" for five seconds. It is not renewed: longer work tells of its progress."""
        self._client.do(lambda bot: bot.send_chat_action(int(incoming.chat.address), "typing"))

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """Text in as many messages as it takes, the buttons under the last, then the files.

        Progress is a draft that goes when the answer comes. Where there can be none (in a group, with buttons, on an
        old server), it is a message that changes and is deleted then.
        """
        texts = pages([*reply.lines, *_unbuttoned(reply.buttons)], TEXT_LIMIT, write)
        keyboard = _keyboard(reply.buttons)
        if keyboard and not texts:
            texts = ["…"]  # buttons cannot stand alone
        steps: list[Callable[[Bot], Awaitable[object]]] = []
        for number, text in enumerate(texts, start=1):
            buttons = keyboard if number == len(texts) else None
            step: Callable[[Bot], Awaitable[object]]
            if reply.progress and number == 1:
                step = partial(self._show_progress, chat=chat, key=reply.progress, text=text, keyboard=buttons)
            elif reply.ends and number == 1:
                step = partial(self._say_at_last, chat=chat, key=reply.ends, text=text, keyboard=buttons)
            else:
                step = partial(self._say, chat=chat, text=text, keyboard=buttons)
            steps.append(step)
        for attachment in reply.attachments:
            steps.append(partial(self._attach, chat=chat, attachment=attachment))
        return [partial(self._do, step) for step in steps]

    def close(self) -> None:
        """Hang up. What is sent after that connects anew."""
        self._client.close()

    def _check(self, request: Request) -> None:
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("utf-8", "replace")
        secret = self._settings.telegram_secret.encode()
        if not secret or not compare_digest(given, secret):
            raise BadSignature("the secret token is missing or wrong")

    def _do(self, step: Callable[[Bot], Awaitable[object]]) -> Taken:
        self._client.do(step)
        return Taken()

    async def _show_progress(
        self, bot: Bot, chat: Chat, key: str, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        if known := self._sent.get(chat, key):
            if await self._changed(bot, chat, int(known), text, keyboard):
                return
        elif self._drafts and not keyboard and not is_group(chat) and await self._drafted(bot, chat, key, text):
            return
        message = await self._say(bot, chat, text, keyboard)
        self._sent.put(chat, key, str(message.message_id))

    async def _drafted(self, bot: Bot, chat: Chat, key: str, text: str) -> bool:
        """Show a draft; False when this server has none."""
        from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

        number = crc32(key.encode()) % (2**31 - 1) + 1
        try:
            await bot.send_message_draft(int(chat.address), number, text, parse_mode="HTML")
        except (NetworkError, InvalidToken) as exc:
            if isinstance(exc, TimedOut) or exc.message.startswith("httpx.") or is_gone(exc):
                raise
            # 400, or 404, of which the library makes the other error: this server will never take one.
            if isinstance(exc, BadRequest | InvalidToken):
                self._drafts = False
            log.info("telegram took no draft: progress is shown by messages that change")
            return False
        return True

    async def _changed(
        self, bot: Bot, chat: Chat, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Change a message; False when it was deleted by the traveller, or is too old to be changed."""
        from telegram.error import BadRequest

        if is_group(chat):  # where changes count like messages
            self._turns.take(chat)
        try:
            await self._call(
                bot.edit_message_text, chat, message_id=message_id, reply_markup=keyboard, **_marked_up(text)
            )
        except BadRequest as exc:
            if is_gone(exc):
                raise
            return "not modified" in exc.message.lower()
        return True

    async def _say_at_last(
        self, bot: Bot, chat: Chat, key: str, text: str, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Bring what was worked on. A message that told of the work goes, or it would look as if that went on."""
        from telegram.error import TelegramError

        await self._say(bot, chat, text, keyboard)
        if known := self._sent.get(chat, key):
            try:
                await bot.delete_message(int(chat.address), int(known))
            except TelegramError as exc:  # the answer is there, and that is what counts
                log.info("a message about progress was not deleted: %s", type(exc).__name__)

    async def _say(self, bot: Bot, chat: Chat, text: str, keyboard: InlineKeyboardMarkup | None) -> Message:
        from telegram.error import BadRequest

        self._turns.take(chat)
        try:
            return await self._call(bot.send_message, chat, reply_markup=keyboard, **_marked_up(text))
        except BadRequest as exc:
            if is_gone(exc):
                raise
            # One bad entity or button loses the whole message, so it is tried bare before anybody gives up.
            said = await self._call(bot.send_message, chat, text=_bare(text, keyboard))
        log.warning("telegram refused the markup of a message; it was sent as plain text")
        return said

    async def _attach(self, bot: Bot, chat: Chat, attachment: Attachment) -> None:
        from telegram import InputFile
        from telegram.error import BadRequest

        file = InputFile(self._documents.content(attachment), filename=attachment.name)
        picture = InputFile(thumbnail(), filename="safiri.jpg") if attachment.kind is DocumentKind.PDF else None
        caption, *more = pages([attachment.caption], CAPTION_LIMIT, write) or [""]
        fields = {"caption": caption, "parse_mode": "HTML"} if caption else {}
        self._turns.take(chat)
        try:
            await self._call(bot.send_document, chat, document=file, thumbnail=picture, **fields)
        except BadRequest as exc:
            if is_gone(exc):
                raise
            link = Link(attachment.caption or attachment.name, self._documents.url(attachment))
            more = pages([link], TEXT_LIMIT, write)
        for text in more:
            await self._say(bot, chat, text, None)

    async def _call(self, method: Callable[..., Awaitable[T]], chat: Chat, **fields: Any) -> T:
        """Call a method that writes to a chat; a flood wait is noted for everybody."""
        from telegram.error import RetryAfter

        try:
            return await method(chat_id=int(chat.address), **fields)
        except RetryAfter as exc:
            self._turns.told_to_wait(seconds_of(exc))
            raise


async def _answer_tap(bot: Bot, callback_id: str) -> None:
    from telegram.error import BadRequest

    try:
        await bot.answer_callback_query(callback_id)
    except BadRequest as exc:  # answered before, or tapped too long ago: nothing spins any more
        log.info("a tap was not acknowledged: %s", type(exc).__name__)


def _marked_up(text: str) -> dict[str, Any]:
    """The fields of a text in HTML. The page behind its first link is not shown under it: it would bury the plan."""
    from telegram import LinkPreviewOptions

    return {"text": text, "parse_mode": "HTML", "link_preview_options": LinkPreviewOptions(is_disabled=True)}


def _unbuttoned(buttons: Sequence[Button]) -> list[Link]:
    """Buttons that Telegram would refuse, as lines of text."""
    return [Link(button.label, button.url) for button in buttons if button.url and not acceptable(button.url)]


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    keys = [
        InlineKeyboardButton(button.label, url=button.url or None, callback_data=button.action or None)
        for button in buttons
        if button.action or acceptable(button.url)
    ]
    rows = [keys[start : start + PER_ROW] for start in range(0, len(keys), PER_ROW)]
    return InlineKeyboardMarkup(rows) if rows else None


def _bare(text: str, keyboard: InlineKeyboardMarkup | None) -> str:
    """A message without markup or keyboard; the buttons become lines."""
    keys = [key for row in keyboard.inline_keyboard for key in row] if keyboard else []
    lines = [f"\n{key.text}: {key.url}" if key.url else f"\n· {key.text}" for key in keys]
    bare = unwritten(text)
    whole = bare + "".join(lines)
    return whole if units(whole) <= TEXT_LIMIT else bare


CHANNEL: type[Channel] = Telegram
