"""Questions of practice: trains, park fees, ferries, holidays, money, seasons. Which one a message asks, if any."""

from __future__ import annotations

import re
from typing import Final

from bot.intents import Action, Context, Intent
from bot.parsers.common import whole
from bot.parsers.speech import clean, language
from bot.parsers.vocabulary import TOPICS, WISHES

# Who names days, money for a trip or company wants a trip, whatever else the words are about.
_A_TRIP: Final = whole(
    r"\d+ (?:days?|nights?|people|pax|adults?)|(?:siku|usiku) (?:\d+|mbili|tatu|nne|tano|sita|saba)|watu \w+|plan|"
    r"nipangie|tupangie|itinerary|ratiba|budget(?! travel)|bajeti|\d+k|trip|nataka (?:kwenda|kuenda|enda)|(?:i|"
    r"we) want to go|book|add|remove|ongeza|ondoa|badilisha|change|instead|cheaper"
)
_SGR: Final = r"(?:sgr|madaraka(?: express)?|treni|train|gari (?:la |ya )?moshi)"
_ASKS: Final = (
    r"(?:how much|how many|how early|how far|how do|how can|can (?:i|we)|do (?:i|we)|is (?:it|there|the)|are there|"
    r"what|when|where|which|je|ngapi|gani|lini|wapi|vipi|naweza|tunaweza|naeza|ninahitaji|nahitaji|inahitaji|nini|"
    r"pesa ngapi|bei|saa ngapi|rules?|sheria|allowed|kilo|kg|need|must)"
)
_FEE: Final = whole(
    r"(?:entry|entrance|gate|park|conservation|conservancy|admission|reserve) (?:fees?|charges?|prices?|costs?|"
    r"tickets?|rates?|amount)|(?:fees?|charges?|rates?) (?:for|at|in|of|za|ya)|(?:entry|entrance|admission) (?:for|to|"
    r"into|is|ya|ni|how much)|(?:how much|what).{0,30} (?:entry|entrance|to enter|to get in(?:to)?|admission)|"
    r"(?:how much|bei|pesa ngapi).{0,25} (?:to )?(?:enter|kuingia)|(?:vi|ki)ingilio|(?:ada|bei) (?:ya|za) (?:kuingia|"
    r"mbuga|hifadhi|park|entry)|kuingia .{2,30} (?:ni )?(?:pesa|bei|shilingi|sh|how much|ngapi)\b.*|kws fees?|"
    r"entry fee"
)
_OTHER_FEE: Final = whole(r"parking|school|visa|viza|eta|booking|service|hospital|ferry|feri|toll|bank|bus|train|sgr")
_PARKS: Final = tuple(
    (name, whole(pattern))
    for name, pattern in (
        ("Nairobi package", r"(?:nairobi )?package|combined ticket"),
        ("Nairobi Animal Orphanage", r"(?:nairobi )?(?:animal )?orphanage"),
        ("Nairobi Safari Walk", r"safari walk"),
        ("Nairobi National Park", r"(?:nairobi|nai|nrb) (?:national )?park|nnp|mbuga ya nairobi"),
        ("Amboseli", r"amboseli|ambosel[iy]"),
        ("Lake Nakuru", r"(?:lake |ziwa )?nakuru"),
        ("Tsavo East", r"tsavo (?:east|mashariki)"),
        ("Tsavo West", r"tsavo (?:west|magharibi)"),
        ("Tsavo", r"tsavo"),
        ("Meru", r"meru"),
        ("Aberdare", r"aberdares?"),
        ("Mount Kenya", r"(?:mt\.?|mount|mlima) kenya"),
        ("Hell's Gate", r"hell'?s ?gate"),
        ("Mount Longonot", r"(?:mt\.? |mount |mlima )?longonot"),
        ("Shimba Hills", r"shimba(?: hills)?"),
        ("Kakamega", r"kakamega(?: forest)?"),
        ("Mount Elgon", r"(?:mt\.? |mount |mlima )?elgon"),
        ("Ol Donyo Sabuk", r"ol ?donyo ?sabuk"),
        ("Kisumu Impala", r"(?:kisumu )?impala(?: (?:sanctuary|park))?"),
        ("Maasai Mara", r"(?:maasai |masai )?mara"),
        ("Giraffe Centre", r"giraffe cent(?:re|er)"),
        ("Nairobi National Museum", r"(?:nairobi )?national museum|nairobi museum|snake park"),
        ("Karura Forest", r"karura(?: forest)?"),
        ("Nairobi Gallery", r"nairobi gallery"),
        ("Nairobi Arboretum", r"(?:nairobi )?arboretum"),
        ("Kenya National Archives", r"(?:kenya )?(?:national )?archives"),
        ("Fort Jesus", r"fort jesus"),
        ("Haller Park", r"haller(?: park)?"),
        ("Thomson's Falls", r"thomp?son'?s? falls"),
    )
)
_OTHER_PLACE: Final = whole(r"(?:for|at|to|into|of|in|ya|za|cha|vya|kuingia) (?!residents?|citizens?|foreigners?|"
    r"the\b|"
                             r"kenyans?|wakazi|raia|wageni|mbuga|parks?|national|hifadhi|kids|children|"
                             r"adults?)[a-z]{4,}")  # fmt: skip
