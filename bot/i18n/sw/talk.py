"""First contact, help, house words and facts of practice, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # First contact, help, house words
    "welcome_what": (
        "Mimi ni Safiri. Napanga safari za Kenya: mabasi, SGR, ndege, malazi na mambo ya kufanya, kila bei "
        "na tarehe yake."
    ),
    "welcome_how": "Niambie wapi, lini, watu wangapi na bajeti. Au gusa mfano.",
    "welcome_kept": "Nahifadhi mazungumzo yetu ili niweze kupanga. Sema “futa data” na nitayafuta.",
    "welcome_example": "Siku 3 Mombasa",
    "welcome_short": (
        "Mimi ni Safiri; napanga safari za Kenya. Nahifadhi mazungumzo yetu ili niweze kupanga; sema “futa "
        "data” na nitayafuta."
    ),
    "hello_again": "Karibu tena. Ungependa kwenda wapi?",
    "hello_short": "Karibu.",
    "hello_trip": "Karibu tena. Safari yako ya {place} iko hapa. Tubadilishe kitu, au tupange nyingine?",
    "help_trip": "Niambie safari kwa maneno yako: “siku tatu Mombasa kuanzia Ijumaa, watu wawili, 60k”.",
    "help_search": "Au uliza kitu kimoja: “basi ya Kisumu kesho”, “hoteli Nakuru leo isizidi 3k”.",
    "help_change": "Ukishapata mpango: “punguza bei”, “treni, si basi”, “watu 3”, “nitumie PDF”.",
    "help_words": "Wakati wowote: SIMAMA, MTU, FUTA DATA. English? Just write it.",
    "stopped": "Nimesimama. Sitakuandikia mpaka uniandikie.",
    "human": (
        "Bado hakuna mtu nyuma ya mazungumzo haya. Viungo vya kuhifadhi nafasi vinakupeleka kwa kampuni "
        "zenyewe; wanaweza kukusaidia na viti, vyumba na kurudishiwa pesa."
    ),
    "human_emergency": "Dharura: 999, 112 au 911, bila malipo (tangazo la polisi, Ago 2022).",
    "forgetting": "Nafuta kila kitu sasa: mazungumzo yetu, safari zako, kurasa na faili zake.",
    "forgotten": "Yote yamefutwa. Andika wakati wowote kuanza upya.",
    "language_set": "Sawa, tuendelee kwa Kiswahili.",
    "cancelled": "Sawa, nimeachana nayo. Ukiwa tayari, niambie unataka kwenda wapi.",
    "cancelled_trip_kept": "Sawa, nimeachana nayo. Safari yako ya {place} bado iko hapa.",
    "cancelled_trip": "Sawa, nimeiweka kando safari ya {place}. Ukurasa wake upo. Tuende wapi sasa?",
    "thanks": "Karibu sana. Safari njema.",
    "off_topic": "Mimi hupanga safari za Kenya na karibu tu. Ungependa kwenda wapi?",
    "off_topic_trip": (
        "Mimi hupanga safari za Kenya na karibu tu. Safari yako ya {place} iko hapa ukitaka kuibadilisha."
    ),
    "not_understood": "Sijaelewa hapo.",
    "media": "Naweza kusoma maandishi na kubonyeza; sauti, picha na stika bado. Niambie safari yako kwa maandishi.",
    "too_long": (
        "Hayo ni mengi kusoma kwa mara moja. Niambie kwa mstari mmoja au miwili: wapi, lini, watu wangapi, bajeti gani?"
    ),
    "stale_button": "Kitufe hicho ni cha ujumbe wa zamani. Niambie kwa maneno unachotaka.",
    "choice_range": "Nimekupa chaguo {n}. Gusa moja, au andika namba yake.",
    "choice_one": "Nimekupa chaguo moja tu. Liguse, au andika 1.",
    "choice_none": "Kwa sasa hakuna cha kuchagua. Ungependa kwenda wapi?",
    "choice_link": "{label}: {url}",
    "located": "Nitaanzia {place}.",
    "located_nowhere": "Nimepata mahali ulipo, lakini sijui mji ulio karibu. Unatokea mji gani?",
    # Facts of practice: each with its source and date
    "fact_visa": (
        "Wageni kutoka nje wanahitaji eTA kabla ya kusafiri: USD 30, takriban siku 3 za kazi. Raia wa Afrika "
        "Mashariki hawaihitaji, wala Waafrika wengi tangu Jan 2025 (isipokuwa Somalia na Libya). Hii ni "
        "kutoka magazeti ya 2024–25; hakikisha kabla ya kulipa."
    ),
    "fact_visa_link": "Tovuti rasmi",
    "fact_weather": (
        "Mvua kwa kawaida hunyesha Machi–Mei na Oktoba–Desemba. Pwani ni joto na unyevu, 24–30 °C; nyanda za "
        "juu 10–26 °C, usiku baridi; kaskazini joto na ukame. Hiyo ni kanuni ya jumla kutoka mwongozo usio "
        "na tarehe, si utabiri."
    ),
    "fact_weather_link": "Utabiri: Kenya Met",
    "fact_safety": (
        "Ushauri wa Uingereza wa 2 Des 2025: usisafiri Mandera, sehemu kubwa ya Garissa, km 60 kutoka mpaka "
        "wa Somalia, wala Lamu ya bara (visiwani ni sawa). Kwingineko: epuka basi za usiku barabara ya "
        "Mombasa, na usipokee chakula au kinywaji kwa usiowajua."
    ),
    "fact_safety_link": "Ushauri wa leo",
    "fact_payment": (
        "Basi na SGR hulipwa kwa M-Pesa: unapata ombi la PIN kwenye simu. Weka PIN hapo tu, kamwe si kwenye "
        "chat. Mimi siombi PIN kamwe."
    ),
    "fact_emergency": "Dharura: 999, 112 au 911, bila malipo; polisi pia 0800 722 203 (tangazo la polisi la Ago 2022).",
    "fact_health": (
        "Sina taarifa za afya zilizohakikiwa, kwa hivyo sitakisia. Uliza kliniki ya wasafiri, au tazama Wizara ya Afya."
    ),
    "fact_health_link": "Wizara ya Afya",
    "fact_currency": (
        "Napanga kwa shilingi za Kenya na sina viwango vyangu vya kubadilisha. Benki Kuu huchapisha viwango vya siku."
    ),
    "fact_currency_link": "Benki Kuu ya Kenya",
}
