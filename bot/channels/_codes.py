"""What Twilio's and Meta's error codes mean for a reply and its chat: one table for answers and for news of later.

Sources: https://www.twilio.com/docs/api/errors/<code> for codes of five digits,
https://www.twilio.com/docs/whatsapp/api/error-code-mapping, and for 131xxx, which Twilio hands through,
https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
A code that is not in the table: an answer of 4xx refuses the message, anything else is tried again.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from bot.channel import ChannelError


class Meaning(Enum):
    """What to do."""

    GONE = auto()  # nothing arrives there: stop writing until they write
    OPTED_OUT = auto()  # they want nothing of us that they did not ask for
    LISTED = auto()  # the same, and Twilio refuses everything until they send it START
    CLOSED = auto()  # 24 hours are over: free text goes again when they have written
    WAIT = auto()  # too fast
    MEDIA = auto()  # the document: its address in the text may go
    CONTENT = auto()  # the form with buttons: plain text may go
    REFUSED = auto()  # this message, each time
    OURS = auto()  # the account or its settings: the operator's to mend, so it is tried again
    TROUBLE = auto()  # theirs: tried again


_ALL: Final[dict[Meaning, dict[int, str]]] = {
    Meaning.GONE: {
        21211: "the number is not valid",
        21408: "the account may not write to that country",
        21612: "the number cannot be reached from ours",
        21614: "the number is not a mobile number",
        63003: "nobody has this WhatsApp address",
        63014: "the traveller has blocked us",
        63015: "the traveller has not joined the sandbox",
        63024: "the recipient is not valid",
        63031: "the recipient is ourselves",
        131026: "WhatsApp cannot deliver to this recipient",
    },
    Meaning.OPTED_OUT: {131050: "the traveller has stopped messages from us"},
    Meaning.LISTED: {21610: "the traveller has opted out"},
    Meaning.CLOSED: {
        63016: "the last message from the traveller is over 24 hours old",
        131047: "the last message from the traveller is over 24 hours old",
    },
    Meaning.WAIT: {
        20429: "too many requests for the account",
        30001: "the queue of the account is full",
        63018: "too many messages for the number",
        63038: "the daily limit of the account is reached",
        131056: "too many messages to one traveller",
    },
    Meaning.MEDIA: {
        12300: "the type of the document is not taken",
        21620: "the address of the document is not taken",
        21623: "too many documents in a message",
        63019: "the document could not be fetched",
    },
    Meaning.CONTENT: {
        21655: "the content is not known",
        21656: "the variables of the content are not taken",
        63005: "WhatsApp did not accept the content",
        63006: "the content could not be formatted",
        63021: "WhatsApp found the content invalid",
        63027: "the template does not exist in this language",
        63028: "the variables do not fit the template",
        63030: "a part of the content is not supported",
        63040: "the template was rejected",
        63041: "the template is paused",
        63042: "the template is disabled",
    },
    Meaning.REFUSED: {
        21617: "the text is too long",
        21619: "the message is empty",
        63013: "the message breaks a policy of WhatsApp",
        63032: "WhatsApp does not deliver this to this traveller",
        63049: "Meta chose not to deliver the message",
        131049: "Meta chose not to deliver the message",
    },
    Meaning.OURS: {
        20003: "the credentials are wrong",
        20404: "the account is not known",
        21606: "our number cannot send",
        30002: "the account is suspended",
        63001: "WhatsApp does not know our credentials",
        63002: "WhatsApp does not know our number",
        63007: "our number is no WhatsApp sender of the account",
        63008: "the sender is not set up rightly",
        63020: "the business is not confirmed at Meta",
        63022: "the certificate of our number is not valid",
        63051: "the WhatsApp account is locked",
    },
    Meaning.TROUBLE: {
        30008: "unknown",
        63009: "WhatsApp gave an error",
        63010: "Twilio gave an error",
        63012: "WhatsApp is in trouble",
        63023: "WhatsApp gave an error",
        63025: "the document exists already",
        63029: "the phone could not fetch the template",
    },
}
CODES: Final = {code: (meaning, says) for meaning, codes in _ALL.items() for code, says in codes.items()}
WAITS: Final = {20429: 10.0, 30001: 60.0, 63018: 6.0, 63038: 3600.0, 131056: 6.0}  # seconds
_WAIT = 10.0


class MediaRefused(ChannelError):
    """Twilio cannot fetch the document or does not take its type."""


class ContentRefused(ChannelError):
    """A form with buttons is not taken."""


def trouble(code: int, status: int = 0) -> ChannelError:
    """What an error code, and the status of the answer it came with (0: news of a message taken earlier), mean."""
    meaning, says = CODES.get(code, (_of_status(status), "unknown"))
    told = f"{says} ({code or status})"
    match meaning:
        case Meaning.GONE:
            return ChannelError(f"WhatsApp cannot deliver: {told}", gone=True)
        case Meaning.OPTED_OUT | Meaning.LISTED:
            return ChannelError(f"no more: {told}", opted_out=True, listed=meaning is Meaning.LISTED)
        case Meaning.CLOSED:
            return ChannelError(f"not now: {told}", closed=True)
        case Meaning.WAIT:
            wait = WAITS.get(code, _WAIT)
            return ChannelError(f"WhatsApp asks to wait {wait:g} s: {told}", retry_after=wait)
        case Meaning.MEDIA:
            # Once taken it was fetched in vain: our web server was away, so another time may do.
            return MediaRefused(f"WhatsApp does not take the document: {told}", permanent=status > 0)
        case Meaning.CONTENT:
            return ContentRefused(f"WhatsApp does not take the form: {told}", permanent=True)
        case Meaning.REFUSED:
            return ChannelError(f"WhatsApp refused the message: {told}", permanent=True)
        case Meaning.OURS:
            return ChannelError(f"check the TWILIO_ settings and the account: {told}")
        case Meaning.TROUBLE:
            return ChannelError(f"Twilio or WhatsApp is in trouble: {told}")


def _of_status(status: int) -> Meaning:
    if status == 429:
        return Meaning.WAIT
    if status in (401, 403, 404):
        return Meaning.OURS
    return Meaning.REFUSED if 400 <= status < 500 else Meaning.TROUBLE
