"""Who asks for a local ride gets the ways to have one: Uber, a taxi on WhatsApp, the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import jobs
from bot.channel import Incoming, IncomingKind
from bot.channels._telegram_html import acceptable
from bot.config import Settings
from bot.intake import Intake
from bot.queue import InlineQueue
from bot.replies import Link, plain
from bot.rides import ride_links
from bot.tasks import SearchTask
from bot.wiring import App
from planner.model import Offer, Party, Spot
from providers.base import Kind
from providers.guidebook import centre, table
from providers.points import gates, station_spot
from providers.sources import guide_transfers
from tests.bot.test_conversation import ME, Recorder
from tests.conftest import SECRET
from tests.providers.asking import ask, place

DAY = date(2026, 12, 12)
TASK = SearchTask(Kind.TRANSFERS, "mombasa", DAY, DAY, Party(3))
TAXI = {"TAXI_WHATSAPP": "+254700000000"}
MOI, TOWN, NYALI = gates("mombasa")[0], centre(place("mombasa")), centre(place("nyali"))
MIRITINI = station_spot("Mombasa Terminus")


def rides(origin: Spot, destination: Spot) -> Sequence[Offer]:
    query = ask(Kind.TRANSFERS, "mombasa", DAY, spots=(origin, destination))
    found = guide_transfers.parse(table("transfers.csv"), table("intercity.csv"), query)
    return [offer for offer in found if offer.origin.id == origin.id]


def links(origin: Spot, destination: Spot, lang: str = "en", keys: Mapping[str, str] = TAXI) -> list[Link]:
    return list(ride_links(rides(origin, destination), replace(TASK, lang=lang), keys))


def asked(link: Link) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link.url).query)


def test_a_taxi_between_known_points_books_with_uber_and_has_a_chat_and_a_map() -> None:
    chat, way = links(MOI, TOWN)
    assert any("m.uber.com" in (offer.booking_url or "") for offer in rides(MOI, TOWN))
    assert (chat.text, urlsplit(chat.url).netloc, urlsplit(chat.url).path) == (
        "Ask a taxi on WhatsApp",
        "wa.me",
        "/254700000000",
    )
    assert way.text == "The way on a map"
    assert asked(way)["origin"] == [f"{MOI.lat:.6f}".rstrip("0") + "," + f"{MOI.lon:.6f}".rstrip("0")]


def test_the_message_says_from_where_to_where_and_when_and_nothing_of_who() -> None:
    (words,) = asked(links(MOI, TOWN)[0])["text"]
    assert words == f"Hello, how much is a taxi from {MOI.name} to Mombasa on Sat 12 Dec for 3 people?"
    (maneno,) = asked(links(MOI, TOWN, "sw")[0])["text"]
    assert maneno.startswith(f"Habari, teksi kutoka {MOI.name} hadi Mombasa")


def test_from_a_terminus_without_a_position_uber_starts_where_the_phone_is() -> None:
    uber, chat, way = links(MIRITINI, TOWN)
    assert asked(uber)["pickup"] == ["my_location"]
    assert asked(uber)["dropoff[nickname]"] == ["Mombasa"]
    assert "wa.me" in chat.url
    assert asked(way)["origin"] == ["Mombasa Terminus (Miritini), Kenya"]


@pytest.mark.parametrize(
    ("origin", "destination"),
    [(MIRITINI, centre(place("diani"))), (TOWN, MIRITINI), (MIRITINI, NYALI)],
    ids=["no Uber there", "the end has no position", "nor has this suburb"],
)
def test_uber_is_not_named_where_it_would_not_find_the_way(origin: Spot, destination: Spot) -> None:
    assert not any("uber" in link.url for link in links(origin, destination))


def test_without_a_taxi_company_there_is_no_chat_and_without_a_ride_nothing() -> None:
    assert [link.text for link in links(MOI, TOWN, keys={})] == ["The way on a map"]
    assert ride_links([], TASK, TAXI) == ()


def test_an_island_without_cars_has_only_the_map() -> None:
    lamu = next(spot for spot in gates("lamu"))
    assert [link.text for link in links(lamu, centre(place("lamu")))] == ["The way on a map"]


def test_a_place_in_many_words_still_makes_a_link_that_chats_take() -> None:
    talkative = Spot("point:x", "my aunt's house " * 200, "mombasa", TOWN.kind, TOWN.lat, TOWN.lon)
    chat = links(MOI, talkative)[0]
    assert acceptable(chat.url)


@pytest.mark.parametrize("origin", [MOI, TOWN, NYALI, MIRITINI], ids=lambda spot: spot.name)
@pytest.mark.parametrize("destination", [MOI, TOWN, NYALI, MIRITINI], ids=lambda spot: spot.name)
def test_every_link_can_be_a_button(origin: Spot, destination: Spot) -> None:
    for link in links(origin, destination):
        assert acceptable(link.url), link


def test_in_a_chat_all_three_are_there(tmp_path: Path) -> None:
    settings = Settings(
        secret_keys=(SECRET,), database_url=f"sqlite:///{tmp_path}/rides.db", today=DAY, var=tmp_path, providers=TAXI
    )
    channel = Recorder()
    app: App = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(app, job)), extra={"test": channel})
    app.store.migrate()
    Intake(app.store, app.queue).accept(
        channel.name, [Incoming(ME, "1", IncomingKind.TEXT, text="taxi from Moi airport to Mombasa CBD today")]
    )
    said = "\n".join(plain(line) for reply in channel.sent for line in reply.lines)
    app.store.close()
    assert "Book" in said, "Uber, counted on the way"
    assert "Ask a taxi on WhatsApp: https://wa.me/254700000000?text=Hello" in said
    assert "The way on a map: https://www.google.com/maps/dir/" in said
