"""Forms of message at an app are known to every process once one has made them."""

from __future__ import annotations

from storage.contents import ContentRow
from storage.store import Store


def test_a_form_is_known_by_name_and_its_approval_can_change(store: Store) -> None:
    with store.session() as s:
        assert store.contents.all(s) == {}
        store.contents.put(s, "buttons", "HX1")
        store.contents.put(s, "invite", "HX2", "received")
        store.contents.put(s, "invite", "HX2", "approved")
    with store.reading() as s:
        assert store.contents.all(s) == {
            "buttons": ContentRow("buttons", "HX1", ""),
            "invite": ContentRow("invite", "HX2", "approved"),
        }
