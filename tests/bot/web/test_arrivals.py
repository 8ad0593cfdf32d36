"""When a request is whole does not depend on the pieces it comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.arrivals import BODY_LIMIT, HEAD_LIMIT, Arrival, Stage

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def stages(*pieces: bytes) -> list[Stage]:
    arrival, found = Arrival(b"", 0.0), []
    for piece in pieces:
        arrival.add(piece)
        found.append(arrival.stage())
    return found


def in_chunks(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@given(st.binary(max_size=300), st.integers(1, 50), st.booleans(), st.lists(st.integers(1, 60), max_size=40))
def test_a_request_is_whole_with_its_last_byte_and_not_before(
    body: bytes, size: int, chunked: bool, cuts: list[int]
) -> None:
    whole = CHUNKED + in_chunks(body, size) if chunked else HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    arrival, at = Arrival(b"", 0.0), 0
    for cut in [*cuts, len(whole)]:
        arrival.add(whole[at : at + cut])
        at += cut
        assert arrival.stage() is (Stage.WHOLE if at >= len(whole) else Stage.PART)
        if at >= len(whole):
            break


@given(st.binary(max_size=400))
def test_no_bytes_break_it(junk: bytes) -> None:
    assert stages(junk)[0] in Stage
    assert stages(CHUNKED + junk)[0] in Stage


def test_what_follows_a_request_does_not_matter() -> None:
    assert stages(HEAD + b"\r\n", b"GET / HT") == [Stage.WHOLE, Stage.WHOLE]


def test_a_length_over_the_limit_is_known_from_the_head() -> None:
    assert stages(HEAD + b"content-length:  %d\r\n\r\n" % (BODY_LIMIT + 1)) == [Stage.BODY_TOO_LONG]
    assert stages(HEAD + b"Content-Length: %d\r\n\r\n" % BODY_LIMIT) == [Stage.PART]


def test_chunks_are_added_up_before_they_have_come() -> None:
    assert stages(CHUNKED + b"%x\r\n" % (BODY_LIMIT + 1)) == [Stage.BODY_TOO_LONG]
    assert stages(CHUNKED + in_chunks(b"x" * (BODY_LIMIT + 1), 4096))[-1] is Stage.BODY_TOO_LONG
    assert stages(CHUNKED + in_chunks(b"x" * BODY_LIMIT, 4096))[-1] is Stage.WHOLE
    dust = CHUNKED + in_chunks(b"x" * (BODY_LIMIT - 1), 1)
    assert stages(dust[: 2 * BODY_LIMIT + 200])[-1] is Stage.BODY_TOO_LONG, "six bytes for each"


def test_a_head_without_end_is_too_long() -> None:
    assert stages(HEAD + b"X: " + b"a" * HEAD_LIMIT) == [Stage.HEAD_TOO_LONG]
    assert stages(HEAD + b"X: " + b"a" * HEAD_LIMIT + b"\r\n\r\n") == [Stage.HEAD_TOO_LONG]


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n", b"-1\r\n", b"1\r\nab\r\n", b"0\r\nTrailer: x\r\n\r\n", b"1" * 300, b"1;\x00\r\n"]
)
def test_chunks_that_are_none_are_malformed(chunks: bytes) -> None:
    assert stages(CHUNKED + chunks)[-1] is Stage.MALFORMED


def test_a_sender_that_asks_first_is_seen_once_its_head_is_here() -> None:
    arrival = Arrival(HEAD + b"Content-Length: 2\r\nExpect: 100-Continue\r\n", 0.0)
    assert (arrival.stage(), arrival.waits_to_send_its_body) == (Stage.PART, False)
    arrival.add(b"\r\n")
    assert (arrival.stage(), arrival.waits_to_send_its_body) == (Stage.PART, True)
