"""The longer work owed to a chat: plan, search, show, restore, draw, mark, export, forget. Each ends in replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from functools import partial
from typing import Any

import structlog
from sqlalchemy.orm import Session

from bot import planning, present, rechecks
from bot.api_work import api_gave_up, api_plan, api_search
from bot.booked import marked, possible, with_booked
from bot.channel import ChannelError, Chat, Merging
from bot.delivery import MOMENT, deliver
from bot.dialogue import is_wanted
from bot.finishing import Ended, finish
from bot.i18n import t
from bot.outward import told_of_item, told_of_offer
from bot.owing import owe
from bot.planning import UnsoundPlan
from bot.present.card import card_buttons
from bot.priority import unhurried
from bot.queries import ask, query_of
from bot.queue import Job, do_task, keep_to_chats
from bot.recall import apologise, remembered
from bot.replies import Attachment, Reply
from bot.rides import ride_links
from bot.shelf import data_of
from bot.tasks import (
    DOCUMENTS,
    TASKS,
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
    View,
    Way,
)
from bot.trying import trying
from bot.wiring import App
from planner.model import Infeasible, Itinerary
from providers.base import Outcome, Status
from providers.repricing import Verdict, renewed
from storage import codec
from storage.bookings import BookingRow
from storage.links import Told
from storage.tasks import TaskRow

log = structlog.get_logger(__name__)


def run(app: App, task_ids: Sequence[int], again: list[Job]) -> None:
    """Do tasks, several side by side: they mostly wait for sources. Done already, or gone: nothing happens.

    One that ends is kept and told at once, with those that end in the same moment. Jobs for what has to be done again,
    alone, are added to `again`, to be queued when nobody is at it any more. A failure is raised when all are through,
    and the sweep tries again; thrice in all.
    """
    with app.store.session() as s:
        rows, dead = app.store.tasks.begin(s, task_ids)
    if len(rows) > 1:
        _side_by_side(app, rows, again)
    else:
        _one_by_one(app, rows)
    for row in dead:
        _give_up(app, row)


def _one_by_one(app: App, rows: Sequence[TaskRow]) -> None:
    for row in rows:
        with trying(partial(_failed, app, row)):
            if ended := _WORK[row.kind](app, row):
                finish(app, [ended])


def _side_by_side(app: App, rows: Sequence[TaskRow], again: list[Job]) -> None:
    """By hands, which also finish: nobody waits for one whose chat is busy. An error at one leaves the others alone.

    When several cannot be kept together nobody knows because of whom, and each has to be done once more, alone.
    """
    of_chat: dict[int, list[TaskRow]] = {}
    for row in rows:
        of_chat.setdefault(row.chat_id, []).append(row)
    working = {app.hands.submit(_work_out, app, several) for several in of_chat.values()}
    finishing: dict[Future[None], list[Ended]] = {}
    errors: list[BaseException] = []
    try:
        while under_way := _all(working, finishing):
            done, others = wait(under_way, return_when=FIRST_COMPLETED)
            if others:
                done |= wait(others, MOMENT).done
            errors += [error for future in done if (error := future.exception()) is not None]
            for future in done & finishing.keys():
                kept = finishing.pop(future)
                if (error := future.exception()) is not None:
                    log.error("not kept", tasks=[one.row.id for one in kept], error=type(error).__name__)
                    if len(kept) == 1:
                        _failed(app, kept[0].row, type(error).__name__)
                    else:
                        again += [do_task(one.row.id, one.row.attempts) for one in kept]
            worked = done & working
            working -= worked
            if ended := [one for future in worked if future.exception() is None and (one := future.result())]:
                finishing[app.hands.submit(finish, app, ended)] = ended
    finally:
        # Nobody else may be at a task as long as a thread is. What is not finished is owed still.
        wait([future for future in _all(working, finishing) if not future.cancel()])
    if errors:
        raise errors[0]


def _all(*groups: Iterable[Future[Any]]) -> list[Future[Any]]:
    return [future for group in groups for future in group]


def _work_out(app: App, rows: Sequence[TaskRow]) -> Ended | None:
    """What came of the last of these, of one chat; those before it are kept and told first: they stay in order."""
    *before, last = rows
    _one_by_one(app, before)
    with trying(partial(_failed, app, last)):
        return _WORK[last.kind](app, last)


def _plan(app: App, row: TaskRow) -> Ended:
    task = codec.load(PlanTask, row.payload)
    trip_id, version = _version(app, row.chat_id, task)
    offers, outcomes = planning.gather(task.request, app.sources, app.now())
    _show_progress(app, row, task, outcomes)
    planned = _on_screen(app, task)
    booked = _booked_of(app, task.trip_id)
    request = task.request
    if planned is not None:
        offers = with_booked(offers, planned, request, booked)
        request = possible(request, offers)
    try:
        if planned is None:
            plan = planning.compose(request, offers, trip_id=trip_id, version=version, now=app.now())
        else:
            plan = planning.recompose(
                planned, request, offers, version=version, now=app.now(), about=task.about, quicker=task.quicker
            )
    except UnsoundPlan as exc:
        log.error("the checker refused a plan", task=row.id, findings=[f"{f.rule}: {f.detail}" for f in exc.findings])
        return Ended(row, task, lambda s: [present.trouble(task.lang, "plan")])
    if isinstance(plan, Infeasible):
        found = planning.ways_out(plan, request, offers, app.sources, now=app.now(), planned=planned)
        refusal = present.infeasible(found, request, task.lang, app.gazetteer)
        held = present.held(planned, task.lang, booked) if planned and "locked" in found.rules else ()
        refused = replace(refusal, lines=(*refusal.lines[:1], *held, *refusal.lines[1:]))
        return Ended(row, task, lambda s: [refused])
    weather = present.weather_line(plan, planning.forecast(plan, app.sources, app.today()), task.lang)
    told = (weather,) if weather else ()
    if planned is None:
        tiers = present.tiers(planning.other_tiers(plan, app.sources, now=app.now()), task.lang)
        return _bring(app, row, task, plan, (*task.says, *told), lambda card: card, tiers)
    changed = present.changed(planned, plan, task.lang, app.gazetteer)
    if present.is_the_same(planned, plan, task.lang, app.gazetteer):  # no new files of an old plan
        unchanged = Reply((changed, *task.says), card_buttons(task.lang))
        return Ended(row, task, lambda s: [unchanged])
    says = (changed, *present.despite_booked(planned, plan, task.lang, booked), *task.says, *told)
    return _bring(app, row, task, plan, says, lambda card: present.with_undo(card, task.lang))


def _on_screen(app: App, task: PlanTask) -> Itinerary | None:
    """The plan that a change starts from."""
    if task.trip_id is None or not task.base:
        return None
    with app.store.reading() as s:
        return app.store.trips.get(s, task.trip_id, task.base)


def _booked_of(app: App, trip_id: str | None) -> dict[str, BookingRow]:
    """What is booked of a trip, by offer id."""
    if trip_id is None:
        return {}
    with app.store.reading() as s:
        return app.store.bookings.of_trip(s, trip_id)


def _restore(app: App, row: TaskRow) -> Ended:
    """Undo or redo: an earlier version becomes the newest, so that calendars and the shared page follow."""
    task = codec.load(RestoreTask, row.payload)
    with app.store.reading() as s:
        wanted = app.store.trips.get(s, task.trip_id, task.version)
        left = app.store.trips.get(s, task.trip_id, task.instead_of)
        newest = app.store.trips.get(s, task.trip_id)
    if wanted is None or left is None or newest is None:
        return Ended(row, task, lambda s: [present.trouble(task.lang)])
    plan = replace(wanted, version=newest.version + 1)
    says = (present.changed(left, plan, task.lang, app.gazetteer, key=str(task.way)),)
    more = present.with_redo if task.way is Way.BACK else present.with_undo
    return _bring(app, row, task, plan, says, lambda card: more(card, task.lang))


def _bring(
    app: App,
    row: TaskRow,
    task: PlanTask | RestoreTask,
    plan: Itinerary,
    says: Sequence[str],
    finished: Callable[[Reply], Reply],
    more: Sequence[Reply] = (),
) -> Ended:
    """Keep a version and show it; `finished` adds what can be tapped, `more` follows.

    Its files are drawn afterwards, when nobody waits for a plan; where each message costs they go with the plan.
    """
    with app.store.session() as s:
        share_url = f"{app.settings.public_url}/t/{app.store.trips.token(s, plan.id)}"
        shown = marked(plan, app.store.bookings.of_trip(s, plan.id))
        costs = isinstance(app.channels.get(app.store.chats.get(s, row.chat_id).channel), Merging)
    then = DocumentsTask(plan.id, plan.version, follows=True, narrated=isinstance(task, PlanTask), lang=task.lang)
    files = _files(app, shown, task.lang) if costs else {}
    brought = [_brought(app, then, shown)] if costs else []

    def replies(s: Session) -> Sequence[Reply]:
        app.store.trips.save(s, plan)
        for reply in brought:
            _keep_files(app, s, reply.attachments, files)
        card = present.plan_card(
            shown, task.lang, share_url=share_url, gazetteer=app.gazetteer, says=says, now=app.now()
        )
        return [finished(card), *brought, *more]

    return Ended(row, task, replies, plan, None if costs else then)


def _documents(app: App, row: TaskRow) -> Ended:
    """Bring files of a version, of the newest where one was asked for. They are kept also when nobody wants to be told
    any more (see is_wanted): the plan's page has them.
    """
    task = codec.load(DocumentsTask, row.payload)
    with app.store.reading() as s:
        newest = app.store.trips.newest(s, task.trip_id)
        is_late = task.follows and (newest != task.version or app.store.chats.get(s, row.chat_id).blocked)
        task = task if task.follows else replace(task, version=newest or task.version)
        there = app.store.trips.drawn(s, task.trip_id, task.version)
    trip, _ = _as_booked(app, task.trip_id, task.version) if not is_late else (None, {})
    if trip is None:
        return Ended(row, task, lambda s: [] if task.follows else [present.trouble(task.lang)])
    if not there.issuperset(task.kinds):
        workers = app.settings.workers
        plans_alone = workers - keep_to_chats(workers) == 1  # so that the next plan waits until these are drawn
        files = _files(app, trip, task.lang, hurried=not task.follows or plans_alone)
        with app.store.session() as s:  # unless a booking was marked in them meanwhile, or the chat is no more
            if app.store.trips.chat_of(s, task.trip_id) is not None:
                _keep_files(app, s, present.plan_documents(trip, task.lang).attachments, files, replaces=False)
    brought = _brought(app, task, trip)
    return Ended(row, task, lambda s: [brought])


def _brought(app: App, task: DocumentsTask, trip: Itinerary) -> Reply:
    """Here they are, with the narrator's words where those are wanted. No transaction may be open: that takes time."""
    narrator = app.narrator if task.narrated else None
    words = narrator.tell(trip, task.lang) if narrator else ()
    brought = present.documents(task.trip_id, task.version, task.lang, task.kinds, task.say)
    return replace(brought, lines=(*words, *brought.lines))


