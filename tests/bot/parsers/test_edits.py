"""Words about single things of the plan on screen are read as changes of these; everything else is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edits import Edit, Part, Verb
from bot.parsers.edits import picked, split
from bot.screen import Screen, screen_of
from providers.gazetteer import load
from tests.samples import mombasa

SCREEN = screen_of(mombasa())
POLITE = ("", "please ", "tafadhali ", "boss, ", "can you ", "naomba ")


def at(title: str, screen: Screen = SCREEN) -> tuple[int, ...]:
    """Positions of the items whose title begins so."""
    return tuple(n for n, item in enumerate(screen.items) if item.title.startswith(title) and item.offer_id)


STAY, TRAINS = at("Holiday home"), at("Madaraka")
OUT, HOME = TRAINS
FORT, HALLER, OLD_TOWN = at("Fort Jesus"), at("Haller"), at("Mombasa Old")


def read(text: str) -> tuple[Edit, ...]:
    """The changes of a message that asks for nothing else."""
    edits, rest = split(text, SCREEN, load())
    return () if rest else edits


@pytest.mark.parametrize(
    ("text", "verb", "items"),
    [
        ("another hotel", Verb.LIST, STAY),
        ("hoteli ingine", Verb.LIST, STAY),
        ("nipe hoteli nyingine bana", Verb.LIST, STAY),
        ("change the hotel", Verb.LIST, STAY),
        ("nibadilishie hoteli", Verb.LIST, STAY),
        ("a different train", Verb.LIST, TRAINS),
        ("another train home", Verb.LIST, (HOME,)),
        ("treni nyingine ya kurudi", Verb.LIST, (HOME,)),
        ("a different train on friday", Verb.LIST, (OUT,)),
        ("cheaper hotel", Verb.CHEAPER, STAY),
        ("hoteli ya bei rahisi zaidi", Verb.CHEAPER, STAY),
        ("a nicer hotel", Verb.BETTER, STAY),
        ("hoteli nzuri zaidi", Verb.BETTER, STAY),
        ("an earlier train home", Verb.EARLIER, (HOME,)),
        ("treni ya mapema ijumaa", Verb.EARLIER, (OUT,)),
        ("later train home", Verb.LATER, (HOME,)),
        ("keep the hotel", Verb.KEEP, STAY),
        ("lock the trains", Verb.KEEP, TRAINS),
        ("usibadilishe hoteli", Verb.KEEP, STAY),
        ("hoteli ibaki", Verb.KEEP, STAY),
        ("keep fort jesus", Verb.KEEP, FORT),
        ("unlock the hotel", Verb.FREE, STAY),
        ("hoteli inaweza kubadilika", Verb.FREE, STAY),
        ("remove fort jesus", Verb.DROP, FORT),
        ("toa Fort Jesus", Verb.DROP, FORT),
        ("remove fort jesos", Verb.DROP, FORT),
        ("ruka haller park", Verb.DROP, HALLER),
        ("skip the old town walk", Verb.DROP, OLD_TOWN),
        ("remove something from day 2", Verb.DROP, (*HALLER, *OLD_TOWN)),
        ("ondoa kitu siku ya pili", Verb.DROP, (*HALLER, *OLD_TOWN)),
    ],
)
def test_what_is_said_of_an_item(text: str, verb: Verb, items: tuple[int, ...]) -> None:
    (edit,) = read(text)
    assert (edit.verb, edit.items) == (verb, items)


@pytest.mark.parametrize(
    ("text", "day"), [("move fort jesus to saturday", 2), ("sogeza fort jesus siku ya tatu", 3), ("fort jesus", None)]
)
def test_a_visit_moves_to_a_day_of_the_trip(text: str, day: int | None) -> None:
    assert read(text) == (() if day is None else (Edit(Verb.MOVE, FORT, day=day),))


def test_what_was_left_out_and_what_the_guide_knows_nearby_can_be_added() -> None:
    (marine,) = read("add the marine park on day 2")
    assert marine.other is not None
    assert (SCREEN.others[marine.other].title, marine.day) == ("Mombasa Marine Park", 2)
    (known,) = read("ongeza Jumba la Mtwana")
    assert known.name == "Jumba la Mtwana ruins"
    assert read("what else is there?") == (Edit(Verb.MENU, part=Part.VISITS),)


def test_days_pace_and_order() -> None:
    assert read("day 2") == read("siku ya pili") == read("what's on saturday") == (Edit(Verb.DAY, day=2),)
    assert read("faster") == read("haraka zaidi") == (Edit(Verb.FASTER),)
    assert read("more relaxed") == read("polepole zaidi") == (Edit(Verb.SLOWER),)
    assert read("one more day in Mombasa") == (Edit(Verb.LONGER, places=("mombasa",)),)
    assert read("punguza usiku mmoja msa") == (Edit(Verb.SHORTER, places=("mombasa",)),)
    assert read("Diani first") == ()  # no stop of this trip


def test_several_changes_in_one_message_are_all_read_and_the_rest_is_handed_on() -> None:
    drop, keep = read("remove fort jesus and keep the hotel")
    assert (drop.verb, keep.verb) == (Verb.DROP, Verb.KEEP)
    edits, rest = split("another hotel and 3 people", SCREEN, load())
    assert ([edit.verb for edit in edits], rest) == ([Verb.LIST], "3 people")


@pytest.mark.parametrize(
    "text",
    [
        "hotel in kisumu tonight", "buses to kisumu tomorrow", "another trip to Nakuru", "3 days in Nakuru from friday",
        "cheaper", "train, not bus", "remove the hotel", "no flights", "start from Nakuru", "book the hotel",
        "keep it", "change the destination", "badilisha tarehe", "4 people", "thanks", "nataka kwenda Lamu", "",
        "remove the museum", "habari", "help", "2 nights in Mombasa", "siku tatu Mombasa", "send the pdf",
    ],
)  # fmt: skip
def test_what_is_not_about_an_item_is_left_to_the_parsers(text: str) -> None:
    assert split(text, SCREEN, load())[0] == ()


@pytest.mark.parametrize("text", ["another hotel", "remove fort jesus", "day 2", "faster"])
def test_without_a_plan_on_screen_nothing_is_a_change(text: str) -> None:
    assert split(text, Screen(), load())[0] == ()


@given(
    st.sampled_from(["another hotel", "toa fort jesus", "keep the hotel", "haraka zaidi", "day 2"]),
    st.sampled_from(POLITE),
    st.sampled_from(["", " please", "!", " tafadhali", "??"]),
    st.booleans(),
)
def test_politeness_case_and_marks_change_nothing(text: str, before: str, after: str, loud: bool) -> None:
    said = f"{before}{text}{after}"
    assert read(said.upper() if loud else said) == read(text) != ()


@given(st.text(max_size=200))
def test_no_text_whatever_makes_it_fail(text: str) -> None:
    edits, _ = split(text, SCREEN, load())
    assert all(0 <= n < len(SCREEN.items) for edit in edits for n in edit.items)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("the cheaper one", "Tahmeed Coach, VIP"),
        ("ile ya bei rahisi", "Tahmeed Coach, VIP"),
        ("the faster one", "Madaraka Express, first class"),
        ("the most expensive", "Madaraka Express, first class"),
        ("ile ya basi", "Tahmeed Coach, VIP"),
        ("tahmeed", "Tahmeed Coach, VIP"),
        ("weather", None),
        ("help", None),
    ],
)
def test_one_of_what_was_offered_is_picked_in_words(words: str, title: str | None) -> None:
    offered = SCREEN.instead_of("train-1")
    chosen = picked(words, offered)
    assert (None if chosen is None else offered[chosen].title) == title
