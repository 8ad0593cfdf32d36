"""Amounts of money in a message: "30k", "KES 60,000", "elfu ishirini", "laki moja", "5 thao kila mtu"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from planner.numbers import NUMBER, value
from planner.reading import Reading

MOST = 100_000_000
"""More than this is a slip or a joke, KES."""
LEAST = 100
"""No trip, bed or seat costs less, KES."""

_UNITS = {
    "elfu": 1_000, "alfu": 1_000, "thao": 1_000, "thaos": 1_000, "ngiri": 1_000, "k": 1_000,
    "thousand": 1_000, "grand": 1_000,
    "laki": 100_000, "milioni": 1_000_000, "million": 1_000_000, "mil": 1_000_000, "m": 1_000_000,
    "buku": 1_000, "mia": 100, "soo": 100, "hundred thousand": 100_000, "hundred": 100,
}  # fmt: skip
_SHENG = {"punch": 500, "jirongo": 500, "ashu": 10, "finje": 50}
_SW_UNIT = "elfu|alfu|laki|milioni|mia|thao|ngiri|buku|soo"
_PAIR = rf"(?:{_SW_UNIT}) (?:mia )?(?:{NUMBER})(?: na nusu)?"
_WORDS = rf"(?:{_PAIR}(?: (?:na )?{_PAIR}){{0,3}}|(?:laki|milioni) na nusu)"
_SUFFIX = r"hundred thousand|thousand|thaos?|ngiri|grand|elfu|laki|million|milioni|mil|k|m"
_DIGITS = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d{1,3})?"
_CURRENCY = r"kes|kshs?|ksh|shs?|sh|bob|shillings?|shilingi"
_FOREIGN = {"usd": r"us\$|\$|usd|us dollars?|dollars?|dola", "eur": r"€|eur|euros?", "gbp": r"£|gbp|pounds?"}
_NOT_MONEY = (
    r"people|persons?|pax|ppl|watu|adults?|kids?|hours?|hrs?|km|kms|days?|nights?|siku|usiku|am|pm|stars?|star|min|"
    r"mins|minutes?|rooms?|seats?|tickets?|weeks?|wiki|years?|friends"
)
_BEFORE = (
    r"(?:budget|bajeti|bajet|budge)(?: ?(?:yangu|yetu|yake|of|is|ya|ni|ikiwa|iwe|around|about|kama|to|=|:|at|max|"
    r"wa))*|under|below|less than|max(?:imum)?(?: of)?|up ?to|not (?:more than|over|exceed(?:ing)?)|isizidi|usizidi|"
    r"isiyozidi|isipite|chini ya|within|around|about|approx(?:imately)?|kama|niko na|tuko na|nina|tuna|i have|"
    r"we have|have|spend|at most|cheaper than|pesa|drops? to|reach(?:es)?|ifike|ikifika|total(?: of)?|kes|kshs?|shs?|"
    r"bob|mfuko|below kes|worth|(?:kuna|iko|ziko|nataka|natafuta) (?:ya|za|cha)"
)
_PERSON = (
    r"(?:for |kwa )?(?:kila (?:mtu|mse+|mmoja)|each person|each|per person|per head|a head|a person|per (?:pax|"
    r"adult|student|guest|kid|child|traveller|individual|one)|"
    r"kwa mtu|"
    r"mtu mmoja|every ?one)|pp|p/p|@"
)
_NIGHT = r"(?:(?:a|per|each|kwa|kila|every|for|/)? ?(?:night|nite|usiku)(?: (?:m)?moja)?|pn|p/n|nightly)"
_DAY = r"(?:(?:a|per|each|kwa|kila|every|/) ?(?:day|siku))"

# In "watu 5 elfu kumi" the five are people: a Swahili unit that a number follows belongs to that one.
_NO_MORE = rf"(?!(?<=elfu|laki|thao) (?:mia |{NUMBER}))"
_AMOUNT = re.compile(
    rf"(?<![\w.+/])(?:(?P<key>{_BEFORE})[ :=]{{0,3}})?(?:(?P<cur>{_CURRENCY})\.? ?)?(?:(?:{_DIGITS}) ?k?(?:-| - |"
    rf" to |"
    rf" hadi | mpaka | and | na )(?!\d+ ?(?:{_NOT_MONEY})\b))?"
    rf"(?:(?P<digits>{_DIGITS}) ?(?:(?P<unit>{_SUFFIX})(?![a-z\d]){_NO_MORE})?(?![a-z\d])|(?P<words>{_WORDS})|"
    rf"(?P<count>{NUMBER}|a|half a) "
    rf"(?P<unit2>hundred thousand|thousand|grand|million|(?:thao|ngiri|elfu|laki)(?! (?:mia |{NUMBER})))|"
    rf"(?P<sheng>{'|'.join(_SHENG)}))(?P<tail> ?(?:/=|/-|(?:bob|shillings?|shilingi)\b|"
    rf"(?:{_CURRENCY})\b(?!\.? ?\d)))?"
    rf"(?P<per>,? ?(?:(?P<person>{_PERSON})|"
    rf"(?P<night>{_NIGHT})|(?P<day>{_DAY}))(?!\w))?"
)
# "500 people" is no money, but "30,000 watu wawili" is: Swahili puts the number last.
_CERTAIN = re.compile(
    rf"budg|baj|under|below|less|isizidi|usizidi|isiy|chini|max|not|up|at most|"
    rf"(?:{_CURRENCY})(?!\w)"
)
_COUNTED = re.compile(rf" ?(?:{_NOT_MONEY})\b(?! (?:{NUMBER})\b)")
_FOREIGN_AMOUNT = re.compile(
    rf"(?:(?P<before>{'|'.join(_FOREIGN.values())}) ?\d[\d,.]*k?|"
    rf"\b\d[\d,.]*k? ?(?P<after>{'|'.join(_FOREIGN.values())})(?!\w))"
)
_BEYOND = 1e15  # shillings: too many whoever says it, and no number of digits becomes infinite
_PER_PERSON_BEFORE = re.compile(
    r"(?:kila (?:mtu|mse+|mmoja)(?: wetu)?|each(?: person| of us)?|per person|per head)(?: \w+)? ?$"
)
_PER_NIGHT_BEFORE = re.compile(r"(?:per night|kwa usiku|nightly)(?: \w+)? ?$")
_FREE = re.compile(
    r"\b(?:no budget|without (?:a )?budget|any budget|sina (?:budget|bajeti)|bila bajeti|budget (?:is )?open|"
    r"open budget|remove (?:the )?budget)\b"
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in KES and what it is for: everything, "person", "night" or "day". `currency` names a foreign one."""

    kes: int | None = None
    per: str = ""
    currency: str = ""
    unlimited: bool = False
    problem: str = ""


