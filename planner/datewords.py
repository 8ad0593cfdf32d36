"""The words and patterns of dates in English, Swahili and Sheng that `planner.dates` reads with."""

from __future__ import annotations

import re

from planner.numbers import NUMBER, SWAHILI

_WEEKDAY_WORDS = {
    0: "monday mon jumatatu jtatu mande mandei",
    1: "tuesday tue tues jumanne jnne",
    2: "wednesday wed weds wednsday wensday jumatano jtano",
    3: "thursday thu thur thurs alhamisi",
    4: "friday fri ijumaa iju furahiday fridey",
    5: "saturday sat sato jumamosi jmosi satuday",
    6: "sunday sun sande jumapili jpili",
}
WEEKDAYS: dict[str, int] = {
    "furahi day": 4,
    **{word: day for day, words in _WEEKDAY_WORDS.items() for word in words.split()},
}

_MONTH_WORDS = {
    1: "january jan januari",
    2: "february feb februari",
    3: "march mar machi",
    4: "april apr aprili",
    5: "may mei",
    6: "june jun juni",
    7: "july jul julai",
    8: "august aug agosti",
    9: "september sept sep septemba",
    10: "october oct oktoba",
    11: "november nov novemba",
    12: "december dec desemba disemba dece",
}
MONTHS: dict[str, int] = {word: number for number, words in _MONTH_WORDS.items() for word in words.split()}


def _any(words: dict[str, int] | list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SW_ORDER = "kumi na mbili|kumi na moja|kumi|kwanza|pili|tatu|nne|tano|sita|saba|nane|tisa|1[0-2]|[1-9](?!\\d)"
_SW_MONTH = rf"mwezi (?:wa )?(?:{_SW_ORDER})"
_NAMED_MONTH = rf"(?:mwezi wa )?(?:{_any(MONTHS)})|{_SW_MONTH}"
# "may" and "march" are verbs and "mar" is close to Mara: alone they are months only after "in", "mwezi wa" …
_SURE_MONTH = _any([word for word in MONTHS if word not in ("may", "march", "mar", "dece")])
_SPAN_MONTH = "next month|nxt month|month ijayo|mwezi ujao|this month|mwezi huu"
_YEAR = r"(?:,? ?(?P<year>20\d\d))?"
_N = r"(?:[12]\d|3[01]|0?[1-9])"
_ORD = rf"{_N}(?:st|nd|rd|th)?"
_TO = r"\s?(?:-|to|till|until|hadi|mpaka|and|na)\s?(?:tarehe |the )?"
_TO_WORD = r" (?:to|till|until|hadi|mpaka) (?:tarehe |trh )?"  # never "na": "kumi na tano" is fifteen
_LEAD = r"(?:tarehe |trh |the )?"
_NTH_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth "
    "twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
)
NTH = {word: number for number, word in enumerate(_NTH_WORDS.split(), start=1)}
"""The days of a month in English words."""
_NTH = "|".join(word.replace("-", "[ -]") for word in sorted(NTH, key=len, reverse=True))
_ON = r"(?:this |next |nxt |coming |the coming |hii |on )?"
_HII = r"(?: ijayo| hii| inayokuja| ijao)?"
_B, _E = r"(?<![\w/])(?<!\d[.,])", r"(?![\w/]|[.,]\d)"
_WEEKS = r"weeks?|wks?|wiki"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


