"""Where a point is that a traveller named and the guide does not know: "Kilimani", "Sarova Whitesands".

What it is: one question to Nominatim, OpenStreetMap's search, for the best match in Kenya.
Terms: data under the ODbL, to be credited (CREDIT, with its link) where a position is used. The public server's policy:
one question a second for the whole installation, answers kept, a contact of the operator with each question, nothing
typed ahead and nothing in bulk. So it is off without OSM=1 and a contact, the rate is counted in the memory that all
processes share, and an answer, "nothing found" too, is kept for 90 days. NOMINATIM_URL names another server.
Privacy: what is sent is what looks like the name of a place, and nothing else of the traveller. It is neither logged
nor kept: answers are found by a digest of the words.
Oddities: positions come as texts; nothing found is an empty array with a 200; who asks too much gets a 429, later a
403.
Not verified: nothing was asked live; the format is from the project's documentation.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from planner.model import Spot
from providers.base import ProviderError
from providers.guidebook import km_between, places
from providers.http import agent, fetch
from providers.memory import Memory
from providers.points import MAP_CREDIT, MAP_CREDIT_URL, POINT

SERVICE = "OpenStreetMap's search"
CREDIT, CREDIT_URL = MAP_CREDIT, MAP_CREDIT_URL
RATE = "1/second"  # for the whole installation, and not ours to raise
KEPT = 90 * 24 * 3600.0  # seconds
BLOCKED = 3600.0  # seconds for which a server that shut us out is not asked again
AGAIN = 60.0  # … and one that failed
BUDGET = 2.5  # seconds, waiting for one's turn included
NEAR_KM = 60.0  # farther from its town, it is another place of that name
SMALL = 13  # by Nominatim's place_rank: counties and whatever is larger are no points
LONGEST = 80
_PLACE_LIKE = re.compile(r"[^\W\d_][\w .,'’&()/-]*|\d{1,3}[\w .,'’&()/-]*[^\W\d_][\w .,'’&()/-]*")
_LONG_NUMBER = re.compile(r"\d{4}|\d(?:[ .,/()-]*\d){4}")  # also in groups, as telephone numbers are written
_OF_THE_NET = re.compile(r"[^\W\d]\.[^\W\d]")  # a dot within a word: www.example.com
_OWN = re.compile(r"(?i)\b(?:my|our|mine|home|here|this|yangu|yetu|kwangu|kwetu|nyumbani|hapa)\b")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A place of the map. `credit` must be shown where its position is used."""

    name: str
    lat: float
    lon: float
    credit: str = CREDIT


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is remembered."""

    found: Found | None


class _Match(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    place_rank: int = 30
    name: str = ""
    display_name: str = Field(min_length=1)


_Answer = TypeAdapter(list[_Match])


def enabled(keys: Mapping[str, str]) -> bool:
    """Whether it is switched on, and its owner could reach us."""
    return bool(keys.get("OSM")) and (
        bool(keys.get("CONTACT_EMAIL")) or keys.get("PUBLIC_URL", "").startswith("https://")
    )


def is_place_like(words: str) -> bool:
    """Whether words may be the name of a place: short, with letters, no telephone number, address or "my house"."""
    text = words.strip()
    told = len(text) <= LONGEST and _PLACE_LIKE.fullmatch(text) and sum(char.isalpha() for char in text) > 1
    return bool(told) and not any(never.search(text) for never in (_LONG_NUMBER, _OF_THE_NET, _OWN))


def parse(body: bytes) -> Found | None:
    """The best match, None when there is none. Raises ProviderError."""
    try:
        told = _Answer.validate_json(body)
    except ValidationError as exc:
        raise ProviderError(f"{SERVICE} answered in another shape ({exc.error_count()} problems)") from exc
    if not told or told[0].place_rank < SMALL:
        return None
    best = told[0]
    return Found(best.name or best.display_name.partition(",")[0], best.lat, best.lon)


async def position(http: httpx.AsyncClient, keys: Mapping[str, str], memory: Memory, words: str) -> Found | None:
    """The place in Kenya that goes by these words, None when the map has none or it is not asked. Raises ProviderError.

    It is not asked when it is not enabled, or the words do not look like a place.
    """
    text = " ".join(words.split())
    if not enabled(keys) or not is_place_like(text):
        return None
    key = f"place:{hashlib.sha256(text.casefold().encode()).hexdigest()[:32]}"
    try:
        async with asyncio.timeout(BUDGET):
            while (kept := memory.recall(key, Kept)) is None:
                if left := memory.marked("busy:nominatim"):
                    raise ProviderError(f"{SERVICE} asked us to wait", retry_after=left)
                if wait := memory.wait_before("nominatim", RATE):
                    await asyncio.sleep(wait)  # and look again: somebody else may have asked the same
                    continue
                kept = Kept(await _asked(http, keys, memory, text))
                memory.keep(key, kept, KEPT)
                break
    except TimeoutError as exc:
        raise ProviderError(f"{SERVICE} did not answer in {BUDGET:g} s") from exc
    return kept.found


async def _asked(http: httpx.AsyncClient, keys: Mapping[str, str], memory: Memory, text: str) -> Found | None:
    base = (keys.get("NOMINATIM_URL") or "https://nominatim.openstreetmap.org").rstrip("/")
    try:
        body = await fetch(
            http, "GET", f"{base}/search", service=SERVICE, explain=_explained,
            params={"q": text, "countrycodes": "ke", "format": "jsonv2", "limit": "1"},
            headers={"User-Agent": agent(keys), "Accept-Language": "en"},
        )  # fmt: skip
    except ProviderError as exc:
        memory.mark("busy:nominatim", exc.retry_after or AGAIN)
        raise
    except asyncio.CancelledError:
        memory.mark("busy:nominatim", AGAIN)  # nobody waited any longer, and nobody else need do so
        raise
    return parse(body)


def _explained(response: httpx.Response, body: bytes) -> ProviderError | None:
    """There is no key that could be refused: a 403 is for having asked too much, or without saying who one is."""
    if response.status_code == 403:
        return ProviderError(f"{SERVICE} has shut us out: see its usage policy", permanent=True, retry_after=BLOCKED)
    return None


async def placed(
    http: httpx.AsyncClient, keys: Mapping[str, str], memory: Memory, spots: Sequence[Spot]
) -> tuple[Spot, ...]:
    """The same spots, those that are only a traveller's words with their position, if the map has one near their town.

    What the map does not know, or cannot be asked about, stays as it is.
    """
    return tuple(await asyncio.gather(*(_placed(http, keys, memory, spot) for spot in spots)))


async def _placed(http: httpx.AsyncClient, keys: Mapping[str, str], memory: Memory, spot: Spot) -> Spot:
    town = places().get(spot.place)
    if not is_only_words(spot) or town is None or not is_place_like(spot.name):
        return spot
    try:
        found = await position(http, keys, memory, f"{spot.name}, {town.name}")
    except ProviderError as exc:
        log.warning("a point was not looked up: %s", exc)  # the error names the service, never the words
        return spot
    if found is None:
        return spot
    mapped = replace(spot, lat=found.lat, lon=found.lon)
    km = km_between(mapped, town)
    return mapped if km is None or km <= NEAR_KM else spot


def is_only_words(spot: Spot) -> bool:
    """Whether a point is known by a traveller's words alone (see providers.points)."""
    return spot.id.startswith(POINT) and spot.lat is None
