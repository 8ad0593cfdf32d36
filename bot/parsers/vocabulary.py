"""The words travellers use, as data: means of travel, wishes, courtesies, points in towns, operators."""

from __future__ import annotations

import re

from bot.parsers.common import whole

# Ask for any ride: a train or flight named beside them is what is meant.
_ANY_RIDE = (
    r"(?:cheapest|best|fastest|easiest|quickest) way (?:to|from)|how (?:do|can) (?:i|we) (?:get|go|travel) to|"
    r"nauli|fares?"
)
ANY_RIDE = whole(_ANY_RIDE)

# Means of travel and the other kinds of search; the order decides between two that start at the same place.
KINDS: dict[str, re.Pattern[str]] = {
    "transfers": whole(
        r"taxis?|texi|teksi|uber|bolt|indrive|little cab|cabs?|bodas?|boda boda|tuk ?tuks?|pick ?(?:me|"
        r"us)(?: up)?|pick ?up|(?:fetch|collect|drive) (?:me|us)|nichukue|"
        r"tuchukue(?! (?:basi|ndege|treni|sgr|gari|flight|bus|train|mat))|(?:ni|tu)pick(?:ie)?|airport transfers?|"
        r"transfers?|drop ?(?:me|us)(?: off)?|drop ?off|chauffeur|"
        r"pikipiki|"
        r"(?<!boat )(?<!bike )(?<!horse )(?<!camel )(?<!dhow )(?<!bus )(?<!train )(?:a ride|lift|private car|"
        r"private taxi)|"
        r"boda ?boda|kunichukua|kutuchukua"
    ),
    "trains": whole(
        r"trains?|treni|s\.?g\.?r|madaraka(?: express)?|gari la moshi|gari moshi|gari ya moshi|reli|railways?|"
        r"commuter train|mgr"
    ),
    "flights": whole(
        r"flights?|(?:(?:ku|ni|tu|wa|na|tuna|nina|nita|tuta)?(?:ku)?(?:fly|ruka na|paa|pae))|flying|"
        r"ndege(?! wa porini)|"
        r"planes?|air ?tickets?|by air|airlines?|airfare|jambojet|safarilink|airkenya|"
        r"kenya airways|kq|skyward(?: express)?|fly ?540|nauli ya ndege|usafiri wa ndege"
    ),
    "hotels": whole(
        r"hotels?|hotelini|hoteli|rooms?|vyumba|chumba|airbnbs?|air ?bnb|bnbs?|b&b|guest ?houses?|gesti|lodgings?|"
        r"lodges?|resorts?|hostels?|apartments?|villas?|cottages?|bandas?|malazi|accomm?odation|mahali pa kulala|"
        r"pahali pa kulala|mahali pa kukaa|pa kulala|kulala|(?:place|somewhere|where)(?: \w+)? to (?:stay|sleep|"
        r"spend the night)|campsites?|digs|motels?|where (?:can|should|do) (?:i|we) (?:stay|sleep)|"
        r"stay(?:ing)? (?:in|at)|camp(?:ing)? ?sites?|(?:tented|luxury|safari|bush|eco|mobile) camps?|keja(?:ni)?|"
        r"nilale wapi|tulale wapi|lala wapi|"
        r"nyumba ya (?:wageni|kukodisha|kukodi|kupanga|likizo)|(?:house|place|home|villa|apartment) (?:to rent|"
        r"for rent|to let)|"
        r"holiday (?:home|house)s?|rentals?|penthouses?|studio|glamping|staycation"
    ),
    "events": whole(
        r"events?|gigs?|raves?|concerts?|tamasha|festivals?|sherehe|bash|hafla|burudani|live bands?|karaoke|"
        r"exhibitions?|expo|mechi|happenings?|happening|"
        r"what'?s (?:on|"
        r"up in)|things to do|activities|plot|form|vibe|nightlife|live music|comedy(?: show)?|shows?|what to do|"
        r"(?:anything|something|stuff|places?|whats?|what's|what is)(?: there| nice| fun| cool)? to do|going down|"
        r"popp?in[g']?|poppin|whats? (?:happening|hot|lit|good)|happenin'?|turn ?up|(?:ku|tu|ni)?(?:ji)?bamba|"
        r"(?:ku|ni|tu)?(?:jibamb|jivinjar|party|rav)(?:a|e|i|ie|ea)|(?:ku|ina|kuna|zina|inaend)happen|(?:ku|ni|"
        r"tu)(?:ji)?enjoy|"
        r"matamasha|shughuli|tafrija|mashindano|(?:ma)?concert|maonyesho|onyesho|dj (?:nani|gani)|(?:movie|"
        r"theatre|stage play|art) (?:show|"
        r"night)?|"
        r"(?:kuna|iko|ziko) (?:show|kitu|raha|mpango|story|vitu) gani|(?:ku)?na ?endelea(?:je)?|"
        r"kunaendelea|kinachoendelea|"
        r"(?<!bachelor )(?<!bachelorette )(?<!birthday )(?<!bday )(?<!hen )(?<!stag )(?<!graduation )(?<!office )"
        r"(?<!farewell )party(?! (?:of|ya|for|size))|kuna nini|parties|matamasha|michezo|marathon|matukio|"
        r"tukio|kinaendelea|(?:anything|something|what'?s) fun|fun things|"
        r"going on|what can (?:i|we) do|cha kufanya|mambo ya kufanya|ya kufanya|kufanya nini"
    ),
    "buses": whole(
        r"buses|bus|basi|mabasi|gari(?! (?:yangu|yetu|langu|letu|binafsi))|"
        r"magari|mats?|matatus?|mathree|nganya|shuttles?|coach|coaches|usafiri|transport|"
        r"psv|bus ?fare|minibus|van|" + _ANY_RIDE
    ),
}
MODES = {
    "trains": "train",
    "flights": "flight",
    "buses": "bus",
    "transfers": "taxi",
    "hotels": "hotel",
    "events": "event",
}

