"""Pages: what they say, in which language, and with which headers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.web.app import create_app
from bot.web.words import EN, SW
from planner.model import Itinerary, Unknown
from storage.store import Store
from tests.bot.web.conftest import Shared, settings, site_of
from tests.samples import fortnight, mombasa, no_budget, over_budget

PAGES = ("/", "/plan", "/plan/answer", "/privacy", "/terms", "/chat")


def text(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def share(store: Store, plan: Itinerary) -> str:
    with store.session() as s:
        trip_id = store.trips.create(s, store.chats.open(s, "telegram", "1"))
        store.trips.save(s, replace(plan, id=trip_id))
        return f"/t/{store.trips.token(s, trip_id)}"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_nothing_inline_and_loads_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style|javascript:", page)
    assert not re.search(r"(?:src|<link[^>]*href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize("path", [*PAGES, "/nowhere", "/healthz", "/static/chat.js"])
def test_every_answer_is_guarded(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" in headers, "the public address is https"


def test_the_cookie_is_for_this_site_alone(client: FlaskClient) -> None:
    cookie = client.get("/plan").headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= set(cookie.split("; "))


def test_static_files_are_kept_and_change_address_with_content(client: FlaskClient) -> None:
    [address] = re.findall(r'href="(/static/style\.css\?v=\w+)"', text(client, "/"))
    assert "max-age=31536000" in client.get(address).headers["Cache-Control"]


def test_the_script_and_style_are_small() -> None:
    static = Path(__file__).parents[3] / "bot" / "web" / "static"
    assert (static / "chat.js").stat().st_size < 10_000
    assert (static / "style.css").stat().st_size < 14_000


def test_both_languages_have_the_same_words() -> None:
    assert EN.keys() == SW.keys()
    assert [type(value) for value in EN.values()] == [type(value) for value in SW.values()]


def test_the_language_is_asked_for_or_the_browsers(client: FlaskClient) -> None:
    assert '<html lang="en">' in text(client, "/")
    assert '<html lang="sw">' in text(client, "/", **{"Accept-Language": "sw-KE,sw;q=0.9,en;q=0.5"})
    assert '<html lang="sw">' in text(client, "/?lang=sw")
    assert '<html lang="en">' in text(client, "/?lang=xx", **{"Accept-Language": "fr"})


def test_the_landing_page_offers_what_is_switched_on(client: FlaskClient, store: Store) -> None:
    page = text(client, "/")
    assert 'href="/chat"' in page
    assert 'href="https://wa.me/14155238886"' in page
    live = settings(demo=False, twilio_sid="", twilio_token="", twilio_from="")
    page = text(create_app(site_of(live, store)).test_client(), "/")
    assert 'href="/chat"' not in page
    assert "wa.me" not in page


def test_privacy_says_who_reads_messages(client: FlaskClient, store: Store) -> None:
    assert "No outside language model" in text(client, "/privacy")
    keyed = settings(anthropic_key="sk")
    assert "Anthropic" in text(create_app(site_of(keyed, store)).test_client(), "/privacy")


def test_privacy_says_that_plans_are_told_of(store: Store) -> None:
    for narration in (True, False):
        site = site_of(settings(anthropic_key="sk", narration=narration), store)
        page = text(create_app(site).test_client(), "/privacy")
        assert ("A finished plan is sent to it as well" in page) is narration


def test_privacy_says_when_names_of_places_are_looked_up(client: FlaskClient, store: Store) -> None:
    assert "OpenStreetMap" not in text(client, "/privacy")
    mapped = settings(providers={"OSM": "1"})
    assert "looked up at OpenStreetMap" in text(create_app(site_of(mapped, store)).test_client(), "/privacy")


def test_a_trip_shows_days_prices_with_their_basis_and_ways_to_book(client: FlaskClient, shared: Shared) -> None:
    page = text(client, f"/t/{shared.token}")
    assert "<h1>Mombasa, 3 days</h1>" in page
    assert all(day in page for day in ("Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov"))
    assert "tariff Jan 2024" in page
    assert "estimate" in page
    assert "fee not known" in page
    assert f'href="/t/{shared.token}.pdf"' in page
    assert f"webcal://safiri.example/cal/{shared.token}.ics" in page
    assert "booking.com/searchresults" not in page, "bookings go through the counted address"
    assert "noindex" in page


def test_booking_buttons_lead_to_what_the_offer_named(client: FlaskClient, shared: Shared) -> None:
    ways_out = re.findall(r'href="(/go/[\w-]+)"', text(client, f"/t/{shared.token}"))
    assert ways_out == re.findall(r'href="(/go/[\w-]+)"', text(client, f"/t/{shared.token}")), "the same each time"
    booked = [item.booking_url for item in mombasa().items if item.booking_url]
    assert sorted(client.get(way).headers["Location"] for way in ways_out) == sorted(booked)


def test_a_trip_says_what_is_booked_without_a_way_to_book_it_again_or_its_reference(
    client: FlaskClient, store: Store, shared: Shared
) -> None:
    before = client.get(f"/t/{shared.token}?lang=en").text
    with store.session() as s:
        store.bookings.put(s, shared.trip_id, "sgr:train-1", "QJH7K2", 3_200)
    after = client.get(f"/t/{shared.token}?lang=en").text
    assert ("Booked ✓" in before, "Booked ✓" in after) == (False, True)
    assert after.count("/go/") == before.count("/go/") - 1
    assert "QJH7K2" not in after
    assert "QJH7K2" not in client.get(f"/t/{shared.token}.json").text


def test_a_trip_is_read_in_swahili_too(client: FlaskClient, shared: Shared) -> None:
    page = text(client, f"/t/{shared.token}?lang=sw")
    assert "Ijumaa 27 Nov" in page
    assert "Yasiyokaguliwa" in page


def test_a_failed_check_is_shown_open(client: FlaskClient, store: Store) -> None:
    page = text(client, share(store, over_budget()))
    assert '<details class="card" open>' in page
    assert '<li class="bad">' in page
    assert '<progress class="over" max="100" value="100"' in page


def test_a_trip_without_budget_has_no_bar(client: FlaskClient, store: Store) -> None:
    assert "<progress" not in text(client, share(store, no_budget()))


def test_the_map_names_the_towns_and_dashes_flights(client: FlaskClient, store: Store) -> None:
    page = text(client, share(store, fortnight()))
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert all(f">{town}</text>" in svg for town in ("Naivasha", "Kisumu", "Eldoret", "Lamu"))
    assert 'class="leg flight"' in svg
    assert len(svg) < 5_000


def test_words_of_others_cannot_become_markup(client: FlaskClient, store: Store) -> None:
    evil = '<script>alert("x")</script>'
    item = replace(mombasa().items[0], title=evil, notes=(evil,), booking_url="javascript:alert(1)")
    plan = mombasa()
    days = (replace(plan.days[0], items=(item, *plan.days[0].items[1:])), *plan.days[1:])
    page = text(client, share(store, replace(plan, title=evil, days=days, unknowns=(Unknown("odd", evil),))))
    assert "<script>" not in page
    assert "javascript:" not in page
    assert "&lt;script&gt;" in page


def test_a_page_of_a_trip_is_small(client: FlaskClient, store: Store) -> None:
    assert len(text(client, share(store, mombasa()))) < 14_000
    assert len(text(client, share(store, fortnight()))) < 45_000


@pytest.mark.parametrize(("lang", "words"), [("en", "leads nowhere"), ("sw", "haielekezi popote")])
def test_a_wrong_address_gets_a_friendly_page(client: FlaskClient, lang: str, words: str) -> None:
    answer = client.get(f"/t/unknown?lang={lang}")
    assert answer.status_code == 404
    assert words in answer.get_data(as_text=True)
