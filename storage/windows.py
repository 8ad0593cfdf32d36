"""When free text may go to a chat: some apps take it only for a while after the traveller wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import InboxMessage, Window

EARLY = timedelta(minutes=1)  # it counts as closed so much earlier: the app's clock is not ours


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether free text may go out now; if not, whether the traveller was already asked to write again."""

    is_open: bool
    invited: bool = False


class Windows:
    """Counted from the newest message that was accepted, so whatever a traveller sends opens it again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def standing(self, s: Session, chat_id: int, lasts: timedelta) -> Standing:
        """How it stands for a window that lasts so long."""
        wrote_at = s.scalar(select(func.max(InboxMessage.received_at)).where(InboxMessage.chat_id == chat_id))
        known = s.execute(select(Window.closed_at, Window.invited_at).where(Window.chat_id == chat_id)).one_or_none()
        closed_at, invited_at = known or (None, None)
        if wrote_at is None:
            return Standing(is_open=False, invited=invited_at is not None)
        young = self._clock() - wrote_at < lasts - EARLY
        said_closed = closed_at is not None and closed_at >= wrote_at
        return Standing(young and not said_closed, invited_at is not None and invited_at >= wrote_at)

    def close(self, s: Session, chat_id: int) -> None:
        """The app says that it is closed, whatever we counted."""
        self._put(s, chat_id, closed_at=self._clock())

    def invite(self, s: Session, chat_id: int) -> None:
        """The traveller is being asked to write again."""
        self._put(s, chat_id, invited_at=self._clock())

    def uninvite(self, s: Session, chat_id: int) -> None:
        """That did not go out after all."""
        self._put(s, chat_id, invited_at=None)

    def _put(self, s: Session, chat_id: int, **values: datetime | None) -> None:
        new = insert(dialect(s), Window).values(**({"closed_at": None, "invited_at": None} | values), chat_id=chat_id)
        s.execute(new.on_conflict_do_update(index_elements=["chat_id"], set_=values))
