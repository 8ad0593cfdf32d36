"""Planning without a chat app and without scripts: a form, and the conversation it starts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from bot.channel import BadPayload
from bot.web import talk
from bot.web.language import chosen
from bot.web.limit import Limit
from bot.web.parts import parts, today
from bot.web.words import words

routes = Blueprint("plan", __name__, url_prefix="/plan")
FIELDS = {
    "origin": "text",
    "destination": "text",
    "start": "date",
    "days": "number",
    "people": "number",
    "children": "number",
    "budget": "text",
    "wishes": "text",
}
BLANK = {"origin": "Nairobi", "people": "2", "days": "3"}
VISITS = Limit("plan", "20/minute")
ADDRESSES = Limit("plan-address", "60/minute")


@routes.get("")
def form() -> str:
    """The form."""
    talk.begin()
    return _form({name: BLANK.get(name, "") for name in FIELDS}, [])


@routes.post("")
def submit() -> Response | str | tuple[str, int]:
    """The form as one message, and on to the conversation."""
    _open()
    given = {name: " ".join(request.form.get(name, "").split())[:200] for name in FIELDS}
    problems = check(given, today())
    if problems:
        return _form(given, problems), 422
    return _said(sentence(given))


@routes.post("/say")
def say() -> Response:
    """A further message or a tapped button."""
    _open()
    return _said(request.form.get("text", "")[: talk.TEXT_LIMIT], request.form.get("action", "")[:64])


@routes.get("/answer")
def answer() -> str:
    """The conversation so far; the page asks again by itself while something is being worked on."""
    lang = chosen()
    messages, working = talk.heard()
    return render_template("answer.html", lang=lang, words=words(lang), messages=talk.latest(messages), working=working)


def check(given: Mapping[str, str], earliest: date) -> list[str]:
    """Keys of `words` for what is wrong with a filled-in form."""
    problems = []
    if len(given["destination"]) < 2:
        problems.append("bad_destination")
    if given["start"] and _date(given["start"], earliest) is None:
        problems.append("bad_start")
    for name in ("days", "people"):
        if given[name] and not _between(given[name], 1, 60):
            problems.append(f"bad_{name}")
    people = int(given["people"]) if _between(given["people"], 1, 60) else 60
    if given["children"] and not _between(given["children"], 0, people - 1):
        problems.append("bad_children")
    if given["budget"] and not re.fullmatch(r"[0-9][0-9., ]{0,11}", given["budget"]):
        problems.append("bad_budget")
    return problems


def sentence(given: Mapping[str, str]) -> str:
    """The form in one sentence, as a traveller would write it. The form must have passed `check`."""
    days = f"{given['days']}-day " if given["days"] else ""
    words_of_trip = [f"Plan a {days}trip to {given['destination']}"]
    if given["origin"]:
        words_of_trip.append(f"from {given['origin']}")
    if given["start"]:
        start = date.fromisoformat(given["start"])
        words_of_trip.append(f"starting {start.day} {start:%B %Y}")
    if given["people"]:
        words_of_trip.append(f"for {given['people']} people")
    if given["children"] and int(given["children"]):
        words_of_trip.append(f"including {given['children']} children")
    text = " ".join(words_of_trip)
    if given["budget"]:
        text += f", budget {int(re.sub('[^0-9]', '', given['budget'])):,} KES"
    return f"{text}. {given['wishes']}".rstrip(" .") if given["wishes"] else text


def _form(given: Mapping[str, str], problems: list[str]) -> str:
    lang = chosen()
    table = words(lang)
    return render_template(
        "plan.html",
        lang=lang,
        words=table,
        fields=FIELDS.items(),
        given=given,
        problems=[table[problem] for problem in problems],
        today=today().isoformat(),
        open=talk.channel() is not None,
    )


def _open() -> None:
    if talk.channel() is None:
        abort(404)
    if not (VISITS.allows(talk.begin()) and ADDRESSES.allows(request.remote_addr or "")):
        abort(429)


def _said(text: str, action: str = "") -> Response:
    if text.strip() or action:
        try:
            talk.say(secrets.token_hex(12), text, action)
        except BadPayload:
            abort(400)
    return redirect("/chat" if parts().settings.demo and not request.form.get("plain") else "/plan/answer", 303)


def _date(text: str, earliest: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= earliest else None


def _between(text: str, low: int, high: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4 and low <= int(text) <= high
