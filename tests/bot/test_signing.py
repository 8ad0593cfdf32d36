"""Signed addresses: ours, fresh, and for one purpose."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from bot.replies import DocumentKind
from bot.signing import FILE_SECONDS, Expired, FileRef, Forged, Signer

OLD, NEW = "old" * 12, "new" * 12


@given(st.text(max_size=40), st.integers(0, 10**6), st.sampled_from(DocumentKind))
def test_what_is_signed_comes_back(trip_id: str, version: int, kind: DocumentKind) -> None:
    signer = Signer((NEW,))
    assert signer.read(signer.sign(trip_id, version, kind)) == FileRef(trip_id, version, kind)


def test_a_key_can_be_changed_without_breaking_addresses() -> None:
    signed = Signer((OLD,)).sign("trip", 1, DocumentKind.PDF)
    assert Signer((NEW, OLD)).read(signed).trip_id == "trip"
    with pytest.raises(Forged):
        Signer((NEW,)).read(signed)


def test_the_newest_key_signs() -> None:
    signed = Signer((NEW, OLD)).sign("trip", 1, DocumentKind.PDF)
    assert Signer((NEW,)).read(signed).trip_id == "trip"


@given(st.text(max_size=60))
def test_no_text_that_was_not_signed_is_read(text: str) -> None:
    with pytest.raises(Forged):
        Signer((NEW,)).read(text)
    with pytest.raises(Forged):
        Signer((NEW,)).api_owner(text)


def test_any_changed_character_is_noticed() -> None:
    signer = Signer((NEW,))
    signed = signer.sign("trip", 1, DocumentKind.PDF)
    for place, (char, after) in enumerate(pairwise(signed)):
        if char != after:
            with pytest.raises(Forged):
                signer.read(signed[:place] + after + signed[place + 1 :])


class OneHourAgo(TimestampSigner):
    def get_timestamp(self) -> int:
        return super().get_timestamp() - FILE_SECONDS - 2


def test_an_address_is_good_for_an_hour() -> None:
    stale = URLSafeTimedSerializer([NEW], salt="safiri.files", signer=OneHourAgo).dumps(["trip", 1, "pdf"])
    with pytest.raises(Expired):
        Signer((NEW,)).read(stale)


def test_a_signature_for_something_else_of_the_same_key_is_forged() -> None:
    signer = Signer((NEW,))
    with pytest.raises(Forged):
        signer.read(signer.api_token("maker"))
    other = URLSafeTimedSerializer([NEW], salt="safiri.files").dumps(["trip", 1, "exe"])
    with pytest.raises(Forged):
        signer.read(other)


def test_a_token_names_its_owner() -> None:
    signer = Signer((NEW,))
    assert signer.api_owner(signer.api_token("maker")) == "maker"


@pytest.mark.parametrize("keys", [(), ("",), (NEW, "")])
def test_signing_needs_a_key(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="secret key"):
        Signer(keys)