WISHES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, whole(pattern))
    for name, pattern in (
        (
            "cheap",
            r"cheap|cheaper|cheapest|cheapo|bei nafuu|nafuu|bei rahisi|rahisi|bei poa|bei ya chini|bei chee|"
            r"affordable|low ?cost|budget (?:friendly|hotel|stay|trip|bus|airbnb|room|lodge|accommodation|flight|"
            r"travel)|bei nzuri|punguza (?:bei|gharama)|lower (?:the |its )?(?:price|cost|fare)|save money|"
            r"reduce (?:the )?(?:cost|price|budget)|economical|"
            r"chee|spend(?:ing)? less|(?:too|so|very|not too|less) (?:expensive|pricey|costly|steep|high)|"
            r"ghali(?: (?:sana|mno|"
            r"kidogo))?|"
            r"price down|bring (?:\w+ ){0,3}down|(?:tight|small|low|shoestring|student|tiny|limited) budget|"
            r"on a budget|(?:cut|trim|slash|reduce|lower|save)(?: on)? (?:the |my |our |some )?(?:cost|price|"
            r"total|budget|money|"
            r"bill)s?|(?:i'?m|am|we're|niko|tuko) (?:broke|sota|low)|(?:isiyo|zisizo) ghali|bei (?:iko|ni|"
            r"imekuwa) (?:juu|"
            r"kubwa|kali|noma)|bei (?:ishuke|ipungue|ya kawaida|ndogo)|(?:ni|tu)?punguz\w+ (?:\w+ )?(?:bei|"
            r"gharama|pesa|doo|bajeti|budget)",
        ),
        (
            "car",
            r"(?:my|our|own|personal|private) (?:own )?(?:car|vehicle)|gari (?:yangu|yetu|langu|letu|binafsi)|"
            r"self ?-?drive|(?:i am|we are|i'm|we're|am|tuna|nita|tuta) ?(?:driving|drive|endesha)|by car|road ?trip",
        ),
        ("first_class", r"first ?class|premium class|1st class|daraja la kwanza|first-class"),
        ("business_class", r"business class|vip"),
        ("economy", r"economy(?: class)?|second class|2nd class|daraja la pili"),
        (
            "romantic",
            r"romantic|honeymoon|kimapenzi|wapenzi|wapendanao|lovers?|fungate|dem|demu|chali|bae|babe|wifey|hubby|"
            r"girlfriend|boyfriend|couples?|anniversary|"
            r"valentine'?s?|mpenzi|mchumba|date night|manzi|mresh|mapenzi",
        ),
        (
            "non_resident",
            r"non[ -]?residents?|foreigners?|foreign (?:tourists?|visitors?|passports?)|(?:international|overseas) "
            r"(?:tourists?|visitors?|guests?)|(?:a |are |am )?tourists? from|(?:visitors?|visiting) from (?:abroad|"
            r"overseas|outside)|wazungu|mzungu|watalii|(?:sisi|sote|tuko|mimi|ni|kama) (?:ni )?"
            r"(?:wageni|mgeni)|wageni (?:wa|kutoka) (?:nje|ng'ambo|ulaya|marekani|nchi)|(?:ada|bei) (?:ya|za) wageni",
        ),
        (
            "resident",
            r"expats?|expatriates?|(?<!non )(?<!non-)residents?(?! of (?!kenya|the country))|work permit|"
            r"(?:sisi|mimi|sote|tu|ni) ?(?:ni )?wakazi(?: wa kenya)?|wakazi wa kenya|mkazi wa kenya",
        ),
        (
            "citizen",
            r"(?:we are |we're |i am |i'm |as |for )?(?:kenyan )?citizens?|(?:sisi|mimi|sote) ni (?:wakenya|"
            r"raia|mkenya)|raia wa kenya|(?:we are|we're|i am|i'm|am) (?:a )?kenyans?",
        ),
        (
            "own_bed",
            r"(?:sleep|stay|sleeping|staying|spend the nights?) at (?:home|our (?:own )?(?:home|house|place))|"
            r"(?:tu|ni)?(?:na|ta)?lala (?:nyumbani|kwetu|kwangu|home)|no need for a (?:hotel|room)|(?:we|"
            r"i) live there",
        ),
        (
            "hand_luggage",
            r"(?:hand|carry[ -]?on|cabin) (?:luggage|baggage|bags?)|(?:only|just) (?:a |our |my )?(?:small )?"
            r"(?:backpacks?|rucksacks?)|backpacks? only|travel(?:l?ing)? light|begi dogo|mabegi madogo|"
            r"mizigo (?:midogo|ya mkononi|kidogo)|(?:hatuna|sina|bila) mizigo",
        ),
        (
            "heavy_bags",
            r"(?:big|large|heavy|huge|bulky|many|a lot of|lots of|(?:so|too) much|plenty of) (?:heavy |big )?"
            r"(?:suitcases?|bags|luggage|baggage)|(?:suitcases?|luggage|baggage|bags) (?:are|is) (?:big|heavy)|"
            r"mizigo (?:mingi|mikubwa|mizito|kibao|nyingi)|(?:masanduku|mabegi) (?:mengi|makubwa|mazito)",
        ),
        ("family", r"family|familia|fam"),
        ("kids", r"kids?|children|child|watoto|mtoto|baby|infant|toddlers?"),
        ("mid_range", r"mid ?-?range|standard hotel|3 ?-?stars?|medium budget|moderate"),
        (
            "luxury",
            r"luxury|luxurious|5 ?-?stars?|five ?-?stars?|high ?-?end|posh|4 ?-?stars?|fancy|ya kifahari|kifahari",
        ),
        (
            "beachfront",
            r"beach ?-?front|on the beach|by the beach|ufuoni|karibu na (?:bahari|beach|ufuo)|ocean ?view|sea ?view|"
            r"ocean ?front|near the beach|beach (?:hotel|resort|house|cottage|villa|apartment|banda)s?|"
            r"(?:close|next) to the (?:beach|ocean|sea)|kando ya (?:bahari|beach|ufuo)",
        ),
        (
            "lakeside",
            r"lake ?-?side|lake ?-?front|lake ?view|karibu na ziwa|near the lake|by the lake|view ya (?:lake|"
            r"ziwa)|kando ya ziwa|"
            r"overlooking the lake",
        ),
        ("pool", r"pools?|swimming pool|bwawa(?: la kuogelea)?|dimbwi"),
        ("wifi", r"wi-?fi|internet"),
        ("breakfast", r"breakfast|kiamsha kinywa|bed and breakfast"),
        ("hiking", r"hiking|hike|hikes|kupanda (?:mlima|mt|mount)|climb(?:ing)?|trekking|summit|kukwea"),
        ("snorkeling", r"snorkell?ing|snorkell?"),
        ("diving", r"diving|scuba"),
        ("game_drive", r"game ?drives?|wildlife|animals|wanyama|big five|big 5"),
        ("beach", r"beach|beaches|ufuo|bahari(?:ni)?"),
        ("culture", r"culture|cultural|museums?|makumbusho|history|utamaduni|heritage"),
        ("nightlife", r"night ?life|clubbing|club|clubs|bars?"),
        ("camping", r"camping|tent|tents|kupiga kambi"),
        ("boat", r"boat rides?|boat|dhow|mashua"),
        ("spa", r"spa|massage"),
        ("direct", r"direct|non ?-?stop"),
        (
            "relaxed",
            r"relaxed|chill|slow pace|relax(?:ing)?|(?:ku|tu|ni)pumzik[ae]|slow(?:er|ly)?|rest(?:ing)? day|"
            r"free day|polepole|pole pole|"
            r"taratibu|easy pace|"
            r"take it easy|rushed|hectic",
        ),
    )
)
ERRANDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("pdf", whole(r"pdf")),
    ("calendar", whole(r"calend[ae]r|kalenda|ics|ical")),
    ("email", whole(r"e-?mail|barua ?pepe|gmail")),
    ("json", whole(r"json")),
    ("mpesa", whole(r"m-?pesa|lipa na mpesa")),
)
HOURS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("morning", whole(r"morning|first thing|asubuhi|alfajiri|earl(?:y|iest)|mapema|dawn|subuhi|breakfast time")),
    ("afternoon", whole(r"afternoon|mchana|alasiri|midday|noon|lunch ?time")),
    ("evening", whole(r"evening|jioni|jion|magharibi")),
    (
        "night",
        whole(
            r"(?<!another )(?<!extra )(?<!more )night|tonight|tonite|overnight|usiku|late|midnight|nite|"
            r"night bus|manane"
        ),
    ),
)
CLOCK = re.compile(
    r"(?<![\w])(?:(?:at |saa )?(?P<hour>1[0-2]|0?[1-9])(?:[:.][0-5]\d)? ?(?P<half>am|pm)|(?P<hour24>[01]?\d|"
    r"2[0-3]):[0-5]\d ?(?:hrs|h)?|(?:at )?(?P<mil>[01]\d|2[0-3])[0-5]\d ?hrs?|saa (?P<sw>moja|mbili|tatu|nne|tano|"
    r"sita|saba|nane|tisa|kumi na mbili|kumi na moja|kumi|1[0-2]|[1-9])(?: (?:kasorobo|kasoro robo|na nusu|na robo|"
    r"na dakika \w+))?(?: (?:ya |za )?(?P<part>asubuhi|alfajiri|mchana|jioni|usiku|alasiri))?)(?![\w])"
)
WITH_BED = whole(
    r"(?:with|add|include|book|need|want)(?: us| me)? (?:a |an )?(?:nice |cheap |good )?(?:hotel|room|airbnb|bnb|"
    r"lodge)(?! (?:with|near|that|which|instead|by|on))|"
    r"(?:na|weka|ongeza|tunataka|nataka) (?:hoteli|chumba|malazi|airbnb)"
    r"(?! (?:nyingine|ingine|tofauti|nzuri|bora|kubwa|ya|cha|ile|iliyo|yenye|rahisi|nafuu))"
)
# What is said of the travellers themselves and changes a plan, without any verb of change.
OF_US = frozenset({"resident", "non_resident", "citizen", "own_bed", "heavy_bags", "hand_luggage"})
ANY_ORDER = whole(
    r"(?:in )?(?:any|whichever|whatever) order(?: (?:is|works|you (?:like|want|think)|that'?s))?(?: (?:the )?(?:best|"
    r"cheapest|shortest|quickest|fine|ok|good|works))?|(?:in )?(?:the |your )?best order|in no particular order|"
    r"order (?:does not|doesn'?t) matter|(?:kwa )?(?:mpangilio|utaratibu|mfuatano) (?:wowote|wo wote|ulio bora|"
    r"bora(?: zaidi)?|mzuri)|mpangilio si muhimu"
)

