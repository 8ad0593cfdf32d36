"""Facts of practice are read whole, with their sources; what is said in prose is what the guide says."""

from datetime import date

import pytest

from bot.i18n import LANGS, keys
from providers.guidebook import slug
from providers.practical import facts, fees, holidays, south_coast


def test_every_fact_says_where_it_was_read_and_how_sure_it_is() -> None:
    assert len(facts()) > 40
    assert all(fact.stamp.host and fact.stamp.quality in ("A", "B", "C") for fact in facts().values())


# The sentences in both languages are translations of these: whoever changes one of them in the guide looks at the
# sentence, too.
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("eta.processing", "3 working days; paid fast track"),
        ("id_rule", "Carry the original ID or passport: Madaraka Express accepts no copies, and the name must match "
                    "the ticket"),
        ("sgr_rules.luggage", "2 pieces, 30 kg in all, up to 160 cm"),
        ("sgr_rules.cancel", "refund up to 48 h before (groups 72 h), 30% fee"),
        ("sgr_rules.reschedule", "once, up to 48 h before (groups 72 h), 10% fee"),
        ("sgr_rules.children", "under 3 free; 3-11 half fare; over 11 full"),
        ("seasons.coast", "hot and humid, 24-30 C"),
        ("seasons.highlands", "10-26 C, cool nights"),
        ("safety.road", "The Nairobi-Mombasa road is accident-prone and night buses are not much recommended; take no "
                        "food or drink from strangers"),
        ("safety.mara_private_cars", "Private cars are banned from game drives in the Maasai Mara reserve; use a "
                                     "licensed safari vehicle"),
        ("mpesa", "M-Pesa is the normal way to pay: bus firms send a PIN prompt during the phone booking, and SGR "
                  "fares are paid the same way"),
        ("kws_payment", "KWS parks are paid on eCitizen before arrival; under-5s, citizens of 70 and over and persons "
                        "with disabilities enter free"),
    ],
)  # fmt: skip
def test_what_is_said_in_prose_is_what_the_guide_says(path: str, value: str) -> None:
    assert facts()[path].value == value


def test_the_warnings_of_the_guide_are_those_that_are_said() -> None:
    said = str(facts()["safety.headline"].value)
    for words in (
        "2 Dec 2025",
        "Mandera",
        "most of Garissa",
        "Tarbaj and Wajir East",
        "60 km",
        "except Lamu and Manda",
    ):
        assert words in said


def test_the_ferry_is_what_is_said_of_it() -> None:
    foot = next(ride for ride in south_coast() if ride.mode == "ferry on foot")
    assert foot.fare_kes_low == 0


def test_holidays_are_in_order_and_have_names_in_both_languages() -> None:
    days = [holiday.on for holiday in holidays()]
    assert days == sorted(days)
    assert any(holiday.estimated for holiday in holidays())
    for lang in LANGS:
        names = {f"holiday_{slug(holiday.name.removesuffix(' (observed)'))}" for holiday in holidays()}
        assert names <= keys(lang)


def test_jamhuri_day_is_one() -> None:
    assert ("Jamhuri Day", False) in {(h.name, h.estimated) for h in holidays() if h.on == date(2026, 12, 12)}


def test_a_suspended_tariff_is_known_as_such() -> None:
    amboseli = [fee for fee in fees() if fee.place_slug == "amboseli"]
    assert [(fee.citizen_adult_kes, fee.resident_adult_kes, fee.suspended) for fee in amboseli] == [
        (1500, 2025, True), (860, 860, False),
    ]  # fmt: skip
