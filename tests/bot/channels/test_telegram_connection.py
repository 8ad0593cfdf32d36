"""Connections to the Bot API that stay open, whatever happens to them."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from io import BufferedReader

import pytest

from bot.channel import ChannelError, Chat, Incoming, IncomingKind
from bot.channels import _telegram_request
from bot.channels.telegram import Telegram
from bot.replies import Reply
from storage.memory import ProcessMemory
from tests.bot.channels.parts import Memory, Shelf, send, settings

ANSWER = b'{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"x"}}'


class TimeLimit(Exception):
    """As RQ raises it in the middle of anything."""


class Wire:
    """A server that counts connections and closes each, in silence, after `answers` answers."""

    def __init__(self, answers: int = 1000, *, pauses: bool = False) -> None:
        """`pauses`: nothing is answered before `goes_on` is set."""
        self.goes_on = threading.Event()
        if not pauses:
            self.goes_on.set()
        self.connections = 0
        self.requests = 0
        self.closed = threading.Semaphore(0)  # released once for each connection
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            self._answer(connection, stream)
        self.closed.release()

    def _answer(self, connection: socket.socket, stream: BufferedReader) -> None:
        for _ in range(self._answers):
            length = 0
            while (line := stream.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                return
            stream.read(length)
            self.requests += 1
            self.goes_on.wait(30)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n\r\n"
            connection.sendall(head.encode() + ANSWER)


@pytest.fixture
def wire() -> Iterator[Wire]:
    server = Wire()
    yield server
    server.close()


def channel_to(wire: Wire) -> Telegram:
    return Telegram(settings(telegram_url=wire.url), Shelf(), Memory(), ProcessMemory())


def say(channel: Telegram, chat: int) -> None:
    send(channel, Chat("telegram", str(chat)), [Reply(("Hello",))])


def test_everything_goes_through_one_connection(wire: Wire) -> None:
    channel = channel_to(wire)
    for chat in range(1, 11):
        say(channel, chat)
    channel.show_typing(Incoming(Chat("telegram", "7"), "1", IncomingKind.TEXT, text="hi"))
    assert (wire.connections, wire.requests) == (1, 11)
    channel.close()


def test_a_connection_that_the_server_closed_is_replaced_unseen() -> None:
    wire = Wire(answers=1)
    channel = channel_to(wire)
    for chat in range(1, 6):
        say(channel, chat)
        assert wire.closed.acquire(timeout=5)
    assert (wire.connections, wire.requests) == (5, 5)
    channel.close()
    wire.close()


def test_a_connection_of_some_age_is_replaced_before_the_server_closes_it(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = channel_to(wire)
    say(channel, 1)
    monkeypatch.setattr(_telegram_request, "LASTS", -1.0)
    say(channel, 2)
    assert (wire.connections, wire.requests) == (2, 2)
    channel.close()


def test_the_proxy_of_the_environment_is_used_but_not_for_this_machine(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", wire.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    channel = Telegram(settings(telegram_url="http://telegram.invalid"), Shelf(), Memory(), ProcessMemory())
    say(channel, 1)
    assert wire.requests == 1
    channel.close()
    with pytest.raises(ChannelError):
        say(Telegram(settings(telegram_url="http://127.0.0.1:9"), Shelf(), Memory(), ProcessMemory()), 2)
    assert wire.requests == 1


def test_after_a_failure_the_next_message_arrives(wire: Wire) -> None:
    broken = socket.create_server(("127.0.0.1", 0))

    def hang_up() -> None:
        connection, _ = broken.accept()
        connection.close()
        broken.close()

    port = broken.getsockname()[1]
    thread = threading.Thread(target=hang_up, daemon=True)
    thread.start()
    channel = Telegram(settings(telegram_url=f"http://127.0.0.1:{port}"), Shelf(), Memory(), ProcessMemory())
    for _ in range(2):
        with pytest.raises(ChannelError, match="could not be reached"):
            say(channel, 7)
    thread.join(5)
    channel.close()


def test_a_forked_child_connects_anew_and_leaves_its_parents_connection_alone(wire: Wire) -> None:
    channel = channel_to(wire)
    say(channel, 1)
    child = multiprocessing.get_context("fork").Process(target=say, args=(channel, 2))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    say(channel, 3)
    assert (wire.connections, wire.requests) == (2, 3)
    channel.close()


def test_threads_share_a_few_connections_that_stay_open(wire: Wire) -> None:
    channel = channel_to(wire)
    threads = [threading.Thread(target=say, args=(channel, chat)) for chat in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    opened = wire.connections
    assert opened <= 4
    for chat in range(5, 9):
        say(channel, chat)
    assert (wire.connections, wire.requests) == (opened, 8)
    channel.close()


def test_what_a_time_limit_cut_off_is_not_taken_for_the_answer_to_the_next_message() -> None:
    wire = Wire(pauses=True)
    channel = channel_to(wire)

    def over(*_: object) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(ChannelError):  # whatever comes up in the middle of a request, the library calls trouble
            say(channel, 1)
    finally:
        signal.signal(signal.SIGALRM, before)
    wire.goes_on.set()
    say(channel, 2)
    assert (wire.connections, wire.requests) == (2, 2)
    channel.close()
    wire.close()


def test_work_that_would_need_an_event_loop_is_refused_and_not_left_hanging(wire: Wire) -> None:
    class Pause:
        def __await__(self) -> Iterator[None]:
            yield

    channel = channel_to(wire)
    with pytest.raises(RuntimeError, match="event loop"):
        channel._client.do(lambda _: Pause())  # type: ignore[arg-type,return-value]
    channel.close()


def test_a_process_that_sent_something_ends_quietly(wire: Wire) -> None:
    code = f"""
from tests.bot.channels.test_telegram_connection import *
channel = Telegram(settings(telegram_url={wire.url!r}), Shelf(), Memory(), ProcessMemory())
say(channel, 7)
"""
    command = [sys.executable, "-W", "error::ResourceWarning", "-X", "dev", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, [line for line in done.stderr.splitlines() if "ResourceWarning" in line]) == ("", [])
    assert wire.requests == 1
