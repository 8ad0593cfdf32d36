"""Plays written conversations against the rules parser and the dialogue.

`> text` is said, `@ tap Label` taps a button, `@ planned` lets the last plan finish, `@ planned with items` with things
to book in it, which then are shown and marked, `@ media`, `@ today 2026-11-23`.
`<` is answered (buttons in brackets), `~` is shown while working, `=` is the work that was ordered. To rewrite files
after a wanted change: `python -m tests.bot.transcripts tests/dialogues/*.txt`, and read the difference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from bot.buttons import intent_for
from bot.commands import media
from bot.dialogue import Conversation, Decision, context_of, decide, edited, edits_in, heard, told
from bot.intents import Intent
from bot.parsers.rules import RulesParser
from bot.present import with_redo, with_undo
from bot.present.card import card_buttons
from bot.replies import Reply, plain
from bot.tasks import (
    BookedTask,
    DocumentsTask,
    ExportTask,
    ForgetTask,
    NotBookedTask,
    PlanTask,
    RestoreTask,
    SearchTask,
    ShowTask,
    Task,
    Way,
)
from bot.terms import HOURS
from bot.weighing import weighed
from planner.model import Day, Itinerary, Residency, TripRequest
from providers.gazetteer import load
from tests.bot.bookings import Shelf, small_plan

MONDAY = date(2026, 11, 23)


@dataclass(slots=True)
class Player:
    """One chat that is being played."""

    today: date = MONDAY
    state: Conversation = field(default_factory=Conversation)
    plan: PlanTask | RestoreTask | None = None
    requests: dict[tuple[str, int], TripRequest] = field(default_factory=dict)  # by trip and version
    newest: dict[str, int] = field(default_factory=dict)  # version by trip
    shelf: Shelf = field(default_factory=Shelf)

    def say(self, text: str) -> list[str]:
        intent = heard(self.state, text, self.today, gazetteer=load())
        return self.act(self._read(text) if intent is None else intent)

    def _read(self, text: str) -> Intent:
        rules, context = RulesParser(load()), context_of(self.state, self.today)
        edits, rest = edits_in(self.state, text, load())
        beside = rules.parse(rest, context) if edits and rest else None
        return edited(edits, rest, beside, self.state, text, self.today) or weighed(
            rules.parse(text, context), text, self.state
        )

    def act(self, intent: Intent) -> list[str]:
        decision = decide(self.state, intent, self.today, gazetteer=load())
        self.state = decision.state
        orders = (task for task in decision.tasks if isinstance(task, PlanTask | RestoreTask))
        self.plan = next(orders, self.plan)
        return [*self.written(decision), *self._shown(decision.tasks)]

    def written(self, decision: Decision) -> Iterator[str]:
        """What is said and ordered, as lines of a script."""
        return _written(decision)

    def _shown(self, tasks: Sequence[Task]) -> Iterator[str]:
        """What a worker answers about booking, where the plan has something to book."""
        for task in tasks:
            if replies := self.shelf.answer(task):
                self.state = told(self.state, replies)
                yield from self.written(Decision(self.state, replies))

    def direct(self, order: str) -> list[str]:
        """Carry out a line of stage direction."""
        verb, _, rest = order.partition(" ")
        match verb:
            case "today":
                self.today = date.fromisoformat(rest)
            case "media":
                return self.act(media(context_of(self.state, self.today)))
            case "tap":
                action = dict(self.state.choices)[rest]
                return self.act(intent_for(action, context_of(self.state, self.today)))
            case "planned":
                self._finish(empty=rest != "with items")
            case _:
                raise ValueError(f"unknown direction: {order}")
        return []

    def _finish(self, *, empty: bool) -> None:
        if self.plan is None:
            raise ValueError("nothing was planned")
        lang, order = self.state.lang, self.plan
        trip_id = order.trip_id or f"trip{self.state.turn}"
        card = Reply(("plan",), card_buttons(lang))
        if isinstance(order, RestoreTask):
            request = self.requests[trip_id, order.version]
            card = with_redo(card, lang) if order.way is Way.BACK else with_undo(card, lang)
        else:
            request = order.request
            card = with_undo(card, lang) if order.base else card
        version = self.newest[trip_id] = self.newest.get(trip_id, 0) + 1
        self.requests[trip_id, version] = request
        finished = _empty_plan(request, trip_id, version) if empty else small_plan(request, trip_id, version)
        self.shelf.plans[version] = finished
        self.state = told(self.state, [card], key=self.plan.key, itinerary=finished)


def play(script: str, player: Player | None = None) -> str:
    """The script with everything that is answered now: equal to the script when nothing has changed."""
    player = player or Player()
    lines: list[str] = []
    for line in script.splitlines():
        if line.startswith(("< ", "~ ", "= ")) or line == "<":
            continue
        lines.append(line)
        if line.startswith("> "):
            lines += player.say(line[2:])
        elif line.startswith("@ "):
            lines += player.direct(line[2:])
    return "\n".join(lines) + "\n"


def replies_of(decision: Decision) -> list[str]:
    """Every line said, as plain text."""
    return [plain(line) for reply in decision.replies for line in reply.lines]


def _written(decision: Decision) -> Iterator[str]:
    for reply in decision.replies:
        mark = "<" if reply.progress is None else "~"
        yield from (f"{mark} {plain(line)}".rstrip() for line in reply.lines)
        yield from (f"{mark} (file) {attachment.name}" for attachment in reply.attachments)
        if reply.buttons:
            yield f"{mark} {' '.join(f'[{button.label}]' for button in reply.buttons)}"
    yield from (f"= {_ordered(task)}" for task in decision.tasks)


def _ordered(task: Task) -> str:
    match task:
        case PlanTask(request=request, trip_id=trip_id, base=base):
            change = f"again from version {base}" if base else "again" if trip_id else "anew"
            extra = [f"in place of {item}" for item in task.about] + (["quicker"] if task.quicker else [])
            return ", ".join([f"plan {change}: {_request(request)}", *extra])
        case SearchTask():
            said = [task.kind.value, f"{task.origin or '-'} > {task.destination}", f"{task.start} .. {task.end}"]
            said.append(f"{task.party.size} people")
            said += [f"KES {task.budget_kes}"] if task.budget_kes else []
            said += [name for name in (task.origin_point, task.destination_point, task.operator) if name]
            return f"search {', '.join([*said, *task.preferences])}"
        case ShowTask():
            what = f"day {task.day}" if task.day else task.view.value
            item = f": {task.item}" if task.item else ""
            return f"show {what} of {task.trip_id} version {task.version}{item}"
        case BookedTask(receipt=told):
            proof = [told.reference, f"KES {told.paid_kes}" if told.paid_kes else "", f"{told.paid_at or ''}"]
            return ", ".join([f"mark as booked: {task.item} of {task.trip_id}", *(word for word in proof if word)])
        case NotBookedTask():
            return f"mark as not booked: {task.item} of {task.trip_id}"
        case RestoreTask():
            return f"{task.way.value}: {task.trip_id} version {task.version} instead of {task.instead_of}"
        case DocumentsTask():
            said_with = f": {task.say}" if task.say else ""
            return f"bring {', '.join(task.kinds)} of {task.trip_id} version {task.version}{said_with}"
        case ExportTask():
            return "export this chat"
        case ForgetTask():
            return "forget this chat"


def _request(request: TripRequest) -> str:
    places = " > ".join((request.origin, *(stop.place for stop in request.stops)))
    said = [places, f"{request.start} .. {request.end}", f"{request.party.adults}+{request.party.children} people"]
    said += [f"aged {' '.join(map(str, request.party.child_ages))}"] if request.party.child_ages else []
    said += [request.party.residency.value] if request.party.residency is not Residency.CITIZEN else []
    said += [f"KES {request.budget_kes}"] if request.budget_kes else []
    wishes = request.wishes
    hours = {name: getattr(wishes, name) for name in HOURS}
    said += [f"{name.replace('_', ' ')} {at:%H:%M}" for name, at in hours.items() if at is not None]
    said += ["roads by day"] if not wishes.road_after_dark else []
    said += ["heavy bags"] if wishes.heavy_bags else []
    said += ["no night rides"] if not wishes.night_travel else []
    said += ["a bed in town"] if wishes.stay_in_town and request.origin in (s.place for s in request.stops) else []
    said += sorted(wishes.interests)
    said += ["cheap"] if wishes.cheap else []
    said += [wishes.stay_class.value] if wishes.stay_class else []
    said += [f"by {mode.value}" for mode in sorted(wishes.modes_wanted)]
    said += [f"no {mode.value}" for mode in sorted(wishes.modes_refused)]
    said += [f"without {word}" for word in wishes.avoid]
    said += [f"with {name}" for name in wishes.must_see]
    said += [f"keeping {offer_id}" for offer_id in sorted(request.locked)]
    said += [requirement.name for requirement in request.requirements]
    return ", ".join(said) + (f" (guessed {', '.join(request.assumed)})" if request.assumed else "")


def _empty_plan(request: TripRequest, trip_id: str, version: int) -> Itinerary:
    dates = [request.start + timedelta(days=n) for n in range(request.nights + 1)]
    days = tuple(Day(on, request.stops[0].place, ()) for on in dates)
    return Itinerary(trip_id, version, trip_id, replace(request, assumed=()), days)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        file = Path(name)
        file.write_text(play(file.read_text(encoding="utf-8")), encoding="utf-8")
