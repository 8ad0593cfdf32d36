"""The words that change a plan: verbs of change, and comparisons with what is on the table."""

from __future__ import annotations

from bot.parsers.common import whole
from planner.datewords import WEEKDAYS
from planner.numbers import NUMBER

RIDE = r"(?:basi|mabasi|bus|buses|gari|matatu|mat|shuttle|treni|train|trains|sgr|ndege|flight|flights|plane)"


# A prefix says who ("tuongeze", "nibadilishie", "naomba kupunguza"), an ending for whom.
_WHO = r"(?:(?:na|ta|me|ki)?(?:ku|u|m)?(?:ni|tu|wa|i|zi)?|(?:ni|tu|u|m)(?:na|ta|me)(?:omba )?|ku|kuni|kutu|u|m)"
_SWAHILI_CHANGE = (
    rf"{_WHO}(?:badil\w*|ongez\w*|ondo[ae]\w*|punguz\w*|sogez\w*|rekebish\w*|ahirish\w*|bores\w*|fupish\w*|refush\w*|"
    r"geuz\w*|songesh\w*|badlish\w*|bandilish\w*|chenj\w*|chang(?:e|ie|ia)|add(?:ie|ia)?|remov(?:e|ie)|reduc(?:e|ie)|"
    r"adjust(?:ie)?|swap(?:ie)?|skip(?:ie)?|cut(?:ie)?)"
)
_ENGLISH_CHANGE = (
    r"chang(?:es|ing)|adding|removing|delete|instead|spend (?:less|more)|replac(?:e|ing)|extend(?:ing)?|"
    r"shorten(?:ing)?|make it|"
    r"make (?:the|my|our) (?:hotel|trip|plan|room|stay|budget|pace|days?)|shift|switch|postpone|reschedule|upgrade|"
    r"downgrade|modify|edit|revise|tweak|undo|increase|raise|drop(?! (?:me|us|off))|move (?:it|the (?:trip|date|"
    r"dates|start))|"
    r"another (?:hotel|bus|day|option|one|night)|different (?:hotel|bus|day|time|date|option|one|flight|train|place)|"
    r"bring (?:\w+ ){0,3}down|(?:lower|slash|trim) (?:the |its |my |our )?(?:price|cost|budget|total|bill)s?|"
    r"push (?:it|this|that|the (?:trip|dates?))|bring (?:it|the trip) forward|leave (?:earlier|later)|"
    r"more (?:days|nights|activities|time|luxurious|relaxed)|"
    rf"(?:an?|{NUMBER}) (?:more|extra|additional|fewer|less) (?:days?|nights?)|"
    r"(?:cancel|ghairi) (?:the |my |our |that )?(?:hotel|hoteli|bus|train|flight|ndege|taxi|room|stay|museum)"
)
_SWAHILI_TURNS = (
    r"(?:tu|ni)?toa|(?:tu|ni|u|uni|utu)to(?:e|lee)|futa|badala(?: ya)?|rudisha|(?:i|tu|u)fanye|"
    r"fanya (?:iwe|ikuwe|watu|bajeti|budget|siku|hoteli)|(?:wawe|tuwe) (?:watu )?(?:wa(?:wili|tatu|nne|tano|nane)|"
    r"sita|saba|tisa|kumi|\d+)|(?:siku|usiku|masiku) \w+ (?:zaidi|ingine|nyingine|pungufu)|bei ya chini zaidi"
)
CHANGE = whole(rf"{_SWAHILI_CHANGE}|{_ENGLISH_CHANGE}|{_SWAHILI_TURNS}")