PATTERNS: dict[str, re.Pattern[str]] = {
    "offset": _compile(
        rf"{_B}(?:(?:in|after) (?P<n>{NUMBER}) (?P<unit>days?|{_WEEKS})(?:'? time)?|"
        rf"(?<!for )(?<!kwa )(?P<n2>{NUMBER}) (?P<unit2>days?|"
        rf"{_WEEKS}) from (?:now|today)|(?:baada ya|after) (?P<unit3>siku|wiki) (?P<n3>{NUMBER})){_E}"
    ),
    "iso": _compile(rf"{_B}(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d){_E}"),
    "month_first": _compile(  # "mwezi wa kwanza tarehe 5 hadi 9"
        rf"{_B}(?P<month>{_SW_MONTH}|mwezi wa (?:{_any(MONTHS)})),? (?:tarehe|trh) (?:(?P<day>{_ORD}){_TO}"
        rf"(?P<last>{_ORD})|(?P<day2>{NUMBER}){_TO_WORD}(?P<last2>{NUMBER})|(?P<day3>{_ORD}|{NUMBER})){_YEAR}{_E}"
    ),
    "month_range": _compile(
        rf"{_B}(?:{_LEAD}(?P<day>{_ORD}){_TO}(?P<last>{_ORD})|(?:tarehe|"
        rf"trh) (?P<day2>{NUMBER}){_TO_WORD}(?P<last2>{NUMBER}))"
        rf"(?: of| ya)? ?(?P<month>{_NAMED_MONTH}){_YEAR}{_E}"
    ),
    "range_month": _compile(
        rf"{_B}(?P<month>{_any(MONTHS)}) {_LEAD}(?P<day>{_ORD}){_TO}(?P<last>{_ORD})"
        rf"(?! ?(?:{_any(MONTHS)})\b){_YEAR}{_E}"
    ),
    "day_month": _compile(
        rf"{_B}(?<!pax )(?<!watu )(?<!wasee )(?<!tuko )(?:{_LEAD}(?P<day>{_ORD}|{_NTH})|(?:tarehe|"
        rf"trh) (?P<day2>{NUMBER}))(?: of| ya)?[ -]?"
        rf"(?P<month>{_NAMED_MONTH}){_YEAR}{_E}"
    ),
    "month_day": _compile(
        rf"{_B}(?P<month>{_any(MONTHS)}),? {_LEAD}(?P<day>{_ORD}|{_NTH})(?! ?(?:people|pax|watu|nights|days|"
        rf"adults|friends|kids|children|guests)\b){_YEAR}{_E}"
    ),
    "numeric": _compile(
        rf"{_B}{_LEAD}(?!24/7)(?:(?P<day>{_N})(?P<sep>[/.])(?P<month>{_N})(?P=sep)(?P<year>20\d\d|\d\d)"
        rf"|(?P<day2>{_N})/(?P<month2>{_N})|(?P<day3>{_N})-(?P<month3>{_N})-(?P<year3>20\d\d)){_E}"
    ),
    "in_month": _compile(rf"{_B}{_LEAD}(?P<day>{_ORD})(?: of| ya)? (?P<month>{_SPAN_MONTH}){_E}"),
    "month_end": _compile(
        rf"{_B}(?:mwisho wa mwezi|mwisho mwezi|mwisho wa mwezi huu|(?:at )?(?:the )?end of (?:the |this )?month|"
        rf"month ?end|end ?month){_E}"
    ),
    "relative": _compile(
        rf"{_B}(?:(?:the )?day after tomorrow|overmorrow|kesho ?kutwa|mtondo(?:goo)?|kesho|tomorrow|tomorow|"
        rf"tommorow|tommorrow"
        r"|tmrw|tomoro|tomo|tmr|2moro|leo hii|leo|today|2day|tonight|tonite|2nite|this (?:morning|afternoon|"
        r"evening)|(?:asubuhi|mchana|jioni|usiku) (?:hii|huu|ya leo)"
        rf"|saa hii|saa hizi|sa hii|sahii|sahi|sai|saizi|saivi|(?:right|leaving|going|travel|go) now){_E}"
    ),
    "weekend": _compile(
        rf"{_B}{_ON}(?:long )?(?:weekend|weekendi|wikendi|wikiendi|wkend|wknd|mwisho wa (?:wiki|juma)){_HII}{_E}"
    ),
    "week": _compile(
        rf"{_B}(?:(?:next|nxt|coming|this|hii) (?:week|wk|wiki)|(?:wiki|week|wk|juma) (?:ijayo|hii|lijalo|"
        rf"inayokuja)){_E}"
    ),
    "weekday": _compile(
        rf"{_B}{_ON}(?:siku ya )?(?<!the )(?<!in the )(?P<day>{_any(WEEKDAYS)})(?! (?:bath|set|rise|"
        rf"block))(?:'s)?{_HII}{_E}"
    ),
    "ordinal_range": _compile(
        rf"{_B}(?:tarehe|trh) (?:(?P<day>{_ORD}){_TO}(?P<last>{_ORD})|"
        rf"(?P<day2>{NUMBER}){_TO_WORD}(?P<last2>{NUMBER})){_E}"
    ),
    "ordinal": _compile(
        rf"{_B}(?:(?:tarehe|trh) (?P<day>{_ORD}|{NUMBER})|(?:on |the |by |from )*(?P<day2>{_N}(?:st|nd|rd|"
        rf"th))(?! (?:class|floor|day|option|one|time|row|person|choice))){_E}"
    ),
    "month": _compile(
        rf"{_B}(?:(?:early |mid |late |mid-)?(?P<month>{_SURE_MONTH}|{_SPAN_MONTH})|(?P<month2>{_SW_MONTH}|"
        rf"mwezi wa (?:{_any(MONTHS)}))"
        rf"|(?:in|during|for|this|next|early|mid|late|last week of) (?P<month3>may|march|mar)){_YEAR}{_E}"
    ),
}

