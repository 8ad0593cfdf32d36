"""Twilio's Content API as the fake keeps it: what can be made, how variables are filled in, what WhatsApp then shows.

Rules: https://www.twilio.com/docs/content/twilio-quick-reply, …/twiliolist-picker, …/using-variables-with-content-api;
field names as in Twilio's OpenAPI description of `content_v1`, which allows no others.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FIELDS: dict[str, tuple[set[str], set[str]]] = {
    "twilio/text": ({"body"}, set()),
    "twilio/quick-reply": ({"body", "actions"}, set()),
    "twilio/list-picker": ({"body", "button", "items"}, set()),
}  # by type: what it must have, what it may have besides
ACTION_FIELDS, ITEM_FIELDS = {"type", "title", "id"}, {"id", "item", "description"}
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
MOMENT = "2026-11-27T05:01:45Z"


class Bad(Exception):
    """Refused, with Twilio's status and code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Shown:
    """A form with its variables filled in. `choices` are titles and ids; `opens` is the label of a list."""

    body: str
    choices: tuple[tuple[str, str], ...] = ()
    opens: str = ""


@dataclass
class Made:
    sid: str
    name: str
    language: str
    variables: dict[str, str]
    types: dict[str, dict[str, Any]]
    status: str = "unsubmitted"
    template: dict[str, str] = field(default_factory=dict)  # name and category it was submitted under

    @property
    def kind(self) -> str:
        return next(iter(self.types))


