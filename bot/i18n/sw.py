"""Every sentence in Swahili, as it is spoken in Kenya. The English file has the same keys and blanks."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Small words
    "people_one": "mtu {n}",
    "people_many": "watu {n}",
    "nights_one": "usiku {n}",
    "nights_many": "usiku {n}",
    "days_one": "siku {n}",
    "days_many": "siku {n}",
    "rooms_one": "chumba {n}",
    "rooms_many": "vyumba {n}",
    "with_children": "{people}, {n} kati yao watoto",
    "with_child": "{people}, mmoja wao mtoto",
    "about": "takriban {what}",
    "ago_now": "sasa hivi",
    "ago_minute": "dakika 1 iliyopita",
    "ago_minutes": "dakika {n} zilizopita",
    "ago_hour": "saa 1 iliyopita",
    "ago_hours": "saa {n} zilizopita",
    "ago_days": "siku {n} zilizopita",
    "time_unknown": "wakati haujulikani",
    "basis_live": "bei ya sasa, {when}",
    "basis_cached": "ilionekana {when}",
    "basis_guide": "bei ya mwongozo, {when}",
    "brief_guide": "mwongozo {when}",
    "brief_undated": "bila tarehe",
    "basis_tariff": "bei rasmi {when}",
    "basis_tariff_undated": "bei rasmi, bila tarehe",
    "basis_undated": "chanzo bila tarehe",
    "basis_estimate": "makadirio",
    "and": "{first} na {last}",
    "or_more": "{names} na {n} zaidi",
    # Kinds of search, classes, modes
    "kind_buses": "Mabasi",
    "kind_trains": "Treni",
    "kind_flights": "Ndege",
    "kind_hotels": "Malazi",
    "kind_activities": "Mambo ya kufanya",
    "kind_events": "Matukio",
    "kind_transfers": "Usafiri wa karibu",
    "kind_meals": "Chakula",
    "stay_budget": "nafuu",
    "stay_mid": "ya wastani",
    "stay_high": "ya kifahari",
    "mode_bus": "basi",
    "mode_train": "treni",
    "mode_flight": "ndege",
    "mode_car": "gari",
    "mode_taxi": "teksi",
    "mode_matatu": "matatu",
    "mode_tuktuk": "tuktuk",
    "mode_ferry": "feri",
    "mode_walk": "kwa miguu",
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
    # Questions
    "ask_destination": "Ungependa kwenda wapi?",
    "ask_origin": "Unatokea wapi?",
    "ask_dates": "Unasafiri lini?",
    "ask_party": "Mnasafiri watu wangapi?",
    "ask_budget": "Bajeti ya safari nzima ni ngapi, kwa watu wote pamoja?",
    "ask_wish": "Ungependa nini kiwe tofauti? Sema kwa maneno: “treni, si basi”, “malazi ya bei nafuu”, “ufuo zaidi”.",
    "type_dates": "Siku gani? Andika, kama “tarehe 4 Desemba” au “Ijumaa ijayo”.",
    "kept": "Mengine nimeyahifadhi: {what}.",
    "so_far": "Mpaka sasa: {what}.",
    "this_weekend": "Wikendi hii",
    "next_weekend": "Wikendi ijayo",
    "pick_date": "Chagua siku",
    "budget_plain": "KES {amount}",
    "no_limit": "Bila kikomo",
    "past_date": "{when} imeshapita. Utasafiri siku gani?",
    "past_date_plain": "Siku hiyo imeshapita. Utasafiri siku gani?",
    "bad_date": "Hakuna siku kama hiyo kwenye kalenda. Utasafiri siku gani?",
    "foreign_currency": (
        "Napanga kwa shilingi za Kenya na sikisii viwango vya kubadilisha. Bajeti hiyo ya {currency} ni KES ngapi?"
    ),
    "end_before_start": "Siku ya kurudi iko kabla ya siku ya kuondoka. Utarudi siku gani?",
    "date_far_plain": "Hiyo ni mbali sana: napanga hadi miaka miwili mbele. Utasafiri siku gani?",
    "date_far": "{when} ni mbali sana: napanga hadi miaka miwili mbele. Utasafiri siku gani?",
    "trip_long": "Siku {n} ni nyingi kuliko ninavyoweza kupanga; mwisho ni {most}. Ziwe siku ngapi?",
    "party_zero": "Lazima kuwe na msafiri. Mnasafiri watu wangapi?",
    "party_huge": "Watu {n} ni wengi kuliko ninavyoweza kupanga; mwisho ni {most}. Mnasafiri wangapi?",
    "party_huge_plain": "Hao ni wengi kuliko ninavyoweza kupanga; mwisho ni {most}. Mnasafiri wangapi?",
    "budget_tiny": "{amount} haitoshi safari. Bajeti yote ni ngapi?",
    "budget_tiny_plain": "Hiyo haitoshi safari. Bajeti yote ni ngapi?",
    "budget_huge": "{amount} inaonekana umekosea kuandika. Bajeti yote ni ngapi?",
    "budget_huge_plain": "Bajeti hiyo inaonekana umekosea kuandika. Bajeti yote ni ngapi?",
    "unknown_place": "Sipajui “{words}” Kenya wala karibu. Ungependa kwenda wapi?",
    "unknown_place_plain": "Sipajui hapo. Ungependa kwenda wapi?",
    "unknown_origin": "Sipajui “{words}” Kenya wala karibu. Unatokea wapi?",
    "unknown_origin_plain": "Sipajui hapo unapotoka. Unatokea wapi?",
    "same_place": "Unatoka {place} kwenda {place}: ni mahali pamoja. Unatokea wapi?",
    # Understood
    "understood": "Nimeelewa: {what}.",
    "budget_in_all": "bajeti {amount}",
    "from_place": "kutoka {place}",
    "guess_origin_only": "Kutoka {place} ni makisio yangu.",
    "guess_party_only": "{people} ni makisio yangu.",
    "guesses": "Makisio yangu: {what}.",
    "guess_one": "Makisio yangu: {what}.",
    "guess_start": "kuondoka {day}",
    "guess_nights": "{nights}",
    "caution_lamu": (
        "Tahadhari: ushauri wa Uingereza wa 2 Des 2025 unakubali visiwa vya Lamu lakini si bara, ambako basi "
        "ya Mombasa hupita."
    ),
    "caution_some": (
        "Tahadhari: ushauri wa Uingereza wa 2 Des 2025 unasema safari za lazima tu eneo la {place}. Tazama "
        "gov.uk kabla ya kwenda."
    ),
    "caution_avoid": (
        "Tahadhari: ushauri wa Uingereza wa 2 Des 2025 ni kutosafiri {place}. Tazama gov.uk kabla ya kwenda."
    ),
    "planning": "Naipanga sasa…",
    "changed": "Imebadilishwa: {what}.",
    "change_cheaper": "natafuta bei nafuu",
    "change_dates": "{dates}",
    "change_budget": "bajeti {amount}",
    "change_no_budget": "bila kikomo cha bajeti",
    "change_to": "kwenda {places}",
    "change_mode": "kwa {modes} ikiwepo",
    "change_no_mode": "bila {modes}",
    "change_stay": "malazi {stay}",
    "change_avoid": "bila {what}",
    "change_wish": "natafuta {what}",
    "same_already": "Tayari iko hivyo. Nibadilishe nini?",
    "cheapest_already": "Tayari napanga kwa bei ya chini kabisa. Siku chache au mahali pengine ndiyo itapunguza.",
    "cannot_pin_day": "Bado siwezi kuifunga kwa siku ya {n}; itakaa panapofaa.",
    "cannot_undo": "Bado siwezi kurudisha hatua kwa hatua. Niambie nirudishe nini.",
    "no_trip": "Bado hakuna safari. Ungependa kwenda wapi?",
    "still_planning": "Bado naishughulikia; mpango unakuja sasa hivi.",
    # Plan card
    "total_of": "{total} kati ya {budget}",
    "total": "{total} kwa jumla",
    "total_each": "{total} kwa jumla ({each} kila mtu)",
    "checks_ok": "ukaguzi wote uko sawa ✓",
    "checks_bad": "si sawa: {what}",
    "time_open": "saa haijathibitishwa",
    "price_unknown": "bei haijulikani",
    "free": "bure",
    "local_rides": "safari fupi {n}",
    "food": "Chakula, {days}",
    "lines_left": "… {n} zaidi, tazama PDF",
    "not_checked": "Haijakaguliwa: {what}.",
    "unknown_availability": "nafasi za vyumba {names}",
    "unknown_availability_n": "nafasi za vyumba mahali {n}",
    "unknown_times_assumed_n": "saa {n} za kuondoka",
    "unknown_hours_unknown_n": "saa za kufungua za sehemu {n}",
    "unknown_fee_unknown_n": "ada {n}",
    "unknown_old_price_n": "kama nauli {n} za zamani bado ni hizo",
    "unknown_own_arrangement_n": "usafiri {n} wa kujipangia",
    "unknown_no_stay": "mahali pa kulala: {names}",
    "own_stay": "tafuta malazi mwenyewe",
    "unknown_fee_unknown": "ada ya {names}",
    "unknown_price_unknown": "bei ya {names}",
    "prices_unknown": "{n} bila bei",
    "unknown_hours_unknown": "saa za kufungua za {names}",
    "unknown_times_assumed": "saa za kuondoka za {names}",
    "unknown_old_price": "kama nauli ya zamani bado ni hiyo ({names})",
    "unknown_unreached": "{names} (haikujibu)",
    "unknown_own_arrangement": "utajipangia: {names}",
    "unknown_other": "{names}",
    "full_plan": "Mpango wote",
    "button_change": "Badilisha",
    "button_cheaper": "Punguza bei",
    "button_book": "Hifadhi nafasi",
    "button_more": "Zaidi",
    "button_dates": "Tarehe",
    "button_party": "Watu",
    "button_budget": "Bajeti",
    "button_origin": "Unakotoka",
    "button_destination": "Unakoenda",
    "button_wish": "Kitu kingine",
    "button_pdf": "PDF",
    "button_ics": "Kalenda",
    "button_new": "Safari mpya",
    "button_cancel": "Achana nayo",
    "button_again": "Jaribu tena",
    "button_other_day": "Siku nyingine",
    "button_back": "Kurudi {day}",
    "button_language": "English",
    "change_what": "Nibadilishe nini?",
    "more_what": "Safari yako ya {place}: tufanye nini?",
    "documents": "Mpango wako wa kuchapisha, na wa kuweka kwenye kalenda.",
    "caption_pdf": "Mpango wako",
    "caption_ics": "Kwa kalenda yako",
    "no_email": "Siwezi kutuma barua pepe. Hii hapa kama faili; itume kutoka hapa.",
    "no_files_yet": "Bado hakuna mpango wa kutuma. Ungependa kwenda wapi?",
    # Not possible
    "infeasible": (
        "Haiwezekani kwa bajeti hiyo: {trip}, {people}. Bajeti ni {budget}, bei ya chini niliyopata ni {cheapest}."
    ),
    "infeasible_unpriced": "Haiwezekani kwa bajeti hiyo: {trip}, {people}, {budget}.",
    "infeasible_rules": "Siwezi kupanga {trip} jinsi ulivyoomba.",
    "infeasible_hours": "{trip}: haiwezekani ndani ya saa ulizotaja.",
    "infeasible_refused": "{trip}: bila ulivyokataa, hakuna njia iliyobaki.",
    "infeasible_time": "{trip}: muda hautoshi kwenda na kurudi.",
    "infeasible_missing": "Sijapata chochote cha: {what}.",
    "can_do": "Ninachoweza:",
    "could_do": "Siku chache, siku nyingine au mahali pengine panaweza kufaa. Nibadilishe nini?",
    "relax_budget": "Ongeza hadi {amount}",
    "relax_stay_class": "Malazi {stay}",
    "relax_mode": "Kwa {mode}",
    "relax_nights": "{days}",
    "relax_line": "{what}: {amount}",
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
    "not_named": "Sijapata nauli ya {operator}; hizi ni nyingine.",
    "also_running": "Pia zipo, nauli haijulikani: {names}.",
    "nothing_found": "Sijapata: {what}.",
    "nearest_thing": "Kilicho karibu zaidi:",
    "events_undated": "Hufanyika mara kwa mara, tarehe ijayo siijui: {names}.",
    "map_link": "Njia kwenye ramani",
    "try_other": "Siku nyingine, au njia nyingine ya kusafiri?",
    "did_not_answer": "{names} haikujibu.",
    "did_not_answer_guide": "{names} haikujibu; hizi ni bei za mwongozo.",
    "over_budget": "Hakuna chini ya {amount}; hizi ndizo karibu.",
    "more_found": "Nyingine {n} zimepatikana.",
    # Booking
    "booking_head": "Hifadhi kwa mpangilio huu; kinachoisha haraka kiko mbele.",
    "booking_line": "{n} kati ya {all}",
    "booking_none": "Hakuna kiungo cha kuhifadhi katika mpango huu. Basi na teksi hulipwa kituoni.",
    "booking_no_link": "Bila kiungo, lipa hapo hapo: {names}.",
    "booking_pay": "Unalipa kwenye tovuti yao, si hapa. Usitume kamwe PIN ya M-Pesa kwenye chat.",
    "track_not_yet": "Bado siwezi kufuatilia bei, kwa hivyo sitakuahidi. Niulize tena wakati wowote, nitaangalia upya.",
    # Trouble: says what still works
    "trouble": "Kuna hitilafu upande wangu. Ulichoniambia kimehifadhiwa; jaribu tena baada ya dakika moja.",
    "trouble_plan": (
        "Sikuweza kumaliza mpango huo. Ulichoniambia kimehifadhiwa; utafutaji wa basi, treni na malazi bado "
        "unafanya kazi."
    ),
    "trouble_search": (
        "Sikuweza kutafuta kwa sasa. Uliza tena baada ya dakika chache; kupanga safari bado kunafanya kazi."
    ),
    "trouble_prices": (
        "Siwezi kupata bei za sasa. Hizi ni bei za mwongozo kutoka kumbukumbu zangu; uliza tena baada ya dakika chache."
    ),
    "trouble_documents": "Mpango upo, lakini sikuweza kutengeneza faili. Omba PDF tena baada ya dakika moja.",
}
