"""What an installation has, lacks, and what does not work, all in one look."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import upkeep
from bot.channel import ChannelError
from bot.config import BadSettings, Settings
from bot.demo import CannotStart, local_settings
from bot.i18n import NAIROBI
from bot.wiring import HANDS
from storage.memory import ProcessMemory

GOOD, OFF, BAD = "ok   ", "off  ", "WRONG"
# Connections to PostgreSQL at one moment. A worker: one that holds the locks of its chats, one for a transaction, one
# for each of its hands, which is all that its pool has. Besides two web processes with ten each, the clock, and some to
# look after it.
A_WORKER, BESIDES = 2 + HANDS, 26


@dataclass(slots=True)
class Findings:
    """What was found, as lines to read, and how many of them are problems."""

    lines: list[str] = field(default_factory=list)
    problems: int = 0

    def good(self, text: str) -> None:
        """Something works."""
        self.lines.append(f"{GOOD} {text}")

    def off(self, text: str) -> None:
        """Something is not switched on, which is fine."""
        self.lines.append(f"{OFF} {text}")

    def bad(self, text: str) -> None:
        """Something must be put right."""
        self.lines.append(f"{BAD} {text}")
        self.problems += 1


def examine(env: Mapping[str, str], *, ask: bool) -> Findings:
    """Look at everything; `ask` also asks the sources and the chat apps over the network."""
    found = Findings()
    try:
        settings = local_settings(env)
    except BadSettings as exc:
        for problem in exc.problems:
            found.bad(problem)
        return found
    except CannotStart as exc:
        found.bad(str(exc))
        return found
    found.good("settings")
    if not env.get("SECRET_KEY", "").strip():
        found.off(f"SECRET_KEY is not set; on this machine the one in {settings.var / 'secret'} is used")
    _sources(settings, found, ask=ask)
    _services(settings, found, ask=ask)
    _channels(settings, found)
    _service(settings, found)
    if ask:
        _ask(settings, found)
    return found


def _sources(settings: Settings, found: Findings, *, ask: bool) -> None:
    """Which sources are on, which are being spared after failures, and with `ask` what each one says right now."""
    from providers import probes, registry

    keys = {**settings.providers, "PUBLIC_URL": settings.public_url}
    missing = {} if settings.offline else registry.missing(keys)
    today = datetime.now(NAIROBI).date()
    with closing(upkeep.open_store(settings)) as store:
        for provider in registry.discover():
            name = f"source {provider.name}"
            if not hasattr(provider, "policy"):
                found.good(f"{name}: in the guide, always on")
            elif settings.offline:
                found.off(f"{name}: simulated, because SAFIRI_OFFLINE is set")
            elif needs := missing.get(provider.name):
                found.off(f"{name}: needs {', '.join(need.replace('|', ' or ') for need in needs)}")
            elif ask:
                outcomes = probes.ask(provider, keys, ProcessMemory(), today)
                says = f"{name}: {probes.told(outcomes)}"
                (found.good if all(outcome.reached for outcome in outcomes) else found.bad)(says)
            elif seconds := store.memory.marked(f"open:{provider.name}"):
                found.bad(f"{name}: has failed again and again, and is not asked for {seconds:.0f} more seconds")
            elif seconds := store.memory.marked(f"busy:{provider.name}"):
                found.good(f"{name}: on; it asked to be left alone for {seconds:.0f} more seconds")
            else:
                found.good(f"{name}: on")


def _services(settings: Settings, found: Findings, *, ask: bool) -> None:
    """What is no source of offers: exchange rates and the weather."""
    from providers import fx, probes, weather

    keys = {**settings.providers, "PUBLIC_URL": settings.public_url}
    with closing(upkeep.open_store(settings)) as store:
        if ask and not settings.offline:
            says, well = probes.rates(keys)
            (found.good if well else found.bad)(f"exchange rates: {says}")
        elif last := store.memory.recall(fx.KEY, fx.Rates):
            found.good(f"exchange rates: {probes.rate(last)}")
        else:
            found.off("exchange rates: not needed yet; asked for when a source quotes in another currency")
    if not weather.enabled(settings.providers):
        found.off("weather: needs OPEN_METEO_KEY or OPEN_METEO_URL")
    elif ask and not settings.offline:
        says, well = probes.weather(keys, datetime.now(NAIROBI).date())
        (found.good if well else found.bad)(f"weather: {says}")
    else:
        found.good("weather: on")


def _channels(settings: Settings, found: Findings) -> None:
    if settings.telegram:
        found.good("Telegram")
    else:
        found.off("Telegram: needs TELEGRAM_BOT_TOKEN, TELEGRAM_WEBHOOK_SECRET")
    if settings.whatsapp:
        found.good("WhatsApp")
        _forms(settings, found)
    else:
        found.off("WhatsApp: needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_FROM")
    if (settings.telegram or settings.whatsapp) and not settings.public_url.startswith("https://"):
        found.bad(f"PUBLIC_URL is {settings.public_url}; chat apps need an https address they can reach")
    if settings.anthropic_key:
        does = "reads free text and adds words to plans" if settings.narration else "reads free text"
        found.good(f"Claude {does} ({settings.anthropic_model})")
    else:
        found.off("Claude: needs ANTHROPIC_API_KEY; rules read free text")


def _forms(settings: Settings, found: Findings) -> None:
    """What was made at Twilio, as far as this installation knows: no buttons without it, no word after 24 hours."""
    from bot import contents
    from bot.channels._content import FORMS, INVITATIONS

    try:
        with closing(upkeep.open_store(settings)) as store:
            known = {form.name: form for form in contents.known(store, FORMS)}
    except SQLAlchemyError:
        return  # its trouble is listed below
    if missing := sum(not form.content_id for form in known.values()):
        found.off(f"WhatsApp: {missing} forms are not made, so choices are numbered: python -m bot content sync")
    for lang, form in INVITATIONS.items():
        status = known[form.name].status or "not made"
        if status != contents.APPROVED:
            found.off(
                f"WhatsApp: the template ({lang}) is {status}; what is owed after 24 hours waits in silence until the "
                "traveller writes"
            )


def _service(settings: Settings, found: Findings) -> None:
    troubles = upkeep.troubles(settings)
    for trouble in troubles:
        found.bad(trouble)
    if not troubles:
        found.good("database and its tables, redis")
    try:
        counts = upkeep.counts(settings)
        with closing(upkeep.open_store(settings)) as store:
            allowed = store.connections()
    except SQLAlchemyError:
        return  # its trouble is listed above
    if allowed is not None and allowed < (wanted := A_WORKER * settings.workers + BESIDES):
        found.bad(
            f"PostgreSQL allows {allowed} connections (max_connections), of which {settings.workers} workers and the "
            f"rest need {wanted}: jobs will fail and be tried again"
        )
    waiting = {name: counts[f"{name} owed"] for name in ("inbox", "outbox", "tasks")}
    found.good("waiting: " + ", ".join(f"{count} in {name}" for name, count in waiting.items()))
    for name in ("inbox", "tasks"):
        if dead := counts[f"{name} dead"]:
            found.bad(f"{dead} in {name} were given up after too many tries")
    if unsent := counts["outbox dead"]:  # mostly to people who blocked us, which is no fault of the service
        found.good(f"{unsent} replies were never taken: the chat app refused them, or the traveller blocked us")


def _ask(settings: Settings, found: Findings) -> None:
    if not settings.telegram:
        return
    from bot.channels import telegram

    try:
        webhook = telegram.webhook(settings, "info")
    except ChannelError as exc:
        found.bad(f"Telegram: {exc}")
        return
    wanted = f"{settings.public_url}/webhooks/telegram"
    if webhook["url"] != wanted:
        found.bad(f"Telegram sends to {webhook['url'] or 'nowhere'}, not to {wanted}: python -m bot webhook set")
    elif webhook["last_error"]:
        found.bad(f"Telegram could not deliver: {webhook['last_error']} ({webhook['last_error_at']})")
    else:
        found.good(f"Telegram delivers; {webhook['pending']} waiting there")
