"""First contact, help, house words and facts of practice, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # First contact, help, house words
    "welcome_what": (
        "I'm Safiri. I plan trips in Kenya: buses, SGR, flights, stays and things to do, each price with its date."
    ),
    "welcome_how": "Tell me where, when, how many people and your budget. Or tap the example.",
    "welcome_kept": "I keep our chat so that I can plan. Say “delete my data” and it is gone.",
    "welcome_example": "3 days in Mombasa",
    "welcome_short": (
        "I'm Safiri; I plan trips in Kenya. I keep our chat so that I can plan; say “delete my data” and it is gone."
    ),
    "hello_again": "Hello. Where would you like to go?",
    "hello_short": "Hello.",
    "hello_trip": "Hello. Your {place} trip is here. Shall we change something, or plan another?",
    "help_trip": "Tell me a trip in your own words: “3 days in Mombasa from Friday, 2 people, 60k”.",
    "help_search": "Or ask for one thing: “buses to Kisumu tomorrow”, “hotel in Nakuru tonight under 3k”.",
    "help_change": "Once there is a plan: “cheaper”, “train, not bus”, “3 people”, “send the PDF”.",
    "help_words": "Any time: STOP, HUMAN, DELETE MY DATA. Kiswahili? Just write it.",
    "stopped": "Stopped. I won't write unless you do.",
    "human": (
        "There is no person behind this chat yet. The booking links lead to the companies themselves; they "
        "can help with seats, rooms and refunds."
    ),
    "human_emergency": "Emergency: 999, 112 or 911, free to call (police notice, Aug 2022).",
    "forgetting": "I'm deleting it all now: our chat, your trips, their pages and files.",
    "forgotten": "It's all gone. Write any time to start afresh.",
    "language_set": "English it is.",
    "cancelled": "All right, I've let that go. Where to, whenever you're ready?",
    "cancelled_trip_kept": "All right, I've let that go. Your {place} trip is still here.",
    "cancelled_trip": "All right, I've put the {place} trip aside. Its page stays. Where to next?",
    "thanks": "You're welcome. Safe travels.",
    "off_topic": "I only do trips in and around Kenya. Where would you like to go?",
    "off_topic_trip": "I only do trips in and around Kenya. Your {place} trip is here if you want to change it.",
    "not_understood": "I didn't get that.",
    "media": "I can read text and taps; voice notes, photos and stickers not yet. What's the trip?",
    "too_long": "That's more than I can read at once. Tell me in a line or two: where, when, how many, what budget?",
    "stale_button": "That button is from an older message. Tell me in words what you'd like.",
    "choice_range": "I offered {n} choices. Tap one, or type its number.",
    "choice_one": "I offered one choice. Tap it, or type 1.",
    "choice_none": "There is nothing to choose from right now. Where would you like to go?",
    "choice_link": "{label}: {url}",
    "located": "I'll start from {place}.",
    "located_nowhere": "I got your location, but I know no town near it. Which town do you start from?",
    # Facts of practice: each with its source and date
    "fact_visa": (
        "Foreign visitors need an eTA before they travel: USD 30, about 3 working days. East Africans don't, "
        "nor since Jan 2025 do most Africans (not Somalia, Libya). That's from press reports of 2024–25; "
        "check before you pay."
    ),
    "fact_visa_link": "Official site",
    "fact_weather": (
        "Rains usually fall Mar–May and Oct–Dec. The coast is hot and humid, 24–30 °C; the highlands 10–26 "
        "°C with cool nights; the north hot and dry. That's a rule of thumb from an undated guide, not a "
        "forecast."
    ),
    "fact_weather_link": "Forecast: Kenya Met",
    "fact_safety": (
        "UK travel advice of 2 Dec 2025: no travel to Mandera, most of Garissa County, within 60 km of the "
        "Somali border, or mainland Lamu (the islands are fine). Elsewhere: avoid night buses on the Mombasa "
        "road, and take no food or drink from strangers."
    ),
    "fact_safety_link": "Advice today",
    "fact_payment": (
        "Buses and SGR are paid by M-Pesa: you get a PIN prompt on your phone. Type the PIN only there, "
        "never in a chat. I never ask for it."
    ),
    "fact_emergency": "Emergency: 999, 112 or 911, free to call; police also 0800 722 203 (police notice of Aug 2022).",
    "fact_health": (
        "I have no checked health facts, so I won't guess. Ask a travel clinic, or see the Ministry of Health."
    ),
    "fact_health_link": "Ministry of Health",
    "fact_currency": (
        "I plan in Kenya shillings and keep no exchange rates of my own. The Central Bank publishes the day's rates."
    ),
    "fact_currency_link": "Central Bank of Kenya",
}
