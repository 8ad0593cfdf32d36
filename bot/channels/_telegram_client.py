"""One open connection to the Bot API for each process, and what its errors mean; imports `telegram` on first use.

A connection of its own for every message would cost a TLS handshake, an event loop and a client each time. Sources:
https://core.telegram.org/bots/api#responseparameters and, for the words of errors,
https://github.com/tdlib/telegram-bot-api (`Client.cpp`, `fail_query_with_error`).
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from bot.channel import ChannelError

if TYPE_CHECKING:
    from telegram import Bot
    from telegram.error import RetryAfter, TelegramError
    from telegram.request import BaseRequest

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


@dataclass(frozen=True, slots=True)
class _Open:
    """An event loop and the client that lives in it, of one process."""

    runner: asyncio.Runner
    request: BaseRequest
    bot: Bot
    process: int

    def close(self) -> None:
        """Close quietly. The one of a parent process is left alone: its sockets are not ours to shut."""
        if self.process != os.getpid():
            return
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._close()
        else:  # collected while another event loop runs in this thread: it would not let ours run
            closing = threading.Thread(target=self._close)
            closing.start()
            closing.join()

    def _close(self) -> None:
        with self.runner:
            self.runner.run(self.request.shutdown())


class Client:
    """A bot that stays connected. Threads take turns; a forked child connects anew."""

    def __init__(self, token: str, origin: str, timeout: float = TIMEOUT) -> None:
        """`timeout`: seconds to wait for an answer. Connects to nothing yet."""
        self._token = token
        self._origin = origin
        self._timeout = timeout
        self._turns = threading.Lock()
        self._turns_of = os.getpid()
        self._open: _Open | None = None
        self._hang_up: Callable[[], object] = lambda: None  # closes it, once; also at exit
        self._inherited: list[_Open] = []  # kept, so that nothing of a parent's is closed when it is collected

    def do(self, work: Callable[[Bot], Awaitable[T]]) -> T:
        """Work with the bot. Every failure of the library is a ChannelError.

        The cause is left out on purpose: the texts of HTTP errors can show the address, and that holds the token.
        """
        from telegram.error import TelegramError

        if self._turns_of != os.getpid():  # forked, perhaps while a thread of the parent held the lock
            self._turns, self._turns_of = threading.Lock(), os.getpid()
        with self._turns:
            connection = self._connection()
            try:
                return connection.runner.get_loop().run_until_complete(_awaited(work, connection.bot))
            except TelegramError as exc:
                raise trouble(exc, self._token) from None
            finally:
                # A job's time limit strikes in the middle of things: what it left undone must not go on next time.
                if asyncio.all_tasks(connection.runner.get_loop()):
                    self._drop()

    def close(self) -> None:
        """Hang up. The next call connects anew."""
        with self._turns:
            self._drop()

    def _connection(self) -> _Open:
        if self._open is not None and self._open.process != os.getpid():
            self._inherited.append(self._open)
            self._open = None
        if self._open is None:
            self._open = self._connect()
            self._hang_up = weakref.finalize(self, self._open.close)
        return self._open

    def _drop(self) -> None:
        self._open = None
        self._hang_up()

    def _connect(self) -> _Open:
        from telegram import Bot

        from bot.channels._telegram_request import OneAtATime

        request = OneAtATime(self._origin, self._timeout)
        bot = Bot(
            self._token,
            base_url=f"{self._origin}/bot",
            base_file_url=f"{self._origin}/file/bot",
            request=request,
            get_updates_request=request,  # only polling would use it; given so that no second one is made
        )
        return _Open(asyncio.Runner(), request, bot, os.getpid())


async def _awaited(work: Callable[[Bot], Awaitable[T]], bot: Bot) -> T:
    return await work(bot)


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
