"""Hours a trip must keep: "leave after 5pm Friday", "turudi kabla ya saa mbili usiku", "no driving at night"."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import time

from planner.datewords import WEEKDAYS
from planner.numbers import value
from planner.reading import Reading

_B, _E = r"(?<![\w/.,-])", r"(?![\w/:]|[.,]\d)"
_SW = r"moja|mbili|tatu|nne|tano|sita|saba|nane|tisa|kumi na mbili|kumi na moja|kumi|1[0-2]|[1-9]"
_PART = r"asubuhi|alfajiri|mchana|alasiri|jioni|usiku"
_CLOCK = (
    r"(?P<noon>noon|midday|mid-day|adhuhuri|saa sita(?: ya| za)? mchana)|(?P<work>work)|"
    r"(?:saa )?(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>am|pm|a\.m\.?|p\.m\.?)|"
    r"(?P<hour24>[01]?\d|2[0-3])[:.](?P<minute24>[0-5]\d) ?(?:hrs|h)?|"
    r"(?P<mil>[01]\d|2[0-3])(?P<milmin>[0-5]\d) ?(?:hrs?|h)|"
    rf"saa (?P<sw>{_SW})(?: (?P<past>kasorobo|kasoro robo|na nusu|na robo))?(?: (?:ya |za )?(?P<part>{_PART}))?|"
    r"(?P<bare>1[0-2]|[1-9])(?: o'?clock)?(?! ?(?:k|kes|ksh|am|pm|%|days?|nights?|hours?|hrs?|weeks?|people|"
    r"pax|adults?|kids|january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|st|nd|rd|th)\b)"
)
_AFTER = (
    r"(?:any ?time |only )?(?:after|past|not (?:before|earlier than)|no earlier than|from|baada ya|kuanzia|"
    r"si(?:o|yo)? kabla ya|sio kabla ya|sio mapema kabla ya)"
)
_BY = (
    r"(?:by|before|no later than|not later than|at the latest by|latest by|latest|kabla ya|ifikapo|kufikia|"
    r"si(?:o|yo)? baada ya|mwisho)"
)
# What may stand between the verb and the hour: a day, a place, "from here"; never another verb.
_GAP = r"(?:,? (?!(?:leave|depart|arrive|return|back|be|and|na|then|kisha|turudi|tufike|tuondoke)\b)[\w'-]+){0,4}?"
_BACK = (
    r"(?:be |get |come |head |drive |travel |start |make it |go |leave |set off |leaving |coming |heading |getting )?"
    r"(?:back|home)|return(?:ing)?|(?:ni|tu)?rudi|nirudi|turudi|kurudi|tuanze kurudi|(?:tuwe|niwe|tufike|nifike) "
    r"(?:nyumbani|home)|(?:tuwe|niwe) (?:tu|ni)merudi|(?:tu|ni)merudi"
)
_OUT = (
    r"leav(?:e|ing)|depart(?:ing|ure)?|set(?:ting)? (?:off|out)|start(?:ing)?|head(?:ing)? out|travel|go|get off|"
    r"(?:tu|ni)?ondok[ea]|kuondoka|(?:tu|ni)toke|(?:tu|ni)anze(?: safari)?|(?:tu|ni)safiri|(?:tu|na)ondoka"
)
_THERE = (
    r"arriv(?:e|ing|al)|get(?:ting)? there|be there|reach(?:ing)?|get to|be in|(?:tu|ni)fike|kufika|(?:tu|ni)wasili|"
    r"(?:tuwe|niwe) (?:huko|pale)"
)
_WEEKDAY = re.compile(rf"(?:on |siku ya |hiyo )?(?<!\w)(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})(?!\w)")
_HOME = re.compile(r"(?<!\w)(?:in|to|at) (?!on )[\w'-]+")
_SAID = (
    ("leave_back_after", re.compile(rf"{_B}(?:{_BACK})(?P<gap>{_GAP}) (?P<when>{_AFTER} (?:{_CLOCK})){_E}")),
    ("back_by", re.compile(rf"{_B}(?:{_BACK})(?P<gap>{_GAP}) (?P<when>{_BY} (?:{_CLOCK})){_E}")),
    ("arrive_by", re.compile(rf"{_B}(?:{_THERE})(?P<gap>{_GAP}) (?P<when>{_BY} (?:{_CLOCK})){_E}")),
    ("leave_after", re.compile(rf"{_B}(?:{_OUT})(?P<gap>{_GAP}) (?P<when>{_AFTER} (?:{_CLOCK})){_E}")),
)
# "Only free after 5pm on Friday": the way out waits for it.
_FREE = re.compile(
    rf"{_B}(?:free|available|off work|off|done with work|nimetoka kazi|(?:tu|ni)takuwa huru)(?P<gap>{_GAP}) "
    rf"(?P<when>{_AFTER} (?:{_CLOCK})){_E}"
)
_AFTERNOON = 7  # "by 7" is in the evening, "by 8" of a morning …
_EVENING = 9  # … but nobody means to be back home at eight in the morning
_WORK_ENDS = time(17)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the way out and home that a message sets; `said` are the words that said so."""

    leave_after: time | None = None
    arrive_by: time | None = None
    leave_back_after: time | None = None
    back_by: time | None = None
    said: tuple[str, ...] = ()
    days: tuple[tuple[int, int], ...] = ()  # where the weekdays beside them stand, the way out first

    leave_day: tuple[int, int] | None = None  # the weekday beside `leave_after`

    def of_the_way_home(self) -> Hours:
        """The same where `leave_after` turns out to be about the last day ("leave Mombasa after 3pm Sunday")."""
        return replace(self, leave_after=None, leave_back_after=self.leave_back_after or self.leave_after)

    def __bool__(self) -> bool:
        return bool(self.said)


