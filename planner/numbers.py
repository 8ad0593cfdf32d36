"""Number words of English and Swahili, as travellers write them."""

from __future__ import annotations

import re

_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_TENS = {"ishirini": 20, "thelathini": 30, "arobaini": 40, "hamsini": 50, "sitini": 60, "sabini": 70, "themanini": 80}
_ENGLISH_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH_TENS = {word: tens * 10 for tens, word in enumerate(_ENGLISH_TEN_WORDS.split(), 2)}
_UNITS = {
    1: "moja mmoja kimoja mosi",
    2: "mbili wawili viwili mawili pili",
    3: "tatu watatu vitatu",  # "matatu" is a minibus, never three
    4: "nne wanne vinne manne",
    5: "tano watano vitano matano",
    6: "sita",
    7: "saba",
    8: "nane wanane vinane manane",
    9: "tisa",
    10: "kumi",
}

WORDS: dict[str, int] = {
    **{word: value for value, word in enumerate(_ENGLISH.split(), start=1)},
    **{word: value for value, words in _UNITS.items() for word in words.split()},
    **_TENS,
    "tisini": 90,
    **_ENGLISH_TENS,
    "kwanza": 1,
}
PEOPLE = frozenset({"wawili", "watatu", "wanne", "watano", "wanane"})  # forms that can only count people

_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
_ONES = "|".join(_ENGLISH.split()[:9])
_LOANS = {*_ENGLISH.split(), *_ENGLISH_TENS}
SWAHILI = "|".join(sorted((word for word in WORDS if word not in _LOANS), key=len, reverse=True))
"""Pattern of a Swahili number word."""
NUMBER = (
    rf"(?:\d{{1,3}}(?![\d,.]*\d)|(?:kumi|{'|'.join(_TENS)})(?: na (?:{_WORD}))?"
    rf"|(?:{'|'.join(_ENGLISH_TENS)})[ -](?:{_ONES})|(?:{_WORD}))"
)
"""Pattern of a count: digits up to 999, or words up to ninety-nine."""


def value(text: str) -> int | None:
    """The number that words or digits stand for ("3", "tatu", "kumi na mbili"), None when they are none."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text)
    total = 0
    for word in re.split(r" na |[ -]", text):
        if word not in WORDS:
            return None
        total += WORDS[word]
    return total
