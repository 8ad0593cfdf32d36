"""Answers to searches, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Search answers
    "searching": "Natafuta: {what}…",
    "prices_for": "Bei ni za {people} kwa pamoja.",
    "for_people": "kwa {n}",
    "each": "{amount} kila mtu",
    "a_night": "{amount} kwa usiku",
    "for_nights": "{amount} kwa {nights}",
    "per_car": "gari zima",
    "minutes": "dakika {n}",
    "hours": "saa {n}",
    "hours_minutes": "saa {h} dakika {m}",
    "book_here": "Hifadhi",
    "affiliate_link": "kiungo cha kamisheni",
    "not_named": "Sijapata nauli ya {operator}; hizi ni nyingine.",
    "also_running": "Pia zipo, nauli haijulikani: {names}.",
    "nothing_found": "Sijapata: {what}.",
    "nearest_thing": "Kilicho karibu zaidi:",
    "with_a_change": "Kwa kubadilisha gari {place} inawezekana: niombe safari nzima, nami nitaunganisha sehemu mbili.",
    "events_undated": "Hufanyika mara kwa mara, tarehe ijayo siijui: {names}.",
    "map_link": "Njia kwenye ramani",
    "uber_link": "Uber kutoka hapo ulipo",
    "taxi_link": "Uliza teksi kwa WhatsApp",
    "taxi_question": "Habari, teksi kutoka {start} hadi {end} {day} kwa {people} ni bei gani?",
    "try_other": "Siku nyingine, au njia nyingine ya kusafiri?",
    "did_not_answer": "{names} haikujibu.",
    "did_not_answer_guide": "{names} haikujibu; hizi ni bei za mwongozo.",
    "older_prices": "{names} haikujibu: bei ni za {when}.",
    "busy": "{names} haiwezi kujibu sasa; jaribu tena {soon}.",
    "busy_guide": "{names} haiwezi kujibu sasa; hizi ni bei za mwongozo. Jaribu tena {soon}.",
    "busy_older": "{names} haiwezi kujibu sasa: bei ni za {when}; jaribu tena {soon}.",
    "operators_instead": "Wanaosafiri njia hii, waulize wenyewe: {names}.",
    "events_back_soon": "Sikuweza kufikia orodha yoyote ya matukio ({names}); angalia tena baadaye kidogo.",
    "over_budget": "Hakuna chini ya {amount}; hizi ndizo karibu.",
    "more_found": "Nyingine {n} zimepatikana.",
}
