"""Keeps of a text only the sentences whose numbers, times, days and names all stand in the facts.

The text was written by a model that is free with words and may not be free with facts. Deciding is strict on purpose: a
sentence that cannot be checked is dropped, and nobody misses it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bot.grounding_words import MONTHS, OPENERS, PROMISES, UNCOUNTABLE, WEEKDAYS, WHEN, number_word

LONGEST: Final = 350  # characters of all that is kept
_LAST_ORDINAL: Final = 10  # "the 3rd day"; a higher one is a date
_SIGNS: Final = frozenset(" .,;:!?'’\"“”()–—-…%&")
_TOKEN: Final = re.compile(r"[^\W\d_]+")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b")
_ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?(?:\+\d{2}:\d{2})?)?")
_CLOCK: Final = re.compile(
    r"(?<![\d.,:])(?:(?P<h>\d{1,2}):(?P<m>\d{2})|(?P<h2>\d{1,2})(?:\.(?P<m2>\d{2}))?(?= ?[ap]m\b))"
    r"(?: ?(?P<half>[ap])m\b)?",
    re.IGNORECASE,
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_WEEKDAY: Final = rf"(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})"
_YEAR: Final = r"(?:,? (?P<year>\d{4}))?"
_DATES: Final = tuple(
    re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for pattern in (
        rf"(?:{_WEEKDAY},? )?(?:(?P<first>\d{{1,2}}) ?[–-] ?)?{_DAY}(?: of)? {_MONTH}{_YEAR}",
        rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}{_YEAR}",
        rf"{_WEEKDAY},? (?:the |tarehe )?{_DAY}(?![:.,]?\d)(?! ?[ap]m\b)",
    )
)
_NAMED_DAY: Final = re.compile(rf"\b(?:{_WEEKDAY}s?|{_MONTH})\b", re.IGNORECASE)
# These are words of their own, too, when they are not written as names.
_WORDS_TOO: Final = frozenset({"may", "march", "mar", "sat", "sun", "wed", "mon", "ago", "des", "mac", "mei"})
_NUMBER: Final = re.compile(r"\d(?:[\d.,]*\d)?(?P<after>(?:st|nd|rd|th|k|m|bn)(?![^\W\d_]))?", re.IGNORECASE)
_GLUED: Final = re.compile(r"\d(?!(?:st|nd|rd|th|k|am|pm|km|kg|h|min)\b)[^\W\d_]", re.IGNORECASE)  # "30elfu"
_PLAIN_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the facts hold. `phrases` are the words of each text, in order."""

    numbers: frozenset[Decimal]
    times: frozenset[tuple[int, int]]
    dates: frozenset[date]
    phrases: tuple[tuple[str, ...], ...]

    def names(self, run: Sequence[str]) -> bool:
        """Whether these words stand side by side in one of the texts."""
        size, wanted = len(run), tuple(run)
        return any(words[at : at + size] == wanted for words in self.phrases for at in range(len(words) - size + 1))


