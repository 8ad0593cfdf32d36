"""From where to where: places and points of a message, and the part each one plays in the journey."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.parsers.vocabulary import AIR_CODES, KINDS, POINTS
from planner.model import Place
from planner.places import Gazetteer
from planner.reading import READ, Reading

_FROM = (
    r"from|frm|kutoka|kutokea|toka|natoka|tunatoka|ninatoka|nitatoka|tutatoka|leaving|depart(?:ing)?(?: from)?|"
    r"start(?:ing)? (?:from|in|at)|departure|out of|kuanzia|kati ya|between|origin|nikitoka|tukitoka|inatoka|"
    r"inayotoka|nichukue|tuchukue|nipick|tupick|pick (?:me|us)(?: up)?(?: at| in)?|fetch (?:me|us)(?: at| from)?|"
    r"pick ?-?up (?:at|in|from)|"
    r"collect(?:ed)? (?:me |us )?(?:at|from)"
)
_HERE = (
    r"(?:(?:we |i )?(?:will |'ll )?(?:land|landing) (?:at|in)|natua|(?:tuki|niki|nita|tuta|tuna)tua)|niko|nipo|"
    r"(?:lands?|landing|arriv(?:es?|ing))(?: at)?(?: [\d:.apm]+){0,2} (?:at|in)|nimekwama|nimefika|(?:niki|"
    r"tuki)(?:fika|shuka)|(?:when|once) (?:i|we) (?:arrive|land|get) (?:at|in|to)|tuko|"
    r"tupo|i'?m (?:in|at)|i am (?:in|at)|am in|we are in|we're in|based in|"
    r"live in|living in|naishi|tunaishi|currently in"
)
_TO = (
    r"to|kwenda|kuenda|kwnda|hadi|mpaka|till|until|kuelekea|naelekea|tunaelekea|into|kufika|nifike|tufike|visit|"
    r"kuzuru|kutembelea|naenda|tunaenda|ninaenda|nataenda|nitaenda|tutaenda|nende|twende|enda|nipeleke|tupeleke|"
    r"going|go|see|teremka|shuka|destination|explore|tour|for|unipeleke|utupeleke|tufikishe|nifikishe|drop (?:me|"
    r"us)(?: off)?(?: at| in)?|inaenda|inayoenda|za kwenda|ya kwenda|heading|->|>|nataka|see"
)
_AT = r"in|at|ya|za|wa|huko|huku|around|near|karibu na|ndani ya|through|na|kwa|la|cha|hapa|pale|katika|la kwenda"
_TRAILER = r"(?: (?:the|town of|home|city of|mji wa|huko|huku|hapa|town|home to|ni|is|at|in|on))?"


def _ends(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s\x00,.(])(?:{words}){_TRAILER}[\s\x00\"'(]*$")


_MARKS = (
    ("back", _ends(r"back to|return(?:ing)? to|return|kurudi|na kurudi|rudi|nirudi|turudi|back")),
    (
        "via",
        _ends(
            r"on (?:the|my|our) way to|en ?route to|njiani kwenda|via|through|kupitia|kupita|"
            r"stop(?:ping)? (?:over )?(?:in|at)"
        ),
    ),
    ("to", re.compile(r"(?:^|[\s\x00])(?:leaving|going|heading) (?:to|for)[\s\x00]*$")),
    ("from", _ends(_FROM)),
    ("here", _ends(_HERE)),
    ("to", _ends(_TO)),
    ("at", _ends(_AT)),
)
_ARROW = re.compile(r"[\s\x00]*(?:to|2|-+|->|=>|>|hadi|mpaka|till|/|→|na|and)[\s\x00]*")
_LIST = re.compile(
    r"[\s\x00]*(?:,|and|&|na|\+|then|kisha|halafu|alafu|plus|followed by|na kisha|na pia|and then|,? ?then to|"
    r"and also)+(?: (?:to|kwenda|on to|hadi))?[\s\x00]*"
)
_STRONG_ARROW = re.compile(r"[\s\x00]*(?:to|2|kwenda|kuenda|kuelekea|going to|-+|->|=>|>|hadi|mpaka|till|→)[\s\x00]*")
_GAP = re.compile(r"[\s\x00]*")
_WITHIN = re.compile(r"[\s\x00]*(?:,|in|ya|huko|-)?[\s\x00]*")
_RIDES = re.compile(
    "|".join(KINDS[kind].pattern for kind in ("transfers", "trains", "flights", "buses"))
    + r"|\b(?:from|kutoka|natoka)\b"
)
_SUFFIX = re.compile(
    r" (?:(?P<gate>airport|airstrip|sgr (?:station|terminus)|train station|railway station|terminus)|"
    r"(?P<town>town|cbd|city cent(?:re|er)|stage))(?![\w])"
)
_AIRPORT_OF = re.compile(r"(?<!\w)(?:uwanja wa ndege|airport|airstrip|terminus) (?:wa|ya|la|of|in|at) $")
_BARE_POINT = re.compile(
    r"(?<![\w])(?:the )?(?:(?P<gate>airport|uwanja wa ndege|airstrip)|(?P<sgr>sgr(?: station|"
    r" terminus)?(?! (?:tickets?|tiketi|trains?|"
    r"economy|first|seats?|booking|fare))|terminus|train station)|(?P<town>town|tao|mjini|cbd|city cent(?:re|"
    r"er)))(?![\w])"
)
# "to relax" is no place: "to" counts only after a journey ("bus to …", "2 pax to …"), "kwenda" always.
_UNKNOWN = re.compile(
    r"(?:(?<![\w])(?:kwenda|kuenda|naenda|tunaenda|nipeleke|visit|natoka)|(?:\x00|(?<![\w])(?:bus|buses|train|"
    r"flights?|hotels?|trip|go|going|travel|travelling|get|fly|shuttle|matatu|mat|gari|safari|taxi|basi|treni|ndege|"
    r"hoteli|tickets?|safiri|weekend|holiday|vacation|events?|room|airbnb|plan|kusafiri|nipangie|coach|"
    r"sgr))\x00*(?: (?:kwenda|ya|kutoka|to|from|in|hadi|mpaka)){1,3}) "
    r"(?P<word>[a-z][a-z']{2,24})(?: (?P<next>[a-z][a-z']{2,24}))?"
)
_WANTS_RIDE = re.compile(
    r"(?<!\w)(?:(?:na|tuna)(?:taka|hitaji|tafuta|omba)|need|want|looking for) (?:an? |the )?"
    r"(?:mats?|matatu|gari|basi|bus|shuttle|treni|train|sgr|ndege|flight|usafiri|transport)\b"
)
_ASKED = re.compile(r"(?<!\w)(?:nataka|naomba|tunataka|need|want|for|see)(?: the| a)?[\s\x00]*$")
_SWAPPED = re.compile(r"(?<!\w)(?:swap|replace|change|badilisha)[\s\x00]*$")
# "Diani instead of Mombasa": the second gives way to the first.
_GIVES_WAY = re.compile(
    r"(?<!\w)(?:instead of|badala ya|rather than|in place of|(?<!why )(?<!if )(?:and |but |na )?not|sio|siyo|si|wala)"
    r"(?: (?:the|to|going to|kwenda|in))?[\s\x00]*$"
)
_STARTS = re.compile(r"(?:from|kutoka|natoka) $")
_ANY_POINT = re.compile(rf"\b(?:{'|'.join(pattern.pattern for pattern, *_ in POINTS)})")  # most messages name none
_STATIONS = {"Nairobi Terminus": "nairobi", "Mombasa Terminus": "mombasa"}


@dataclass(slots=True)
class Stop:
    """A place or point in the text. `role`: "from", "to", "here", "at", "back", "via", "out" (gives way to
    another) or "" when nothing marks it.
    """

    slug: str
    start: int
    end: int
    label: str = ""
    kind: str = ""  # "gate" (airport, terminus), "area", "town", "sight", "" for a plain place
    role: str = ""
    part_of: str = ""  # slug of the town that a suburb belongs to


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message starts and goes, as slugs; points are names of spots inside those towns."""

    origin: str | None = None
    destinations: tuple[str, ...] = ()
    origin_point: str | None = None
    destination_point: str | None = None
    refused: bool = False  # a place was named that is not wanted
    replaced: tuple[str, ...] = ()  # places that give way to the others
    sight: bool = False  # the goal is a sight: it may be wished for without moving the trip
    local: bool = False  # from or to a spot: a ride, unless another means of travel is named
    unknown: str = ""  # a goal that is in no gazetteer, as written
    unknown_origin: str = ""
    stops: tuple[Stop, ...] = field(default=(), repr=False)


