"""A message made ready for reading, and the language it is in."""

from __future__ import annotations

import re
import unicodedata

from bot.intents import Context, Lang
from bot.parsers.common import ENGLISH, SHENG, SWAHILI

LONGEST = 1_000
"""Characters looked at: a travel wish fits, and every pattern stays fast on whatever else arrives."""

# Marks of bold, italics and code, and brackets around a word, say nothing; "->" and ">" between places do.
_TAG = re.compile(
    r"</?(?:b|i|u|s|em|strong|code|pre|br|p|a|span|del|ins|blockquote|tg-spoiler)(?: [^<>]{0,100})?/?>", re.I
)
_BRACKETED = re.compile(r"<(\w[\w ,.'-]{0,60})>")
_MARKUP = re.compile(r"(?<![\w*_~`])[*_~`]+(?=[\w<])|(?<=[\w>.,!?])[*_~`]+(?!\w)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_WORD = re.compile(r"[a-z']+")
# Phones drop the space after a comma or a full stop: "on monday,2 seats", "kesho.watu wawili". Thousands keep theirs.
_GLUED = re.compile(
    r"(?<=[a-z)\]])[,;](?=\w)|(?<=\d)[,;](?=[a-z])|(?<=\d),(?=\d{1,2}(?!\d))|(?<=[a-z]{3})\.(?=[a-z]{3})"
)
# "30 000", "KES 12 500", "7 500 bob": thousands set apart by a space; other numbers side by side are two.
_SPACED = re.compile(
    r"(?<![\d.,/:+-])(?<!\d )\d{1,3}(?: \d{3})* 000(?! ?\d)|(?:(?<=\bkes )|(?<=\bksh ))\d{1,3}(?: \d{3})+(?! ?\d)|"
    r"(?<![\d.,/:+-])(?<!\d )\d{1,3}(?: \d{3})+(?= ?(?:bob|kes|kshs?|shillings?|/=)(?!\w))"
)
# What people of any language say in Kenya: alone, it does not turn an English conversation Swahili.
_EVERYBODYS = frozenset({"asante", "sana", "sawa", "poa", "fiti", "ndio", "karibu", "safari", "njema", "tafadhali"})
_HAIL = frozenset({"sasa", "mambo"})  # greetings of Sheng, but "now" and "matters" in the middle of Swahili
# Loans and names that every language has.
_ANYWHERE = frozenset({"uber", "bolt", "mpesa", "sgr", "matatu", "safari", "whatsapp", "boss", "visa"})
_KNOWN = ENGLISH | SWAHILI | SHENG | _EVERYBODYS | _ANYWHERE
_VERB = re.compile(r"(?:nina|nita|niki|ni|na|tuna|tuta|tu|una|uta|wana|wata|ana|ata|ina|zina|ku|mna)[a-z]{3,}[aeiu]")
# Words of Swahili end in a vowel; what ends otherwise was borrowed.
_FOREIGN_END = re.compile(r"[a-z']{3,}[bcdfghjklmnpqrstvwxyz]")
# English stems between a Swahili prefix and ending: "nibookie", "tuchill", "kunahappen".
_SHENG_VERB = re.compile(
    r"\b(?:ku|ni|tu|u|wa|i|na|tuna|nina|kuna|ina|nita|tuta|uni|utu)(?:book|forward|send|share|plan|chill|drop|"
    r"pick|check|"
    r"chek|enjoy|party|text|show|sort|happen|change|cancel|pay|fly|track|confirm|lock)(?:i?e|i?a|ishe)?\b"
)
_SHENG_ASKING = re.compile(r"\b(?:event|plot|form|gig|rave|bash)s? (?:gani|ni gani)\b")


def clean(text: str) -> str:
    """Lower case, plain quotes and dashes, single spaces, no control characters, at most LONGEST characters."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST]
    text = _MARKUP.sub("", _BRACKETED.sub(r"\1", _TAG.sub(" ", text)))
    text = re.sub("[‘’ʼ`´]", "'", _CONTROL.sub(" ", text))
    text = re.sub("[–—−‐‑]", "-", re.sub("[“”]", '"', text)).replace("→", "->")
    text = _SPACED.sub(lambda amount: amount.group().replace(" ", ""), text.lower())
    return " ".join(_GLUED.sub(lambda mark: f"{mark.group()} ", text).split())


def language(words: str, context: Context) -> Lang:
    """The language of cleaned words, without names; that of the conversation when they do not tell."""
    found = _WORD.findall(words)
    if found and context.lang == "en" and _EVERYBODYS.issuperset(found):
        return Lang.EN
    sheng = sum(word in SHENG for word in found) + (found[:1] != [] and found[0] in _HAIL and len(found) < 3)
    swahili = sum(word in SWAHILI or (word not in _KNOWN and bool(_VERB.fullmatch(word))) for word in found)
    english = sum(word in ENGLISH or (word not in _KNOWN and bool(_FOREIGN_END.fullmatch(word))) for word in found)
    if _SHENG_ASKING.search(words) or _SHENG_VERB.search(words):
        sheng += 1
    if sheng and (swahili or not english):
        return Lang.SHENG
    swahili += sheng
    if not swahili and not english:
        return Lang(context.lang) if context.lang in ("en", "sw") else Lang.EN
    share = english / (english + swahili)
    return Lang.EN if share > 0.85 else Lang.SW if share < 0.15 else Lang.MIXED
