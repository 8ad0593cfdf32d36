"""`make bench`: how long parsing, searching, planning and answering take on this machine. Figures, no verdicts.

One part alone: `python -m tests.bench serving`.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import click

from bot import lines
from bot.intents import Context
from tests.bench import accepting, footprint, people, planning, searching, serving, toptw, tours
from tests.bench.stack import PYTHON

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-23"
MESSAGES = ROOT / "tests/data/intents-dev.jsonl"
REQUESTS = (
    "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES",
    "Nipangie safari ya siku tatu Mombasa kutoka Nairobi Ijumaa ijayo, watu wawili, bajeti 60,000",
    "Plan a weekend in Kisumu from Nairobi next Saturday for 1, budget 25,000",
    "Plan 2 days in Nakuru from Nairobi tomorrow for 4 people, 50k",
    "Plan a 4-day trip to Diani from Nairobi on 12 December for 2, budget 120,000",
    "Plan 3 days in Malindi from Mombasa next Friday for 2, budget 40,000",
    "Plan a 5-day Mombasa holiday from Nairobi from 20 December for 2 adults and 2 children, budget 200,000",
    "Plan 2 nights in Naivasha from Nairobi next Friday for 2, budget 30,000",
    "Plan a 3-day trip to Eldoret from Nairobi next Monday for 1, budget 30,000",
    "Plan 3 days in Lamu from Nairobi next Friday for 2, budget 150,000",
    "Plan a 3-day Mombasa trip by SGR from Nairobi next Friday for 2, budget 70,000",
    "Plan a 3-day Mombasa trip by bus from Nairobi next Friday for 6, budget 150,000",
    "Plan 7 days in Mombasa from Nairobi from 1 December for 2, budget 150,000",
    "Plan 2 days in Nyeri from Nairobi next Saturday for 3, budget 45,000",
    "Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 5,000 KES",
    "Plan a 3-day luxury Diani trip from Nairobi next Friday for 2, budget 300,000",
    "Plan 3 days in Kisumu from Mombasa next Friday for 2, budget 90,000",
    "Plan a day trip to Naivasha from Nairobi tomorrow for 2, budget 20,000",
    "Plan 4 days in Watamu from Nairobi next Friday for 2, budget 100,000",
    "Plan a 3-day Mombasa trip from Nairobi next Friday for 20, budget 600,000",
)


def _version(python: str) -> str:
    """Which Python that is, and how it was compiled: one without profiles takes a third longer."""
    tells = "import platform; print('Python', platform.python_version(), platform.python_compiler())"
    return subprocess.run([python, "-c", tells], check=True, capture_output=True, text=True).stdout.strip()


@click.command()
@click.argument(
    "part", type=click.Choice(["all", "engine", "serving", "accepting", "people", "footprint"]), default="all"
)
@click.option("--minutes", default=1.0, help="How long people ask steadily.")
def main(part: str, minutes: float) -> None:
    """Everything, or one part."""
    click.echo(f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, served by {_version(PYTHON)}")
    parts: dict[str, Callable[[], None]] = {
        "engine": _engine,
        "serving": serving.report,
        "accepting": accepting.report,
        "people": partial(people.report, minutes),
        "footprint": footprint.report,
    }
    for name, report in parts.items():
        if part in ("all", name):
            report()


def _engine() -> None:
    """What happens within one process."""
    _parsing()
    _planning()
    searching.report()
    planning.report()
    tours.report()
    toptw.report()


def _parsing() -> None:
    """Rules alone, one process, every labelled message several times."""
    parser = lines.parser_named("rules", {})
    texts = [str(record["text"]) for record in lines.records(MESSAGES.read_text(encoding="utf-8").splitlines())]
    context = Context(date.fromisoformat(TODAY))
    took = []
    for text in texts * 20:
        began = time.perf_counter()
        parser.parse(text, context)
        took.append(time.perf_counter() - began)
    click.echo(f"parse, rules: {len(took) / sum(took):.0f} messages/s; {_spread(took)}")


def _planning() -> None:
    """From words to a checked plan, guide data, one process; the first answer includes loading the solver."""
    command = [sys.executable, "-m", "bot", "plan", "--jsonl", "--offline", "--today", TODAY]
    took, planned = [], 0
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text in REQUESTS:
            began = time.perf_counter()
            process.stdin.write(json.dumps({"text": text}) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            if not answer:
                process.wait()
                sys.exit(f"plan ended with status {process.returncode} at: {text}")
            took.append(time.perf_counter() - began)
            planned += "refused" not in json.loads(answer)
        process.stdin.close()
    click.echo(f"plan, first: {took[0]:.2f} s (loads the solver)")
    click.echo(
        f"plan, the other {len(took) - 1}: {_spread(took[1:])}; {planned} of {len(took)} planned, the rest refused"
    )


def _spread(took: Sequence[float]) -> str:
    hundredths = statistics.quantiles(took, n=100, method="inclusive")
    return f"median {1000 * hundredths[49]:.1f} ms, p95 {1000 * hundredths[94]:.1f} ms, most {1000 * max(took):.1f} ms"


if __name__ == "__main__":
    main()
