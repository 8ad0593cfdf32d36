"""Changes of single things of the plan on screen, read without any model: "another hotel", "toa Fort Jesus".

Only what points at something on that screen is read here, and only when the whole message does; everything else is
for the parsers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.edits import Edit, Part, Verb
from bot.parsers.references import Places, best_named, only_day, pointed
from bot.parsers.speech import clean
from bot.screen import VISITS, Screen
from planner.model import Alternative, ItemType
from planner.numbers import NUMBER, value
from providers.sources.guide_activities import sights_near

_LONGEST: Final = 120  # letters; what is longer says more than one thing to change
_COURTESY: Final = re.compile(
    r"(?<![\w'])(?:please|pls|plz|kindly|tafadhali|tafadhal|ebu|hebu|naomba|sasa|boss|bro|buda|bana|jo|maze|actually|"
    r"just|then|also|halafu|kisha|ok(?:ay)?|sawa|hmm+|thanks|asante)(?![\w'])"
)
_LEAD: Final = re.compile(
    r"^(?:(?:can|could|would|will) (?:you|we|i) |(?:i|we)(?:'d| would)? (?:want|like|love|need|prefer|"
    r"wanna) (?:to )?|"
    r"i'd (?:like|prefer|love) (?:to )?|(?:please )?(?:give|find|get|show) (?:me|us) |let'?s |nataka |tunataka |"
    r"ningependa |"
    r"tungependa |nipe |nipatie |tupatie |tupe |nitafutie |tutafutie |nionyeshe |tuonyeshe |naweza |tunaweza |"
    r"unaweza |"
    r"naeza |is there |are there |kuna |have |pata |kupata )+"
)
_AND: Final = re.compile(r" (?:and|na|then|halafu|kisha|but|lakini|plus)(?: then| also| pia)? |[,;.] ?")


def _whole(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in patterns)


_W: Final = r"(?P<what>.+?)"
_OTHER: Final = _whole(
    rf"(?:an?other|a different|different|(?:any|some) other|other|alternatives? (?:to|for)|other options? for|"
    rf"options for) {_W}"
    r"(?: options?)?",
    rf"{_W} (?:ingine|ingineyo|nyingine|nyengine|zingine|mengine|mwingine|tofauti)(?: {_W.replace('what', 'more')})?",
    rf"(?:change|swap|replace|switch|ni?badilish(?:a|ie)|tubadilish(?:e|ie)|ubadilishe|badili(?:sha)?|kubadilisha) "
    rf"(?:the |my |our |that |this |ile |hiyo |hii )?{_W}",
)
_CHEAPER: Final = _whole(
    rf"(?:a )?(?:cheaper|less expensive) {_W}",
    rf"{_W} (?:ya |za |la |cha |wa )?(?:bei )?(?:rahisi|nafuu|chini|cheap)(?: kidogo)? zaidi",
    rf"{_W} (?:ya|za|cha) bei (?:rahisi|nafuu|ya chini)(?: (?P<more>.+))?",
)
_BETTER: Final = _whole(
    rf"(?:a )?(?:better|nicer|more comfortable|fancier|posher) {_W}",
    rf"{_W} (?:nzuri|bora|poa|safi|kali) (?:zaidi|kushinda)",
)
_EARLIER: Final = _whole(
    rf"(?:an )?earlier {_W}",
    rf"{_W} (?:ya |la )?mapema(?: zaidi| kidogo)?(?: (?P<more>.+))?",
    r"leave earlier()",
    r"tuondoke mapema(?: zaidi)?()",
)
_LATER: Final = _whole(
    rf"(?:a )?later {_W}",
    rf"{_W} (?:ya )?(?:baadaye|kuchelewa)(?: zaidi|"
    rf" kidogo)?(?: (?P<more>.+))?",
    r"leave later()",
)
_KEEP: Final = _whole(
    rf"(?:keep|lock|hold on to|hold|stick with|bakisha|tubakishe|hifadhi) {_W}(?: (?:as (?:it|they) (?:is|are)|"
    rf"the same|hivyo(?: hivyo)?|"
    r"kama ilivyo))?",
    rf"(?:do not|don'?t|dont|usi) ?(?:change|touch|move|badilishe|guse|toe|ondoe) {_W}",
    rf"(?:leave|acha|wacha) {_W} (?:as (?:it|they) (?:is|are)|alone|hivyo(?: hivyo)?|kama ilivyo)",
    rf"{_W} (?:stays|must stay|should stay|ibaki|ibakie|zibaki|isibadilike|is (?:fine|perfect|good|"
    rf"great),? keep it|iko sawa,? iache)",
)
_FREE: Final = _whole(
    rf"(?:unlock|release|free) {_W}",
    rf"(?:you )?(?:can|may) change {_W}",
    rf"{_W} (?:can|may|inaweza|zinaweza|naweza) (?:change|be changed|kubadilika|badilika)",
)
_DROP: Final = _whole(
    rf"(?:remove|delete|drop|skip|cut|take out|leave out|get rid of|without|not|toa|tutoe|uondoe|ondoa|tuondoe|"
    rf"futa|ruka|turuke|bila|"
    rf"sitaki|hatutaki|(?:i|we) (?:don'?t|do not) want(?: to (?:see|do|visit|go to))?|tusiende|siendi) {_W}",
)
_ADD: Final = _whole(
    rf"(?:add|include|squeeze in|fit in|put in|(?:ni|tu|u|mu)?ongez(?:a|e|ee)|(?:tu|u|mu)?wek[ae]|jumuisha|see|"
    rf"visit|go to|do|"
    rf"tuone|kuona|"
    rf"tutembelee|kutembelea|twende) {_W}(?: (?:too|as well|pia|in the plan|kwa plan))?",
)
# "Add Naivasha", not "go to Naivasha", which may be another trip.
_TOO: Final = re.compile(
    r"^(?:add|include|squeeze in|fit in|(?:ni|tu|u|mu)?ongez\w*|(?:tu|u|mu)?wek[ae]|jumuisha)\b|(?: too| pia|"
    r" as well)$"
)
_TOWN: Final = re.compile(
    r"^(?:a (?:stop|night|day) (?:in|at) |(?:safari|trip) (?:ya|to) |mji wa )|(?: too| pia| as well)$"
)
_ANYTHING: Final = re.compile(
    r"(?:something|anything|an activity|(?:another|one more) (?:activity|thing)|(?:more )?activities|things?|"
    r"(?:ki|vi)tu(?: kingine| vingine)?|shughuli(?: nyingine)?)(?: else)?(?: to (?:do|see)| (?:cha|"
    r"vya) (?:kufanya|kuona))?"
)
_WHAT_ELSE: Final = re.compile(
    r"what else (?:is there|can (?:i|we) (?:do|see))(?: (?:there|around))?|(?:kuna )?(?:nini|"
    r"kitu gani) (?:kingine|ingine)"
    r"(?: cha (?:kufanya|kuona))?|(?:ki|vi)tu (?:kingine|vingine) (?:cha|vya) (?:kufanya|kuona)|"
    r"what did you leave out"
)
_MOVE: Final = re.compile(
    rf"(?:move|shift|put|push|do|sogeza|tusogeze|hamisha|tuhamishe|peleka|tupeleke|weka|fanya|tufanye) {_W} "
    r"(?:to|on|onto|hadi|mpaka|kwa|iwe|kwenda)? ?(?P<day>(?:the )?(?:day|siku ya|siku) ?\w+|(?:first|second|third|"
    r"last) day|\w+)"
)
_TOTAL: Final = re.compile(
    r"(?:so )?(?:what(?:'s| is| will be)? (?:the |my |our )?(?:total|price|cost|grand total)(?: cost| price)?|"
    r"how much (?:is|will) (?:it|"
    r"this|that|the trip|everything)(?: (?:cost|be|all))?(?: in (?:all|total))?|how much (?:in total|altogether|"
    r"does it cost|each|"
    r"per person|in all)|(?:the )?total|(?:bei|pesa|gharama|jumla|total) (?:ya (?:yote|safari) )?(?:ni )?(?:ngapi|"
    r"gani)(?: (?:yote|"
    r"kila mtu|kwa jumla))?|(?:ita|ina)(?:gharimu|cost) (?:pesa )?ngapi|ni (?:bei|pesa) (?:gani|ngapi)(?: kila mtu)?)"
)
_ASKED: Final = (
    (
        Part.RIDES,
        re.compile(
            r"(?:what time|when|how|saa ngapi) (?:do|will|are|should) (?:we|i) (?:leave|arrive|get (?:there|back|"
            r"home)|come back|"
            r"return|travel(?:ling)?|leaving|arriving|depart|go|be (?:back|there|home)|set off)(?: (?:there|home|"
            r"back|on \w+))?|"
            r"(?:tu|ni)(?:na|ta)(?:ondoka|fika|rudi|toka|safiri)\w* (?:huko |nyumbani )?(?:saa ngapi|lini|aje|"
            r"na nini)|"
            r"(?:which|what) (?:bus|train|flight|transport) (?:is it|are we (?:taking|on|using)|do we (?:take|use))"
        ),
    ),
    (
        Part.STAYS,
        re.compile(
            r"where (?:do|will|are) (?:we|i) (?:sleep|stay|sleeping|staying|spend the nights?)(?: at)?|"
            r"which (?:hotel|place)"
            r"(?: is it| are we in)?|what hotel(?: is it)?|(?:tu|ni)(?:na|ta)lala wapi|(?:ni )?hoteli gani"
        ),
    ),
    (
        Part.VISITS,
        re.compile(
            r"what (?:will|do|are) we (?:do|doing|see|seeing)(?: there)?|what(?:'s| is) (?:in )?the (?:plan|"
            r"programme|program)|"
            r"tutafanya nini(?: huko)?|tutaona nini"
        ),
    ),
)
_FASTER: Final = re.compile(
    r"(?:a |the )?(?:faster|quicker|fastest|quickest)(?: (?:way|route|trip|ride|rides|option|one|journey|travel))?"
    r"(?: there)?|(?:haraka|upesi) zaidi|(?:tufike|nifike|kufika) (?:haraka|mapema)(?: zaidi)?|"
    r"njia (?:ya )?(?:haraka|mkato|fupi)"
    r"(?: zaidi)?|less (?:time )?(?:on the road|travell?ing|travel time|under way)|make it (?:faster|quicker)"
)
_SLOWER: Final = re.compile(
    r"(?:make it )?(?:(?:a bit |much )?(?:more relaxed|slower|less (?:packed|busy|rushed|hectic)|easier pace)|"
    r"(?:a )?(?:slower|relaxed) "
    r"pace)|(?:it's |that's )?too (?:busy|packed|rushed|hectic|much)|(?:pole ?pole|taratibu)(?: zaidi)?|"
    r"tupumzike(?: zaidi)?|(?:ina|siku zina) ?(?:jaa|haraka) sana|shughuli (?:chache|kidogo)(?: zaidi)?|"
    r"fewer (?:things|activities)"
)
_FULLER: Final = re.compile(
    r"(?:make it )?(?:busier|fuller|more packed)(?: days)?|fuller days|(?:fit|squeeze|pack) (?:in )?(?:more|"
    r"as much as possible)(?: in)?|"
    r"more (?:to do|things(?: to do)?|activities|sights)|(?:shughuli|matembezi|vitu) (?:nyingi|vingi|"
    r"mengi)(?: zaidi)?|siku zijae(?: zaidi)?"
)
_STRETCH: Final = re.compile(
    rf"(?:(?P<less>remove|cut|drop|less|fewer|punguza|tupunguze|ondoa|toa)|add|ongeza|tuongeze|niongezee|stay|"
    rf"have|extend|kaa|tukae)? ?"
    rf"(?:by )?(?:(?P<n>{NUMBER}|an?|another) )?(?:(?:more|extra|longer) )?(?:days?|nights?|siku|"
    rf"usiku)(?: (?P<sw>{NUMBER}))?"
    rf"(?: (?P<how>more|extra|longer|zaidi|nyingine|less|fewer|pungufu|kidogo))?(?: (?:in|at|huko|kule|ya|kwa|"
    rf"from))? (?P<place>[\w' -]+?)"
    rf"(?: (?P<end>zaidi|less|pungufu))?"
)
_CHANGE_OF_LENGTH: Final = re.compile(
    r"(?<!\w)(?:more|extra|another|longer|zaidi|nyingine|less|fewer|pungufu|add|ongeza|tuongeze|niongezee|extend|"
    r"remove|cut|drop|"
    r"punguza|tupunguze|ondoa|toa)(?!\w)"
)
_MOST_DAYS: Final = 30
_SHOW_DAY: Final = re.compile(
    r"(?:show (?:me |us )?|see |what(?:'s| is| are we doing| happens| do we do) (?:on |happening on )?|how about |"
    r"what about |"
    r"nini (?:ka)?|ratiba ya |mpango wa |plan (?:for|ya) |details (?:for|of) )?(?P<day>.+?)(?: plan| in (?:full|"
    r"detail)| details| kuna nini| ni nini)?"
)
_FIRST: Final = re.compile(
    r"(?P<place>[\w' -]+?) (?P<where>first|kwanza|last|mwisho)|(?:start|begin|anza|tuanze|anzia|tuanzie) (?:with|"
    r"in|na|kwa|at)? ?(?P<begin>[\w' -]+)|"
    r"(?:end|finish|malizia|tumalizie|maliza) (?:with|in|na|kwa|at)? ?(?P<end>[\w' -]+)|"
    r"(?P<turn>(?:the )?other way (?:a?round)|reverse(?: (?:it|the (?:order|route)))?|kinyume(?: chake)?|"
    r"geuza(?: njia)?)"
)
_PICK: Final = re.compile(
    r"(?:the |ile |hiyo |nipe |nataka |chukua |nachukua |take |i(?:'ll)? (?:take|want|prefer) (?:the )?)*"
    r"(?:(?P<cheap>cheap(?:er|est)|(?:ya |wa )?(?:bei )?(?:rahisi|nafuu|chini)(?: zaidi| kabisa)?)|"
    r"(?P<dear>(?:most )?expensive|better|best|nicer|nicest|(?:ya |iliyo )?(?:nzuri|bora|ghali)(?: zaidi)?)|"
    r"(?P<fast>fast(?:er|est)|quick(?:er|est)|(?:ya )?haraka(?: zaidi)?)|(?:ya |ni )?(?P<what>[\w' -]{3,40}?))"
    r"(?: (?:one|option|hiyo|tu))?"
)
_ANY_RIDE: Final = re.compile(
    r"(?<!\w)(?:bus(?:es)?|basi|coach|matatu|mat|shuttle|trains?|treni|sgr|flights?|ndege|plane)(?!\w)"
)
_READERS: Final = (
    (Verb.CHEAPER, _CHEAPER), (Verb.BETTER, _BETTER), (Verb.EARLIER, _EARLIER), (Verb.LATER, _LATER),
    (Verb.LIST, _OTHER), (Verb.KEEP, _KEEP), (Verb.FREE, _FREE),
)  # fmt: skip
_EXCHANGED: Final = frozenset({Verb.CHEAPER, Verb.BETTER, Verb.LIST})
_RIDE_VERBS: Final = frozenset({Verb.EARLIER, Verb.LATER})


def split(text: str, screen: Screen, places: Places) -> tuple[tuple[Edit, ...], str]:
    """The changes found in a message, and the rest of it for a parser to read."""
    words = clean(text)
    if not screen.items or len(words) > _LONGEST:
        return (), words
    if edit := _one(words, screen, places):
        return (edit,), ""
    found, rest = [], []
    for part in filter(None, (part.strip() for part in _AND.split(words))):
        edit = _one(part, screen, places)
        if edit is None or edit.verb in (Verb.DAY, Verb.ORDER, Verb.TOTAL):
            rest.append(part)
        else:
            found.append(edit)
    return (tuple(found), ", ".join(rest)) if found else ((), words)


def _one(words: str, screen: Screen, places: Places) -> Edit | None:
    said = " ".join(_COURTESY.sub(" ", f"{words} ").strip(" .!?,").split())
    bare = _LEAD.sub("", said)
    readings = (reader(form, screen, places) for form in dict.fromkeys((bare, said)) if form for reader in _ALL)
    return next((edit for edit in readings if edit is not None), None)


def _about_items(words: str, screen: Screen, places: Places) -> Edit | None:
    """What can be said of any ride, bed or visit."""
    for verb, patterns in _READERS:
        for pattern in patterns:
            match = pattern.fullmatch(words)
            what = match.groupdict().get("what") if match else None
            if match is None or (what is None and verb not in _RIDE_VERBS):
                continue
            if what and match.groupdict().get("more"):
                what = f"{what} {match['more']}"
            found = pointed(what or "ride", screen, places)
            if verb is Verb.LIST and what and not found.items:  # "another bus" where one goes by train
                found = pointed(_ANY_RIDE.sub("ride", what), screen, places)
            items = tuple(n for n in found.items if verb not in _RIDE_VERBS or screen.items[n].type not in VISITS)
            if verb in _EXCHANGED and any(screen.items[n].type in VISITS for n in items):
                continue
            if items:
                return Edit(verb, items, day=found.day)
    return None


def _drop(words: str, screen: Screen, places: Places) -> Edit | None:
    """A visit is left out; rides and beds are never without another in their place, so they are not read here."""
    match = _DROP[0].fullmatch(words)
    if match is None:
        return None
    what = re.sub(r"^(?:something|kitu|one thing|kitu kimoja)\b", "activity", match["what"])
    found = pointed(what, screen, places)
    items = tuple(n for n in found.items if screen.items[n].type in VISITS)
    return Edit(Verb.DROP, items, day=found.day) if items and len(items) == len(found.items) else None


def _add(words: str, screen: Screen, places: Places) -> Edit | None:
    if _WHAT_ELSE.fullmatch(words):
        return Edit(Verb.MENU, part=Part.VISITS)
    match = _ADD[0].fullmatch(words)
    if match is None:
        return None
    what, day = _without_day(match["what"], screen)
    if _ANYTHING.fullmatch(what):
        return Edit(Verb.MENU, part=Part.VISITS)
    town = places.find(_TOWN.sub("", what))
    if town is not None and _TOWN.sub("", what) not in (town.slug, clean(town.name), *map(clean, town.aliases)):
        town = None  # a name that only resembles a town's is a sight's first
    named = None if town else best_named(what, [other.title for other in screen.left_out])
    if named is not None:
        return Edit(Verb.ADD, other=screen.others.index(screen.left_out[named]), day=day)
    there = list(dict.fromkeys(name for stop in screen.stops for name in sights_near(stop.place)))
    known = None if town else best_named(what, there)
    if known is not None:
        return Edit(Verb.ADD, name=there[known], day=day)
    if town is None or not _TOO.search(words) or any(stop.place == town.slug for stop in screen.stops):
        return None
    return Edit(Verb.STOP, places=(town.slug,))


def _move(words: str, screen: Screen, places: Places) -> Edit | None:
    match = _MOVE.fullmatch(words)
    day = only_day(match["day"], screen) if match else None
    if match is None or day is None:
        return None
    found = pointed(match["what"], screen, places)
    items = tuple(n for n in found.items if screen.items[n].type in VISITS)
    return Edit(Verb.MOVE, items, day=day) if items else None


def _question(words: str, screen: Screen, places: Places) -> Edit | None:
    """What is asked about one's own plan: the cost, the rides, the beds, the programme."""
    if _TOTAL.fullmatch(words):
        return Edit(Verb.TOTAL)
    return next((Edit(Verb.MENU, part=part) for part, pattern in _ASKED if pattern.fullmatch(words)), None)