OPERATORS: dict[str, re.Pattern[str]] = {
    name: whole(pattern)
    for name, pattern in {
        "Easy Coach": r"easy ?coach",
        "Tahmeed Coach": r"tahmeed(?: coach)?|tahmid",
        "Mash East Africa (Mash Poa / Mash Cool)": r"mash ?(?:poa|cool|east africa|bus)|mash",
        "Coast Bus": r"coast ?bus|coast buses",
        "Dreamline Express": r"dreamline(?: express)?|dream ?line",
        "ENA Coach": r"ena ?coach|ena bus|ena",
        "Eldoret Express": r"eldoret express",
        "Greenline": r"green ?line",
        "Guardian Angel (Guardian Bus Service)": r"guardian(?: angel| bus| coach)?",
        "Impala Shuttle": r"impala shuttle",
        "Modern Coast": r"modern ?coast",
        "Molo Line (Mololine Services)": r"molo ?line(?: services)?",
        "Naekana Sacco": r"naekana(?: sacco)?",
        "North Rift Shuttle": r"north ?rift(?: shuttle)?",
        "Northern Shuttle": r"northern shuttle",
        "Riverside Shuttle": r"riverside shuttle",
        "Simba Coach": r"simba ?coach|simba bus",
        "Spanish Coach": r"spanish coach",
        "Tawakal": r"tawakal",
        "Buscar": r"buscar",
        "2NK Sacco": r"2nk(?: sacco)?",
        "Climax Coaches": r"climax(?: coach(?:es)?)?",
        "Chania": r"chania(?: cool| bus| express)?",
        "Jambojet": r"jambo ?jet",
        "Safarilink": r"safari ?link",
        "AirKenya": r"air ?kenya",
        "Kenya Airways": r"kenya airways|kq",
        "Skyward Express": r"skyward(?: express)?",
        "Fly540": r"fly ?540",
    }.items()
}
AIRLINES = frozenset({"Jambojet", "Safarilink", "AirKenya", "Kenya Airways", "Skyward Express", "Fly540"})

