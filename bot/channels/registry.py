"""Finds the channels: every module of this folder names its one channel as `CHANNEL`."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Protocol, Self

from bot import channels
from bot.channel import Channel, Contents, Documents, Pace, SentIds
from bot.config import Settings


class Switchable(Channel, Protocol):
    """A channel that knows from the settings whether it is on."""

    @classmethod
    def from_settings(
        cls, settings: Settings, documents: Documents, sent: SentIds, pace: Pace, contents: Contents
    ) -> Self | None:
        """The channel, or None when it is not switched on."""
        ...


@cache
def _discovered() -> tuple[type[Switchable], ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(channels.__path__))
    files = [name for name in names if name != "registry" and not name.startswith("_")]
    found: list[type[Switchable]] = [import_module(f"{channels.__name__}.{name}").CHANNEL for name in files]
    return tuple(found)


def discover() -> list[type[Switchable]]:
    """Every channel there is, in order of file name."""
    return list(_discovered())


def enabled(
    settings: Settings, documents: Documents, sent: Callable[[str], SentIds], pace: Pace, contents: Contents
) -> dict[str, Channel]:
    """The channels that are switched on, by name; `sent` gives each its memory. Connects to nothing."""
    built = {kind.name: kind.from_settings(settings, documents, sent(kind.name), pace, contents) for kind in discover()}
    return {name: channel for name, channel in built.items() if channel is not None}
