"""Logging: one line an event, text for people or JSON for machines, with secrets and phone numbers taken out."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog

from bot.config import Settings

# httpx logs every URL at INFO, and Telegram's URLs contain the bot's token; RQ writes three lines a job.
QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "telegram", "twilio", "rq", "rq.worker", "rq.job", "urllib3")
REMOVED = "[removed]"
PATTERNS = (
    re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}"),  # Telegram bot token, also inside a URL
    re.compile(r"\bsk-[A-Za-z0-9_-]{12,}"),  # Anthropic API key
    re.compile(r"\bAC[0-9a-f]{32}\b"),  # Twilio account
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password@ in a URL
    re.compile(r"(?i)(?<=bearer )[\w.~+/=-]{8,}"),
    re.compile(r"(?i)(?<=[?&;])(?:[\w.-]*(?:token|key|secret|password|signature))=[^&\s\"']+"),
    re.compile(r"\+\d[\d -]{6,16}\d"),  # a phone number, international
    re.compile(r"(?<![\d.])(?:254|0)[17]\d{8}(?!\d)"),  # a phone number, Kenyan
    re.compile(r"(?<=/t/)[\w.~-]{12,}|(?<=/go/)[\w.~-]{12,}|(?<=/cal/)[\w.~-]{12,}|(?<=/files/)[\w.~-]{12,}"),
)

TRACEBACK = "Traceback (most recent call last):"
_BETWEEN = ("During handling of the above exception", "The above exception was the direct cause")
_NAME = re.compile(r"[A-Za-z_][\w.]*")

Scrub = Callable[[str], str]


def scrubber(secrets: tuple[str, ...] = ()) -> Scrub:
    """A function that removes these secrets, and whatever looks like a token or a phone number, from a text."""
    known = [re.compile(re.escape(secret)) for secret in secrets if len(secret) >= 6]

    def scrub(text: str) -> str:
        if TRACEBACK in text:
            text = without_words(text)
        for pattern in (*known, *PATTERNS):
            text = pattern.sub(REMOVED, text)
        return text

    return scrub


def configure(settings: Settings, level: int = logging.INFO) -> None:
    """Send the process's log lines from `level` on, ours and the libraries', to stderr in the format asked for."""
    scrub = scrubber(_secrets(settings))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    render: structlog.typing.Processor
    if settings.log_format == "json":
        render = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        render = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _Scrubbing(scrub),
                render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    if settings.sentry_dsn:
        _report_to_sentry(settings.sentry_dsn, scrub)


def without_words(text: str) -> str:
    """A text with tracebacks in it, without what the exceptions say: that may quote whatever they were about.

    Their names and the lines of code stay.
    """
    kept, in_frames, skipping = [], False, False
    for line in text.splitlines():
        if line.startswith((TRACEBACK, *_BETWEEN)):
            in_frames, skipping = True, False
        elif in_frames and line and not line[0].isspace():
            in_frames, skipping = False, True
            name = _NAME.match(line)
            line = name[0] if name else REMOVED
        elif skipping:
            continue
        kept.append(line)
    return "\n".join(kept)


class _Scrubbing:
    """The last step before a line is written: every text in it is scrubbed."""

    def __init__(self, scrub: Scrub) -> None:
        self._scrub = scrub

    def __call__(self, logger: object, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        return {name: value if name == "timestamp" else _scrubbed(value, self._scrub) for name, value in event.items()}


def _scrubbed(value: object, scrub: Scrub) -> object:
    """The same value with every text inside it scrubbed; what is neither plain nor a container becomes its repr."""
    if isinstance(value, str):
        return scrub(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {_scrubbed(key, scrub): _scrubbed(item, scrub) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(item, scrub) for item in value]
    return scrub(repr(value))


def _secrets(settings: Settings) -> tuple[str, ...]:
    return (
        *settings.secret_keys,
        settings.telegram_token,
        settings.telegram_secret,
        settings.twilio_token,
        settings.anthropic_key,
        settings.sentry_dsn,
        *(value for name, value in settings.providers.items() if name.endswith(("_TOKEN", "_KEY"))),
    )


_NOT_REPORTED = ("request", "user", "breadcrumbs", "extra", "server_name")


def _report_to_sentry(dsn: str, scrub: Scrub) -> None:
    """Unhandled errors go to Sentry: their names and places, and nothing of what anybody sent or asked for."""
    import sentry_sdk  # only where it is asked for: it costs memory and start-up time

    def before_send(event: Any, hint: Any) -> Any:
        kept = {name: value for name, value in event.items() if name not in _NOT_REPORTED}
        for raised in (kept.get("exception") or {}).get("values", ()):
            raised["value"] = REMOVED
        return _scrubbed(kept, scrub)

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=before_send,
    )
