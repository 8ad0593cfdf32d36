"""The public names of the package: each is there, is listed, and brings no more than it must."""

from __future__ import annotations

import subprocess
import sys

import pytest

import planner


@pytest.mark.parametrize("name", planner.__all__)
def test_every_public_name_can_be_had(name: str) -> None:
    assert callable(getattr(planner, name))


def test_all_that_can_be_had_is_listed() -> None:
    assert sorted(planner.__all__) == sorted(planner._HOME_OF)


def test_a_name_nobody_knows_is_refused() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = planner.nothing


def test_types_come_without_the_solver() -> None:
    script = "import sys, planner; planner.TripRequest; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