def _faster(words: str, screen: Screen, places: Places) -> Edit | None:
    return Edit(Verb.FASTER) if _FASTER.fullmatch(words) else None


def _pace(words: str, screen: Screen, places: Places) -> Edit | None:
    if _SLOWER.fullmatch(words):
        return Edit(Verb.SLOWER)
    return Edit(Verb.FULLER) if _FULLER.fullmatch(words) else None


def _stretch(words: str, screen: Screen, places: Places) -> Edit | None:
    """ "One more day in Diani", "punguza siku moja Mombasa": at one of the towns of the trip."""
    match = _STRETCH.fullmatch(words)
    if match is None or not _CHANGE_OF_LENGTH.search(words):
        return None
    place = places.find(match["place"].strip())
    if place is None or all(stop.place != place.slug for stop in screen.stops):
        return None
    said = match["sw"] or match["n"] or "1"
    shorter = match["less"] or match["how"] in ("less", "fewer", "pungufu") or match["end"] in ("less", "pungufu")
    count = 1 if said in ("a", "an", "another") else value(said) or 1
    return Edit(Verb.SHORTER if shorter else Verb.LONGER, count=min(count, _MOST_DAYS), places=(place.slug,))


def _show(words: str, screen: Screen, places: Places) -> Edit | None:
    match = _SHOW_DAY.fullmatch(words)
    day = only_day(match["day"], screen) if match else None
    return None if day is None else Edit(Verb.DAY, day=day)


