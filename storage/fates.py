"""What became of messages, where the app tells."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from storage.clock import Clock, brief
from storage.db import dialect, insert
from storage.tables import Fate, Message

_ORDER = tuple(Fate)
_ON_ITS_WAY = (Fate.TAKEN, Fate.SENT)

_SETTLED = select(func.max(Message.settles_at)).where(  # built once: every reply asks this
    Message.chat_id == bindparam("chat"), Message.settles_at > bindparam("now"), Message.fate.in_(_ON_ITS_WAY)
)


class Fates:
    """Messages of ours that an app took, by the id it gave them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def took(
        self,
        s: Session,
        chat_id: int,
        channel: str,
        message_id: str,
        reply_id: int,
        part: int,
        settles_at: datetime | None,
    ) -> None:
        """The app took a part of a reply. It may have told what became of it before this was known."""
        mine = {"reply_id": reply_id, "part": part, "settles_at": settles_at}
        new = insert(dialect(s), Message).values(
            chat_id=chat_id, channel=channel, message_id=message_id, fate=Fate.TAKEN, reason="",
            changed_at=self._clock(), **mine,
        )  # fmt: skip
        s.execute(new.on_conflict_do_update(index_elements=["channel", "message_id"], set_=mine))

    def became(self, s: Session, chat_id: int, channel: str, message_id: str, fate: Fate, reason: str = "") -> bool:
        """The app tells what became of a message; False when that is no news. It never goes backwards.

        `reason` must hold no message text.
        """
        told = {"fate": fate, "reason": brief(reason), "changed_at": self._clock()}
        new = insert(dialect(s), Message).values(
            chat_id=chat_id, channel=channel, message_id=message_id, reply_id=None, part=0, settles_at=None, **told
        )
        earlier = [before for before in _ORDER if _is_news(before, fate)]
        known = new.on_conflict_do_update(
            index_elements=["channel", "message_id"], set_=told, where=Message.fate.in_(earlier)
        )
        return s.scalar(known.returning(Message.id)) is not None

    def settled_at(self, s: Session, chat_id: int) -> datetime | None:
        """Until when the next message to this chat waits for one that is still on its way; None: it need not wait."""
        settled: datetime | None = s.connection().scalar(_SETTLED, {"chat": chat_id, "now": self._clock()})
        return settled


def _is_news(before: Fate, after: Fate) -> bool:
    if after is Fate.FAILED:
        return before in _ON_ITS_WAY
    return before is not Fate.FAILED and _ORDER.index(before) < _ORDER.index(after)
