"""Links to hotel searches against vectors composed from public code: plain, direct, through Awin, through CJ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model import Party
from providers import hotel_links
from providers.base import Kind
from providers.guidebook import table
from providers.hotel_links import PLAIN, hotel_search, is_affiliate, redated
from providers.sources import guide_stays
from tests.providers.asking import ask, party

FIXTURES = Path(__file__).parents[1] / "fixtures" / "booking"
KNOWN = {v["name"]: v["url"] for v in json.loads((FIXTURES / "affiliate_link_vectors.json").read_text())["vectors"]}
IN, OUT = date(2026, 12, 12), date(2026, 12, 15)
DIRECT = {"BOOKING_AID": "1234567"}
AWIN = {"BOOKING_AWIN_MID": "6776", "BOOKING_AWIN_AFFID": "999999"}
CJ = {"BOOKING_CJ_PID": "<PID>", "BOOKING_CJ_AID": "<AID>"}
EVERY_WAY = [PLAIN, DIRECT, AWIN, CJ]


def search(keys: Mapping[str, str], who: Party | None = None, most: int | None = None, where: str = "") -> str:
    return hotel_search(
        where or "Mombasa, Kenya", IN, OUT, who or Party(2), keys, max_per_night=most, label="trip-17-tg"
    )


def params(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def base(url: str) -> str:
    return url.partition("?")[0]


def test_a_plain_search_is_the_known_one() -> None:
    assert search(PLAIN, Party(2, 1, (9,))) == KNOWN["plain search (no affiliate)"]


def test_a_direct_affiliate_is_named_by_aid_and_label() -> None:
    assert search(DIRECT) == KNOWN["direct affiliate (aid+label)"] + "&lang=en-gb"


def test_a_price_ceiling_is_for_a_room_and_night_in_the_currency_of_the_search() -> None:
    url = search(DIRECT, most=6000)
    added = {("group_children", "0"), ("lang", "en-gb")}
    assert set(params(url)) == set(params(KNOWN["with max price per night 6000 KES"])) | added
    assert "nflt=price%3DKES-min-6000-1" in url


def test_awin_wraps_a_plain_link_encoded_once() -> None:
    url, known = search(AWIN), KNOWN["Awin wrapper"]
    assert url.startswith(
        known.partition("&ued=")[0] + "&ued=https%3A%2F%2Fwww.booking.com%2Fsearchresults.html%3Fss%3D"
    )
    assert "Mombasa%252C%2BKenya" in url
    assert dict(params(url))["ued"] == search(PLAIN)
    assert hotel_links.awin(dict(params(known))["ued"], "6776", "999999", clickref="trip-17-tg") == known


def test_cj_wraps_a_plain_link_encoded_once() -> None:
    url, known = search(CJ), KNOWN["CJ wrapper"]
    assert url.startswith(known)
    assert dict(params(url))["url"] == search(PLAIN)
    assert hotel_links.cj(dict(params(known))["url"], "<PID>", "<AID>", sid="trip-17-tg") == known


@pytest.mark.parametrize("keys", EVERY_WAY)
def test_nobody_is_named_by_affiliate_id(keys: Mapping[str, str]) -> None:
    wrong = "affiliate_id"
    assert wrong in KNOWN["WRONG (plan document)"]
    assert wrong not in search(keys)


def test_a_network_wins_over_the_id_that_the_demand_api_needs_too() -> None:
    assert search({**DIRECT, **AWIN, **CJ}) == search(AWIN)
    assert search({**DIRECT, **CJ}) == search(CJ)
    assert "aid=" not in hotel_links.leads_to(search({**DIRECT, **AWIN}))


def test_half_of_a_networks_settings_are_none() -> None:
    assert search({"BOOKING_AWIN_MID": "6776", "BOOKING_CJ_AID": "1"}) == search(PLAIN)


def test_another_address_of_the_site_is_taken_from_the_settings() -> None:
    assert base(search({"BOOKING_URL": "https://hotels.example/"})) == "https://hotels.example/searchresults.html"
    assert is_affiliate(search({"BOOKING_URL": "https://hotels.example", **DIRECT}))


def test_the_label_tells_towns_apart_and_nothing_about_who_travels() -> None:
    def label(where: str, who: Party) -> str:
        return dict(params(hotel_search(where, IN, OUT, who, DIRECT)))["label"]

    assert label("Diani, Kenya", Party(1)) == label("Diani, Kenya", Party(4, 2, (3, 9)))
    assert label("Diani, Kenya", Party(1)) != label("Lamu, Kenya", Party(1))
    assert "diani" not in label("Diani, Kenya", Party(1)).casefold()


@pytest.mark.parametrize("keys", EVERY_WAY)
def test_other_dates_reach_the_search_inside_of_a_networks_link(keys: Mapping[str, str]) -> None:
    later = hotel_search("Mombasa, Kenya", date(2026, 12, 13), date(2026, 12, 14), Party(2), keys, label="trip-17-tg")
    assert redated(search(keys), date(2026, 12, 13), date(2026, 12, 14)) == later


def test_an_address_without_dates_stays_as_it_is() -> None:
    for url in ("https://metickets.krc.co.ke/", "https://www.booking.com/hotel/ke/example.html?aid=1234567"):
        assert redated(url, IN, OUT) == url


def test_what_pays_us_is_told_apart_from_what_does_not() -> None:
    assert [is_affiliate(search(keys)) for keys in EVERY_WAY] == [False, True, True, True]
    assert is_affiliate("https://www.booking.com/hotel/ke/example.html?aid=1234567")
    for url in (None, "", "https://[", "https://buupass.com/", "https://example.com/?aid=1", "https://m.uber.com/ul/"):
        assert not is_affiliate(url)


def test_behind_a_networks_link_is_the_site_it_leads_to() -> None:
    assert [hotel_links.leads_to(search(keys)) for keys in (PLAIN, AWIN, CJ)] == [search(PLAIN)] * 3
    assert hotel_links.leads_to("https://www.awin1.com/cread.php") == "https://www.awin1.com/cread.php"


@pytest.mark.parametrize(
    ("budget", "nights", "rooms", "most"),
    [(None, 3, 1, None), (18_000, 3, 1, 6_000), (18_000, 3, 2, 3_000), (10_000, 3, 1, 3_333), (2, 3, 1, 1)],
)
def test_a_budget_for_the_stay_is_shared_by_nights_and_rooms(
    budget: int | None, nights: int, rooms: int, most: int | None
) -> None:
    assert hotel_links.room_night(budget, nights, rooms) == most


def guide_links(keys: Mapping[str, str], budget: int | None = None) -> set[str | None]:
    query = ask(Kind.HOTELS, "diani", IN, OUT, who=party(4), budget=budget)
    offers = guide_stays.parse(table("hotel_price_bands.csv"), table("hotels.csv"), query, keys=keys)
    return {offer.booking_url for offer in offers}


def test_the_guide_links_as_the_settings_say_and_within_the_budget() -> None:
    (plain,), (paid,) = guide_links(PLAIN), guide_links(AWIN)
    assert hotel_links.leads_to(paid or "") == plain
    assert "nflt" not in (plain or "")
    (within,) = guide_links(PLAIN, 60_000)
    assert dict(params(within or ""))["nflt"] == "price=KES-min-10000-1"


@given(where=st.text(min_size=1, max_size=60), children=st.integers(0, 6), rooms=st.integers(1, 9))
@pytest.mark.parametrize("keys", EVERY_WAY)
def test_any_town_survives_the_way_into_a_link(keys: Mapping[str, str], where: str, children: int, rooms: int) -> None:
    url = hotel_search(where, IN, OUT, Party(2, children), keys, rooms=rooms)
    found = params(hotel_links.leads_to(url))
    assert dict(found)["ss"] == where
    assert len([value for name, value in found if name == "age"]) == children
    assert url.isascii()
