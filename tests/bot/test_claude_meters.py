"""What Claude's answers use is counted by model, for /metrics and once for the log."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ConfigDict
from structlog.testing import capture_logs

from bot.claude import Claude, Prices, Question
from storage.memory import ProcessMemory
from tests.fakes import anthropic as fake
from tests.fakes.anthropic import FakeAnthropic

MODEL = {"model": "claude-haiku-5-5"}
QUESTION = Question("reading", "Fill in the form.", "a secret wish", 100, 5.0)
PRICES = Prices(0.10, 0.50, 0.125, 0.01)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    word: str


@pytest.fixture
def service() -> Iterator[FakeAnthropic]:
    with FakeAnthropic() as running:
        yield running


@pytest.fixture
def memory() -> ProcessMemory:
    return ProcessMemory()


def client(service: FakeAnthropic, memory: ProcessMemory, prices: Prices | None = None) -> Claude:
    return service.client(tally=memory.tally, prices=prices)


def counted(memory: ProcessMemory, name: str, **labels: str) -> float:
    found = memory.tallies().get(name, {})
    return {frozenset(of): amount for of, amount in found.items()}.get(frozenset({**MODEL, **labels}.items()), 0.0)


def test_tokens_are_counted_by_what_they_are_charged_as(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.message('{"word": "yes"}'))
    asker = client(service, memory)
    assert asker.ask(Form, QUESTION) == Form(word="yes")
    asker.ask(Form, QUESTION)
    kinds = ("input", "output", "cache_write", "cache_read")
    assert [counted(memory, "claude_tokens", kind=kind) for kind in kinds] == [824, 192, 0, 3072]
    assert counted(memory, "claude_answers", use="reading", ended="answered") == 2


def test_an_answer_that_is_of_no_use_is_paid_for_too(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.truncated(), fake.message("prose"), fake.error("529"))
    asker = client(service, memory)
    assert [asker.ask(Form, QUESTION) for _ in range(3)] == [None, None, None]
    assert counted(memory, "claude_tokens", kind="output") > 96
    assert counted(memory, "claude_answers", use="reading", ended="failed") == 3


def test_cost_is_what_the_prices_make_it(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.message('{"word": "yes"}'))
    client(service, memory, PRICES).ask(Form, QUESTION)
    expected = (412 * 0.10 + 96 * 0.50 + 1536 * 0.01) / 1_000_000
    assert counted(memory, "claude_cost_usd") == pytest.approx(expected)


def test_without_prices_nothing_is_said_of_cost(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.message('{"word": "yes"}'))
    with capture_logs() as logs:
        client(service, memory).ask(Form, QUESTION)
    assert "claude_cost_usd" not in memory.tallies()
    assert "usd" not in logs[0]


def test_an_answer_is_logged_once_with_its_figures_and_without_a_word_of_it(
    service: FakeAnthropic, memory: ProcessMemory
) -> None:
    service.answers(fake.message('{"word": "crocodile"}'))
    with capture_logs() as logs:
        client(service, memory, PRICES).ask(Form, QUESTION)
    (line,) = logs
    assert (line["use"], line["input"], line["output"], line["cache_read"]) == ("reading", 412, 96, 1536)
    assert "crocodile" not in json.dumps(line)
    assert "secret" not in json.dumps(line)


def test_what_a_failure_may_quote_is_not_logged(service: FakeAnthropic, memory: ProcessMemory) -> None:
    body = json.dumps({"type": "error", "error": {"type": "invalid_request_error", "message": "a secret wish"}})
    service.answers(fake.Answer(400, body.encode()))
    with capture_logs() as logs:
        assert client(service, memory).ask(Form, QUESTION) is None
    assert [line["status"] for line in logs] == [400]
    assert "secret" not in json.dumps(logs)


def test_a_stop_reason_that_is_a_text_is_not_logged(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.message('{"word": "yes"}', stop_reason="a secret wish"))
    with capture_logs() as logs:
        assert client(service, memory).ask(Form, QUESTION) is None
    assert "secret" not in json.dumps(logs)


def test_an_answer_without_end_is_left(service: FakeAnthropic, memory: ProcessMemory) -> None:
    service.answers(fake.message("x" * 2_000_000))
    assert client(service, memory).ask(Form, QUESTION) is None
