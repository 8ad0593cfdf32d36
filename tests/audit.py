"""Known vulnerabilities of everything installed: `python -m tests.audit`, a part of `make check`.

pip-audit says "No known vulnerabilities found" and exits with 0 also when it could ask about nothing at all. Here that
is a failure of its own. Exit codes: 0 nothing known, 1 vulnerable, 2 not (wholly) asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

CLEAN, VULNERABLE, NOT_ASKED = 0, 1, 2
DATABASE = "https://api.osv.dev/v1/query"
PATIENCE = 20  # seconds for one answer


@dataclass(frozen=True)
class Verdict:
    """What to say, a line each, and how to exit."""

    code: int
    says: tuple[str, ...]


def judge(returncode: int, output: str, errors: str) -> Verdict:
    """What pip-audit's JSON report and exit code amount to."""
    try:
        audited = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["it said nothing"])[-1]
        return Verdict(NOT_ASKED, (f"NOT AUDITED: the database of vulnerabilities could not be asked ({last[:300]})",))
    found = [
        f"{each['name']} {each['version']}: {bug['id']}, fixed in {', '.join(bug['fix_versions']) or 'no version yet'}"
        for each in audited
        for bug in each.get("vulns", ())
    ]
    skipped = [each["name"] for each in audited if "skip_reason" in each]
    if found:
        return Verdict(VULNERABLE, (f"VULNERABLE: {len(found)} known", *found))
    if skipped or not audited:
        some = ", ".join(skipped[:5])
        return Verdict(NOT_ASKED, (f"NOT AUDITED: {len(skipped)} of {len(audited)} packages were skipped ({some} …)",))
    if returncode:
        return Verdict(NOT_ASKED, (f"NOT AUDITED: pip-audit ended with {returncode}",))
    return Verdict(CLEAN, (f"{len(audited)} packages audited, nothing known against any",))


def run(database: str) -> Verdict:
    """Ask about everything that is installed here."""
    asking = ["-s", "osv", "--osv-url", database, "--timeout", str(PATIENCE), "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run([sys.executable, "-m", "pip_audit", *asking], capture_output=True, text=True, check=False)
    return judge(done.returncode, done.stdout, done.stderr)


def main(words: Sequence[str] | None = None) -> int:
    """Say it; the exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", default=DATABASE, help="an address that speaks OSV's query API")
    options.add_argument("--skip", action="store_true", help="audit nothing, and say so")
    given = options.parse_args(words)
    if given.skip:
        verdict = Verdict(CLEAN, ("NOT AUDITED: you asked for it (AUDIT=skip); nothing is known of vulnerabilities",))
    else:
        verdict = run(given.database)
    loud = sys.stderr if verdict.code or given.skip else sys.stdout
    for line in verdict.says:
        sys.stdout.flush()
        loud.write(f"audit: {line}\n")
    if verdict.code == NOT_ASKED:
        loud.write("audit: go online and repeat, or run `AUDIT=skip make check` to do without, knowingly\n")
    return verdict.code


if __name__ == "__main__":
    sys.exit(main())
