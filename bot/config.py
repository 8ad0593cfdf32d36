"""Settings, read once from the environment; the only reader of `os.environ`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from storage import rates

DEFAULT_MODEL = "claude-haiku-5-5"
TELEGRAM_API = "https://api.telegram.org"
RETENTION_DAYS = 90
CHAT_RATE, VISITOR_RATE, SITE_RATE = "30/minute; 200/hour", "300/minute", "3000/minute"
# Settings of providers are handed through untouched: each provider says what it `needs`.
PROVIDER_SETTINGS = (
    "DUFFEL_TOKEN", "DUFFEL_LINKS", "DUFFEL_STAYS", "DUFFEL_API_URL",
    "BOOKING_AID", "BOOKING_AWIN_MID", "BOOKING_AWIN_AFFID", "BOOKING_CJ_PID", "BOOKING_CJ_AID", "BOOKING_URL",
    "BOOKING_DEMAND_TOKEN", "BOOKING_DEMAND_URL",
    "BUUPASS_API_KEY", "BUUPASS_API_URL",
    "IABIRI_TOKEN", "IABIRI_API_URL",
    "OPERATOR_PAGES",
    "KARIBU_API_KEY", "KARIBU_API_URL", "TAXI_WHATSAPP",
    "EVENTBRITE_TOKEN", "EVENTBRITE_SEARCH", "EVENTBRITE_API_URL", "EVENTBRITE_WEB_URL",
    "LOCAL_EVENTS", "TICKETSASA_URL", "ALLEVENTS_URL", "NAIROBIEVENTSGUIDE_URL", "TIPSITICKETS_URL",
    "FX_URL", "FX_FALLBACK_URL", "FX_KES_PER_USD",
    "OSM", "OVERPASS_URL", "NOMINATIM_URL",
    "OPEN_METEO_KEY", "OPEN_METEO_URL",
    "CONTACT_EMAIL",
)  # fmt: skip

PROVIDER_SWITCHES = ("DUFFEL_LINKS", "DUFFEL_STAYS", "EVENTBRITE_SEARCH", "LOCAL_EVENTS", "OSM")


class BadSettings(Exception):
    """The environment is wrong; `problems` names everything that is, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside. Secrets have no place in `repr`."""

    public_url: str = "http://127.0.0.1:8000"
    secret_keys: tuple[str, ...] = field(default=("",), repr=False)  # newest first; all of them decrypt
    database_url: str = "sqlite:///var/safiri.db"
    redis_url: str = ""
    port: int = 8000
    workers: int = 2
    log_format: str = "text"
    sentry_dsn: str = field(default="", repr=False)
    today: date | None = None
    offline: bool = False
    demo: bool = False
    simulate: bool = False  # sources that are off are simulated: in the demo, and offline
    telegram_token: str = field(default="", repr=False)
    telegram_secret: str = field(default="", repr=False)
    telegram_username: str = ""  # of the bot, without @: in groups only its own mentions count then
    telegram_url: str = TELEGRAM_API
    telegram_rate: str = ""  # of all messages together; "" is Telegram's own limit there, and none anywhere else
    twilio_sid: str = ""
    twilio_token: str = field(default="", repr=False)
    twilio_from: str = ""
    twilio_url: str = ""
    anthropic_key: str = field(default="", repr=False)
    anthropic_model: str = DEFAULT_MODEL
    anthropic_url: str = "https://api.anthropic.com"
    retention_days: int = RETENTION_DAYS  # then what is finished is deleted
    chat_rate: str = CHAT_RATE  # messages of one chat; beyond, they are answered late and together
    visitor_rate: str = VISITOR_RATE  # requests of one address
    site_rate: str = SITE_RATE  # requests of all addresses together, webhooks apart
    support_contact: str = ""  # a phone number, an e-mail address or an https address; told to whoever asks
    narration: bool = False  # Claude adds a few words to a plan
    anthropic_prices: tuple[float, float, float, float] | None = None  # USD a million: input, output, cache write, read
    providers: Mapping[str, str] = field(default_factory=dict, repr=False)
    var: Path = Path("var")

    @property
    def telegram(self) -> bool:
        """Whether the Telegram channel is on."""
        return bool(self.telegram_token)

    @property
    def whatsapp(self) -> bool:
        """Whether the WhatsApp channel is on."""
        return bool(self.twilio_sid)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read and check. Raises BadSettings with every problem found, not only the first."""
        return _read(os.environ if env is None else env)


