"""The web process starts light."""

from __future__ import annotations

import json
import subprocess
import sys

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