def _version(app: App, chat_id: int, task: PlanTask) -> tuple[str, int]:
    """The trip this plan belongs to, made if it is a new one, and the number of its next version."""
    with app.store.session() as s:
        if task.trip_id is None:
            return app.store.trips.create(s, chat_id), 1
        return task.trip_id, (app.store.trips.newest(s, task.trip_id) or 0) + 1


def _keep_files(
    app: App, s: Session, attachments: Sequence[Attachment], files: dict[str, bytes], *, replaces: bool = True
) -> None:
    for attachment in attachments:
        kind = str(attachment.kind)
        app.store.trips.put_document(
            s, attachment.trip_id, attachment.version, kind, attachment.name, files[kind], replaces=replaces
        )


def _show_progress(app: App, row: TaskRow, task: PlanTask, outcomes: Sequence[Outcome]) -> None:
    """Which kinds of source have answered; a failed send is retried like any other reply."""
    rank = [Status.OK, Status.CACHED, Status.EMPTY, Status.TIMED_OUT, Status.FAILED]
    best: dict[str, Status] = {}
    kinds = {choice.provider.name: sorted(choice.provider.kinds) for choice in app.choices}
    for outcome in outcomes:
        for kind in kinds.get(outcome.provider, []):
            known = best.get(kind)
            if outcome.status in rank and (known is None or rank.index(outcome.status) < rank.index(known)):
                best[kind] = outcome.status
    reply = present.progress([(kind, str(status)) for kind, status in sorted(best.items())], task.lang, task.key)
    with app.store.lock(row.chat_id):
        with app.store.session() as s:
            owe(app, s, [(row.chat_id, reply)])
        deliver(app, row.chat_id)


