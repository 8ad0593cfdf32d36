import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.config import BadSettings, Settings

ROOT = Path(__file__).parents[2]
SECRET = "s" * 32


def problems(**env: str) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        Settings.from_env({"SECRET_KEY": SECRET, **env})
    return caught.value.problems


def settings(**env: str) -> Settings:
    return Settings.from_env({"SECRET_KEY": SECRET, **env})


def test_a_secret_key_is_all_that_must_be_set() -> None:
    found = settings()
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.database_url == "sqlite:///var/safiri.db"
    assert (found.redis_url, found.workers, found.log_format, found.today) == ("", 2, "text", None)
    assert [found.telegram, found.whatsapp, found.offline, found.demo] == [False] * 4


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_env(
            {
                "PORT": "http",
                "WORKERS": "0",
                "PUBLIC_URL": "safiri.example",
                "DATABASE_URL": "mysql://x/y",
                "REDIS_URL": "http://x",
                "LOG_FORMAT": "xml",
                "SAFIRI_TODAY": "tomorrow",
                "SAFIRI_OFFLINE": "maybe",
                "TELEGRAM_BOT_TOKEN": "hello",
                "TWILIO_ACCOUNT_SID": "AC1",
            }
        )
    told = " ".join(caught.value.problems)
    for name in (
        "SECRET_KEY", "PORT", "WORKERS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "LOG_FORMAT", "SAFIRI_TODAY",
        "SAFIRI_OFFLINE", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM",
    ):  # fmt: skip
        assert name in told
    assert str(caught.value) == "\n".join(caught.value.problems)


def test_a_short_secret_is_refused() -> None:
    assert "32 characters" in problems(SECRET_KEY="short")[0]


def test_several_secrets_are_read_newest_first() -> None:
    assert settings(SECRET_KEY=f"{'n' * 32}, {'o' * 32}").secret_keys == ("n" * 32, "o" * 32)


def test_the_port_shows_in_the_public_url_unless_that_is_set() -> None:
    assert settings(PORT="8123").public_url == "http://127.0.0.1:8123"
    assert settings(PORT="8123", PUBLIC_URL="https://safiri.example/").public_url == "https://safiri.example"


@pytest.mark.parametrize("url", ["redis://h:6379/0", "rediss://u:p@h/1", "unix:///tmp/redis.sock"])
def test_redis_is_reached_by_network_or_socket(url: str) -> None:
    assert settings(REDIS_URL=url).redis_url == url


@pytest.mark.parametrize("url", ["redis://", "unix://", "http://h", "h:6379", "redis://[", "redis://h:port"])
def test_a_redis_that_cannot_be_reached_is_refused(url: str) -> None:
    assert "REDIS_URL" in problems(REDIS_URL=url)[0]


def test_today_can_be_frozen() -> None:
    assert settings(SAFIRI_TODAY="2026-11-23").today == date(2026, 11, 23)


def test_telegram_is_on_with_token_and_secret() -> None:
    token = "123456:" + "A" * 35
    assert settings(TELEGRAM_BOT_TOKEN=token, TELEGRAM_WEBHOOK_SECRET="abc_-1").telegram
    assert "TELEGRAM_WEBHOOK_SECRET" in problems(TELEGRAM_BOT_TOKEN=token)[0]


def test_whatsapp_is_on_with_all_three_settings() -> None:
    env = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886"}
    assert settings(**env).whatsapp
    for name in env:
        assert name in problems(**{**env, name: ""})[0]
    assert "whatsapp:+" in problems(**{**env, "TWILIO_WHATSAPP_FROM": "+14155238886"})[0]


def test_prices_of_claude_are_four_numbers_or_none() -> None:
    assert settings().anthropic_prices is None
    assert settings(ANTHROPIC_PRICES="0.10, 0.50,0.125,0.01").anthropic_prices == (0.10, 0.50, 0.125, 0.01)


@pytest.mark.parametrize("raw", ["0.1", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,-4", "1,,3,4", "1,2,3,99999"])
def test_other_prices_are_refused(raw: str) -> None:
    assert "ANTHROPIC_PRICES" in problems(ANTHROPIC_PRICES=raw)[0]


def test_settings_of_providers_are_handed_through_and_others_are_not() -> None:
    assert settings(DUFFEL_TOKEN=" d ", IABIRI_TOKEN="", HOME="/root").providers == {"DUFFEL_TOKEN": "d"}


def test_no_secret_shows_when_settings_are_printed() -> None:
    secrets = {
        "SECRET_KEY": "hidden-" + "k" * 32,
        "SENTRY_DSN": "https://hidden@sentry.example/1",
        "TELEGRAM_BOT_TOKEN": "123456:hidden" + "A" * 35,
        "TELEGRAM_WEBHOOK_SECRET": "hidden",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "hidden",
        "TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886",
        "ANTHROPIC_API_KEY": "hidden",
        "DUFFEL_TOKEN": "hidden",
    }
    assert "hidden" not in repr(settings(**secrets))


def test_the_environment_for_processes_is_a_copy() -> None:
    copy = config.environment()
    copy["SAFIRI_NEVER_SET"] = "1"
    assert "SAFIRI_NEVER_SET" not in config.environment()


@given(st.dictionaries(st.sampled_from(["PORT", "WORKERS", "PUBLIC_URL", "REDIS_URL", "SAFIRI_TODAY"]), st.text()))
def test_any_text_gives_settings_or_a_list_of_problems(env: dict[str, str]) -> None:
    try:
        told = settings(**env).port in range(1, 65536)
    except BadSettings as exc:
        told = bool(exc.problems)
    assert told


def test_every_setting_is_documented() -> None:
    source = (ROOT / "bot/config.py").read_text()
    read = set(re.findall(r'"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+|PORT|WORKERS)"', source))
    documented = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert len(read) > 30
    assert read - documented == set()


@pytest.mark.parametrize(
    "contact", ["+254 700 000 000", "0700000000", "help@safiri.example", "https://safiri.example/help"]
)
def test_people_can_be_sent_to_a_phone_a_mailbox_or_a_page(contact: str) -> None:
    assert settings(SUPPORT_CONTACT=contact).support_contact == contact


@pytest.mark.parametrize("contact", ["call us", "http://safiri.example", "@safiri", "12", "https://", "a@b", "+254x"])
def test_a_contact_that_leads_nowhere_is_refused(contact: str) -> None:
    with pytest.raises(BadSettings, match="SUPPORT_CONTACT must be a phone number"):
        settings(SUPPORT_CONTACT=contact)


def test_rates_and_retention_are_checked() -> None:
    given = settings(RETENTION_DAYS="30", CHAT_RATE="5/minute", VISITOR_RATE="1/second; 10/minute", SITE_RATE="9/hour")
    assert (given.retention_days, given.chat_rate) == (30, "5/minute")
    for name, value in (
        ("RETENTION_DAYS", "3"),
        ("CHAT_RATE", "many"),
        ("VISITOR_RATE", "0/minute"),
        ("SITE_RATE", "5"),
    ):
        assert [problem.split()[0] for problem in problems(**{name: value})] == [name]
