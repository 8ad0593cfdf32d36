"""Remarks on the plan on the table, which mean a change only beside one: "too expensive", "first class"."""

from __future__ import annotations

import re
from typing import Final


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{pattern})(?!\w)")


_TOO_DEAR: Final = _words(
    r"(?:too|very|so|quite|way too|a bit|bit) (?:expensive|pricey|costly|dear|steep|high|much money)|pricey|"
    r"over ?priced|(?:i |we )?(?:can ?not|can'?t|cant) afford(?: (?:it|this|that))?|out of (?:my|our) budget|"
    r"ghali(?: sana| mno| kidogo| kwetu| kwangu)?|(?:bei|gharama|price|cost|total) (?:iko|ni|ipo|imekuwa|imepanda|"
    r"is)(?: too)? (?:juu|kubwa|mob|high|ghali|noma)|(?:ni|iko) (?:mob|noma bei|bei mob)|pesa (?:mob|nyingi) sana|"
    r"(?:tu|ni|u)?punguz(?:a|e|ie|ia)(?: (?:bei|kidogo|tu|basi|kiasi|pesa|gharama))*$"
)
_NOT_DEAR: Final = _words(
    r"(?:is not|isn'?t|not|si|sio|siyo|isiwe|usiwe|isiyo|less)(?: (?:too|so|very|ya|that))? (?:expensive|pricey|ghali)"
)
_FAIR: Final = re.compile(
    r"(?:(?:it|that|this|the (?:price|hotel|plan|trip|bus))(?:'s| is)? (?:is not|isn'?t|not)|"
    r"(?:(?:bei|hoteli|hii|hiyo) )?(?:si|sio|siyo))"
    r"(?: (?:too|so|that|very|at all))? (?:expensive|pricey|ghali)(?: sana| at all)?"
)
_CLASS: Final = re.compile(
    r"(?:(?:actually|please|ok(?:ay)?|make it|make that|let'?s (?:do|take|go)|we(?:'ll)? (?:want|take|prefer)|"
    r"i(?:'ll)? (?:want|take|prefer)|in|by|kwa|nataka|tunataka|weka|iwe|tuende|twende|na|the|a|tafadhali) )*"
    r"(?:(?:first|1st|premium|business|economy|second|2nd)[ -]?class|daraja (?:la|ya) (?:kwanza|pili))"
    r"(?: (?:please|instead|seats?|tickets?|tiketi|tafadhali|badala|train|sgr|tu))*"
)


def finds_it_dear(words: str) -> bool:
    """Whether somebody says that it costs too much."""
    return bool(_TOO_DEAR.search(_NOT_DEAR.sub(" ", words)))


def finds_it_fair(words: str) -> bool:
    """Whether the whole message says that it does not cost too much ("not too expensive" alone is a wish)."""
    return bool(_FAIR.fullmatch(words.strip(" .!?,")))


def wants_a_class(words: str) -> bool:
    """Whether the whole message names a class to travel in."""
    return bool(_CLASS.fullmatch(words.strip(" .!?,")))
