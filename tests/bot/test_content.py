"""`python -m bot content`: forms are made at Twilio once, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import upkeep
from bot.channels._content import FORMS, INVITATIONS
from bot.cli import commands
from bot.config import Settings
from bot.contents import Forms
from bot.doctor import examine
from tests.fakes.twilio import FakeTwilio


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio() as twilio:
        yield twilio


@pytest.fixture
def env(twilio: FakeTwilio, sqlite_url: str, redis_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": "s" * 40, "DATABASE_URL": sqlite_url, "REDIS_URL": redis_url, "SAFIRI_VAR": str(tmp_path / "var"),
        "TWILIO_ACCOUNT_SID": twilio.sid, "TWILIO_AUTH_TOKEN": twilio.token, "TWILIO_WHATSAPP_FROM": twilio.number,
        "TWILIO_API_URL": twilio.url,
    }  # fmt: skip


def content(verb: str, env: dict[str, str]) -> Result:
    return CliRunner().invoke(commands, ["content", verb], env=env)


def ids(env: dict[str, str]) -> dict[str, str | None]:
    with closing(upkeep.open_store(Settings.from_env(env))) as store:
        forms = Forms(store)
        return {form.name: forms.content_id(form.name) for form in FORMS}


def test_everything_is_made_once_and_told(twilio: FakeTwilio, env: dict[str, str]) -> None:
    first = content("sync", env)
    assert first.exit_code == 0, first.output
    assert first.output.count(": made") == len(FORMS) == len(twilio.contents.made)
    assert first.output.count("made, submitted, received") == len(INVITATIONS)
    second = content("sync", env)
    assert "made" not in second.output
    assert second.output.count(": there, approved") == len(INVITATIONS)
    assert len(twilio.contents.made) == len(FORMS)
    assert set(ids(env)) == {made.name for made in twilio.contents.made.values()}


def test_templates_can_be_approved_and_nothing_else_is_submitted(twilio: FakeTwilio, env: dict[str, str]) -> None:
    content("sync", env)
    submitted = {made.name: made.template for made in twilio.contents.made.values() if made.template}
    assert submitted == {form.name: {"name": form.name, "category": "UTILITY"} for form in INVITATIONS.values()}
    assert {made.language for made in twilio.contents.made.values() if made.template} == {"en", "sw"}


@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_run_that_broke_off_is_taken_up_where_it_was(twilio: FakeTwilio, env: dict[str, str], after: int) -> None:
    twilio.contents.breaks_after = after
    broken = content("sync", env)
    assert broken.exit_code == 1
    assert "Traceback" not in broken.output
    assert twilio.token not in broken.output
    twilio.contents.breaks_after = None
    assert content("sync", env).exit_code == 0
    names = [made.name for made in twilio.contents.made.values()]
    assert sorted(names) == sorted(form.name for form in FORMS)


def test_what_another_installation_made_is_found_by_name(
    twilio: FakeTwilio, env: dict[str, str], tmp_path: Path
) -> None:
    content("sync", env)
    elsewhere = env | {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    upkeep.migrate(Settings.from_env(elsewhere))
    assert content("sync", elsewhere).exit_code == 0
    assert len(twilio.contents.made) == len(FORMS)
    assert {name for name, found in ids(elsewhere).items() if found} == {form.name for form in FORMS}


def test_a_template_is_used_only_once_it_is_approved(twilio: FakeTwilio, env: dict[str, str]) -> None:
    twilio.contents.approves = "rejected"
    for _ in range(2):
        content("sync", env)
    known = ids(env)
    assert [name for name, found in known.items() if found is None] == [form.name for form in INVITATIONS.values()]
    assert "rejected" in content("list", env).output


def test_a_list_asks_nobody(twilio: FakeTwilio, env: dict[str, str]) -> None:
    assert content("list", env | {"TWILIO_API_URL": "http://127.0.0.1:9"}).output.count(": missing") == len(FORMS)


def test_a_wrong_token_is_said_without_showing_it(env: dict[str, str]) -> None:
    result = content("sync", env | {"TWILIO_AUTH_TOKEN": "not-the-token"})
    assert result.exit_code == 1
    assert "check the TWILIO_ settings" in result.output
    assert "not-the-token" not in result.output


def test_without_whatsapp_there_is_nothing_to_do(env: dict[str, str]) -> None:
    off = {name: "" if name.startswith("TWILIO") else value for name, value in env.items()}
    assert content("sync", off).exit_code == 2


def test_the_doctor_says_what_is_missing(twilio: FakeTwilio, env: dict[str, str]) -> None:
    said = "\n".join(examine(env, ask=False).lines)
    assert f"{len(FORMS)} forms are not made" in said
    assert "the template (sw) is not made" in said
    for _ in range(2):
        content("sync", env)
    said = "\n".join(examine(env, ask=False).lines)
    assert "forms are not made" not in said
    assert "the template" not in said


def test_a_form_that_changes_gets_another_name() -> None:
    names = [form.name for form in FORMS]
    assert len(set(names)) == len(names)
    assert all(name.islower() and name.replace("_", "").isalnum() for name in names)