def find(
    reading: Reading,
    gazetteer: Gazetteer,
    ordinary: frozenset[str],
    *,
    by_air: bool,
    refused: Sequence[tuple[int, int]] = (),
) -> Route:
    """The journey in what is still unread; marks the names as read. `ordinary` are words that name no place.

    Places inside the spans `refused` ("without Nakuru") are no part of it.
    """
    stops = _points(reading, gazetteer)
    for mention in gazetteer.mentions(reading.rest.replace(READ, "_")):
        stops.append(_plain(reading, mention.place, mention.start, mention.end))
    if by_air:
        codes = re.compile(rf"(?<![\w])(?:{'|'.join(AIR_CODES)})(?![\w])")
        stops += [Stop(AIR_CODES[match.group()], *match.span()) for match in reading.take(codes)]
    stops.sort(key=lambda stop: stop.start)
    _bare_points(reading, gazetteer, stops)
    unknown = _near_or_unknown(reading, gazetteer, ordinary, stops)
    stops.sort(key=lambda stop: stop.start)
    wanted = [stop for stop in stops if not any(start <= stop.start < end for start, end in refused)]
    _assign(reading, wanted)
    for stop in wanted:
        if _GIVES_WAY.search(reading.original[: stop.start]) and any(other.slug != stop.slug for other in wanted):
            stop.role = "out"
    return replace(
        _route([stop for stop in wanted if stop.role != "out"], nowhere=not unknown),
        unknown=next((name for name, start in unknown if not start), ""),
        unknown_origin=next((name for name, start in unknown if start), ""),
        stops=tuple(stops),
        refused=len(wanted) < len(stops),
        replaced=tuple(dict.fromkeys(stop.slug for stop in wanted if stop.role == "out")),
    )


