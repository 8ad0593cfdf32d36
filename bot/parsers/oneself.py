"""Who would rather look or go without us: "wacha tu nitafute mwenyewe", "I'll find it myself"."""

from __future__ import annotations

import re
from typing import Final

_SEEK_SW: Final = r"(?:tafut|angali|pang|jipang|book|buk|fany|enda|end|shughulik|jipeleke|sort)\w*"
_WE_OR_I: Final = r"(?:ni|na|nita|tu|tuta|ngoja ni|wacha ni|acha ni)"
_LEAVE_IT: Final = r"(?:(?:sawa|basi|ok(?:ay)?|wacha|acha|achana nayo|tu|sahau|nah|no|zi|hapana|asante|thanks)[ ,.]+)*"
_TAIL: Final = r"(?: (?:tu|basi|sasa|pekee|asante|thanks))*"
_ALONE: Final = re.compile(
    rf"{_LEAVE_IT}{_WE_OR_I}{_SEEK_SW}(?: (?:tu|hiyo|hiyo kitu|hoteli|basi|tiketi))? (?:mimi |sisi )?"
    rf"(?:mwenyewe|wenyewe){_TAIL}"
    r"|(?:(?:ok(?:ay)?|fine|no|nah|it'?s ok(?:ay)?|never ?mind|don'?t worry|thanks|no thanks|then|just)[ ,.]+)*"
    r"(?:let (?:me|us) |(?:i|we)(?:'ll| will|'d rather| would rather| can| prefer to|'m going to| am going to) )"
    r"(?:just )?"
    r"(?:look|search|find|book|do|plan|arrange|sort|organi[sz]e|check|handle|go)(?: (?:for|around|out|it|this|that|one|"
    r"something|everything|a hotel|the rest|things|there))*(?: by)? (?:myself|ourselves|on my own|on our own)"
    r"(?: (?:then|thanks|thank you|instead))*"
)
# Beside a verb of looking "mwenyewe" says who looks, not how many travel.
SEEKS: Final = re.compile(r"(?<!\w)\w*(?:tafut|angali|jipang|shughulik)\w* (?:tu )?(?:mimi )?mwenyewe(?!\w)")


def rather_alone(words: str) -> bool:
    """Whether the whole message says that its writer does without help."""
    return bool(_ALONE.fullmatch(words.strip(" .!,")))