def _search(app: App, row: TaskRow) -> Ended:
    task = codec.load(SearchTask, row.payload)
    query = query_of(task, app.gazetteer)
    found = ask(query, app.sources)
    shown = {offer.id: offer for offer in (*found.offers, *found.instead)}

    def told(offer_id: str) -> Told | None:
        return told_of_offer(shown[offer_id], query)

    def replies(s: Session) -> Sequence[Reply]:
        answer = present.search_answer(
            task,
            found.offers,
            found.outcomes,
            link=_linker(app, s, row.chat_id, None, told),
            gazetteer=app.gazetteer,
            extras=found.extras,
            instead=found.instead,
            change=found.change,
            ways=ride_links(found.offers, task, app.settings.providers),
            now=app.now(),
        )
        return [answer]

    return Ended(row, task, replies)


def _show(app: App, row: TaskRow) -> Ended:
    task = codec.load(ShowTask, row.payload)
    trip, booked = _as_booked(app, task.trip_id, task.version)
    if trip is None:
        return Ended(row, task, lambda s: [present.trouble(task.lang)])
    if task.view in (View.BOOKING, View.NEXT):
        return _show_item(app, row, task, trip)

    def replies(s: Session) -> Sequence[Reply]:
        if task.view is View.LEFT:
            return [present.left(trip, task.lang, booked)]
        if task.view is View.DAY:
            link = _linker(app, s, row.chat_id, trip, _telling(trip, {}))
            return [present.day_in_full(trip, task.day, task.lang, link=link, now=app.now())]
        share_url = f"{app.settings.public_url}/t/{app.store.trips.token(s, trip.id)}"
        return [present.plan_card(trip, task.lang, share_url=share_url, gazetteer=app.gazetteer, now=app.now())]

    return Ended(row, task, replies)


