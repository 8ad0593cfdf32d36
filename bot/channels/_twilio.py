"""Twilio's library: the only file that imports it, and only when it is needed. `twilio.rest` costs over a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import TYPE_CHECKING

from bot.channel import ChannelError
from bot.channels._codes import trouble
from bot.channels._forms import Form
from bot.config import Settings

if TYPE_CHECKING:
    from twilio.rest import Client  # type: ignore[import-untyped]

__all__ = ["TIMEOUT", "Client", "connect", "is_signed", "translated"]

TIMEOUT = 10.0  # seconds; the library's own default is to wait for ever


def connect(settings: Settings, timeout: float = TIMEOUT) -> Client:
    """A client that keeps its connections: for one process, never to be shared with forked children."""
    from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
    from twilio.rest import Client

    client = Client(settings.twilio_sid, settings.twilio_token, http_client=TwilioHttpClient(timeout=timeout))
    if settings.twilio_url:
        for domain in (client.api, client.messaging, client.content):
            domain.base_url = settings.twilio_url
    return client


def is_signed(token: str, url: str, form: Form, signature: str) -> bool:
    """Whether Twilio made this request. Compared in constant time."""
    from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

    return bool(RequestValidator(token).validate(url, form, signature))


@contextmanager
def translated() -> Iterator[None]:
    """Every failure of the library as a ChannelError, without the cause: its text shows numbers and account."""
    from twilio.base.exceptions import (  # type: ignore[import-untyped]
        TwilioException,
        TwilioRestException,
        TwilioServiceException,
    )

    try:
        yield
    except (TwilioRestException, TwilioServiceException) as exc:
        raise trouble(exc.code or 0, exc.status) from None
    except TwilioException as exc:  # a list that was refused comes without a code, with the answer beside the text
        status = next((answer.status_code for answer in exc.args if hasattr(answer, "status_code")), 0)
        if status >= 400:
            raise trouble(0, status) from None
        raise ChannelError("Twilio gave an answer that cannot be understood") from None
    except JSONDecodeError:
        raise ChannelError("Twilio gave an answer that is not JSON") from None
    except OSError as exc:  # every error of `requests`: no connection, no answer in time
        raise ChannelError(f"Twilio could not be reached: {type(exc).__name__}") from None