def _points(reading: Reading, gazetteer: Gazetteer) -> list[Stop]:
    if not _ANY_POINT.search(reading.rest):
        return []
    stops = [
        Stop(place, *match.span(), label, kind)
        for pattern, place, label, kind in POINTS
        for match in reading.take(pattern)
    ]
    return [stop for stop in stops if gazetteer.get(stop.slug)]


def _plain(reading: Reading, place: Place, start: int, end: int) -> Stop:
    label, kind = "", ""
    if airport := _AIRPORT_OF.search(reading.rest[:start]):
        start, label, kind = airport.start(), f"{place.name} airport", "gate"
    if suffix := _SUFFIX.match(reading.rest, end):
        end = suffix.end()
        if suffix["gate"]:
            station = place.station if "sgr" in suffix["gate"] or suffix["gate"][0] == "t" else None
            label, kind = station or f"{place.name} {suffix['gate']}", "gate"
        else:
            label, kind = f"{place.name} {suffix['town']}", "town"
    reading.blank(start, end)
    return Stop(place.slug, start, end, label, kind, part_of=place.county.lower() if place.kind == "suburb" else "")


def _bare_points(reading: Reading, gazetteer: Gazetteer, stops: list[Stop]) -> None:
    """ "the airport", "town", "SGR" belong to the only town named beside them."""
    if not stops or len({stop.slug for stop in stops}) > 1:
        return
    place = gazetteer.get(stops[0].slug)
    for match in list(_BARE_POINT.finditer(reading.rest)):
        mark = _mark(reading.rest[: match.start()])
        if place is None or mark not in ("from", "to") or _ASKED.search(reading.rest[: match.start()]):
            continue
        if match["sgr"]:
            if not place.station:
                continue
            town = _STATIONS.get(place.station, place.slug)
            stops.append(Stop(town, *match.span(), place.station, "gate"))
        elif match["gate"]:
            stops.append(Stop(place.slug, *match.span(), f"{place.name} airport", "gate"))
        else:
            stops.append(Stop(place.slug, *match.span(), f"{place.name} town", "town"))
        reading.blank(*match.span())
    stops.sort(key=lambda stop: stop.start)


