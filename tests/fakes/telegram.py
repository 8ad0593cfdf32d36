"""A Telegram Bot API server on the loopback, as strict as the real one, with a script of failures.

with FakeTelegram() as telegram:
    settings = Settings(telegram_url=telegram.url, telegram_token=telegram.token, telegram_secret="…")
    …
    telegram.push(telegram.message("Mombasa next Friday"))     # to the webhook that was set
    telegram.wait_for(lambda: telegram.sent != [])
    telegram.tap(telegram.sent[-1].button("Cheaper"))
"""

from __future__ import annotations

import itertools
import json
import re
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import httpx
from werkzeug.wrappers import Request, Response

from tests.fakes.loopback import NO_TLS, Loopback
from tests.fakes.telegram_rules import (
    UPDATES,
    Refused,
    Text,
    checked_thumbnail,
    parse_html,
    parse_keyboard,
    utf16,
)

TOKEN = "123456:AAF-loopback-token-of-nobody-0123"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@dataclass(frozen=True)
class Sent:
    """A message as the traveller sees it now: edits replace it."""

    chat_id: int
    message_id: int
    source: str  # text or caption as it came
    text: Text
    keyboard: tuple[tuple[Mapping[str, str], ...], ...] = ()
    document: bytes | None = None
    filename: str = ""
    thumbnail: bytes | None = None
    edits: int = 0

    @property
    def shown(self) -> str:
        return self.text.shown

    @property
    def labels(self) -> list[str]:
        return [key["text"] for row in self.keyboard for key in row]

    def button(self, label: str) -> Mapping[str, str]:
        """The key with this label."""
        return next(key for row in self.keyboard for key in row if key["text"] == label)


@dataclass
class Failure:
    """A scripted answer: an error, or silence until the server is closed."""

    method: str
    status: int = 500
    description: str = "Internal Server Error"
    parameters: dict[str, int] = field(default_factory=dict)
    silent: bool = False
    chat_id: int | None = None  # None: whichever is next


@dataclass
class Held:
    """Calls of a method that wait: before they are `asked`, or when they are `done` and only the answer is missing."""

    method: str
    until: Literal["asked", "done"]
    calls: int = 0
    released: threading.Event = field(default_factory=threading.Event)


