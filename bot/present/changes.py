"""What came of a change, in one line: "Changed: train instead of bus on Fri 27 Nov. +KES 200, there 2 h earlier. …"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.i18n import day, kes, listed, nights, t
from bot.present.trip import facts
from bot.present.words import Towns, button, clock, lasting, plain_title, shortened
from bot.replies import Reply
from bot.terms import terms
from planner.differing import Change, Diff, diff
from planner.model import Item, ItemType, Itinerary, Mode
from planner.reasons import AT_HOME

_MOST = 3  # changes told; the rest shows in the plan
_LONGEST = 34  # letters of a title
_SLIGHT = 60  # minutes by which a visit may move within its day without a word
_NOTABLE = 15  # minutes earlier or later at the other end that are worth a word
_ON_BOARD = frozenset({ItemType.BUS, ItemType.TRAIN, ItemType.FLIGHT})


def changed(old: Itinerary, new: Itinerary, lang: str, towns: Towns, *, key: str = "changed") -> str:
    """What the newer version changed, what that costs in money and time, and the new total.

    `key` is the sentence it goes into: "changed", "undone" or "redone".
    """
    found = diff(old, new)
    total = t(lang, "diff_total", amount=kes(new.total_kes))
    same_stops = {stop.place for stop in old.request.stops} == {stop.place for stop in new.request.stops}
    phrases = list(facts(old.request, new.request, lang, towns))
    told = list(dict.fromkeys(_phrases(found, old, new, lang))) if same_stops else []
    if not phrases and not told:
        more = set(terms(new.request, lang)) - set(terms(old.request, lang))
        return f"{t(lang, 'diff_kept' if more else 'diff_none')} {total}"
    said = [t(lang, key, what=listed(lang, [*phrases, *told], len(phrases) + _MOST))]
    onward = frozenset(first.id for trip in (old, new) for first, _ in trip.changes)
    said.append(f"{', '.join(_effects(found, lang, onward))}.")
    if same_stops and len(told) <= _MOST and old.request.nights == new.request.nights and not _drifted(found):
        said.append(t(lang, "diff_rest"))
    return " ".join((*said, total))


def is_the_same(old: Itinerary, new: Itinerary, lang: str, towns: Towns) -> bool:
    """Whether a change came to nothing: the same plan for the same people, keeping to the same."""
    asked = tuple(facts(old.request, new.request, lang, towns))
    return diff(old, new).same and not asked and set(terms(old.request, lang)) == set(terms(new.request, lang))


def with_undo(card: Reply, lang: str) -> Reply:
    """The card of a changed plan: the way back is the first thing to tap."""
    return replace(card, buttons=(button(lang, "button_undo", "undo"), *card.buttons))


def with_redo(card: Reply, lang: str) -> Reply:
    """The card of a plan gone back to: what was undone can be put back."""
    return replace(card, buttons=(button(lang, "button_redo", "redo"), *card.buttons))


def _phrases(found: Diff, old: Itinerary, new: Itinerary, lang: str) -> Iterator[str]:
    """The changes in order of weight: rides and beds, what is gone, what is new, what moved."""
    yield from _instead(found.changed, lang)
    for item in found.removed:
        yield t(lang, "diff_removed", name=_name(item))
    for item in found.added:
        yield t(lang, "diff_added", name=_name(item), day=day(lang, item.start.date()))
    for change in found.moved:
        ends = change.before.start.date() == old.request.end and change.after.start.date() == new.request.end
        if words := "" if ends and change.after.origin is not None else _moved(change, lang):
            yield words
    yield from _following(found, old, new, lang)


def _following(found: Diff, old: Itinerary, new: Itinerary, lang: str) -> Iterator[str]:
    """Money that nothing said so far explains: other meals, other local rides, newer prices."""
    same_eaters = old.request.party == new.request.party and len(old.days) == len(new.days)
    if found.meals_kes and same_eaters:
        yield t(lang, "diff_meals_less" if found.meals_kes < 0 else "diff_meals_more")
    if found.added or found.removed or found.changed or found.moved or not same_eaters:
        return
    if found.rides_kes:
        yield t(lang, "diff_rides")
    if found.repriced:
        yield t(lang, "diff_repriced")


def _instead(changed: Sequence[Change], lang: str) -> Iterator[str]:
    """What took the place of what; the same exchange on several days is told once."""
    days: dict[tuple[str, str], list[str]] = {}
    for change in changed:
        if change.after.origin is None:
            yield t(lang, "diff_instead", new=_bed(change.after, lang), old=_bed(change.before, lang))
            continue
        new, old = _way(change.after, lang), _way(change.before, lang)
        if new == old:
            new, old = _name(change.after), _name(change.before)
        if new == old:
            new, old = f"{new} {clock(change.after.start)}", clock(change.before.start)
        days.setdefault((new, old), []).append(day(lang, change.after.start.date()))
    for (new, old), on in days.items():
        yield t(lang, "diff_instead_on", new=new, old=old, day=listed(lang, on))


def _way(item: Item, lang: str) -> str:
    """How a leg is travelled, in a word."""
    if item.type is ItemType.OWN and item.offer_id is None:
        return t(lang, "diff_own")
    return t(lang, f"mode_{(item.mode or Mode.CAR).value}")


def _bed(item: Item, lang: str) -> str:
    if item.reason == AT_HOME:
        return t(lang, "diff_home")
    return t(lang, "diff_own_bed") if item.type is ItemType.OWN else _name(item)


def _name(item: Item) -> str:
    return shortened(plain_title(item.title), _LONGEST)


def _moved(change: Change, lang: str) -> str:
    """Where something moved to, "" for what nobody would call a change."""
    item = change.after
    if item.type is ItemType.STAY or (item.type is ItemType.OWN and item.spot is not None):
        now, then = ((c.end.date() - c.start.date()).days for c in (change.after, change.before))
        return "" if now == then else t(lang, "diff_nights", nights=nights(lang, now), name=_name(item))
    when = item.start.date()
    if when != (change.before.start + change.shift).date():
        return t(lang, "diff_moved", name=_name(item), when=day(lang, when))
    slight = _SLIGHT if item.origin is None else _NOTABLE
    if abs(change.start_minutes) < slight or item.times_assumed:
        return ""
    at = t(lang, "diff_at", day=day(lang, when), time=clock(item.start))
    return t(lang, "diff_moved", name=_name(item), when=at)


def _effects(found: Diff, lang: str, onward: frozenset[str]) -> Iterator[str]:
    """Money and time: "+KES 200", "there 2 h earlier" for one ride, "3 h less under way" for several.

    `onward` are ids of items that only lead to a change: when they arrive says nothing of when one is there.
    """
    if found.delta_kes:
        yield f"{'+' if found.delta_kes > 0 else '−'}{kes(abs(found.delta_kes))}"
    else:
        yield t(lang, "diff_same_price")
    rides = [change for change in (*found.changed, *found.moved) if change.after.type in _ON_BOARD]
    arrives = len(rides) == 1 and onward.isdisjoint((rides[0].before.id, rides[0].after.id))
    if arrives and not rides[0].after.times_assumed:
        minutes = rides[0].end_minutes
        if abs(minutes) >= _NOTABLE:
            yield t(lang, "diff_later" if minutes > 0 else "diff_earlier", time=lasting(lang, abs(minutes)))
    elif rides and abs(found.delta_minutes) >= _NOTABLE:
        key = "diff_more" if found.delta_minutes > 0 else "diff_less"
        yield t(lang, key, time=lasting(lang, abs(found.delta_minutes)))


def _drifted(found: Diff) -> bool:
    """Whether something moved by so little that no word was made of it, but more than a quarter of an hour."""
    visits = (c for c in found.moved if c.after.type in (ItemType.ACTIVITY, ItemType.EVENT))
    return any(_NOTABLE <= abs(change.start_minutes) < _SLIGHT for change in visits)
