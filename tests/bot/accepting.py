"""Messages put where a webhook puts them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channel import Channel, Incoming
from bot.intake import Intake
from bot.wiring import App


def accept(app: App, channel: Channel, incoming: Sequence[Incoming]) -> None:
    """Keep them, and tell the workers."""
    Intake(app.store, app.queue).accept(channel.name, incoming)