def _order(words: str, screen: Screen, places: Places) -> Edit | None:
    stops = [stop.place for stop in screen.stops]
    match = _FIRST.fullmatch(words)
    if match is None or len(stops) < 2:
        return None
    if match["turn"]:
        return Edit(Verb.ORDER)
    last = match["end"] is not None or match["where"] in ("last", "mwisho")
    place = places.find((match["place"] or match["begin"] or match["end"]).strip())
    if place is None or stops.count(place.slug) != 1:
        return None
    rest = [slug for slug in stops if slug != place.slug]
    return Edit(Verb.ORDER, places=(*rest, place.slug) if last else (place.slug, *rest))


def _without_day(words: str, screen: Screen) -> tuple[str, int | None]:
    """ "Haller Park on Saturday" → the name, and the day."""
    for cut in re.finditer(r" (?=(?:on |for |siku |day |the )|\w+$)", words):
        day = only_day(words[cut.end() :], screen)
        if day is not None:
            return re.sub(r" (?:on|for|kwa|ya)$", "", words[: cut.start()]), day
    return words, None


_ALL: Final[tuple[Callable[[str, Screen, Places], Edit | None], ...]] = (
    _question, _faster, _pace, _stretch, _order, _move, _drop, _about_items, _add, _show,
)  # fmt: skip


