"""Trouble and the weather, in Swahili."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, str]] = {
    # Trouble: says what still works
    "trouble": "Kuna hitilafu upande wangu. Ulichoniambia kimehifadhiwa; jaribu tena baada ya dakika moja.",
    "trouble_plan": (
        "Sikuweza kumaliza mpango huo. Ulichoniambia kimehifadhiwa; utafutaji wa basi, treni na malazi bado "
        "unafanya kazi."
    ),
    "trouble_search": (
        "Sikuweza kutafuta kwa sasa. Uliza tena baada ya dakika chache; kupanga safari bado kunafanya kazi."
    ),
    "trouble_prices": (
        "Siwezi kupata bei za sasa. Hizi ni bei za mwongozo kutoka kumbukumbu zangu; uliza tena baada ya dakika chache."
    ),
    "trouble_documents": "Mpango upo, lakini sikuweza kutengeneza faili. Omba PDF tena baada ya dakika moja.",
    "too_many": (
        "Moja baada ya nyingine, tafadhali: ni nyingi kuliko ninavyoweza kusoma. Subiri dakika moja, kisha niambie kwa "
        "ujumbe mmoja unachohitaji."
    ),
    "weather": "Hali ya hewa: {days}. {credit}",
    "sky_clear": "jua",
    "sky_cloud": "mawingu",
    "sky_fog": "ukungu",
    "sky_rain": "mvua",
    "sky_showers": "mvua za hapa na pale",
    "sky_storm": "mvua ya radi",
}
