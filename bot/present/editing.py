"""Single things of a plan: what could come in their place, which one is meant, what is kept, one day in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.edits import Edit, Part, Verb
from bot.i18n import NAIROBI, day, day_short, kes, listed, nights, t
from bot.present.answers import Linker
from bot.present.words import (
    Towns,
    affiliate,
    button,
    clock,
    cost,
    hours,
    icon,
    label,
    lasting,
    place_name,
    plain_title,
    shortened,
)
from bot.replies import Bold, Button, Line, Link, Reply
from bot.screen import RIDES, VISITS, Screen, Shown
from planner.model import Alternative, Item, ItemType, Itinerary, Mode
from planner.reasons import AT_HOME

_MOST: Final = 8  # to choose from
_LONGEST: Final = 44  # letters of a title in a line
_SIGNS: Final = {
    ItemType.BUS: "🚌",
    ItemType.TRAIN: "🚆",
    ItemType.FLIGHT: "✈️",
    ItemType.STAY: "🛏",
    ItemType.ACTIVITY: "🎟",
    ItemType.EVENT: "🎶",
}
_KINDS: Final = {Part.STAYS: frozenset({ItemType.STAY}), Part.RIDES: RIDES, Part.VISITS: VISITS}


def action(verb: Verb, version: int, item: int, *rest: int | None) -> str:
    """The action of a button about an item of a version: "swap:3:5:1"."""
    return ":".join([verb.value, str(version), str(item), *(str(n) for n in rest if n is not None)])


def alternatives(item: int, screen: Screen, version: int, lang: str, lead: str = "") -> Reply:
    """What could come in the place of an item, each with what it would change, to tap or to call by number."""
    shown = screen.items[item]
    others = screen.instead_of(shown.id)[:_MOST]
    if not others:
        return Reply((t(lang, "edit_no_other", what=_name(shown, lang)), *_lines(lead)), _after_none(lang))
    lines: list[Line] = [*_lines(lead), t(lang, "edit_instead", what=_name(shown, lang))]
    lines += [f"{n}. {_other(other, lang)}" for n, other in enumerate(others, 1)]
    buttons = tuple(
        Button(_short(other), action(Verb.SWAP, version, item, screen.others.index(other))) for other in others
    )
    return Reply(tuple(lines), buttons)


def none_such(change: Edit, screen: Screen, version: int, lang: str) -> Reply:
    """Nothing cheaper, or nothing better: said, with what else there is."""
    lead = t(lang, "edit_no_cheaper" if change.verb is Verb.CHEAPER else "edit_no_better")
    return alternatives(change.items[0], screen, version, lang, lead)


def which(change: Edit, screen: Screen, version: int, lang: str, towns: Towns) -> Reply:
    """The question which of several things is meant."""
    items = change.items[:_MOST]
    buttons = tuple(
        Button(_item_label(screen.items[n], lang, towns), action(change.verb, version, n, change.other, change.day))
        for n in items
    )
    return Reply((t(lang, "edit_which"),), _distinct(buttons))


def held(items: Sequence[Shown], lang: str, *, kept: bool) -> Reply:
    """What stays from now on, or may change again."""
    names = listed(lang, [plain_title(item.title) for item in items])
    return Reply((t(lang, "edit_kept" if kept else "edit_freed", what=names),))


def exchange(item: Shown, other: Alternative, lang: str) -> str:
    """ "Guest house in Diani instead of One-bedroom holiday home in Diani"."""
    new, old = plain_title(other.title), plain_title(item.title)
    if other.depart is not None:
        new, old = f"{new} {clock(other.depart)}", f"{old} {clock(item.start)}"
    return t(lang, "diff_instead", new=new, old=old)


def total(screen: Screen, size: int, lang: str) -> Reply:
    """What the plan costs: in all, each, and what the dearest of it is."""
    each = -(-screen.total_kes // size)
    key = "total_each" if size > 1 else "total"
    lines: list[Line] = [t(lang, key, total=kes(screen.total_kes), each=f"{each:,}") + "."]
    dear = sorted((item for item in screen.items if item.price_kes and item.offer_id), key=lambda item: -item.price_kes)
    lines += [f"{_SIGNS[item.type]} {_name(item, lang)} · {item.price_kes:,}" for item in dear[:5]]
    return Reply(tuple(lines), (button(lang, "button_cheaper", "cheaper"), button(lang, "button_change", "change")))


def stale(lang: str) -> Reply:
    """A button about a version that is no longer on screen."""
    return Reply((t(lang, "edit_stale"),), (button(lang, "button_change", "change"),))


def about_place(slug: str, screen: Screen, lang: str, towns: Towns) -> Reply:
    """A place that was asked about: what of the plan is there, or how it could come into the plan."""
    name = place_name(slug, towns)
    there = [item for item in screen.items if item.place == slug and item.type in (*VISITS, ItemType.STAY)]
    if there or slug in {stop.place for stop in screen.stops}:
        lines = [f"{_SIGNS[item.type]} {_name(item, lang)}" for item in there]
        return Reply((t(lang, "about_here", place=name), *lines), (button(lang, "button_change", "change"),))
    buttons = (
        Button(label(t(lang, "add_stop", place=name)), f"stop:{slug}"),
        Button(label(t(lang, "go_instead", place=name)), f"slot:destination:{slug}"),
        button(lang, "button_new", "new"),
    )
    return Reply((t(lang, "about_elsewhere", place=name),), buttons)


def not_in_plan(what: str, screen: Screen, version: int, lang: str, towns: Towns) -> Reply:
    """Something was to be taken out that is not there: said, with what is."""
    menu = part_menu(Part.VISITS, screen, version, lang, towns)
    return replace(menu, lines=(t(lang, "not_in_plan", what=what), *menu.lines[1:]))


def part_menu(part: Part, screen: Screen, version: int, lang: str, towns: Towns) -> Reply:
    """What can be done about the beds, the rides, the visits or the days."""
    if part is Part.DAYS:
        return _days_menu(screen, lang, towns)
    items = [n for n, item in enumerate(screen.items) if item.offer_id and item.type in _KINDS[part]]
    lines: list[Line] = [t(lang, f"menu_{part}_what")]
    lines += [f"{_SIGNS[screen.items[n].type]} {_name(screen.items[n], lang)}" for n in items[:_MOST]]
    if part is Part.VISITS:
        return _visits_menu(lines, items, screen, version, lang)
    buttons = [_about(Verb.LIST, "button_other_one", items, version, lang)] if items else []
    buttons += [_about(Verb.KEEP, "button_keep", items, version, lang)] if items else []
    if part is Part.STAYS:
        buttons += [button(lang, f"button_stay_{name}", f"stay:{name}") for name in ("budget", "mid", "high")]
    else:
        buttons += [button(lang, "button_faster", Verb.FASTER.value)]
        buttons += [button(lang, f"button_by_{mode}", f"mode:{mode}") for mode in ("bus", "train", "flight")]
    return Reply(tuple(lines), tuple(buttons))


def day_in_full(itinerary: Itinerary, number: int, lang: str, *, link: Linker, now: datetime | None = None) -> Reply:
    """One day of the plan with every ride, price and link; the last day for a number beyond it."""
    number = max(1, min(number, len(itinerary.days)))
    on = itinerary.days[number - 1]
    lines: list[Line] = [Bold(t(lang, "day_of", n=number, all=len(itinerary.days), day=day(lang, on.date)))]
    lines += [_item_line(item, lang, link, now) for item in on.items] or [t(lang, "day_free")]
    buttons = []
    if number > 1:
        buttons.append(Button(label(t(lang, "nth_day", n=number - 1)), f"day:{number - 1}"))
    if number < len(itinerary.days):
        buttons.append(Button(label(t(lang, "nth_day", n=number + 1)), f"day:{number + 1}"))
    return Reply(tuple(lines), (*buttons, button(lang, "button_change", "change")))


def _item_line(item: Item, lang: str, link: Linker, now: datetime | None) -> Line:
    title = shortened(plain_title(item.title), _LONGEST)
    if item.mode is not None and item.type is ItemType.TRANSFER:
        title = f"{t(lang, f'mode_{item.mode.value}')}: {title}" if item.mode is not Mode.WALK else title
    if item.reason == AT_HOME:
        return f"🛏 {t(lang, 'at_home')}"
    if item.type is ItemType.STAY:
        count = (item.end.date() - item.start.date()).days
        head = f"{icon(item)} {title}, {nights(lang, count)} · {cost(lang, item.price, now)}"
    elif item.type is ItemType.MEAL:
        head = f"{icon(item)} {t(lang, 'kind_meals')} · {cost(lang, item.price, now)}"
    elif item.times_assumed:
        head = f"{icon(item)} {title} ({t(lang, 'time_open')}) · {cost(lang, item.price, now)}"
    else:
        head = f"{icon(item)} {hours(item.start, item.end)} {title} · {cost(lang, item.price, now)}"
    if item.mode is Mode.WALK:
        head = f"{icon(item)} {hours(item.start, item.end)} {title}"
    if not item.booking_url or item.type is ItemType.TRANSFER:  # a local ride is called when it is needed
        return head
    paid = affiliate(lang, item.booking_url)
    out = Link(t(lang, "book_here"), link(item.booking_url, item.id))
    return (f"{head} · ", out, f" ({paid})") if paid else (f"{head} · ", out)


def _visits_menu(lines: list[Line], items: list[int], screen: Screen, version: int, lang: str) -> Reply:
    fresh = screen.left_out[:3]
    if fresh:
        lines.append(t(lang, "menu_left_out", names=listed(lang, [plain_title(other.title) for other in fresh])))
    buttons = [
        Button(label(f"+ {plain_title(other.title)}"), action(Verb.ADD, version, screen.others.index(other)))
        for other in fresh
    ]
    buttons += [_about(Verb.DROP, "button_take_out", items, version, lang)] if items else []
    buttons += [button(lang, "button_slower", "slower"), button(lang, "button_fuller", "fuller")]
    return Reply(tuple(lines), _distinct(tuple(buttons)))


def _days_menu(screen: Screen, lang: str, towns: Towns) -> Reply:
    places = list(dict.fromkeys(stop.place for stop in screen.stops))
    if len(places) < 2:
        buttons = [button(lang, f"button_{verb}", verb) for verb in (Verb.LONGER.value, Verb.SHORTER.value)]
        return Reply((t(lang, "menu_days_what"),), (button(lang, "button_dates", "ask:dates"), *buttons))
    made = [button(lang, "button_dates", "ask:dates")]
    made += [Button(label(f"+1 {place_name(slug, towns)}"), f"longer:{slug}") for slug in places[:4]]
    made += [Button(label(f"−1 {place_name(slug, towns)}"), f"shorter:{slug}") for slug in places[:4]]
    made.append(button(lang, "button_turn", "order:turn"))
    return Reply((t(lang, "menu_days_what"),), tuple(made))


def _about(verb: Verb, key: str, items: Sequence[int], version: int, lang: str) -> Button:
    """A button about one item, or about several, of which one is asked for next."""
    return button(lang, key, f"{verb.value}:{version}:{','.join(map(str, items[:_MOST]))}")


def _name(item: Shown, lang: str) -> str:
    title = shortened(plain_title(item.title), _LONGEST)
    if item.type is ItemType.STAY:
        return f"{title}, {day_short(lang, item.day)}, {nights(lang, (item.end.date() - item.day).days)}"
    return f"{title}, {day(lang, item.day)} {clock(item.start)}"


def _other(other: Alternative, lang: str) -> str:
    """ "🚌 21:00 Tahmeed Coach, VIP · −KES 6,950 · 1 h longer"."""
    at = f"{clock(other.depart)} " if other.depart else ""
    words = [f"{_SIGNS[other.type]} {at}{shortened(plain_title(other.title), _LONGEST)}"]
    if other.stay_class is not None:
        words[0] += f", {t(lang, f'stay_{other.stay_class.value}')}"
    money = kes(abs(other.delta_kes))
    words.append(f"{'+' if other.delta_kes > 0 else '−'}{money}" if other.delta_kes else t(lang, "edit_same_price"))
    if other.type in RIDES and abs(other.delta_minutes) >= 15:
        key = "edit_longer" if other.delta_minutes > 0 else "edit_shorter"
        words.append(t(lang, key, time=lasting(lang, abs(other.delta_minutes))))
    return " · ".join(words)


def _short(other: Alternative) -> str:
    at = f"{clock(other.depart)} " if other.depart else ""
    return label(f"{at}{plain_title(other.title)}")


def _item_label(item: Shown, lang: str, towns: Towns) -> str:
    if item.type is ItemType.STAY:
        return label(f"{_SIGNS[item.type]} {place_name(item.place, towns)}, {item.day.day}")
    if item.type in RIDES:
        return label(
            f"{_SIGNS[item.type]} {day_short(lang, item.start.astimezone(NAIROBI).date())} {clock(item.start)}"
        )
    return label(f"{_SIGNS[item.type]} {item.day.day}: {plain_title(item.title)}")


def _distinct(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Buttons with different words: the second of the same words is left out, since nobody could tell them apart."""
    return tuple({button.label: button for button in reversed(buttons)}.values())[::-1]


def _lines(lead: str) -> tuple[str, ...]:
    return (lead,) if lead else ()


def _after_none(lang: str) -> tuple[Button, ...]:
    return (button(lang, "button_change", "change"),)
