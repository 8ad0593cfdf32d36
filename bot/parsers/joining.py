"""How a party grows or shrinks: "two more people", "my sister is joining us", "mmoja amejitoa"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from planner.numbers import NUMBER, value
from planner.reading import Reading

_HEADS: Final = (
    r"people|persons?|pax|adults?|friends?|guests?|travell?ers?|passengers?|colleagues?|others?|seats?|"
    r"kids?|child(?:ren)?|bab(?:y|ies)"
)
_WATU: Final = r"mtu|watu|rafiki|marafiki|wageni|mgeni|msee|wasee|abiria|mtoto|watoto|beshte|mabeshte"
_KIN: Final = (
    r"(?:\w+ )?(?:sister|brother|cousin|friend|mum|mom|mother|dad|father|wife|husband|aunt|uncle|colleague|"
    r"girlfriend|boyfriend|partner|fiancee?|niece|nephew|son|daughter|grandmother|grandfather|neighbou?r|boss|bestie)"
)
_JAMAA: Final = (
    r"dada|kaka|ndugu|binamu|rafiki|beshte|mama|baba|shangazi|mjomba|mke|mume|bibi|shemeji|mtoto|mpwa|jirani"
)
_ONES: Final = r"an?|another|somebody|someone"
_COMES: Final = (
    r"(?:(?:is|are|will be|'s|'re|has|have|wants? to|would like to|will|'ll|also|now) )*(?:joining|join|joined|"
    r"coming (?:along|too|as well|with)|come (?:along|too|as well|with)|tagging along|tag along)"
)
_LEAVES: Final = (
    r"(?:(?:has|have|is|are|just|will|had to) )*(?:dropped out|dropping out|drop out|pulled out|pulling out|"
    r"backed out|backing out|bailed(?: out)?|(?:not|no longer) (?:coming|joining|going)|cancell?ed on us|"
    r"can(?:no|')t (?:come|make it|join))|(?:isn't|aren't|won't be|won't) (?:coming|joining|going|come|join|go)"
)
_AMEJITOA: Final = (
    r"(?:ame|wame|ana|wana)jitoa|(?:ame|wame)toka(?: kwa (?:group|safari))?|(?:ha|hawa)(?:endi|ji|taenda|takuja)|"
    r"(?:ha|hawa)(?:wezi|tweza) (?:kuja|kwenda|kuenda)|(?:ame|wame)(?:ghairi|cancel)"
)
_ANAKUJA: Final = r"(?:ana|wana|ata|wata|ame|wame)(?:kuja(?: pia| nasi)|jiunga|tujoin|join|jumuika)(?: nasi| na sisi)?"
_N: Final = rf"(?P<n>{NUMBER}|{_ONES})"
_MEN: Final = rf"(?P<n>{NUMBER})"


def _all(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<![\w/.,-])(?:{pattern})(?![\w/]|[.,]\d)") for pattern in patterns)


# Verbs that say so by themselves, whatever is on the table.
_ADDED: Final = _all(
    rf"add (?:in )?{_N} (?:more |extra |other |additional )?(?P<who>{_HEADS})",
    rf"(?:tu|ni|u)?(?:me)?ongez\w*(?: na)? (?P<who>{_WATU})(?: (?:wengine|zaidi|mwingine))*(?: {_MEN})?",
    rf"(?:tu|wa)meongezeka (?:watu )?{_MEN}",
)
_TAKEN: Final = _all(
    rf"(?:remove|drop|take (?:off|out)) {_N} (?:of the )?(?P<who>{_HEADS})",
    rf"(?:tu|ni|u)?(?:punguz\w*|ondo[ae]\w*|toa|toe) (?P<who>{_WATU})(?: {_MEN})?",
    rf"(?:tu|wa)mepungu(?:a|ka) (?:watu )?{_MEN}",
)
# These speak of a party that is known: without one "two more people" may be all there are.
_MORE: Final = _all(
    rf"{_N} (?:more|extra|additional) (?P<who>{_HEADS})(?: (?:is|are|will be))?(?: (?:coming|joining)(?: us)?)?",
    rf"{_N} other (?P<who>{_HEADS}) {_COMES}(?: us)?",
    rf"{_N} (?:more )?(?P<who>{_HEADS}) {_COMES}(?: us| me)?",
    rf"(?:{_ONES}) (?:{_KIN}) {_COMES}(?: us| me)?|(?:my|our|his|her) {_KIN} {_COMES}(?: us| me)?",
    rf"(?P<who>{_WATU}) {_MEN} (?:zaidi|wengine)(?: {_ANAKUJA})?",
    rf"(?P<who>{_WATU}) (?:mwingine|wengine) {_MEN}",
    rf"(?:{_WATU})?(?: ?{_MEN})? ?(?:{_ANAKUJA})",
    rf"(?:{_JAMAA})(?: (?:yangu|wangu|yetu|wetu))? (?:{_ANAKUJA})",
)
_FEWER: Final = _all(
    rf"{_N} (?:less|fewer) (?P<who>{_HEADS})",
    rf"{_N} (?P<who>{_HEADS}) (?:less|fewer)",
    rf"{_N} (?:(?:of (?:us|them)|(?P<who>{_HEADS})) )?(?:{_LEAVES})",
    rf"(?:my|our|his|her) {_KIN} (?:{_LEAVES})",
    rf"(?:(?P<who>{_WATU}) )?{_MEN} (?:pungufu|{_AMEJITOA})",
    rf"(?:{_JAMAA})(?: (?:yangu|wangu|yetu|wetu))? (?:{_AMEJITOA})",
)
_A_CHILD: Final = re.compile(r"kids?|child(?:ren)?|bab(?:y|ies)|mtoto|watoto")


@dataclass(frozen=True, slots=True)
class Joining:
    """Heads more (or less, negative), and how many of those that join are children."""

    heads: int
    children: int = 0


def find(reading: Reading, *, known: bool) -> Joining | None:
    """The difference a message makes to the party, marked as read; None when it makes none.

    `known`: there is a trip already, whose party may be spoken of.
    """
    more, fewer = (*_ADDED, *(_MORE if known else ())), (*_TAKEN, *(_FEWER if known else ()))
    for patterns, sign in ((fewer, -1), (more, 1)):
        for pattern in patterns:
            if match := pattern.search(reading.rest):
                reading.blank(*match.span())
                found = match.groupdict()
                heads = _count(found.get("n"))
                child = sign > 0 and bool(_A_CHILD.fullmatch(found.get("who") or ""))
                return Joining(sign * heads, heads if child else 0)
    return None


def _count(said: str | None) -> int:
    return (value(said) or 1) if said else 1
