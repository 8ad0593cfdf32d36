"""Written conversations are answered word for word."""

from pathlib import Path

import pytest

from tests.bot.transcripts import play

SCRIPTS = sorted((Path(__file__).parents[1] / "dialogues").glob("*.txt"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_dialogue(script: Path) -> None:
    written = script.read_text(encoding="utf-8")
    assert play(written) == written


def test_there_are_dialogues_in_both_languages() -> None:
    assert len(SCRIPTS) >= 25
    assert sum(path.stem.endswith("-sw") for path in SCRIPTS) >= 8
