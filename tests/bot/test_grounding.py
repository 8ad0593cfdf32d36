"""Only sentences whose every number, time, day and name stands in the facts are kept; the rest is dropped."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.grounding import LONGEST, grounded
from bot.grounding_words import MONTHS, OPENERS, WEEKDAYS
from planner.numbers import WORDS

FACTS: dict[str, object] = {
    "from": "Nairobi", "to": ["Mombasa"], "days": 3, "nights": 2, "people": 2, "total_kes": 41_300, "none": None,
    "plan": [
        {
            "day": 1, "date": "2026-11-27",
            "items": [
                {
                    "name": "Madaraka Express Inter-County, economy", "starts": "2026-11-27T08:00",
                    "ends": "2026-11-27T14:00", "kes": 3000, "notes": ["two bags, 30 kg in all"],
                },
                {"name": "Fort Jesus", "starts": "2026-11-27T16:00", "ends": "2026-11-27T18:00", "kes": 400},
            ],
        },
        {"day": 2, "date": "2026-11-28", "items": [{"name": "Haller Park", "kes": None}]},
        {"day": 3, "date": "2026-11-29", "items": []},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        "Enjoy the coast!",
        "Your train to Mombasa leaves Nairobi at 08:00.",
        "The Madaraka Express leaves at 8 am and arrives at 2:00 pm.",
        "Pack light: the train takes two bags, 30 kg in all.",
        "Fort Jesus costs KES 400 for both of you.",
        "Three days for 2 people come to KES 41,300.",
        "In all it is 41.3k, no more.",
        "Visit Fort Jesus on Friday 27 November between 16:00 and 18:00.",
        "On Saturday the 28th, walk through Haller Park.",
        "Take water along on Sat 28 Nov.",
        "Keep Friday afternoon for Fort Jesus’s walls.",
        "The trip runs 27–29 Nov.",
        "Treni ya Madaraka Express inaondoka Nairobi 08:00.",
        "Furahia siku tatu Mombasa!",
        "Beba maji Jumamosi 28 Novemba.",
        "Panda matatu pamoja na wenzako.",
    ],
)
def test_what_the_facts_say_is_kept(sentence: str) -> None:
    assert grounded(sentence, FACTS) == (sentence,)


@pytest.mark.parametrize(
    "sentence",
    [
        # numbers and amounts
        "Fort Jesus costs KES 450.", "It is 41,301 in all.", "It costs 5k.", "Bring 1.5 litres.", "You are 4 people.",
        "It costs ٤٠٠.", "It costs ４００.", "Take ½ a day.", "It costs 3,00.", "It costs 3.000.", "It costs 3m.",
        # numbers in words
        "There are twenty beaches.", "Kuna fukwe ishirini.", "Five people can share.", "Lipa elfu tatu.",
        "It costs four hundred.", "Nenda saa mbili.", "Take a dozen.", "Pay half.", "See it twenty-five times.",
        "Siku kumi na mbili.", "Milima mitano.", "It is the fourteenth.", "Kuna fukwe30elfu.", "Pay 3elfu.",
        # times and days
        "Leave at 9 am.", "Leave at 07:30.", "Leave at 8 pm.", "Leave at 25:00.", "Leave at noon.",
        "It opens on Monday.", "Inafungwa Jumatatu.", "Go on 30 November.", "Go on 27 December.",
        "Go on Sunday 28 November.", "Go on Friday 28.", "Go in December.", "Go tomorrow.", "Nenda kesho.",
        "Go on 2026-11-30.", "Go on the 30th.", "Go 26–28 Nov.",
        # names
        "Watamu is lovely.", "Stay at Sarova Whitesands.", "Take Jambojet.", "See Fort Park.", "See Haller Jesus.",
        "Pay with M-Pesa.", "Pay in USD.", "Ask for iTravel.", "See Haller, Express Fort.", "Ask Mwangi.",
        "Visit Москва.", "See 蒙巴萨.", "see Kilifi",
        # promises, links, markup
        "Your seats are booked.", "It is guaranteed.", "Kila kitu kimehakikishwa.", "Chumba kimehifadhiwa.",
        "See https://evil.example.", "See evil.example for more.", "See www.evil", "Mail me@evil", "Take *this*.",
        "Take <b>this</b>.", "Take [this](x).", "Take `this`.", "{0.__class__}", "Hidden\u200b words.",
        "Right\u202eleft.", "Nice 🦒.", "A\x07bell.",
    ],
)  # fmt: skip
def test_what_they_do_not_say_is_dropped(sentence: str) -> None:
    assert grounded(sentence, FACTS) == ()


def test_only_the_bad_sentence_goes() -> None:
    text = "Enjoy Mombasa! Diani is near. Fort Jesus costs KES 400.\nIt costs 500."
    assert grounded(text, FACTS) == ("Enjoy Mombasa!", "Fort Jesus costs KES 400.")


def test_no_more_is_kept_than_fits() -> None:
    kept = grounded("Enjoy the coast and the sea. " * 40, FACTS)
    assert kept
    assert len(" ".join(kept)) <= LONGEST


def test_nothing_is_kept_of_nothing() -> None:
    assert grounded("", FACTS) == ()
    assert grounded("Enjoy Mombasa!", {}) == ()


BOUNDED = settings(max_examples=150, deadline=None)
NUMBERS_IN_WORDS = {2, 3, 1, 30, 400, 3000, 41_300}


@BOUNDED
@given(
    st.integers(0, 10**9),
    st.sampled_from(["{:d}", "{:,}", "KES {:,}", "{:d} km", "{:d}/=", "{:d}k", "{:d}th", "{:d}%"]),
)
def test_no_invented_number_is_kept(number: int, form: str) -> None:
    meant = number * 1000 if form.endswith("k") else number
    assume(meant not in {1, 2, 3, 30, 400, 3000, 41_300} and not (form.endswith("th") and number in (27, 28, 29)))
    assert grounded(f"It costs {form.format(number)}.", FACTS) == ()


@BOUNDED
@given(
    st.sampled_from(sorted(WORDS)), st.sampled_from(["You need {} of them.", "Kuna fukwe {} hapo.", "{}, they say."])
)
def test_no_invented_number_word_is_kept(word: str, form: str) -> None:
    assume(WORDS[word] not in NUMBERS_IN_WORDS)
    assert grounded(form.format(word), FACTS) == ()
    assert grounded(form.format(word.title()), FACTS) == ()


@BOUNDED
@given(
    st.text(string.ascii_lowercase, min_size=5, max_size=12),
    st.sampled_from(
        ["You will love {}.", "{} is close by.", "Ask for {} at Fort Jesus.", "Tembelea {} jioni.", "“{}” it is."]
    ),
)
def test_no_invented_name_is_kept(name: str, form: str) -> None:
    known = {"nairobi", "mombasa", "madaraka", "express", "inter", "county", "economy", "jesus", "haller"}
    assume(name not in {*known, *OPENERS, *MONTHS, *WEEKDAYS, *WORDS})
    assert grounded(form.format(name.title()), FACTS) == ()


@BOUNDED
@given(st.integers(0, 23), st.integers(0, 59))
def test_no_invented_clock_time_is_kept(hour: int, minute: int) -> None:
    assume((hour, minute) not in {(8, 0), (14, 0), (16, 0), (18, 0)})
    assert grounded(f"Be there at {hour:02}:{minute:02}.", FACTS) == ()


@BOUNDED
@given(st.text(max_size=300))
def test_no_text_is_too_strange_and_what_is_kept_is_never_changed(text: str) -> None:
    kept = grounded(text, FACTS)
    assert len(" ".join(kept)) <= LONGEST
