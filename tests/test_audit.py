"""The audit tells "nothing known" from "could not ask", with pip-audit as it is and a database on loopback."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests import audit
from tests.servers import spare_port

ROOT = Path(__file__).parents[1]


@contextmanager
def database(vulnerable: str = "", status: int = 200) -> Iterator[str]:
    """OSV's query API (https://google.github.io/osv.dev/post-v1-query/): one entry about one package."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]
            entry = {
                "id": "GHSA-aaaa-bbbb-cccc", "aliases": [], "published": "2026-01-01T00:00:00Z", "summary": "bad",
                "affected": [{
                    "package": asked,
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
                }],
            }  # fmt: skip
            body = json.dumps({"vulns": [entry]} if asked["name"] == vulnerable else {}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_known_is_said_with_the_number_of_packages() -> None:
    with database() as url:
        verdict = audit.run(url)
    assert verdict.code == audit.CLEAN, verdict.says
    assert int(verdict.says[0].split()[0]) > 40


def test_a_vulnerable_package_fails_and_is_named() -> None:
    with database(vulnerable="flask") as url:
        verdict = audit.run(url)
    assert verdict.code == audit.VULNERABLE, verdict.says
    assert verdict.says[1].startswith("flask 3")
    assert "GHSA-aaaa-bbbb-cccc, fixed in 99.0" in verdict.says[1]


def test_a_database_that_cannot_be_reached_fails_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(["--database", f"http://127.0.0.1:{spare_port()}/v1/query"]) == audit.NOT_ASKED
    told = capsys.readouterr().err
    assert "audit: NOT AUDITED" in told
    assert "AUDIT=skip make check" in told


def test_a_database_in_trouble_fails_too() -> None:
    with database(status=503) as url:
        assert audit.run(url).code == audit.NOT_ASKED


def test_packages_that_were_skipped_are_a_failure_although_pip_audit_calls_it_none_found() -> None:
    reason = "Dependency not found on PyPI and could not be audited: flask (3.1.3)"
    report = {"dependencies": [{"name": "flask", "skip_reason": reason}, {"name": "rq", "version": "3", "vulns": []}]}
    verdict = audit.judge(0, json.dumps(report), "No known vulnerabilities found")
    assert (verdict.code, verdict.says[0]) == (
        audit.NOT_ASKED, "NOT AUDITED: 1 of 2 packages were skipped (flask …)"
    )  # fmt: skip
    assert audit.judge(0, '{"dependencies": []}', "").code == audit.NOT_ASKED


def test_doing_without_is_said_loudly(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(["--skip"]) == audit.CLEAN
    assert capsys.readouterr().err.startswith("audit: NOT AUDITED: you asked for it")


def test_make_check_audits_last_and_skips_only_when_told() -> None:
    def dry(*words: str) -> list[str]:
        done = subprocess.run(
            ["make", "-n", "--no-print-directory", "-o", ".venv/installed-dev", "check", *words],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip().splitlines()

    assert dry()[-1].split("python ")[-1].strip() == "-m tests.audit"
    assert dry("AUDIT=skip")[-1].endswith("-m tests.audit --skip")
