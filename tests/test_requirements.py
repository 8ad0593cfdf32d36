"""Every requirement is pinned, installed as pinned, and has its reason written down."""

import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("requirements.txt", "requirements-dev.txt")


def requirements(file: str) -> list[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith(("#", "-r "))]


def names(file: str) -> list[str]:
    return [re.split(r"[\[=]", line)[0].lower() for line in requirements(file)]


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_names_one_exact_version(file: str) -> None:
    loose = [line for line in requirements(file) if not re.fullmatch(r"[A-Za-z0-9-]+(\[[a-z]+\])?==[0-9][\w.]*", line)]
    assert loose == []


@pytest.mark.parametrize("file", FILES)
def test_requirements_are_sorted_and_named_once(file: str) -> None:
    assert names(file) == sorted(set(names(file)))


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_has_its_reason(file: str) -> None:
    table = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \| \S.+ \|$", table, re.MULTILINE))
    assert set(names(file)) - explained == set()


def test_no_reason_outlives_its_requirement() -> None:
    table = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").partition("\n## Design")[0]
    explained = set(re.findall(r"^\| `([a-z0-9-]+)` \| \S.+ \|$", table, re.MULTILINE))
    assert explained - {name for file in FILES for name in names(file)} == set()


@pytest.mark.parametrize("file", FILES)
def test_what_is_installed_is_what_is_pinned(file: str) -> None:
    pinned = dict(line.split("==") for line in requirements(file))
    found = {name: version(name.partition("[")[0]) for name in pinned}
    assert found == pinned


def test_this_python_is_one_that_is_supported() -> None:
    assert (3, 11) <= sys.version_info[:2] <= (3, 13)
