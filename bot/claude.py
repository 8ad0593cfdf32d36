"""Asks Claude to fill in a form: one call, one answer or none, its tokens counted.

Messages API, version 2026-10-21, through the anthropic SDK: structured output, no `temperature`. Not verified against
the live service: whether every model takes `effort` together with thinking off. Both are left out after the first
refusal (400) that goes away without them; that is the only time anything is asked twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeVar

import httpx2
import structlog
from pydantic import BaseModel, Field, ValidationError

from bot._anthropic import anthropic

if TYPE_CHECKING:
    from anthropic.types import OutputConfigParam

log = structlog.get_logger(__name__)

_LARGEST: Final = 1_000_000  # bytes of an answer; ours are two thousand
_CONNECT: Final = 5.0  # seconds; the SDK's own default
Filled = TypeVar("Filled", bound=BaseModel)


class _Block(BaseModel):
    type: str
    text: str = ""


class _Usage(BaseModel):
    """Tokens of one answer, each counted under one head only."""

    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
    cache_creation_input_tokens: int | None = Field(default=None, ge=0)
    cache_read_input_tokens: int | None = Field(default=None, ge=0)

    def by_kind(self) -> dict[str, int]:
        """Tokens by what they are charged as."""
        return {
            "input": self.input_tokens,
            "output": self.output_tokens,
            "cache_write": self.cache_creation_input_tokens or 0,
            "cache_read": self.cache_read_input_tokens or 0,
        }


class _Message(BaseModel):
    """What is read of a message; thinking blocks may stand before the text."""

    stop_reason: str | None = Field(pattern="^[a-z_]{1,40}$")  # it is logged, so it may not be just anything
    content: list[_Block]
    usage: _Usage = _Usage()


class Tally(Protocol):
    """Adds to a meter that /metrics shows."""

    def __call__(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        """Add."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What may be asked of a model beside the form, and what not every model takes. None leaves it out."""

    thinking: Literal["disabled"] | None = "disabled"
    effort: Literal["low", "medium", "high"] | None = "low"


PLAIN: Final = Options(thinking=None, effort=None)


@dataclass(frozen=True, slots=True)
class Prices:
    """USD for a million tokens of each kind."""

    input: float
    output: float
    cache_write: float
    cache_read: float

    def cost(self, tokens: Mapping[str, int]) -> float:
        """USD for tokens by kind."""
        prices = {
            "input": self.input,
            "output": self.output,
            "cache_write": self.cache_write,
            "cache_read": self.cache_read,
        }
        return sum(prices[kind] * number for kind, number in tokens.items()) / 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `rules` stay the same from one call to the next, byte for byte, so that they are read from cache.

    `use` names the purpose in meters and logs; `within` is in seconds.
    """

    use: str
    rules: str
    turn: str
    most_tokens: int
    within: float


class Claude:
    """A model at an address. Safe to share between threads; never raises, and never logs what was asked or answered.

    Without `prices` nothing is said of cost.
    """

    def __init__(
        self,
        api_key: str,
        model: str,
        base_url: str,
        *,
        tally: Tally | None = None,
        prices: Prices | None = None,
        options: Options = Options(),
    ) -> None:
        self._model = model
        self._tally = tally
        self._prices = prices
        self._options = options
        self._may_ask_again = options != PLAIN
        self._client = anthropic.Anthropic(api_key=api_key, base_url=base_url, max_retries=0)

    def ask(self, form: type[Filled], question: Question) -> Filled | None:
        """The form filled in, or None: Claude failed, refused, was cut off, was late, or wrote something else."""
        told: dict[str, object] = {"use": question.use, "model": self._model}
        filled: Filled | None = None
        try:
            message = self._create(form, question)
            told |= self._counted(message)
            if message.stop_reason == "end_turn":
                words = next((block.text for block in message.content if block.type == "text"), "")
                filled = form.model_validate_json(words)
            else:
                told["reason"] = message.stop_reason
        except anthropic.APIStatusError as exc:
            told |= {"reason": type(exc).__name__, "status": exc.status_code, "request": exc.request_id}
        except (anthropic.AnthropicError, httpx2.HTTPError) as exc:
            told["reason"] = type(exc).__name__
        except ValidationError as exc:
            told["reason"] = ", ".join(sorted({error["type"] for error in exc.errors()}))
        if filled is None:
            log.warning("claude_did_not_answer", **told)
        else:
            log.info("claude_answered", **told)
        self._add("claude_answers", {"use": question.use, "ended": "failed" if filled is None else "answered"})
        return filled

    def _counted(self, message: _Message) -> dict[str, object]:
        """Count what the answer used, whether or not it is of any use; the figures, for the log."""
        tokens = message.usage.by_kind()
        for kind, number in tokens.items():
            if number:
                self._add("claude_tokens", {"kind": kind}, number)
        if self._prices is None:
            return dict(tokens)
        usd = self._prices.cost(tokens)
        self._add("claude_cost_usd", {}, usd)
        return {**tokens, "usd": round(usd, 6)}

    def _add(self, name: str, labels: Mapping[str, str], amount: float = 1) -> None:
        if self._tally is not None:
            self._tally(name, {"model": self._model, **labels}, amount)

    def _create(self, form: type[BaseModel], question: Question) -> _Message:
        """Raises AnthropicError, ValidationError, httpx2.HTTPError."""
        options, again = self._options, self._may_ask_again
        try:
            message = self._post(form, question, options)
        except anthropic.BadRequestError:
            self._may_ask_again = False
            if not again:
                raise
            message = self._post(form, question, PLAIN)
            self._options = PLAIN
        self._may_ask_again = False
        return message

    def _post(self, form: type[BaseModel], question: Question, options: Options) -> _Message:
        """Streamed, because the time-out of a client begins anew with every piece that comes in.

        Raw, because the SDK hands over whatever came back, a hotel's login page included, as if it were a message.
        """
        output: OutputConfigParam = {"format": {"type": "json_schema", "schema": schema_of(form)}}
        if options.effort is not None:
            output["effort"] = options.effort
        until = time.monotonic() + question.within
        with self._client.messages.with_streaming_response.create(
            model=self._model,
            max_tokens=question.most_tokens,
            system=[{"type": "text", "text": question.rules, "cache_control": {"type": "ephemeral"}}],
            messages=[{"role": "user", "content": question.turn}],
            output_config=output,
            thinking=anthropic.omit if options.thinking is None else {"type": options.thinking},
            timeout=httpx2.Timeout(question.within, connect=min(question.within, _CONNECT)),
        ) as response:
            body = b""
            for piece in response.iter_bytes():
                body += piece
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("the answer came too slowly")
                if len(body) > _LARGEST:
                    raise httpx2.DecodingError("the answer has no end")
        return _Message.model_validate_json(body)


@cache
def schema_of(form: type[BaseModel]) -> dict[str, object]:
    """What the model is told of a form; it takes a while to make."""
    return form.model_json_schema()


def harmless(text: str) -> str:
    """A text that cannot close a tag it stands in, and that can be sent: no lone surrogates, no zero bytes."""
    return text.encode(errors="replace").decode().replace("\0", " ").replace("<", "‹").replace(">", "›")
