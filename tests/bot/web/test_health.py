"""Alive, ready, measured."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from bot.web.app import create_app
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import SECRET, Shared, Site, settings, site_of


def test_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_not_ready_names_what_cannot_be_reached(tmp_path: Path) -> None:
    broken = Store(f"sqlite:///{tmp_path}/empty.db", Vault((SECRET,)))
    client = create_app(site_of(settings(), broken)).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["unreachable"] == ["database"]


def value(text: str, name: str, **labels: str) -> float:
    wanted = {f'{key}="{label}"' for key, label in labels.items()}
    for line in text.splitlines():
        found = re.fullmatch(rf"{name}(?:\{{(.*)\}})? (\S+)", line)
        if found and wanted <= set((found[1] or "").split(",")):
            return float(found[2])
    raise AssertionError(f"{name} {labels} is not in\n{text}")


def test_requests_are_counted_by_route_and_never_by_address(client: FlaskClient, shared: Shared) -> None:
    client.get(f"/t/{shared.token}")
    client.get("/t/unknown")
    client.get("/nowhere")
    text = client.get("/metrics").get_data(as_text=True)
    counter = "safiri_http_requests_total"
    assert value(text, counter, method="GET", route="/t/<token>", status="200") == 1
    assert value(text, counter, method="GET", route="/t/<token>", status="404") == 1
    assert value(text, counter, route="none", status="404") == 1
    assert value(text, "safiri_http_seconds_count", route="/t/<token>") == 2
    assert shared.token not in text


def test_the_backlog_is_what_the_store_owes(client: FlaskClient, site: Site) -> None:
    with site.store.session() as s:
        chat = site.store.chats.open(s, "telegram", "1")
        site.store.inbox.accept(s, chat, "telegram", "1", "{}")
        site.store.tasks.add(s, chat, "plan", "{}")
        site.store.tasks.add(s, chat, "plan", "{}")
    text = client.get("/metrics").get_data(as_text=True)
    assert value(text, "safiri_backlog", kind="inbox") == 1
    assert value(text, "safiri_backlog", kind="tasks") == 2
    assert value(text, "safiri_backlog", kind="outbox_chats") == 0


def test_methods_that_strangers_invent_share_one_counter(client: FlaskClient) -> None:
    for number in range(3):
        client.open("/nowhere", method=f"ODD{number}")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'safiri_http_requests_total{method="other",route="none",status="404"} 3.0' in text
    assert "ODD" not in text


def test_metrics_answer_without_a_database(tmp_path: Path) -> None:
    broken = Store(f"sqlite:///{tmp_path}/empty.db", Vault((SECRET,)))
    answer = create_app(site_of(settings(), broken)).test_client().get("/metrics")
    assert answer.status_code == 200
    assert b"safiri_backlog{" not in answer.data
