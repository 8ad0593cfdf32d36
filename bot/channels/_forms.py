"""Reads a form as it came over the wire."""

from __future__ import annotations

from urllib.parse import parse_qsl

from bot.channel import BadPayload
from bot.markup import printable

MOST_FIELDS = 200  # Twilio sends some thirty


class Form(dict[str, list[str]]):
    """Fields with all their values, blank ones included; `getlist` is what Twilio's validator asks for."""

    def getlist(self, name: str) -> list[str]:
        """Every value of a field."""
        return self.get(name, [])

    def first(self, name: str) -> str:
        """The first value without what cannot be stored, or ""."""
        return printable(self[name][0]) if name in self else ""


def read_form(body: bytes, content_type: str) -> Form:
    """An urlencoded body as fields. Raises BadPayload if it is not one."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise BadPayload("not a form")
    form = Form()
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as exc:  # not UTF-8, or too many fields
        raise BadPayload("not a readable form") from exc
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form
