"""How the bot presents itself in an app, and greets a group, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    "bot_name": "Safiri: safari za Kenya",
    "bot_description": (
        "Ninapanga safari za Kenya: basi, SGR, ndege, malazi na mambo ya kufanya, kila bei na chanzo na "
        "tarehe yake. Niambie wapi, lini, watu wangapi na bajeti, kwa Kiswahili au Kiingereza, nami nitakupa "
        "mpango wa kila siku ndani ya bajeti yako, kwa PDF na kwa kalenda yako. Gusa Anza kisha uandike, kwa "
        "mfano: siku 3 Mombasa kuanzia Ijumaa, watu 2, 60k."
    ),
    "bot_short_description": (
        "Hupanga safari za Kenya ndani ya bajeti yako, kwa Kiswahili na Kiingereza. Kila bei ina chanzo na tarehe."
    ),
    "command_new": "Panga safari mpya",
    "command_book": "Weka nafasi za safari",
    "command_pdf": "Safari yangu kwa PDF",
    "command_trips": "Safari zangu zote",
    "command_help": "Ninachoweza kufanya",
    "command_language": "Kiswahili au Kiingereza",
    "command_cancel": "Acha tunachofanya sasa",
    "command_privacy": "Ninachohifadhi kukuhusu",
    "command_stop": "Usinitumie ujumbe tena",
    "group_hello": "Habari zenu. Mimi ni Safiri; ninapanga safari za Kenya.",
    "group_how": "Kwenye kundi nasoma tu ninachoambiwa mimi: nitaje, jibu ujumbe wangu, au tumia amri kama /new.",
    "group_example": "Jaribu: “siku 3 Mombasa kuanzia Ijumaa, watu 4, 90k”.",
}