def _near_or_unknown(
    reading: Reading, gazetteer: Gazetteer, ordinary: frozenset[str], stops: list[Stop]
) -> list[tuple[str, bool]]:
    """Words after "to" or "from" that are no ordinary ones: a short name misspelt, or a place that is not known.

    The unknown ones are returned as written, with whether the journey starts there.
    """
    unknown: list[tuple[str, bool]] = []
    for match in list(_UNKNOWN.finditer(reading.rest)):
        word, after = match["word"], match["next"] or ""
        if word in ordinary:
            continue
        if place := gazetteer.find(word):
            stops.append(_plain(reading, place, *match.span("word")))
            continue
        two = after and after not in ordinary
        starts = bool(_STARTS.search(reading.rest[: match.start("word")]))
        unknown.append((f"{word} {after}".title() if two else word.title(), starts))
        reading.blank(match.start("word"), match.end("next") if two else match.end("word"))
    return unknown


def _mark(before: str) -> str:
    tail = before[-40:]
    return next((role for role, pattern in _MARKS if pattern.search(tail)), "")


def _assign(reading: Reading, stops: list[Stop]) -> None:
    starts = _says_where_from(reading, stops)
    rides = _RIDES.search(reading.original)
    for at, stop in enumerate(stops):
        before = stops[at - 1] if at else None
        gap = reading.original[before.end : stop.start] if before else ""
        if before is None:
            stop.role = _mark(reading.original[: stop.start])
        elif _SWAPPED.search(reading.original[: before.start]) and at == 1:
            stop.role, before.role = "to", "out"  # "swap Naivasha for Nakuru": the first is left out
        elif _STRONG_ARROW.fullmatch(gap) or (before.role == "from" and _ARROW.fullmatch(gap)):
            _arrow(stops, at)
        elif _GAP.fullmatch(gap) and stop.slug == before.slug:
            stop.role = before.role  # two names of one place: "Mbita Rusinga"
        elif before.part_of == stop.slug and _WITHIN.fullmatch(gap) and not rides:
            stop.role = "within"  # "Nyali, Mombasa" is one place, the smaller one
        elif stop.part_of == before.slug and _WITHIN.fullmatch(gap) and not rides:
            stop.role, before.role = before.role, "within"
        elif _GAP.fullmatch(gap) and starts and before.role not in ("from", "here", "via", "back"):
            stop.role = "next" if before.role in ("to", "next") else "and"
        elif _GAP.fullmatch(gap) and before.role not in ("via", "back"):
            stop.role = "to"
            before.role = "from" if before.role in ("", "at", "from", "to") and not _leads(stops, at) else before.role
        elif _LIST.fullmatch(gap):
            stop.role = "next" if before.role in ("to", "next") else "and"
        elif before.role in ("", "here") and at == 1 and _mark(gap) != "from" and _WANTS_RIDE.search(gap):
            stop.role = "to"  # "niko Naks nataka mat ya Nai"
        else:
            stop.role = _mark(gap)


