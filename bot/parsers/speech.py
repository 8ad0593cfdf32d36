"""A message made ready for reading, and the language it is in."""

from __future__ import annotations

import re
import unicodedata

from bot.intents import Context, Lang
from bot.parsers.common import ENGLISH, SHENG, SWAHILI

LONGEST = 1_000
"""Characters looked at: a travel wish fits, and every pattern stays fast on whatever else arrives."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_WORD = re.compile(r"[a-z']+")
# What people of any language say in Kenya: alone, it does not turn an English conversation Swahili.
_EVERYBODYS = frozenset({"asante", "sana", "sawa", "poa", "fiti", "ndio", "karibu", "safari", "njema", "tafadhali"})
_SHENG_ASKING = re.compile(r"\b(?:event|plot|form|gig|rave|bash)s? (?:gani|ni gani)\b")


def clean(text: str) -> str:
    """Lower case, plain quotes and dashes, single spaces, no control characters, at most LONGEST characters."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    text = re.sub("[‘’ʼ`´]", "'", _CONTROL.sub(" ", text))
    text = re.sub("[–—−‐‑]", "-", re.sub("[“”]", '"', text)).replace("→", "->")
    return " ".join(text.lower().split())


def language(words: str, context: Context) -> Lang:
    """The language of cleaned words; that of the conversation when they do not tell."""
    found = _WORD.findall(words)
    if found and context.lang == "en" and _EVERYBODYS.issuperset(found):
        return Lang.EN
    swahili = sum(word in SWAHILI for word in found)
    sheng = sum(word in SHENG for word in found)
    english = sum(word in ENGLISH for word in found)
    if _SHENG_ASKING.search(words):
        sheng += 1
    if sheng and (swahili or not english):
        return Lang.SHENG
    swahili += sheng
    if not swahili and not english:
        return Lang(context.lang) if context.lang in ("en", "sw") else Lang.EN
    share = english / (english + swahili)
    return Lang.EN if share > 0.85 else Lang.SW if share < 0.15 else Lang.MIXED
