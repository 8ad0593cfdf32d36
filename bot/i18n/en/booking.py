"""Booking, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Booking
    "booking_head": "Book in this order; what sells out first comes first.",
    "booking_line": "{n} of {all}",
    "booking_none": "Nothing in this plan has a booking link. Buses and rides are paid at the stage.",
    "booking_no_link": "No link, pay there: {names}.",
    "booking_pay": "You pay on their site, not here. Never send an M-Pesa PIN in a chat.",
    "news_changed": "{what} is now {now}, it was {then}.",
    "news_total": "The total would be {total}.",
    "news_gone": "{what} is no longer offered.",
    "news_unsure": "I could not check these prices again: {names}.",
    "news_unsure_one": "I could not check the price of {names} again.",
    "track_not_yet": "I can't watch prices yet, so I won't promise it. Ask me again any time and I'll look afresh.",
}
