"""The gazetteer: which place a traveller means, misspelt or not, and how far places are apart."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from planner.model import Place
from planner.ordinary import ORDINARY

EARTH_KM = 6371.0088
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MAX_WORDS = 4
_LONGEST_TEXT = 2_000  # characters looked at; a longer message names its places early
_FIRST_WORDS = {"Mount": ("Mt", "Mlima"), "Lake": ("Ziwa", "L"), "Mt": ("Mlima",)}
_KINDS = ("national park", "national reserve", "conservancy")
# Words that name a place only when nothing around them says otherwise: "mara moja" is "once", "gari moshi" a train,
# "sisi wote" "all of us", "a kite" a toy.
_NOT_AFTER = {
    "mara": frozenset({"kila", "baadhi"}),
    "moshi": frozenset({"gari", "la"}),
    "wote": frozenset({"sisi", "watu", "wao", "sote", "wasafiri", "wageni", "nyote", "ninyi", "for"}),
    "kite": frozenset({"a", "fly", "the"}),
    "coast": frozenset({"north", "east", "west"}),
}
_NOT_BEFORE = {
    "mara": frozenset({"moja", "mbili", "ya", "nyingi", "tatu"}),
    "kite": frozenset({"surfing", "surf", "boarding"}),
    "kilimanjaro": frozenset({"express"}),
    "wote": frozenset({"wawili", "watatu", "wanne", "watano", "sita", "saba", "wanane", "pamoja"}),
}
# Short spoken names that are no near miss of anything.
_SPOKEN = {"dani": "diani"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place found in a text: `start` and `end` are offsets into that text, `text` the words used."""

    place: Place
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Word:
    norm: str
    start: int
    end: int


def distance_km(a: Place, b: Place) -> float | None:
    """Great-circle kilometres; None when a position is not known."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    return _haversine(a.lat, a.lon, b.lat, b.lon)


class Gazetteer:
    """Every known place, found by slug, name, alias or misspelling. Holds only what it is given."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = tuple(places)
        self._by_slug = {place.slug: place for place in self.places}
        self._by_words: dict[tuple[str, ...], Place] = {}
        for place in self.places:
            for name in _names(place):
                if words := tuple(word.norm for word in _words(name)):
                    self._by_words.setdefault(words, place)
        for word, slug in _SPOKEN.items():
            if slug in self._by_slug:
                self._by_words.setdefault((word,), self._by_slug[slug])
        # Misspellings are compared with the words run together: "olpejetta", "hellsgate", "maasai maraa".
        self._joined: dict[str, Place] = {}
        self._compound: set[str] = set()
        for words, place in self._by_words.items():
            if words[0] != "the":
                self._joined.setdefault("".join(words), place)
                self._compound |= {"".join(words)} if len(words) > 1 else set()
        self._by_start: dict[tuple[int, str], list[str]] = {}  # by length and first letter
        self._by_rest: dict[str, list[str]] = {}  # by what follows the first letter
        for joined in self._joined:
            self._by_start.setdefault((len(joined), joined[0]), []).append(joined)
            self._by_rest.setdefault(joined[1:], []).append(joined)

    def get(self, slug: str) -> Place | None:
        """The place with this slug."""
        return self._by_slug.get(slug)

    def find(self, text: str) -> Place | None:
        """The place that the whole of `text` names: a slug, a name, an alias, or a near miss of one."""
        words = [word.norm for word in _words(text[:_LONGEST_TEXT])]
        if place := self._by_slug.get(text.strip()) or self._by_slug.get("-".join(words)):
            return place
        if place := self._by_words.get(tuple(words)):
            return place
        return self._near(words, shortest=4) if 0 < len(words) <= _MAX_WORDS else None

    def mentions(self, text: str) -> list[Mention]:
        """Every place named in `text`, in order; the longest name wins and mentions never overlap."""
        text = text[:_LONGEST_TEXT]
        words = _words(text)
        found: list[Mention] = []
        at = 0
        while at < len(words):
            size, place = self._longest(words, at)
            if place is None:
                at += 1
                continue
            start, end = words[at].start, words[at + size - 1].end
            found.append(Mention(place, start, end, text[start:end]))
            at += size
        return found

    def nearest(self, lat: float, lon: float, within: float = math.inf) -> Place | None:
        """The place closest to a position, `within` kilometres of it, among those whose own position is known."""
        known = [(place, _km_from(place, lat, lon)) for place in self.places]
        distances = [(km, place.slug, place) for place, km in known if km is not None and km <= within]
        return min(distances)[2] if distances else None

    def within(self, place: Place, km: float) -> list[Place]:
        """Other places within `km` as the crow flies, nearest first."""
        near = [(distance_km(place, other), other) for other in self.places if other.slug != place.slug]
        return [other for _, other in sorted(((d, o) for d, o in near if d is not None and d <= km), key=_by_distance)]

    def _longest(self, words: list[_Word], at: int) -> tuple[int, Place | None]:
        sizes = range(min(_MAX_WORDS, len(words) - at), 0, -1)
        norms = [word.norm for word in words[at : at + _MAX_WORDS]]
        for size in sizes:
            if place := self._by_words.get(tuple(norms[:size])):
                return (0, None) if size == 1 and _means_something_else(words, at) else (size, place)
        for size in (2, 1):
            if size > len(norms) or any(not word.isalpha() for word in norms[:size]):
                continue
            if size == 2 and (set(norms[:2]) & ORDINARY or any(len(word) < 2 for word in norms[:2])):
                continue
            if size == 2 and ((norms[0],) in self._by_words or (norms[1],) in self._by_words):
                continue
            if place := self._near(norms[:size], shortest=5 if size == 1 else 8):
                return size, place
        return 0, None

    def _near(self, words: Sequence[str], shortest: int) -> Place | None:
        """The only best place within the typing errors that words of this length may hold."""
        word = "".join(words)
        allowed = 0 if len(word) < shortest else 1 if len(word) < 8 else 2
        if not allowed or len(word) > 40 or word in ORDINARY:
            return None
        best: dict[int, set[str]] = {}
        for length in range(max(len(word) - allowed, 7 if allowed == 2 else 4), len(word) + allowed + 1):
            for name in self._alike(word, length):
                if len(words) > 1 and name not in self._compound:
                    continue
                errors = OSA.distance(word, name, score_cutoff=allowed)
                if errors <= allowed:
                    best.setdefault(errors, set()).add(name)
        if not best:
            return None
        names = best[min(best)]
        own = {name for name in names if name == "".join(_norm(self._joined[name].name).split())}
        slugs = {self._joined[name].slug for name in own or names}  # a name of its own counts before a nickname
        return self._by_slug[slugs.pop()] if len(slugs) == 1 else None

    def _alike(self, word: str, length: int) -> Iterator[str]:
        """Names of this length to compare with: people hardly ever miss the first letter as well as another."""
        yield from self._by_start.get((length, word[0]), ())
        yield from (name for name in self._by_start.get((length, word[1]), ()) if name[1] == word[0] != word[1])
        yield from self._by_rest.get(word[1:], ()) if length == len(word) else ()