_MONTHS: Final = (
    "jan(?:uary|uari)?", "feb(?:ruary|ruari)?", "mar(?:ch)?|machi", "apr(?:il|ili)?", "may|mei", "june?|juni",
    "july?|julai", "aug(?:ust)?|agosti", "sept?(?:ember)?|septemba", "oct(?:ober)?|oktoba", "nov(?:ember)?|novemba",
    "dec(?:ember)?|desemba",
)  # fmt: skip
_TOPICS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (topic, whole(pattern))
    for topic, pattern in (
        (
            "likoni",
            r"likoni.{0,40}(?:ferry|feri|cost|price|how much|free|bei|pesa|ngapi|bure|hours|open|saa|work\w*|pay|cash|"
            r"lipa)|(?:ferry|feri).{0,25}likoni|dongo ?kundu|^(?:the )?likoni(?: ferry)?$|(?:ferry|feri) (?:cost|"
            r"price|fee|charges|ya mombasa|ni)",
        ),
        (
            "holidays",
            rf"public holidays?|bank holidays?|national holidays?|(?:which|what|any|(?:when is )?the next) holidays?|"
            rf"holidays "
            rf"(?:in|for) (?:{'|'.join(_MONTHS)})|holidays? (?:gani|ijayo|zijazo|coming|this (?:week|month|year))|"
            rf"siku ?kuu|"
            r"sikukuu",
        ),
        (
            "fares",
            r"(?:nauli|fare|fares|price|cost|how much|bei|pesa ngapi).{0,25}(?:matatu|mat|boda(?: ?boda)?|tuk ?tuks?|"
            r"mathree)(?: (?:fares?|ride|ya|za|ndani ya|in|within|around|cost|is|ni|hapa|nairobi|nai|town|tao|cbd|"
            r"ngapi|bei))*|(?:matatu|boda(?: ?boda)?|tuk ?tuk|mathree)s? (?:fares?|nauli|price|cost|bei|ni (?:pesa|"
            r"bei)|ni ngapi|how much)(?: (?:in|within|around|ndani ya|hapa|nairobi|nai|town|ngapi|gani))*",
        ),
        (
            "mara_cars",
            r"(?:private|own|my|our|personal) (?:car|vehicle|4x4)s?.{0,25}(?:maasai |masai )?mara|"
            r"self ?-?drive.{0,20}mara|(?:gari (?:yangu|yetu|binafsi)).{0,25}mara",
        ),
        (
            "season",
            r"(?:best|good|right|ideal) (?:time|month|season).{0,40}(?:migration|wildlife|safari|animals|game|mara|"
            r"mount kenya|mt kenya|climb|visit|go|kenya)|when.{0,20}(?:is|does).{0,15}(?:migration|rainy season|rains|"
            r"high season|low season)|(?:wildebeest |great )?migration (?:season|time|months?|lini)|(?:nyumbu|"
            r"migration) .{0,15}lini|msimu (?:wa (?:mvua|nyumbu|watalii|kiangazi)|gani)|(?:high|low|rainy|dry) season|"
            r"wakati (?:mzuri|bora) wa",
        ),
        (
            "payment",
            r"(?:can|could|do|how (?:do|can)) (?:i|we) pay .{0,15}m-?pesa|(?:accept|take|use) m-?pesa|(?:na|"
            r"tuna)?(?:weza|eza) (?:ku)?lipa (?:na|kwa|kupitia|via) m-?pesa|(?:ni|tu|u|m)(?:na|ta)lipa(?:je)? (?:na|"
            r"kwa) m-?pesa|m-?pesa (?:inakubalika|inafanya kazi|"
            r"works?|accepted)|how (?:does|do) (?:m-?pesa|payment) work|m-?pesa pin|ask.{0,15}pin",
        ),
        (
            "emergency",
            r"(?:emergency|police|ambulance) (?:numbers?|contacts?|lines?|hotline|call)|(?:namba|nambari) (?:za|"
            r"ya) (?:dharura|polisi|ambulance)",
        ),
    )
)
_TRAIN: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (topic, whole(pattern))
    for topic, pattern in (
        ("sgr_luggage", r"luggage|bags?|baggage|suitcases?|mizigo|mzigo|begi|mabegi|masanduku|kilos?|kg"),
        ("sgr_id", r"id|ids|identity|identification|passport|kitambulisho|vitambulisho|pasipoti|kipande|photocopy|"
            r"documents?"),
        (
            "sgr_children",
            r"(?:kids?|child(?:ren)?|infants?|bab(?:y|ies)|watoto|mtoto).{0,30}(?:fare|pay|free|half|price|ticket|"
            r"nauli|lipa|bure|nusu|tiketi|ngapi)|(?:fare|free|half|price|nauli|bei|ticket).{0,20}(?:kids?|"
            r"child(?:ren)?|infants?|watoto|mtoto)",
        ),
        (
            "sgr_cancel",
            r"(?:cancel|reschedule|postpone|change|ghairi|kughairi|ahirisha|kuahirisha|"
            r"badilisha)\w* .{0,20}(?:tickets?|"
            r"tiketi|bookings?|date|tarehe)|refund\w*|cancellations?|(?:ku)?rudishiw\w+|(?:miss(?:ed)?|"
            r"late for) (?:the |my )?"
            r"(?:train|sgr)|nikikosa|nikichelewa",
        ),
        (
            "sgr_arrive",
            r"(?:what time|how early|how long before|when) (?:(?:should|must|shall|do|can) (?:i|we|one)|"
            r"to) .{0,20}(?:be|"
            r"arrive|get there|report|check|there)|(?:gates?|milango).{0,20}(?:close|shut|funga\w*|kufungwa|hufungwa)|"
            r"check ?-?in|boarding time|(?:nifike|tufike|kufika|niwe) .{0,15}(?:saa ngapi|mapema|lini)|"
            r"(?:saa ngapi|mapema).{0,20}(?:nifike|tufike|kufika|niwe)",
        ),
        (
            "sgr_advance",
            r"(?:how (?:far|early|many days|long) (?:in advance|ahead|before)|in advance|days ahead|"
            r"how early can (?:i|we) book|(?:siku )?ngapi kabla.{0,15}(?:tiketi|kukata|book))",
        ),
        (
            "sgr_pay",
            r"how (?:do|can|to|does)(?: (?:i|we|one))? (?:pay|buy|book|get (?:a |the |my )?tickets?).{0,25}|"
            r"where (?:do|can) (?:i|"
            r"we) (?:buy|book|pay|get (?:a |the |my )?(?:sgr )?tickets?).{0,25}|(?:nalipaje|nitalipaje|tunalipaje|"
            r"nanunua|nunua|"
            r"nitanunua|kulipa|kununua|kukata|nakata) ?(?:aje|vipi|wapi|tiketi.{0,12}(?:wapi|aje|vipi))?|(?:pay|paid|"
            r"lipa).{0,15}m-?pesa|ussd|metickets",
        ),
        ("sgr", r"rules?|sheria|kanuni|requirements?|what (?:do|should) (?:i|we) (?:need|know|carry)|nibebe nini|"
            r"mahitaji"),
    )
)  # fmt: skip
# A ride or a bed that is looked for: a search, not a question.
_A_SEARCH: Final = {
    "likoni": whole(r"bus|basi|matatu|mat|taxi|teksi|uber|bolt|boda|hotels?|hoteli|rooms?|airbnb|chumba"),
    "fares": whole(r"to|kwenda|kuenda|hadi|mpaka|from|kutoka|tomorrow|kesho|today|leo"),
}
_RESIDENCY: Final = ("non_resident", "resident", "citizen")
_PEOPLE: Final = {
    "resident": whole(r"wakazi|mkazi|wakaazi"),
    "non_resident": whole(r"visitors?|tourists?|wageni|mgeni|watalii|non[ -]?citizens?|foreigners?"),
    "citizen": whole(r"kenyans?|citizens?|raia|wakenya|locals?|wananchi|mkenya"),
}