def _says_where_from(reading: Reading, stops: list[Stop]) -> bool:
    """Whether a word marks the start, so that two places side by side are no "Nairobi Kisumu"."""
    ends = [0, *(stop.end for stop in stops)]
    return any(_mark(reading.original[end : stop.start]) == "from" for end, stop in zip(ends[:-1], stops, strict=True))


def _leads(stops: list[Stop], at: int) -> bool:
    """Whether the stop before already continues a route ("Nairobi to Naivasha Nakuru")."""
    return at >= 2 and any(stop.role == "from" for stop in stops[: at - 1])


def _arrow(stops: list[Stop], at: int) -> None:
    before, stop = stops[at - 1], stops[at]
    stop.role = "to"
    if before.role in ("", "at", "here", "and") or (before.role == "to" and not _leads(stops, at)):
        before.role = "from"


def _route(stops: list[Stop], *, nowhere: bool) -> Route:
    origin = next((stop for stop in stops if stop.role == "from"), None)
    if origin is None:
        here = next((stop for stop in stops if stop.role == "here"), None)
        if here and any(stop is not here and _apart(stop, here) for stop in stops):
            origin = here
    goals = [stop for stop in stops if stop is not origin and stop.role not in ("from", "via", "within")]
    if origin is None and len(goals) > 1 and not goals[0].role and goals[1].role == "to":
        origin = goals.pop(0)
    returns = [stop for stop in goals if stop.role == "back"]
    starts = [stop for stop in goals if stop.role in ("", "here", "at")]
    if origin is None and len(starts) == 1 == len(returns) == len(goals) - 1 and starts[0].slug != returns[0].slug:
        origin = starts[0]
        goals.remove(origin)
    goals = [stop for stop in goals if stop.role != "back"] or returns
    goals = _without_home(goals, origin) if origin else goals
    if origin and not goals and nowhere:
        return Route(origin.slug, (), origin.label or None, local=origin.kind == "gate", stops=tuple(stops))
    if not stops or (origin is None and not goals):
        goals = [stop for stop in stops if stop.role == "via"]  # "does it stop at Emali?"
    marked = [stop for stop in goals if stop.role in ("to", "next")]
    first = marked[0] if marked else goals[0] if goals else None
    chosen = [stop for stop in goals if stop in marked or stop.role in ("at", "and", "", "back", "via")]
    slugs = tuple(dict.fromkeys(stop.slug for stop in chosen))
    if first is not None:
        slugs = (first.slug, *(slug for slug in slugs if slug != first.slug)) if first.role == "to" else slugs
    return Route(
        origin=origin.slug if origin else None,
        destinations=slugs,
        origin_point=(origin.label or None) if origin else None,
        destination_point=(first.label or None) if first else None,
        sight=first is not None and first.kind == "sight",
        local=_is_local(origin, first),
        stops=tuple(stops),
    )


def _apart(stop: Stop, here: Stop) -> bool:
    """Whether a stop can be gone to from here: another town, the town as a whole, or another spot in it."""
    return stop.slug != here.slug or stop.kind in ("", "sight") or bool(here.label and stop.label != here.label)


def _without_home(goals: list[Stop], origin: Stop) -> list[Stop]:
    """Without the town one starts from, where others are named, unless it stands in a list with them."""
    elsewhere = [stop for stop in goals if stop.slug != origin.slug]
    listed = {stop.slug for pair in pairwise(goals) if pair[1].role in ("and", "next") for stop in pair}
    return goals if not elsewhere or origin.slug in listed else elsewhere


def _is_local(origin: Stop | None, goal: Stop | None) -> bool:
    """Whether an end is an airport or terminus, or both ends lie in one town and one is a spot in it."""
    if origin is None or goal is None:
        return False
    kinds = (origin.kind, goal.kind)
    return "gate" in kinds or (origin.slug == goal.slug and any(kinds))
