"""Small talk that is no greeting, and what has nothing to do with travel, in English, Swahili and Sheng."""

from __future__ import annotations

import re
from typing import Final

from bot.intents import Action, Context, Intent, Lang
from bot.parsers.speech import clean, language
from bot.parsers.vocabulary import TOPICS

OFF: Final = "chat:off"
# Whole messages, but for a name or a courtesy around them.
_WHOLE: Final[dict[str, tuple[str, str]]] = {
    "chat:how": (
        r"(?:and )?how (?:are|r) (?:you|u)(?: doing| feeling)?(?: today)?|how(?:'s| is) (?:it going|your day|life)|"
        r"how do you do|are you (?:ok|okay|fine|well)|you good",
        r"(?:na )?(?:uko|mko|upo) (?:aje|vipi|poa|sawa|fiti|salama|mzima)(?: leo)?|u hali gani|hali yako(?: ni gani)?|"
        r"umeamkaje|umeshindaje|unaendeleaje|unaendelea aje|maisha (?:aje|vipi)",
    ),
    "chat:robot": (
        r"(?:are|r) (?:you|u) (?:a |an )?(?:robot|bot|machine|computer|ai|human|real(?: person)?|program|person|"
        r"chatgpt|gpt)|is this (?:a )?(?:bot|robot|real person|automated)|am i (?:talking|chatting) (?:to|"
        r"with) a (?:bot|robot|machine|human)",
        r"(?:je )?(?:wewe|we|uko|hii) (?:ni )?(?:robot|roboti|bot|mashine|kompyuta|computer|ai|mtu|binadamu|program|"
        r"programu)(?: (?:kweli|ama|au) (?:mtu|robot|binadamu))?",
    ),
    "chat:love": (
        r"i (?:really )?(?:love|like|adore) (?:you|u|this|it)(?: (?:so|very) much| a lot)?|(?:will|can) you marry me|"
        r"marry me|(?:you are|you're|ur|you r) (?:so |very |really )?(?:cute|sweet|beautiful|handsome|amazing|"
        r"the best|great|good|smart|awesome|nice|cool|funny)|be my (?:girlfriend|boyfriend|valentine)|good (?:bot|job|"
        r"work)|well done|are you single",
        r"(?:na|nina)?kupenda(?: sana)?|nakupenda(?: sana)?|(?:uta)?ni(?:oa|olewe)|(?:wewe |we )?(?:uko|ni) (?:mrembo|"
        r"mzuri|mtamu|mwerevu|bora|genius|smart|noma|moto)(?: sana)?|umejaribu|kazi (?:nzuri|safi|poa)|hongera|"
        r"uko single",
    ),
    "chat:joke": (
        r"(?:(?:tell|give)(?: me)? |crack |know )?(?:a |another |any )?(?:good |funny )?jokes?|make me laugh|"
        r"say something funny|entertain me|i(?:'m| am) bored",
        r"(?:ni(?:pe|ambie|chekeshe)|niambie|nipe|sema|toa)? ?(?:kichekesho|vichekesho|mchezo wa maneno|joke|jokes)|"
        r"nichekeshe|niko bored|nimeboeka|nimechoka na maisha",
    ),
    "chat:insult": (
        r"(?:you(?:'re| are)? |u |ur |this is |this bot is |what a )?(?:so |such (?:a|an) |a |an |very |really |just |"
        r"completely )*(?:stupid|idiot|dumb|useless|fool|foolish|trash|rubbish|garbage|nonsense|terrible|moron|worst|"
        r"hopeless|pathetic|crap|bullshit|shit|wack)(?: (?:bot|robot|app|thing|machine|service))?|(?:fuck|screw|"
        r"damn) (?:you|u|off|this)|shut up|i hate (?:you|this)|you suck|go to hell|wtf|stfu",
        r"(?:wewe |we |uko |ni |hii ni )*(?:mjinga|mpumbavu|pumbavu|fala|falla|takataka|umbwa|mbwa|ng'ombe|"
        r"bure kabisa|bogus|useless|ghasia|shenzi|mshenzi|malaya|kichwa ngumu|ujinga)(?: (?:wewe|we|kabisa|sana|tu|"
        r"hii))*|kwenda (?:huko|kabisa)|potelea mbali|nyamaza|funga mdomo|sikupendi|nakuchukia|umenibore|unaniboesha",
    ),
}  # fmt: skip
# Found anywhere in a message: nobody says these of a trip.
_OFF: Final = {
    Lang.EN: (
        r"(?:write|compose|draft|give|make|tell|sing)(?: me)?(?: an?| my| the)?(?: \w+)? (?:poem|essay|song|story|cv|"
        r"resume|letter|code|script|speech|rap|prayer|caption)|who (?:won|will win|is winning|is the president|killed|"
        r"invented|discovered)|(?:the |last |next )?elections?|politics|(?:my |do |help with )+homework|(?:in |"
        r"write )?(?:python|javascript) (?:code|function|program)|recipes?|how (?:do i|to) cook|translate|"
        r"capital (?:city )?of|meaning of life|(?:bitcoin|crypto\w*|forex trading|stocks?) (?:price|tips)|lottery|"
        r"betting tips|sportpesa|what is \d+ ?(?:times|plus|minus|divided by|[x*+/-]) ?\d+|(?:premier league|football|"
        r"match) (?:score|results?)s?"
    ),
    Lang.SW: (
        r"(?:ni|tu)?(?:andikie|andika|tungie|tungia|imbie|imba)(?: \w+)? (?:shairi|insha|wimbo|barua|hadithi|hotuba|"
        r"mashairi)|(?:ni|tu)?(?:hadithie|simulie)(?: hadithi)?|uchaguzi|siasa|nani (?:alishinda|atashinda|ni rais|"
        r"rais)|hesabu|tafsiri|(?:ni)?pika(?:je)? (?:ugali|chapati|pilau|wali)|matokeo ya mpira"
    ),
}
_COUNTED: Final = ("party", "budget")  # "2+2" may be two adults and two children
_SUM: Final = re.compile(r"[\d\s().]+(?:[+*x×÷=][\d\s().?]*)+")
_AROUND: Final = re.compile(
    r"^(?:(?:hi|hey|hello|sasa|niaje|please|tafadhali|bro|buda|safiri|lol|haha+|ebu|hebu|ati|eti|yaani)[ ,]+)+|"
    r"(?:[ ,]+(?:please|tafadhali|bro|buda|safiri|lol|haha+|bana|maze|jo|manze|wewe|mate|man))+$"
)
_MARKS: Final = re.compile(r"^[\s.!?,…😂😅🙂😍❤️🤣]+|[\s.!?,…😂😅🙂😍❤️🤣]+$")
_LONGEST: Final = 100


def chatter(text: str, context: Context) -> Intent | None:
    """Small talk by its topic ("chat:joke"), or "chat:off" for what is not about travel; None for anything else."""
    words = _MARKS.sub("", clean(text))
    if not words or len(words) > _LONGEST:
        return None
    bare = _MARKS.sub("", _AROUND.sub("", words)) or words
    for topic, (english, swahili) in _WHOLE.items():
        if re.fullmatch(english, bare):
            return Intent(Action.OTHER, Lang.EN, topic=topic)
        if re.fullmatch(swahili, bare):
            return Intent(Action.OTHER, Lang.SW, topic=topic)
    if any(topic.search(words) for _, topic in TOPICS):  # "is it safe during the election?"
        return None
    for lang, pattern in _OFF.items():
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words):
            return Intent(Action.OTHER, lang, topic=OFF)
    if context.asked not in _COUNTED and _SUM.fullmatch(words):
        return Intent(Action.OTHER, language(words, context), topic=OFF)
    return None