def picked(words: str, others: Sequence[Alternative]) -> int | None:
    """Which of the offered exchanges is picked: "the cheaper one", "ile ya basi", a name. None for no single one."""
    said = " ".join(_COURTESY.sub(" ", f"{words} ").strip(" .!?,").split())
    match = _PICK.fullmatch(said)
    if match is None:
        return None
    ranks: dict[str, Callable[[Alternative], int]] = {
        "cheap": lambda other: other.delta_kes,
        "dear": lambda other: -other.delta_kes,
        "fast": lambda other: other.delta_minutes,
    }
    for name, rank in ranks.items():
        if match[name]:
            return min(range(len(others)), key=lambda n: rank(others[n]))
    of_kind = [n for n, other in enumerate(others) if _is_kind(match["what"], other.type)]
    if len(of_kind) == 1:
        return of_kind[0]
    return best_named(match["what"], [other.title for other in others])


def _is_kind(word: str, kind: ItemType) -> bool:
    kinds = {"bus": ItemType.BUS, "basi": ItemType.BUS, "train": ItemType.TRAIN, "treni": ItemType.TRAIN}
    kinds |= {"sgr": ItemType.TRAIN, "flight": ItemType.FLIGHT, "ndege": ItemType.FLIGHT, "plane": ItemType.FLIGHT}
    return kinds.get(word) is kind
