"""Questions, each with answers to tap, and what to say when something cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.edits import Part
from bot.i18n import date_range, day, day_full, days, kes, month, people, t
from bot.intents import Intent
from bot.present.words import Towns, amount_button, button, label, place_name
from bot.problems import MAX_DAYS, MAX_PARTY, code_of, detail_of, slot_of
from bot.readings import is_doubt, meant, parts
from bot.replies import Button, Line, Reply
from bot.screen import Screen
from bot.slots import Slots, span

_PARTIES = (1, 2, 3, 4)  # in the order of their numbers: a number that is typed is a head count
_SLOTS = ("party", "budget", "origin", "destination")


def ask(slot: str, slots: Slots, lang: str, today: date, suggestions: Sequence[str], towns: Towns) -> Reply:
    """The question for a slot with answers to tap; what is known so far is echoed when there is anything."""
    lines: list[Line] = []
    if known := known_so_far(slots, lang, today, towns):
        lines.append(t(lang, "so_far", what=known))
    lines.append(t(lang, f"ask_{slot}"))
    return Reply(tuple(lines), answers(slot, slots, lang, today, suggestions, towns))


def ask_about(problem: str, slots: Slots, lang: str, today: date, suggestions: Sequence[str], towns: Towns) -> Reply:
    """One problem said plainly, the question that resolves it, and what has been kept."""
    lines: list[Line] = [_problem_words(problem, slots, lang, towns)]
    if known := known_so_far(slots, lang, today, towns):
        lines.append(t(lang, "kept", what=known))
    if is_doubt(problem):
        what, both = parts(problem)
        shown = [(reading, _reading(meant(what, reading), lang, towns)) for reading in both]
        return Reply(tuple(lines), tuple(Button(label(words), f"meant:{what}:{reading}") for reading, words in shown))
    if code_of(problem) in ("end_before_start", "trip_long"):  # a number that is typed is a number of days
        return Reply(tuple(lines))
    return Reply(tuple(lines), answers(slot_of(problem), slots, lang, today, suggestions, towns))


def answers(
    slot: str, slots: Slots, lang: str, today: date, suggestions: Sequence[str], towns: Towns
) -> tuple[Button, ...]:
    """Up to three answers to tap."""
    if slot == "dates":
        return _date_buttons(slots, lang, today)
    if slot == "party":
        return tuple(Button(label(people(lang, n)), f"slot:party:{n}") for n in _PARTIES)
    if slot == "budget":
        amounts = (amount_button(lang, "budget_plain", n, f"budget:{n}") for n in (20_000, 50_000))
        return (*amounts, button(lang, "no_limit", "budget:none"))
    if slot in ("destination", "origin"):
        return tuple(Button(label(place_name(slug, towns)), f"slot:{slot}:{slug}") for slug in suggestions[:3])
    return ()


def _date_buttons(slots: Slots, lang: str, today: date) -> tuple[Button, ...]:
    """This and the next weekend, or for a longer trip the Fridays before them, and a date of one's own."""
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    later = button(lang, "pick_date", "ask:day")
    if slots.nights is None and slots.duration_days is None:
        return (
            button(lang, "this_weekend", f"slot:weekend:{saturday.isoformat()}"),
            button(lang, "next_weekend", f"slot:weekend:{(saturday + timedelta(days=7)).isoformat()}"),
            later,
        )
    friday = saturday - timedelta(days=1)
    first = friday if friday > today else friday + timedelta(days=7)
    fridays = (first, first + timedelta(days=7))
    return (*(Button(label(day(lang, on)), f"slot:start:{on.isoformat()}") for on in fridays), later)


def known_so_far(slots: Slots, lang: str, today: date, towns: Towns) -> str:
    """The slots in a few words: "Mombasa · Fri 27 – Sun 29 Nov · 2 people · KES 60,000"; "" when there are none."""
    parts: list[str] = []
    there = ", ".join(place_name(slug, towns) for slug in slots.destinations)
    if slots.origin:
        parts.append(
            f"{place_name(slots.origin, towns)} → {there}"
            if there
            else t(lang, "from_place", place=place_name(slots.origin, towns))
        )
    elif there:
        parts.append(there)
    parts += _known_dates(slots, lang, today)
    if slots.passengers is not None:
        parts.append(people(lang, slots.passengers))
    if slots.budget_total is not None:
        parts.append(t(lang, "budget_in_all", amount=kes(slots.budget_total)))
    return " · ".join(parts)