_NAIROBI_AREAS = (
    "ruaka", "runda", "muthaiga", "zimmerman", "githurai", "kahawa west", "kahawa sukari", "donholm",
    "utawala", "kibera", "hurlingham", "ngara", "pangani", "imara daima", "nyayo estate", "industrial area",
    "spring valley", "loresho", "kitisuru", "garden city", "two rivers", "village market", "sarit", "kicc", "kangemi",
    "kawangware", "dandora", "kayole", "ruai", "riverside drive", "valley arcade", "thindigua", "nyari",
    "kenyatta hospital",
)  # fmt: skip
_MOMBASA_AREAS = ("kizingo", "changamwe", "kisauni", "mikindani", "port reitz", "ganjoni", "buxton")

# Points inside a town: words → town, label, and whether long-distance travellers arrive there.
POINTS: tuple[tuple[re.Pattern[str], str, str, str], ...] = tuple(
    (whole(pattern), place, label, kind)
    for pattern, place, label, kind in (
        (r"jkia(?: airport)?|jomo kenyatta(?: international)?(?: airport)?", "nairobi", "JKIA", "gate"),
        (r"wilson(?: airport)?", "nairobi", "Wilson Airport", "gate"),
        (
            r"nairobi (?:sgr )?termin(?:us|al)|nairobi sgr (?:station|terminus)|(?:sgr )?syokimau(?: sgr| terminus|"
            r" station)?",
            "nairobi",
            "Nairobi Terminus",
            "gate",
        ),
        (
            r"mombasa (?:sgr )?termin(?:us|al)|mombasa sgr (?:station|terminus)|(?:sgr )?miritini(?: sgr| terminus|"
            r" station)?",
            "mombasa",
            "Mombasa Terminus",
            "gate",
        ),
        (
            r"moi international(?: airport)?|moi airport|uwanja wa ndege wa moi",
            "mombasa",
            "Moi International Airport",
            "gate",
        ),
        (r"ukunda (?:airstrip|airport)|diani (?:airstrip|airport)", "diani", "Ukunda airstrip", "gate"),
        (r"westlands|westi|westy|westie", "nairobi", "Westlands", "area"),
        (r"karen|hardy", "nairobi", "Karen", "area"),
        (r"kilimani|yaya", "nairobi", "Kilimani", "area"),
        (
            r"kileleshwa|(?:(?<=to )|(?<=from )|(?<=kutoka )|(?<=hadi )|"
            r"(?<=mpaka ))kile",
            "nairobi",
            "Kileleshwa",
            "area",
        ),
        (r"lavington", "nairobi", "Lavington", "area"),
        (r"lang'?ata|lgt", "nairobi", "Lang'ata", "area"),
        (r"rongai|ronga", "nairobi", "Rongai", "area"),
        (r"upper ?hill", "nairobi", "Upper Hill", "area"),
        (r"eastleigh", "nairobi", "Eastleigh", "area"),
        (r"embakasi|emba", "nairobi", "Embakasi", "area"),
        (r"umoja|umo", "nairobi", "Umoja", "area"),
        (r"dagoretti|dago", "nairobi", "Dagoretti", "area"),
        (r"buru ?buru|buru", "nairobi", "Buruburu", "area"),
        (r"kasarani", "nairobi", "Kasarani", "area"),
        (r"gigiri", "nairobi", "Gigiri", "area"),
        (r"south ?b", "nairobi", "South B", "area"),
        (r"south ?c", "nairobi", "South C", "area"),
        (r"parklands", "nairobi", "Parklands", "area"),
        (r"roysambu|roysa", "nairobi", "Roysambu", "area"),
        *((name, "nairobi", name.title(), "area") for name in _NAIROBI_AREAS),
        *((name, "mombasa", name.title(), "area") for name in _MOMBASA_AREAS),
        *((name, "kisumu", name.title(), "area") for name in ("kondele", "mamboleo", "riat")),
        *((name, "nakuru", name.title(), "area") for name in ("lanet", "section 58", "pipeline nakuru")),
        # Sights: the third column is what the guide calls them, so that a plan can be held to it.
        (r"giraffe cent(?:re|er)", "nairobi", "Giraffe Centre", "sight"),
        (r"nairobi national park|nrb national park", "nairobi", "Nairobi National Park", "sight"),
        (r"sheldrick(?: trust| wildlife trust)?|elephant (?:orphanage|nursery)", "nairobi", "Sheldrick", "sight"),
        (r"karura(?: forest)?", "nairobi", "Karura Forest", "sight"),
        (r"karen blixen(?: museum)?", "nairobi", "Karen Blixen", "sight"),
        (r"bomas(?: of kenya)?", "nairobi", "Bomas of Kenya", "sight"),
        (r"nairobi arboretum|arboretum", "nairobi", "Nairobi Arboretum", "sight"),
        (r"(?:nairobi )?national museum|snake park", "nairobi", "Nairobi National Museum", "sight"),
        (r"fort jesus", "mombasa", "Fort Jesus", "sight"),
        (r"haller park", "mombasa", "Haller Park", "sight"),
        (r"mombasa old town", "mombasa", "Mombasa Old Town", "sight"),
        (r"lake nakuru(?: national park)?", "nakuru", "Lake Nakuru National Park", "sight"),
        (r"menengai(?: crater)?", "nakuru", "Menengai Crater", "sight"),
        (r"crescent island", "naivasha", "Crescent Island", "sight"),
        (r"ged[ei] ruins", "watamu", "Gede Ruins", "sight"),
        (r"vasco da gama(?: pillar)?", "malindi", "Vasco da Gama", "sight"),
        (r"kit mikayi", "kisumu", "Kit Mikayi", "sight"),
        (r"impala (?:sanctuary|park)|kisumu impala", "kisumu", "Kisumu Impala Sanctuary", "sight"),
        (r"dunga(?: beach)?|hippo point", "kisumu", "Dunga", "sight"),
        (r"likoni(?: ferry)?", "mombasa", "Likoni ferry", "area"),
        (r"tudor", "mombasa", "Tudor", "area"),
    )
)
AIR_CODES = {
    "mba": "mombasa", "kis": "kisumu", "edl": "eldoret", "myd": "malindi", "lau": "lamu", "uka": "diani",
    "wil": "nairobi", "mre": "maasai-mara", "lok": "lodwar", "nyk": "nanyuki", "asv": "amboseli",
}  # fmt: skip

