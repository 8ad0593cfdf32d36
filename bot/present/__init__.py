"""Every sentence Safiri says, as replies: pure functions of what is to be said and the language."""

from __future__ import annotations

from bot.present.answers import ranked_offers, search_answer, subject
from bot.present.booking import (
    after_mark,
    booked_now,
    booking,
    booking_next,
    despite_booked,
    held,
    left,
    not_booked_now,
)
from bot.present.card import plan_card
from bot.present.changes import changed, is_the_same, with_redo, with_undo
from bot.present.editing import day_in_full
from bot.present.infeasible import infeasible
from bot.present.notices import media, progress, too_long, too_many, trouble, welcome
from bot.present.tiers import tiers
from bot.present.trip import documents, plan_documents, understood
from bot.present.weather import weather_line

__all__ = [
    "after_mark",
    "booked_now",
    "booking",
    "booking_next",
    "changed",
    "day_in_full",
    "despite_booked",
    "documents",
    "held",
    "infeasible",
    "is_the_same",
    "left",
    "media",
    "not_booked_now",
    "plan_card",
    "plan_documents",
    "progress",
    "ranked_offers",
    "search_answer",
    "subject",
    "tiers",
    "too_long",
    "too_many",
    "trouble",
    "understood",
    "weather_line",
    "welcome",
    "with_redo",
    "with_undo",
]
