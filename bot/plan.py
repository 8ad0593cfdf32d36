"""One message in, one itinerary out: the whole path from words to a checked trip, without a database or a queue."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TextIO

import click
from pydantic import BaseModel, ValidationError

from bot import planning
from bot.config import Settings, environment
from bot.dialogue import Conversation, context_of, decide
from bot.documents import ics, pdf
from bot.documents import json as as_json
from bot.documents import text as as_text
from bot.i18n import NAIROBI
from bot.planning import UnsoundPlan
from bot.replies import Reply, plain
from bot.tasks import PlanTask
from bot.wiring import App
from planner.model import Infeasible, Itinerary, Relaxation
from storage.memory import ProcessMemory

REFUSED = 3  # exit code: the message was understood, but there is no such trip


class _Line(BaseModel):
    text: str
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No trip came of it: why, what would have to be answered first, and what would be possible instead."""

    why: str
    question: str | None = None
    relaxations: tuple[Relaxation, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The JSON of the outside contract."""
        ways = [{"change": way.change, "total_kes": way.total_kes} for way in self.relaxations]
        return {"refused": self.why, "question": self.question, "relaxations": ways}


def run(said: str, *, today: date | None, offline: bool, form: str, output: Path | None) -> int:
    """Plan one message and write it in a form: json, text, pdf or ics. Returns the exit code."""
    app = App(_settings(offline), memory=ProcessMemory())
    planned, lang = plan(app, said, today or app.today())
    if isinstance(planned, Refused):
        click.echo(json.dumps(planned.as_dict(), ensure_ascii=False), err=form != "json")
        return REFUSED
    renderers: dict[str, Callable[[], bytes]] = {
        "json": lambda: (json.dumps(as_json.export(planned), ensure_ascii=False, indent=2) + "\n").encode(),
        "text": lambda: (as_text.render(planned, lang) + "\n").encode(),
        "pdf": lambda: pdf.render(planned, lang=lang),
        "ics": lambda: ics.render(planned, lang=lang),
    }
    content = renderers[form]()
    if output is None:
        click.get_binary_stream("stdout").write(content)
    else:
        output.write_bytes(content)
    return 0


def run_lines(lines: TextIO, out: TextIO, *, today: date | None, offline: bool) -> int:
    """Plan each line `{"text", "today"?}`; write one line each: the itinerary, or why there is none."""
    app = App(_settings(offline), memory=ProcessMemory())
    for line in lines:
        if not line.strip():
            continue
        try:
            asked = _Line.model_validate_json(line)
        except ValidationError:
            result = Refused('not a line like {"text": …, "today"?: …}').as_dict()
        else:
            planned, _ = plan(app, asked.text, asked.today or today or app.today())
            result = planned.as_dict() if isinstance(planned, Refused) else as_json.export(planned)
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
    return 0


def _settings(offline: bool) -> Settings:
    """From the environment; nothing is kept here, so any secret does."""
    settings = Settings.from_env({**environment(), "SECRET_KEY": "nothing is kept by a one-shot plan"})
    return replace(settings, offline=True, simulate=False) if offline else settings


def plan(app: App, said: str, today: date) -> tuple[Itinerary | Refused, str]:
    """The trip that a message asks for, and the language to show it in."""
    state = Conversation(welcomed=True)
    intent = app.parser.parse(said, replace(context_of(state, today), lang=""))
    decision = decide(state, intent, today, gazetteer=app.gazetteer)
    lang = decision.state.lang
    task = next((task for task in decision.tasks if isinstance(task, PlanTask)), None)
    if task is None:
        why = "question" if decision.state.asked or decision.state.problems else str(intent.action)
        return Refused(why, _words(decision.replies)), lang
    now = datetime.combine(today, time(), NAIROBI)
    offers, _ = planning.gather(task.request, app.sources, now)
    try:
        found = planning.compose(task.request, offers, trip_id="plan", version=1, now=now)
    except UnsoundPlan as exc:
        return Refused(f"unsound: {exc}"), lang
    if isinstance(found, Infeasible):
        refused = planning.ways_out(found, task.request, offers, app.sources, now=now)
        return Refused(", ".join(refused.rules), None, refused.relaxations), lang
    return found, lang


def _words(replies: tuple[Reply, ...]) -> str:
    return "\n".join(plain(line) for reply in replies for line in reply.lines)
