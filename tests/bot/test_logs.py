"""What is logged, as a process writes it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import scrubber

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def written(program: str, log_format: str) -> list[str]:
    setup = (
        "import logging, structlog\nfrom bot import logs\nfrom bot.config import Settings\n"
        f"logs.configure(Settings(log_format={log_format!r}, secret_keys=('the-secret-of-this-house-0123456789',)))\n"
        "log = structlog.get_logger('test')\n"
    )
    done = subprocess.run([sys.executable, "-c", setup + program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    "secret",
    [
        f"https://api.telegram.org/bot{TOKEN}/sendMessage",
        "whatsapp:+254712345678",
        "+254 712 345 678",
        "call 0712345678 now",
        "254712345678",
        "sk-ant-api03-abcdefghijkl",
        "postgresql://safiri:hunter22@db/safiri",
        "Authorization: Bearer abcdefghijklmnop",
        "https://x.example/?api_key=abcdef123&b=1",
        "AC0123456789abcdef0123456789abcdef",
    ],
)
def test_what_looks_like_a_secret_or_a_phone_number_is_removed(secret: str) -> None:
    scrubbed = scrubber()(secret)
    assert "[removed]" in scrubbed
    for part in (TOKEN, "712345678", "712 345", "abcdefghij", "hunter22", "abcdef123", "0123456789abcdef"):
        assert part not in scrubbed


@pytest.mark.parametrize(
    "text", ["inbox-12345", "2026-11-23T10:00:00Z", "KES 1250000", "job done in 1234567 ms", "bot.jobs"]
)
def test_what_is_harmless_stays(text: str) -> None:
    assert scrubber()(text) == text


@given(st.text(min_size=6).filter(lambda secret: secret not in "[removed]"), st.text(), st.text())
def test_a_known_secret_never_survives(secret: str, before: str, after: str) -> None:
    assert secret not in scrubber((secret,))(before + secret + after).replace("[removed]", "")


def test_json_lines_hold_the_event_and_its_context() -> None:
    (line,) = written("log.info('job done', key='inbox-7', ms=12)", "json")
    event = json.loads(line)
    assert (event["event"], event["key"], event["ms"], event["level"]) == ("job done", "inbox-7", 12, "info")


def test_nested_values_and_tracebacks_are_scrubbed() -> None:
    program = (
        "log.info('a', chats=[{'to': 'whatsapp:+254712345678'}], key='the-secret-of-this-house-0123456789')\n"
        "try:\n    raise ValueError('+254712345678')\nexcept ValueError:\n    logging.getLogger('lib').exception('b')\n"
    )
    for log_format in ("json", "text"):
        text = "\n".join(written(program, log_format))
        assert "712345678" not in text
        assert "the-secret" not in text
        assert "Traceback" in text


def test_http_libraries_warn_but_do_not_log_their_urls() -> None:
    program = (
        "for name in ('httpx', 'httpx2', 'httpcore', 'telegram.Bot'):\n"
        "    logging.getLogger(name).info('a url')\n    logging.getLogger(name).warning('odd')\n"
    )
    assert [json.loads(line)["event"] for line in written(program, "json")] == ["odd"] * 4
