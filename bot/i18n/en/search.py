"""Answers to searches, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Search answers
    "searching": "Looking: {what}…",
    "prices_for": "Prices are for {people} together.",
    "for_people": "for {n}",
    "each": "{amount} each",
    "a_night": "{amount} a night",
    "for_nights": "{amount} for {nights}",
    "per_car": "the whole car",
    "minutes": "{n} min",
    "hours": "{n} h",
    "hours_minutes": "{h} h {m} min",
    "book_here": "Book",
    "affiliate_link": "affiliate link",
    "not_named": "No {operator} fare found; these are the others.",
    "also_running": "Also running, fare not known: {names}.",
    "nothing_found": "I found none: {what}.",
    "nearest_thing": "The nearest thing there is:",
    "with_a_change": "With a change in {place} one gets there: ask me for a trip, and I put the two parts together.",
    "events_undated": "Held from time to time, next date not known to me: {names}.",
    "map_link": "The way on a map",
    "uber_link": "Uber from where you are",
    "taxi_link": "Ask a taxi on WhatsApp",
    "taxi_question": "Hello, how much is a taxi from {start} to {end} on {day} for {people}?",
    "try_other": "Another day, or another way of travel?",
    "did_not_answer": "{names} did not answer.",
    "did_not_answer_guide": "{names} did not answer; these are guide prices.",
    "older_prices": "{names} did not answer: prices from {when}.",
    "busy": "{names} can't answer right now; try again {soon}.",
    "busy_guide": "{names} can't answer right now; these are guide prices. Try again {soon}.",
    "busy_older": "{names} can't answer right now: prices from {when}; try again {soon}.",
    "operators_instead": "Who runs this way, to ask themselves: {names}.",
    "events_back_soon": "I could not reach any event listing ({names}); check back soon.",
    "over_budget": "Nothing within {amount}; these come nearest.",
    "more_found": "{n} more found.",
}
