"""For tests of what is said: what a database does to a dialogue is shown by test_conversation, on both."""

from __future__ import annotations

import pytest


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """In the place of the fixture that runs each test on both databases."""
    return sqlite_url