NAMES = tuple(each.name for each in fields(Hours) if each.name not in ("said", "days", "leave_day"))


def find(reading: Reading) -> Hours:
    """The hours said, marked as read; the days beside them are left to whoever reads days."""
    found: dict[str, time] = {}
    said: list[str] = []
    days: dict[str, list[tuple[int, int]]] = {}
    for name, pattern in (*_SAID, ("leave_after", _FREE)):
        for match in pattern.finditer(reading.rest):
            at = clock(match, late=name == "back_by")
            if at is None or name in found:
                continue
            found[name] = at
            said.append(match["when"])
            end = match.end() + 1
            beside = [*_WEEKDAY.finditer(reading.rest, *match.span("gap"))]
            beside += [after] if (after := _WEEKDAY.match(reading.rest, end)) and not beside else []
            days.setdefault(name, []).extend(day.span() for day in beside)
            reading.blank(*match.span("when"))
            if name == "back_by":  # "back in Nairobi by 5pm": that town is no destination
                for home in list(_HOME.finditer(reading.rest, *match.span("gap"))):
                    reading.blank(*home.span())
    ordered = [span for name in NAMES for span in days.get(name, ())]
    leave = next(iter(days.get("leave_after", ())), None)
    return Hours(**found, said=tuple(said), days=tuple(ordered), leave_day=leave)


def clock(match: re.Match[str], *, late: bool) -> time | None:
    """The time of day a match of the clock pattern means; `late`: a bare hour is more likely of the evening."""
    if match["noon"]:
        return time(12)
    if match["work"]:
        return _WORK_ENDS
    if match["hour"]:
        return time(int(match["hour"]) % 12 + (12 if match["half"][0] == "p" else 0), int(match["minute"] or 0))
    if match["hour24"]:
        return time(int(match["hour24"]), int(match["minute24"]))
    if match["mil"]:
        return time(int(match["mil"]), int(match["milmin"]))
    if match["sw"]:
        at = swahili(match["sw"], match["past"] or "", match["part"] or "")
        morning = at is not None and at.hour <= _EVENING and not match["part"]
        return at.replace(hour=at.hour + 12) if at and late and morning else at
    hour = int(match["bare"])
    return time(hour % 12 + (12 if hour <= (_EVENING if late else _AFTERNOON) or hour == 12 else 0))