def _known_dates(slots: Slots, lang: str, today: date) -> list[str]:
    whole = span(slots, today)
    if whole is not None:
        length_known = "duration" not in whole.assumed
        return [date_range(lang, whole.start, whole.end) if length_known else day(lang, whole.start)]
    length = slots.duration_days if slots.nights is None else slots.nights + 1
    return [days(lang, length)] if length else []


def _problem_words(problem: str, slots: Slots, lang: str, towns: Towns) -> str:
    if is_doubt(problem):
        what, both = parts(problem)
        one, other = (_reading(meant(what, reading), lang, towns) for reading in both)
        return t(lang, f"unsure_{what}", one=one, other=other)
    code, detail = code_of(problem), detail_of(problem)
    if code in ("unknown_place", "unknown_origin"):
        return t(lang, code, words=detail) if detail else t(lang, f"{code}_plain")
    if code == "same_place":
        slug = detail or next(iter(slots.destinations), "")
        return t(lang, code, place=place_name(slug, towns))
    if code in ("past_date", "date_far"):
        return t(lang, code, when=day_full(lang, date.fromisoformat(detail))) if detail else t(lang, f"{code}_plain")
    if code in ("budget_tiny", "budget_huge"):
        return t(lang, code, amount=kes(int(detail))) if detail else t(lang, f"{code}_plain")
    if code == "foreign_currency":
        return t(lang, code, currency=detail)
    if code == "party_huge" and not detail:
        return t(lang, "party_huge_plain", most=MAX_PARTY)
    if code == "trip_long":
        return t(lang, code, n=detail, most=MAX_DAYS)
    return t(lang, code, n=detail, most=MAX_PARTY)


def _reading(read: Intent, lang: str, towns: Towns) -> str:
    """One of two readings in a few words: "KES 15,000 each", "Fri 27 – Sun 29 Nov", "Nairobi → Kisumu"."""
    if read.destinations:
        there = ", ".join(place_name(slug, towns) for slug in read.destinations)
        return f"{place_name(read.origin, towns)} → {there}" if read.origin else there
    if read.origin:
        return place_name(read.origin, towns)
    if read.start_date and read.end_date:
        return date_range(lang, read.start_date, read.end_date)
    if on := read.start_date or read.end_date:
        return day(lang, on)
    if read.month:
        return month(lang, date.fromisoformat(f"{read.month}-01"))
    if read.budget_per_person_kes is not None:
        return t(lang, "amount_each", amount=kes(read.budget_per_person_kes))
    if read.budget_per_night_kes is not None:
        return t(lang, "amount_night", amount=kes(read.budget_per_night_kes))
    return kes(read.budget_kes or 0)


def pick_day(lang: str) -> Reply:
    """How to type a date."""
    return Reply((t(lang, "type_dates"),))


def change_menu(lang: str, screen: Screen) -> Reply:
    """What of a trip can be changed; single things only where there are any on screen."""
    buttons = [button(lang, f"menu_{Part.DAYS}", f"menu:{Part.DAYS}")] if screen.items else []
    slots = _SLOTS if screen.items else ("dates", *_SLOTS)
    buttons += [button(lang, f"button_{slot}", f"ask:{slot}") for slot in slots]
    parts = [part for part in Part if part is not Part.DAYS and screen.items]
    buttons += [button(lang, f"menu_{part}", f"menu:{part}") for part in parts]
    return Reply((t(lang, "change_what"),), (*buttons, button(lang, "button_wish", "ask:wish")))


def more_menu(lang: str, place: str) -> Reply:
    """The rest of what can be done with a plan."""
    return Reply(
        (t(lang, "more_what", place=place),),
        (
            button(lang, "button_pdf", "pdf"),
            button(lang, "button_ics", "ics"),
            button(lang, "button_new", "new"),
            button(lang, "button_language", "lang:en" if lang == "sw" else "lang:sw"),
        ),
    )
