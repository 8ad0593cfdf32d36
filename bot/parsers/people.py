"""Who travels: "2 pax", "watu wawili", "mi na mabeshte wanne", "2 adults 1 kid", "na dem wangu"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.parsers.oneself import SEEKS
from planner.numbers import NUMBER, PEOPLE, SWAHILI, value
from planner.reading import Reading

MOST = 60
_BABYS_AGE = 1  # in years: they pay nowhere before the second birthday

_N = rf"(?:\d{{4,9}}|{NUMBER})"
_B, _E = r"(?<![\w/.,-])", r"(?![\w/]|[.,]\d)"
_MATES = (
    "friends?|pals|buddies|homies|mabeshte|beshte|maboyz?|maboys|boys|wasee|marafiki|squad|crew|colleagues|workmates|"
    "classmates|cousins|siblings|brothers|sisters|madem|girls|wenzangu|wanangu"
)
_HEADS = (
    "people|peoples|persons?|pax|ppl|peeps|of us|passengers?|guests?|travell?ers?|tourists?|visitors?|seats?|tickets?|"
    f"heads|students|members|ladies|gents|men|women|guys|adventurers|wasee|watu|{_MATES}"
)
_SORT = (
    r"(?:one[ -]?way|return|sgr|bus|train|flight|economy|first[ -]class|adult|single|round[ -]trip|more|foreign|"
    r"plane|air|coach|shuttle|vip|business|"
    r"international|overseas|local|kenyan|resident|non[ -]?resident|young|old|other|good|close|female|male) "
)
_HEADS_SW = (
    "watu|mtu|wasichana|wavulana|wanawake|wanaume|wamama|vijana|mabinti|akina (?:mama|dada)|wanandugu|"
    "passengers|travell?ers|wasee|marafiki|mabeshte|maboys|wanafamilia|wasafiri|abiria|wageni|pax|"
    "seats?|siti|viti|kiti|tiketi|"
    "tickets?|nafasi|wanafunzi|"
    "(?:group|party|team|squad|crew|gang|class|mbogi|kundi|kikundi|chama|bunch) (?:of|ya|la|cha|wa)"
)
_ROOMY = "rooms?|chumba|vyumba|nyumba|place|stay|table|bnb|airbnb|cottage|hotel|hoteli|tent|house"
_WE = r"tuko|tupo|sisi(?: ni)?|tukiwa|tutakuwa|tu|we are|we're|we will be|we'll be|there are|there will be|us|itakuwa"
# A party as it is by now: "we are now 3", "to make it 6", "tumekuwa sita".
_BY_NOW = (
    r"(?:we are|we're|there are|there will be) now|now (?:we are|we're)|(?:to|so|and|which) makes? (?:it|us)|"
    r"sasa (?:tuko|tupo|sisi ni)|(?:tuko|tupo) sasa|tumekuwa|tutakuwa|tuwe"
)
_PARTNER = (
    r"dem|demu|chali|bae|babe|wifey|wife|hubby|husband|girlfriend|boyfriend|gf|bf|partner|fiance|fiancee|spouse|mke|"
    r"mume|mpenzi|mchumba|mzee|mum|mom|mother|dad|father|sister|brother|bestie|best friend|friend|cousin|mama|baba|"
    r"rafiki|beshte|dada|kaka|bibi|sweetheart|manzi|mresh|jamaa"
)

_FAMILY = re.compile(rf"{_B}(?:family of|familia ya(?: watu)?|fam of|fam ya|family ya)(?: watu)? (?P<n>{_N}){_E}")
_ADULTS = re.compile(
    rf"{_B}(?:(?P<n>{_N})[ -]?(?:adults?|grown ?ups?|parents)|(?:adults?|(?:m?watu |mtu )?m?wazima|mtu mzima|wazazi|"
    rf"wakubwa)(?: wangu| wetu)? (?P<n2>{_N})){_E}"
)
_KIDS = re.compile(
    rf"{_B}(?:(?P<n>{_N})[ -]?(?:small |young |little )?(?:kids?|children|child|infants?|baby|babies|toddlers?|"
    rf"watoto)"
    rf"|(?:watoto|mtoto|kids|children|matoto)(?: wangu| wetu| wadogo)? (?P<n2>{_N})|(?P<one>(?:a|an|one|"
    rf"my) (?:kid|child|baby|infant|toddler|son|daughter)|mtoto(?: (?:wangu|wetu))?)){_E}"
)
# "kids 5 and 8", "children aged 3, 7 and 12": their ages; each is one child, and no number of heads follows.
_AGE = r"(?:1[0-7]|\d)"
_AGES = re.compile(
    rf"{_B}(?:(?:kids?|children|child|watoto|mtoto|son|daughter)(?: wangu| wetu)?(?: (?:{SWAHILI}))?,?"
    rf"(?: (?P<aged>aged?|(?:are |is )?(?:ages|aged?)|who (?:is|are)|are|ni|of ages?|"
    rf"(?:wa |wenye |wana |wa umri wa |wenye umri wa )?miaka))?:? \(?)"
    rf"(?P<ages>{_AGE}(?:(?: ?, ?(?:and |na )?| and | na | ?& ?){_AGE}(?![\w/]|\.\d))*)"
    rf"(?: years?(?: old)?| yrs?| y/?o)?{_E}(?! ?(?:adults?|grown|people|pax|persons?|days?|nights?|siku|usiku|watu|"
    r"wazima|wakubwa|friends))"
)
_OLD = r"[ -]?(?:years?|yrs?)[ -]?olds?|[ -]?y/?o'?s?|[ -]?months?[ -]?olds?"
_YEAR_OLDS = re.compile(
    rf"{_B}(?:our |my |a |an |the |one )?(?P<ages>{_AGE}(?:(?: ?, ?(?:and |an? )?| and (?:an? )?| ?& ?){_AGE})*)"
    rf"(?P<unit>{_OLD})(?: (?:kids?|child(?:ren)?|sons?|daughters?|boys?|girls?|baby|babies|toddlers?|twins))?{_E}"
)
_NOW = re.compile(
    rf"{_B}(?:{_BY_NOW})(?: (?:watu|jumla ya|a total of))? (?P<n>{_N})(?: (?:{_HEADS}))?"
    rf"(?! ?(?:{_N} )?(?:days?|nights?|siku|usiku|weeks?|wiki|k|elfu|thousand|rooms?|vyumba|bob|kes|am|pm|stars?)\b|:)"
    rf"{_E}"
)
_COUNT = re.compile(
    rf"{_B}(?:(?P<n>{_N})[ -]?(?:{_SORT}){{0,2}}(?:{_HEADS})|(?:{_HEADS_SW})(?: (?:kama|about|ni|to|wawe|iwe|watu|"
    rf"wazima))? (?P<n2>{_N})|(?:{_WE})(?: (?:watu|ni|wasee|about|kama|like))? (?P<n3>{_N})|(?:{_ROOMY}) (?:ya|kwa|"
    rf"for|cha)(?: watu)? (?P<n4>{_N})(?! ?(?:days?|nights?|siku|usiku|weeks?))|(?:for|kwa) (?:the |all |us |"
    rf"watu )*(?P<n5>{_N})(?: of us)?(?! ?(?:days?|nights?|siku|usiku|weeks?|hours?|hrs?|rooms?|km|stops?|stars?|am|"
    rf"pm|bedrooms?)\b)|x ?(?P<n6>\d{{1,2}})){_E}"
)
_COMPANIONS = re.compile(
    rf"{_B}(?P<me>(?:mi|mimi|me|myself|i) )?(?P<with>na|with|and|plus|\+|&) (?:my |some |the )?"
    rf"(?:(?P<n>{_N})(?: of my| other)? (?:{_MATES})|(?:{_MATES})(?: zangu| wangu| yangu)? (?P<n2>{_N})){_E}"
)
_FIRST_PERSON = re.compile(
    r"\b(?:mi|mimi|nataka|zangu|naenda|natoka|ningependa|nipangie|nitakuwa|nataka|i|i'm|im|i'd|me|my)\b"
)
_BABY = re.compile(r"bab(?:y|ies)|infants?")
_COUPLE = re.compile(
    rf"{_B}(?:couples?|honeymoon|honeymooners|fungate|newly ?weds?|(?:me|mimi|mi|i)(?:,| (?:and|na|&|with)) (?:my |"
    rf"the )?(?:{_PARTNER})|(?:na|with|and) (?:my |the )(?:{_PARTNER})|(?:na|with) (?:{_PARTNER}) (?:wangu|yangu)|"
    rf"(?:na|with) (?:bae|wife|wifey|husband|hubby|girlfriend|boyfriend|mpenzi|mchumba|bibi|manzi|mresh|demu?|babe|"
    rf"chali)|(?:na|with) my (?:girl|guy|man|woman|lady|love|better half|boo|baby|babe)|"
    rf"(?:(?:ku|ni|nina|nita|na)?m?pelek[ae]|tak(?:e|ing)|treat(?:ing)?|surpris(?:e|ing)|(?:birthday|b?day|"
    rf"anniversary) (?:ya|for|of)) (?:my )?(?:{_PARTNER})|"
    rf"(?:wife|wifey|husband|hubby|girlfriend|boyfriend|partner|mke|mume)(?: wangu)?(?=,? (?:and|na|&|plus|with|"
    rf"\+) \x00)|"
    rf"(?:my (?:{_PARTNER})|bae|wifey|hubby|(?:dem|demu|manzi|mpenzi|chali|mke|mume) wangu) (?:ana\w+|wants?|"
    rf"na mimi|na mi)|"
    rf"my (?:{_PARTNER}) and (?:i|me|myself)|the two of us|both of us|us two|sisi wawili){_E}"
)
_COUPLES = re.compile(rf"{_B}(?P<n>{_N}) couples{_E}")
_SOLO = re.compile(
    rf"{_B}(?:solo|peke yangu|pekee yangu|(?:just|only) (?:me|myself)|(?:mi|mimi) pekee|myself only|mimi tu|mi tu|"
    rf"mwenyewe|"
    rf"just me|only me|by myself|on my own|alone|"
    rf"me alone|mtu mmoja){_E}"
)
_BARE = re.compile(rf"{_B}(?P<n>{'|'.join(sorted(PEOPLE))}){_E}")
_SELF = re.compile(r"\b(?:me|mimi|mi|i|myself)(?: (?:and|na|with|&|plus))?(?: my| the)? ?$")
_MY_KIDS = re.compile(
    rf"\b(?:with|and|plus) my (?:{_N}) (?:small |little )*(?:kids?|child(?:ren)?|sons?|daughters?|baby)\b|"
    rf"\bna watoto wangu (?:{_N})\b"
)
_INCLUDING = re.compile(r"(?:including|incl|wakiwemo|among|of whom|out of)\W*(?:them )?$")
_ALTOGETHER = re.compile(r"\b(?:kwa jumla|jumla|in total|in all|all together|altogether|total of us)\b")
_WITH_KIDS = re.compile(r"\bwith (?:our |my |the |a |small |young )*(?:kids?|child(?:ren)?|sons?|daughters?)\b")


# "3 kids under 10", "children below the age of five": how old at most, which is no amount of money.
_AGE_BOUND = re.compile(
    rf"{_B}(?:kids?|children|child|watoto|mtoto|sons?|daughters?|boys?|girls?|all|both)(?: wetu| wangu| wote|,)?"
    rf"(?: (?:who are|aged|are|all|both|ages?|wa|wenye|walio))*"
    rf"(?P<bound> (?:(?:under|below|over|above|younger than|up to|less than|chini ya|wa chini ya)"
    rf"(?: (?:the )?ages? of| age| umri wa| miaka| wa miaka)*) (?:1[0-8]|[1-9]|{NUMBER})(?: (?:years?|yrs?)(?: old)?|"
    rf" ?y/?o)?)(?! ?(?:k|elfu|thao|thousand|bob|kes|sh|people|pax|\d)\b){_E}"
)
# "married for ten years", "the first time in 5 years": no company and no length of a trip.
_YEARS = re.compile(
    rf"{_B}(?:for|in|after|kwa|baada ya)(?: the)?(?: last| past)? (?:miaka {_N}|{_N} (?:years|yrs|months)){_E}"
)


@dataclass(frozen=True, slots=True)
class People:
    """Head count with children in it; None when not said. `problem` is "party_zero" or "party_huge"."""

    total: int | None = None
    children: int | None = None
    ages: tuple[int, ...] = ()  # of every child, or empty
    problem: str = ""


def blank_ages_and_years(reading: Reading) -> None:
    """Mark as read what would be taken for money, people or days: bounds of age, years gone by."""
    for match in list(_AGE_BOUND.finditer(reading.rest)):
        reading.blank(*match.span("bound"))
    reading.take(_YEARS)


def find(reading: Reading, *, expected: bool = False) -> People:
    """Who a message says will travel, marked as read. `expected`: it was just asked, so a bare number is a count."""
    reading.take(SEEKS)
    family = _first(reading, _FAMILY)
    companions = _with_companions(reading)
    olds = _year_olds(reading)
    aged = _by_their_ages(reading)
    kids_at = [match.start() for match in _KIDS.finditer(reading.rest)]
    adults = _first(reading, _ADULTS)
    babies = _babies(reading.rest)
    counted = _children(reading)
    ages = (*aged, *olds) or (_BABYS_AGE,) * (babies if counted == babies else 0)
    children = max(counted or 0, len(aged)) + (0 if counted and counted >= len(ages) else len(olds))
    heads = _first(reading, _NOW) or _first(reading, _COUNT)
    couples = _first(reading, _COUPLES)
    couple, solo = bool(reading.take(_COUPLE)), bool(reading.take(_SOLO))
    bare = _first(reading, _BARE)
    if expected and heads is None and (found := re.search(rf"{_B}(?P<n>{_N}){_E}", reading.rest)):
        heads = value(found["n"])
        reading.blank(*found.span())
    if family is not None:
        total: int | None = family
    elif adults is not None:
        total = adults + (children or 0)
    elif heads is not None:
        total = heads if not children or _includes(reading.original, kids_at, counted) else heads + children
    elif companions is not None:
        total = companions
    elif couples is not None:
        total = 2 * couples + children
    elif couple:
        total = 2 + (children or 0)
    elif solo:
        total = 1
    elif children and kids_at and (_SELF.search(reading.original[: kids_at[0]]) or _MY_KIDS.search(reading.original)):
        total = 1 + children
    else:
        total = bare
    problem = "" if total is None or 0 < total <= MOST else "party_huge" if total else "party_zero"
    return People(total, children or None, ages if len(ages) == children else (), problem)


def _includes(words: str, kids_at: list[int], counted: int | None) -> bool:
    """Whether the heads hold the children: said so, or only ages follow ("4 people with kids of 4 and 9")."""
    before = words[: kids_at[0]] if kids_at else ""
    aged_only = counted is None and bool(_WITH_KIDS.search(words))
    return bool(aged_only or _INCLUDING.search(before) or _ALTOGETHER.search(words))


def _first(reading: Reading, pattern: re.Pattern[str]) -> int | None:
    counts = [value(next(said for said in match.groups() if said)) for match in reading.take(pattern)]
    return counts[0] if counts else None


def _by_their_ages(reading: Reading) -> tuple[int, ...]:
    """The ages given; marks them as read and leaves the word for the children, which may have a count."""
    found: tuple[int, ...] = ()
    for match in list(_AGES.finditer(reading.rest)):
        ages = tuple(int(age) for age in re.findall(r"\d+", match["ages"]))
        if match["aged"] or len(ages) > 1:
            found += ages
            reading.blank(match.start("aged") if match["aged"] else match.start("ages"), match.end())
    return found


def _year_olds(reading: Reading) -> tuple[int, ...]:
    """The ages of "our 3-year-old", "a 4 and a 9 year old", "an 8-month-old baby": each is one child."""
    found: tuple[int, ...] = ()
    for match in reading.take(_YEAR_OLDS):
        ages = (int(age) for age in re.findall(r"\d+", match["ages"]))
        found += tuple(0 if "month" in match["unit"] else age for age in ages)
    return found


def _children(reading: Reading) -> int | None:
    found = reading.take(_KIDS)
    if not found:
        return None
    return sum(1 if match["one"] else value(match["n"] or match["n2"]) or 0 for match in found)


def _babies(words: str) -> int:
    """How many babies are counted; they need not say how old they are."""
    return sum(
        1 if match["one"] else value(match["n"]) or 0 for match in _KIDS.finditer(words) if _BABY.search(match.group())
    )


def _with_companions(reading: Reading) -> int | None:
    """ "me and 3 friends" is four; "na maboys 6" without a first person is taken as six in all."""
    for match in reading.take(_COMPANIONS):
        count = value(match["n"] or match["n2"]) or 0
        speaker = bool(match["me"]) or match["with"] in ("with", "plus") or bool(_FIRST_PERSON.search(reading.original))
        return count + speaker
    return None
