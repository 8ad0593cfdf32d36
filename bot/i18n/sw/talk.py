"""First contact, help and house words, in Swahili."""

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
    "help_facts": "Au uliza kuhusu kusafiri: “kiingilio Amboseli kwa wakazi”, “mizigo ya SGR”, “nahitaji viza?”.",
    "help_with_trip": "Tunashughulikia safari yako ya {trip}.",
    "help_change": "Ibadilishe: “punguza bei”, “treni, si basi”, “watu 3”, “ongeza siku moja”, “rudisha”.",
    "help_files": "Itumie: “book”, “nitumie PDF”, “kalenda”.",
    "help_trips": "Safari nyingine: “safari mpya”, “safari zangu”, “ipe jina Fungate”, “rudi kwa Fungate”.",
    "help_words": "Wakati wowote: SIMAMA, MTU, DATA YANGU, FUTA DATA. English? Just write it.",
    "help_answer_destination": "Taja mji, mbuga au ufuo wowote wa Kenya, au gusa mmoja: “Diani”, “Maasai Mara”.",
    "help_answer_origin": "Taja mji unakotokea: “Nairobi”, “natoka Eldoret”.",
    "help_answer_dates": "Taja siku: “Ijumaa”, “4 Desemba”, “wikendi ijayo”. Siku yoyote ni sawa? Sema “siku yoyote”.",
    "help_answer_party": "Taja idadi: “2”, “watu wazima 2 na mtoto 1”.",
    "help_answer_budget": "Taja kiasi cha wote pamoja: “40k”. Hakuna kikomo? Sema “hakuna kikomo”.",
    "help_answer_anything": "Jibu kwa maneno yako; “ghairi” huachana nayo.",
    "who": ("Mimi ni Safiri, programu inayopanga safari za Kenya. Bei hutoka kwenye vyanzo vyenye tarehe, sizitungi."),
    "stopped": "Nimesimama. Sitakuandikia mpaka uniandikie.",
    "human": (
        "Bado hakuna mtu nyuma ya mazungumzo haya. Viungo vya kuhifadhi nafasi vinakupeleka kwa kampuni "
        "zenyewe; wanaweza kukusaidia na viti, vyumba na kurudishiwa pesa."
    ),
    "human_contact": "Mtu atakusaidia hapa: {contact}.",
    "human_page": "Mtu atakusaidia hapa:",
    "human_link": "Mawasiliano",
    "human_emergency": "Dharura: 999, 112 au 911, bila malipo (tangazo la polisi, Ago 2022).",
    "privacy_kept": (
        "Nahifadhi tunayoandikiana na safari tunazopanga, kwa usimbaji, ili niweze kupanga na kukumbuka. Hakuna "
        "kinachouzwa."
    ),
    "privacy_yours": "“Data yangu” inakupa yote kama faili, “futa data” inayafuta.",
    "privacy_link": "Faragha kwa ukamilifu",
    "button_my_data": "Data yangu",
    "button_delete": "Futa data",
    "exporting": "Nakusanya yote ninayohifadhi kuhusu mazungumzo haya.",
    "exported": "Haya ni yote ninayohifadhi kuhusu mazungumzo haya, kwa faili moja. Ni yako; iweke mahali salama.",
    "caption_json": "Data yako",
    "mydata_what": "Yote ambayo Safiri inahifadhi kuhusu mazungumzo haya.",
    "mydata_left_out": (
        "Faili zimetajwa tu, hazimo: ziombe kwenye mazungumzo. Anwani zinazofungua ukurasa kwa yeyote aliye nazo "
        "zimefupishwa. Bei tulizoambiwa na vyanzo huhifadhiwa mbali na watu, hazimo hapa."
    ),
    "mydata_chats": "Mazungumzo: app, anwani, jina na lugha kama app ilivyosema, siku ya kwanza na ya mwisho.",
    "mydata_inbox": "Uliyoandika, na kama yalijibiwa.",
    "mydata_outbox": "Safiri iliyoandika.",
    "mydata_tasks": "Kazi ndefu zilizofanywa kwa ajili yako: mipango na utafutaji, na kilichoombwa.",
    "mydata_conversations": "Kinachokumbukwa kati ya ujumbe na ujumbe: uliyosema kuhusu safari, maswali yaliyo wazi.",
    "mydata_trips": "Safari zako.",
    "mydata_itineraries": "Kila toleo la kila mpango, zima.",
    "mydata_items": "Mistari ya mipango hiyo, kwa kuhesabu.",
    "mydata_documents": "Faili za mipango yako: jina, aina na siku.",
    "mydata_links": "Anwani za kuhifadhi nafasi za safari zako.",
    "mydata_clicks": "Anwani hizo zilifunguliwa lini; na nani haihifadhiwi.",
    "mydata_fates": "WhatsApp ilisema nini kuhusu kila ujumbe wangu: umetumwa, umefika, umesomwa.",
    "mydata_sent_ids": "Namba za app za ujumbe unaobadilika mpango unapotengenezwa.",
    "mydata_bookings": "Ulichosema kimehifadhiwa katika safari zako, na namba yake na kiasi kilicholipwa.",
    "mydata_other": "Mengine ya mazungumzo haya.",
    "forget_sure": "Hii itafuta {what}. Haiwezi kurudishwa. Nifute?",
    "forget_trips_none": "mazungumzo yetu na yote ninayokumbuka",
    "forget_trips_one": "mazungumzo yetu na safari 1, ukurasa na faili zake",
    "forget_trips_many": "mazungumzo yetu na safari {n}, kurasa na faili zake",
    "button_delete_all": "Futa kila kitu",
    "button_keep": "Usifute",
    "nothing_deleted": "Sawa, sijafuta chochote.",
    "forgetting": "Nafuta kila kitu sasa: mazungumzo yetu, safari zako, kurasa na faili zake.",
    "forgotten": "Yote yamefutwa. Andika wakati wowote kuanza upya.",
    "language_set": "Sawa, tuendelee kwa Kiswahili.",
    "cancelled": "Sawa, nimeachana nayo. Ukiwa tayari, niambie unataka kwenda wapi.",
    "cancelled_trip_kept": "Sawa, nimeachana nayo. Safari yako ya {place} bado iko hapa.",
    "cancelled_trip": "Sawa, nimeiweka kando safari ya {place}. Ukurasa wake upo. Tuende wapi sasa?",
    "restarted": "Tunaanza upya.",
    "restarted_kept": "Tunaanza upya. Safari za awali ziko kwenye “safari zangu”.",
    "trips_head_one": "Una safari moja nami:",
    "trips_head": "Una safari {n} nami:",
    "trips_here": "← iko wazi sasa",
    "trips_none": "Bado hakuna safari iliyopangwa. Ungependa kwenda wapi?",
    "trip_unknown": "Sijui unamaanisha safari gani.",
    "trip_taken_off": "Safari ya {trip} imeondolewa kwenye orodha yako.",
    "booking_cancelled_there": (
        "Booking haiko kwangu: ighairi kwenye tovuti ya kampuni uliyobook nayo. Safari yako ya {place} iko vilevile."
    ),
    "booking_not_here": "Booking haiko kwangu: ighairi kwenye tovuti ya kampuni uliyobook nayo.",
    "trip_opened": "Tumerudi kwa {trip}.",
    "trip_named": "Sawa, safari hii inaitwa “{name}”.",
    "button_trips": "Safari zangu",
    "pin": (
        "Usitume PIN kwenye chat: hakuna mkweli anayeiomba, nami siiombi kamwe. Sijaihifadhi; kama ni ya kweli, "
        "ibadilishe."
    ),
    "thanks": "Karibu sana. Safari njema.",
    "off_topic": "Mimi hupanga safari za Kenya na karibu tu. Ungependa kwenda wapi?",
    "off_topic_trip": (
        "Mimi hupanga safari za Kenya na karibu tu. Safari yako ya {place} iko hapa ukitaka kuibadilisha."
    ),
    "off_topic_plain": "Mimi hupanga safari za Kenya na karibu tu.",
    "chat_how": "Niko salama, asante, na tayari kupanga.",
    "chat_robot": "Ndiyo, mimi ni programu. Napanga safari za Kenya, na kila bei ninayoonyesha ina chanzo na tarehe.",
    "chat_love": "Asante, umenifurahisha. Moyo wangu uko barabarani: niambie ungependa kwenda wapi.",
    "chat_joke": "Kwa nini matatu ilivuka barabara? Ili impite kuku.",
    "chat_insult": "Pole kwamba haijakusaidia. Niambie unachohitaji, au andika MTU.",
    "best_guess": "Hapo pia sijaelewa, kwa hivyo haya ni makisio yangu. Badilisha usichopenda.",
    "unclear_again": "Bado sijaelewa. Haya naelewa:",
    "not_understood": "Sijaelewa hapo.",
    "media": "Naweza kusoma maandishi na kubonyeza; sauti, picha na stika bado. Niambie safari yako kwa maandishi.",
    "media_voice": "Bado siwezi kusikiliza sauti. Andika kwa mstari mmoja: wapi, lini, wangapi, bajeti gani?",
    "media_photo": "Bado siwezi kuona picha. Ni nini ndani yake kinahusu safari? Niandikie hicho.",
    "media_video": "Bado siwezi kutazama video. Ni nini ndani yake kinahusu safari? Niandikie hicho.",
    "media_sticker": "Stika sizielewi. Niandikie ungependa kwenda wapi.",
    "media_contact": "Sihitaji namba za watu, na sihifadhi yoyote. Niambie kwa maandishi unachotaka.",
    "media_file": "Bado siwezi kufungua faili. Ni nini ndani yake kinahusu safari? Niandikie hicho.",
    "choose": "Chagua",
    "invitation": (
        "Hapa ni Safiri. Kuna jibu la ombi lako la safari ambalo sikuweza kukutumia kwa wakati. "
        "Jibu SAWA ulisome, au SIMAMA usipate ujumbe tena."
    ),
    "too_long": (
        "Hayo ni mengi kusoma kwa mara moja. Niambie kwa mstari mmoja au miwili: wapi, lini, watu wangapi, bajeti gani?"
    ),
    "stale_button": "Kitufe hicho ni cha ujumbe wa zamani. Niambie kwa maneno unachotaka.",
    "choice_range": "Nimekupa chaguo {n}. Gusa moja, au andika namba yake.",
    "choice_one": "Nimekupa chaguo moja tu. Liguse, au andika 1.",
    "choice_none": "Kwa sasa hakuna cha kuchagua. Ungependa kwenda wapi?",
    "choice_link": "{label}: {url}",
    "located": "Nitaanzia {place}.",
    "located_nowhere": "Hapo ni mbali na kila mji ninaoujua Kenya. Unatokea mji gani?",
}
