"""Requests on their way in: what of one has come, and whether that is all of it."""

from __future__ import annotations

import re
from enum import Enum

HEAD_LIMIT = 32 * 1024  # bytes of request line and headers together
BODY_LIMIT = 256 * 1024
LINE_LIMIT = 256  # bytes of the line that says how long a chunk is

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?mi)^content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r$")
_CHUNKED = re.compile(rb"(?mi)^transfer-encoding[ \t]*:[^\r\n]*chunked")
_EXPECTS = re.compile(rb"(?mi)^expect[ \t]*:[ \t]*100-continue[ \t]*\r$")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")  # extensions, which nobody sends, are refused


class Stage(Enum):
    """How far a request has come."""

    PART = "part"
    WHOLE = "whole"
    MALFORMED = "malformed"  # its chunks, that is: who parses it refuses everything else
    HEAD_TOO_LONG = "head too long"
    BODY_TOO_LONG = "body too long"


class Arrival:
    """The bytes of one request (RFC 9112) as they come in. It decides when to parse them, never what they mean."""

    __slots__ = ("_at", "_body", "_chunked", "_head_end", "_needed", "deadline", "received")

    def __init__(self, received: bytes, deadline: float) -> None:
        """`deadline`: when it must be whole, on whatever clock its owner reads."""
        self.received = bytearray(received)
        self.deadline = deadline
        self._head_end = -1
        self._needed = 0  # bytes in all, once the head has said so
        self._chunked = False
        self._at = 0  # up to here the chunks were read
        self._body = 0  # bytes inside of them

    def add(self, piece: bytes) -> None:
        """More has come."""
        self.received += piece

    def stage(self) -> Stage:
        """How far it is now."""
        if self._head_end < 0 and not self._read_head():
            return Stage.HEAD_TOO_LONG if len(self.received) > HEAD_LIMIT else Stage.PART
        if self._head_end > HEAD_LIMIT:
            return Stage.HEAD_TOO_LONG
        if self._chunked:
            return self._chunks()
        if self._needed - self._head_end > BODY_LIMIT:
            return Stage.BODY_TOO_LONG
        return Stage.WHOLE if len(self.received) >= self._needed else Stage.PART

    @property
    def waits_to_send_its_body(self) -> bool:
        """Whether its sender wants to be told to go on (RFC 9110, 10.1.1)."""
        return len(self.received) == self._head_end and _EXPECTS.search(self.received, 0, self._head_end) is not None

    def _read_head(self) -> bool:
        end = self.received.find(_END)
        if end < 0:
            return False
        self._head_end = self._at = end + len(_END)
        head = bytes(self.received[: self._head_end])
        self._chunked = _CHUNKED.search(head) is not None
        # Several lengths that differ are refused by the parser; until then the longest is waited for.
        self._needed = self._head_end + max((int(length) for length in _LENGTH.findall(head)), default=0)
        return True

    def _chunks(self) -> Stage:
        while self._at < len(self.received):
            line = _SIZE.match(self.received, self._at)
            if line is None:
                if self._line_may_go_on():
                    break
                return Stage.MALFORMED
            size = int(line[1], 16)
            if size == 0:
                return self._last(line.end())
            if self._body + size > BODY_LIMIT:
                return Stage.BODY_TOO_LONG
            after = line.end() + size + 2
            if after > len(self.received):
                break
            if self.received[after - 2 : after] != b"\r\n":
                return Stage.MALFORMED
            self._at, self._body = after, self._body + size
        # Chunks of one byte cost six: what they come in is limited too.
        too_long = len(self.received) - self._head_end > 2 * BODY_LIMIT
        return Stage.BODY_TOO_LONG if too_long else Stage.PART

    def _line_may_go_on(self) -> bool:
        return len(self.received) - self._at < LINE_LIMIT and self.received.find(b"\r\n", self._at) < 0

    def _last(self, start: int) -> Stage:
        """The end of the chunks. Trailers, which nobody sends and we would not read, are refused."""
        end = bytes(self.received[start : start + 2])
        if end == b"\r\n":
            return Stage.WHOLE
        return Stage.PART if end in (b"", b"\r") else Stage.MALFORMED
