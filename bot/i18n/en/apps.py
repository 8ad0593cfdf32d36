"""How the bot presents itself in an app, and greets a group, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "bot_name": "Safiri: trips in Kenya",
    "bot_description": (
        "I plan trips in Kenya: buses, SGR, flights, stays and things to do, each price with its source and "
        "date. Tell me where, when, how many people and your budget, in English or Kiswahili, and you get a "
        "day-by-day plan within your budget, as a PDF and for your calendar. Tap Start and write, for "
        "example: 3 days in Mombasa from Friday, 2 people, 60k."
    ),
    "bot_short_description": (
        "Plans trips in Kenya within your budget, in English and Kiswahili. Every price has a source and a date."
    ),
    "command_new": "Plan a new trip",
    "command_book": "Book what is planned",
    "command_pdf": "My trip as a PDF",
    "command_trips": "All my trips",
    "command_help": "What I can do",
    "command_language": "English or Kiswahili",
    "command_cancel": "Drop what we are doing",
    "command_privacy": "What I keep about you",
    "command_stop": "Send me nothing more",
    "group_hello": "Hello, all. I'm Safiri; I plan trips in Kenya.",
    "group_how": (
        "In a group I read only what is meant for me: mention me, reply to one of my messages, or use a "
        "command like /new."
    ),
    "group_example": "Try: “3 days in Mombasa from Friday, 4 people, 90k”.",
}
