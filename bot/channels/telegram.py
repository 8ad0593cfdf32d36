"""Telegram: updates by webhook, replies through the Bot API; the only file that imports `telegram`.

Limits and manners: https://core.telegram.org/bots/api, https://core.telegram.org/bots/faq#my-bot-is-hitting-limits.
`telegram` is imported when something is sent, so that the web process, which only receives, never loads it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cache, partial
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar

from bot.channel import (
    BadSignature,
    Channel,
    ChannelError,
    Chat,
    Documents,
    Incoming,
    IncomingKind,
    Pace,
    Part,
    Request,
    SentIds,
    Taken,
)
from bot.channels._telegram_html import acceptable, unwritten, write
from bot.channels._telegram_update import HANDLED, Me, read
from bot.config import Settings
from bot.markup import pages, units
from bot.replies import Attachment, Button, Link, Reply

if TYPE_CHECKING:
    from telegram import Bot, InlineKeyboardMarkup, Message
    from telegram.error import TelegramError

T = TypeVar("T")
log = logging.getLogger(__name__)

TEXT_LIMIT = 4096  # UTF-16 units. The server counts without markup; counting it too leaves room to spare
CAPTION_LIMIT = 1024
PER_ROW = 2  # labels have up to 20 characters: two fit side by side on a small phone
TIMEOUT = 10.0  # seconds
COMMANDS = {
    "": (
        ("new", "Plan a new trip"),
        ("book", "Book what is planned"),
        ("pdf", "My trip as a PDF"),
        ("help", "What I can do"),
        ("cancel", "Drop what we are doing"),
        ("stop", "Send me nothing more"),
    ),
    "sw": (
        ("new", "Panga safari mpya"),
        ("book", "Weka nafasi za safari"),
        ("pdf", "Safari yangu kwa PDF"),
        ("help", "Ninachoweza kufanya"),
        ("cancel", "Acha tunachofanya sasa"),
        ("stop", "Usinitumie ujumbe tena"),
    ),
}
Verb = Literal["set", "info", "delete"]


class Telegram:
    """A bot on Telegram."""

    name: ClassVar[str] = "telegram"
    needs: ClassVar[tuple[str, ...]] = ("TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")

    def __init__(self, settings: Settings, documents: Documents, sent: SentIds, timeout: float = TIMEOUT) -> None:
        """`timeout`: seconds to wait for an answer of the Bot API."""
        self._settings = settings
        self._timeout = timeout
        self._documents = documents
        self._sent = sent
        self._me = Me(int(settings.telegram_token.partition(":")[0]), settings.telegram_username)

    @classmethod
    def from_settings(cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace) -> Self | None:
        """The channel, or None when it is not switched on."""
        return cls(settings, documents, sent) if settings.telegram_token and settings.telegram_secret else None

    def receive(self, request: Request) -> list[Incoming]:
        """Check the webhook's secret and translate the update."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "").encode("utf-8", "replace")
        secret = self._settings.telegram_secret.encode()
        if not secret or not compare_digest(given, secret):
            raise BadSignature("the secret token is missing or wrong")
        return read(request.body, self._me)

    def acknowledge(self, incoming: Incoming) -> None:
        """Stop the spinner of a tapped button."""
        if incoming.kind is IncomingKind.BUTTON:
            with _translated(self._settings):
                asyncio.run(self._answer_tap(incoming.reply_token))

    def show_typing(self, incoming: Incoming) -> None:
        """Show "typing…" for five seconds."""
        with _translated(self._settings):
            asyncio.run(self._show_typing(incoming.chat))

    def parts(self, chat: Chat, reply: Reply) -> Sequence[Part]:
        """Text in as many messages as it takes, the buttons under the last, then the files.

        A progress reply edits the last one with the same key.
        """
        texts = pages([*reply.lines, *_unbuttoned(reply.buttons)], TEXT_LIMIT, write)
        keyboard = _keyboard(reply.buttons)
        if keyboard and not texts:
            texts = ["…"]  # buttons cannot stand alone
        steps: list[Callable[[_Delivery], Awaitable[object]]] = []
        for number, text in enumerate(texts, start=1):
            buttons = keyboard if number == len(texts) else None
            if reply.progress and number == 1:
                steps.append(partial(_Delivery.show_progress, key=reply.progress, text=text, keyboard=buttons))
            else:
                steps.append(partial(_Delivery.say, text=text, keyboard=buttons))
        for attachment in reply.attachments:
            steps.append(partial(_Delivery.attach, attachment=attachment))
        return [partial(self._do, chat, step) for step in steps]

    def _do(self, chat: Chat, step: Callable[[_Delivery], Awaitable[object]]) -> Taken:
        async def run() -> None:
            async with _bot(self._settings, self._timeout) as bot:
                await step(_Delivery(bot, chat, self._documents, self._sent))

        with _translated(self._settings):
            asyncio.run(run())
        return Taken()

    async def _answer_tap(self, callback_id: str) -> None:
        from telegram.error import BadRequest

        async with _bot(self._settings, self._timeout) as bot:
            try:
                await bot.answer_callback_query(callback_id)
            except BadRequest as exc:  # answered before, or tapped too long ago: nothing spins any more
                log.info("a tap was not acknowledged: %s", type(exc).__name__)

    async def _show_typing(self, chat: Chat) -> None:
        async with _bot(self._settings, self._timeout) as bot:
            await bot.send_chat_action(int(chat.address), "typing")


