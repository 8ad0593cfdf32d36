"""Facts of practice, in English. What stands in blanks, every source and every date comes from the guide."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "fact_source": "Source: {sources}.",
    "fact_sources": "Sources: {sources}.",
    "fact_stamp": "{host} ({what})",
    "fact_about": "about {when}",
    "fact_undated": "undated",
    "fact_sure_A": "official",
    "fact_sure_B": "press",
    "fact_sure_C": "not official",
    "fact_visa": (
        "Foreign visitors, children too, need an eTA before they travel: USD {fee}, about 3 working days. East "
        "Africans don't, nor since Jan 2025 do most Africans (not Somalia, Libya). Check before you pay."
    ),
    "fact_visa_link": "Official site",
    "fact_weather": (
        "Rains usually fall {long} and {short}. The coast is hot and humid, 24–30 °C; the highlands 10–26 °C with "
        "cool nights; the north hot and dry. A rule of thumb, not a forecast."
    ),
    "fact_weather_link": "Forecast: Kenya Met",
    "fact_season": (
        "Wildlife is easiest to see {wildlife}; the migration is in the Mara {migration}; Mount Kenya is best "
        "{mountain}. Rains usually fall {long} and {short}."
    ),
    "fact_season_link": "Forecast: Kenya Met",
    "fact_safety": (
        "UK travel advice of 2 Dec 2025: no travel to Mandera, most of Garissa County, Tarbaj and Wajir East, "
        "within 60 km of the Somali border, or mainland Lamu (the islands are fine). Elsewhere: avoid night buses "
        "on the Mombasa road, and take no food or drink from strangers."
    ),
    "fact_safety_link": "Advice today",
    "fact_mara_cars": (
        "Private cars are not let on game drives in the Maasai Mara reserve; you need a licensed safari vehicle."
    ),
    "fact_mara_cars_link": "Narok County",
    "fact_payment": (
        "M-Pesa is the usual way to pay: bus firms and the SGR send a PIN prompt to your phone. Type the PIN only "
        "there, never in a chat. I never ask for it."
    ),
    "fact_sgr_id": "SGR: carry the original ID or passport. Copies are not taken, and the name must match the ticket.",
    "fact_sgr_luggage": "SGR: 2 pieces each, 30 kg in all, none longer than 160 cm.",
    "fact_sgr_arrive": (
        "SGR: be there {minutes} minutes before; gates shut 10 minutes before the train leaves. Ticket sales "
        "close {sales} minutes before."
    ),
    "fact_sgr_pay": (
        "SGR tickets: {url}, {ussd} on your phone, or the counter of any SGR station; paid by M-Pesa prompt."
    ),
    "fact_sgr_advance": "SGR tickets go on sale up to {days} days ahead, at most {most} people on one booking.",
    "fact_sgr_cancel": (
        "SGR: refunds up to 48 hours before (groups 72), less 30%. One change of day up to 48 hours before, for 10%."
    ),
    "fact_sgr_children": "SGR: under 3 free, 3 to 11 half fare, over 11 full fare.",
    "fact_sgr_link": "Kenya Railways tickets",
    "fact_likoni": (
        "Likoni ferry: free on foot, day and night, about every {wait} minutes. A small car from KES {car}, a "
        "tour van {van}; no cash is taken."
    ),
    "fact_likoni_bypass": (
        "By car from the airport or the SGR the Dongo Kundu bypass avoids the ferry: no toll, {low}–{high} "
        "minutes to Diani."
    ),
    "fact_likoni_link": "Kenya Ports Authority",
    "fact_holidays": "Next public holidays: {days}.",
    "fact_holidays_month": "Public holidays in {month}: {days}.",
    "fact_holidays_none": "There is no public holiday in {month}.",
    "fact_holidays_moon": "Dates by the moon are estimates, and the government sometimes adds a day.",
    "fact_holidays_unknown": "I have no list of public holidays that far ahead.",
    "fact_holiday": "{day} {name}",
    "fact_holiday_estimated": "{day} {name} (estimated)",
    "fact_holiday_observed": "{name}, day off",
    "fact_holidays_link": "Ministry of Interior",
    "holiday_new-years-day": "New Year",
    "holiday_eid-al-fitr": "Eid al-Fitr",
    "holiday_good-friday": "Good Friday",
    "holiday_easter-monday": "Easter Monday",
    "holiday_labor-day": "Labour Day",
    "holiday_madaraka-day": "Madaraka Day",
    "holiday_mazingira-day": "Mazingira Day",
    "holiday_mashujaa-day": "Mashujaa Day",
    "holiday_jamhuri-day": "Jamhuri Day",
    "holiday_christmas-day": "Christmas",
    "holiday_boxing-day": "Boxing Day",
    "fact_emergency": (
        "Emergency: {numbers}, free to call; police also {police}. Violence against women or children: {violence}."
    ),
    "fact_fares": (
        "Within Nairobi: a matatu KES {matatu_low}–{matatu_high}, a boda {boda_low}–{boda_high}, a tuk-tuk "
        "{tuktuk_low}–{tuktuk_high}. Agree on a boda's or tuk-tuk's price before you get on."
    ),
    "fact_fares_elsewhere": (
        "For other towns I have no fares within town; ask there, or ask me for a ride between two places."
    ),
    "fact_health": (
        "I have no checked health facts, so I won't guess. Ask a travel clinic, or see the Ministry of Health."
    ),
    "fact_health_link": "Ministry of Health",
    "fact_currency": (
        "I plan in Kenya shillings and keep no exchange rates of my own. The Central Bank publishes the day's rates."
    ),
    "fact_currency_link": "Central Bank of Kenya",
    # Park fees
    "fees_all": "{park}, one day: {people}.",
    "fees_citizen": "citizens {adult}",
    "fees_resident": "residents {adult}",
    "fees_visitor": "visitors {adult}",
    "fees_african": "Africans USD {adult}",
    "fees_child": "{person} (child {child})",
    "fees_unknown_citizen": "citizens: not known",
    "fees_unknown_resident": "residents: not known",
    "fees_unknown_visitor": "visitors: not known",
    "fees_suspended": (
        "The High Court suspended this tariff on 2 Oct 2025, and I found no ruling since. Before it: {before}. "
        "Look on eCitizen what is asked today."
    ),
    "fees_suspended_alone": (
        "The High Court suspended this tariff on 2 Oct 2025, and I found no ruling since. Look on eCitizen what "
        "is asked today."
    ),
    "fees_old": "That is the tariff before Oct 2025; I found no newer one.",
    "fees_kws": (
        "Paid on eCitizen before you arrive; under-5s, citizens of 70 and over and people with disabilities go in free."
    ),
    "fees_mara": "For 12 hours; non-residents under 9 go in free. “Residents” here are East Africans.",
    "fees_sight": "Check at the gate: such fees change without much notice.",
    "fees_which": "Which park? I have the fees of {parks}.",
    "fees_not_known": "I have no fee of that place, so I won't guess. I have those of {parks}.",
    "fees_link": "Kenya Wildlife Service",
    "fees_mara_link": "Narok County",
}
