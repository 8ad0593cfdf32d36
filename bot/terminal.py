"""Talking to Safiri in a terminal: the same turn engine, in one process, without Redis."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from bot import jobs
from bot.channel import Request
from bot.channels.terminal import Terminal
from bot.config import Settings
from bot.intake import Intake
from bot.queue import InlineQueue
from bot.wiring import App


def run(settings: Settings) -> None:
    """Read lines until the end of input; answer each before the next is read."""
    app: App = App(settings, queue=InlineQueue(lambda job: jobs.run_inline(app, job)))
    terminal = Terminal(sys.stdout, app.documents, settings.var / "chat")
    app.channels["terminal"] = terminal
    app.store.migrate()
    jobs.queue_left_behind(app)
    intake = Intake(app.store, app.queue)
    for line in _lines():
        incoming = terminal.receive(Request(line.encode(errors="replace"), {}, ""))
        intake.accept(terminal.name, incoming)


def _lines() -> Iterator[str]:
    prompting = sys.stdin.isatty()
    while True:
        if prompting:
            click.echo("> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if not prompting:
            click.echo(f"> {line.rstrip()}")
        yield line
