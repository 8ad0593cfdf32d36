"""What became of messages, where the app tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from storage.clock import Clock, brief
from storage.db import dialect, insert
from storage.tables import Fate, Message

_ORDER = tuple(Fate)
_ON_ITS_WAY = (Fate.TAKEN, Fate.SENT)
_LOST = (Fate.FAILED, Fate.REFUSED)


@dataclass(frozen=True, slots=True)
class News:
    """Whether it was news, and of which part of which reply; None: not known (yet), or of no reply."""

    is_new: bool
    reply_id: int | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class Losses:
    """How many messages of a reply were lost, whether one of them would be each time, and the parts that are there."""

    count: int
    is_final: bool
    standing: frozenset[int]


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
        reply_id: int | None,
        part: int,
        settles_at: datetime | None,
    ) -> Fate:
        """The app took a part of a reply (None: of no reply). It may have told what became of it before this was known:
        what that was.
        """
        mine = {"reply_id": reply_id, "part": part, "settles_at": settles_at}
        new = insert(dialect(s), Message).values(
            chat_id=chat_id, channel=channel, message_id=message_id, fate=Fate.TAKEN, reason="",
            changed_at=self._clock(), **mine,
        )  # fmt: skip
        known = new.on_conflict_do_update(index_elements=["channel", "message_id"], set_=mine)
        return s.scalars(known.returning(Message.fate)).one()

    def became(self, s: Session, chat_id: int, channel: str, message_id: str, fate: Fate, reason: str = "") -> News:
        """The app tells what became of a message. It never goes backwards.

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
        row = s.execute(known.returning(Message.reply_id, Message.part)).one_or_none()
        return News(False) if row is None else News(True, row.reply_id, row.part)

    def losses(self, s: Session, reply_id: int) -> Losses:
        """What of a reply the app took and did not deliver, and which parts it need not be given again."""
        rows = s.execute(select(Message.part, Message.fate).where(Message.reply_id == reply_id)).all()
        fates = [row.fate for row in rows]
        standing = frozenset(row.part for row in rows if row.fate not in _LOST)
        return Losses(sum(fate in _LOST for fate in fates), Fate.REFUSED in fates, standing)

    def settled_at(self, s: Session, chat_id: int) -> datetime | None:
        """Until when the next message to this chat waits for one that is still on its way; None: it need not wait."""
        settled: datetime | None = s.connection().scalar(_SETTLED, {"chat": chat_id, "now": self._clock()})
        return settled


def _is_news(before: Fate, after: Fate) -> bool:
    if after in _LOST:
        return before in _ON_ITS_WAY
    return before not in _LOST and _ORDER.index(before) < _ORDER.index(after)
