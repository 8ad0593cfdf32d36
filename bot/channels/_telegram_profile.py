"""How the bot presents itself (name, description, menu of commands), and where its updates go.

Sources: https://core.telegram.org/bots/api#setwebhook, #setmycommands, #setmydescription. Telegram lets a name be
changed only a few times a day, so what stands as wanted is left alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from bot.channels._telegram_client import Client, trouble
from bot.channels._telegram_update import HANDLED
from bot.config import Settings
from bot.i18n import t

if TYPE_CHECKING:
    from telegram import Bot, BotCommandScope

Verb = Literal["set", "info", "delete"]
Told = dict[str, str | int]
Get = Callable[[], Awaitable[object]]
Change = Callable[[Any], Awaitable[object]]

PORTS = frozenset({443, 80, 88, 8443})  # Telegram calls no others
IN_PRIVATE = ("new", "book", "pdf", "trips", "help", "language", "cancel", "privacy", "stop")
IN_GROUPS = ("new", "book", "pdf", "help", "cancel", "stop")
MENUS = {"default": IN_PRIVATE, "all_private_chats": IN_PRIVATE, "all_group_chats": IN_GROUPS}
# What Telegram shows to whom no other language fits, and in Swahili.
LANGUAGES = {"": "en", "sw": "sw"}


def unusable(public_url: str) -> str:
    """Why Telegram cannot send updates to this address, "" when it can."""
    parts = urlsplit(public_url)
    if parts.scheme != "https":
        return f"Telegram needs an https address; PUBLIC_URL is {public_url}."
    if (parts.port or 443) not in PORTS:
        return f"Telegram calls only the ports 443, 80, 88 and 8443; PUBLIC_URL is {public_url}."
    return ""


def webhook(settings: Settings, verb: Verb) -> Told:
    """Set, show or delete the webhook; the answer says how it stands. Raises ChannelError.

    Setting it also brings the profile up to date, in English and Swahili. That may be repeated at any time.
    """
    client = Client(settings.telegram_token, settings.telegram_url)
    try:
        return client.do(lambda bot: _webhook(bot, settings, verb))
    finally:
        client.close()


async def _webhook(bot: Bot, settings: Settings, verb: Verb) -> Told:
    told: Told = {}
    if verb == "set":
        await bot.set_webhook(
            f"{settings.public_url}/webhooks/telegram",
            secret_token=settings.telegram_secret,
            allowed_updates=HANDLED,
            drop_pending_updates=False,
        )
        told["profile"] = await _present(bot, settings.telegram_token)
    elif verb == "delete":
        await bot.delete_webhook(drop_pending_updates=False)
    info = await bot.get_webhook_info()
    return {
        "url": info.url,
        "allowed_updates": ", ".join(info.allowed_updates or ()),
        "pending": info.pending_update_count,
        "ip": info.ip_address or "",
        "max_connections": info.max_connections or "",
        "last_error": info.last_error_message or "",
        "last_error_at": info.last_error_date.isoformat() if info.last_error_date else "",
        **told,
    }


async def _present(bot: Bot, token: str) -> str:
    """Bring texts and menus up to date; what was changed. A refusal of one is told and stops no other."""
    from telegram.error import TelegramError

    changed, refused = list[str](), list[str]()
    for what, wanted, get, change in _wanted(bot):
        try:
            if await get() != wanted:
                await change(wanted)
                changed.append(what)
        except TelegramError as exc:
            refused.append(f"{what} not set: {trouble(exc, token)}")
    return "; ".join([f"changed {', '.join(changed)}" if changed else "up to date", *refused])


def _wanted(bot: Bot) -> Iterator[tuple[str, object, Get, Change]]:
    """What there is to be set, how it should be, how to get at it and how to change it."""
    for code, lang in LANGUAGES.items():
        spoken: dict[str, Any] = {"language_code": code or None}
        for text in ("name", "description", "short_description"):
            get = partial(_text, getattr(bot, f"get_my_{text}"), text, spoken)
            yield f"{text} ({lang})", t(lang, f"bot_{text}"), get, partial(getattr(bot, f"set_my_{text}"), **spoken)
        for where, names in MENUS.items():
            menu = [(name, t(lang, f"command_{name}")) for name in names]
            scoped: dict[str, Any] = {**spoken, "scope": _scope(where)}
            yield f"menu ({lang}, {where})", menu, partial(_menu, bot, scoped), partial(bot.set_my_commands, **scoped)


async def _text(get: Callable[..., Awaitable[object]], name: str, spoken: dict[str, Any]) -> object:
    return getattr(await get(**spoken), name)


async def _menu(bot: Bot, scoped: dict[str, Any]) -> object:
    return [(entry.command, entry.description) for entry in await bot.get_my_commands(**scoped)]


def _scope(where: str) -> BotCommandScope:
    from telegram import BotCommandScope

    return BotCommandScope(where)
