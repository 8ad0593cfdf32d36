"""Texts come back exactly, only with their key; lookups are stable, keyed and apart from the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import Unreadable, Vault

OLD, NEW = "old secret " * 4, "new secret " * 4
old, new, both = Vault((OLD,)), Vault((NEW,)), Vault((NEW, OLD))
any_text = st.text(st.characters())  # surrogates included


@given(any_text)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert both.open(both.seal(text)) == text


@given(st.binary(max_size=2000))
def test_any_file_comes_back_as_it_was(content: bytes) -> None:
    assert both.open_bytes(both.seal_bytes(content)) == content


@given(any_text)
def test_a_rotated_text_needs_the_new_secret_only(text: str) -> None:
    token = old.seal(text)
    assert both.open(token) == text
    rotated = both.rotate(token)
    assert new.open(rotated) == text
    with pytest.raises(Unreadable):
        old.open(rotated)


def test_a_token_tells_neither_its_text_nor_that_two_texts_are_equal() -> None:
    first, second = old.seal("+254711000111"), old.seal("+254711000111")
    assert first != second
    assert "254711" not in first


@pytest.mark.parametrize(
    "token",
    ["", "gAAAAA", "habari", "ñ", old.seal("x")[:-4], new.seal("x")],
    ids=["empty", "a beginning", "a word", "no ASCII", "cut short", "of another key"],  # tokens differ in each process
)
def test_what_no_key_made_is_unreadable(token: str) -> None:
    with pytest.raises(Unreadable):
        old.open(token)


def test_only_a_token_of_the_first_secret_is_current() -> None:
    assert both.is_current(new.seal("x"))
    assert not both.is_current(old.seal("x"))
    assert both.is_current(both.seal_bytes(b"x"))


@given(any_text)
def test_a_lookup_is_the_same_each_time_and_found_under_every_secret(value: str) -> None:
    assert both.lookup("address", value) == new.lookup("address", value)
    assert both.lookups("address", value) == (new.lookup("address", value), old.lookup("address", value))


def test_lookups_differ_by_label_value_and_secret() -> None:
    seen = {vault.lookup(label, value) for vault in (old, new) for label in ("a", "b") for value in ("1", "2")}
    assert len(seen) == 8


@pytest.mark.parametrize("secrets", [(), ("",), (NEW, "")])
def test_an_empty_secret_is_refused(secrets: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret"):
        Vault(secrets)
