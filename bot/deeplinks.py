"""Links that open the chat with something already said: t.me/<bot>?start=to_mombasa."""

from __future__ import annotations

import re

from bot.intents import Action, Context, Intent, Lang
from bot.state import Towns

_START = re.compile(r"/start(?:@\w+)? to_([a-z0-9-]{1,60})", re.IGNORECASE)


def start_link(username: str, destination: str = "") -> str:
    """An address that starts a trip there, "" when the bot's name is not known. A payload has 64 characters at most."""
    if not username:
        return ""
    payload = f"to_{destination}"
    fits = bool(destination) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    return f"https://t.me/{username}?start={payload}" if fits else f"https://t.me/{username}"


def started(text: str, context: Context, towns: Towns | None) -> Intent | None:
    """The trip that such a link begins; None for any other text or payload, which is an ordinary hello."""
    found = _START.fullmatch(text.strip())
    slug = found[1].lower() if found else ""
    if towns is None or not slug or towns.get(slug) is None:
        return None
    lang = Lang.SW if context.lang == "sw" else Lang.EN
    return Intent(Action.CREATE_ITINERARY, lang, destination=slug, destinations=(slug,))
