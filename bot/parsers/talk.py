"""What is said around a journey: greetings, thanks, asking for help, agreeing and calling off."""

from __future__ import annotations

import re

from bot.parsers.common import whole

GREETINGS = whole(
    r"/?start|hi+|hey+|hello+|helo|hallo|yo|sasa+|xaxa|niaje|mambo(?: vipi)?|vipi|poa|habari(?: (?:yako|zenu|gani|"
    r"za \w+|ya \w+))?|hujambo|hamjambo|jambo|shikamoo|good (?:morning|afternoon|evening|day)|[um]ko(?: (?:poa|aje|"
    r"sawa))?|sema|oya|rada|mzima|salamu|salam|as?salaam? ?alai?kum|uhali gani|hodi|(?:ume|mme)(?:amka|"
    r"shinda)(?:je)?|salama|salaam|how are you|how's it going|wassup|what'?s up|greetings|morning|"
    r"evening|afternoon|good|cheki|maze|bro|buda|safiri|there|wako poa|za leo|mko poa|aje|niaje bro|karibu|ndugu|"
    r"rafiki|(?:any(?:one|body)|some(?:one|body)|is any(?:one|body)) (?:there|here|home|online|around)|(?:kuna|"
    r"iko) mtu|"
    r"umelala|mpo|upo|(?:wa)?z+up|sup|nambie|form ni gani|habari ?(?:zako|yenu|za \w+)|(?:uko|mko) (?:online|area|"
    r"on)|"
    r"nice to meet you|(?:u)?hali gani|sabalkheri|masalkheri|za (?:masiku|asubuhi|jioni|mchana)|kwema|kwemaa|salute|"
    r"hey ?a|howdy|hola|g'?morning|gm|niaj[ei]+|mambo+|sas+a+|vipi vipi|x?axa|sasaa|niaje+|aisee|freshi?"
)
COURTESIES = whole(
    r"please|pls|plz|plse|kindly|tafadhali|tafadhal|ebu|hebu|naomba|bana|jo|boss|bro|buda|maze|asap|haki|kaka|dada|"
    r"mkuu|wapendwa|wapenzi|watu|jamani|sana|a+h+|o+h+|e+h+|ai+|aki|hmm+|uh+|jameni|manze|mzee|msee|"
    r"wadau|mdau|ma|thanks|"
    r"thank you|thank you (?:so|very) much|asante(?: sana)?|shukran|sir|madam|in advance"
)
THANKS = whole(
    r"(?:thank(?:s| you| u)|asante(?:ni)?|ahsante|shukran)(?: sana| so much| very much| a lot)? (?:for|kwa) "
    r"(?:all |the |your |this |that )*(?:help|assistance|info(?:rmation)?|plan|work|support|service|msaada|maelezo|"
    r"huduma|"
    r"kazi)(?: wako| yako| yenu| wenu| nzuri)*|thank (?:you|u)(?: (?:so|very) much)?|thanks?(?: a lot| so much|"
    r" very much)?|asante(?:ni)?(?: sana)?|"
    r"ahsante(?: sana)?|santa sana|shukran(?:i)?(?: sana)?|(?:na|nime|tuna)shukuru(?: sana)?|tx|thx|ty|"
    r"much appreciated|appreciated|(?:i |we )?(?:really |truly )?appreciate(?: (?:it|this|you|that|your \w+))?|"
    r"mungu akubariki|be blessed|barikiwa|cheers"
)
AGREED = whole(
    r"confirm(?:ed)?|lock (?:it|this|that)(?: in| down)?|lock|twende|deal|go ahead|proceed|endelea|let'?s (?:go|"
    r"do it)|thibitisha|"
    r"nimekubali|nakubali"
)
# Said around a short wish without adding to it.
FILLERS = whole(
    r"i|you|me|my|your|we|us|the|this|that|it|a|to|do|does|doing|can|could|need|want|would|like|some|with|just|so|"
    r"today|bot|app|guys|all|everyone|team|and|actually|friend|nataka|nahitaji|ningependa|kidogo|wewe|hapa|hii|hiyo|"
    r"leo|na|ya|za|je|tu|msee|mse|wangu|wadau|mdau|mkuu|chief|fam|brathe|anymore|tena|now|later|kabisa|sasa|sijui|"
    r"unaweza|huko|wote|nyote|for|let'?s|know|how|more|show|sana|nyingi|mob|later|tomorrow|soon|back|first|about|will"
)
CALL_OFF = whole(
    r"cancel|cancell?ed|stop|ghairi(?:sha)?|(?:ku)?futa|(?:ni)?futie|achana na|acha|wacha|call off|batilisha|"
    r"sitisha|sitaki|hatutaki|drop|scrap|leave(?! (?:earlier|later))|"
    r"abandon|end|ditch|kill|(?:ni|tu)?(?:si|hatu)(?:endi|safiri|taenda|"
    r"tasafiri|hitaji)|"
    r"(?:ni|tu)(?:me)?ghairi|(?:tu|u|m|w)?achan[ae] na|(?:kam|kans)e?li?(?:a|ia)?|canc(?:e|el)l?|kata"
)
# One word of these tells the wish of a short message that speaks of no journey.
CALLS_OFF = whole(
    r"w?acha(?:na|neni|nia)?|(?:tu|m|ni)?(?:achan|achi)(?:e|a|eni)|(?:u|m)siendelee|(?:ni|tu)?(?:me|na)?ghairi|futa|"
    r"cancel\w*|stop|scrap|quit|not (?:today|now|interested|anymore)|sitaki|hatutaki|no longer|forget|"
    r"(?:ni|tu)meacha|imekataa|ime(?:kwi)?isha|chang(?:e|ed) (?:my|our) minds?|call (?:it )?off"
)
ASKS_HELP = whole(
    r"help(?! me with my)|\w*saidi(?:e|a|ane)(?:je)?|msaada|\w*elekez(?:e|a)|how (?:do|can|should) (?:i|we)|jinsi|"
    r"namna|"
    r"lost|confused|"
    r"\w*tumi(?:a|e)(?:je)?(?: (?:hii|hiyo|hiki|app|bot))* (?:aje|vipi)|\w*tumi(?:a|e)je|sielewi|sijaelewa|"
    r"(?:i )?(?:don'?t|do not) (?:understand|get it)|unafanya(?:je)?|what (?:is|are) (?:this|you)|"
    r"nianzie wapi|nifanye nini|nifanyeje|nitumie(?:je| aje)"
)
HAILS = re.compile(
    r"^(?:h(?:i|ey+|ello+|alo+|allo)|sasa+|niaj[ei]+|mambo|vipi|habari|ha?m?jambo|hujambo|hamjambo|jambo|shikamoo|"
    r"salamu?|salaam|oya|rada|yo|sup|wassup|good (?:morning|afternoon|evening))(?!\w)(?:\W*\w+){0,3}\W*"
)
WHOLE = whole(
    r"trip|trips|plan|plans|safari|mpango|mipango|ratiba|booking|bookings|order|everything|kila kitu|yote|zote|"
    r"kwenda|kuenda|kusafiri|itinerary|journey|holiday|reservation|yangu|yetu|our|whole|thing|request|story|idea|"
    r"mambo|maneno|all of (?:it|this)|hayo|hizo|kitu"
)
HELP = whole(
    r"help(?: me)?(?: out)?|msaada|(?:u)?nisaidie|usaidizi|(?:naweza|nawezaje|nitakutumia|"
    r"naeza) (?:ku)?(?:ku)?tumia(?: aje| vipi)?|"
    r"nikutumie(?:je| aje| vipi)|unafanya (?:kazi )?(?:aje|vipi|gani)|instructions|guide me|/help|anza|menu|menyu|"
    r"how (?:does|do) (?:this|it|you|i use) (?:this |it )?works?|"
    r"what (?:can|do|will) you (?:do|offer|help)(?: (?:for|with) (?:me|us))?(?: with)?|una(?:do|fanyaga|"
    r"saidia na) nini(?: wewe)?|who are you|wewe ni nani|unaweza (?:kunisaidia|kufanya|kusaidia)(?: na)? nini|"
    r"unafanya nini|nini unaweza|(?:explain |show me |tell me )?how to use(?: you| this| it)?|how you work|"
    r"how do i use this|what is this|what's this|options|commands|maelekezo|"
    r"una(?:we|e)za(?:je)? (?:ku)?nisaidia(?: aje| vipi| na nini)?|"
    r"what (?:can|should|do) i (?:ask|say|type|write)|what (?:services?|things) (?:do|can) you (?:offer|provide|do)|"
    r"unasaidia aje|unaeza nini|what are you|"
    r"nisaidie aje|(?:ni|u)?(?:elekez|onyesh|fundish|eleze)(?:e|a|ee|ie)?(?: (?:jinsi|namna|vile|"
    r"njia))?(?: ya)?(?: ku| na)?"
    r"(?: ?(?:tumia|anza|uliza|book|pata))?(?: (?:hii|hiyo|app|bot|safiri|wewe))*|(?:jinsi|namna|vile) (?:ya |"
    r"na)?(?:ku)?"
    r"(?:tumia|anza|uliza)|(?:na|tuna)?(?:eza|weza) (?:ku)?(?:ku)?(?:uliza|ambia|omba|tuma) (?:kitu |"
    r"nini )?(?:gani|nini)|"
    r"(?:ni|tu)?(?:na)?anz(?:a|e)(?:je| aje| vipi| wapi)|how (?:do|can|should) (?:i|we) (?:start|begin|"
    r"get started|use you|ask|"
    r"go about (?:it|this))|where do (?:i|we) (?:start|begin)|what else (?:can|do) you (?:do|offer|know)|"
    r"(?:una|u)(?:na)?(?:weza|eza|jua|fanya|toa) (?:ku)?(?:fanya|saidia|do|huduma)? ?(?:nini|kitu gani|vitu gani|"
    r"gani|mambo gani)|"
    r"(?:can|could|will|do) you help(?: me| us)?(?: out)?|(?:i |we )?need (?:some |your )?help|tutorial|manual|"
    r"(?:hii|hiyo) (?:ki)?(?:tu|bot|app|kitu) (?:ina)?(?:fanya|works?)(?: kazi)?(?: aje| vipi| nini)?|"
    r"(?:ina|una)(?:fanya|work)(?:je)?(?: kazi)?(?: aje| vipi| nini)?|(?:huduma|services?) (?:zako|gani|zenu|"
    r"mnazo)(?: ni \w+)?|"
    r"naomba (?:msaada|usaidizi)|(?:nina|niko na|i have) (?:a )?(?:swali|question)|list (?:of )?commands|"
    r"what (?:you can|all you|you) (?:can )?do|una uwezo (?:wa|gani)(?: (?:kufanya|ku\w+))?(?: nini| gani)?|"
    r"how does one use"
    r"(?: this)?|"
    r"unafanyaje kazi"
)
CANCEL = whole(
    r"cancel(?: (?:it|that|this|everything|all|the (?:trip|plan|booking|whole thing)|my (?:trip|plan|booking)|trip|"
    r"plan))?|/cancel|/stop|stop(?: it)?|simama|(?:basi,? )?w?acha(?: tu)?|achana (?:nayo|nazo|na (?:hiyo|hii|hizo|"
    r"hayo)(?: story|"
    r" maneno| mambo| safari| plan)?)|"
    r"(?:(?:wacha|acha|basi) )?(?:(?:nita|tuta)(?:rudi|kutext|kuambia) )?baadaye|maybe later|not now|"
    r"sitaki(?: tena)?|"
    r"wacha(?: tu)?|wachana nayo|ghairi|futa(?: (?:yote|zote|kila kitu|safari(?: yangu| yetu)?|plan|booking|mpango|"
    r"hiyo|hii))?|sahau|never ?mind|forget (?:it|(?:about )?(?:it|this|everything|the (?:trip|plan|whole thing)|"
    r"my trip)|"
    r"that)|quit|exit|abort|i(?:'?ve| have)? changed my mind|nimebadilisha (?:mawazo|nia|akili)|not interested|"
    r"i don'?t want (?:it|this|to go)(?: anymore| any more)?|unsubscribe|start over|anza upya|reset|niache|"
    r"tuachane nayo|ime(?:kwi)?isha|sitaki (?:kitu|chochote|lolote|yoyote)(?: tena)?|imetosha|tosha|(?:let'?s |"
    r"please )?(?:drop|scrap|leave|ditch|kill|end) (?:it|(?:this|that)(?: one)?|this one|that one|"
    r"everything|"
    r"the whole thing)|(?:call|calling) (?:it|this) off|no longer (?:interested|going|travell?ing|needed?)|"
    r"(?:i'?m|we're|we are|i am|am) (?:not|no longer) (?:going|travell?ing|interested)(?: any ?more)?|"
    r"plans? (?:have )?"
    r"(?:changed|fell through|cancelled)|(?:my |our )plans (?:have )?changed|(?:si|hatu)(?:endi|safiri|taenda|"
    r"tasafiri|"
    r"hitaji)(?: tena)?|(?:si|ha(?:tu)?)taki(?: tena)?(?: hii| hiyo)?|mipango ime(?:badilika|haribika)|"
    r"(?:nime|tume)(?:badili(?:sha)?|change|ghairi)(?: (?:mawazo|nia|akili|mind|plans?|mpango))?|"
    r"w?acha(?:na)? (?:na )?"
    r"(?:hiyo|hii|hizo|hayo|hayo yote)(?: (?:story|maneno|mambo|stori|idea|plan|kitu))?|usijali|don'?t (?:bother|"
    r"worry about it)|"
    r"no need(?: anymore)?|leave it|(?:basi,? )?ha(?:kuna|ina|tuna) haja|sina haja|(?:i\'?ll|we\'?ll|i will|we will|"
    r"let me) (?:come|get) back(?: to (?:you|this|it))?|"
    r"(?:i'?ll|we'?ll|i will|we will|let me) (?:think about it|let you know|return|text you|write)|tutaongea|"
    r"tutawasiliana|zi (?:buda|bro|maze|manze)|let it go|we won'?t (?:go|travel)"
)
