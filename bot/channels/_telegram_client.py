"""Open connections to the Bot API for each process, and what its errors mean; imports `telegram` on first use.

A connection of its own for every message would cost a TLS handshake and a client each time. Sources:
https://core.telegram.org/bots/api#responseparameters and, for the words of errors,
https://github.com/tdlib/telegram-bot-api (`Client.cpp`, `fail_query_with_error`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.channel import ChannelError

if TYPE_CHECKING:
    from telegram import Bot
    from telegram.error import RetryAfter, TelegramError

    from bot.channels._telegram_request import OneByOne

T = TypeVar("T")

TIMEOUT = 10.0  # seconds
# Refusals with which the app says that nothing can be written to this chat, now or later.
_GONE = re.compile(
    r"chat not found|user not found|user is deactivated|peer_id_invalid|chat_id_invalid|input_user_deactivated"
    r"|can't initiate conversation|can't send messages to bots|user_is_blocked|bot was blocked"
    r"|group chat was (?:deactivated|deleted)|chat was deleted|bot was kicked|bot is not a member|channel_private"
    r"|chat_write_forbidden|no rights to send|not enough rights to send|need administrator rights"
    r"|chat_restricted|chat_send_plain_forbidden",
    re.IGNORECASE,
)


class Client:
    """A bot that stays connected, for any thread; a forked child connects anew.

    Nothing the library does for us waits for anything but the one request, and that blocks (see OneByOne), so its
    coroutines are driven to their end here: no event loop, which would be one for each thread and a tenth of a call.
    """

    def __init__(self, token: str, origin: str, timeout: float = TIMEOUT) -> None:
        """`timeout`: seconds to wait for an answer. Connects to nothing yet."""
        self._token = token
        self._origin = origin
        self._timeout = timeout
        self._open: _Open | None = None
        self._inherited: list[_Open] = []  # kept, so that nothing of a parent's is closed when it is collected

    def do(self, work: Callable[[Bot], Awaitable[T]]) -> T:
        """Work with the bot. Every failure of the library is a ChannelError.

        The cause is left out on purpose: the texts of HTTP errors can show the address, and that holds the token.
        """
        from telegram.error import TelegramError

        try:
            return _driven(_awaited(work, self._opened().bot))
        except TelegramError as exc:
            raise trouble(exc, self._token) from None

    def close(self) -> None:
        """Hang up. The next call connects anew."""
        if self._open is not None and self._open.process == os.getpid():
            self._open.request.hang_up()

    def _opened(self) -> _Open:
        found = self._open
        if found is None or found.process != os.getpid():
            if found is not None:
                self._inherited.append(found)
            found = self._open = self._connect()  # of two threads that come first, one stays
        return found

    def _connect(self) -> _Open:
        from telegram import Bot

        from bot.channels._telegram_request import OneByOne

        request = OneByOne(self._origin, self._timeout)
        bot = Bot(
            self._token,
            base_url=f"{self._origin}/bot",
            base_file_url=f"{self._origin}/file/bot",
            request=request,
            get_updates_request=request,  # only polling would use it; given so that no second one is made
        )
        return _Open(request, bot, os.getpid())


@dataclass(frozen=True, slots=True)
class _Open:
    """The client of one process."""

    request: OneByOne
    bot: Bot
    process: int


async def _awaited(work: Callable[[Bot], Awaitable[T]], bot: Bot) -> T:
    return await work(bot)


def _driven(work: Coroutine[object, None, T]) -> T:
    """What a coroutine comes to that never has to wait."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        work.close()
    raise RuntimeError("the bot library waits for an event loop")


def trouble(exc: TelegramError, token: str) -> ChannelError:
    """What an error of the library means for the chat."""
    from telegram import error

    # Refusals quote the message and its links, which are nobody else's business: this text ends up in logs.
    said = re.sub(r"\".*\"|'.*'", "…", exc.message.replace(token, "…"), flags=re.DOTALL)
    match exc:
        case error.RetryAfter():
            wait = seconds_of(exc)
            return ChannelError(f"Telegram asks to wait {wait:g} s", retry_after=wait)
        case error.ChatMigrated():
            return ChannelError("this group has moved", moved_to=str(exc.new_chat_id))
        case error.Forbidden():
            return ChannelError(f"Telegram forbids writing to this chat: {said}", gone=True)
        case error.BadRequest():  # a NetworkError by inheritance, but no second attempt will be better
            return ChannelError(f"Telegram refused: {said}", permanent=True, gone=is_gone(exc))
        case error.InvalidToken():
            return ChannelError("Telegram does not know this bot: check TELEGRAM_BOT_TOKEN")
        case error.TimedOut():
            return ChannelError("Telegram did not answer in time")
        case error.NetworkError():
            return ChannelError("Telegram could not be reached or is in trouble")
    return ChannelError(f"Telegram failed: {said}")


def is_gone(exc: TelegramError) -> bool:
    """Whether a refusal is of the chat, not of what was sent."""
    return bool(_GONE.search(exc.message))


def seconds_of(exc: RetryAfter) -> float:
    """How long a flood wait is; the library is changing its type."""
    wait: float | timedelta = exc.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
