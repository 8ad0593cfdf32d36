"""Everything kept about a chat as one JSON file, with a word on each part at its top."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from bot.i18n import day_full, keys, t
from storage.export import Row

NAME = "safiri-data.json"


def render(parts: Mapping[str, list[Row]], lang: str, now: datetime) -> bytes:
    """UTF-8, indented: `about` in the traveller's language, then the rows of each table under its name."""
    about = {
        "what": t(lang, "mydata_what"),
        "made": f"{day_full(lang, now)} {now:%H:%M}",
        "left_out": t(lang, "mydata_left_out"),
        "parts": {name: _explained(name, lang) for name in parts},
    }
    return json.dumps({"about": about, **parts}, ensure_ascii=False, indent=2).encode()


def spoken_in(parts: Mapping[str, list[Row]]) -> str:
    """The language of the conversation in these parts, "" if it had none."""
    for row in parts.get("conversations", []):
        state = row.get("state")
        if isinstance(state, dict):
            return str(state.get("lang") or "")
    return ""


def _explained(table: str, lang: str) -> str:
    key = f"mydata_{table}"
    return t(lang, key if key in keys(lang) else "mydata_other")