class FakeTelegram(Loopback):
    """The server. `sent` are the messages in order, `calls` every call as (method, fields)."""

    def __init__(self, token: str = TOKEN, username: str = "SafiriTestBot", https_only: bool = True) -> None:
        """`https_only` as the real server demands of webhooks; end-to-end tests over the loopback switch it off."""
        self.token = token
        self.username = username
        self.sent: list[Sent] = []
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.webhook: dict[str, Any] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}  # by scope and language
        self.profile: dict[tuple[str, str], str] = {}  # name, description, short description, by language
        self.drafts: list[tuple[int, int, str]] = []  # chat, draft, text as shown; a message ends those of its chat
        self.drafting: dict[int, str] = {}  # by chat: the draft that is on its screen now
        self.answered: list[str] = []
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.trouble: dict[str, object] = {}  # what is told with the webhook: last_error_date, last_error_message
        self._failures: deque[Failure] = deque()
        self._held: Held | None = None
        self._https_only = https_only
        self._ids = itertools.count(1)
        self._update_ids = itertools.count(700_000_001)
        super().__init__()

    # ── script ──────────────────────────────────────────────────────────────────────────────────────────────────

    def fail(
        self,
        method: str,
        status: int,
        description: str = "",
        retry_after: int = 0,
        times: int = 1,
        chat_id: int | None = None,
    ) -> None:
        """The next calls of this method, of one chat or of any, are answered with an error."""
        parameters = {"retry_after": retry_after} if retry_after else {}
        failure = Failure(method, status, description, parameters, chat_id=chat_id)
        self._failures += [replace(failure) for _ in range(times)]

    def hang(self, method: str) -> None:
        """The next call of this method gets no answer."""
        self._failures.append(Failure(method, silent=True))

    @contextmanager
    def holding(self, method: str, until: Literal["asked", "done"]) -> Iterator[Held]:
        """Meanwhile calls of this method get no answer; afterwards they get theirs, if anybody still listens."""
        self._held = held = Held(method, until)
        try:
            yield held
        finally:
            self._held = None
            held.released.set()

    def forget(self, message_id: int) -> None:
        """The traveller deletes a message."""
        self.sent = [message for message in self.sent if message.message_id != message_id]

    # ── the traveller's side ────────────────────────────────────────────────────────────────────────────────────

    def message(self, text: str = "", chat_id: int = 4242, **fields: Any) -> dict[str, Any]:
        """An update with a private message; `fields` go into the message."""
        words = {"text": text} if text else {}
        return {"message": {**self._stamp(chat_id), "message_id": next(self._ids), **words, **fields}}

    def callback(self, key: Mapping[str, str], chat_id: int = 4242) -> dict[str, Any]:
        """An update with a tap on a key."""
        stamp = self._stamp(chat_id)
        return {
            "callback_query": {
                "id": str(next(self._ids) + 4_000_000_000),
                "from": stamp["from"],
                "chat_instance": "1",
                "message": {"message_id": 1, "chat": stamp["chat"], "date": stamp["date"], "text": "…"},
                "data": key["callback_data"],
            }
        }

    def tap(self, key: Mapping[str, str], chat_id: int = 4242) -> httpx.Response:
        return self.push(self.callback(key, chat_id))

    def push(self, update: Mapping[str, Any], url: str = "", secret: str | None = None) -> httpx.Response:
        """Post an update as Telegram does, to the webhook that was set unless told otherwise."""
        kind = next(name for name in update if name != "update_id")
        allowed = self.webhook.get("allowed_updates")
        assert not allowed or kind in allowed, f"the bot never asked for {kind}"
        secret = self.webhook.get("secret_token") if secret is None else secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        body = {"update_id": next(self._update_ids), **update}
        return httpx.post(url or self.webhook["url"], json=body, headers=headers, timeout=10, verify=NO_TLS)

    def _stamp(self, chat_id: int) -> dict[str, Any]:
        user = {"id": abs(chat_id), "is_bot": False, "first_name": "Amina", "language_code": "en"}
        kind = "private" if chat_id > 0 else "supergroup"
        return {"from": user, "chat": {"id": chat_id, "type": kind}, "date": int(time.time())}

    # ── the server's side ───────────────────────────────────────────────────────────────────────────────────────

    def answer(self, request: Request) -> Response:
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", request.path)
        if not match:
            return _error(404, "Not Found")
        if match[1] != self.token:
            return _error(401, "Unauthorized")
        method = match[2]
        fields = {**request.args.to_dict(), **request.form.to_dict()}
        if request.mimetype == "application/json":
            fields |= {name: v if isinstance(v, str) else json.dumps(v) for name, v in request.get_json().items()}
        files = {name: (file.filename or "", file.read()) for name, file in request.files.items()}
        with self.changed:
            self.calls.append((method, fields))
            failure = self._failing(method, fields)
            self.changed.notify_all()
        if failure:
            if failure.silent:
                self.closing.wait(30)
            return _error(failure.status, failure.description or "Scripted", failure.parameters)
        self._wait(method, "asked")
        answered = self._answered(method, fields, files)
        self._wait(method, "done")
        return answered

    def _failing(self, method: str, fields: Mapping[str, str]) -> Failure | None:
        for failure in self._failures:
            of_this_chat = failure.chat_id is None or fields.get("chat_id") == str(failure.chat_id)
            if failure.method == method and of_this_chat:
                self._failures.remove(failure)
                return failure
        return None

    def _wait(self, method: str, until: Literal["asked", "done"]) -> None:
        held = self._held
        if held is not None and (held.method, held.until) == (method, until):
            with self.changed:
                held.calls += 1
                self.changed.notify_all()
            held.released.wait(60)

    def _answered(self, method: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Response:
        name = re.sub(r"[A-Z]", lambda capital: "_" + capital[0].lower(), method)
        handler = getattr(self, f"_on_{name}", None)
        if handler is None:
            return _error(404, "Not Found")
        with self.changed:
            try:
                if "chat_id" in fields and (refusal := self._unreachable(int(fields["chat_id"]))):
                    return refusal
                result = handler(fields, files)
            except Refused as exc:
                return _error(400, f"Bad Request: {exc}")
            finally:
                self.changed.notify_all()
        return Response(json.dumps({"ok": True, "result": result}), content_type="application/json")

    def _unreachable(self, chat_id: int) -> Response | None:
        if chat_id in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        if chat_id in self.moved:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            return _error(400, description, {"migrate_to_chat_id": self.moved[chat_id]})
        return None

    def _on_get_me(self, fields: dict[str, str], files: object) -> object:
        return {"id": self._me, "is_bot": True, "first_name": "Safiri", "username": self.username}

    def _on_send_message(self, fields: dict[str, str], files: object) -> object:
        return self._keep(self._composed(fields, "text", 4096, "message is too long"))

    def _on_send_document(self, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> object:
        reference = fields.get("document", "").removeprefix("attach://") or "document"
        if reference not in files:
            raise Refused("there is no document in the request")
        filename, content = files[reference]
        message = self._composed(fields, "caption", 1024, "message caption is too long")
        thumbnail = None
        if fields.get("thumbnail") or "thumbnail" in files:
            thumbnail = checked_thumbnail(
                files[fields.get("thumbnail", "").removeprefix("attach://") or "thumbnail"][1]
            )
        return self._keep(replace(message, document=content, filename=filename, thumbnail=thumbnail))

    def _on_edit_message_text(self, fields: dict[str, str], files: object) -> object:
        edited = self._composed(fields, "text", 4096, "message is too long")
        number = int(fields["message_id"])
        for index, old in enumerate(self.sent):
            if (old.chat_id, old.message_id) == (edited.chat_id, number):
                if (old.text, old.keyboard) == (edited.text, edited.keyboard):
                    raise Refused(NOT_MODIFIED)
                self.sent[index] = replace(edited, message_id=number, edits=old.edits + 1)
                return self._shown(self.sent[index])
        raise Refused("message to edit not found")

    def _on_send_message_draft(self, fields: dict[str, str], files: object) -> object:
        chat_id, draft_id = int(fields["chat_id"]), int(fields.get("draft_id", "0"))
        if chat_id < 0:
            raise Refused("TEXTDRAFT_PEER_INVALID")
        if not draft_id:
            raise Refused("RANDOM_ID_INVALID")
        draft = self._composed({"text": "…", **fields}, "text", 4096, "message is too long")
        self.drafts.append((chat_id, draft_id, draft.shown))
        self.drafting[chat_id] = draft.shown
        return True

    def _on_delete_message(self, fields: dict[str, str], files: object) -> object:
        wanted = (int(fields["chat_id"]), int(fields["message_id"]))
        if not any((message.chat_id, message.message_id) == wanted for message in self.sent):
            raise Refused("message to delete not found")
        self.forget(wanted[1])
        return True

    def _on_send_chat_action(self, fields: dict[str, str], files: object) -> object:
        if fields.get("action") not in ("typing", "upload_document", "find_location"):
            raise Refused("wrong parameter action in request")
        return True

    def _on_answer_callback_query(self, fields: dict[str, str], files: object) -> object:
        if not re.fullmatch(r"-?[0-9]+", fields.get("callback_query_id", "")):
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        self.answered.append(fields["callback_query_id"])
        return True

    def _on_set_webhook(self, fields: dict[str, str], files: object) -> object:
        url, secret = fields.get("url", ""), fields.get("secret_token", "")
        if self._https_only and not re.match(r"https://[^/:]+\.[^/:]+(:(443|80|88|8443))?/", url):
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused("secret token contains unallowed characters")
        allowed = json.loads(fields.get("allowed_updates") or "[]")
        if strangers := set(allowed) - UPDATES:
            raise Refused(f"unsupported update type {sorted(strangers)[0]}")
        self.webhook = {"url": url, "secret_token": secret, "allowed_updates": allowed}
        return True

    def _on_delete_webhook(self, fields: dict[str, str], files: object) -> object:
        self.webhook = {}
        return True

    def _on_get_webhook_info(self, fields: dict[str, str], files: object) -> object:
        info = {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}
        if not self.webhook:
            return info
        more = {"allowed_updates": self.webhook["allowed_updates"], "ip_address": "203.0.113.7", "max_connections": 40}
        return info | more | self.trouble

    def _on_set_my_commands(self, fields: dict[str, str], files: object) -> object:
        commands = json.loads(fields.get("commands", "[]"))
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refused("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise Refused("BOT_COMMANDS_TOO_MUCH")
        self.commands[_scope(fields), _language(fields)] = commands
        return True

    def _on_get_my_commands(self, fields: dict[str, str], files: object) -> object:
        return self.commands.get((_scope(fields), _language(fields)), [])

    def _on_set_my_name(self, fields: dict[str, str], files: object) -> object:
        return self._set_text("name", 64, fields)

    def _on_set_my_description(self, fields: dict[str, str], files: object) -> object:
        return self._set_text("description", 512, fields)

    def _on_set_my_short_description(self, fields: dict[str, str], files: object) -> object:
        return self._set_text("short_description", 120, fields)

    def _on_get_my_name(self, fields: dict[str, str], files: object) -> object:
        return {"name": self.profile.get(("name", _language(fields)), "")}

    def _on_get_my_description(self, fields: dict[str, str], files: object) -> object:
        return {"description": self.profile.get(("description", _language(fields)), "")}

    def _on_get_my_short_description(self, fields: dict[str, str], files: object) -> object:
        return {"short_description": self.profile.get(("short_description", _language(fields)), "")}

    def _set_text(self, name: str, limit: int, fields: dict[str, str]) -> object:
        text = fields.get(name, "")
        if len(text) > limit:
            raise Refused(f"{name} is too long")
        self.profile[name, _language(fields)] = text
        return True

    @property
    def _me(self) -> int:
        return int(self.token.partition(":")[0])

    def _composed(self, fields: dict[str, str], name: str, limit: int, too_long: str) -> Sent:
        source = fields.get(name, "")
        text = parse_html(source) if fields.get("parse_mode", "").upper() == "HTML" else Text(source.strip())
        if name == "text" and not text.shown:
            raise Refused("message text is empty")
        if utf16(text.shown) > limit:
            raise Refused(too_long)
        keyboard = parse_keyboard(fields.get("reply_markup", ""))
        return Sent(int(fields["chat_id"]), 0, source, text, tuple(tuple(row) for row in keyboard))

    def _keep(self, message: Sent) -> object:
        self.drafting.pop(message.chat_id, None)
        self.sent.append(replace(message, message_id=next(self._ids)))
        return self._shown(self.sent[-1])

    def _shown(self, message: Sent) -> object:
        shown: dict[str, object] = {
            "message_id": message.message_id,
            "from": {"id": self._me, "is_bot": True, "first_name": "Safiri", "username": self.username},
            "chat": {"id": message.chat_id, "type": "private" if message.chat_id > 0 else "supergroup"},
            "date": int(time.time()),
        }
        if message.document is None:
            return shown | {"text": message.shown}
        file = {"file_id": f"F{message.message_id}", "file_unique_id": f"U{message.message_id}"}
        return shown | {"caption": message.shown, "document": file | {"file_name": message.filename}}


def _scope(fields: Mapping[str, str]) -> str:
    """The kind of a scope; the ones of single chats are not played."""
    kind: str = json.loads(fields.get("scope") or "{}").get("type", "default")
    if kind not in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        raise Refused(f"unsupported scope {kind}")
    return kind


def _language(fields: Mapping[str, str]) -> str:
    code = fields.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise Refused("invalid language code specified")
    return code


def _error(status: int, description: str, parameters: Mapping[str, int] | None = None) -> Response:
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Response(json.dumps(body), status=status, content_type="application/json")
