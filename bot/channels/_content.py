"""The forms of message that are made at Twilio beforehand: buttons, lists, and the template that asks to write again.

One form for each number of choices, with text, labels and ids as variables, so that a handful serves every reply.
Sources: https://www.twilio.com/docs/content/twilio-quick-reply, …/twiliolist-picker, …/twilio-text,
…/using-variables-with-content-api (a value may have 1,600 characters, or as many as its field, and is never empty;
only in approved templates may it hold no line breaks).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.i18n import t
from bot.markup import units
from bot.replies import Button

BODY_LIMIT = 1024
BUTTONS, ROWS = 3, 10
LABEL_LIMIT, ID_LIMIT = 20, 200
LANGUAGES = ("en", "sw")


@dataclass(frozen=True, slots=True)
class Form:
    """What is made at Twilio. `category`: of a template that WhatsApp has to approve, "" where none has to."""

    label: str
    language: str
    types: Mapping[str, Mapping[str, object]]
    variables: Mapping[str, str]
    category: str = ""

    @property
    def name(self) -> str:
        """Its name there, with a digest: what is changed gets another name, and is made anew."""
        said = json.dumps([self.language, self.types, self.variables, self.category], sort_keys=True)
        return f"safiri_{self.label}_{sha256(said.encode()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Filled:
    """A form by name, with values."""

    name: str
    values: Mapping[str, str]


def _buttons(count: int) -> Form:
    actions = [{"type": "QUICK_REPLY", "title": f"{{{{label{n}}}}}", "id": f"{{{{id{n}}}}}"} for n in _numbers(count)]
    types = {"twilio/quick-reply": {"body": "{{body}}", "actions": actions}}
    return Form(f"buttons_{count}", "en", types, {"body": "Shall we?"} | _samples(count))


def _rows(count: int) -> Form:
    items = [{"id": f"{{{{id{n}}}}}", "item": f"{{{{label{n}}}}}"} for n in _numbers(count)]
    # Which language is spoken is not known to a form, and two would be twice as many.
    opens = " · ".join(t(lang, "choose") for lang in LANGUAGES)
    types = {"twilio/list-picker": {"body": "{{body}}", "button": opens, "items": items}}
    return Form(f"rows_{count}", "en", types, {"body": "Which one?"} | _samples(count))


def _samples(count: int) -> dict[str, str]:
    return {f"label{n}": f"Choice {n}" for n in _numbers(count)} | {f"id{n}": f"choice:{n}" for n in _numbers(count)}


def _numbers(count: int) -> range:
    return range(1, count + 1)


def invitation(lang: str) -> Form:
    """The template that asks somebody to write again, because free text may not go to them any more."""
    lang = lang if lang in LANGUAGES else LANGUAGES[0]
    return Form(f"invite_{lang}", lang, {"twilio/text": {"body": t(lang, "invitation")}}, {}, "UTILITY")


_CHOICES: Final = {n: _buttons(n) if n <= BUTTONS else _rows(n) for n in _numbers(ROWS)}
INVITATIONS: Final = {lang: invitation(lang) for lang in LANGUAGES}
FORMS: Final = (*_CHOICES.values(), *INVITATIONS.values())


def filled(body: str, buttons: Sequence[Button]) -> Filled | None:
    """The form for a text with these choices; None where there is none or they do not fit it."""
    labels = [button.label for button in buttons]
    fits = (
        len(buttons) in _CHOICES
        and body.strip()
        and units(body) <= BODY_LIMIT
        and "{{" not in body  # it would be read as a variable
        and len(set(labels)) == len(labels)
        and all(label.strip() and units(label) <= LABEL_LIMIT for label in labels)
        and all(len(button.action) <= ID_LIMIT for button in buttons)
    )
    if not fits:
        return None
    values = {"body": body}
    for number, button in enumerate(buttons, start=1):
        values |= {f"label{number}": button.label, f"id{number}": button.action}
    return Filled(_CHOICES[len(buttons)].name, values)
