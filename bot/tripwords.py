"""Words about which trip is meant: "back to the Mombasa trip", "fungua safari ya 2", "call this trip Honeymoon"."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.trips import LONGEST_NAME, meant
from bot.intents import Action, Context, Intent, Lang
from bot.state import Conversation, Towns

_QUOTES: Final = "\"'“”‘’«» .!"
# Each with one group, the words for the trip. The first ones say that a trip is meant, whatever follows.
_A_TRIP: Final = (
    (Lang.EN, r"(?:please )?(?:(?:go|take me|let'?s go|switch|change|get|jump|come)(?: back)? to|back to|"
              r"return to|open|show(?: me)?|see|view|load|bring back|resume|continue(?: with)?) "
              r"(?:my |the |our |that )?(.+?) (?:trip|plan|one|itinerary)(?: again| please)?"),
    (Lang.EN, r"(?:please )?(?:(?:go|take me|let'?s go|switch|change)(?: back)? to|back to|return to|open|show(?: me)?|"
              r"see|view|load)?(?: my| the| our)? ?(?:trip|plan) (?:number |no\.? ?|#)?(\d{1,2}|to .+)"),
    (Lang.SW, r"(?:tafadhali )?(?:tu|ni)?(?:rudi|rudishe|peleke|hamie|hamia|fungua|fungulie|onyesha|onyeshe|endelea na|"
              r"ona)(?: kwa| kwenye| katika| hadi| tena)* (?:ile |hiyo )?(?:safari|trip|ratiba|plan|mpango)(?: yangu| "
              r"yetu)?(?: ile| hiyo)?(?: ya| wa| la| namba| nambari| kwenda| to)* (.+?)(?: tena| tafadhali)?"),
    (Lang.SW, r"(?:safari|trip) (?:ya|namba|nambari) (?:ya )?(\d{1,2}|pili|tatu|nne|tano)"),
)  # fmt: skip
# These only where the rest is nothing but one of the trips.
_PERHAPS: Final = (
    (Lang.EN, r"(?:please )?(?:(?:go|take me|let'?s go|switch) back to|back to|open|resume) (?:my |the |our )?(.+)"),
    (Lang.SW, r"(?:tafadhali )?(?:(?:tu|ni)?(?:rudi|rudishe|hamie|hamia)(?: kwa| kwenye)+|fungua) (?:ile ya )?(.+)"),
)  # fmt: skip
_CALL: Final = (
    (Lang.EN, r"(?:please |let'?s )?(?:call|name|rename) (?:it|(?:this|that) (?:one|trip|plan)|"
              r"(?:my|the|our)(?: \w+)? (?:trip|plan)|trip)(?: to| as)? (.+)"),
    (Lang.SW, r"(?:tafadhali )?(?:(?:i|u)?pe|ipatie|peana)(?: (?:hii|hiyo))?"
              r"(?: (?:safari|trip)(?: hii| hiyo| yangu)?)? jina(?: la| ya| hili)? (.+)"),
    (Lang.SW, r"(?:tafadhali )?(?:tu)?(?:iite|iitwe|itwe)(?: (?:hii|hiyo))?"
              r"(?: (?:safari|trip)(?: hii| hiyo| yangu))? (.+)"),
    (Lang.SW, r"badili(?:sha)? jina(?: la (?:safari|trip))?(?: hii)?(?: iwe| kuwa| liwe| to)? (.+)"),
)  # fmt: skip
_NO_NAMES: Final = frozenset({"off", "a day", "back", "me", "me back", "later", "again", "quits", "it off"})
_LONGEST: Final = 80


def named(text: str, context: Context) -> Intent | None:
    """A name for the trip on screen; None when there is no trip or nothing is named."""
    if not context.has_trip or len(text) > _LONGEST:
        return None
    said = " ".join(text.split()).strip(_QUOTES)
    for lang, pattern in _CALL:
        if match := re.fullmatch(pattern, said, re.IGNORECASE):
            name = match[1].strip(_QUOTES)
            if name and name.casefold() not in _NO_NAMES and len(name) <= LONGEST_NAME and name.isprintable():
                return Intent(Action.OTHER, lang, topic=f"name:{name}")
    return None


def opened(text: str, state: Conversation, towns: Towns | None) -> Intent | None:
    """Which of the trips to go back to; None when the words are about none of them."""
    said = " ".join(text.casefold().replace("’", "'").split()).strip(_QUOTES + "?")
    if len(said) > _LONGEST:
        return None
    for patterns, sure in ((_A_TRIP, True), (_PERHAPS, False)):
        for lang, pattern in patterns:
            match = re.fullmatch(pattern, said)
            if match is None:
                continue
            words = match[1].removeprefix("to ")
            trip_id = meant(state, words, towns)
            if trip_id is None and sure and words.isdigit() and (state.kept or state.trip_id):
                return Intent(Action.OTHER, lang, topic=f"open:#{words}")
            another = trip_id is not None and (sure or trip_id != state.trip_id or words == state.name.casefold())
            if another:
                return Intent(Action.OTHER, lang, topic=f"open:{trip_id}")
    return None
