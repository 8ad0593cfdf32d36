"""What a message wants done, decided from its words and from what was found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.intents import Action
from bot.parsers.changes import CHANGE, CONTRAST, MAY_CHANGE, RIDE
from bot.parsers.common import whole
from bot.parsers.talk import (
    AGREED,
    ASKS_HELP,
    CALL_OFF,
    CALLS_OFF,
    CANCEL,
    COURTESIES,
    FILLERS,
    GREETINGS,
    HAILS,
    HELP,
    THANKS,
    WHOLE,
)
from bot.parsers.vocabulary import ANY_RIDE, ERRANDS, KINDS, NO, TOPICS, WISHES, WITH_BED, YES
from planner.reading import READ


@dataclass(frozen=True, slots=True)
class Found:
    """What the other readers found, as far as it helps to tell what is wanted."""

    place: bool = False
    several_places: bool = False
    refused: bool = False  # a place that is not wanted
    origin: bool = False
    date: bool = False
    range: bool = False  # several days, a weekend, a week or a month
    length: bool = False
    money: bool = False
    operator: str = ""  # "bus", "flight" or ""
    party: bool = False
    day: bool = False
    local: bool = False
    at_home: bool = False  # from a town to itself
    has_trip: bool = False

    @property
    def anything(self) -> bool:
        """Whether the message says anything about a journey."""
        when = self.date or self.range or self.length or self.day
        return self.place or self.origin or when or self.money or self.party


_PLAN = whole(
    r"plan|plans|planning|nipangie|tupangie|nipange|panga|kupanga|pangia|(?:tu|u|wa)pang(?:e|ie|ia|a)|na ?plan|"
    r"tu ?plan|itinerary|ratiba|andaa|niandalie|organi[sz]e|"
    r"programme"
)
_OUTING = whole(
    r"trip|safari|holidays?|visit|explore|adventure|excursion|tembea|kutembea|escape|matembezi|kutembelea|kuzuru|"
    r"honeymoon|fungate|mapumziko|likizo|vacation|vacay|getaway|road ?trip|retreat|staycation|hepi|tour|baecation|"
    r"sherehekea|team ?building|(?:(?:ka|ma)?(?:trip|safari|tour)i?)|"
    r"(?:bachelor(?:ette)?|birthday|b?day|hen|stag|graduation|office|year[ -]end|farewell|baby)(?:'s)? (?:party|"
    r"bash|do)|"
    r"get ?away|break|backpack(?:ing)?|sightsee(?:ing)?|kutalii|(?:ku|tu|ni)zuru"
)
_WHERE = whole(
    r"(?:naeza|naweza|tunaeza|tunaweza|niende|twende|nataka) ?(?:enda|kwenda|kuenda|go)? wapi|wapi (?:poa|nzuri|"
    r"pazuri|naweza|naeza)|where (?:can|should|could|do) (?:i|we) (?:go|visit|travel)|suggest|recommend|pendekeza|"
    r"nishauri|any ideas|somewhere|mahali (?:poa|pazuri)|niende wapi|twende wapi|surprise me"
)
_TRACK = whole(
    r"alert(?: me| us)?|notify(?: me| us)?|nijulishe|tujulishe|nijuze|nistue|nishtue|price (?:alert|watch|"
    r"drop)s?|track|"
    r"monitor|keep (?:checking|watching|looking at|tabs on)|(?:nataka|naomba|ningependa) kujua (?:bei|"
    r"nauli) (?:\w+ ){0,6}(?:i|zi)ki\w+|"
    r"fuatilia|keep an eye|let me know (?:when|if|once)|tell me (?:when|if|once)|inform me (?:when|if)|"
    r"ping me|"
    r"niambie (?:ikishuka|bei ikishuka|ikifika|kama bei)|niarifu|(?:i|zi)(?:ki|ta)(?:shuka|pungua)|nishow (?:kama|"
    r"when|if|bei)|nitumie alert|"
    r"remind me when|"
    r"watch (?:the |this |that |for |out for )?(?:\w+ )?(?:prices?|fares?|flights?|it|cost)|drops|drop (?:below|"
    r"under|to)|"
    r"goes (?:below|under|down)|(?:gets?|becomes?|is|are) cheaper|(?:fall|come|dip)s? (?:below|under|down)|"
    r"fare drops?|"
    r"(?:tell|text|message|msg|warn|remind|inform|update|email|buzz|call|whatsapp|holler|let me know|hit me up|shout)"
    r"(?: at)?(?: me| us)? (?:when|if|once|immediately|as soon as) (?!(?:you|it'?s ready|the plan))|"
    r"(?:ku|u|m)?(?:ni|tu)(?:julish|arif|fahamish|stu|shtu|juz|alert|notify|ping|text|tahadharish|ambi|pash|update|"
    r"onyesh|"
    r"pigi)(?:e|ie|a|u)?(?: (?:habari|simu|alert|message))?(?: (?:ndege|bei|nauli|basi|bus|gari|treni|train|sgr|"
    r"flight|"
    r"hoteli?|ticket|tiketi|fare|price|za|ya|kwenda|to|[a-z]+)){0,6} (?:(?:i|zi)(?:ki|me|ta)\w+|kama (?:i|zi|bei)\w*|"
    r"if|when|once|(?:i|zi)kiwa)|"
    r"(?:ki|i|zi)?(?:ki|ta)(?:shuka|pungua|fika|anguka|drop|kuwa (?:rahisi|nafuu|cheap|chee))(?:ko)?|angalia bei|"
    r"(?:ku)?(?:fuatil|chung|chunguz|monitor|track)\w{1,3} (?:hiyo |hii )?(?:bei|nauli|price|fare)"
)
_EXPORT = whole(
    r"pdf|(?:can you |please )?(?:send|forward|share|email|text) (?:this|that|everything|the (?:details|whole thing))|"
    r"(?:ku|u)?(?:ni|tu|uni|utu)?(?:chapish|print|forward|shar|pakuli|download)(?:a|e|ie|"
    r"ia)(?: \w+){0,2} (?:ratiba|plan|itinerary|mpango|"
    r"safari|trip|hii|hiyo|link)|nakala|a copy|copy of|calend[ae]r|kalenda|ics|ical|e-?mail|barua ?pepe|"
    r"print(?:able)?|download|pakua|"
    r"json|(?:share|send|forward|"
    r"tuma|nitumie|tutumie|export|save|nipe|give|get|chapisha)(?: \w+){0,2} (?:plan|itinerary|ratiba|trip|safari|it|"
    r"document|copy|link|hii|hiyo)|(?:nitumie|tutumie|tuma|send|share)(?: \w+){0,3} (?:whats ?app|telegram|sms)|"
    r"export|share (?:this|the link|link|with)|shareable link"
)
_BOOK = whole(
    r"(?:ku|ni|tu|ni?me|na|u|m|uni|utu|kuni)?(?:book(?:ing)?|booki(?:e|a|we)|buk(?:u|i[ae]?|ish[ae])|pay|"
    r"reserv(?:e|ie|ia))|"
    r"(?:weka|tia|fanya|piga) (?:booking|oda|reservation|order)|(?:ku|ni|na|tu|tuna|nita|tuta|wacha ni)?lip(?:a|e|"
    r"ia|ie|isha|ishe)|"
    r"secure (?:it|this|that|the|my|our)|finali[sz]e|complete (?:the |my |our )?(?:booking|payment|order)|"
    r"(?:ku|ni|tu)?(?:kamilish|maliz)(?:a|e|ia|ie)|i'?ll take (?:it|this|that)|(?:we'll|we will|"
    r"i will) take (?:it|this|that)|"
    r"(?:stk|m-?pesa) (?:push|prompt|request)|(?:till|paybill)(?: number| no)?|charge (?:my|me)|(?:via|by|with|"
    r"using|kwa|na|through) m-?pesa|"
    r"pay(?: now|"
    r" for it)?|payment|checkout|purchase|nunua|buy|confirm(?:ed)?|"
    r"lock (?:it|that|this)(?: in| down)?|(?:ku|ni|na|tu|tuna)?thibitish[ae]|(?:ni|tu|u|uni|utu)?kati(?:e|a)|"
    r"(?:ni|tu)?(?:hifadhi(?:e|a)?|shik(?:ie|ia)|wek(?:ee|ea)) (?:nafasi|siti|seat)s?"
)
_GOING = whole(
    r"go|going|travel(?:ling|ing)?|kwenda|kuenda|naenda|ninaenda|tunaenda|nataenda|nitaenda|enda|natoka|tunatoka|"
    r"naelekea|tunaelekea|nipeleke|tupeleke|leaving|nikifika|kufika|safiri|kusafiri|nasafiri|tunasafiri|get to|"
    r"teremka|shuka|nirudi|kurudi|head(?:ing)?|nifike"
)
_SETTING_OUT = whole(
    r"(?:want|wanna|like|need|nataka|naomba|tunataka|ningependa|natamani) (?:to )?(?:go|travel|kwenda|kuenda|"
    r"enda|kusafiri)|"
    r"naenda|tunaenda|nasafiri|tunasafiri"
)
_SEAT = whole(r"seats?|siti|viti|kiti|tiketi|tickets?|nauli")
_WANTED = re.compile(
    r"(?<!\w)(?:need|want|nataka|nahitaji|tunahitaji|tunataka|natafuta|tunatafuta|naomba|looking for|book|find)"
    r"(?: (?:me|us|a|an|the|some))*[ _]$"
)
_MAYBE_EVENT = whole(r"form|plot|vibe|what (?:can|should) (?:i|we) do|(?:things|what) to do|ya kufanya")
_USE = whole(r"take|use|by|tumia|chukua|tuchukue|prefer|via")
_BY_RIDE = whole(
    rf"(?:by|via|using|kwa|tukitumia|kutumia|tutumie|taking) (?:the |a |an )?(?:over)?(?:night )?(?:[a-z]+ )?{RIDE}"
)
# The place one sleeps at as the end of a ride is no search for a bed.
_TO_BED = re.compile(
    r"(?<!\w)(?:to|from|at|kwa|hadi|mpaka|kutoka) (?:my|our|the|their) (?:hotel|airbnb|lodge|resort|room|"
    r"guest ?house)(?!\w)|"
    r"(?<!\w)hoteli (?:yangu|yetu)(?!\w)"
)
_STEAM = re.compile(r"gari (?:la |ya )?moshi")
_PATHS = {
    "transfers": Action.SEARCH_TRANSFERS,
    "trains": Action.SEARCH_TRAINS,
    "flights": Action.SEARCH_FLIGHTS,
    "hotels": Action.SEARCH_HOTELS,
    "events": Action.SEARCH_EVENTS,
    "buses": Action.SEARCH_BUSES,
}
_CHEAP = dict(WISHES)["cheap"]
_SHORT = 10  # words of a message whose wish one word may tell
_GUESSES: tuple[tuple[re.Pattern[str], Action, str | None], ...] = (
    (CALLS_OFF, Action.CANCEL, None),
    (THANKS, Action.OTHER, "thanks"),
    (ASKS_HELP, Action.HELP, None),
    (HAILS, Action.GREETING, None),
)
_EMPTY = re.compile(r"[\W_]*")


def choose(text: str, kinds: list[str], found: Found) -> tuple[Action, str | None]:
    """The action and, for small talk and questions, its topic. `text` is lower case, `kinds` come from `kinds_in`."""
    if not text or not re.search(r"\w", text):
        return Action.OTHER, None
    if not found.anything and (said := _small_talk(text, found)):
        return said
    if topic := _topic(text, found):
        return Action.OTHER, topic
    if _TRACK.search(text) and not _PLAN.search(text):
        return Action.TRACK_PRICE, None
    planned = bool(_PLAN.search(text))
    described = found.place and (found.length or found.range or found.money)
    if _EXPORT.search(text) and not described and not (found.place and kinds):
        return Action.EXPORT, None
    if _changes(text, found, kinds, planned):
        return Action.REFINE_ITINERARY, None
    if _BOOK.search(text) and not found.place and not (kinds and (found.date or found.range)):
        return Action.BOOK_ITINERARY, None
    if found.day and not found.place:
        return Action.REFINE_ITINERARY, None
    if THANKS.search(text) and not (found.anything or kinds or planned):
        return Action.OTHER, "thanks"
    action = _journey(text, found, kinds, planned)
    if found.has_trip and not found.place and not planned and (action is Action.CREATE_ITINERARY or _USE.search(text)):
        return Action.REFINE_ITINERARY, None
    return _guess(text) if action is Action.OTHER else (action, None)


def kinds_in(text: str) -> list[str]:
    """Kinds of search named, in the order of the text (without points such as "SGR Miritini": they are no ride)."""
    text = text.replace(READ, "_")
    places = {}
    for kind, pattern in KINDS.items():
        if match := pattern.search(_STEAM.sub("treni", text) if kind == "buses" else _TO_BED.sub(" ", text)):
            places[kind] = match.start()
    if "buses" in places and ("trains" in places or "flights" in places):
        strong = KINDS["buses"].search(ANY_RIDE.sub("_", _STEAM.sub("treni", text)))
        if strong is None:
            del places["buses"]
    wanted = {kind for kind, start in places.items() if _WANTED.search(text[:start])}
    return sorted(places, key=lambda kind: (kind not in wanted, places[kind], list(KINDS).index(kind)))


def _small_talk(text: str, found: Found) -> tuple[Action, str | None] | None:
    if THANKS.match(text) and _nothing_but(text, THANKS, COURTESIES, YES, GREETINGS):
        return Action.OTHER, "thanks"
    if HELP.search(text) and _nothing_but(text, HELP, GREETINGS, COURTESIES, YES, FILLERS):
        return Action.HELP, None
    refused = CANCEL.search(text) or NO.search(text)
    if refused and _nothing_but(text, CANCEL, NO, COURTESIES, THANKS, YES):
        return Action.CANCEL, None
    if CALL_OFF.search(text) and _nothing_but(text, CALL_OFF, WHOLE, CANCEL, NO, COURTESIES, THANKS, YES, FILLERS):
        return Action.CANCEL, None
    if AGREED.search(text) and _nothing_but(text, AGREED, YES, COURTESIES, FILLERS, WHOLE):
        return Action.BOOK_ITINERARY, None
    if found.has_trip and YES.search(text) and _nothing_but(text, YES, COURTESIES):
        return Action.BOOK_ITINERARY, None
    if THANKS.search(text) and _nothing_but(text, THANKS, COURTESIES, YES, GREETINGS):
        return Action.OTHER, "thanks"
    if GREETINGS.search(text) and _nothing_but(text, GREETINGS, COURTESIES, FILLERS):
        return Action.GREETING, None
    if _nothing_but(text, YES, COURTESIES):
        return Action.OTHER, "yes"
    return None


def _nothing_but(text: str, *patterns: re.Pattern[str]) -> bool:
    found = False
    for pattern in patterns:
        text, count = pattern.subn(" ", text)
        found = found or count > 0
    return found and bool(_EMPTY.fullmatch(text))


def _topic(text: str, found: Found) -> str | None:
    for topic, pattern in TOPICS:
        if pattern.search(text) and not (found.length or found.money or _PLAN.search(text)):
            greeting = topic == "safety" and _nothing_but(text, GREETINGS, COURTESIES)
            ticket = topic == "visa" and found.place and found.date and bool(kinds_in(text))
            if not greeting and not ticket:
                return topic
    return None


def _changes(text: str, found: Found, kinds: list[str], planned: bool) -> bool:
    """Whether the message changes a plan. Without one, naming both ends of a journey asks for a new one."""
    somewhere = found.place or found.origin or found.date or found.range
    if found.has_trip and not somewhere and _CHEAP.search(text):
        return True
    strong, weak = bool(CHANGE.search(text)), bool(MAY_CHANGE.search(text))
    if found.refused and (strong or weak):
        return True
    if found.has_trip and not found.place and CONTRAST.search(text):
        return True
    if found.has_trip and not found.place and WITH_BED.search(text):
        return True
    if planned and found.place:
        return strong and found.has_trip and not found.length
    if strong:
        return found.has_trip or not (found.place and found.origin)
    return weak and not found.place and not (kinds and found.date)


def _journey(text: str, found: Found, kinds: list[str], planned: bool) -> Action:
    rides = [kind for kind in kinds if kind in ("trains", "flights", "buses")]
    described = found.length or found.range or found.money
    # "form" and "plot" are as often the whole plan as an event: days, or a way there with money for it, tell.
    outing = found.place and (found.length or (found.money and (planned or found.origin or found.party)))
    if kinds[:1] == ["events"] and outing and _MAYBE_EVENT.search(text):
        return Action.CREATE_ITINERARY
    if planned and "events" not in kinds[:1] and (found.place or described or not kinds):
        return Action.CREATE_ITINERARY
    if found.several_places and (found.length or found.range) and len(kinds) != 1:
        return Action.CREATE_ITINERARY
    if found.local and (not kinds or kinds[0] in ("transfers", "buses")):
        return Action.SEARCH_TRANSFERS
    if kinds[:1] == ["transfers"] or (kinds and "transfers" in kinds and not ("hotels" in kinds or "flights" in kinds)):
        return Action.SEARCH_TRANSFERS
    if rides and "hotels" in kinds and found.place:
        near = re.search(r"(?:near|close to|karibu na|next to)(?: the)? (?:sgr|bus|train|stage|station)", text)
        return Action.SEARCH_HOTELS if near else Action.CREATE_ITINERARY
    if kinds == ["hotels"] and found.origin and found.place and described and WITH_BED.search(text):
        return Action.CREATE_ITINERARY
    if rides == kinds and found.place and not found.at_home and _is_means(text, found):
        return Action.CREATE_ITINERARY
    if kinds and not (_WHERE.search(text) and not found.place):
        kind = kinds[0]
        if kind == "buses" and found.operator == "flight":
            kind = "flights"
        return _PATHS[kind]
    if not kinds and found.place and not described and _SEAT.search(text):
        return Action.SEARCH_BUSES
    if found.operator:
        return Action.SEARCH_FLIGHTS if found.operator == "flight" else Action.SEARCH_BUSES
    if _WHERE.search(text) or described:
        return Action.CREATE_ITINERARY
    if _BOOK.search(text) and not found.origin:
        return Action.BOOK_ITINERARY if not found.place else Action.CREATE_ITINERARY
    if found.place and (found.origin or (_GOING.search(text) and found.date)) and not _OUTING.search(text):
        return Action.CREATE_ITINERARY if found.at_home else Action.SEARCH_BUSES
    if found.place or found.origin or found.date or found.party or _OUTING.search(text) or _SETTING_OUT.search(text):
        return Action.CREATE_ITINERARY
    return Action.OTHER


def _guess(text: str) -> tuple[Action, str | None]:
    """What a short message most likely wants that says nothing of a journey, by its strongest word."""
    if len(text.split()) > _SHORT:
        return Action.OTHER, None
    return next(((action, topic) for pattern, action, topic in _GUESSES if pattern.search(text)), (Action.OTHER, None))


def _is_means(text: str, found: Found) -> bool:
    """Whether a ride is how to get to a trip of some days ("3 days in Mombasa by SGR"), and not all that is wanted."""
    outing, by_ride = bool(_OUTING.search(text)), bool(_BY_RIDE.search(text))
    return (found.length and (outing or by_ride)) or (outing and by_ride and (found.range or found.money))


def errands(text: str, action: Action) -> list[str]:
    """Documents and payments named, where they are what is asked for."""
    wanted = {Action.EXPORT, Action.BOOK_ITINERARY}
    return [name for name, pattern in ERRANDS if pattern.search(text)] if action in wanted else []


def plans(text: str) -> bool:
    """Whether a message names the planning of a trip."""
    return bool(_PLAN.search(text))