def question(text: str, context: Context) -> Intent | None:
    """A question of practice as its topic ("sgr_luggage", "fees:Amboseli", "holidays:12"); None for anything else.

    A fee asked for one kind of visitor names it in `preferences`. A message that is also about a trip is none.
    """
    words = clean(text)
    if len(words) > 120 or _A_TRIP.search(_without_booking_words(words)):
        return None
    topic = _train(words) or _fee(words) or _plain(words)
    if topic is None and context.asked:  # else a place in "is it safe in Mandera?" would be read as the answer
        topic = next((name for name, pattern in TOPICS if pattern.search(words)), None)
    if topic is None:
        return None
    who = _residency(words) if topic.startswith("fees") else ()
    return Intent(Action.OTHER, language(words, context), topic=topic, preferences=who)


def _without_booking_words(words: str) -> str:
    """ "How do I book SGR" and "change my SGR ticket" are questions, too."""
    return re.sub(r"\b(?:book|change)\b", " ", words) if re.search(rf"\b{_SGR}\b", words) else words


def _train(words: str) -> str | None:
    if not re.search(rf"\b{_SGR}\b", words):
        return None
    short = len(words.split()) <= 4
    if not short and not words.endswith("?") and not re.search(rf"\b{_ASKS}\b", words):
        return None
    return next((topic for topic, pattern in _TRAIN if pattern.search(words)), None)


def _fee(words: str) -> str | None:
    if not _FEE.search(words) or _OTHER_FEE.search(words):
        return None
    for name, pattern in _PARKS:
        if pattern.search(words):
            return f"fees:{name}"
    return "fees:?" if _OTHER_PLACE.search(words) else "fees"


def _plain(words: str) -> str | None:
    for topic, pattern in _TOPICS:
        if pattern.search(words) and not (topic in _A_SEARCH and _A_SEARCH[topic].search(words)):
            return _with_month(words) if topic == "holidays" else topic
    return None


def _with_month(words: str) -> str:
    for number, pattern in enumerate(_MONTHS, start=1):
        if re.search(rf"\b(?:{pattern})\b", words):
            return f"holidays:{number}"
    return "holidays"


def _residency(words: str) -> tuple[str, ...]:
    """The one kind of visitor a fee is asked for; several are none in particular."""
    patterns = dict(WISHES)
    found = [
        who for who in _RESIDENCY if patterns[who].search(words) or (who in _PEOPLE and _PEOPLE[who].search(words))
    ]
    return tuple(found) if len(found) == 1 else ()
