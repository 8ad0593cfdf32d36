"""What of a trip has been booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Booking
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One booked offer; `reference` is "" and the rest None where it was not told. Money is whole KES."""

    offer_id: str
    reference: str
    paid_kes: int | None
    paid_at: datetime | None
    booked_at: datetime


class Bookings:
    """Offers of trips that their travellers have booked, with the proof they told."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def put(
        self,
        s: Session,
        trip_id: str,
        offer_id: str,
        reference: str = "",
        paid_kes: int | None = None,
        paid_at: datetime | None = None,
    ) -> None:
        """Keep that an offer is booked. Told again, what is new replaces what was told before."""
        told: dict[str, object] = {} if not reference else {"reference": self._vault.seal(reference)}
        told |= {} if paid_kes is None else {"paid_kes": paid_kes, "paid_at": paid_at}
        blank = {"reference": self._vault.seal(""), "paid_kes": None, "paid_at": None, "booked_at": self._clock()}
        key = {"trip_id": trip_id, "offer_id": offer_id}
        new = insert(dialect(s), Booking).values({**key, **blank, **told})
        again = new.on_conflict_do_update(index_elements=list(key), set_=told) if told else new.on_conflict_do_nothing()
        s.execute(again)

    def drop(self, s: Session, trip_id: str, offer_id: str) -> None:
        """It is not booked after all."""
        s.execute(delete(Booking).where(Booking.trip_id == trip_id, Booking.offer_id == offer_id))

    def of_trip(self, s: Session, trip_id: str) -> dict[str, BookingRow]:
        """What is booked, by offer id, in the order in which it was told."""
        rows = s.scalars(
            select(Booking).where(Booking.trip_id == trip_id).order_by(Booking.booked_at, Booking.offer_id)
        )
        return {
            row.offer_id: BookingRow(
                row.offer_id, self._vault.open(row.reference), row.paid_kes, row.paid_at, row.booked_at
            )
            for row in rows
        }
