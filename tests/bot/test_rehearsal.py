"""The trip that is planned for nobody before workers are forked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import planning, rehearsal
from bot.config import Settings
from bot.wiring import App
from planner.model import Itinerary, TripRequest
from storage import codec
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> App:
    """The application of this process."""
    app = App(Settings(secret_keys=(SECRET,), database_url=sqlite_url, var=tmp_path))
    monkeypatch.setattr(rehearsal, "current", lambda: app)
    return app


def test_a_whole_trip_is_planned_in_memory_and_nobody_hears_of_it(
    app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[dict[str, bytes]] = []
    documents = planning.documents

    def watched(trip: Itinerary, *rest: str) -> dict[str, bytes]:
        made.append({str(kind): content for kind, content in documents(trip, *rest).items()})
        return made[-1]

    monkeypatch.setattr(planning, "documents", watched)
    before = sorted(tmp_path.rglob("*"))
    rehearsal.rehearse()
    assert [sorted(content[:4] for content in files.values()) for files in made] == [[b"%PDF", b"BEGI"]]
    assert sorted(tmp_path.rglob("*")) == before, "no database, no file"


def test_the_log_says_nothing_of_it(tmp_path: Path) -> None:
    program = "from bot import logs, rehearsal, wiring; logs.configure(wiring.current().settings); rehearsal.rehearse()"
    given = {"SECRET_KEY": "s" * 40, "DATABASE_URL": "sqlite://", "SAFIRI_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_what_a_first_plan_would_build_is_there_afterwards(app: App) -> None:
    codec._adapter.cache_clear()
    rehearsal.rehearse()
    built = codec._adapter.cache_info().currsize
    for kind in (Itinerary, TripRequest):
        codec._adapter(kind)
    assert codec._adapter.cache_info().currsize <= built + 1


def test_workers_start_all_the_same_when_it_fails(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object, **__: object) -> None:
        raise ArithmeticError("as told")

    monkeypatch.setattr(planning, "gather", fall)
    with capture_logs() as told:
        rehearsal.rehearse()
    assert (told[-1]["event"], told[-1]["log_level"]) == ("the rehearsal failed", "error")
