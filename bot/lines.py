"""Messages as JSON Lines, for `python -m bot parse` and `score`: no database, no Redis, no secret."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.config import Settings
from bot.intents import Context, Parser
from bot.parse import to_json
from bot.parsers.rules import RulesParser
from providers import gazetteer

NO_SECRET = "nothing is stored and nothing is encrypted"  # noqa: S105  (it protects nothing)


class BadLine(Exception):
    """A line cannot be used; the message says which and why."""


class NoKey(Exception):
    """Claude was asked for by name, and there is no key."""


def unkept(env: Mapping[str, str]) -> Settings:
    """Settings for work of which nothing is stored: they need no SECRET_KEY. Raises BadSettings."""
    return Settings.from_env({**env, "SECRET_KEY": env.get("SECRET_KEY", "").strip() or NO_SECRET})


def parser_named(name: str, env: Mapping[str, str]) -> Parser:
    """`rules`, `claude` (rules behind it), or `auto`: Claude if it has a key. Raises NoKey, BadSettings."""
    places = gazetteer.load()
    rules = RulesParser(places)
    if name == "rules":
        return rules
    settings = unkept(env)
    if not settings.anthropic_key:
        if name == "claude":
            raise NoKey("Claude needs ANTHROPIC_API_KEY.")
        return rules
    from bot.claude import Claude
    from bot.parsers.claude import ClaudeParser

    claude = Claude(settings.anthropic_key, settings.anthropic_model, settings.anthropic_url)
    return ClaudeParser(claude, places, rules)


def today_in(env: Mapping[str, str]) -> date:
    """SAFIRI_TODAY, or the date in Nairobi. Raises BadSettings."""
    return unkept(env).today or datetime.now(ZoneInfo("Africa/Nairobi")).date()


def records(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    """The objects of the lines that are not empty; each has a `text`. Raises BadLine."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as exc:
            raise BadLine(f"line {number} is not JSON") from exc
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise BadLine(f'line {number} is not an object with a "text"')
        yield record


def parsed(lines: Iterable[str], parser: Parser, today: date, lang: str = "") -> Iterator[str]:
    """What was understood of each line, as JSON with the names of the contract. Raises BadLine."""
    for record in records(lines):
        intent = parser.parse(str(record["text"]), Context(_day_of(record, today), lang=lang))
        yield json.dumps(to_json(intent), ensure_ascii=False)


def _day_of(record: Mapping[str, object], otherwise: date) -> date:
    said = record.get("today")
    if said is None:
        return otherwise
    try:
        return date.fromisoformat(str(said))
    except ValueError as exc:
        raise BadLine(f"today is not a date like 2026-11-23 but {said!r}") from exc