PAST = _compile(
    rf"{_B}(?:jana|juzi|yesterday|last (?:night|week|weekend|month|year|{_any(WEEKDAYS)})"
    rf"|(?:wiki|juma|{_any(WEEKDAYS)}) (?:iliyopita|lililopita)|mwezi uliopita|mwaka jana|{_N} days ago){_E}"
)

HOLIDAYS: dict[str, re.Pattern[str]] = {
    "new_year_eve": _compile(rf"{_B}new year'?s? eve{_E}"),
    "new_year_day": _compile(rf"{_B}new year'?s? day{_E}"),
    "new_year": _compile(rf"{_B}(?:(?:the )?new years?'?s?|mwaka mpya|nye){_E}"),
    "christmas_eve": _compile(rf"{_B}(?:christmas|xmas) eve{_E}"),
    "boxing": _compile(rf"{_B}boxing day{_E}"),
    "christmas": _compile(rf"{_B}(?:christmas|xmas|krismasi|krisi|chrismas|noeli)(?: day)?{_E}"),
    "good_friday": _compile(rf"{_B}(?:good friday|easter friday|ijumaa kuu|ijumaa ya pasaka){_E}"),
    "easter_monday": _compile(rf"{_B}(?:easter monday|jumatatu ya pasaka){_E}"),
    "easter": _compile(rf"{_B}(?:easter(?: holidays?)?|pasaka|ista){_E}"),
    "jamhuri": _compile(rf"{_B}(?:(?:siku ya |sikukuu ya )?jamhuri(?: day| dei)?){_E}"),
    "mashujaa": _compile(rf"{_B}(?:(?:siku ya |sikukuu ya )?mashujaa(?: day| dei)?){_E}"),
    "madaraka": _compile(rf"{_B}(?:(?:siku ya |sikukuu ya )madaraka|madaraka (?:day|dei)){_E}"),  # alone: the train
    "mazingira": _compile(rf"{_B}(?:(?:siku ya )?mazingira day|siku ya mazingira|utamaduni day){_E}"),
    "labour": _compile(rf"{_B}(?:labou?r day|may day|siku ya wafanyakazi){_E}"),
    "eid": _compile(rf"{_B}(?:eid(?: al[- ]fitr| ul[- ]fitr)?|idd(?: ul[- ]fitr)?|iddi|idi){_E}"),
    "valentine": _compile(rf"{_B}valentine(?:'?s)?(?: day)?{_E}"),
}

# Swahili puts the number last ("watu 2 siku tatu"): one before "siku" belongs to it only when none follows.
_FIRST = rf"{_B}(?<!saa )(?P<n>{NUMBER})(?: more| extra| additional| full)?[ -]?"
_NO_NUMBER = rf"(?! (?:{NUMBER})(?!\w))"


