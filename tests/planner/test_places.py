"""Places are found by name, alias and misspelling, and by nothing else."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.model import Place
from planner.ordinary import ORDINARY
from planner.places import Gazetteer, distance_km
from providers.gazetteer import load, parse

GAZETTEER = load()
LONG_NAMES = sorted(
    place.name for place in GAZETTEER.places if place.name.isalpha() and place.name.isascii() and len(place.name) >= 7
)


def slug(text: str) -> str | None:
    place = GAZETTEER.find(text)
    return place.slug if place else None


def slugs(text: str) -> list[str]:
    return [mention.place.slug for mention in GAZETTEER.mentions(text)]


def test_every_place_is_found_by_its_slug_its_name_and_each_of_its_aliases() -> None:
    for place in GAZETTEER.places:
        assert GAZETTEER.get(place.slug) is place
        assert GAZETTEER.find(place.slug) is place
        assert GAZETTEER.find(place.name) is place
        for alias in place.aliases:
            assert GAZETTEER.find(alias) is not None, alias


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Mombassa", "mombasa"),
        ("mombaza", "mombasa"),
        ("Kisumo", "kisumu"),
        ("Navaisha", "naivasha"),
        ("eldoretti", "eldoret"),
        ("Kakamenga", "kakamega"),
        ("Nanyuuki", "nanyuki"),
        ("Masai maraa", "maasai-mara"),
        ("hell’s gate", "hells-gate"),
        ("HELLS GATE", "hells-gate"),
        ("ol pejetta", "ol-pejeta"),
        ("Mlima Kenya", "mount-kenya"),
        ("ziwa turkana", "lake-turkana"),
        ("lamo", "lamu"),
        ("Tsavo East", "tsavo-east"),
        ("Zanzíbar", "zanzibar"),
    ],
)
def test_a_misspelt_name_is_understood(said: str, meant: str) -> None:
    assert slug(said) == meant


@pytest.mark.parametrize(
    "word", ["", " ", "cost", "hero", "talk", "note", "item", "email", "maisha", "kwake", "xyzzy", "64"]
)
def test_an_ordinary_word_is_no_place(word: str) -> None:
    assert slug(word) is None


@given(st.sampled_from(sorted(ORDINARY)))
def test_no_word_of_the_ordinary_list_is_taken_for_a_misspelling(word: str) -> None:
    assert slugs(f"please {word} it") == []


@pytest.mark.parametrize(
    "text",
    [
        "mara moja tafadhali",
        "mara kwa mara",
        "gari moshi la asubuhi",
        "sisi wote tunakuja",
        "let us fly a kite",
        "homa kali",
        "kitu kimoja",
        "what is the total cost of the note",
        "I like hero movies and talk shows",
        "tunataka maisha marefu kwake",
    ],
)
def test_everyday_sentences_name_no_place(text: str) -> None:
    assert slugs(text) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Nai to Msa", ["nairobi", "mombasa"]),
        ("nairobi-mombasa/malindi", ["nairobi", "mombasa", "malindi"]),
        ("Meru National Park near Meru", ["meru-national-park", "meru"]),
        ("Homa Bay leo", ["homa-bay"]),
        ("Dar es Salaam from Diani Beach", ["dar-es-salaam", "diani"]),
        ("Narok on the way to the Mara", ["narok", "maasai-mara"]),
        ("Mara kwa siku tatu", ["maasai-mara"]),
        ("Kisumu's best fish", ["kisumu"]),
        ("Moshi, Tanzania", ["moshi"]),
    ],
)
def test_mentions_come_in_order_and_the_longest_name_wins(text: str, meant: list[str]) -> None:
    assert slugs(text) == meant


@given(st.sampled_from(LONG_NAMES), st.data())
def test_one_wrong_letter_inside_a_long_name_changes_nothing(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    kind = data.draw(st.sampled_from(["swap", "drop", "double"]))
    typo = {
        "swap": name[:at] + letter + name[at + 1 :],
        "drop": name[:at] + name[at + 1 :],
        "double": name[:at] + name[at] + name[at:],
    }[kind]
    assume(typo.lower() not in ORDINARY)
    place = GAZETTEER.find(name)
    assert place is not None
    assert slugs(f"bus to {typo} tomorrow") == [place.slug]


@given(st.text(max_size=300))
def test_mentions_lie_inside_the_text_apart_from_each_other_and_in_order(text: str) -> None:
    before = 0
    for mention in GAZETTEER.mentions(text):
        assert before <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        before = mention.end


@given(st.text(max_size=60))
def test_case_makes_no_difference(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert slugs(plain.upper()) == slugs(plain.lower())


def test_distances_are_those_of_the_map() -> None:
    nairobi, mombasa, nyali = (GAZETTEER.get(name) for name in ("nairobi", "mombasa", "nyali"))
    assert nairobi
    assert mombasa
    assert nyali
    assert distance_km(nairobi, mombasa) == pytest.approx(440, abs=8)
    assert distance_km(nairobi, nairobi) == 0
    assert distance_km(nairobi, nyali) is None  # its position is not known


def test_the_nearest_place_and_the_ones_around_it() -> None:
    diani = GAZETTEER.get("diani")
    assert diani
    nearest = GAZETTEER.nearest(-4.29, 39.58)
    assert nearest is diani
    around = GAZETTEER.within(diani, 35)
    assert [place.slug for place in around][:1] == ["kwale"]
    assert "mombasa" in [place.slug for place in around]
    assert diani not in around


def test_an_empty_gazetteer_finds_nothing() -> None:
    empty = Gazetteer(())
    assert empty.find("Nairobi") is None
    assert empty.mentions("Nairobi") == []
    assert empty.nearest(0, 0) is None


def test_an_empty_cell_is_not_known_rather_than_zero() -> None:
    row = "Nowhere,nowhere,town,X,KE,,,,,,,,,,"
    header = (
        "name,slug,kind,county,country,lat,lon,aliases,nearest_airport_iata,sgr_station,good_months,coord_note,source_url,"
        "as_of,as_of_precision"
    )
    assert parse(f"{header}\n{row}\n") == [
        Place(slug="nowhere", name="Nowhere", kind="town", county="X", country="KE", lat=None, lon=None)
    ]
