"""The command line: `python -m bot …`. Commands import what they need when they run, so that each starts fast."""

from __future__ import annotations

import logging
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

import click

from bot import logs
from bot.config import BadSettings, Settings, environment

FAILED, MISUSED = 1, 2


class Day(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-11-23.", param, ctx)


def main() -> None:
    """Run a command; wrong settings are told as a list."""
    try:
        commands(prog_name="python -m bot")
    except BadSettings as exc:
        for problem in exc.problems:
            click.echo(problem, err=True)
        sys.exit(MISUSED)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Safiri, a trip planner for Kenya inside chat apps."""
    # Whatever a command has to log goes to stderr; its output is what it was asked for.
    logs.configure(Settings(), logging.WARNING)


@commands.command()
@click.option("--once", is_flag=True, help="Plan the example trip, then stop.")
def demo(once: bool) -> None:
    """Start everything on this machine and plan a trip."""
    from bot import demo as demonstration

    try:
        if once:
            sys.exit(0 if demonstration.once(environment()) else FAILED)
        demonstration.serve(environment())
    except demonstration.CannotStart as exc:
        click.echo(str(exc), err=True)
        sys.exit(FAILED)
    except demonstration.Stopped:
        pass


@commands.command()
def chat() -> None:
    """Talk to Safiri in this terminal."""
    from bot import terminal

    terminal.run(_local())


@commands.command()
@click.option("--parser", type=click.Choice(["rules", "claude", "auto"]), default="auto", show_default=True)
@click.option("--today", type=Day(), help="The day on which the lines are read; a line's own `today` goes first.")
@click.option("--lang", type=click.Choice(["en", "sw"]), help="The language, when it is known.")
def parse(parser: str, today: date | None, lang: str | None) -> None:
    """Read JSON Lines {"text": …} and write what was understood, a line each."""
    from bot import lines

    try:
        reader = lines.parser_named(parser, environment())
        for line in lines.parsed(sys.stdin, reader, today or lines.today_in(environment()), lang or ""):
            click.echo(line)
    except (lines.BadLine, lines.NoKey) as exc:
        raise click.UsageError(str(exc)) from exc


@commands.command()
@click.argument("file", type=click.File(encoding="utf-8"), default="tests/data/intents-dev.jsonl")
@click.option("--parser", type=click.Choice(["rules", "claude", "auto"]), default="rules", show_default=True)
@click.option("--today", type=Day(), help="For lines without `today`.")
@click.option("--misses", is_flag=True, help="Also show every field that came out wrong.")
def score(file: TextIO, parser: str, today: date | None, misses: bool) -> None:
    """How much of labelled messages is understood."""
    from bot import lines, parse

    try:
        result = parse.score(list(lines.records(file)), lines.parser_named(parser, environment()), today)
    except (lines.BadLine, lines.NoKey, ValueError) as exc:
        raise click.UsageError(str(exc)) from exc
    for miss in result.misses if misses else ():
        click.echo(f"{miss.id} {miss.field}: {miss.got!r}, not {miss.expected!r}: {miss.text}")
    click.echo(result.table())


@commands.command()
@click.argument("text", required=False)
@click.option("--today", type=Day(), help="The day on which it is planned.")
@click.option("--offline", is_flag=True, help="Guide data only.")
@click.option("--format", "form", type=click.Choice(["json", "text", "pdf", "ics"]), default="json", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Instead of stdout."
)
@click.option("--jsonl", is_flag=True, help='Read lines {"text", "today"}, write one line each.')
def plan(text: str | None, today: date | None, offline: bool, form: str, output: Path | None, jsonl: bool) -> None:
    """Plan the trip that a message asks for."""
    if jsonl == bool(text):
        raise click.UsageError("Give either a text or --jsonl.")
    from bot import plan as planning

    if jsonl:
        sys.exit(planning.run_lines(sys.stdin, sys.stdout, today=today, offline=offline))
    sys.exit(planning.run(text or "", today=today, offline=offline, form=form, output=output))


@commands.command()
@click.option("--live", is_flag=True, help="Also ask every source one real question, and the chat apps.")
def doctor(live: bool) -> None:
    """Say what is set, what is missing, and what does not work."""
    from bot import doctor as examination

    found = examination.examine(environment(), ask=live)
    for line in found.lines:
        click.echo(line)
    sys.exit(FAILED if found.problems else 0)


@commands.command()
@click.argument("verb", type=click.Choice(["set", "info", "delete"]))
def webhook(verb: str) -> None:
    """Tell Telegram where its messages go, or ask where."""
    from bot.channel import ChannelError
    from bot.channels import telegram

    settings = _local()
    if not settings.telegram:
        click.echo("Telegram is off: set TELEGRAM_BOT_TOKEN and TELEGRAM_WEBHOOK_SECRET.", err=True)
        sys.exit(MISUSED)
    if verb == "set" and (problem := telegram.unusable(settings.public_url)):
        click.echo(problem, err=True)
        sys.exit(MISUSED)
    try:
        answer = telegram.webhook(settings, verb)  # type: ignore[arg-type]  # click has checked it
    except ChannelError as exc:
        click.echo(f"Telegram refused: {exc}", err=True)
        sys.exit(FAILED)
    for name, value in answer.items():
        click.echo(f"{name}: {value}")


@commands.command()
@click.argument("verb", type=click.Choice(["sync", "list"]))
def content(verb: str) -> None:
    """Make WhatsApp's buttons, lists and template at Twilio (only what is missing), or list them."""
    from contextlib import closing

    from bot import contents, upkeep
    from bot.channel import ChannelError
    from bot.channels._making import Making

    settings = _local()
    if not settings.whatsapp:
        click.echo("WhatsApp is off: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_WHATSAPP_FROM.", err=True)
        sys.exit(MISUSED)
    maker = Making(settings)
    with closing(upkeep.open_store(settings)) as store:
        try:
            for form in contents.sync(store, maker) if verb == "sync" else contents.known(store, maker.wanted):
                says = ", ".join(filter(None, [form.did or "there" if form.content_id else "missing", form.status]))
                click.echo(f"{form.content_id or '-':<34}  {form.name}: {says}")
        except ChannelError as exc:
            click.echo(f"Twilio: {exc}", err=True)
            sys.exit(FAILED)


@commands.command()
@click.argument("owner")
def token(owner: str) -> None:
    """Make a bearer token of the REST API; trips belong to OWNER, a name of your choice."""
    from bot.signing import Signer

    click.echo(Signer(_local().secret_keys).api_token(owner))


@commands.command()
def stats() -> None:
    """How much there is, and how much waits."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot import upkeep

    try:
        counts = upkeep.counts(_local())
    except SQLAlchemyError as exc:
        click.echo(f"The database cannot be read ({type(exc).__name__}); `python -m bot doctor` says more.", err=True)
        sys.exit(FAILED)
    for name, count in counts.items():
        click.echo(f"{count:>8}  {name}")


@commands.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    from bot import upkeep

    upkeep.migrate(_local())
    click.echo("The tables are up to date.")


@commands.command()
def rotate() -> None:
    """Re-encrypt everything under the newest key of SECRET_KEY, so that the older ones can go (docs/security.md)."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot import upkeep
    from storage.vault import Unreadable

    try:
        rows = upkeep.rotate(_local())
    except Unreadable as exc:
        click.echo(
            f"Stopped: {exc}. Put the key it was written with back into SECRET_KEY, then run this again.", err=True
        )
        sys.exit(FAILED)
    except SQLAlchemyError as exc:
        click.echo(f"The database cannot be read ({type(exc).__name__}); run this again when it can.", err=True)
        sys.exit(FAILED)
    for table, count in rows.items():
        click.echo(f"{count:>8}  {table}")
    click.echo("Everything is under the newest key. Once every process runs with it, the older ones can be removed.")


@commands.command()
@click.argument("name")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Instead of tests/fixtures/NAME.", default=None
)
def record(name: str, folder: Path | None) -> None:
    """Ask the source NAME one real question and save what it answers as a fixture, without keys or people in it."""
    from bot import record as recording

    try:
        files, says = recording.run(_local(), name, folder or Path("tests", "fixtures", name))
    except recording.CannotRecord as exc:
        raise click.UsageError(str(exc)) from exc
    click.echo(f"{name}: {says}")
    for file in files:
        click.echo(f"  saved {file}")
    click.echo("Read them before you commit them: what a service says about people is known to itself alone.")
    sys.exit(0 if files else FAILED)


def _local() -> Settings:
    """Settings from the environment; without SECRET_KEY, the one that the demo made and keeps in this folder."""
    from bot.demo import CannotStart, local_settings

    try:
        return local_settings(environment())
    except CannotStart as exc:
        raise click.ClickException(str(exc)) from exc
