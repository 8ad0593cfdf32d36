"""Booking, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Booking
    "booking_head": "Hifadhi kwa mpangilio huu; kinachoisha haraka kiko mbele.",
    "booking_line": "{n} kati ya {all}",
    "booking_none": "Hakuna kiungo cha kuhifadhi katika mpango huu. Basi na teksi hulipwa kituoni.",
    "booking_no_link": "Bila kiungo, lipa hapo hapo: {names}.",
    "booking_pay": "Unalipa kwenye tovuti yao, si hapa. Usitume kamwe PIN ya M-Pesa kwenye chat.",
    "news_changed": "{what} sasa ni {now}, ilikuwa {then}.",
    "news_total": "Jumla ingekuwa {total}.",
    "news_gone": "{what} haipatikani tena.",
    "news_unsure": "Sikuweza kuangalia bei hizi tena: {names}.",
    "news_unsure_one": "Sikuweza kuangalia tena bei ya {names}.",
    "track_not_yet": "Bado siwezi kufuatilia bei, kwa hivyo sitakuahidi. Niulize tena wakati wowote, nitaangalia upya.",
}