def _show_item(app: App, row: TaskRow, task: ShowTask, trip: Itinerary) -> Ended:
    """Where to book a thing: prices that are not new are asked for again, of the whole trip when a walk begins."""
    if task.view is View.BOOKING:
        news, say = rechecks.of_trip(trip, app.sources, app.now()), present.booking
    else:
        items = [item for item in trip.items if item.id == task.item]
        news, say = rechecks.of_items(items, trip, app.sources, app.now()), present.booking_next

    def replies(s: Session) -> Sequence[Reply]:
        link = _linker(app, s, row.chat_id, trip, _telling(trip, news))
        return [say(trip, task.lang, link=link, item_id=task.item, now=app.now(), news=news)]

    return Ended(row, task, replies)


def _booked(app: App, row: TaskRow) -> Ended:
    """Keep that a thing is booked, bring the files up to date, and show what to book next or what is left."""
    task = codec.load(BookedTask, row.payload)
    told = task.receipt
    with app.store.session() as s:
        if app.store.trips.chat_of(s, task.trip_id) is not None:
            app.store.bookings.put(s, task.trip_id, task.offer_id, told.reference, told.paid_kes, told.paid_at)
    trip, booked = _as_booked(app, task.trip_id, task.version)
    if trip is None:
        return Ended(row, task, lambda s: [present.trouble(task.lang)])
    news = rechecks.of_items([i for i in trip.items if i.id == task.then], trip, app.sources, app.now())
    says = present.booked_now(trip, task.item, task.lang, booked[task.offer_id])
    files = _files(app, trip, task.lang)

    def replies(s: Session) -> Sequence[Reply]:
        _keep_files(app, s, present.plan_documents(trip, task.lang).attachments, files)
        if not task.then:
            return [present.after_mark(trip, task.item, task.lang, booked, says)]
        link = _linker(app, s, row.chat_id, trip, _telling(trip, news))
        return [
            present.booking_next(trip, task.lang, link=link, item_id=task.then, now=app.now(), news=news, says=says)
        ]

    return Ended(row, task, replies)


def _not_booked(app: App, row: TaskRow) -> Ended:
    """A thing is to be booked again."""
    task = codec.load(NotBookedTask, row.payload)
    with app.store.session() as s:
        app.store.bookings.drop(s, task.trip_id, task.offer_id)
    trip, booked = _as_booked(app, task.trip_id, task.version)
    if trip is None:
        return Ended(row, task, lambda s: [present.trouble(task.lang)])
    files = _files(app, trip, task.lang)

    def replies(s: Session) -> Sequence[Reply]:
        _keep_files(app, s, present.plan_documents(trip, task.lang).attachments, files)
        return [present.left(trip, task.lang, booked, present.not_booked_now(trip, task.item, task.lang))]

    return Ended(row, task, replies)


