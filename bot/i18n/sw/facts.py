"""Facts of practice, in Swahili. What stands in blanks, every source and every date comes from the guide."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "fact_source": "Chanzo: {sources}.",
    "fact_sources": "Vyanzo: {sources}.",
    "fact_stamp": "{host} ({what})",
    "fact_about": "karibu {when}",
    "fact_undated": "bila tarehe",
    "fact_sure_A": "rasmi",
    "fact_sure_B": "vyombo vya habari",
    "fact_sure_C": "si rasmi",
    "fact_visa": (
        "Wageni kutoka nje, hata watoto, wanahitaji eTA kabla ya kusafiri: USD {fee}, takriban siku 3 za kazi. "
        "Raia wa Afrika Mashariki hawaihitaji, wala Waafrika wengi tangu Jan 2025 (isipokuwa Somalia na Libya). "
        "Hakikisha kabla ya kulipa."
    ),
    "fact_visa_link": "Tovuti rasmi",
    "fact_weather": (
        "Mvua kwa kawaida hunyesha {long} na {short}. Pwani ni joto na unyevu, 24–30 °C; nyanda za juu 10–26 °C, "
        "usiku baridi; kaskazini joto na ukame. Hiyo ni kanuni ya jumla, si utabiri."
    ),
    "fact_weather_link": "Utabiri: Kenya Met",
    "fact_season": (
        "Wanyama huonekana vizuri {wildlife}; nyumbu huhamia Mara {migration}; Mlima Kenya ni bora {mountain}. "
        "Mvua kwa kawaida hunyesha {long} na {short}."
    ),
    "fact_season_link": "Utabiri: Kenya Met",
    "fact_safety": (
        "Ushauri wa Uingereza wa 2 Des 2025: usisafiri Mandera, sehemu kubwa ya Garissa, Tarbaj na Wajir "
        "Mashariki, km 60 kutoka mpaka wa Somalia, wala Lamu ya bara (visiwani ni sawa). Kwingineko: epuka basi "
        "za usiku barabara ya Mombasa, na usipokee chakula au kinywaji kwa usiowajua."
    ),
    "fact_safety_link": "Ushauri wa leo",
    "fact_mara_cars": (
        "Magari binafsi hayaruhusiwi kutazama wanyama ndani ya hifadhi ya Maasai Mara; unahitaji gari la safari "
        "lenye leseni."
    ),
    "fact_mara_cars_link": "Kaunti ya Narok",
    "fact_payment": (
        "Wengi hulipa kwa M-Pesa: kampuni za basi na SGR hutuma ombi la PIN kwenye simu. Weka PIN hapo tu, kamwe "
        "si kwenye chat. Mimi siombi PIN kamwe."
    ),
    "fact_sgr_id": "SGR: beba kitambulisho halisi au pasipoti. Nakala haikubaliwi, na jina lazima lilingane na tiketi.",
    "fact_sgr_luggage": "SGR: mizigo 2 kwa kila mtu, kilo 30 kwa jumla, usiozidi sm 160.",
    "fact_sgr_arrive": (
        "SGR: fika dakika {minutes} kabla; milango hufungwa dakika 10 kabla ya treni kuondoka. Tiketi haziuzwi "
        "tena dakika {sales} kabla."
    ),
    "fact_sgr_pay": (
        "Tiketi za SGR: {url}, {ussd} kwenye simu, au dirisha la kituo chochote cha SGR; unalipa kwa ombi la M-Pesa."
    ),
    "fact_sgr_advance": "Tiketi za SGR huuzwa hadi siku {days} kabla, watu {most} kwa mara moja.",
    "fact_sgr_cancel": (
        "SGR: unarudishiwa pesa hadi saa 48 kabla (vikundi 72), ukikatwa 30%. Kubadilisha siku mara moja hadi saa "
        "48 kabla, kwa 10%."
    ),
    "fact_sgr_children": "SGR: chini ya miaka 3 bure, 3 hadi 11 nusu nauli, zaidi ya 11 nauli kamili.",
    "fact_sgr_link": "Tiketi za Kenya Railways",
    "fact_likoni": (
        "Feri ya Likoni: bure kwa miguu, usiku na mchana, karibu kila dakika {wait}. Gari dogo kuanzia KES {car}, "
        "gari la watalii {van}; pesa taslimu hazichukuliwi."
    ),
    "fact_likoni_bypass": (
        "Kwa gari kutoka uwanja wa ndege au SGR, barabara ya Dongo Kundu haihitaji feri: bila ada, dakika "
        "{low}–{high} hadi Diani."
    ),
    "fact_likoni_link": "Mamlaka ya Bandari",
    "fact_holidays": "Sikukuu zijazo: {days}.",
    "fact_holidays_month": "Sikukuu za {month}: {days}.",
    "fact_holidays_none": "Hakuna sikukuu ya umma {month}.",
    "fact_holidays_moon": "Tarehe zinazofuata mwezi ni makadirio, na wakati mwingine serikali huongeza siku.",
    "fact_holidays_unknown": "Sina orodha ya sikukuu za mbele hivyo.",
    "fact_holiday": "{day} {name}",
    "fact_holiday_estimated": "{day} {name} (makadirio)",
    "fact_holiday_observed": "{name}, siku ya mapumziko",
    "fact_holidays_link": "Wizara ya Mambo ya Ndani",
    "holiday_new-years-day": "Mwaka Mpya",
    "holiday_eid-al-fitr": "Idd-ul-Fitr",
    "holiday_good-friday": "Ijumaa Kuu",
    "holiday_easter-monday": "Jumatatu ya Pasaka",
    "holiday_labor-day": "Siku ya Wafanyakazi",
    "holiday_madaraka-day": "Siku ya Madaraka",
    "holiday_mazingira-day": "Siku ya Mazingira",
    "holiday_mashujaa-day": "Siku ya Mashujaa",
    "holiday_jamhuri-day": "Siku ya Jamhuri",
    "holiday_christmas-day": "Krismasi",
    "holiday_boxing-day": "Siku ya Pili ya Krismasi",
    "fact_emergency": (
        "Dharura: {numbers}, bila malipo; polisi pia {police}. Ukatili dhidi ya wanawake au watoto: {violence}."
    ),
    "fact_fares": (
        "Ndani ya Nairobi: matatu KES {matatu_low}–{matatu_high}, boda {boda_low}–{boda_high}, tuktuk "
        "{tuktuk_low}–{tuktuk_high}. Bei ya boda au tuktuk patana kabla ya kupanda."
    ),
    "fact_fares_elsewhere": (
        "Za miji mingine sina nauli za ndani ya mji; uliza huko, au niulize usafiri kati ya sehemu mbili."
    ),
    "fact_health": (
        "Sina taarifa za afya zilizohakikiwa, kwa hivyo sitakisia. Uliza kliniki ya wasafiri, au tazama Wizara ya Afya."
    ),
    "fact_health_link": "Wizara ya Afya",
    "fact_currency": (
        "Napanga kwa shilingi za Kenya na sina viwango vyangu vya kubadilisha. Benki Kuu huchapisha viwango vya siku."
    ),
    "fact_currency_link": "Benki Kuu ya Kenya",
    # Park fees
    "fees_all": "{park}, siku moja: {people}.",
    "fees_citizen": "raia {adult}",
    "fees_resident": "wakazi {adult}",
    "fees_visitor": "wageni {adult}",
    "fees_african": "Waafrika USD {adult}",
    "fees_child": "{person} (mtoto {child})",
    "fees_unknown_citizen": "raia: haijulikani",
    "fees_unknown_resident": "wakazi: haijulikani",
    "fees_unknown_visitor": "wageni: haijulikani",
    "fees_suspended": (
        "Mahakama Kuu ilisimamisha bei hizi 2 Okt 2025, na sijapata uamuzi tangu hapo. Kabla yake: {before}. "
        "Angalia eCitizen kinachotozwa leo."
    ),
    "fees_suspended_alone": (
        "Mahakama Kuu ilisimamisha bei hizi 2 Okt 2025, na sijapata uamuzi tangu hapo. Angalia eCitizen "
        "kinachotozwa leo."
    ),
    "fees_old": "Hiyo ni bei ya kabla ya Okt 2025; sijapata mpya.",
    "fees_kws": (
        "Hulipwa kwa eCitizen kabla ya kufika; walio chini ya miaka 5, raia wa miaka 70 na zaidi na wenye ulemavu "
        "huingia bure."
    ),
    "fees_mara": "Kwa saa 12; wageni walio chini ya miaka 9 huingia bure. “Wakazi” hapa ni watu wa Afrika Mashariki.",
    "fees_sight": "Hakikisha langoni: viingilio hivi hubadilika bila kutangazwa sana.",
    "fees_which": "Mbuga gani? Nina viingilio vya {parks}.",
    "fees_not_known": "Sina kiingilio cha mahali hapo, kwa hivyo sitakisia. Nina vya {parks}.",
    "fees_link": "Kenya Wildlife Service",
    "fees_mara_link": "Kaunti ya Narok",
}