def _names(place: Place) -> list[str]:
    names = [place.name, place.slug.replace("-", " "), *place.aliases]
    for first, others in _FIRST_WORDS.items():
        names += [
            f"{other} {name[len(first) + 1 :]}" for name in names if name.startswith(first + " ") for other in others
        ]
    return names + [name[: -len(kind)] for name in names for kind in _KINDS if name.lower().endswith(" " + kind)]


def _words(text: str) -> list[_Word]:
    return [_Word(_norm(found.group()), found.start(), found.end()) for found in _WORD.finditer(text)]


def _norm(word: str) -> str:
    """Lower case, without accents, apostrophes and the English possessive."""
    word = word.replace("’", "'").lower()
    if word.endswith("'s") and len(word) > 5:
        word = word[:-2] if word not in ("hell's", "archer's") else word
    plain = unicodedata.normalize("NFKD", word)
    return "".join(char for char in plain if char != "'" and not unicodedata.combining(char))


def _means_something_else(words: list[_Word], at: int) -> bool:
    word = words[at].norm
    before = words[at - 1].norm if at else ""
    after = words[at + 1].norm if at + 1 < len(words) else ""
    around = [each.norm for each in words[max(0, at - 2) : at + 3]]
    if word in _NOT_AFTER and around.count(word) > 1 and "kwa" in around:  # "mara kwa mara": now and then
        return True
    return before in _NOT_AFTER.get(word, ()) or after in _NOT_BEFORE.get(word, ())


def _haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _km_from(place: Place, lat: float, lon: float) -> float | None:
    if place.lat is None or place.lon is None:
        return None
    return _haversine(place.lat, place.lon, lat, lon)


def _by_distance(pair: tuple[float, Place]) -> tuple[float, str]:
    return pair[0], pair[1].slug
