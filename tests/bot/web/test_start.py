"""The web process starts light."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bot.web.test_health import value

ROOT = Path(__file__).parents[3]

HEAVY = (
    "anthropic",
    "ortools",
    "reportlab",
    "telegram",
    "twilio.rest",
    "providers.search",
    "providers.sources",
    "rapidfuzz",
    "icalendar",
    "alembic",
)


def test_the_application_imports_nothing_heavy() -> None:
    code = "import json, sys, bot.web.app; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = json.loads(done.stdout)
    assert "flask" in loaded
    assert [name for name in loaded if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)] == []


COUNTED = """
import sys
from pathlib import Path
from bot.web.app import create_app
from storage.store import Store
from storage.vault import Vault
from tests.bot.web.conftest import SECRET, settings, site_of

folder = Path(sys.argv[1])
store = Store("sqlite://", Vault((SECRET,)))
client = create_app(site_of(settings(), store), metrics_dir=folder).test_client()
client.get("/healthz")
print(client.get("/metrics").get_data(as_text=True))
"""


def test_processes_add_up_their_counters(tmp_path: Path) -> None:
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", COUNTED, str(tmp_path)]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, env=env, cwd=ROOT).stdout
        for _ in range(2)
    ]
    counted = [value(run, "safiri_http_requests_total", method="GET", route="/healthz") for run in runs]
    assert counted == [1, 2]
