"""Small talk and what is off the road are told from words about a journey."""

from datetime import date

import pytest

from bot.intents import Context, Lang
from bot.parsers.chatter import chatter

TODAY = date(2026, 11, 23)


def topic_of(text: str, asked: str = "") -> tuple[str | None, Lang] | None:
    found = chatter(text, Context(TODAY, lang="en", asked=asked))
    return found and (found.topic, found.lang)


@pytest.mark.parametrize(
    ("text", "topic", "lang"),
    [
        ("how are you?", "chat:how", Lang.EN),
        ("hey, how are you doing today", "chat:how", Lang.EN),
        ("uko aje", "chat:how", Lang.SW),
        ("u hali gani?", "chat:how", Lang.SW),
        ("are you a robot?", "chat:robot", Lang.EN),
        ("wewe ni robot?", "chat:robot", Lang.SW),
        ("we ni mtu ama robot", "chat:robot", Lang.SW),
        ("I love you 😍", "chat:love", Lang.EN),
        ("nakupenda sana", "chat:love", Lang.SW),
        ("tell me a joke please", "chat:joke", Lang.EN),
        ("nipe kichekesho", "chat:joke", Lang.SW),
        ("you are so stupid", "chat:insult", Lang.EN),
        ("useless bot", "chat:insult", Lang.EN),
        ("mjinga wewe", "chat:insult", Lang.SW),
        ("fala sana", "chat:insult", Lang.SW),
        ("write me a poem about the moon", "chat:off", Lang.EN),
        ("who won the election", "chat:off", Lang.EN),
        ("2+2", "chat:off", Lang.EN),
        ("niandikie shairi", "chat:off", Lang.SW),
        ("nani alishinda uchaguzi", "chat:off", Lang.SW),
    ],
)
def test_small_talk_is_known_in_both_languages(text: str, topic: str, lang: Lang) -> None:
    assert topic_of(text) == (topic, lang)


@pytest.mark.parametrize(
    "text",
    [
        "I love beaches", "is it safe during the election", "cheap robot museum in Nairobi", "kwenda Mombasa", "12/4",
        "2-3 people", "we are a family and love animals", "funny places to visit", "this is too expensive", "",
        "nakupenda Diani, nipeleke", "stupid traffic, take the train instead", "x" * 2_000,
    ],
)  # fmt: skip
def test_words_about_a_journey_are_no_small_talk(text: str) -> None:
    assert topic_of(text) is None


def test_a_sum_may_be_a_party() -> None:
    assert topic_of("2+2", asked="party") is None