def find(reading: Reading, *, expected: bool = False) -> Money:
    """The amount a message names, marked as read. `expected`: it was just asked for, so any bare number is one."""
    if reading.take(_FREE):
        return Money(unlimited=True)
    for match in reading.take(_FOREIGN_AMOUNT):
        said = match["before"] or match["after"]
        return Money(currency=next(name for name, words in _FOREIGN.items() if re.fullmatch(words, said)))
    found = [(match, _kes(match)) for match in _AMOUNT.finditer(reading.rest) if _is_money(match, expected)]
    if not found:
        return Money()
    for match, _ in found:
        reading.blank(*match.span())
    match, kes = next((pair for pair in found if pair[0]["key"]), found[0])
    per = "person" if match["person"] else "night" if match["night"] else "day" if match["day"] else ""
    before = reading.original[: match.start()]
    if not per and _PER_PERSON_BEFORE.search(before):
        per = "person"
    elif not per and _PER_NIGHT_BEFORE.search(before):
        per = "night"
    problem = "budget_tiny" if kes < LEAST else "budget_huge" if kes > MOST else ""
    return Money(kes, per, problem=problem)


def _is_money(match: re.Match[str], expected: bool) -> bool:
    if match["words"] or match["unit2"] or match["sheng"] or match["cur"] or match["tail"] or match["unit"]:
        return True
    digits = match["digits"]
    amount = float(digits.replace(",", ""))
    certain = _CERTAIN.match(match["key"]) if match["key"] else None
    # "ksh 30000 day after tomorrow": an amount that says what it is counts no days.
    if _COUNTED.match(match.string, match.end()) and not ((certain or match["person"]) and amount >= 500):
        return False
    if match["key"]:
        return bool(certain) or amount >= 500
    if expected or match["person"] or match["night"]:
        return expected or amount >= 100
    year = len(digits) == 4 and digits[:2] in ("19", "20")
    return ("," in digits or amount >= 1_000) and not year and not digits.startswith("0") and len(digits) < 16


def _kes(match: re.Match[str]) -> int:
    if match["words"]:
        return sum(
            _pair(unit, count, hundreds=bool(mia), half=bool(half))
            for unit, mia, count, half in _PAIRS.findall(match["words"])
        )
    if match["unit2"]:
        count = 0.5 if match["count"] == "half a" else 1 if match["count"] == "a" else value(match["count"]) or 0
        return int(count * _UNITS[match["unit2"]])
    if match["sheng"]:
        return _SHENG[match["sheng"]]
    return round(min(float(match["digits"].replace(",", "")) * _UNITS.get(match["unit"] or "", 1), _BEYOND))


_PAIRS = re.compile(rf"({_SW_UNIT})(?: (mia )?({NUMBER}))?( na nusu)?")


def _pair(unit: str, count: str, *, hundreds: bool, half: bool) -> int:
    """ "elfu tano" 5,000; "elfu mia moja" 100,000; "laki moja na nusu" 150,000."""
    times = (value(count) or 1) if count else 1
    times *= 100 if hundreds else 1
    return int((times + (0.5 if half else 0)) * _UNITS[unit])
