"""House words that work in any state without a model: STOP, HELP, HUMAN, DELETE MY DATA, and the slash commands."""

from __future__ import annotations

import re
from typing import Final

from bot.intents import Action, Context, Intent, Lang

_EN, _SW = Lang.EN, Lang.SW
_WORDS: Final[dict[str, tuple[Action, Lang | None, str]]] = {
    "stop": (Action.CANCEL, None, "stop"),
    "simama": (Action.CANCEL, _SW, "stop"),
    "help": (Action.HELP, None, ""),
    "msaada": (Action.HELP, _SW, ""),
    "saidia": (Action.HELP, _SW, ""),
    "human": (Action.OTHER, None, "human"),
    "mtu": (Action.OTHER, _SW, "human"),
    "delete my data": (Action.OTHER, None, "delete_data"),
    "futa data": (Action.OTHER, _SW, "delete_data"),
    "futa data yangu": (Action.OTHER, _SW, "delete_data"),
    "english": (Action.OTHER, _EN, "language"),
    "kiingereza": (Action.OTHER, _EN, "language"),
    "kiswahili": (Action.OTHER, _SW, "language"),
    "swahili": (Action.OTHER, _SW, "language"),
    "/start": (Action.GREETING, None, ""),
    "/help": (Action.HELP, None, ""),
    "/msaada": (Action.HELP, _SW, ""),
    "/new": (Action.OTHER, None, "new"),
    "/cancel": (Action.CANCEL, None, ""),
    "/stop": (Action.CANCEL, None, "stop"),
    "/book": (Action.BOOK_ITINERARY, None, ""),
    "/pdf": (Action.EXPORT, None, ""),
    "/delete": (Action.OTHER, None, "delete_data"),
    "/human": (Action.OTHER, None, "human"),
    "/english": (Action.OTHER, _EN, "language"),
    "/kiswahili": (Action.OTHER, _SW, "language"),
}
_OLD_PLAN: Final = (
    r"(?:to |kwa )?(?:the |my |ule |ile )?(?:mpango |safari )?(?:(?:wa|ya|ule|ile) )*(?:old|previous|last|earlier|"
    r"zamani|awali|kwanza|mwanzo|first|original)(?: (?:plan|one|version|trip))?"
)
_BACKWARD: Final = {
    "undo": (
        r"(?:please |tafadhali )?(?:"
        r"(?:undo|revert|tendua)(?: (?:that|it|this|(?:the |my )?(?:last )?changes?|mabadiliko))?|"
        rf"(?:i|we) (?:want|prefer|preferred|liked) {_OLD_PLAN}(?: back| better)?|"
        rf"(?:go|take me|take it|change it|put it|bring it|switch) back {_OLD_PLAN}|bring back {_OLD_PLAN}|"
        rf"(?:rudisha|nirudishie|rejesha|turudi|rudi)(?: {_OLD_PLAN})?|rudisha (?:ilivyokuwa|kama (?:ilivyokuwa|awali))"
        r")(?: please| tafadhali)?"
    ),
    "redo": (
        r"(?:please |tafadhali )?(?:redo(?: (?:that|it|this|(?:the )?(?:last )?changes?))?|undo the undo|"
        r"put (?:the change|it) back(?: in)?|(?:weka|fanya) tena(?: mabadiliko)?|rejesha mabadiliko)"
        r"(?: please| tafadhali)?"
    ),
}
_SWAHILI: Final = re.compile(r"\b(?:ku|ni|tu)?(?:rudi\w*|nirudishie|rejesha|tendua|weka|fanya|mabadiliko|tafadhali)\b")
_TRIM: Final = re.compile(r"^[\s.!?,…]+|[\s.!?,…]+$")
_LONGEST: Final = 40


def command(text: str, context: Context) -> Intent | None:
    """The intent of a message that is nothing but a house word; None for everything else."""
    if len(text) > _LONGEST:
        return None
    words = " ".join(_TRIM.sub("", text).casefold().split())
    if words.startswith("/"):
        words = words.split(" ")[0].split("@")[0]  # "/start abc", "/help@safiri_bot"
    if words not in _WORDS:
        return _through_versions(words, context)
    action, lang, topic = _WORDS[words]
    spoken = lang or (Lang.SW if context.lang == "sw" else Lang.EN)
    return Intent(action, spoken, topic=topic or None)


def _through_versions(words: str, context: Context) -> Intent | None:
    """ "Undo", "rudisha", "go back to the old plan", "redo"."""
    for topic, pattern in _BACKWARD.items():
        if re.fullmatch(pattern, words):
            swahili = context.lang == "sw" if "undo" in words or "redo" in words else bool(_SWAHILI.search(words))
            return Intent(Action.OTHER, Lang.SW if swahili else Lang.EN, topic=topic)
    return None


def number(text: str, context: Context) -> Intent | None:
    """A bare number as the choice it picks, or as a head count when people were asked for; None for other text."""
    words = _TRIM.sub("", text)
    if not (words.isascii() and words.isdigit() and len(words) <= 3):
        return None
    lang = Lang.SW if context.lang == "sw" else Lang.EN
    if context.asked == "party":
        return Intent(Action.REFINE_ITINERARY, lang, passengers=int(words))
    return Intent(Action.OTHER, lang, choice=int(words))


def media(context: Context) -> Intent:
    """What a voice note, photo or sticker means: nothing yet."""
    return Intent(Action.OTHER, Lang.SW if context.lang == "sw" else Lang.EN, topic="media")


def location(origin: str | None, context: Context) -> Intent:
    """A shared position, already turned into the slug of the nearest town (None when there is none)."""
    return Intent(Action.OTHER, Lang.SW if context.lang == "sw" else Lang.EN, origin=origin, topic="location")
