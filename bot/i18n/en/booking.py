"""Booking, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Booking
    "booking_line": "{n} of {all} · {what} · price when I looked: {price}",
    "booking_none": "Nothing in this plan has a booking link. Buses and rides are paid at the stage.",
    "booking_no_link": "No link, pay there: {names}.",
    "booking_pay": "You pay on their site, not here. Never send an M-Pesa PIN in a chat.",
    "seats_one": "1 seat",
    "seats_many": "{n} seats",
    "tickets_one": "1 ticket",
    "tickets_many": "{n} tickets",
    "button_open": "Open booking",
    "button_booked": "Booked ✓",
    "button_skip": "Skip",
    "button_not_booked": "Not booked",
    "button_book_on": "Go on booking",
    "button_left": "What is left?",
    "button_none": "None of these",
    "booked_now": "Booked ✓ {what}{proof}.",
    "not_booked_now": "Not booked: {what}. It may change again with the plan.",
    "proof_reference": "ref {reference}",
    "proof_paid": "paid {paid}",
    "paid_differs": "You paid {paid}; the plan has {planned}.",
    "booked_head": "Booked:",
    "left_head": "Still to book:",
    "left_nothing": "Everything with a booking link is booked. Have a good trip.",
    "left_count": "Still to book: {n} of {all}.",
    "booked_first": "I have {what}. Which one was it for?",
    "booked_which": "Which one is booked?",
    "booked_unknown": "I don't find that in this plan. Which one was it for?",
    "paid_to_you": "That message is about money that came in, so I marked nothing.",
    "paid_for_else": "Fine, I marked nothing and forgot that payment.",
    "not_marked": "That one is not marked as booked.",
    "booked_would_drop": "{what}: booked. Going there would drop it, so the plan stays as it is.",
    "booked_dropped": "{what}: booked, but not in this plan any more. “Undo” brings it back.",
    "booked_for_others": "{what}: booked when you were {people}. Book for the others, or change it there.",
    "booked_held": "{what}: booked, so I keep it.",
    "news_changed": "{what} is now {now}, it was {then}.",
    "news_total": "The total would be {total}.",
    "news_gone": "{what} is no longer offered.",
    "news_unsure": "I could not check these prices again: {names}.",
    "news_unsure_one": "I could not check the price of {names} again.",
    "track_not_yet": "I can't watch prices yet, so I won't promise it. Ask me again any time and I'll look afresh.",
}
