"""Slips of one letter in the words that matter most: "tommorow", "jumamoci", "budjet", "flihgt"."""

from __future__ import annotations

import re

from bot.parsers.common import ENGLISH, NO_PLACE, SHENG, SWAHILI
from planner.ordinary import ORDINARY
from planner.places import Gazetteer

_MEANT_WORDS = """
    tomorrow tonight weekend monday tuesday wednesday thursday friday saturday sunday january february april august
    september october november december christmas easter morning afternoon evening budget flight flights ticket tickets
    hotel hotels train trains people adults children airport airbnb itinerary cheapest shuttle honeymoon
    weather calendar confirm cancel thanks
    jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili januari februari aprili agosti septemba oktoba novemba
    desemba krismasi pasaka wikendi asubuhi mchana jioni kesho bajeti hoteli chumba treni ndege kutoka kwenda nipangie
    tafadhali watoto familia nijulishe badilisha
"""
_MEANT = frozenset(_MEANT_WORDS.split())
# Words of their own, one letter away from those above.
_RIGHT_WORDS = """
    adult fight fights fright hostel hostels motel trainer trail trails trait cancels mornings evenings weekends budgets
    mondays fridays saturdays sundays sundae thicket shuttles familiar familias confirms whether eastern leather
    mchanga kuoka kwenye kesha vyumba chumbani kutoa kutoza nipange tickled hotelier bajaji watoro jiona keshoni
"""
_RIGHT = frozenset(_RIGHT_WORDS.split())
_SOUNDED = {
    "hio": "hiyo", "iyo": "hiyo", "hyo": "hiyo", "ii": "hii", "izo": "hizo", "nta": "nita", "ntaka": "nataka",
    "ntk": "nataka",
    "tnataka": "tunataka", "kwnda": "kwenda", "kuend": "kuenda", "bsi": "basi", "wkend": "weekend", "wknd": "weekend",
    "wikend": "weekend", "pliz": "please", "plis": "please", "tafadhari": "tafadhali", "tafathali": "tafadhali",
    "ngp": "ngapi", "bey": "bei", "usku": "usiku", "asubui": "asubuhi", "hotl": "hotel", "ostel": "hostel",
    "hoteri": "hoteli",
    "apana": "hapana", "safar": "safari",
}  # fmt: skip
_KNOWN = _MEANT | _RIGHT | ENGLISH | SWAHILI | SHENG | NO_PLACE | ORDINARY
_SHORTEST = 5  # letters of a word that may hold a slip
_WORD = re.compile(r"(?<![\w'@./-])[a-z]{2,12}(?![\w'@-])")


def _shortened(word: str) -> set[str]:
    """The word with one letter left out, in every way."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def _index() -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for word in _MEANT:
        for key in {word, *_shortened(word)}:
            index.setdefault(key, set()).add(word)
    return index


_BY_PART = _index()


def spelt(words: str, gazetteer: Gazetteer) -> str:
    """Cleaned words with single slips mended, where only one word can be meant and no place is."""
    return _WORD.sub(lambda found: _mended(found.group(), gazetteer), words)


def _mended(word: str, gazetteer: Gazetteer) -> str:
    if word in _KNOWN:
        return word
    if word in _SOUNDED or "x" in word:
        return _sounded(word)
    if len(word) < _SHORTEST:
        return word
    near = {meant for key in {word, *_shortened(word)} for meant in _BY_PART.get(key, ()) if _one_slip(word, meant)}
    if len(near) != 1 or gazetteer.find(word) is not None:
        return word
    return near.pop()


def _sounded(word: str) -> str:
    """Sheng spells by ear: "xana" is "sana", "naixha" "Naisha", "hio" "hiyo"; anything else is left as it is."""
    if word in _SOUNDED:
        return _SOUNDED[word]
    sounds = (word.replace("x", sound) for sound in ("s", "sh"))
    return next((sound for sound in sounds if sound in _KNOWN), word)


def _one_slip(word: str, meant: str) -> bool:
    """One letter left out, added, replaced, or swapped with its neighbour, but never the first."""
    if word[0] != meant[0]:
        return False
    at = next((at for at, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), None)
    if at is None:
        return abs(len(word) - len(meant)) <= 1
    rest, right = word[at:], meant[at:]
    swapped = rest[:2] == right[1::-1] and rest[2:] == right[2:]
    return swapped or rest[1:] == right[1:] or rest[1:] == right or rest == right[1:]
