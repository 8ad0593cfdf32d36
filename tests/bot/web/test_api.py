"""The REST API: strict about what comes in, honest about what is not done yet, closed to strangers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from flask.testing import FlaskClient

from bot.queue import Job
from bot.signing import Signer
from bot.web.app import create_app
from storage.store import Store
from tests.bot.web.conftest import SECRET, Shared, Site, settings, site_of
from tests.samples import mombasa

SEARCH = {"origin": "Nairobi", "destination": "Kisumu", "start": "2099-11-27"}
TRIP = {
    "origin": "Nairobi",
    "stops": [{"place": "Mombasa", "nights": 2}],
    "start": "2099-11-27",
    "end": "2099-11-29",
    "passengers": 2,
    "budget_kes": 60_000,
}
LATER = {"Prefer": "respond-async"}


def bearer(owner: str = "maker", **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {Signer((SECRET,)).api_token(owner)}", **more}


@dataclass
class Worker:
    """A queue with a worker that answers at once, in the way `bot.web.api` asks for."""

    store: Store
    work: Callable[[Store, dict[str, object]], None]
    seen: list[dict[str, object]] = field(default_factory=list)

    def put(self, job: Job) -> bool:
        assert (job.name, job.queue) == ("run_task", "trips")
        with self.store.reading() as s:
            task = self.store.tasks.get(s, int(job.args[0]))
        self.seen.append({"task": task.kind, **json.loads(task.payload)})
        self.work(self.store, self.seen[-1])
        return True


def result(store: Store, task: dict[str, object], **content: object) -> None:
    with store.session() as s:
        store.trips.put_document(
            s, str(task["id"]), int(str(task["version"])), "result", "result.json", json.dumps(content).encode()
        )


def plans(store: Store, task: dict[str, object]) -> None:
    with store.session() as s:
        store.trips.save(s, replace(mombasa(), id=str(task["id"]), version=int(str(task["version"]))))
    result(store, task, status=200)


def finds(store: Store, task: dict[str, object]) -> None:
    result(store, task, status=200, body={"offers": [{"operator": "Easy Coach"}], "unreached": []})


def refuses(store: Store, task: dict[str, object]) -> None:
    ways = [{"change": "budget", "total_kes": 22_400}]
    result(store, task, status=422, detail="Not within the budget.", more={"relaxations": ways})


def served(store: Store, work: Callable[[Store, dict[str, object]], None]) -> tuple[FlaskClient, Worker]:
    worker = Worker(store, work)
    site = replace(site_of(settings(), store), queue=worker)  # type: ignore[arg-type]
    return create_app(site).test_client(), worker


@pytest.mark.parametrize("kind", ["buses", "trains", "flights", "hotels", "transfers", "events"])
def test_a_search_is_answered_with_what_the_worker_found(store: Store, kind: str) -> None:
    client, worker = served(store, finds)
    answer = client.post(f"/api/v1/search/{kind}", json=SEARCH, headers=bearer())
    assert (answer.status_code, answer.get_json()["offers"]) == (200, [{"operator": "Easy Coach"}])
    [task] = worker.seen
    assert (task["task"], task["kind"], task["body"]) == ("api_search", kind, SEARCH)


def test_a_trip_is_planned_changed_and_exported(store: Store) -> None:
    client, worker = served(store, plans)
    answer = client.post("/api/v1/itineraries", json=TRIP, headers=bearer())
    assert answer.status_code == 201
    place, trip = answer.headers["Location"], answer.get_json()
    assert (trip["version"], trip["total_kes"]) == (1, mombasa().total_kes)
    assert client.get(place, headers=bearer()).get_json() == trip
    changed = client.patch(place, json={"budget_kes": 50_000, "lock": ["train-1"]}, headers=bearer())
    assert (changed.status_code, changed.get_json()["version"]) == (200, 2)
    assert (worker.seen[1]["base"], worker.seen[1]["body"]) == (1, {"budget_kes": 50_000, "lock": ["train-1"]})
    assert client.get(f"{place}/export", headers=bearer()).get_json()["version"] == 2
    with store.session() as s:
        store.trips.put_document(s, trip["id"], 2, "pdf", "mombasa.pdf", b"%PDF-1.7")
        store.trips.put_document(s, trip["id"], 2, "ics", "mombasa.ics", b"BEGIN:VCALENDAR")
    kinds = {"pdf": "application/pdf", "ical": "text/calendar; charset=utf-8", "json": "application/json"}
    for name, content_type in kinds.items():
        exported = client.get(f"{place}/export?format={name}", headers=bearer())
        assert (exported.status_code, exported.content_type) == (200, content_type)
    assert client.get(f"{place}/export?format=exe", headers=bearer()).status_code == 422


def test_a_trip_that_cannot_be_is_a_problem_with_ways_out(store: Store) -> None:
    client, _ = served(store, refuses)
    answer = client.post("/api/v1/itineraries", json=TRIP, headers=bearer())
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.get_json()["relaxations"] == [{"change": "budget", "total_kes": 22_400}]
    assert answer.get_json()["detail"] == "Not within the budget."


@pytest.mark.parametrize(("path", "body"), [("/api/v1/search/buses", SEARCH), ("/api/v1/itineraries", TRIP)])
def test_who_does_not_want_to_wait_gets_a_place_to_ask(
    client: FlaskClient, site: Site, path: str, body: object
) -> None:
    answer = client.post(path, json=body, headers=bearer(**LATER))
    assert answer.status_code == 202
    place = answer.headers["Location"]
    assert client.get(place, headers=bearer()).status_code == 202
    worker = Worker(site.store, finds if "search" in path else plans)
    worker.put(site.queue.jobs[0])
    assert client.get(place, headers=bearer()).status_code == 200


def test_a_trip_is_kept_when_the_queue_is_away(client: FlaskClient, site: Site) -> None:
    site.queue.up = False
    assert client.post("/api/v1/itineraries", json=TRIP, headers=bearer(**LATER)).status_code == 202


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic eDp5"}])
def test_strangers_are_401(client: FlaskClient, site: Site, headers: dict[str, str]) -> None:
    for answer in (
        client.post("/api/v1/search/buses", json=SEARCH, headers=headers),
        client.post("/api/v1/itineraries", json=TRIP, headers=headers),
        client.get("/api/v1/itineraries/0123", headers=headers),
        client.get("/api/v1/itineraries/0123/export", headers=headers),
    ):
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
    assert site.queue.jobs == []


def test_the_session_of_a_browser_is_enough(client: FlaskClient) -> None:
    client.get("/plan")
    assert client.post("/api/v1/itineraries", json=TRIP, headers=LATER).status_code == 202


def test_trips_of_others_do_not_exist(store: Store, shared: Shared) -> None:
    client, _ = served(store, plans)
    place = client.post("/api/v1/itineraries", json=TRIP, headers=bearer("ann")).headers["Location"]
    assert client.get(place, headers=bearer("ann")).status_code == 200
    for headers in (bearer("ben"),):
        assert client.get(place, headers=headers).status_code == 404
        assert client.get(f"{place}/export", headers=headers).status_code == 404
        assert client.patch(place, json={"budget_kes": 100}, headers=headers).status_code == 404
        assert client.get(f"/api/v1/itineraries/{shared.trip_id}", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"start": "2001-01-01", "end": "2001-01-03"}, "start"),
        ({"start": "soon"}, "start"),
        ({"end": "2099-11-26"}, ""),
        ({"end": "2100-03-01"}, ""),
        ({"passengers": 0}, "passengers"),
        ({"passengers": 500}, "passengers"),
        ({"passengers": "2"}, "passengers"),
        ({"passengers": 2, "children": 2}, ""),
        ({"budget_kes": 1}, "budget_kes"),
        ({"budget_kes": 10**12}, "budget_kes"),
        ({"stops": []}, "stops"),
        ({"stops": [{"place": "M" * 100}]}, "stops.0.place"),
        ({"surprise": True}, "surprise"),
    ],
)
def test_a_trip_that_makes_no_sense_is_422_and_says_where(
    client: FlaskClient, site: Site, changes: dict[str, object], at: str
) -> None:
    answer = client.post("/api/v1/itineraries", json={**TRIP, **changes}, headers=bearer(f"wrong {changes}"))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert at in [error["at"] for error in answer.get_json()["errors"]]
    assert site.queue.jobs == []


def test_a_bus_needs_to_start_somewhere_and_a_hotel_does_not(client: FlaskClient) -> None:
    body = {"destination": "Kisumu", "start": "2099-11-27"}
    assert client.post("/api/v1/search/buses", json=body, headers=bearer(**LATER)).status_code == 422
    assert client.post("/api/v1/search/hotels", json=body, headers=bearer(**LATER)).status_code == 202


def test_what_is_not_json_is_refused(client: FlaskClient) -> None:
    headers = bearer("broken")
    assert (
        client.post("/api/v1/itineraries", data="{", content_type="application/json", headers=headers).status_code
        == 400
    )
    assert client.post("/api/v1/itineraries", data=TRIP, headers=headers).status_code == 415
    assert client.post("/api/v1/itineraries", json={"x": "y" * 300_000}, headers=headers).status_code == 413


def test_unknown_paths_and_methods_are_problems_too(client: FlaskClient) -> None:
    for answer, status in (
        (client.get("/api/v1/nothing"), 404),
        (client.post("/api/v1/search/rockets", json=SEARCH, headers=bearer()), 404),
        (client.delete("/api/v1/itineraries", headers=bearer()), 405),
    ):
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert answer.get_json()["status"] == status


def test_a_change_must_change_something(store: Store) -> None:
    client, _ = served(store, plans)
    place = client.post("/api/v1/itineraries", json=TRIP, headers=bearer()).headers["Location"]
    assert client.patch(place, json={}, headers=bearer()).status_code == 422
    assert client.patch(place, json={"lang": "sw"}, headers=bearer()).status_code == 422


def test_a_change_after_one_that_could_not_be_done_is_judged_anew(store: Store) -> None:
    client, worker = served(store, plans)
    place = client.post("/api/v1/itineraries", json=TRIP, headers=bearer()).headers["Location"]
    worker.work = refuses
    assert client.patch(place, json={"budget_kes": 100}, headers=bearer()).status_code == 422
    assert client.get(place, headers=bearer()).get_json()["version"] == 1
    worker.work = lambda store, task: None
    assert client.patch(place, json={"budget_kes": 50_000}, headers=bearer(**LATER)).status_code == 202
    worker.work = plans
    assert client.patch(place, json={"budget_kes": 50_000}, headers=bearer()).get_json()["version"] == 2


def test_a_trip_is_changed_only_after_it_was_planned(client: FlaskClient) -> None:
    place = client.post("/api/v1/itineraries", json=TRIP, headers=bearer(**LATER)).headers["Location"]
    assert client.patch(place, json={"budget_kes": 50_000}, headers=bearer()).status_code == 409


def test_calls_are_limited(client: FlaskClient) -> None:
    headers = bearer("eager", **LATER)
    codes = {client.post("/api/v1/search/hotels", json=SEARCH, headers=headers).status_code for _ in range(40)}
    assert codes == {202, 429}


def test_the_description_names_every_route(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").get_json()
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    routes = {re.sub(r"<(?:any\([^)]*\):)?(?:\w+_)?(\w+)>", r"{\1}", rule.rule) for rule in rules}
    assert routes - {"/api/v1/openapi.json"} == set(described["paths"])
    refs = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert refs <= set(described["components"]["schemas"])
