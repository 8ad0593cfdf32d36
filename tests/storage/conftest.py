"""What most tests of storage start from."""

from __future__ import annotations

import pytest

from storage.store import Store


@pytest.fixture
def chat(store: Store) -> int:
    """A chat that wrote once."""
    with store.session() as s:
        return store.chats.open(s, "telegram", "4711", "Wanjiku", "sw")