class Contents:
    """What was made, by id. `approves` is what WhatsApp says to a template.

    After `breaks_after` contents the next one is made, but its answer is lost.
    """

    def __init__(self, account: str, url: str, page: int = 5) -> None:
        self.made: dict[str, Made] = {}
        self.approves = "approved"
        self.breaks_after: int | None = None
        self._account, self._url, self._page = account, url, page
        self._ids = itertools.count(1)

    def answer(self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> tuple[Any, int]:
        match method, path.removeprefix("/v1/Content").strip("/").split("/"):
            case "POST", [""]:
                made = self._make(body)
                if self.breaks_after is not None and len(self.made) > self.breaks_after:
                    raise Bad(503, 20503, "Service unavailable")
                return self._json(made), 201
            case "GET", [""]:
                return self._listed(int(query.get("Page", 0))), 200
            case "GET", [sid, "ApprovalRequests"] if sid in self.made:
                return self._approval(self.made[sid]), 200
            case "POST", [sid, "ApprovalRequests", "whatsapp"] if sid in self.made:
                return self._submit(self.made[sid], body), 201
        raise Bad(404, 20404, f"The requested resource {path} was not found")

    def shown(self, sid: str, variables: str) -> Shown:
        """What WhatsApp shows. Raises Bad."""
        made = self.made.get(sid)
        if made is None:
            raise Bad(404, 21655, f"The ContentSid {sid} is invalid")
        try:
            given = json.loads(variables) if variables else {}
        except ValueError:
            given = None
        if not isinstance(given, dict) or not all(isinstance(v, str) and v for v in given.values()):
            raise Bad(400, 21656, "The Content Variables parameter is invalid")
        values = made.variables | given
        if any(len(value) > 1600 for value in values.values()):
            raise Bad(400, 21656, "The Content Variables parameter is invalid")

        def fill(text: str) -> str:
            return VARIABLE.sub(lambda match: values.get(match[1], ""), text)

        parts = made.types[made.kind]
        if made.kind == "twilio/quick-reply":
            choices = [(fill(action["title"]), fill(action["id"])) for action in parts["actions"]]
            return _checked(Shown(fill(parts["body"]), tuple(choices)), title=20, most=3)
        if made.kind == "twilio/list-picker":
            choices = [(fill(item["item"]), fill(item["id"])) for item in parts["items"]]
            return _checked(Shown(fill(parts["body"]), tuple(choices), fill(parts["button"])), title=24, most=10)
        return Shown(fill(parts["body"]))

    def _make(self, body: Mapping[str, Any]) -> Made:
        types = {name: value for name, value in (body.get("types") or {}).items() if value is not None}
        if (
            not body.get("language")
            or not types
            or not set(body) <= {"friendly_name", "language", "types", "variables"}
        ):
            raise Bad(400, 20001, "Invalid content")
        for name, value in types.items():
            must, may = FIELDS.get(name, ({"unknown"}, set()))
            given = {key for key, item in value.items() if item is not None}
            if not must <= given <= must | may:
                raise Bad(400, 20001, f"Invalid {name}")
            for action in value.get("actions", ()):
                if action.get("type") != "QUICK_REPLY" or not action.get("title") or not set(action) <= ACTION_FIELDS:
                    raise Bad(400, 20001, f"Invalid {name}")
            for item in value.get("items", ()):
                said = {key for key, text in item.items() if text is not None}
                if not {"id", "item"} <= said <= ITEM_FIELDS:
                    raise Bad(400, 20001, f"Invalid {name}")
        used = set(VARIABLE.findall(json.dumps(types)))
        variables = dict(body.get("variables") or {})
        if used != set(variables) or any(len(name) > 16 for name in used) or len(used) > 100:
            raise Bad(400, 20001, "Variables without samples")
        sid = f"HX{next(self._ids):032x}"
        self.made[sid] = Made(sid, body.get("friendly_name", ""), body["language"], variables, types)
        return self.made[sid]

    def _submit(self, made: Made, body: Mapping[str, Any]) -> dict[str, object]:
        name, category = body.get("name", ""), body.get("category", "")
        if not re.fullmatch(r"[a-z0-9_]{1,512}", name) or category not in CATEGORIES:
            raise Bad(400, 20001, "Invalid approval request")
        if made.kind == "twilio/list-picker" or made.status != "unsubmitted":
            raise Bad(400, 20001, "This content cannot be submitted")
        made.template, made.status = {"name": name, "category": category}, "received"
        return self._approval(made)["whatsapp"] | {"status": "received"}  # type: ignore[no-any-return]

    def _approval(self, made: Made) -> dict[str, Any]:
        status = made.status
        if status == "received":  # the next look finds what WhatsApp said meanwhile
            made.status = self.approves
        whatsapp = {
            "type": "whatsapp", "name": made.template.get("name", ""), "category": made.template.get("category", ""),
            "content_type": made.kind, "status": status, "rejection_reason": "", "allow_category_change": True,
        }  # fmt: skip
        return {
            "sid": made.sid, "account_sid": self._account, "whatsapp": whatsapp,
            "url": f"{self._url}/v1/Content/{made.sid}/ApprovalRequests",
        }  # fmt: skip

    def _listed(self, page: int) -> dict[str, object]:
        made: Sequence[Made] = list(self.made.values())
        here = made[page * self._page : (page + 1) * self._page]

        def address(number: int) -> str:
            return f"{self._url}/v1/Content?PageSize={self._page}&Page={number}&PageToken=PT{number}"

        more = (page + 1) * self._page < len(made)
        meta = {
            "page": page, "page_size": self._page, "first_page_url": address(0), "url": address(page),
            "key": "contents", "previous_page_url": address(page - 1) if page else None,
            "next_page_url": address(page + 1) if more else None,
        }  # fmt: skip
        return {"contents": [self._json(one) for one in here], "meta": meta}

    def _json(self, made: Made) -> dict[str, object]:
        url = f"{self._url}/v1/Content/{made.sid}"
        return {
            "sid": made.sid, "account_sid": self._account, "friendly_name": made.name, "language": made.language,
            "variables": made.variables, "types": made.types, "url": url,
            "date_created": MOMENT, "date_updated": MOMENT,
            "links": {
                "approval_create": f"{url}/ApprovalRequests/whatsapp", "approval_fetch": f"{url}/ApprovalRequests",
            },
        }  # fmt: skip


def _checked(shown: Shown, *, title: int, most: int) -> Shown:
    titles = [label for label, _ in shown.choices]
    fits = (
        0 < len(shown.body) <= 1024
        and len(titles) <= most
        and len(set(titles)) == len(titles)
        and all(0 < len(label) <= title and len(key) <= 200 for label, key in shown.choices)
        and len(shown.opens) <= 20
    )
    if not fits:
        raise Bad(400, 63021, "Channel invalid content error")
    return shown
