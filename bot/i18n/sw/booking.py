"""Booking, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Booking
    "booking_line": "{n} kati ya {all} · {what} · bei nilipoangalia: {price}",
    "booking_none": "Hakuna kiungo cha kuhifadhi katika mpango huu. Basi na teksi hulipwa kituoni.",
    "booking_no_link": "Bila kiungo, lipa hapo hapo: {names}.",
    "booking_pay": "Unalipa kwenye tovuti yao, si hapa. Usitume kamwe PIN ya M-Pesa kwenye chat.",
    "seats_one": "kiti 1",
    "seats_many": "viti {n}",
    "tickets_one": "tiketi 1",
    "tickets_many": "tiketi {n}",
    "button_open": "Fungua kiungo",
    "button_booked": "Nimehifadhi ✓",
    "button_skip": "Ruka",
    "button_not_booked": "Bado sijahifadhi",
    "button_book_on": "Endelea kuhifadhi",
    "button_left": "Bado nini?",
    "button_none": "Hakuna kati ya hizi",
    "booked_now": "Imehifadhiwa ✓ {what}{proof}.",
    "not_booked_now": "Haijahifadhiwa: {what}. Inaweza kubadilika tena na mpango.",
    "proof_reference": "nambari {reference}",
    "proof_paid": "umelipa {paid}",
    "paid_differs": "Umelipa {paid}; mpango una {planned}.",
    "booked_head": "Zilizohifadhiwa:",
    "left_head": "Bado kuhifadhi:",
    "left_nothing": "Kila chenye kiungo kimehifadhiwa. Safari njema.",
    "left_count": "Bado kuhifadhi: {n} kati ya {all}.",
    "booked_first": "Nimepata {what}. Ilikuwa ya nini?",
    "booked_which": "Ni ipi imehifadhiwa?",
    "booked_unknown": "Siioni katika mpango huu. Ilikuwa ya nini?",
    "paid_to_you": "Ujumbe huo ni wa pesa zilizoingia, kwa hivyo sijaweka alama yoyote.",
    "paid_for_else": "Sawa, sijaweka alama yoyote na nimesahau malipo hayo.",
    "not_marked": "Hiyo haina alama ya kuhifadhiwa.",
    "booked_would_drop": "{what}: imehifadhiwa. Kurudi huko kungeiondoa, kwa hivyo mpango unabaki ulivyo.",
    "booked_dropped": "{what}: imehifadhiwa, lakini haiko tena katika mpango huu. “Rudisha” itairudisha.",
    "booked_for_others": "{what}: ilihifadhiwa mlipokuwa {people}. Hifadhi kwa wengine, au ubadilishe huko.",
    "booked_held": "{what}: imehifadhiwa, kwa hivyo inabaki.",
    "news_changed": "{what} sasa ni {now}, ilikuwa {then}.",
    "news_total": "Jumla ingekuwa {total}.",
    "news_gone": "{what} haipatikani tena.",
    "news_unsure": "Sikuweza kuangalia bei hizi tena: {names}.",
    "news_unsure_one": "Sikuweza kuangalia tena bei ya {names}.",
    "track_not_yet": "Bado siwezi kufuatilia bei, kwa hivyo sitakuahidi. Niulize tena wakati wowote, nitaangalia upya.",
}