def _as_booked(app: App, trip_id: str, version: int) -> tuple[Itinerary | None, dict[str, BookingRow]]:
    """A version of a trip with its booked things marked, and what was told of them."""
    with app.store.reading() as s:
        trip, booked = app.store.trips.get(s, trip_id, version), app.store.bookings.of_trip(s, trip_id)
    return (marked(trip, booked) if trip else None), booked


def _files(app: App, trip: Itinerary, lang: str, *, hurried: bool = True) -> dict[str, bytes]:
    """The files of a version, as it is now. `hurried`: somebody waits for them, or for what comes with them."""
    with app.store.session() as s:
        share_url = f"{app.settings.public_url}/t/{app.store.trips.token(s, trip.id)}"
    drawing = partial(planning.documents, trip, lang, share_url)
    drawn = drawing() if hurried else unhurried(drawing)
    return {str(kind): content for kind, content in drawn.items()}


def _telling(trip: Itinerary, news: Mapping[str, Verdict]) -> Callable[[str], Told | None]:
    """The price told with the link of an item, by its id."""
    shown = {item.id: renewed(item, news) for item in trip.items}
    return lambda item_id: told_of_item(shown[item_id], trip.request)


def _export(app: App, row: TaskRow) -> Ended:
    """The file is made when it is fetched, so it holds this message, too."""
    task = codec.load(ExportTask, row.payload)
    exported = Reply((t(task.lang, "exported"),), attachments=(data_of(row.chat_id, task.lang),))
    return Ended(row, task, lambda s: [exported])


def _forget(app: App, row: TaskRow) -> None:
    """Everything of the chat goes, this task too; the last word is sent from memory."""
    task = codec.load(ForgetTask, row.payload)
    with app.store.lock(row.chat_id):
        with app.store.session() as s:
            known = app.store.chats.get(s, row.chat_id)
            app.store.forget(s, row.chat_id)
            refused = app.store.optouts.of(s, known.channel, known.address)
        channel = app.channels.get(known.channel)
        if channel is None or refused is not None:
            return
        try:
            for part in channel.parts(
                Chat(known.channel, known.address, known.name), Reply((t(task.lang, "forgotten"),))
            ):
                part()
        except ChannelError as exc:
            log.warning("the last word was not delivered", channel=known.channel, error=str(exc))


def _linker(
    app: App, s: Session, chat_id: int, trip: Itinerary | None, told: Callable[[str], Told | None]
) -> Callable[[str, str], str]:
    """Booking links are counted through /go, except where no web server of ours may be running.

    `told` says which price is shown with them, by the id of item or offer.
    """
    if app.store.chats.get(s, chat_id).channel == "terminal":
        return lambda url, item_id: url

    def link(url: str, item_id: str) -> str:
        token = app.store.links.shorten(s, url, trip.id if trip else None, item_id, told(item_id))
        return f"{app.settings.public_url}/go/{token}"

    return link


def _failed(app: App, row: TaskRow, reason: str) -> None:
    with app.store.session() as s:
        dead = app.store.tasks.fail(s, row.id, reason)
    log.error("task failed", task=row.id, kind=row.kind, error=reason)
    if dead:
        _give_up(app, row)


def _give_up(app: App, row: TaskRow) -> None:
    """Whoever waits hears that nothing will come."""
    log.error("task given up", task=row.id, kind=row.kind)
    if row.kind not in TASKS:
        api_gave_up(app, row)
        return
    try:
        task: Task = codec.load(TASKS[row.kind], row.payload)
    except codec.BadShape:  # nobody knows any more what was wanted
        return
    with app.store.lock(row.chat_id):
        with app.store.session() as s:
            state = remembered(app, s, row.chat_id)
            if is_wanted(state, task):
                waiting = "" if state.pending == getattr(task, "key", "") else state.pending
                lang = state.lang if isinstance(task, DocumentsTask) else task.lang  # of now: nobody waited for it
                apologise(app, s, row.chat_id, replace(state, lang=lang, pending=waiting), row.kind)
        deliver(app, row.chat_id)


# What is told when a task ends; None: it saw to that itself.
_WORK: dict[str, Callable[[App, TaskRow], Ended | None]] = {
    "plan": _plan,
    "search": _search,
    "show": _show,
    "restore": _restore,
    DOCUMENTS: _documents,
    "booked": _booked,
    "not_booked": _not_booked,
    "export": _export,
    "forget": _forget,
    "api_plan": api_plan,
    "api_search": api_search,
}
