"""Finds the sources: every module of `providers.sources` names its one provider as `PROVIDER`."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from providers import sources
from providers.base import Provider

ALTERNATIVES = "|"  # in a need: any of the settings will do


@cache
def _discovered() -> tuple[type[Provider], ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(sources.__path__))
    found: list[type[Provider]] = [import_module(f"{sources.__name__}.{name}").PROVIDER for name in names]
    return tuple(found)


def discover() -> list[type[Provider]]:
    """Every provider there is, in order of file name."""
    return list(_discovered())


def enabled(keys: Mapping[str, str], offline: bool = False) -> list[type[Provider]]:
    """The providers whose needs are met by `keys`; offline, only those that need no key."""
    return [p for p in discover() if not p.needs or (not offline and is_on(p, keys))]


def is_on(provider: type[Provider], keys: Mapping[str, str]) -> bool:
    """Whether `keys` have everything that a provider needs."""
    return all(_met(need, keys) for need in provider.needs)


def missing(keys: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Per provider that is off: the settings it still needs."""
    lacking = {p.name: tuple(need for need in p.needs if not _met(need, keys)) for p in discover()}
    return {name: needs for name, needs in lacking.items() if needs}


def _met(need: str, keys: Mapping[str, str]) -> bool:
    return any(keys.get(name) for name in need.split(ALTERNATIVES))
