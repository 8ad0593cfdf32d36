"""House words that work in any state without a model: HELP, STOP, HUMAN, MY TRIPS, DELETE MY DATA, slash commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.intents import Action, Context, Intent, Lang
from bot.parsers.vocabulary import NO, YES

_EN, _SW = Lang.EN, Lang.SW
STOP: Final = "stop"  # the topic of who wants to hear nothing more


@dataclass(frozen=True, slots=True)
class _House:
    """What one wish is called: in any language, in English, in Swahili and Sheng. All are whole messages."""

    action: Action
    topic: str
    both: str = ""
    english: str = ""
    swahili: str = ""


_SOMEBODY: Final = (
    r"(?:an? |the |some )?(?:real |live |actual )?(?:human(?: being)?|person|people|agent|someone|somebody|operator|"
    r"representative|customer (?:care|service|support)|support|your team)"
)
_MTU: Final = r"(?:mtu|binadamu|mhudumu|wakala|agent|human|customer care)(?: halisi| wa kweli| mwenyewe)?"
_DATA: Final = r"(?:data|info|information|details|history|chats?|messages?|conversations?|accounts?)"
_TAARIFA: Final = r"(?:data|taarifa|habari|mazungumzo|meseji|akaunti|account|info)(?: (?:yangu|zangu|yetu|zetu))?"
_HOUSE: Final = (
    _House(
        Action.OTHER,
        "restart",
        both=r"restart|reset",
        english=r"(?:let'?s |let us )?(?:start|begin) (?:over|again|afresh|fresh|anew|from (?:scratch|zero|the "
        r"(?:beginning|start)))|scrap (?:it|that|everything) and start (?:over|again)",
        swahili=r"(?:tu|ni)?anz[ae] (?:upya|tena(?: upya)?|mwanzo|kutoka mwanzo|afresh|na mpya|over)",
    ),
    _House(
        Action.GREETING,
        "",
        both=r"/start|start",
        english=r"begin|get started|let'?s (?:start|begin)",
        swahili=r"anza|tuanze|nianze|hebu tuanze|twanze",
    ),
    _House(
        Action.CANCEL,
        STOP,
        both=r"/stop|stop|unsubscribe",
        english=r"stop (?:it|now|this|(?:writing|texting|messaging|sending)(?: (?:to )?me)?(?: messages)?)",
        swahili=r"simama|acha|koma|acha (?:kuniandikia|kunitumia (?:meseji|message|ujumbe))|usiniandikie(?: tena)?|"
        r"usinitext(?: tena)?",
    ),
    _House(Action.CANCEL, "", both=r"/cancel", swahili=r"/ghairi"),
    _House(
        Action.OTHER,
        "who",
        english=r"who (?:are you|is this|made you|am i (?:talking|speaking|chatting) (?:to|with))|what are you|"
        r"what(?:'?s| is) (?:safiri|your name)|introduce yourself",
        swahili=r"(?:wewe|we|uko|nyinyi|mko)(?: ni)? nani|unaitwa(?:je| nani)|jina lako(?: ni)?(?: nani)?|"
        r"safiri ni (?:nini|nani)|nani huyu|naongea na nani",
    ),
    _House(
        Action.HELP,
        "",
        both=r"/help|help|menu|options|commands",
        english=r"(?:i need (?:some )?|need )?help(?: me)?|what (?:can|do|could) (?:you|u) do(?: for me)?|"
        r"what (?:can|do|should) i (?:do|say|ask|type|write)(?: (?:here|now|next))?|"
        r"how (?:does|do) (?:this|it|you|i use) ?(?:this|it|you)? ?(?:works?)?|how can you help(?: me)?|"
        r"what can (?:you|u) help (?:me )?with|(?:sorry,? |but )?i (?:do not|don'?t|dont) (?:understand|get (?:it|"
        r"this|you)|"
        r"follow)|what do you mean|i(?:'?m| am) (?:lost|confused)|huh|what|explain(?: (?:it|this|that))?|"
        r"what is this(?: for)?",
        swahili=r"/msaada|(?:naomba |nahitaji |nataka )?msaada|ni?saidie?(?: aje)?|menyu|maelekezo|nifanye nini|"
        r"niseme nini|niulize nini|una(?:weza|eza) (?:ku)?(?:fanya|nisaidia|saidia|help|do)(?: na)? nini|"
        r"unafanya nini|unafanyaje kazi|unasaidia (?:aje|nini|na nini)|una(?:weza|eza) nini|hii inafanyaje kazi|"
        r"sija(?:elewa|kuelewa|ku ?elewa|get)(?: vizuri)?|sielewi|siku ?elewi|sigeti|unamaanisha (?:nini|aje)|"
        r"nimechanganyikiwa|"
        r"nimepotea|nielezee|eleza|hii ni nini|nini hii",
    ),
    _House(
        Action.OTHER,
        "again",
        english=r"(?:say|tell me|show me|repeat|send)(?: (?:it|that|this))? (?:again|once more)|"
        r"repeat(?: (?:it|that))?|"
        r"come again|pardon(?: me)?|(?:show|see|open)(?: me)? (?:the|my) (?:plan|trip|itinerary)(?: again)?|"
        r"where were we|my (?:plan|trip|itinerary)",
        swahili=r"(?:sema|niambie|rudia|onyesha|nionyeshe|tuma|nitumie)(?: (?:hiyo|hii|hilo))? tena|rudia|"
        r"tulikuwa wapi|"
        r"tulifika wapi|tumefika wapi|(?:ni|tu)?onyeshe? (?:mpango|ratiba|safari|plan)(?: (?:yangu|wangu|yetu|wetu))?"
        r"(?: tena)?|(?:mpango|ratiba) (?:wangu|yangu|wetu|yetu)",
    ),
    _House(
        Action.OTHER,
        "human",
        both=r"/human|human|agent|operator",
        english=rf"(?:real )?person|representative|support|contacts?(?: us| you)?|customer (?:care|service|support)|"
        rf"(?:(?:i|we) (?:want|need|would like|wanna|wish|have) (?:to )?|i'?d like to |can (?:i|we) |could (?:i|we) |"
        rf"may i |let me |how (?:can|do) i )?(?:talk|speak|chat|connect) (?:to|with) {_SOMEBODY}|"
        rf"(?:connect|transfer|put) me (?:to|with|through to) {_SOMEBODY}|(?:i |we )?(?:want|need) {_SOMEBODY}|"
        rf"(?:give|get) me {_SOMEBODY}|is there {_SOMEBODY}(?: (?:there|here|i can (?:talk|speak) to))?|"
        r"(?:(?:what'?s|what is|give me) )?your (?:phone |whatsapp )?(?:number|contacts?)",
        swahili=rf"/mtu|{_MTU}|(?:nataka |naomba |ningependa |naweza |naeza |nahitaji |nipe |hebu ?)*(?:ku|ni)?"
        rf"(?:ongea|ongee|zungumza|zungumze|bonga|bonge|sema|seme|wasiliana|chat|talk)(?: na| to|"
        rf" with)+ (?:a )?{_MTU}|"
        rf"(?:ni|tu)unganishe na {_MTU}|(?:nataka|nahitaji|nipe|naomba) {_MTU}|huduma kwa wateja|"
        r"(?:nipe )?(?:namba|nambari)(?: yenu| yako)(?: ya simu)?|mhudumu yuko wapi|kuna mtu(?: hapo| huko)?",
    ),
    _House(
        Action.OTHER,
        "delete_data",
        both=r"/delete",
        english=rf"(?:delete|erase|remove|wipe|clear) (?:all )?(?:of )?(?:my |our |the )?(?:{_DATA}|everything|all)"
        rf"(?: (?:about|on|of) me)?|delete me|forget (?:me|everything(?: about me)?)|forget my {_DATA}",
        swahili=rf"/futa|(?:futa|ondoa|toa|delete|safisha) (?:{_TAARIFA}|kila kitu)(?: (?:yote|zote|changu))?|nisahau|"
        rf"(?:naomba|nataka) (?:u|ku|m)?fut[ae] {_TAARIFA}(?: (?:yote|zote))?",
    ),
    _House(
        Action.OTHER,
        "my_data",
        both=r"/data|/mydata",
        english=rf"my {_DATA}|(?:export|download|send(?: me)?|give me|show(?: me)?|get(?: me)?|i want|see) (?:all )?"
        rf"(?:of )?my {_DATA}|export(?: data)?|data export|what do you have (?:on|about) me",
        swahili=r"(?:(?:nipe|nitumie|nionyeshe|onyesha|tuma|pakua|nataka|naomba|nipatie) )?"
        rf"{_TAARIFA.removesuffix('?')}(?: (?:yote|zote))?|pakua data",
    ),
    _House(
        Action.OTHER,
        "privacy",
        both=r"/privacy",
        english=r"(?:your )?(?:privacy|terms)(?: policy)?|what (?:data )?do you (?:keep|store|know|save|collect)"
        r"(?: (?:about|on|of) me)?|what data do you have|is (?:my data|this|it) (?:safe|private|confidential)|"
        r"do you (?:share|sell|keep|store|save) (?:my )?(?:data|messages|info|chats?|this)(?: with anyone)?|"
        r"who (?:can )?(?:sees?|reads?) (?:this|my (?:messages|data|chats?))",
        swahili=r"/faragha|(?:sera ya )?faragha|una(?:hifadhi|weka|jua|keep) (?:nini|data gani)(?: kunihusu| yangu)?|"
        r"data yangu iko (?:salama|safe)|nani (?:anaona|anasoma) (?:data|meseji|mazungumzo)(?: yangu| zangu| yetu)?",
    ),
    _House(
        Action.OTHER,
        "trips",
        both=r"/trips",
        english=r"(?:(?:show|list|see|view|open|give)(?: me)? )?(?:all )?(?:of )?my (?:other )?(?:trips|plans|"
        r"itineraries|journeys)|(?:show|list|see|view)(?: me)? (?:all )?(?:the )?trips|trips|"
        r"(?:what|which) trips do i have|(?:switch|change) trips?|other trips",
        swahili=r"/safari|(?:(?:nionyeshe|onyesha|nipe|niorodheshee|nione) )?(?:safari|mipango|trip|ma ?-?trip|plan|"
        r"ratiba) (?:zangu|yangu zote|zetu)(?: zote)?|orodha ya safari(?: zangu)?|"
        r"(?:nina|niko na) safari (?:gani|ngapi)|mipango yangu",
    ),
    _House(
        Action.OTHER,
        "new",
        both=r"/new",
        english=r"(?:(?:i|we) (?:want|need)(?: to plan)? |(?:let'?s )?plan |start |begin |create |make |add )?"
        r"(?:a )?(?:new|another|different) (?:trip|journey|holiday|itinerary)|plan another(?: one)?|one more trip",
        swahili=r"/mpya|(?:(?:nipangie|tupange|panga|nataka|naomba|tengeneza|anza|weka) )?(?:safari|trip|ratiba) "
        r"(?:mpya|nyingine|ingine)|tupange nyingine|mpango mwingine",
    ),
    _House(Action.BOOK_ITINERARY, "", both=r"/book"),
    _House(Action.EXPORT, "", both=r"/pdf"),
)
_SPEAK: Final = (
    r"(?:(?:in|speak|use|write(?: in)?|talk(?: in)?|reply in|answer in|(?:switch|change)(?: the)?(?: language)?"
    r"(?: back)? to|badili(?:sha)? lugha (?:iwe|kuwa)|kwa|ongea(?: na)?|tumia|sema|andika|jibu kwa|"
    r"badilisha(?: iwe| kuwa)?|rudi|lugha ya|language) )?"
)
_ENGLISH: Final = rf"/english|{_SPEAK}(?:english|kiingereza|kizungu)"
_KISWAHILI: Final = rf"/(?:ki)?swahili|{_SPEAK}(?:kiswahili|swahili|kiswa|swa|sheng)"
_THE_OTHER: Final = (
    r"/language|/lugha|language|(?:change|switch|another|other|different|choose|set)(?: the| my)? language|lugha|"
    r"(?:nataka )?(?:ku)?badili(?:sha|shia)? lugha|lugha (?:nyingine|ingine)|chagua lugha|change lugha"
)
_OLD_PLAN: Final = (
    r"(?:to |kwa )?(?:the |my |ule |ile )?(?:mpango |safari )?(?:(?:wa|ya|ule|ile) )*(?:old|previous|last|earlier|"
    r"zamani|awali|kwanza|mwanzo|first|original)(?: (?:plan|one|version|trip))?"
)
_BACKWARD: Final = {
    "undo": (
        r"(?:(?:please|tafadhali|no|zi|hapana|nope|sorry|pole|wait|hmm+|ngoja|hebu|actually),? )*(?:"
        r"(?:go|take (?:me|it)|turn) back(?: to (?:how|what|the way) it was)?|(?:put|change|"
        r"make) it (?:back )?(?:as|how|the way) "
        r"it was|rudi nyuma|rudisha (?:kama )?(?:vile )?(?:ilikuwa|kulikuwa)|"
        r"(?:undo|revert|tendua)(?: (?:that|it|this|(?:the |my )?(?:last )?changes?|mabadiliko))?|"
        rf"(?:i|we) (?:want|prefer|preferred|liked) {_OLD_PLAN}(?: back| better)?|"
        rf"(?:go|take me|take it|change it|put it|bring it|switch) back {_OLD_PLAN}|bring back {_OLD_PLAN}|"
        rf"(?:rudisha|nirudishie|rejesha|turudi|rudi)(?: {_OLD_PLAN})?|rudisha (?:ilivyokuwa|kama (?:ilivyokuwa|"
        rf"awali))"
        r")(?: please| tafadhali)?"
    ),
    "redo": (
        r"(?:please |tafadhali )?(?:redo(?: (?:that|it|this|(?:the )?(?:last )?changes?))?|undo the undo|"
        r"put (?:the change|it) back(?: in)?|(?:weka|fanya) tena(?: mabadiliko)?|rejesha mabadiliko)"
        r"(?: please| tafadhali)?"
    ),
}
_ANY_PLACE: Final = (
    r"i (?:do not|don'?t|dont) (?:know|mind|care)(?: (?:where(?: to go)?|yet))?|not sure(?: (?:where|yet))?|no idea|"
    r"anywhere(?: (?:nice|good|cheap|fun|is fine))?|(?:some|any) ?(?:place|where) (?:nice|good|cheap|fun)|"
    r"surprise me|"
    r"you (?:choose|pick|decide|tell me)|(?:any )?(?:ideas|suggestions)|(?:what|where) do you (?:suggest|recommend)|"
    r"suggest(?: (?:something|somewhere|a place))?|recommend(?: (?:something|somewhere|a place))?",
    r"sijui(?: (?:bado|wapi|niende wapi|pa kwenda))?|sina (?:uhakika|idea|wazo)|(?:mahali )?popote(?: (?:pale|tu|"
    r"pazuri))?|"
    r"mahali (?:pazuri|pa?zuri tu|poa|fiti)(?: tu)?|(?:we|wewe)? ?chagua(?: wewe)?|nichagulie|pendekeza(?: mahali)?|"
    r"nishauri|unapendekeza (?:nini|wapi)|niambie wewe|any",
)
_ANY_DAY: Final = (
    r"any ?(?:day|time|date|weekend)(?: (?:is|works|will do|you like))?(?: (?:fine|ok(?:ay)?|good))?|whenever|"
    r"you (?:choose|"
    r"pick|decide)|i don'?t (?:know|mind|care)(?: (?:yet|when))?|not sure(?: (?:yet|when))?|no idea(?: when)?|"
    r"flexible|i'?m flexible|anytime",
    r"siku (?:yoyote|yeyote|zozote)(?: ile| tu| ni sawa)?|wakati wowote(?: ule| tu)?|(?:we|wewe)? ?chagua(?: wewe|"
    r" tu)?|"
    r"sijui(?: bado)?|sina uhakika|haijalishi|lini ?tu|yoyote(?: tu)?",
)
_SWAHILI: Final = re.compile(r"\b(?:ku|ni|tu)?(?:rudi\w*|nirudishie|rejesha|tendua|weka|fanya|mabadiliko|tafadhali)\b")
_SURE: Final = re.compile(
    r"(?:yes|ndiyo|ndio|eeh|sawa|ok(?:ay)?)?[ ,]*(?:(?:delete|erase) (?:it|them|all|everything)(?: all)?|"
    r"futa(?: (?:yote|zote|tu|kila kitu|sasa))?|i'?m sure|i am sure|nina uhakika)"
)
_NOT: Final = re.compile(r"(?:no|hapana|la|zi)?[ ,]*(?:keep (?:it|them|everything|all)|usifute|acha|wacha|ziache|weka)")
_POLITE: Final = re.compile(
    r"^(?:(?:please|pls|plz|kindly|tafadhali|tafadhal|ebu|hebu|hey|hi|hello|niaje|sasa|sema|bro|buda|boss)[ ,]+)+|"
    r"(?:[ ,]+(?:please|pls|plz|tafadhali|tafadhal|bana|bro|buda|boss|maze|asap|now|sasa hivi|basi))+$"
)
_TRIM: Final = re.compile(r"^[\s.!?,…]+|[\s.!?,…]+$")
_LONGEST: Final = 60


def command(text: str, context: Context) -> Intent | None:
    """The intent of a message that is nothing but a house word; None for everything else."""
    words = plain_words(text)
    if not words:
        return None
    bare = _POLITE.sub("", words)
    for house in _HOUSE:
        if lang := _said_in(house, words, context) or _said_in(house, bare, context):
            return Intent(house.action, lang, topic=house.topic or None)
    return _language(bare, context) or _through_versions(words, context)


def plain_words(text: str) -> str:
    """A short message in lower case without the marks around it; a slash command without what follows it, "" if long.

    "/start abc" and "/help@safiri_bot" are "/start" and "/help".
    """
    if len(text) > _LONGEST:
        text = text if text.startswith("/start ") else ""
    words = " ".join(_TRIM.sub("", text.replace("’", "'")).casefold().split())
    return words.split(" ")[0].split("@")[0] if words.startswith("/") else words


def confirmed(text: str) -> bool | None:
    """Whether a message says yes or no to something that was to be confirmed; None when it is about something else."""
    words = plain_words(text)
    bare = _POLITE.sub("", words)
    if _SURE.fullmatch(bare) or YES.fullmatch(bare):
        return True
    return False if _NOT.fullmatch(bare) or NO.fullmatch(bare) else None


def _said_in(house: _House, words: str, context: Context) -> Lang | None:
    """The language in which it was said, that of the conversation for what is said in both."""
    if house.both and re.fullmatch(house.both, words):
        return _spoken(context)
    if house.english and re.fullmatch(house.english, words):
        return _EN
    return _SW if house.swahili and re.fullmatch(house.swahili, words) else None


def _language(words: str, context: Context) -> Intent | None:
    if re.fullmatch(_ENGLISH, words):
        return Intent(Action.OTHER, _EN, topic="language")
    if re.fullmatch(_KISWAHILI, words):
        return Intent(Action.OTHER, _SW, topic="language")
    if re.fullmatch(_THE_OTHER, words):  # there are two
        return Intent(Action.OTHER, _EN if context.lang == "sw" else _SW, topic="language")
    return None


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
    if context.asked == "party":
        return Intent(Action.REFINE_ITINERARY, _spoken(context), passengers=int(words))
    return Intent(Action.OTHER, _spoken(context), choice=int(words))


def any_day(text: str, context: Context) -> Intent | None:
    """ "Any day": the answer of who does not mind when; None for other text."""
    words = _POLITE.sub("", plain_words(text))
    if re.fullmatch(_ANY_DAY[0], words):
        return Intent(Action.OTHER, _EN, topic="any_day")
    return Intent(Action.OTHER, _SW, topic="any_day") if re.fullmatch(_ANY_DAY[1], words) else None


def any_place(text: str, context: Context) -> Intent | None:
    """ "I don't know", "popote": the answer of who has no place in mind; None for other text."""
    words = _POLITE.sub("", plain_words(text))
    if re.fullmatch(_ANY_PLACE[0], words):
        return Intent(Action.OTHER, _EN, topic="any_place")
    return Intent(Action.OTHER, _SW, topic="any_place") if re.fullmatch(_ANY_PLACE[1], words) else None


def media(context: Context, kind: str = "") -> Intent:
    """What a voice note, photo or sticker means: nothing yet. `kind` as in bot.channel.Incoming.media."""
    return Intent(Action.OTHER, _spoken(context), topic=f"media:{kind}" if kind else "media")


def consent(given: bool, context: Context) -> Intent:
    """What it means that the app itself put the traveller on its list of whom to leave alone, or took them off it."""
    if given:
        return Intent(Action.GREETING, _spoken(context))
    return Intent(Action.CANCEL, _spoken(context), topic=STOP)


def wants_to_hear(text: str) -> bool:
    """Whether a message is the word by which somebody who opted out comes back: START, ANZA."""
    begin = next(house for house in _HOUSE if house.action is Action.GREETING)
    return any(pattern and re.fullmatch(pattern, plain_words(text)) for pattern in (begin.both, begin.swahili))


def added(context: Context) -> Intent:
    """The bot was put into a group."""
    return Intent(Action.OTHER, _spoken(context), topic="group")


def location(origin: str | None, context: Context) -> Intent:
    """A shared position, already turned into the slug of the nearest town (None when there is none)."""
    return Intent(Action.OTHER, _spoken(context), origin=origin, topic="location")


def _spoken(context: Context) -> Lang:
    return _SW if context.lang == "sw" else _EN
