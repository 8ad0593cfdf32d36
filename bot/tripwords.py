"""Words about which trip is meant: "back to the Mombasa trip", "call this trip Honeymoon", "futa safari ya 2"."""

from __future__ import annotations

import re
from typing import Final

from bot.actions.trips import LONGEST_NAME, is_counted, meant
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
_GET_RID: Final = r"(?:delete|remove|cancel|drop|scrap|discard|erase|get rid of|take (?:off|out))"
_FUTA: Final = (
    r"(?:tafadhali |naomba |nataka )?(?:(?:ni|u|ku|tu)?(?:fut[ae]|futie|ondo[ae]|ghairi)|toa|achana na|delete|cancel)"
)
_THIS_TRIP: Final = (
    (Lang.EN, rf"(?:please )?{_GET_RID} (?:that|(?:the|my|our|this)(?: whole| current| entire)?) "
              r"(?:trip|itinerary)(?: please)?"),
    (Lang.SW, rf"{_FUTA} (?:hii |hiyo )?(?:safari|trip|ratiba)(?: (?:hii|hiyo|yangu|yetu|yote|nzima))*(?: tafadhali)?"),
)  # fmt: skip
# With the words for the trip, and what it is called: "the Mombasa one" may be a thing of the plan, a trip cannot.
_TRIP_AWAY: Final = (
    (Lang.EN, rf"(?:please )?{_GET_RID} (?:my |the |our |that |this )?(?P<what>.+?) (?P<noun>trip|plan|one|itinerary|"
              r"safari)(?: (?:please|from (?:my|the) (?:list|trips)))*"),
    (Lang.EN, rf"(?:please )?{_GET_RID} (?:my |the |our )?(?P<noun>trip) (?:number |no\.? ?|#)?"
              r"(?P<what>\d{1,2}|to .+)"),
    (Lang.SW, rf"{_FUTA} (?:ile |hiyo )?(?P<noun>safari|trip|ratiba|mpango)(?: yangu| yetu)?(?: ile| hiyo)?"
              r"(?: ya| wa| la| namba| nambari| kwenda| to)+ (?P<what>.+?)(?: tafadhali)?"),
    (Lang.SW, rf"{_FUTA} (?P<noun>ile) (?:ya|wa) (?P<what>.+?)(?: tafadhali)?"),
)  # fmt: skip
_BOOKING_AWAY: Final = (
    (Lang.EN, r"(?:(?:please|can (?:i|you|we)|could you|how (?:do|can) (?:i|we)|(?:i|we) (?:want|need|would like) to|"
              r"i'?d like to|help me) )*cancel (?:the |my |our |this |that |all )?(?:(?:bus|hotel|flight|"
              r"train|room) )?(?:bookings?|reservations?|tickets?)(?: please)?"),
    (Lang.SW, r"(?:(?:tafadhali|naomba|nataka|tunataka|nawezaje|naweza|jinsi ya) )*(?:ni|u|tu)?(?:ku)?(?:ghairi|"
              r"fut[ae]|futie|cancel) (?:bookings?|nafasi|tiketi|reservation)(?: (?:yangu|yetu|zangu|zetu|hiyo|hizo|"
              r"yote|zote))*(?: tafadhali)?"),
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


def let_go(text: str, state: Conversation, towns: Towns | None) -> Intent | None:
    """Which of the trips is not wanted any more, or that a booking is not; None when the words are about neither."""
    said = " ".join(text.casefold().replace("’", "'").split()).strip(_QUOTES + "?")
    if len(said) > _LONGEST or not (state.trip_id or state.kept):
        return None
    for lang, pattern in _BOOKING_AWAY:
        if re.fullmatch(pattern, said):
            return Intent(Action.OTHER, lang, topic="cancel_booking")
    for lang, pattern in _THIS_TRIP:
        if state.trip_id and re.fullmatch(pattern, said):
            return Intent(Action.OTHER, lang, topic=f"drop:{state.trip_id}")
    for lang, pattern in _TRIP_AWAY:
        if (match := re.fullmatch(pattern, said)) and (trip := _unwanted(match, state, towns)):
            return Intent(Action.OTHER, lang, topic=f"drop:{trip}")
    return None


def _unwanted(match: re.Match[str], state: Conversation, towns: Towns | None) -> str | None:
    """The id of the trip, "?" for one to a town no trip goes to; None for a thing of the plan ("the first one")."""
    words = match["what"].removeprefix("to ")
    of_the_plan = match["noun"] in ("one", "ile")
    if of_the_plan and (words.isdigit() or is_counted(words)):
        return None
    if trip_id := meant(state, words, towns):
        return trip_id
    a_town = towns is not None and towns.get(words.replace(" ", "-")) is not None
    return "?" if a_town and not of_the_plan else None
