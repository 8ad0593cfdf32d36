"""The services outside, played at the loopback with the time they take: a model and sources of offers."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx

from providers import sandbox
from tests.bench.lean import Answer, Asked, Server
from tests.fakes.anthropic import said

MODEL_SECONDS = 1.0
SOURCE_SECONDS = 0.8
TOWNS = ("Mombasa", "Kisumu", "Diani", "Nakuru", "Naivasha", "Malindi", "Eldoret", "Watamu", "Nyeri", "Nanyuki")
KEY = "sk-ant-loopback-0123456789"
# Sources with an address of their own in the settings; the others of the sandbox are not asked.
SOURCES = {
    "buupass": "BUUPASS_API_URL",
    "karibu": "KARIBU_API_URL",
    "duffel": "DUFFEL_API_URL",
    "fx": "FX_URL",  # no source of offers: the shillings for what they ask
}
_WISH = re.compile(r"Plan a (\d)-day (\w+) trip from Nairobi (.+?) for (\d), budget ([\d,]+) KES")


def wish(number: int) -> str:
    """What the person of this number wants: few want the same, all can have it."""
    town, days = TOWNS[number % len(TOWNS)], 2 + number // 10 % 3
    day, people = 1 + number // 30 % 14, 1 + number // 7 % 3
    return f"Plan a {days}-day {town} trip from Nairobi on {day} December for {people}, budget {150 * people},000 KES"


@asynccontextmanager
async def outside(
    model_seconds: float = MODEL_SECONDS, source_seconds: float = SOURCE_SECONDS
) -> AsyncIterator[dict[str, str]]:
    """All of them; the settings that lead there."""
    settings: dict[str, str] = {}
    services = {service.name: service for service in sandbox.services()}
    async with AsyncExitStack() as running:
        for name, setting in SOURCES.items():
            server = await running.enter_async_context(Server(partial(_offers, services[name], source_seconds)))
            settings |= {**services[name].keys, setting: server.url}
        model = await running.enter_async_context(Server(partial(_read, model_seconds)))
        yield settings | {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}


def _offers(service: sandbox.Service, seconds: float, asked: Asked) -> Answer:
    lines = asked.head.decode("latin-1").split("\r\n")[1:]
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    request = httpx.Request(
        asked.method, f"https://{service.hosts[0]}{asked.target}", headers=headers, content=asked.body
    )
    answer = service.answer(request)
    return Answer(answer.content, answer.status_code, seconds, answer.headers.get("content-type", "text/plain"))


def _read(seconds: float, asked: Asked) -> Answer:
    """What a model that reads well finds in a wish."""
    found = _WISH.search(json.dumps(json.loads(asked.body)["messages"], ensure_ascii=False))
    if not found:
        return Answer(said().body, delay=seconds)
    days, town, date, people, budget = found.groups()
    answer = said(
        action="create_itinerary",
        origin={"words": "Nairobi", "place": ""},
        destinations=[{"words": town, "place": ""}],
        date_words=date,
        duration_days=int(days),
        passengers=int(people),
        budget_words=f"budget {budget} KES",
    )
    return Answer(answer.body, delay=seconds)
