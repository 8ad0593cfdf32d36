"""Short counted links to booking sites."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Click, Link


class Links:
    """Where `/go/<token>` leads. Only addresses that were put in come out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def shorten(self, s: Session, url: str, trip_id: str | None = None, item_id: str | None = None) -> str:
        """The token of this address for this line of this trip, the same each time. ValueError for odd schemes."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("only http and https addresses can be shortened")
        fingerprint = sha256("\0".join((url, trip_id or "", item_id or "")).encode()).hexdigest()
        same = select(Link.token).where(Link.fingerprint == fingerprint)
        if (known := s.scalar(same)) is not None:
            return known
        new = insert(dialect(s), Link).values(
            token=token_urlsafe(9),
            fingerprint=fingerprint,
            url=url,
            trip_id=trip_id,
            item_id=item_id,
            created_at=self._clock(),
        )
        s.execute(new.on_conflict_do_nothing(index_elements=["fingerprint"]))
        return s.scalars(same).one()

    def follow(self, s: Session, token: str) -> str | None:
        """The address behind a token, None for an unknown one; counts the click."""
        url = s.scalar(select(Link.url).where(Link.token == token))
        if url is not None:
            s.add(Click(token=token, clicked_at=self._clock()))
            s.flush()
        return url

    def clicks(self, s: Session, token: str) -> int:
        """How often a link was followed."""
        return s.scalars(select(func.count()).where(Click.token == token)).one()
