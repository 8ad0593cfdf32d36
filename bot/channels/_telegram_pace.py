"""How fast Telegram may be written to, kept by all processes together.

Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. Nobody sleeps here: who has
to wait is told for how long.
"""

from __future__ import annotations

from hashlib import blake2b

from bot.channel import ChannelError, Chat, Pace

# One a second on average. Short bursts are allowed, and a finished plan with its files is one of six messages.
PER_CHAT = "6/6 seconds"
PER_GROUP = "6/6 seconds; 20/minute"
OVERALL = "30/second"
# So many chats told to wait within so many seconds: it is the bot that is too fast.
FLOODED, FLOOD_SECONDS = 3, 10.0
_ALL = "telegram:all"


class Turns:
    """Whose turn it is to be written to."""

    def __init__(self, pace: Pace, token: str, overall: str) -> None:
        """`overall` is the rate of everything together, "" for none."""
        self._pace = pace
        self._key = token.encode()[:64]
        self._overall = overall

    def take(self, chat: Chat) -> None:
        """Count one message. Raises ChannelError with the seconds to wait when it has to."""
        rate = PER_GROUP if is_group(chat) else PER_CHAT
        seconds = self._pace.wait_before(self._named(chat), rate, unless=_ALL)
        if not seconds and self._overall:
            seconds = self._pace.wait_before(_ALL, self._overall)
        if seconds:
            raise ChannelError(f"not so fast: the next message may go in {seconds:.1f} s", retry_after=seconds)

    def told_to_wait(self, seconds: float) -> None:
        """Telegram refused a chat for so long. When it refuses several at a time, everybody waits."""
        if self._pace.count(_ALL, FLOOD_SECONDS) >= FLOODED:
            self._pace.mark(_ALL, seconds)

    def _named(self, chat: Chat) -> str:
        """A key that tells no address."""
        return f"telegram:chat:{blake2b(chat.address.encode(), key=self._key, digest_size=12).hexdigest()}"


def is_group(chat: Chat) -> bool:
    """Whether several people read there; their numbers are negative."""
    return chat.address.startswith("-")
