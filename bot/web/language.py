"""Which of the two languages a page speaks."""

from __future__ import annotations

from flask import request

from bot.i18n import LANGS


def chosen() -> str:
    """`?lang=` if it names one of ours, else what the browser prefers, else English."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGS else request.accept_languages.best_match(LANGS, "en") or "en"
