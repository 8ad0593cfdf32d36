"""Eventbrite's own descriptions of events: those of its search and its pages' shelves, and those by number.

Pure. An event that cannot be read among others costs only itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from providers import jsonld
from providers.guidebook import KENYA_TIME
from providers.listings import Listing, Tickets

_log = logging.getLogger(__name__)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class _Address(_Shape):
    city: str | None = None
    region: str | None = None
    country: str | None = None
    latitude: str | None = None
    longitude: str | None = None


class _Venue(_Shape):
    name: str | None = None
    address: _Address = _Address()


class _Money(_Shape):
    currency: str = Field(pattern="^[A-Z]{3}$")
    value: int | None = Field(default=None, ge=0)
    major_value: Decimal | None = Field(default=None, ge=0)

    @property
    def amount(self) -> Decimal:
        """In major units."""
        return self.major_value if self.major_value is not None else Decimal(self.value or 0) / 100


class _Availability(_Shape):
    minimum_ticket_price: _Money | None = None
    maximum_ticket_price: _Money | None = None
    is_free: bool | None = None
    is_sold_out: bool | None = None


class _Tag(_Shape):
    prefix: str = ""
    display_name: str = ""


class _Found(_Shape):
    """An event of the search and of the page's shelves: its name is plain text, its times are local."""

    id: str = Field(pattern=r"^\d{1,20}$")
    name: str = Field(min_length=1, max_length=300)
    url: str = ""
    timezone: str = "Africa/Nairobi"
    start_date: date
    start_time: time | None = None
    end_date: date | None = None
    end_time: time | None = None
    is_online_event: bool | None = None
    is_cancelled: bool | None = None
    primary_venue: _Venue | None = None
    ticket_availability: _Availability | None = None
    tags: tuple[_Tag, ...] = ()


class _Pagination(_Shape):
    page_number: int | None = None
    page_count: int | None = None
    continuation: str | None = None


class _Results(_Shape):
    results: list[object]
    pagination: _Pagination = _Pagination()


class _Search(_Shape):
    events: _Results


class _Text(_Shape):
    text: str | None = None


class _Moment(_Shape):
    local: datetime
    timezone: str = "Africa/Nairobi"


class _Detail(_Shape):
    """An event by its number: its name has a text, its times say where they are."""

    id: str
    start: _Moment
    end: _Moment | None = None
    status: str | None = None
    online_event: bool | None = None
    is_free: bool | None = None
    ticket_availability: _Availability | None = None


def described(events: Iterable[object]) -> Iterator[Listing]:
    """Those events that can be read."""
    for event in events:
        try:
            found = _Found.model_validate(event)
            yield _listing(found)
        except (ValidationError, ValueError, KeyError, OverflowError):
            continue  # a new kind of event among others costs only itself


def _listing(found: _Found) -> Listing:
    venue = found.primary_venue or _Venue()
    spot = jsonld.position(venue.address.latitude, venue.address.longitude)
    start, starts = _in_kenya(found.start_date, found.start_time, found.timezone)
    end, ends = _in_kenya(found.end_date, found.end_time, found.timezone) if found.end_date else (None, None)
    tickets, gone = _tickets(found.ticket_availability)
    return Listing(
        title=jsonld.words(found.name),
        url=found.url,
        day=start,
        clock=starts,
        last_day=end,
        closes=ends,
        venue=jsonld.words(venue.name),
        town=", ".join(filter(None, (venue.address.city, venue.address.region))),
        country=venue.address.country or "",
        lat=spot[0] if spot else None,
        lon=spot[1] if spot else None,
        tickets=tickets,
        online=bool(found.is_online_event),
        off=bool(found.is_cancelled),
        sold_out=gone,
        words=tuple(tag.display_name for tag in found.tags if tag.prefix == "EventbriteCategory"),
        key=found.id,
    )


def _in_kenya(day: date, at: time | None, zone: str) -> tuple[date, time | None]:
    """A local day and time as Kenya's clocks have it. Raises KeyError or ValueError for a zone nobody knows."""
    if at is None:
        return day, None
    there = datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(zone)).astimezone(KENYA_TIME)
    return there.date(), there.time().replace(second=0, microsecond=0)


def _tickets(said: _Availability | None) -> tuple[Tickets | None, bool]:
    """What tickets cost and whether they are sold out."""
    if said is None:
        return None, False
    low, high = said.minimum_ticket_price, said.maximum_ticket_price
    if said.is_free:
        return Tickets(Decimal(0), Decimal(0)), bool(said.is_sold_out)
    if low is None:
        return None, bool(said.is_sold_out)
    highest = high.amount if high is not None and high.currency == low.currency else None
    return Tickets(low.amount, highest, low.currency), bool(said.is_sold_out)


def results(body: bytes) -> tuple[list[Listing], str | None]:
    """The events of one page of the search, and what to continue with."""
    try:
        events = _Search.model_validate_json(body).events
    except ValidationError:
        _log.warning("Eventbrite's search answers in a shape we do not know")
        return [], None
    pages = events.pagination
    last = pages.page_number is not None and pages.page_count is not None and pages.page_number >= pages.page_count
    return list(described(events.results)), None if last or not events.results else pages.continuation


def by_number(body: bytes, listing: Listing) -> Listing:
    """A listing with the hours and prices of the event by its number, as it is when these cannot be read."""
    try:
        detail = _Detail.model_validate_json(body)
        start, starts = _in_kenya(detail.start.local.date(), detail.start.local.time(), detail.start.timezone)
        tickets, gone = _tickets(detail.ticket_availability)
    except (ValidationError, ValueError, KeyError, OverflowError):
        _log.warning("Eventbrite answers for an event in a shape we do not know")
        return listing
    if tickets is None and detail.is_free:
        tickets = Tickets(Decimal(0), Decimal(0))
    end = detail.end.local if detail.end else None
    off = detail.status in ("canceled", "draft")
    return replace(
        listing, day=start, clock=starts, last_day=end.date() if end else None, closes=end.time() if end else None,
        tickets=tickets, sold_out=gone, off=off, online=bool(detail.online_event),
    )  # fmt: skip
