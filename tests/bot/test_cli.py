"""Commands as their users type them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands
from bot.config import Settings
from bot.doctor import examine
from bot.signing import Signer
from bot.upkeep import counts, migrate, open_store
from providers.sandbox import fx, iabiri
from tests.fakes.services import FakeService, status
from tests.servers import PostgresServer

ROOT = Path(__file__).parents[2]
SECRET = "s" * 40


def run(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def ask(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


@pytest.fixture
def env(sqlite_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": SECRET,
        "DATABASE_URL": sqlite_url,
        "REDIS_URL": redis_url,
        "SAFIRI_VAR": str(tmp_path / "var"),
    }


def test_help_names_every_command_of_the_contract() -> None:
    said = ask("--help").output
    for command in ("demo", "chat", "parse", "plan", "score", "doctor", "webhook", "stats", "record", "token"):
        assert f"\n  {command} " in said


@pytest.mark.parametrize("command", sorted(commands.commands))
def test_every_command_explains_itself(command: str) -> None:
    result = ask(command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output


def test_the_command_line_starts_without_the_heavy_parts() -> None:
    heavy = ("ortools", "anthropic", "reportlab", "sqlalchemy", "telegram", "twilio", "flask", "rq", "providers")
    program = f"import sys, bot.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words", [("parse", "--today", "soon"), ("parse", "--parser", "magic"), ("plan",), ("dance",)])
def test_a_misused_command_is_refused_with_a_hint(words: tuple[str, ...]) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert "Error" in result.output


def test_wrong_settings_are_told_all_at_once() -> None:
    done = run("stats", SECRET_KEY="short", PORT="0", LOG_FORMAT="xml")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    assert "Traceback" not in done.stderr


def test_stats_counts_what_waits(env: dict[str, str]) -> None:
    settings = Settings.from_env(env)
    store = open_store(settings)
    with store.session() as s:
        chat = store.chats.open(s, "terminal", "local")
        first = store.inbox.accept(s, chat, "terminal", "1", "{}")
        store.inbox.accept(s, chat, "terminal", "2", "{}")
        assert first is not None
        store.inbox.done(s, first)
    store.close()
    found = counts(settings)
    assert (found["chats"], found["inbox owed"], found["inbox done"], found["inbox dead"]) == (1, 1, 1, 0)
    done = run("stats", **env)
    assert done.returncode == 0
    assert "1  inbox owed" in done.stdout


def test_stats_without_tables_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = run("stats", SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{tmp_path}/none.db")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_makes_the_tables(tmp_path: Path) -> None:
    settings = Settings.from_env({"SECRET_KEY": SECRET, "DATABASE_URL": f"sqlite:///{tmp_path}/new.db"})
    migrate(settings)
    migrate(settings)
    assert counts(settings)["chats"] == 0


def test_the_doctor_finds_nothing_wrong_with_a_well_installation(env: dict[str, str]) -> None:
    found = examine(env, ask=False)
    assert found.problems == 0
    text = "\n".join(found.lines)
    assert "database and its tables, redis" in text
    assert "off   Telegram: needs TELEGRAM_BOT_TOKEN" in text
    assert "source guide_buses" in text


def test_the_doctor_names_every_wrong_setting_at_once(env: dict[str, str]) -> None:
    found = examine({**env, "PORT": "x", "WORKERS": "x", "TELEGRAM_BOT_TOKEN": "x"}, ask=False)
    wrong = " ".join(line for line in found.lines if line.startswith("WRONG"))
    assert found.problems == 4
    for name in ("PORT", "WORKERS", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"):
        assert name in wrong


def test_the_doctor_names_what_is_down(env: dict[str, str], tmp_path: Path) -> None:
    down = {**env, "REDIS_URL": "redis://127.0.0.1:1/0", "DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    wrong = [line for line in examine(down, ask=False).lines if line.startswith("WRONG")]
    assert any("database" in line for line in wrong)
    assert any("redis" in line for line in wrong)


def test_the_doctor_counts_the_connections_that_workers_need(env: dict[str, str], postgres: PostgresServer) -> None:
    on_postgres = {**env, "DATABASE_URL": postgres.url("migrated")}
    assert examine({**on_postgres, "WORKERS": "3"}, ask=False).problems == 0
    (wrong,) = (line for line in examine({**on_postgres, "WORKERS": "4"}, ask=False).lines if "WRONG" in line)
    assert "allows 60 connections" in wrong
    assert "4 workers and the rest need 66" in wrong


def test_the_doctor_reports_work_that_was_given_up(env: dict[str, str]) -> None:
    store = open_store(Settings.from_env(env))
    with store.session() as s:
        chat = store.chats.open(s, "terminal", "local")
        row = store.inbox.accept(s, chat, "terminal", "1", "{}")
        assert row is not None
        for _ in range(3):
            store.inbox.begin(s, store.inbox.get(s, row))
            store.inbox.fail(s, store.inbox.get(s, row), "as told")
    store.close()
    found = examine(env, ask=False)
    assert "WRONG 1 in inbox were given up after too many tries" in found.lines


def test_the_doctor_does_not_call_blocked_travellers_a_fault(env: dict[str, str]) -> None:
    store = open_store(Settings.from_env(env))
    with store.session() as s:
        chat = store.chats.open(s, "telegram", "4711")
        store.outbox.add(s, chat, "{}")
        store.chats.block(s, chat)
    store.close()
    found = examine(env, ask=False)
    assert found.problems == 0
    assert any("1 replies were never taken" in line for line in found.lines)


def test_a_token_of_the_api_is_made_for_its_owner(env: dict[str, str]) -> None:
    result = CliRunner().invoke(commands, ["token", "partner"], env=env)
    assert result.exit_code == 0
    assert Signer((SECRET,)).api_owner(result.output.strip()) == "partner"


def test_the_doctor_wants_an_https_address_for_chat_apps(env: dict[str, str]) -> None:
    token = "123456:" + "A" * 35
    found = examine({**env, "TELEGRAM_BOT_TOKEN": token, "TELEGRAM_WEBHOOK_SECRET": "abc"}, ask=False)
    assert found.problems == 1
    assert any("PUBLIC_URL" in line for line in found.lines)
    assert token not in "\n".join(found.lines)


def test_the_webhook_needs_telegram_to_be_on(env: dict[str, str]) -> None:
    done = run("webhook", "info", **env)
    assert done.returncode == 2
    assert "TELEGRAM_BOT_TOKEN" in done.stderr


def test_the_webhook_needs_an_https_address(env: dict[str, str]) -> None:
    token = "123456:" + "A" * 35
    done = run("webhook", "set", **env, TELEGRAM_BOT_TOKEN=token, TELEGRAM_WEBHOOK_SECRET="abc")
    assert done.returncode == 2
    assert "https" in done.stderr


def test_the_doctor_says_which_sources_are_on_off_or_spared(env: dict[str, str]) -> None:
    keys = {"IABIRI_TOKEN": "secret-token", "BUUPASS_API_KEY": "k"}
    text = "\n".join(examine({**env, **keys}, ask=False).lines)
    assert "ok    source iabiri: on" in text
    assert "off   source buupass: needs BUUPASS_API_URL" in text
    assert "secret-token" not in text
    store = open_store(Settings.from_env(env))
    store.memory.mark("open:iabiri", 200)
    store.close()
    found = examine({**env, **keys}, ask=False)
    assert any(line.startswith("WRONG source iabiri: has failed") for line in found.lines)
    offline = examine({**env, **keys, "SAFIRI_OFFLINE": "1"}, ask=False)
    assert any("iabiri: simulated" in line for line in offline.lines)


def test_the_doctor_asks_every_source_a_real_question(env: dict[str, str]) -> None:
    with FakeService(iabiri.answer) as service, FakeService(fx.answer) as rates:
        keys = {**iabiri.KEYS, "IABIRI_API_URL": service.url, "FX_URL": rates.url, "FX_FALLBACK_URL": rates.url}
        well = examine({**env, **keys}, ask=True)
        service.fails(status(401))
        refused = examine({**env, **keys}, ask=True)
    assert any(re.match(r"ok    source iabiri: (\d+ offers in \d+ ms|answers)", line) for line in well.lines)
    assert any("exchange rates: KES 129.25 for a dollar on 22 Nov 2026" in line for line in well.lines)
    assert any(line.startswith("WRONG source iabiri: IABIRI refuses our key (401)") for line in refused.lines)
    assert (well.problems, refused.problems) == (0, 1)


def test_record_keeps_what_a_source_answers_without_its_key(env: dict[str, str], tmp_path: Path) -> None:
    with FakeService(iabiri.answer) as service:
        done = run(
            "record", "iabiri", "--folder", str(tmp_path / "iabiri"),
            **env, **iabiri.KEYS, IABIRI_API_URL=service.url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "iabiri").iterdir())
    assert len(files) == 6, "three answers, each with a note of its question"
    assert all(iabiri.KEYS["IABIRI_TOKEN"] not in file.read_text() for file in files)
    assert json.loads(files[0].read_text())["isSuccess"] is True


@pytest.mark.parametrize("name", ["nobody", "sgr", "iabiri"])
def test_record_names_what_there_is_and_what_is_off(name: str, env: dict[str, str]) -> None:
    done = run("record", name, **env)
    assert done.returncode == 2
    assert ("IABIRI_TOKEN" if name == "iabiri" else "no source on the network") in done.stderr


def parse(text: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", "parse", *options],
        cwd=ROOT, input=text, env={}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_parse_needs_no_settings_and_answers_every_line_in_order() -> None:
    lines = [{"text": "buses to Kisumu tomorrow"}, {"text": "hello", "today": "2026-12-01"}, {"text": "\x00 🦁"}]
    done = parse("\n".join(map(json.dumps, lines)) + "\n\n", "--parser", "rules", "--today", "2026-11-23")
    assert done.stderr == ""
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["action"] for answer in answers] == ["search_buses", "greeting", "other"]
    assert (answers[0]["destination"], answers[0]["start_date"]) == ("kisumu", "2026-11-24")


def test_parse_answers_with_every_name_of_the_contract() -> None:
    names = {
        "action", "lang", "origin", "destination", "destinations", "start_date", "end_date", "date_is_window", "month",
        "nights", "duration_days", "passengers", "children", "budget_kes", "budget_per_person_kes",
        "budget_per_night_kes", "preferences", "remove", "topic", "missing",
    }  # fmt: skip
    answer = json.loads(parse('{"text": "hi"}', "--today", "2026-11-23").stdout)
    assert names <= answer.keys()


@pytest.mark.parametrize("line", ["not json", "[]", '{"txt": "a"}', '{"text": 5}', '{"text": "a", "today": "soon"}'])
def test_parse_stops_at_a_line_it_cannot_use(line: str) -> None:
    done = parse('{"text": "hi"}\n' + line, "--today", "2026-11-23")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert "Error" in done.stderr
    assert "Traceback" not in done.stderr


def test_parse_with_claude_needs_a_key() -> None:
    done = parse('{"text": "hi"}', "--parser", "claude")
    assert done.returncode == 2
    assert "ANTHROPIC_API_KEY" in done.stderr


def test_score_counts_what_is_right(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    right = {"text": "buses to Kisumu tomorrow", "expected": {"action": "search_buses", "destination": "kisumu"}}
    wrong = {"text": "buses to Kisumu tomorrow", "expected": {"action": "search_buses", "destination": "nyeri"}}
    file.write_text("\n".join(map(json.dumps, (right, wrong))))
    result = ask("score", str(file), "--today", "2026-11-23", "--misses")
    assert result.exit_code == 0
    assert "whole message" in result.output
    assert "50.0%" in result.output
    assert "destination: 'kisumu', not 'nyeri'" in result.output


def test_keys_are_rotated_and_the_old_one_can_go(env: dict[str, str]) -> None:
    store = open_store(Settings.from_env(env))
    with store.session() as s:
        store.inbox.accept(s, store.chats.open(s, "terminal", "local"), "terminal", "1", "habari")
    store.close()
    new = "n" * 40
    first = run("rotate", **env | {"SECRET_KEY": f"{new},{SECRET}"})
    assert (first.returncode, first.stderr) == (0, "")
    assert re.search(r"^ +1  inbox$", first.stdout, re.MULTILINE)
    again = run("rotate", **env | {"SECRET_KEY": new})
    assert again.returncode == 0
    assert re.search(r"^ +0  inbox$", again.stdout, re.MULTILINE)


def test_a_key_that_was_removed_too_early_is_told_without_a_traceback(env: dict[str, str]) -> None:
    store = open_store(Settings.from_env(env))
    with store.session() as s:
        store.chats.open(s, "terminal", "local")
    store.close()
    done = run("rotate", **env | {"SECRET_KEY": "n" * 40})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Stopped: a row of chats is under none of the keys. Put the key")
    assert "Traceback" not in done.stderr
    assert "n" * 40 not in done.stderr
