"""The holidays of Kenya (PyPI `holidays`); those by the moon are its estimate until they are announced."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType

import holidays


@contextmanager
def _without_other_countries() -> Iterator[None]:
    """While Kenya is imported, the package around it is a stand-in: it would import 250 more, 8 MB of every worker."""
    package = "holidays.countries"
    if package in sys.modules:
        yield
        return
    countries = ModuleType(package)
    countries.__path__ = [str(Path(folder, "countries")) for folder in holidays.__path__]
    sys.modules[package] = countries
    try:
        yield
    finally:
        del sys.modules[package]


with _without_other_countries():
    from holidays.countries.kenya import Kenya


def named(years: Iterable[int]) -> Mapping[date, str]:
    """The holidays of these years, names in English, several on one day parted by "; "."""
    return Kenya(years=years)


def public_holidays(first: date, last: date) -> frozenset[date]:
    """Those from `first` to `last`, both included; a day off in place of one on a Sunday is one, too."""
    return frozenset(day for day in named(range(first.year, last.year + 1)) if first <= day <= last)
