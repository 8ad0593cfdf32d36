"""What the pages are made from, and how a route gets at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol, cast

from flask import Flask, current_app

from bot.channel import Channel
from bot.config import Settings
from bot.i18n import NAIROBI
from bot.intake import Intake
from bot.queue import Queue
from bot.signing import Signer
from storage.store import Store

KEY = "safiri"


class Parts(Protocol):
    """The share of `bot.wiring.App` that the web process uses."""

    @property
    def settings(self) -> Settings:
        """What was set from outside."""
        ...

    @property
    def store(self) -> Store:
        """Everything that is kept."""
        ...

    @property
    def queue(self) -> Queue:
        """The way to the workers."""
        ...

    @property
    def channels(self) -> Mapping[str, Channel]:
        """The enabled channels by name."""
        ...


def parts_of(site: Flask) -> Parts:
    """What a web application is made from."""
    return cast(Parts, site.extensions[KEY])


def parts() -> Parts:
    """The parts of the application that serves this request."""
    return parts_of(current_app)


def intake_of(app: Parts) -> Intake:
    """The way in for messages."""
    return Intake(app.store, app.queue)


def today() -> date:
    """The date in Nairobi, or the one that SAFIRI_TODAY froze."""
    return parts().settings.today or datetime.now(NAIROBI).date()


def now() -> datetime:
    """The time in Nairobi; on a frozen day (SAFIRI_TODAY) the present hour of that day."""
    moment = datetime.now(NAIROBI)
    return datetime.combine(today(), moment.timetz())


def signer() -> Signer:
    """The signer of the application that serves this request."""
    return Signer(parts().settings.secret_keys)