class _Delivery:
    """A part on its way to one chat."""

    def __init__(self, bot: Bot, chat: Chat, documents: Documents, sent: SentIds) -> None:
        self._bot = bot
        self._chat = chat
        self._chat_id = int(chat.address)
        self._documents = documents
        self._sent = sent

    async def show_progress(self, key: str, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        from telegram.error import BadRequest

        if known := self._sent.get(self._chat, key):
            edit = self._bot.edit_message_text
            try:
                await self._call(edit, message_id=int(known), text=text, parse_mode="HTML", reply_markup=keyboard)
                return
            except BadRequest as exc:
                if "not modified" in exc.message.lower():
                    return
                # deleted by the traveller, or too old to be edited: it is said anew
        message = await self.say(text, keyboard)
        self._sent.put(self._chat, key, str(message.message_id))

    async def say(self, text: str, keyboard: InlineKeyboardMarkup | None) -> Message:
        from telegram.error import BadRequest

        send = self._bot.send_message
        try:
            return await self._call(send, text=text, parse_mode="HTML", reply_markup=keyboard)
        except BadRequest:
            # One bad entity or button loses the whole message, so it is tried bare before anybody gives up.
            said = await self._call(send, text=_bare(text, keyboard))
        log.warning("telegram refused the markup of a message; it was sent as plain text")
        return said

    async def attach(self, attachment: Attachment) -> None:
        from telegram import InputFile
        from telegram.error import BadRequest

        file = InputFile(self._documents.content(attachment), filename=attachment.name)
        caption, *more = pages([attachment.caption], CAPTION_LIMIT, write) or [""]
        try:
            await self._call(
                self._bot.send_document, document=file, caption=caption or None, parse_mode="HTML" if caption else None
            )
        except BadRequest:
            more = pages(
                [Link(attachment.caption or attachment.name, self._documents.url(attachment))], TEXT_LIMIT, write
            )
        for text in more:
            await self.say(text, None)

    async def _call(self, method: Callable[..., Awaitable[T]], **fields: Any) -> T:
        """Call a method of the bot for this chat, following it to a new id and sitting out a short flood wait."""
        from telegram.error import ChatMigrated

        for _ in range(3):
            try:
                result = await method(chat_id=self._chat_id, **fields)
            except ChatMigrated as exc:
                self._chat_id = exc.new_chat_id
            else:
                return result
        return await method(chat_id=self._chat_id, **fields)


def webhook(settings: Settings, verb: Verb) -> dict[str, str | int]:
    """Set, show or delete the webhook; the answer says how it stands. Raises ChannelError."""
    with _translated(settings):
        return asyncio.run(_webhook(settings, verb))


async def _webhook(settings: Settings, verb: Verb) -> dict[str, str | int]:
    async with _bot(settings) as bot:
        if verb == "set":
            await bot.set_webhook(
                f"{settings.public_url}/webhooks/telegram",
                secret_token=settings.telegram_secret,
                allowed_updates=HANDLED,
                drop_pending_updates=False,
            )
            for language, commands in COMMANDS.items():
                await bot.set_my_commands(commands, language_code=language or None)
        elif verb == "delete":
            await bot.delete_webhook(drop_pending_updates=False)
        info = await bot.get_webhook_info()
        return {
            "url": info.url,
            "pending": info.pending_update_count,
            "last_error": info.last_error_message or "",
            "last_error_at": info.last_error_date.isoformat() if info.last_error_date else "",
        }


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


@asynccontextmanager
async def _bot(settings: Settings, timeout: float = TIMEOUT) -> AsyncIterator[Bot]:
    """A bot for one delivery: one that lives longer is bound to a closed loop, and `async with Bot` costs a getMe."""
    from telegram import Bot
    from telegram.request import HTTPXRequest

    origin = settings.telegram_url
    async with HTTPXRequest(
        connect_timeout=5,
        read_timeout=timeout,
        write_timeout=timeout,
        media_write_timeout=30,
        httpx_kwargs={"verify": _tls()},
    ) as request:
        # The second request object, which only polling would use, is given so that none is made.
        yield Bot(
            settings.telegram_token,
            base_url=f"{origin}/bot",
            base_file_url=f"{origin}/file/bot",
            request=request,
            get_updates_request=request,
        )


@cache
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms; once a process is enough."""
    import httpx

    return httpx.create_ssl_context()


@contextmanager
def _translated(settings: Settings) -> Iterator[None]:
    """Every failure of the library as a ChannelError.

    The cause is left out on purpose: the texts of HTTP errors can show the address, and that holds the token.
    """
    from telegram.error import TelegramError

    try:
        yield
    except TelegramError as exc:
        raise _trouble(exc, settings.telegram_token) from None


def _trouble(exc: TelegramError, token: str) -> ChannelError:
    from telegram import error

    # Refusals quote the message and its links, which are nobody else's business: this text ends up in logs.
    said = re.sub(r"\".*\"|'.*'", "…", exc.message.replace(token, "…"), flags=re.DOTALL)
    match exc:
        case error.RetryAfter():
            wait = _seconds(exc.retry_after)
            return ChannelError(f"Telegram asks to wait {wait:g} s", retry_after=wait)
        case error.Forbidden():
            return ChannelError(f"Telegram forbids writing to this chat: {said}", gone=True)
        case error.BadRequest():  # a NetworkError by inheritance, but no second attempt will be better
            return ChannelError(f"Telegram refused: {said}", permanent=True)
        case error.InvalidToken():
            return ChannelError("Telegram does not know this bot: check TELEGRAM_BOT_TOKEN")
        case error.TimedOut():
            return ChannelError("Telegram did not answer in time")
        case error.NetworkError():
            return ChannelError("Telegram could not be reached or is in trouble")
    return ChannelError(f"Telegram failed: {said}")


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


CHANNEL: type[Channel] = Telegram
