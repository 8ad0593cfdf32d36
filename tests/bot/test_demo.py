"""`python -m bot demo` as its user meets it: what it says, what it leaves behind, how it refuses."""

import fcntl
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import CannotStart, kept_secret, local_settings
from tests.bot.processes import PATIENCE, alive, descendants, eventually

ROOT = Path(__file__).parents[2]


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SAFIRI_VAR": str(var),
        "DATABASE_URL": f"sqlite:///{var}/safiri.db",
        "PORT": str(spare_port()),
        "SAFIRI_OFFLINE": "1",
        "SAFIRI_TODAY": "2026-11-23",
        **more,
    }


class Demo:
    """A running demo, read line by line."""

    def __init__(self, var: Path, *options: str, **env: str) -> None:
        self.var = var
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *options],
            cwd=ROOT,
            env=environment(var, **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read_until(self, text: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if text in line:
                return
        pytest.fail(f"it never said {text!r}, but:\n" + "\n".join(self.lines))

    def rest(self) -> str:
        assert self.process.stdout is not None
        self.lines += [line.rstrip() for line in self.process.stdout]
        return "\n".join(self.lines)


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A folder for one demo."""
    return tmp_path / "var"


@pytest.mark.timeout(240)
def test_the_demo_plans_the_example_and_stops_on_ctrl_c_without_leaving_a_process(var: Path) -> None:
    demo = Demo(var)
    demo.read_until("Serving until Ctrl-C")
    said = "\n".join(demo.lines)
    started = descendants(demo.process.pid)
    demo.process.send_signal(signal.SIGINT)
    said = demo.rest()
    assert demo.process.wait(PATIENCE) == 0
    assert re.search(r"Chat with it: +http://127\.0\.0\.1:\d+/chat", said)
    assert "> Plan a 3-day Mombasa trip from Nairobi next Friday for 2, budget 60,000 KES" in said
    assert "Planned in" in said, said
    assert {path.suffix for path in (var / "demo").iterdir()} == {".pdf", ".ics"}
    assert next((var / "demo").glob("*.pdf")).read_bytes().startswith(b"%PDF-")
    assert next((var / "demo").glob("*.ics")).read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert len(started) >= 6  # guard, Redis, web and its workers, supervisor and its workers, clock
    assert [pid for pid in started if alive(pid)] == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("how", ["terminate", "kill the group"])
def test_a_demo_that_is_ended_by_others_leaves_no_process(var: Path, how: str) -> None:
    demo = Demo(var)
    demo.read_until("Chat with it")
    started = descendants(demo.process.pid)
    assert len(started) >= 6
    if how == "terminate":
        demo.process.terminate()
    else:
        os.killpg(demo.process.pid, signal.SIGKILL)
    demo.rest()
    demo.process.wait(PATIENCE)
    eventually(lambda: not any(alive(pid) for pid in started), "everything ended")


@pytest.mark.timeout(240)
def test_a_demo_whose_redis_is_gone_says_so_and_ends(var: Path) -> None:
    demo = Demo(var)
    demo.read_until("Serving until Ctrl-C")
    started = descendants(demo.process.pid)
    names = subprocess.run(
        ["ps", "-o", "pid=,comm=", "-p", ",".join(map(str, started))], capture_output=True, text=True, check=True
    )
    (redis,) = (int(line.split()[0]) for line in names.stdout.splitlines() if "-server" in line)
    os.kill(redis, signal.SIGKILL)
    assert "redis ended unexpectedly" in demo.rest()
    assert demo.process.wait(PATIENCE) != 0
    eventually(lambda: not any(alive(pid) for pid in started), "everything ended")


def test_a_demo_that_is_stopped_while_it_starts_leaves_no_process(var: Path) -> None:
    demo = Demo(var)
    demo.read_until("Starting")
    demo.process.send_signal(signal.SIGINT)
    assert "Everything is stopped." in demo.rest()
    assert demo.process.wait(PATIENCE) == 0
    assert descendants(demo.process.pid) == []


def test_a_taken_port_is_told_in_a_sentence(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        demo = Demo(var, PORT=str(taken.getsockname()[1]))
        said = demo.rest()
    assert demo.process.wait(PATIENCE) == 1
    assert re.search(r"Port \d+ is taken by another program. Choose another: PORT=\d+ make demo", said)
    assert "Traceback" not in said


def test_a_second_demo_in_the_same_folder_is_refused(var: Path) -> None:
    var.mkdir()
    with (var / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        demo = Demo(var)
        said = demo.rest()
    assert demo.process.wait(PATIENCE) == 1
    assert "already running" in said
    assert "Traceback" not in said


def test_wrong_settings_are_told_all_at_once(var: Path) -> None:
    demo = Demo(var, WORKERS="many", LOG_FORMAT="xml")
    said = demo.rest()
    assert demo.process.wait(PATIENCE) == 2
    assert "WORKERS must" in said
    assert "LOG_FORMAT must" in said
    assert "Traceback" not in said


def test_a_killed_process_is_survived_by_its_guard_until_all_is_ended() -> None:
    program = (
        "import subprocess, sys\nfrom bot.guard import guard\n"
        "with guard() as tell:\n"
        "    sleeper = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
        "    tell(sleeper.pid)\n    print(sleeper.pid, flush=True)\n    sleeper.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        sleeper = int(process.stdout.readline())
        assert alive(sleeper)
        process.kill()
    eventually(lambda: not alive(sleeper), "the guard ended it")


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    var = tmp_path / "new" / "var"
    secret = kept_secret(var)
    assert len(secret) >= 32
    assert kept_secret(var) == secret
    assert stat.S_IMODE((var / "secret").stat().st_mode) == 0o600


def test_a_damaged_secret_is_not_replaced_behind_the_owners_back(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(CannotStart, match="32 characters"):
        kept_secret(tmp_path)


def test_a_secret_from_the_environment_goes_before_the_kept_one(tmp_path: Path) -> None:
    env = {"SAFIRI_VAR": str(tmp_path / "var"), "SECRET_KEY": "e" * 40}
    assert local_settings(env).secret_keys == ("e" * 40,)
    assert not (tmp_path / "var").exists()
    kept = local_settings({**env, "SECRET_KEY": ""}).secret_keys
    assert kept == (kept_secret(tmp_path / "var"),)
