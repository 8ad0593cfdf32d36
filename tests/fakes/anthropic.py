"""Anthropic's Messages API on the loopback, with its rules and its errors.

    with FakeAnthropic() as claude:
        claude.answers(said(action="search_buses", …))          # the last answer is repeated
        parser = ClaudeParser(claude.client(), gazetteer, rules)
        …
        assert claude.requests[0].text == "bus to Kisumu"

Shapes: recordings of the SDK in tests/fixtures/anthropic and https://platform.claude.com/docs/en/api/messages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from bot.claude import Claude
from tests.fakes.loopback import Loopback

FIXTURES = Path(__file__).parents[1] / "fixtures" / "anthropic"
VERSION = "2026-10-21"
KEYS = {"model", "max_tokens", "messages", "system", "output_config", "thinking", "tools", "tool_choice", "metadata"}
KEYS |= {"stop_sequences", "stream", "service_tier", "cache_control"}
SCHEMA_WORDS = {"type", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "properties", "required", "items"}
SCHEMA_WORDS |= {"additionalProperties", "description", "title", "format"}
MOST_UNIONS = 16
_ERRORS: dict[str, Any] = json.loads((FIXTURES / "composed_errors.json").read_text())


@dataclass(frozen=True)
class Answer:
    """What goes back. `hangs`: nothing does, until the client has gone or the fake closes; `drips`: byte by byte.

    `cut`: the connection ends after the headers.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: float = 0.0  # seconds between two bytes
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    """A request that kept the rules. `text` is the last user turn."""

    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        content = self.body["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(block.get("text", "") for block in content)


Scenario = Answer | Callable[[str], Answer]


def message(text: str, *, stop_reason: str = "end_turn", thinking: str = "") -> Answer:
    """A finished message with this text; with `thinking`, a thinking block stands before it."""
    body = json.loads((FIXTURES / "composed_response_structured_output.json").read_text())
    before = [{"type": "thinking", "thinking": thinking, "signature": "EqQBCgIYAhIM"}] if thinking else []
    body["content"] = [*before, {"type": "text", "text": text}]
    body["stop_reason"] = stop_reason
    return Answer(body=json.dumps(body).encode())


def said(**fields: object) -> Answer:
    """A structured answer: what the model read in the message, everything else absent."""
    absent: dict[str, object] = {
        "action": "other", "lang": "en", "origin": {"words": "", "place": ""}, "destinations": [], "date_words": "",
        "start_date": "", "end_date": "", "nights": None, "duration_days": None, "duration_delta_days": None,
        "day": None, "passengers": None, "children": None, "budget_words": "", "preferences": [], "remove": [],
        "topic": "", "origin_point": "", "destination_point": "", "operator": "", "choice": None,
    }  # fmt: skip
    return message(json.dumps({**absent, **fields}))


def refusal() -> Answer:
    """The model declines: no content, stop_reason "refusal"."""
    return Answer(body=(FIXTURES / "composed_response_refusal.json").read_bytes())


def truncated() -> Answer:
    """The answer is cut at max_tokens in the middle of its JSON."""
    return Answer(body=(FIXTURES / "composed_response_truncated_max_tokens.json").read_bytes())


def error(name: str) -> Answer:
    """A documented failure by its name in composed_errors.json: "401", "429_spend_limit_no_retry_after", "529" …"""
    composed = _ERRORS[name]
    return Answer(composed["status"], json.dumps(composed["body"]).encode(), composed["headers"])


def garbage() -> Answer:
    """Something in between answers 200 with a page of its own."""
    return Answer(body=b"<html>Welcome to the hotel WiFi</html>", headers={"content-type": "text/html"})


def hang() -> Answer:
    """No answer."""
    return Answer(hangs=True)


def reset() -> Answer:
    """The connection is lost before the answer is complete."""
    return Answer(body=said().body, cut=True)


def drip(pause: float = 0.05) -> Answer:
    """An answer that comes in so slowly that no single wait is long, but all of them are."""
    return Answer(body=said().body, drips=pause)


class FakeAnthropic(Loopback):
    """The service. `requests` are those that kept the rules, `refused` what was wrong with the others."""

    key = "sk-ant-loopback-0123456789"

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.refused: list[str] = []
        self._unsupported: frozenset[str] = frozenset()
        self._scenarios: list[Scenario] = [said()]
        super().__init__()

    def client(self, **more: Any) -> Claude:
        """A client of this service."""
        return Claude(self.key, "claude-haiku-5-5", self.url, **more)

    def answers(self, *scenarios: Scenario) -> None:
        """Give these in turn, the last one for ever; a function is handed the user's turn."""
        with self.changed:
            self._scenarios = list(scenarios)

    def does_not_support(self, *names: str) -> None:
        """Refuse requests with these parameters ("thinking", "effort"), as some models do."""
        self._unsupported = frozenset(names)

    def answer(self, request: Request) -> Response:
        problem, status = self._problem(request)
        with self.changed:
            if problem:
                self.refused.append(problem)
                self.changed.notify_all()
                return _error(status, problem)
            asked = Asked(dict(request.headers), json.loads(request.get_data()))
            self.requests.append(asked)
            scenario = self._scenarios.pop(0) if len(self._scenarios) > 1 else self._scenarios[0]
            self.changed.notify_all()
        answer = scenario if isinstance(scenario, Answer) else scenario(asked.text)
        if answer.hangs:
            self.closing.wait(30)
        headers = {"content-type": "application/json", "request-id": "req_011CSHoEeqs5C35K2UUqR7Fy", **answer.headers}
        if answer.cut:
            return Response(answer.body[:20], answer.status, {**headers, "content-length": str(len(answer.body))})
        if answer.drips:
            return Response(self._slowly(answer), answer.status, headers)
        return Response(answer.body, answer.status, headers)

    def _slowly(self, answer: Answer) -> Iterator[bytes]:
        for byte in answer.body:
            if self.closing.wait(answer.drips):
                return
            yield bytes([byte])

    def _problem(self, request: Request) -> tuple[str, int]:
        """What the real service would refuse, with its status; "" when all is well."""
        if (request.method, request.path) != ("POST", "/v1/messages"):
            return f"not found: {request.method} {request.path}", 404
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.key not in (bearer, request.headers.get("x-api-key")):
            return "invalid x-api-key", 401
        if request.headers.get("anthropic-version") != VERSION:
            return f"anthropic-version: {request.headers.get('anthropic-version')!r}", 400
        try:
            body = json.loads(request.get_data())
        except ValueError:
            return "body is not JSON", 400
        return next(_faults(body, self._unsupported), ""), 400


def _faults(body: dict[str, Any], unsupported: frozenset[str]) -> Any:
    for name in sorted(body.keys() - KEYS):
        yield f"{name}: Extra inputs are not permitted"
    if not isinstance(body.get("model"), str) or not re.fullmatch(r"claude-[a-z0-9-]+", body["model"]):
        yield "model: Input should be a valid model"
    if not isinstance(body.get("max_tokens"), int) or body["max_tokens"] < 1:
        yield "max_tokens: Input should be greater than or equal to 1"
    turns = body.get("messages") or []
    if (
        not turns
        or turns[0].get("role") != "user"
        or any(turn.get("role") not in ("user", "assistant") for turn in turns)
    ):
        yield "messages: first message must use the user role"
    if any(not turn.get("content") for turn in turns):
        yield "messages: text content blocks must be non-empty"
    thinking = body.get("thinking")
    if thinking is not None and thinking.get("type") not in ("disabled", "enabled", "adaptive"):
        yield "thinking.type: Input should be 'disabled', 'enabled' or 'adaptive'"
    output = body.get("output_config") or {}
    if "thinking" in unsupported and thinking is not None:
        yield "thinking: not supported by this model"
    if "effort" in unsupported and "effort" in output:
        yield "output_config.effort: not supported by this model"
    if "effort" in output and output["effort"] not in ("low", "medium", "high", "xhigh", "max"):
        yield "output_config.effort: unknown level"
    if "format" in output:
        if output["format"].get("type") != "json_schema":
            yield "output_config.format.type: Input should be 'json_schema'"
        schema = output["format"].get("schema", {})
        yield from _schema_faults(schema, "schema")
        if json.dumps(schema).count('"anyOf"') > MOST_UNIONS:
            yield f"schema: more than {MOST_UNIONS} parameters with union types"


def _schema_faults(schema: Any, at: str) -> Any:
    """Breaches of the JSON Schema subset that structured output accepts."""
    if not isinstance(schema, dict):
        yield f"{at}: not a schema"
        return
    for word in sorted(schema.keys() - SCHEMA_WORDS):
        yield f"{at}: '{word}' is not supported"
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            yield f"{at}: 'additionalProperties' must be explicitly set to false"
        if set(schema.get("required", ())) != set(schema.get("properties", ())):
            yield f"{at}: every property is to be required"
    for name, part in {**schema.get("properties", {}), **schema.get("$defs", {})}.items():
        yield from _schema_faults(part, f"{at}.{name}")
    for number, part in enumerate((*schema.get("anyOf", ()), *schema.get("allOf", ()))):
        yield from _schema_faults(part, f"{at}[{number}]")
    if "items" in schema:
        yield from _schema_faults(schema["items"], f"{at}[]")


def _error(status: int, text: str) -> Response:
    kind = {401: "authentication_error", 404: "not_found_error"}.get(status, "invalid_request_error")
    body = {"type": "error", "error": {"type": kind, "message": text}, "request_id": "req_011CSHoEeqs5C35K2UUqR7Fy"}
    return Response(json.dumps(body), status, {"content-type": "application/json"})
