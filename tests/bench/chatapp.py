"""Telegram as a load sees it: takes the bot's calls, answers in the right shape, remembers when which chat got what."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from tests.bench.lean import Answer, Asked, Server

TOKEN = "123456:AAF-loopback-token-of-nobody-0123"
SECRET = "a-webhook-secret"
ME = {"id": 123456, "is_bot": True, "first_name": "Safiri", "username": "SafiriTestBot"}
UPDATE_BYTES = 920  # of an update with a short message of somebody with names, as Telegram sends it
_FIELD = re.compile(rb'name="(chat_id|text|caption|message_id)"[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot; `at` on the clock of time.perf_counter."""

    at: float
    method: str
    chat_id: int
    text: str


class ChatApp(Server):
    """The Bot API. `calls` are all calls that name a chat, by chat. `delay`: seconds it takes to answer one."""

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__(self._take)
        self._delay = delay
        self.calls: defaultdict[int, list[Call]] = defaultdict(list)
        self._ids = itertools.count(1)
        self._update_ids = itertools.count(700_000_001)
        self._waiting: dict[int, list[tuple[str, int, asyncio.Future[float]]]] = {}

    def update(self, chat_id: int, text: str, size: int = 0) -> bytes:
        """An update with a private message, drawn out to `size` bytes."""
        return update(next(self._update_ids), chat_id, text, size)

    async def received(self, chat_id: int, method: str, count: int, patience: float) -> float:
        """When the chat got its `count`-th call of this method, counted from the start. Raises TimeoutError."""
        before = [call.at for call in self.calls[chat_id] if call.method == method]
        if len(before) >= count:
            return before[count - 1]
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(chat_id, []).append((method, count, future))
        async with asyncio.timeout(patience):
            return await future

    def count(self, chat_id: int, method: str) -> int:
        return sum(call.method == method for call in self.calls[chat_id])

    def _take(self, asked: Asked) -> Answer:
        at, method = time.perf_counter(), asked.target.rpartition("/")[2]
        fields = _fields(asked)
        chat_id, text = int(fields.get("chat_id", 0)), fields.get("text", fields.get("caption", ""))
        if chat_id:
            self.calls[chat_id].append(Call(at, method, chat_id, text))
            self._wake(chat_id, method, at)
        said = {"ok": True, "result": self._result(method, chat_id, text, fields)}
        return Answer(json.dumps(said).encode(), delay=self._delay)

    def _wake(self, chat_id: int, method: str, at: float) -> None:
        for wanted in list(self._waiting.get(chat_id, ())):
            wanted_method, count, future = wanted
            if method == wanted_method and self.count(chat_id, method) >= count:
                self._waiting[chat_id].remove(wanted)
                if not future.done():
                    future.set_result(at)

    def _result(self, method: str, chat_id: int, text: str, fields: dict[str, str]) -> object:
        if method == "getMe":
            return ME
        if method not in ("sendMessage", "sendDocument", "editMessageText"):
            return True
        number = int(fields.get("message_id", 0)) or next(self._ids)
        message: dict[str, Any] = {"message_id": number, "from": ME, "date": int(time.time())}
        message["chat"] = {"id": chat_id, "type": "private"}
        if method != "sendDocument":
            return message | {"text": text}
        return message | {"caption": text, "document": {"file_id": f"F{number}", "file_unique_id": f"U{number}"}}


def update(update_id: int, chat_id: int, text: str, size: int = 0) -> bytes:
    """An update with a private message, drawn out to `size` bytes by its text."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Amina", "last_name": "Wanjiku", "username": "amina_w"}
    chat = {"id": chat_id, "first_name": "Amina", "last_name": "Wanjiku", "username": "amina_w", "type": "private"}
    message: dict[str, Any] = {
        "message_id": update_id % 1_000_000,
        "from": {**person, "language_code": "en"},
        "chat": chat,
        "date": int(time.time()),
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"offset": 0, "length": len(text), "type": "bot_command"}]
    whole = json.dumps({"update_id": update_id, "message": message})
    if len(whole) < size:
        message["text"] += " " + "x" * (size - len(whole) - 1)
        whole = json.dumps({"update_id": update_id, "message": message})
    return whole.encode()


def _fields(asked: Asked) -> dict[str, str]:
    """What a call says, of what is looked at: from a form, JSON or a form with files."""
    if b"multipart/form-data" in asked.head:
        return {name.decode(): value.decode(errors="replace") for name, value in _FIELD.findall(asked.body)}
    if b"application/json" in asked.head:
        return {name: str(value) for name, value in json.loads(asked.body or b"{}").items()}
    return {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
