"""Short counted links to booking sites, and whether the price behind one still holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import Gone, dialect, insert
from storage.tables import Click, Link
from storage.vault import Vault

VERDICT_LASTS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Told:
    """The price that was told with a link, and the question whose answer says from `due_at` on whether it holds.

    `due_at` None: it never has to be asked.
    """

    asks: str
    kes: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Where a link leads. `due`: its price must be asked for again; `verdict` is what came of that just now."""

    token: str
    url: str
    trip_id: str | None
    told: Told | None
    due: bool
    verdict: str | None


class Links:
    """Where `/go/<token>` leads. Only addresses that were put in come out."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def shorten(
        self, s: Session, url: str, trip_id: str | None = None, item_id: str | None = None, told: Told | None = None
    ) -> str:
        """The token of this address for this line of this trip, the same each time. ValueError for odd schemes.

        With `told` it is the one for this price; told anew, a price is good until its new `due_at`.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("only http and https addresses can be shortened")
        of = (url, trip_id or "", item_id or "", *([str(told.kes)] if told else []))
        fingerprint = sha256("\0".join(of).encode()).hexdigest()
        same = select(Link).where(Link.fingerprint == fingerprint)
        if (known := s.scalar(same)) is None:
            new = insert(dialect(s), Link).values(
                token=token_urlsafe(9),
                fingerprint=fingerprint,
                url=url,
                trip_id=trip_id,
                item_id=item_id,
                created_at=self._clock(),
                asks=self._vault.seal(told.asks) if told else None,
                kes=told.kes if told else None,
                due_at=told.due_at if told else None,
            )
            s.execute(new.on_conflict_do_nothing(index_elements=["fingerprint"]))
            known = s.scalars(same).one()
        if told and told.due_at and known.due_at and known.due_at < told.due_at:
            known.due_at = told.due_at
            s.flush()
        return known.token

    def get(self, s: Session, token: str) -> LinkRow | None:
        """A link without following it; None for an unknown token."""
        link = s.scalar(select(Link).where(Link.token == token))
        if link is None:
            return None
        told = None
        if link.asks is not None and link.kes is not None:
            told = Told(self._vault.open(link.asks), link.kes, link.due_at)
        now = self._clock()
        fresh = link.verdict is not None and link.verdict_at is not None and now - link.verdict_at < VERDICT_LASTS
        verdict = self._vault.open(link.verdict) if fresh and link.verdict is not None else None
        return LinkRow(token, link.url, link.trip_id, told, link.due_at is not None and now >= link.due_at, verdict)

    def judge(self, s: Session, token: str, verdict: str) -> None:
        """Keep for five minutes what came of asking again. Raises Gone."""
        values = {"verdict": self._vault.seal(verdict), "verdict_at": self._clock()}
        found = s.scalar(update(Link).where(Link.token == token).values(values).returning(Link.token))
        if found is None:
            raise Gone(f"link {token}")

    def spend(self, s: Session, token: str) -> bool:
        """Forget what came of asking again; True for the one who did it first."""
        spent = update(Link).where(Link.token == token, Link.verdict.is_not(None)).values(verdict=None, verdict_at=None)
        return s.scalar(spent.returning(Link.token)) is not None

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