_BETTER = (
    r"slower|faster|quicker|calmer|quieter|cheaper|earlier|later|longer|shorter|fewer|"
    r"(?:better|nicer|bigger|smaller|closer|nearer|fancier|comfier|cleaner|safer) (?:hotel|room|place|bus|time|"
    r"option|flight|one|seats?|area|price|deal)|(?:other|different|more|alternative) (?:\w+ )?(?:hotels?|options?|"
    r"choices?|buses|flights|stays|ideas)|something (?:else|different|\w+er|(?:more|less) \w+)"
)
# "more beach less museums" compares; "more info", "less than 5k" and "how much more" do not.
_MORE = (
    r"(?<!any )(?<!no )(?<!some )(?<!what )(?<!tell me )(?<!need )(?<!much )(?<!or )more "
    r"(?!info|details?|help|than|about|or |expensive|questions?|time to)[a-z]{3,}|"
    r"less (?!than)[a-z]{3,}"
)
_TOO = (
    r"too (?:much|many|expensive|pricey|costly|steep|far|long|short|rushed|packed|busy|early|late|crowded|"
    r"tight|slow|fast|high|hectic|tiring|basic)|not enough|(?:so|very) (?:expensive|pricey|rushed|packed)|rushed|"
    r"ghali|(?:bei|iko|ziko|imekuwa) (?:\w+ )?juu|mbali sana|ndefu sana|fupi sana|haraka sana|mapema sana|mingi sana|"
    r"(?:siku|pesa|vitu) (?:ni )?(?:nyingi|chache|kidogo|mingi)(?: sana)?|(?:imejaa|imebana)(?: sana)?"
)
_PACE = (
    r"(?:slow|ease|calm|tone) (?:it |things |this )?down|(?:take|go|keep) (?:it |things )?(?:slow(?:ly)?|easy)|"
    r"(?:slow|easy|relaxed|gentle|chilled?) pace|at (?:a|an) \w+ pace|free time|polepole|pole pole|taratibu|"
    r"(?:tu|ni)?pumzike"
)
_NOW = (
    r"actually|(?:we are|we're|there are|budget is|tuko|tumekuwa) now|now (?:we are|we're|there are)|"
    r"sasa (?:tuko|ni|tutakuwa)|tumekuwa|tumebaki|tumeongezeka|imepungua|imeongezeka|wameongezeka|"
    r"(?:is|are|will be) (?:also )?joining|(?:joined|dropped out|not coming)(?: us)?|(?:ana|wana)kuja (?:pia|nasi)|"
    r"h(?:a|awa)ji|(?:new|my) budget is|(?:budget|bajeti) (?:to )?be|(?:budget|bajeti) (?:yangu |yetu )?(?:sasa|"
    r"imebadilika|iwe|ikuwe)|"
    r"(?:i|zi)(?:ku)?we|change of plans?"
)
_WISHED = (
    r"start(?:ing)? on|start (?:the|our|my) (?:trip|safari|journey)|without|bila|i?don'?t want|(?:don'?t|"
    r"do not) (?:want|need)|(?:si|hatu)hitaji|sitaki|"
    r"hatutaki|prefer|rather|keep|weka(?! (?:booking|trip|plan|oda))|(?:tu|u|ni|uni|utu)wek(?:e|ee)(?! (?:nafasi|"
    r"siti|seat|booking|oda))|include|"
    r"squeeze in|fit in|throw in|also (?:want|add|visit)|put (?:in|us|me)|"
    r"(?:tu|ni)?ondoke|(?:tu|ni)?rudi (?:mapema|jioni|asubuhi)|(?:tu|ni)anze|(?:ku)?anzi?[ae]|decided to|"
    r"stay (?:until|till)|(?:tu|ni)(?:kae|lale) "
    r"(?:siku|usiku|karibu|hoteli)|nyingine|ingine|tofauti|acha|(?:u|m|tu)si(?:wek|tumi|ongez|jumuish|tupelek|end|"
    r"pit)(?:e|ee)|fanya(?! (?:booking|malipo|reservation|oda))|lock(?! (?:it|that|this))|cut|move|take out|"
    r"get rid of|leave out|"
    r"use (?:the )?(?:train|bus|flight|sgr)|(?:tu)?tumi[ae] (?:treni|basi|ndege|sgr)|"
    r"can we (?:leave|start|go|stay|have|do|travel|move|visit|get|also|not|take|use)|"
    r"stay (?:longer|an? extra|another|one more)"
)
MAY_CHANGE = whole(
    rf"{_BETTER}|{_MORE}|{_TOO}|{_PACE}|{_NOW}|{_WISHED}|"
    rf"(?:not|sio|si) (?:on )?(?:{'|'.join(WEEKDAYS)})|\w+ zaidi(?! ya)|"
    r"(?<!have )(?<!is )(?<!are )(?<!got )no (?!problem|thanks?|worries|need|idea|one|way|budget|limit|more)[a-z]{3,}"
)
CONTRAST = whole(rf"{RIDE},? (?:si|sio|siyo|na si|not|and not|badala ya|instead of) (?:the |a )?{RIDE}")
