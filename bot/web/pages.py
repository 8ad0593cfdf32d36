"""The pages that say what Safiri is and what it does with what people tell it."""

from __future__ import annotations

from flask import Blueprint, render_template

from bot.web.language import chosen
from bot.web.parts import parts
from bot.web.words import words

routes = Blueprint("pages", __name__)


@routes.get("/")
def home() -> str:
    """What it is, and where to try it."""
    settings, lang = parts().settings, chosen()
    number = settings.twilio_from.removeprefix("whatsapp:+") if settings.whatsapp else ""
    return render_template("home.html", lang=lang, words=words(lang), whatsapp=number)


@routes.get("/privacy")
def privacy() -> str:
    """What is kept, why, and how to have it deleted."""
    settings = parts().settings
    maps = bool(settings.providers.get("OSM")) and not settings.offline
    claude = bool(settings.anthropic_key)
    return render_template(
        "privacy.html",
        claude=claude,
        narration=claude and settings.narration,
        offline=settings.offline,
        maps=maps,
        days=settings.retention_days,
    )


@routes.get("/terms")
def terms() -> str:
    """What can be relied on."""
    return render_template("terms.html")
