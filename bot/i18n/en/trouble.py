"""Trouble and the weather, in English."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Trouble: says what still works
    "trouble": "Something went wrong on my side. What you told me is kept; try again in a minute.",
    "trouble_plan": (
        "I couldn't finish that plan. What you told me is kept; searches for buses, trains and stays still work."
    ),
    "trouble_search": "I couldn't look that up just now. Ask again in a few minutes; planning a trip still works.",
    "trouble_prices": (
        "I can't reach live prices right now. These are guide prices from my notes; ask again in a few "
        "minutes for live ones."
    ),
    "trouble_documents": "The plan stands, but I couldn't make the file. Ask for the PDF again in a minute.",
    "too_many": (
        "One at a time, please: that was more than I can read. Wait a minute, then tell me in one message what you "
        "need."
    ),
    "weather": "Weather: {days}. {credit}",
    "sky_clear": "sunny",
    "sky_cloud": "cloudy",
    "sky_fog": "fog",
    "sky_rain": "rain",
    "sky_showers": "showers",
    "sky_storm": "thunderstorms",
}
