"""Real answers of a source, saved as fixtures for its tests."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

import httpx

from bot.config import Settings
from bot.i18n import NAIROBI
from providers import http as web
from providers import probes, registry
from providers.recording import Recording, save
from storage.memory import ProcessMemory


class CannotRecord(Exception):
    """There is no such source, or it is off; the text is for the operator."""


def run(settings: Settings, name: str, folder: Path) -> tuple[list[Path], str]:
    """The files written, and what was found in them. Raises CannotRecord."""
    online = {provider.name: provider for provider in registry.discover() if hasattr(provider, "policy")}
    provider = online.get(name)
    if provider is None:
        raise CannotRecord(f"{name} is no source on the network; there are {', '.join(online)}.")
    keys = {**settings.providers, "PUBLIC_URL": settings.public_url}
    if needs := registry.missing(keys).get(name):
        raise CannotRecord(f"{name} is off: it needs {', '.join(need.replace('|', ' or ') for need in needs)}.")
    today = datetime.now(NAIROBI).date()
    listener = Recording(httpx.AsyncHTTPTransport(verify=web.tls()))
    outcomes = probes.ask(
        provider, keys, ProcessMemory(), today, partial(web.client, web.agent(keys), {"all://": listener})
    )
    secrets = [value for setting, value in settings.providers.items() if not setting.endswith("_URL")]
    return save(listener.heard, folder, secrets, f"{today:%Y%m%d}"), probes.told(outcomes)