# Greetings that name a part of the day, of no journey.
HAILED = whole(
    r"good ?(?:morning|afternoon|evening|day)|habari (?:za|ya) (?:asubuhi|mchana|jioni|leo|usiku|siku)|"
    r"(?:uko|mko|upo|habari|mambo|sasa|niaje|vipi)(?: (?:aje|vipi|poa|yako|zenu|zako|za|ya))? leo(?: hii)?(?=\W*$)|"
    r"^za (?:asubuhi|mchana|jioni|leo)|(?:ume|mme)(?:amka|shinda)(?:je)?"
)
YES = whole(
    r"naam|yes|yeah|yep|yup|ok|okay|okey|sure|sawa(?: sawa)?|poa|fiti|ndio|ndiyo|eeh|eh|ehe|haya|iko poa|iko sawa|"
    r"fine|great|perfect"
)
NO = whole(r"no|nope|hapana|zi|la|nah|sio|siyo|si sawa")
TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("weather", whole(
        r"weather|hali ya (?:hewa|anga)|forecast|mvua|\w*nyesha?|(?:is|will|does) it (?:be |get )?(?:cold|hot|warm|"
        r"wet|dry|windy|snow)|how (?:cold|hot|warm|wet)|"
        r"what (?:should|to|do|can) (?:i |we )?(?:wear|pack|carry)|rain(?:y|ing|s)?|rainy season|baridi|sunny|"
        r"temperature|joto|"
        r"climate|jua kali|best (?:time|month|season) to (?:visit|go)")),
    ("visa", whole(r"visas?|viza|e-?visa|eta|e-ta|passports?|pasipoti|immigration|entry requirements?")),
    ("safety", whole(
        r"safe|safety|unsafe|secure|security|usalama|salama kwenda|dangerous|danger|hatari|terror(?:ism|ists?)?|"
        r"al[- ]?shabaa?b|travel advis\w+|crime|kidnap\w*|bandits?|(?:iko|kuko|pako|huko|ni|mahali|pahali|si) salama|"
        r"salama (?:kweli|kutembea|kusafiri|kuenda|kwa (?:watalii|wageni|familia|watoto))")),
    ("health", whole(
        r"malaria|vaccin\w*|chanjo|yellow fever|homa ya manjano|mosquito(?:es)?|hospitals?|hospitali|doctor")),
    ("emergency", whole(r"emergency|police|polisi|ambulance|dharura|robbed|stolen|nimeibiwa")),
    ("currency", whole(r"exchange rate|forex|currency|convert (?:dollars|money)")),
)  # fmt: skip