def grounded(text: str, facts: Mapping[str, object]) -> tuple[str, ...]:
    """The sentences that say nothing but what the facts say, in order, as many as fit into LONGEST characters.

    Facts are JSON values: numbers, texts, ISO dates and times "2026-11-27T08:00". No links, markup or promises pass.
    """
    known = _known(facts)
    kept: list[str] = []
    left = LONGEST
    for sentence in sentences(text):
        if len(sentence) < left and _holds(sentence, known):
            kept.append(sentence)
            left -= len(sentence) + 1
    return tuple(kept)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, spaces tidied."""
    for part in re.split(r"(?<=[.!?…])[\"”’)]*\s+|[\n\r]+", unicodedata.normalize("NFC", text)):
        if sentence := " ".join(part.split(" ")).strip():
            yield sentence


def _known(facts: Mapping[str, object]) -> _Known:
    numbers: set[Decimal] = set()
    times: set[tuple[int, int]] = set()
    dates: set[date] = set()
    phrases: list[tuple[str, ...]] = [("kes",)]
    for fact in _leaves(facts):
        if not isinstance(fact, str):
            numbers.add(Decimal(str(fact)))
            continue
        for found in _ISO.finditer(fact):
            dates.add(date.fromisoformat(found[1]))
            if found[2]:
                times.add((int(found[2]), int(found[3])))
        rest = _ISO.sub(" ; ", fact)
        times |= {at for found in _CLOCK.finditer(rest) if (at := _time(found))}
        rest = _CLOCK.sub(" ; ", rest)
        numbers |= {number for found in _NUMBER.finditer(rest) if (number := _number(found)) is not None}
        phrases.append(tuple(_words(rest)))
    return _Known(frozenset(numbers), frozenset(times), frozenset(dates), tuple(phrases))


def _leaves(fact: object) -> Iterator[str | int | float]:
    if isinstance(fact, str) or (isinstance(fact, int | float) and not isinstance(fact, bool)):
        yield fact
    elif isinstance(fact, Mapping):
        for part in fact.values():
            yield from _leaves(part)
    elif isinstance(fact, Iterable):
        for part in fact:
            yield from _leaves(part)


def _words(text: str) -> list[str]:
    return [token.casefold() for token in _TOKEN.findall(_POSSESSIVE.sub("", text))]


def _holds(sentence: str, known: _Known) -> bool:
    if not all(_is_plain(sign) for sign in sentence) or re.search(r"[^\W\d_]\.[^\W\d_]|\bhttps?\b|\bwww\b", sentence):
        return False
    if any(pattern.search(sentence) for pattern in (PROMISES, WHEN, UNCOUNTABLE, _GLUED)):
        return False
    rest: str | None = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", _POSSESSIVE.sub("", sentence))
    for check in (_without_times, _without_dates, _without_numbers):
        rest = check(rest, known) if rest is not None else None
    return rest is not None and _counts_hold(rest, known) and all(known.names(run) for run in _runs(rest))


def _is_plain(sign: str) -> bool:
    """A sign of Latin writing: other scripts have no capitals, so names could hide in them."""
    if sign in _SIGNS or (sign.isascii() and sign.isalnum()):
        return True
    return sign.isalpha() and unicodedata.name(sign, "").startswith("LATIN ")


def _without_times(text: str, known: _Known) -> str | None:
    """The text with `;` for its times, None when one of them is not known."""
    if any(_time(found) not in known.times for found in _CLOCK.finditer(text)):
        return None
    return _CLOCK.sub(" ; ", text)


def _time(found: re.Match[str]) -> tuple[int, int] | None:
    hour, minute = int(found["h"] or found["h2"]), int(found["m"] or found["m2"] or 0)
    half = (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def _without_dates(text: str, known: _Known) -> str | None:
    for found in _ISO.finditer(text):
        if found[1] not in {on.isoformat() for on in known.dates}:
            return None
    text = _ISO.sub(" ; ", text)
    for pattern in _DATES:
        if not all(_dates_hold(found.groupdict(), known) for found in pattern.finditer(text)):
            return None
        text = pattern.sub(" ; ", text)
    for found in _NAMED_DAY.finditer(text):
        if found[0] in _WORDS_TOO:  # in small letters
            continue
        if not _dates_hold({**found.groupdict(), "day": None}, known):
            return None
    return _NAMED_DAY.sub(lambda found: found[0] if found[0] in _WORDS_TOO else " ; ", text)


def _dates_hold(said: Mapping[str, str | None], known: _Known) -> bool:
    """Whether a known date has this weekday, day, month and year, as far as they are said."""
    weekday = WEEKDAYS.get((said.get("weekday") or "").lower())
    month = MONTHS.get((said.get("month") or "").lower())
    day, year = said.get("day"), said.get("year")
    fitting = [
        on
        for on in known.dates
        if weekday in (None, on.weekday())
        and month in (None, on.month)
        and day in (None, str(on.day), f"0{on.day}")
        and year in (None, str(on.year))
    ]
    first = said.get("first")
    return bool(fitting) and (first is None or any(on.day == int(first) and on.month == month for on in known.dates))


def _without_numbers(text: str, known: _Known) -> str | None:
    days = {Decimal(on.day) for on in known.dates}
    for found in _NUMBER.finditer(text):
        number = _number(found)
        ordinal = (found["after"] or "").lower() in ("st", "nd", "rd", "th")
        if ordinal and number in days:
            continue
        if number not in known.numbers or (ordinal and number > _LAST_ORDINAL):
            return None
    text = _NUMBER.sub(" ; ", text)
    return None if any(sign.isnumeric() for sign in text) else text


def _number(found: re.Match[str]) -> Decimal | None:
    """ "30,000", "12.5", "30k", "3rd"; None for what may be read in several ways."""
    after = (found["after"] or "").lower()
    digits = found[0][: len(found[0]) - len(after)]
    if not _PLAIN_NUMBER.fullmatch(digits) or after in ("m", "bn"):
        return None
    number = Decimal(digits.replace(",", ""))
    return number * 1000 if after == "k" else number


def _counts_hold(text: str, known: _Known) -> bool:
    """Whether every number in words is a known one: "twenty-five", "kumi na mbili", "miwili"."""
    run: list[int] = []
    for word in [*re.findall(r"[^\W\d_]+|[,;:.]", text.lower()), ";"]:
        number = number_word(word)
        if number is not None:
            run.append(number)
        elif word in ("na", "and") and run and run[-1] >= 10:
            continue
        elif run:
            tens_and_ones = len(run) == 2 and run[0] >= 10 and run[0] % 10 == 0 and run[1] < 10
            if not (len(run) == 1 or tens_and_ones) or Decimal(sum(run)) not in known.numbers:
                return False
            run = []
    return True


def _runs(text: str) -> Iterator[list[str]]:
    """Words that are written as names, neighbours together. A plain word may open a sentence with a capital."""
    run: list[str] = []
    end = -2
    for found in _TOKEN.finditer(text):
        word, before = found[0].casefold(), text[: found.start()].rstrip()
        opens = (not before or before[-1] in ':.!?"“(–—…') and (word in OPENERS or number_word(word) is not None)
        if opens or found[0].islower():
            continue
        if run and text[end : found.start()] not in (" ", "-", "'", "’"):
            yield run
            run = []
        run.append(word)
        end = found.end()
    if run:
        yield run