def swahili(hour: str, past: str, part: str) -> time | None:
    """The time of a Swahili hour, which is counted from six: "kumi na moja", "", "jioni" → 17:00."""
    count = value(hour)
    if count is None or not 1 <= count <= 12:
        return None
    if part == "usiku":
        at = (count + 18) % 24
    elif part in ("asubuhi", "alfajiri") and count >= 10:
        at = count - 6
    else:
        at = (count + 6) % 24
    minutes = {"na nusu": 30, "na robo": 15, "": 0}.get(past, -15)
    total = (at * 60 + minutes) % (24 * 60)
    return time(total // 60, total % 60)


_NOT = (
    r"(?:no|not|never|avoid|without|don'?t(?: want to| like to)?|do not(?: want to)?|dont(?: want to)?|won'?t|can'?t|"
    r"rather not|hate|(?:ha|si)(?:tu)?taki|sitaki|hatutaki|hatupendi|sipendi|bila|usi|tusi|si|sio|siyo)"
)
_WHEN_DARK = (
    r"(?:at night|by night|in the night|during the night|overnight|after (?:dark|sunset|nightfall)|in the dark|"
    r"when it(?:'s| is) dark|usiku|gizani|giza|wakati wa usiku|baada ya giza|kukiwa giza|jua likizama)"
)
_ROAD_BY_NIGHT = re.compile(
    rf"{_B}(?:we |i |tu)?{_NOT},? ?(?:to |be |us |any |kwa |ku)?(?:"
    rf"(?:do )?(?:driv(?:e|ing)|road travel|night driving|road trips?)(?: \w+){{0,3}}? {_WHEN_DARK}|"
    rf"(?:do )?night[- ](?:time )?driving|"
    rf"(?:travel(?:l?ing)?|go(?:ing)?|be(?:ing)?|move|moving)?(?: \w+)?? ?(?:by|on(?: the)?) roads? {_WHEN_DARK}|"
    rf"travel(?:l?ing)? {_WHEN_DARK} (?:by|on) (?:the )?roads?|"
    rf"(?:ku)?(?:we|wa|kaa) (?:barabarani|njiani) {_WHEN_DARK}|"
    rf"(?:ku)?(?:safiri|endesha|kaa|wa)(?: gari| na gari| kwa gari| kwa barabara| barabarani)? {_WHEN_DARK} "
    rf"(?:barabarani|kwa barabara|njiani|kwa gari)|(?:ku)?endesha(?: gari)? {_WHEN_DARK}|"
    rf"(?:ku)?safiri(?: kwa)? (?:barabara|barabarani) {_WHEN_DARK}|"
    rf"(?:ku)?safiri {_WHEN_DARK} (?:barabarani|kwa barabara|kwa gari))"
    rf"|{_B}(?:only|just) (?:drive|travel|be on the road) (?:by day|in daylight|during the day)(?: by road)?"
    rf"|{_B}(?:drive|(?:(?:go|travel) )?by road|road travel|on the road) only (?:by day|in daylight|during the day)"
    rf"|{_B}usiku (?:tu|ni)siwe (?:barabarani|njiani)"
    rf"|{_B}(?:tu)?safiri(?:e)? (?:barabarani|kwa barabara) mchana (?:tu|pekee)"
)
_BY_NIGHT = re.compile(
    rf"{_B}(?:we |i )?{_NOT},? ?(?:to |any |the |a |ku)?(?:travel(?:l?ing)?|journeys?|safiri) {_WHEN_DARK}"
    rf"|{_B}{_NOT} (?:any |a )?(?:night|overnight) (?:travel|journeys?)(?!\w)"
)
_NIGHT_RIDE = re.compile(
    rf"{_B}{_NOT},? ?(?:take |taking |to take |any |a |the |want ){{0,3}}(?:(?:night|overnight)[- ]"
    r"(?:bus|buses|trains?|rides?|coach|matatus?|transport)|(?:basi|mabasi|gari|treni|matatu) (?:la|ya|za) usiku)(?!\w)"
)


def refused_nights(words: str) -> tuple[str, tuple[str, ...]]:
    """The words without what they say against travelling at night, and the wishes this comes to.

    "no_road_after_dark" keeps to daylight on the road, "no_night_travel" takes no ride overnight; who wants no travel
    at night at all means both.
    """
    wishes: list[str] = []
    for pattern, meant in (
        (_ROAD_BY_NIGHT, ("no_road_after_dark",)),
        (_NIGHT_RIDE, ("no_night_travel",)),
        (_BY_NIGHT, ("no_night_travel", "no_road_after_dark")),
    ):
        words, count = pattern.subn(" ", words)
        wishes += meant if count else ()
    return " ".join(words.split()) if wishes else words, tuple(dict.fromkeys(wishes))
