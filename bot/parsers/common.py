"""Words that name no place, words that tell the language, and patterns of whole words."""

from __future__ import annotations

import re

_NO_PLACE = """
    a about all also am an and any anywhere are around arrive ask at attend away back be because been book both
    but buy by call can celebrate change check cheap chill come confirm cost day days do each eat enjoy everyone
    explore find for from fun get give go going had half has have he help her here him his home hotel hotels
    house how i if in is it its join just know leave let like look make many may me meet month more morning much
    my need new next night no not now of off on one or other our out over party pay people per place plan play
    please reach relax rest return ride room save school see send she show sleep so some somewhere spend start
    stay still swim take than that the their them then there these they this time to today tomorrow town cbd tao
    travel trip under unwind up us use very visit wait walk want was watch we week weekend were what when where
    which who why will with work would you your yourself advance cash case general total order bed church
    hospital airport station stage city country village abroad upcountry shags shagz ushago mashinani nyumbani
    mjini kwetu kwangu kwao kwake mbali hapa hapo huko pale wapi popote kanisa kazini shule ofisini harusi
    matanga likizo safari kesho leo asubuhi jioni usiku mchana wiki mwezi siku watu bei basi treni ndege gari
    hoteli sasa hivi kula kulala kuona kupata na ya wa za la cha kwa ni si au ama kama hii hiyo hizi huyu yake
    yangu yetu wangu wetu mimi sisi yeye wao nini gani ngapi pamoja tena pia sana tu haraka mapema baadaye
    wakati muda nani vipi aje bila kila wote yote zote mama baba ndugu rafiki kenya africa afrika tanzania
    uganda rwanda coast beach lake park parks bush wild nature wedding funeral graduation work meeting office
    family friends kids children couple budget money cash mpesa friday monday tuesday wednesday thursday
    saturday sunday jumatatu jumanne jumatano alhamisi ijumaa jumamosi jumapili christmas easter airbnb two
    three four five six seven eight nine ten kufanya kutembea kupumzika kuogelea kusherehekea kutoka kurudi
    kwenda kuenda kununua nataka naomba tafadhali safiri trip bus train flight taxi car drive fly sgr shuttle
    coach matatu mat boda dala bara somewhere nice good warm cool quiet romantic affordable best cheapest great
    different another same every early late boss bro pls plz kindly thanks asante jo bana buda kaka dada mashua
    boti biashara kikazi masomo fungate honeymoon kutalii utalii wikendi pasaka krismasi kifamilia pekee yetu yenu
"""
NO_PLACE: frozenset[str] = frozenset(_NO_PLACE.split())

_SWAHILI = """
    nataka kwenda kesho na basi bei nafuu siku tatu watu wawili ya wa za la cha kwa ni ngapi ijumaa iko ndege
    wiki ijayo pesa nipatie hoteli karibu ziwa mbili kutoka natoka kufika teksi habari asubuhi unaweza
    kunisaidia nini achana nayo sitaki tena ongeza moja badilisha iliyo sawa lipia nitumie hii nijulishe
    ikishuka asante sana leo usiku mbili kila mtu kupanda mlima mwezi pili tano mpaka hadi saa hii treni inatoka
    tuko wanane tunaenda jumamosi kurudi jumapili tafadhali mapumziko bajeti laki kutwa isizidi jumatatu jumanne
    jumatano alhamisi jioni mchana alfajiri kwenda naenda ninaenda nataka ningependa naomba nipangie safari gari
    usafiri nauli tiketi watoto mtoto familia mke mume rafiki marafiki wangu yangu yetu chumba malazi
    kulala mahali usiku mmoja watatu wanne watano sita saba nane tisa kumi ishirini elfu mia chini zaidi punguza
    toa ondoa badala lipa thibitisha ghairi futa hapana ndiyo ndio haya nisaidie msaada tarehe mwisho mwaka mpya
    krismasi pasaka kuanzia baada ya ijayo hizi huyu yule wapi lini nani gani kuna je niambie nionyeshe
    nitafutie tafuta hali hewa mvua salama usalama mimi sisi wewe yeye wao kati kupitia nyumbani sherehe tamasha
    matukio bahari ufuo nzuri rahisi haraka mapema ikiwa kama au lakini bila pamoja wote yote zote peke mbuga
    wanyama kitabu tuma tumia hujambo jambo shikamoo karibuni ahsante shukran kutembelea kuzuru kusafiri
    tunataka tungependa tunatoka nitatoka naelekea kuelekea inaenda bado pia tu sasa hivi shilingi nafasi viti
    abiria daraja kwanza nipeleke mzee acha wacha sasa mambo nipe salamu
    weka hiyo hizo huko huku hapo hapa ile ingine nyingine
    nyingi peleka nichukue unipeleke mjini uwanja kwangu kwako yako yenu yao
    burudani ratiba mpango mipango likizo pwani mlima mbuga bwawa chakula magari mabasi ghali wakati namba kuondoka
    kulipa huondoka endelea barua pepe basi
"""
SWAHILI: frozenset[str] = frozenset(_SWAHILI.split())

_SHENG = """
    niaje xaxa vipi mat mathree nganya dem demu chali bae wasee mabeshte beshte maboys maboyz manzi mresh
    manze ikuwe zikuwe wachana buku rave
    jo bana naeza enda aje iko-aje hepi form plot bash vibe rada sema maze buda mse msee thao ngiri soo punch
    jirongo ashu finje fiti poa twende coasto shagz ushago tao nax vasha naks kanairo sato sande furahi mbogi
    zi wifey uko tunaezaje tunaeza unaeza nieke nipee niokotee dishi keja noma moto chapaa doo ganji
    chap sahii sahi unado mandei wapige tushike tuende ebu nisort si-unisort unisort sort gani? nitoke
    tutoke nataka-enda luku mi wase tukona oya nirushie nishow nisort nipick wassup roysa
"""
SHENG: frozenset[str] = frozenset(_SHENG.split())

_ENGLISH = """
    the a an to from in on at for with of and or is are am i i'm im me my we us our you your it this that bus
    train flight flights hotel hotels room taxi friday saturday sunday monday tuesday wednesday thursday today
    tonight tomorrow morning evening afternoon night next week weekend month day days nights people adults kids
    budget plan trip need want would like cheap cheapest cheaper way how much what when where anything happening
    events event add remove change make book confirm send share cancel help under below by home leave leaving
    return one two three four five six please thanks thank email calendar pool guest house seat seats first
    class beachfront one-way alert tell drops goes going go can use don't weather like family during
    holidays mid range honeymoon airport town pick over new year find show get me any things do itinerary best
    drive safe there which price ticket tickets travel holiday vacation getaway couple solo friends
    with fare more safe some make take are there leave arrive before same sure have give use time nice
    people available whole where here free see be he she go so no
"""
ENGLISH: frozenset[str] = frozenset(_ENGLISH.split())


def whole(pattern: str) -> re.Pattern[str]:
    """The pattern where it stands as whole words."""
    return re.compile(rf"(?<![\w])(?:{pattern})(?![\w])")
