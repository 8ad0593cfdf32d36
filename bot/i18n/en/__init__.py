"""Every sentence in English. Templates of `str.format`; the Swahili files have the same keys and blanks."""

from __future__ import annotations

from typing import Final

from bot.i18n.en import apps, booking, editing, facts, plan, questions, search, talk, trouble, words

_SUBJECTS: Final = (
    apps.MESSAGES,
    booking.MESSAGES,
    editing.MESSAGES,
    facts.MESSAGES,
    plan.MESSAGES,
    questions.MESSAGES,
    search.MESSAGES,
    talk.MESSAGES,
    trouble.MESSAGES,
    words.MESSAGES,
)
MESSAGES: Final[dict[str, str]] = {key: said for subject in _SUBJECTS for key, said in subject.items()}