def environment() -> dict[str, str]:
    """A copy of the environment, for starting a process of ours with settings added."""
    return dict(os.environ)


def _is_url(raw: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(raw)
        port_is_number = parts.port is None or parts.port > 0  # reading a bad port raises
    except ValueError:
        return False
    return parts.scheme in schemes and port_is_number and bool(parts.path if parts.scheme == "unix" else parts.hostname)


def _is_contact(raw: str) -> bool:
    phone = re.fullmatch(r"\+?\d[\d ]{5,18}\d", raw)
    mail = re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", raw)
    return bool(phone or mail) or (_is_url(raw, ("https",)) and not re.search(r"\s", raw))


def _read(env: Mapping[str, str]) -> Settings:
    problems: list[str] = []

    def text(name: str, default: str = "") -> str:
        return env.get(name, "").strip() or default

    def number(name: str, default: int, low: int, high: int) -> int:
        raw = text(name, str(default))
        if not raw.isdecimal() or not low <= int(raw) <= high:
            problems.append(f"{name} must be a whole number from {low} to {high}.")
            return default
        return int(raw)

    def switch(name: str) -> bool:
        raw = text(name, "0").lower()
        if raw not in ("0", "1", "true", "false", "yes", "no"):
            problems.append(f"{name} must be 1 or 0.")
        return raw in ("1", "true", "yes")

    def url(name: str, default: str = "", schemes: tuple[str, ...] = ("http", "https")) -> str:
        raw = text(name, default).rstrip("/")
        if raw and not _is_url(raw, schemes):
            problems.append(f"{name} must be a URL starting with {' or '.join(s + '://' for s in schemes)}.")
        return raw

    port = number("PORT", 8000, 1, 65535)
    demo, offline = switch("SAFIRI_DEMO"), switch("SAFIRI_OFFLINE")
    public_url = url("PUBLIC_URL", f"http://127.0.0.1:{port}")
    secret_keys = tuple(key.strip() for key in text("SECRET_KEY").split(",") if key.strip())
    if not secret_keys:
        problems.append("SECRET_KEY must be set (32 random characters or more); `make demo` makes one for you.")
    elif any(len(key) < 32 for key in secret_keys):
        problems.append("SECRET_KEY must have at least 32 characters (several, newest first, are separated by commas).")
    database_url = text("DATABASE_URL", "sqlite:///var/safiri.db")
    if not database_url.startswith(("sqlite://", "postgresql://", "postgresql+psycopg://", "postgres://")):
        problems.append("DATABASE_URL must start with sqlite:/// or postgresql://.")
    log_format = text("LOG_FORMAT", "text")
    if log_format not in ("json", "text"):
        problems.append("LOG_FORMAT must be json or text.")
    telegram_token, telegram_secret, telegram_rate = _telegram(text, problems)
    twilio = {name: text(name) for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM")}
    if any(twilio.values()):
        problems += [
            f"{name} is missing: WhatsApp needs all three TWILIO_ settings." for name in twilio if not twilio[name]
        ]
        if twilio["TWILIO_WHATSAPP_FROM"] and not re.fullmatch(r"whatsapp:\+\d{6,15}", twilio["TWILIO_WHATSAPP_FROM"]):
            problems.append("TWILIO_WHATSAPP_FROM must look like whatsapp:+14155238886.")
    support_contact = text("SUPPORT_CONTACT")
    if support_contact and not _is_contact(support_contact):
        problems.append(
            "SUPPORT_CONTACT must be a phone number like +254700000000, an e-mail address or an https:// address."
        )
    settings = Settings(
        public_url=public_url,
        secret_keys=secret_keys or ("",),
        database_url=database_url,
        redis_url=url("REDIS_URL", schemes=("redis", "rediss", "unix")),
        port=port,
        workers=number("WORKERS", 2, 1, 64),
        log_format=log_format,
        sentry_dsn=text("SENTRY_DSN"),
        today=_day("SAFIRI_TODAY", text("SAFIRI_TODAY"), problems),
        offline=offline,
        demo=demo,
        simulate=offline or demo,
        telegram_token=telegram_token,
        telegram_secret=telegram_secret,
        telegram_username=text("TELEGRAM_BOT_USERNAME").removeprefix("@"),
        telegram_url=url("TELEGRAM_API_URL", TELEGRAM_API),
        telegram_rate=telegram_rate,
        twilio_sid=twilio["TWILIO_ACCOUNT_SID"],
        twilio_token=twilio["TWILIO_AUTH_TOKEN"],
        twilio_from=twilio["TWILIO_WHATSAPP_FROM"],
        twilio_url=url("TWILIO_API_URL"),
        anthropic_key=text("ANTHROPIC_API_KEY"),
        anthropic_model=text("ANTHROPIC_MODEL", DEFAULT_MODEL),
        narration=switch("NARRATION"),
        anthropic_prices=_prices(text("ANTHROPIC_PRICES"), problems),
        anthropic_url=url("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
        retention_days=number("RETENTION_DAYS", RETENTION_DAYS, 7, 3650),
        chat_rate=_rate("CHAT_RATE", text("CHAT_RATE", CHAT_RATE), problems),
        visitor_rate=_rate("VISITOR_RATE", text("VISITOR_RATE", VISITOR_RATE), problems),
        site_rate=_rate("SITE_RATE", text("SITE_RATE", SITE_RATE), problems),
        support_contact=support_contact,
        providers=_for_providers(text, switch, url, problems),
        var=Path(text("SAFIRI_VAR", "var")),
    )
    if problems:
        raise BadSettings(problems)
    return settings


def _telegram(text: Callable[[str], str], problems: list[str]) -> tuple[str, str, str]:
    """Token, secret of the webhook and rate."""
    token, secret, rate = text("TELEGRAM_BOT_TOKEN"), text("TELEGRAM_WEBHOOK_SECRET"), text("TELEGRAM_RATE")
    if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", token):
        problems.append("TELEGRAM_BOT_TOKEN does not look like a bot token (123456:ABC…).")
    if token and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        problems.append("TELEGRAM_WEBHOOK_SECRET must be 1 to 256 characters of A–Z a–z 0–9 _ - when Telegram is on.")
    return token, secret, _rate("TELEGRAM_RATE", rate, problems) if rate else ""


def _day(name: str, raw: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        problems.append(f"{name} must be a date like 2026-11-23.")
        return None


def _rate(name: str, raw: str, problems: list[str]) -> str:
    try:
        rates.parse(raw)
    except ValueError:
        problems.append(f"{name} must be a rate like 30/minute, or several like 30/minute; 200/hour.")
    return raw


def _prices(raw: str, problems: list[str]) -> tuple[float, float, float, float] | None:
    """ "0.10, 0.50, 0.125, 0.01" → the four prices; None when there are none."""
    said = [part.strip() for part in raw.split(",")] if raw else []
    if not said:
        return None
    if len(said) != 4 or not all(re.fullmatch(r"\d{1,4}(\.\d{1,6})?", part) for part in said):
        problems.append(
            "ANTHROPIC_PRICES must be four numbers: USD a million tokens of input, output, cache write, cache read."
        )
        return None
    first, second, third, fourth = (float(part) for part in said)
    return first, second, third, fourth


def _for_providers(
    text: Callable[[str], str], switch: Callable[[str], bool], url: Callable[[str], str], problems: list[str]
) -> dict[str, str]:
    """What is set for providers; a switch that is off is as good as not set."""
    given = {name: url(name) if name.endswith("_URL") else text(name) for name in PROVIDER_SETTINGS}
    given |= {name: "1" if switch(name) else "" for name in PROVIDER_SWITCHES}
    for pair in (("BOOKING_AWIN_MID", "BOOKING_AWIN_AFFID"), ("BOOKING_CJ_PID", "BOOKING_CJ_AID")):
        if bool(given[pair[0]]) is not bool(given[pair[1]]):
            problems.append(f"{pair[0]} and {pair[1]} go together: one is missing.")
    if given["TAXI_WHATSAPP"] and not re.fullmatch(r"\+\d{7,15}", given["TAXI_WHATSAPP"]):
        problems.append("TAXI_WHATSAPP must be a phone number like +254700000000.")
    if given["FX_KES_PER_USD"] and not re.fullmatch(r"\d{2,3}(\.\d+)?", given["FX_KES_PER_USD"]):
        problems.append("FX_KES_PER_USD must be a number like 129.25.")
    return {name: value for name, value in given.items() if value}
