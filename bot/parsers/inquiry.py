"""Questions about a plan: what they name is asked about, not wished for."""

from __future__ import annotations

import re
from typing import Final

_LEAD: Final = (
    r"(?:(?:and|so|but|ok(?:ay)?|sorry|please|pls|hi|hey|hello|also|by the way|btw|hmm+|wait|just|tell me|"
    r"(?:can|could) you tell me|do you know|may i know|i want to know|je|eti|na|samahani|tafadhali|hebu|sasa|"
    r"niambie)[ ,]+)*"
)
_ENGLISH: Final = (
    r"what (?:day|date|time|month|year|hour) (?:is|are|do|does|should|shall|will|must|did)\b|"
    r"(?:when|where|why|how) (?:do|does|did|is|are|should|shall|must|will|was|were) (?:the |my |our |this |that )?"
    r"(?!(?:i|we) (?:go|visit|travel)\b|there (?:a|any)\b)\w+|"
    r"how (?:long|far|early|late|often|big|old|reliable|safe|comfortable)\b|"
    r"how (?:many|much) \w+ (?:is|are|does|do|will)\b|which (?:\w+ ){1,2}(?:is|are|was|did|do|does|will)\b|"
    r"(?:does|did|do) (?:it|this|that|the|they|you|my|our|we need|i need|i have|we have|any)\b|"
    r"(?:is|are|was|will|would) (?:it|this|that|they|breakfast|lunch|dinner|meals?|food|transport|wifi|parking|fuel|"
    r"water|tickets?|entry|entrance|park fees?|taxes|vat|tax|(?:the|my|our) (?!budget)\w+)\b(?! (?:only|just|now)\b)"
)
_SWAHILI: Final = (
    r"(?:leo|kesho) ni (?:siku|tarehe) gani|ni (?:siku|tarehe) (?:gani|ngapi)|.{0,40}(?:saa ngapi|lini|muda gani|"
    r"siku (?:gani|ngapi)|masaa mangapi|umbali gani|km ngapi|kwa nini|mbona)|"
    r".{0,40}(?:imejumuishwa|zimejumuishwa|inajumuisha|"
    r"ni pamoja na|iko included|included|ndani ya bei)|(?:kwa nini|mbona) .{1,60}"
)
_QUESTION: Final = re.compile(rf"{_LEAD}(?:(?:{_ENGLISH})[^?.!]*|(?:{_SWAHILI}))[ ?.!]*")
_TAKES: Final = re.compile(r"how (?:long|far) |in(?:a|ta|ku)?chukua |muda gani|umbali gani|masaa mangapi")
# Asked, but wished for.
_WISH: Final = re.compile(
    r"(?<!\w)(?:can|could|may|shall|should (?:we|i) (?:take|use|book)|how about|what about|what if|instead|is there|"
    r"are there|do you have|possible|make it|change|swap|add|remove|cheaper|another|different|badala|tuongeze|ongeza|"
    r"ondoa|badilisha|inawezekana|tunaweza|naweza|nataka|tunataka|kuna (?!breakfast))(?!\w)"
)
_PAYS: Final = re.compile(r"(?<!\w)(?:pay\w*|lip\w*|(?:ni|tu)\w{2}lip\w*)(?!\w)")


def is_inquiry(words: str) -> bool:
    """Whether a whole message asks for a fact and wishes for nothing."""
    return bool(_QUESTION.fullmatch(words)) and not _WISH.search(words)


def topic_of(words: str) -> str | None:
    """What we know an answer to, whoever asks: "payment"."""
    return "payment" if _PAYS.search(words) else None


def asks_how_long(words: str) -> bool:
    """Whether it is about how long or how far, which no search for a ride answers."""
    return bool(_TAKES.search(words))
