"""Dataclasses to JSON text and back, losing nothing."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

T = TypeVar("T")

NAIROBI = ZoneInfo("Africa/Nairobi")
_EAST_AFRICA = timedelta(hours=3)


class BadShape(Exception):
    """Text that is not JSON, or not of the type asked for."""


def dump(value: object) -> str:
    """JSON text of a dataclass. Lone surrogates, which JSON cannot carry, become question marks."""
    kind: Any = type(value)
    adapter = _adapter(kind)
    try:
        return adapter.dump_json(value).decode()
    except (UnicodeEncodeError, PydanticSerializationError):
        return adapter.dump_json(_readable(value)).decode()


def load(kind: type[T], text: str) -> T:
    """The value again. Raises BadShape.

    JSON keeps the offset of a time, not its zone: +03:00 comes back as Africa/Nairobi, other offsets as such.
    """
    try:
        value: T = _adapter(cast("Any", kind)).validate_json(text)
    except ValidationError as exc:
        # The message of a ValidationError quotes its input, which is personal data.
        raise BadShape(f"not a {kind.__name__}: {exc.error_count()} problems") from None
    # Most texts hold no time, and looking through a conversation for one takes longer than all the rest.
    return cast("T", _in_zone(value)) if "+03" in text else value


@lru_cache(maxsize=64)
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _in_zone(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=_zone(value.tzinfo)) if value.utcoffset() == _EAST_AFRICA else value
    return _rebuild(value, _in_zone)


def _zone(given: tzinfo | None) -> tzinfo | None:
    return given if isinstance(given, ZoneInfo) else NAIROBI


def _readable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return _rebuild(value, _readable)


@lru_cache(maxsize=256)
def _fields(kind: type[Any]) -> tuple[str, ...]:
    """Names of what a dataclass is made of; none for anything else."""
    return tuple(field.name for field in fields(kind) if field.init) if is_dataclass(kind) else ()


def _rebuild(value: Any, change: Any) -> Any:
    """The same structure with `change` applied to what it holds; untouched parts stay the same objects."""
    if names := _fields(cast("Any", type(value))):
        new = {name: changed for name in names if (changed := change(old := getattr(value, name))) is not old}
        return replace(value, **new) if new else value
    if isinstance(value, list | tuple):
        items = [change(item) for item in value]
        same = all(new is old for new, old in zip(items, value, strict=True))
        return value if same else type(value)(items)
    if isinstance(value, dict):
        return {change(key): change(item) for key, item in value.items()}
    return value
