"""Plan the trip again after a change, telling what was asked for; what changes nothing is said, not planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.actions.create import advance, request_of
from bot.i18n import t
from bot.intents import Intent
from bot.present.questions import change_menu
from bot.present.trip import changes
from bot.replies import Reply
from bot.slots import Slots
from bot.state import Conversation, Decision, Scene
from bot.tasks import PlanTask, Task


def replanned(
    state: Conversation,
    slots: Slots,
    intent: Intent,
    scene: Scene,
    *,
    about: tuple[str, ...] = (),
    quicker: bool = False,
    notes: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> Decision:
    """The plan for the changed slots, as the next version of the one on screen; a question where one is open.

    `about` and `quicker` go to the planner (bot.tasks.PlanTask), `notes` are lines the new card must carry, `asked` are
    phrases for what the request alone does not tell.
    """
    before = request_of(state.trip, scene)
    decision = advance(state, slots, intent, scene)
    if not decision.tasks or before is None:
        return decision
    after = request_of(decision.state.trip, scene)
    if before == after and state.trip_id is not None and not quicker:
        return Decision(
            state, (Reply((t(state.lang, "same_already"),), change_menu(state.lang, state.screen).buttons),)
        )
    differences = (*asked, *(changes(before, after, state.lang, scene.towns) if after else ()))
    told = [t(state.lang, "changed", what=", ".join(differences))] if differences else []
    decision = advance(state, slots, intent, scene, says=(*told, *notes))
    return replace(decision, tasks=tuple(_ordered(task, told, about, quicker) for task in decision.tasks))


def _ordered(task: Task, asked: Sequence[str], about: tuple[str, ...], quicker: bool) -> Task:
    """The card of a plan that was changed says what really changed, so what was asked for is not said again."""
    if not isinstance(task, PlanTask) or not task.base:
        return task
    return replace(task, says=tuple(line for line in task.says if line not in asked), about=about, quicker=quicker)
