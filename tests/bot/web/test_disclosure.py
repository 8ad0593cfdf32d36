"""Pages say beside a hotel link that somebody pays us for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from storage.links import Told
from storage.store import Store
from tests.bot.test_disclosure import AWIN, NAKED, trip
from tests.bot.web.test_pages import share, text

each_language = pytest.mark.parametrize("lang", ["en", "sw"])


@each_language
def test_the_page_of_a_trip_says_it_beside_the_button_and_names_the_site_that_sells(
    client: FlaskClient, store: Store, lang: str
) -> None:
    page = text(client, f"{share(store, trip(AWIN))}?lang={lang}")
    assert page.count(NAKED[lang]) == 1
    assert f"<span>booking.com</span></a> <small>{NAKED[lang]}</small>" in page
    assert NAKED[lang] not in text(client, f"{share(store, trip({}))}?lang={lang}")


@each_language
def test_the_page_before_a_way_out_says_it(client: FlaskClient, store: Store, lang: str) -> None:
    def shown(keys: dict[str, str]) -> str:
        (bed,) = [item for item in trip(keys).items if item.id == "stay-1"]
        told = Told("what was asked", 14_000, datetime.now(UTC) - timedelta(hours=1))
        with store.session() as s:
            token = store.links.shorten(s, bed.booking_url or "", None, bed.id, told)
        return text(client, f"/go/{token}?look=9&lang={lang}")

    assert f"<small>{NAKED[lang]}</small>" in shown(AWIN)
    assert "booking.com" in shown(AWIN)
    assert NAKED[lang] not in shown({})
