"""Words that a text is checked by, in English and Swahili: days, counts, promises, and how sentences begin."""

from __future__ import annotations

import re
from typing import Final

from planner.numbers import WORDS

_MONTH_NAMES: Final = (
    ("january", "jan", "januari"), ("february", "feb", "februari"), ("march", "mar", "machi", "mac"),
    ("april", "apr", "aprili"), ("may", "mei"), ("june", "jun", "juni"), ("july", "jul", "julai"),
    ("august", "aug", "agosti", "ago"), ("september", "sep", "sept", "septemba"), ("october", "oct", "oktoba", "okt"),
    ("november", "nov", "novemba"), ("december", "dec", "desemba", "des"),
)  # fmt: skip
_DAY_NAMES: Final = (
    ("monday", "mon", "jumatatu"), ("tuesday", "tue", "tues", "jumanne"), ("wednesday", "wed", "jumatano"),
    ("thursday", "thu", "thurs", "alhamisi"), ("friday", "fri", "ijumaa"), ("saturday", "sat", "jumamosi"),
    ("sunday", "sun", "jumapili"),
)  # fmt: skip
MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
WEEKDAYS: Final = {name: number for number, names in enumerate(_DAY_NAMES) for name in names}


def _any(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split())})\b", re.IGNORECASE)


# Said as if it were certain, paid or done.
PROMISES: Final = _any(
    r"guarant\w+ promis\w+ assured? booked bookings? reserved reservations? confirmed confirmation paid prepaid secured"
    r" refund\w* insured discount\w* cheapest available availability"
    r" hakika bila\Wshaka \w*ahidi\w* \w*hakikishi?wa \w*hakikishiwa \w*hifadhiwa \w*thibitish\w* \w*lipiwa \w*lipwa"
    r" \w*wekewa \w*katiwa \w*kukatia punguzo \w*rudishiwa dhamana"
)
# Days and hours that mean something else once the text is read later, or that follow another clock.
WHEN: Final = _any(
    r"today tonight tomorrow yesterday leo kesho keshokutwa jana saa o['’]clock oclock noon midday midnight weekends?"
    r" wikendi"
)
# Amounts that no single number of the facts could be held against.
UNCOUNTABLE: Final = _any(
    r"zero hundreds? thousands? millions? billions? dozens? half halves quarters? thirds? double[sd]? twice triple[sd]?"
    r" thrice couples? pairs? score tens? \w+teenth \w+tieth fourth fifth sixth seventh eighth ninth tenth eleventh"
    r" twelfth mia maelfu elfu laki malaki milioni bilioni nusu robo theluthi sifuri"
)
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3}
_STEMS: Final = {"moja": 1, "wili": 2, "tatu": 3, "nne": 4, "tano": 5, "nane": 8}
_COUNTED: Final = re.compile(rf"(?:m|wa|ki|vi|ma|mi|u|i|li|pa|ku|tu|si)?({'|'.join(_STEMS)})")
_NO_NUMBERS: Final = frozenset({"matatu", "pamoja", "umoja"})  # a minibus, together, unity


def number_word(word: str) -> int | None:
    """The number of one word in small letters, whatever it counts; None for every other word."""
    if word in _NO_NUMBERS:
        return None
    if (known := WORDS.get(word, _ORDINALS.get(word))) is not None:
        return known
    found = _COUNTED.fullmatch(word)
    return _STEMS[found[1]] if found else None


_ENGLISH: Final = (
    "a after all allow also always an and arrive as ask at be before between bring bus but buses buy by carry "
    "cash check choose comfortable cool day days do don drink during each eat enjoy enough even evening evenings "
    "every everything expect fees find for from get give go good have here if in it its just keep leave look "
    "lunch make matatus meals morning mornings most no not note of on once or our pack pay plan please save see "
    "small some start stay sunscreen swim take taxi taxis that the there these they this time tip to tours train "
    "trains travel try two use visit wait walk wander warm watch water wear when where while with within you your "
)
_SWAHILI: Final = (
    "acha angalia anza asubuhi au baada baadhi bado basi beba chakula chukua epuka fika fikeni fuata furahia "
    "furahieni hakikisha hapa hapo hata hii hiki hizi huko ili ingia jaribu jioni jiandae jua kaa kabla kama "
    "karibu karibuni katika kila kisha kuna kutoka kwa kwanza lala maji mara mchana mkumbuke mnaweza msafiri "
    "msisahau na nenda ni njia nunua oga ondoka pakia panda pata pia pumzika safiri siku subiri tafadhali tazama "
    "tembea tembelea treni tumia uliza una unaweza usiku usisahau utakuwa utapata vaa wakati weka ya zunguka "
)
# Plain words that a sentence may begin with; any other capital is taken for a name.
OPENERS: Final = frozenset((_ENGLISH + _SWAHILI).split())