def _length(english: str, swahili: str, not_before: str = "") -> re.Pattern[str]:
    """ "3 days", "3-day", "siku tatu", "days tatu"."""
    tail = rf"(?! (?:{not_before})(?!\w))" if not_before else ""
    return _compile(
        rf"{_FIRST}(?:{english}|{swahili}{_NO_NUMBER}){tail}{_E}"
        rf"|{_B}(?:{swahili} (?P<n1>{NUMBER})|(?:{english}) (?P<n2>{SWAHILI})){_E}"
    )


LENGTHS: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (_compile(rf"{_B}(?P<n>\d\d?) ?d(?:ays?)?[ /,&+]*(?P<nights>\d\d?) ?n(?:ights?)?{_E}"), "days", 1),
    (
        _compile(
            rf"{_B}(?:a|one) night(?! (?:train|bus|flight|coach|ride|out|shuttle)){_E}|"
            rf"{_B}(?<!travel )(?<!travelling )(?<!leave )overnight"
            rf"(?! (?:bus|buses|coach|train|sgr|matatu|shuttle|ride|journey|travel|to)){_E}"
        ),
        "nights",
        1,
    ),
    (_compile(rf"{_B}(?:a )?couple of nights{_E}"), "nights", 2),
    (_length("nights?|nites?|nyts?", "usiku", "train|bus|flight"), "nights", 1),
    (_compile(rf"{_B}(?:a )?couple (?:of )?days{_E}"), "days", 2),
    (_length("weeks?|wks?", "wiki"), "days", 7),
    (_compile(rf"{_B}(?:(?:a|for the|the whole) week|wiki nzima|a full week){_E}"), "days", 7),
    (
        _compile(
            rf"{_B}(?:for (?:a|the|one whole) day|(?:the |a )(?:whole|full) day|siku nzima|"
            rf"mchana kutwa){_E}"
        ),
        "days",
        1,
    ),
    (_compile(rf"{_B}(?:a )?fortnight{_E}"), "days", 14),
    (_length("days?|dayz", "siku"), "days", 1),
    (_compile(rf"{_B}(?:a |one )?day (?:trip|tour|out|visit){_E}"), "days", 1),
)
"""Pattern, unit and how many of the unit each counted thing is."""

BETWEEN = _compile(
    r"[ ,]*(?:-|to|till|until|through|hadi|mpaka|(?:and |na |kisha |then )?(?:(?:we |tuta)?return(?:s|ing)?|rudi|"
    r"kurudi|coming back|back|check ?-?out|leaving|leave|checkout|turudi|narudi|tunarudi|nirudi|kutoka|tutoke|toka|"
    r"end(?:s|ing)?|ending on))[ ,]*(?:on |the |on the |tarehe |siku ya |back on |mpaka |hadi )*"
)
"""What stands between the two ends of a range."""
UNTIL = _compile(r"[ ,]*(?:-|to|till|until|through|hadi|mpaka)[ ,]*(?:the |tarehe |siku ya )?")
"""The part of it that cannot mean anything else."""
EITHER = _compile(r"[ ,]*(?:or|au|ama)[ ,]*(?:on |siku ya )?")
OF = _compile(r"[ ,]*(?:ya|of|of the|on|the|tarehe|ya tarehe|after|,)?[ ,]*")
FILLER = _compile(r"[ ,]*(?:ya|tarehe|on|the)?[ ,]*")
NOT = _compile(r"(?<!\w)(?:badala ya|instead of|rather than|not(?: on)?|sio|siyo|si) (?:siku ya )?$")
"""What takes back the day named after it."""
NOT_THEN = _compile(
    r",? ?(?:(?:hatu|si|ha|haiwe|hai)(?:wezi|wezekani|faai?|weki|tawezekana)|(?:won'?t|doesn'?t|does not|"
    r"will not) work|"
    r"(?:is|are) (?:not (?:possible|good|ok)|out|too (?:soon|early|late))|is impossible)(?!\w)"
)
"""What takes back the day named before it."""
RETURN = _compile(
    r"\b(?:return(?:s|ing)?|(?:ku|ni|nita|tuta|tuki)?rudi|come back|coming back|narudi|turudi|tunarudi|"
    r"(?:come|coming|go|going|get|getting|be) home|back|until|mpaka)(?: home)?"
    r"(?: on| by| before)?(?: the)? $"
)
