"""What a message means in this conversation, where its words alone would mislead. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.actions.asking import names_a_trip
from bot.intents import Action, Intent, Lang
from bot.parsers.speech import clean
from bot.parsers.vocabulary import MODES
from bot.requests import KINDS
from bot.state import Conversation

# Words that people of every language use here: alone they do not turn a Swahili conversation English.
_LOANED = """
    budget hotel hotels sgr pdf book bus train flight cheap cheaper plan trip calendar weekend fly room rooms ok okay
    please k kes ksh bob no yes undo and first class beach safari party taxi uber event events help
"""
_LOANS: Final = frozenset(_LOANED.split())
_QUESTION: Final = re.compile(
    r"(?:(?:so |and |but |na |sasa |ama )?(?:is|are|am|can|could|does|do|did|will|what|what's|how|when|where|"
    r"which|who|why|"
    r"should|je|ni|kuna|naweza|tunaweza|naeza|tunaeza|inawezekana|vipi|lini|wapi|nini|kwani|mbona)\b.*|.*\?\s*)"
)
_WANTED: Final = re.compile(
    r"(?:no,?|nope|sorry,?|actually,?|i|we|let'?s|prefer|rather|instead|use|take|by|with|hapana,?|zi,?|kwa|"
    r"tu(?:tumie|ende|safiri|"
    r"chukue|panda)\w*|na(?:taka|omba)|tunataka|badala|afadhali|heri)\b"
)
_PIN: Final = re.compile(
    r"\b(?:m-?pesa )?pin\b(?! code)(?:\W+(?:\w+\W+){0,3}?)?\d{4}\b|\b\d{4}\b(?:\W+\w+){0,3}?\W+pin\b|"
    r"\bpin (?:yangu|yake|ya)\b.*\d"
)


def shows_a_pin(text: str) -> bool:
    """Whether somebody wrote the secret number of their money."""
    return _PIN.search(clean(text)) is not None


def weighed(intent: Intent, text: str, state: Conversation) -> Intent:
    """The intent as the plan on screen and the language so far make it."""
    words = clean(text)
    if state.lang == "sw" and intent.lang is Lang.EN and _all_loans(words):
        intent = replace(intent, lang=Lang.SW)
    if state.trip_id is None:
        return intent
    if _is_a_way_to_go(intent, words, state):
        mode = MODES[KINDS[intent.action].value]
        wishes = tuple(dict.fromkeys((*intent.preferences, mode)))
        return replace(intent, action=Action.REFINE_ITINERARY, preferences=wishes, missing=())
    if _asks_about_a_place(intent, words):
        return Intent(Action.OTHER, intent.lang, topic=f"about:{intent.destination}")
    return intent


def _all_loans(words: str) -> bool:
    found = re.findall(r"[a-z]+", words)
    return bool(found) and _LOANS.issuperset(found)


def _is_a_way_to_go(intent: Intent, words: str, state: Conversation) -> bool:
    """ "No, flight", "we want to fly": how to travel on the trip that is on screen, not a search of its own."""
    if intent.action not in KINDS or KINDS[intent.action].value not in MODES or state.goal in KINDS:
        return False
    named = intent.origin or intent.destination or intent.start_date or intent.month or intent.passengers
    return not named and _WANTED.match(words) is not None and not words.endswith("?")


def _asks_about_a_place(intent: Intent, words: str) -> bool:
    """A question that only names a place begins no new trip."""
    if intent.action is not Action.CREATE_ITINERARY or intent.destination is None or names_a_trip(intent):
        return False
    return intent.passengers is None and _QUESTION.fullmatch(words) is not None
