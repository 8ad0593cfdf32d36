"""What people say about booking a trip, and the messages of payment and ticket services that they paste. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.i18n import NAIROBI
from bot.intents import BookingStep, Receipt
from bot.parsers.speech import clean
from planner.model import ItemType

_LONGEST: Final = 2_000  # characters looked at: two messages of M-Pesa and more
_TYPED: Final = 120  # … of what was typed and not pasted


@dataclass(frozen=True, slots=True)
class Heard:
    """A word about booking. `about` may name a thing: a payee, a ticket's text, what else a sentence holds.

    `back`: the way home, or the way out; None when that was not said. `pasted` texts hold personal things.
    """

    step: BookingStep
    receipt: Receipt = field(default_factory=Receipt)
    kind: ItemType | None = None
    back: bool | None = None
    about: str = ""
    pasted: bool = False
    bare: bool = False  # a word that means this only while somebody is booking: "done", "next"
    only_name: bool = False  # "the hotel": an answer to which of them is booked
    swahili: bool = False


def heard(text: str) -> Heard | None:
    """What a message says about booking, None for everything else."""
    return pasted(text) or typed(text)


# -- what services send ----------------------------------------------------------------------------------------------

_THOUSANDS = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,8}"
_SENT = re.compile(
    r"\b(?P<code>(?=[A-Z]*\d)[A-Z][A-Z0-9]{9})[\s.:,-]{0,3}(?:confirmed|[iu]methibiti?shwa)\b(?P<rest>.{0,400})",
    re.I | re.S,
)
_KSH = re.compile(rf"\b(?:kshs?|kes|sh)\.?\s?(?P<kes>{_THOUSANDS})(?:\.\d{{1,2}})?(?![\d,])", re.I)
_CAME_IN = re.compile(r"\b(?:you have received|umepokea|received from|imepokelewa)\b", re.I)
_PAYEE = re.compile(
    r"\b(?:(?:sent|paid) to|(?:imelipwa|imetumwa|zimetumwa|zimelipwa|umelipa|umetuma|imelipiwa)"
    r"(?:\s+ksh[\s\d,.]{1,14})?(?:\s*\bkwa)?)\s+"
    r"(?P<payee>[^\n]{1,60}?)\s*(?=\.(?:\s|$)|,| for account| on \d| (?:kwa )?(?:akaunti|nambari)| tarehe| mnamo|"
    r" siku ya|\s\+?\d[\d*]{8,}|\n|$)(?P<phone>\s\+?\d[\d*]{8,})?",
    re.I,
)
_WHEN = re.compile(
    r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{2,4}) (?:at|saa) (?P<h>\d{1,2}):(?P<min>\d{2}) ?(?P<half>[AP]M)\b", re.I
)
_LABEL = (
    r"pnr(?:\s+(?:no|number|code))?|(?:booking|reservation|e?-?ticket|confirmation|receipt|transaction)\s+"
    r"(?:ref(?:erence)?(?:\s+(?:no|number))?|number|num|no|code|id)|ref(?:erence)?(?:\s+(?:no|number|code))?|"
    r"(?:nambari|namba|na\.?)\s+ya\s+(?:tiketi|kumbukumbu|uhifadhi|booking)|tiketi\s+(?:nambari|namba|na|no)|"
    r"kumb(?:ukumbu)?(?:\s+na(?:mba(?:ri)?)?)?|code|kodi"
)
_REFERENCE = re.compile(
    rf"\b(?:{_LABEL})\b\s*(?:is\b|ni\b|[:#.=-]){{0,2}}\s*(?:[:#]\s*)?(?P<ref>\d{{3,4}}(?: \d{{3,4}}){{1,3}}|"
    r"[A-Z0-9][A-Z0-9/-]{2,18}[A-Z0-9])(?![\w])",
    re.I,
)
# A reference without a word before it: letters and digits, all capital.
_NAKED = re.compile(r"(?<![\w/])(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{5,12}(?![\w/])")
_TICKET = re.compile(
    r"\b(?:confirmed|e-?ticket|ticket|booked|booking|reservation|itinerary|seat|boarding|imethibitishwa|tiketi|kiti|"
    r"umehifadhi\w*)\b",
    re.I,
)
# What only a message of a bank or a mobile wallet says: it names people, numbers and balances.
_MONEY_MOVED = re.compile(
    r"\b(?:(?:new |available |account |airtel money )?bal(?:ance)?\b|salio\b|(?:has been |was |been )?(?:debited|"
    r"credited)|"
    r"you have (?:sent|paid|received|transferred)|um(?:etuma|elipa|epokea)|transaction (?:cost|id|code)|txn ?id|"
    r"tid\b|"
    r"a/c (?:no|number)?|imekatwa|fuliza)",
    re.I,
)
_FARE = re.compile(
    rf"\b(?:fare|amount|total|paid|price|nauli|jumla|kiasi)\b\D{{0,12}}(?P<kes>{_THOUSANDS})(?:\.\d\d)?(?![\d,])", re.I
)
_BODY: Final = 8  # words from which on a text with a reference is a service's and not one's own


def pasted(text: str) -> Heard | None:
    """A confirmation of M-Pesa, English or Swahili, or of a company that sold a ticket; None for other texts."""
    text = unicodedata.normalize("NFKC", text[:_LONGEST])
    if sent := _SENT.search(text):
        return _payment(sent["code"].upper(), sent["rest"])
    reference = _reference(text)
    if reference and len(text.split()) >= _BODY and _TICKET.search(text):
        fare = _FARE.search(text) or _KSH.search(text)
        told = Receipt(reference, _whole(fare["kes"]) if fare else None)
        return Heard(BookingStep.BOOKED, told, about=text, pasted=True)
    amount = _KSH.search(text)
    if amount and len(text.split()) >= _BODY and _MONEY_MOVED.search(text):  # another service, or a bank
        payee = _PAYEE.search(text)
        about = payee["payee"].strip() if payee and not payee["phone"] else ""
        told = Receipt(reference, _whole(amount["kes"]), _moment(text), bool(_CAME_IN.search(text)))
        return Heard(BookingStep.BOOKED, told, about=about, pasted=True)
    return None


def _payment(code: str, rest: str) -> Heard:
    """A payment by M-Pesa. Who was paid is left out where it is a person, whose number then follows."""
    amount, payee = _KSH.search(rest), _PAYEE.search(rest)
    told = Receipt(code, _whole(amount["kes"]) if amount else None, _moment(rest), bool(_CAME_IN.search(rest)))
    about = payee["payee"].strip() if payee and not payee["phone"] else ""
    return Heard(BookingStep.BOOKED, told, about=about, pasted=True)


def _moment(text: str) -> datetime | None:
    """The hour of a payment, in Nairobi; None when there is none or it cannot be."""
    found = _WHEN.search(text)
    if found is None:
        return None
    year, hour = int(found["y"]), int(found["h"]) % 12 + (12 if found["half"].upper() == "PM" else 0)
    year += 2_000 if year < 100 else 0
    try:
        return datetime(year, int(found["m"]), int(found["d"]), hour, int(found["min"]), tzinfo=NAIROBI)
    except ValueError:
        return None


def _whole(figures: str) -> int:
    return int(figures.replace(",", ""))


def _reference(text: str) -> str:
    """The first thing called a reference that looks like one: with a digit, or all in capitals; "" for none."""
    for found in _REFERENCE.finditer(text):
        if re.search(r"\d", found["ref"]) or (found["ref"].isupper() and 5 <= len(found["ref"]) <= 8):
            return found["ref"].upper().replace(" ", "")
    return ""


# -- what people type ------------------------------------------------------------------------------------------------

_KINDS: Final = {
    ItemType.STAY: r"hotels?|hoteli|rooms?|chumba|vyumba|stay|airbnb|bnb|accommodation|malazi|lodge|camp|guest ?house",
    ItemType.TRAIN: r"trains?|treni|sgr|madaraka|gari (?:la )?moshi",
    ItemType.FLIGHT: r"flights?|ndege|planes?",
    ItemType.BUS: r"bus|buses|basi|coach|shuttle|matatu|mat",
    ItemType.EVENT: r"events?|concert|tamasha|gig",
    ItemType.ACTIVITY: r"activity|activities|park|entry|kiingilio",
}
_BACK = r"(?:the )?(?:way )?back|home|return|ya kurudi|kurudi"
_OUT = r"(?:the )?way (?:out|there)|there|out(?:bound|ward)?|ya kwenda|kwenda"
_KIND = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _KINDS.items()}
_HOMEWARD, _OUTWARD = re.compile(rf"\b(?:{_BACK})\b"), re.compile(rf"\b(?:{_OUT})\b")
_FILLER = re.compile(
    r"\b(?:the|my|our|it|that|this|one|tickets?|tiketi|seats?|already|now|just|all|yes|ndio|ok(?:ay)?|sawa|please|"
    r"tafadhali|"
    r"first|kwanza|sasa|hiyo|ile|hii|ya|la|ni|na|kwa|for|of|is|and|at|with|after|kumbe|yangu|yetu|tayari|payment|"
    r"mpesa|m-pesa|via|by|sgr|booking|nafasi|me|us|here|hapa|hours?)\b|[^\w\s]"
)
_VERB = r"(?:(?:book|buk|lip|hifadhi|nunu|katiw)\w*|kata\b)"
_NOT = re.compile(
    rf"(?:(?:i|we) )?(?:(?:have|had) ?n[o']t|haven'?t|did ?n[o']t|didn'?t|not)(?: (?:been|actually|really|yet))* "
    rf"(?:book(?:ed)?|paid|pay)\b|unbook\b|(?:si|hatu)ja{_VERB}|hai(?:ja|ku){_VERB}|si(?:ku)(?:book|lip)\w*"
)
_DONE = re.compile(
    rf"(?:(?:i|we)(?:'ve| have)?(?: just| already)? )?(?:booked|paid|bought)\b|"
    rf"(?:ni|tu)(?:me|mesha|sha|li){_VERB}|nish[ae]?{_VERB}|ime{_VERB}"
)
_DONE_BARE = re.compile(
    r"(?:(?:i'?m|all|that'?s|it'?s) )?(?:done|sorted|finished)|tayari|imefanyika|nimemaliza|tumemaliza"
)
_SKIP_BARE = re.compile(
    r"(?:please )?(?:skip(?: it| this(?: one)?| that)?|next(?: one)?|(?:i?ruke|ruka)(?: hii| hiyo)?|ifuatayo|"
    r"inayofuata|kinachofuata|lingine|nyingine|pita(?: hii)?|later|not now|baadaye|si sasa)(?: tafadhali| please)?"
)
_LEFT = re.compile(
    r"(?:so )?what(?:'?s| is| do (?:i|we)| have (?:i|we)| else)?(?: \w+){0,3}? ?(?:left|still|remains?|remaining)"
    r"(?: \w+){0,3}? (?:book|pay|booked|paid)(?: for)?|what(?:'?s| is) (?:left|booked)(?: so far)?|"
    r"what (?:have|did) (?:i|we)(?: already)? (?:booked?|paid?|pay)(?: for)?(?: so far)?|"
    r"bado (?:ni )?nini(?: ya (?:ku)?\w+)?|nini (?:ni )?bado|(?:imebakia?|kimebakia?|[nt][iu]mebakisha) "
    rf"nini(?: ya (?:ku)?\w+)?|(?:ni )?nini (?:imebakia?|kimebakia?|(?:si|hatu)ja{_VERB})|"
    rf"(?:nime|tume)(?:sha)?{_VERB} (?:nini|zipi|gani)|booking status|my bookings|bookings (?:zangu|zetu)"
)
_SHOW = re.compile(
    r"(?:please |tafadhali )?(?:(?:can|could) (?:you|i|we) )?(?:book|reserve|pay for|(?:ni|tu)?(?:book|buk)(?:ie|ia)|"
    r"(?:ni|tu)?lipi[ae]|(?:ni|tu)?hifadhi(?:e|a)?|(?:ni|tu)?kati[ae]|(?:ku|tu)book) "
)
_SWAHILI = re.compile(
    r"\b(?:ni|tu|si|hatu|hai|ime|sha|ki)(?:me|ja|sha|ku|na|baki)\w+|\b(?:bado|nini|ruka|iruke|ifuatayo|inayofuata|"
    r"tayari|"
    r"hoteli|treni|basi|ndege|malazi|kurudi|kwenda|tafadhali|baadaye|nibook\w+|nibuk\w+|lipia|nilipie|hifadhi\w*|"
    r"nikatie|"
    r"katia|nish\w+|yangu|zangu|kumbe)\b"
)
_AMOUNT = re.compile(
    rf"\b(?:(?:kshs?|kes|sh)\.? ?(?P<kes>{_THOUSANDS})(?:\.\d{{1,2}})?|(?P<bare>\d{{1,3}}(?:,\d{{3}})+|\d{{3,6}})"
    r"(?: ?(?:/=|/-|bob|ksh|kes|shillings))?)(?![\d,])"
)
_MOST_ELSE: Final = 5  # words that may name a thing: more of them are a sentence about something else


def typed(text: str) -> Heard | None:
    """ "Booked, ref QJH7K2", "skip", "what's left to book?", "nibookie hoteli"; None for other messages."""
    if len(text) > _TYPED:
        return None
    words = clean(text).strip(" .!?,")
    swahili = bool(_SWAHILI.search(words))
    if _LEFT.fullmatch(words):
        return Heard(BookingStep.LEFT, swahili=swahili)
    if _SKIP_BARE.fullmatch(words):
        return Heard(BookingStep.SKIP, bare=True, swahili=swahili)
    if _DONE_BARE.fullmatch(words):
        return Heard(BookingStep.BOOKED, bare=True, swahili=swahili)
    if said := _NOT.match(words):
        return _naming(Heard(BookingStep.NOT_BOOKED, swahili=swahili), words[said.end() :])
    if said := _SHOW.match(f"{words} "):
        shown = _naming(Heard(BookingStep.SHOW, swahili=swahili), words[said.end() :])
        return shown if shown and (shown.kind or shown.about) else None
    return _booked(text, words, swahili=swahili)


def _booked(text: str, words: str, *, swahili: bool) -> Heard | None:
    """ "Booked the hotel, ref ABC123, 16,000"; a reference alone says as much."""
    plain = unicodedata.normalize("NFKC", text)
    reference = _reference(plain)
    rest = _REFERENCE.sub(" ", plain) if reference else plain
    said = _DONE.match(words)
    if said is None and not reference:
        named = _naming(Heard(BookingStep.BOOKED, only_name=True, swahili=swahili), words)
        return named if named and named.kind and not named.about else None
    if not reference and said and (naked := _NAKED.search(plain)):
        reference, rest = naked[0], plain.replace(naked[0], " ")
    lower = clean(rest)
    amount = _AMOUNT.search(lower)
    lower = _AMOUNT.sub(" ", lower)
    paid = _whole(amount["kes"] or amount["bare"]) if amount else None
    lower = _DONE.sub(" ", lower, count=1)
    return _naming(Heard(BookingStep.BOOKED, Receipt(reference, paid), swahili=swahili), lower)


def _naming(said: Heard, words: str) -> Heard | None:
    """With the thing that the rest of the words names; None when they are about something else altogether."""
    back = True if _HOMEWARD.search(words) else False if _OUTWARD.search(words) else None
    kind = next((kind for kind, pattern in _KIND.items() if pattern.search(words)), None)
    if kind is not None:
        words = _KIND[kind].sub(" ", words)
    left = _FILLER.sub(" ", _OUTWARD.sub(" ", _HOMEWARD.sub(" ", words))).split()
    if len(left) > _MOST_ELSE:
        return None
    return replace(said, kind=kind, back=back, about=" ".join(left))
