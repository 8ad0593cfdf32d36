"""Everyday words of English, Swahili and Sheng that look like misspelt place names: never taken for one.

Derived by running the gazetteer's own rule over the 37,000 most frequent English words, plus common Swahili ones.
"""

_WORDS = """
    aero aldi amali amanda ammo andi asha baku banda bando baring basi bearings benji bingo bite boast boba boca
    boda bona bond bonde bondi bonds bong bora cara cast cede chaka chinatown chuki chukua chupa cite coasts
    coat coats comet condo const cost cote dalek damu dara dhani diana diane eddy email embe fika gari gene
    genji hamu hapa hara haraka hata heri hero hiki huko isha item jedi jericho kale kali kama kamala kara
    karata karibu katarina kate kati kenji kesho kiki kila kimani kimi kina kisa kisasa kisha kisiwa kiss kita
    kitalu kites kiti kito kits kitu kiwi konda kondo kwake kwako kwani kwao kwema kwenda kwetu lako lala lama
    lamb lamba lame lami lamp langu lara leso lite lobo luna maana mada maga magda maha maia maisha maji mala
    malaga malaya mali malipo mama mambo mandela mandy manga mania manna manta marc mare mari maria marisa
    marissa mark marr mars mart marta marv marx mary mata maura maya mazda mbali mbele mbili mbuga medi melo
    memo meno menu merc mere merry metro mila mingi mira mite mora morale moro moshe mosi moto mwaka mwali
    mwinyi myra nani naps nara nats nauli nauru nero niall nina nini nite note nyama nyati nyeti nyota oaks
    panda para pasha pero peru pesa pilates pirate pirated primates privates ramu ringo rite roast rote royale
    saba saka sake sana sara sasha sauna sawa sena shea sheila shelf shell shika shimon shuka siasa siaza sika
    sina site sofa sona southeast suka sung suni sunk suns suny taifa tait talaka tale tales talk tamu tano tara
    tasha tata tena tien toast tote tuna vashe vero voda vote wake wako wale wanda wataka watu wazi wazir wetu
    woga woke wore wrote yoshi zara kiasi kile bukia kuisha kisio zenj zero zuri
"""
ORDINARY: frozenset[str] = frozenset(_WORDS.split())
