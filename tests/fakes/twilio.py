"""Twilio's REST API for WhatsApp on the loopback, with its rules and its errors.

    with FakeTwilio() as twilio:
        settings = replace(Settings(), twilio_sid=twilio.sid, twilio_token=twilio.token, twilio_url=twilio.url, …)
        …
        twilio.push(f"{public_url}/webhooks/whatsapp", "Mombasa next Friday")
        twilio.wait_for(lambda: twilio.sent != [])

Numbers, texts and codes: https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/api/errors.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from werkzeug.wrappers import Request, Response

from tests.fakes.loopback import NO_TLS, Loopback
from tests.fakes.twilio_content import Bad, Contents, Shown

SID = "AC" + "0123456789abcdef" * 2
TOKEN = "loopback-auth-token"
NUMBER = "whatsapp:+14155238886"
TRAVELLER = "whatsapp:+254700000001"
MEDIA_TYPES = {"application/pdf", "image/jpeg", "image/png", "audio/ogg", "video/mp4", "text/vcard"}
LIMIT = 1600
# What may be sent, of the fields of CreateMessageRequest in Twilio's OpenAPI description.
FIELDS = {"To", "From", "Body", "MediaUrl", "StatusCallback", "ContentSid", "ContentVariables"}


@dataclass(frozen=True)
class Sent:
    """A message that was accepted. `media` are the bytes Twilio fetched, `error` why they will not arrive."""

    sid: str
    to: str
    body: str
    media_url: str = ""
    media: bytes = b""
    filename: str = ""
    content_sid: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # title and id of what can be tapped
    opens: str = ""  # label of the list they are in, "" for buttons
    status_callback: str = ""
    error: int = 0

    @property
    def labels(self) -> list[str]:
        return [title for title, _ in self.choices]

    def __str__(self) -> str:
        """As it looks on a phone."""
        buttons = "".join(f"\n  [ {title} ]" for title in self.labels)
        lead = f"\n  ☰ {self.opens}:" if self.opens else ""
        return (f"📄 {self.filename}" if self.media_url else self.body) + lead + buttons


class Refused(Exception):
    """An answer in Twilio's error format."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class FakeTwilio(Loopback):
    """The service. `sent` are the messages in order, `typing` the message ids that were answered with "typing…"."""

    def __init__(self, sid: str = SID, token: str = TOKEN, number: str = NUMBER) -> None:
        self.sid, self.token, self.number = sid, token, number
        self.sent: list[Sent] = []
        self.typing: list[str] = []
        self.asked = 0  # messages it was asked to send, taken or not
        self.opted_out: set[str] = set()
        self.outside: dict[str, str] = {}  # where public addresses are served on the loopback
        self.closed: set[str] = set()  # travellers who wrote last over 24 hours ago
        self._failures: deque[tuple[int, int, str]] = deque()
        self._refusals: deque[tuple[int, int, str]] = deque()
        self._hangs = 0
        self._ids = itertools.count(1)
        super().__init__()
        self.contents = Contents(sid, self.url)

    # ── script ──────────────────────────────────────────────────────────────────────────────────────────────────

    def fail(self, status: int, code: int, message: str = "Scripted", times: int = 1) -> None:
        """The next requests are answered with an error."""
        self._failures += [(status, code, message)] * times

    def refuse(self, status: int, code: int, times: int = 1) -> None:
        """The next messages are answered with an error; typing still works."""
        self._refusals += [(status, code, "Scripted")] * times

    def hang(self) -> None:
        """The next request gets no answer."""
        self._hangs += 1

    # ── the traveller's side ────────────────────────────────────────────────────────────────────────────────────

    def form(self, body: str = "", sender: str = TRAVELLER, **fields: str) -> dict[str, str]:
        """The fields of a message from a traveller."""
        sid = self._message_id("SM")
        return {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Amina", "MessageType": "text", "SmsSid": sid,
            "WaId": sender.removeprefix("whatsapp:+"), "SmsStatus": "received", "Body": body, "To": self.number,
            "NumSegments": "1", "ReferralNumMedia": "0", "MessageSid": sid, "AccountSid": self.sid, "From": sender,
            "ApiVersion": "2010-04-01",
        } | fields  # fmt: skip

    def tapped(self, sent: Sent, label: str, sender: str = TRAVELLER) -> dict[str, str]:
        """The fields of a tap on a button or a row."""
        key = dict(sent.choices)[label]
        quoted = {"OriginalRepliedMessageSid": sent.sid, "OriginalRepliedMessageSender": self.number}
        if sent.opens:
            more = {"ListId": key, "ListTitle": label, "MessageType": "interactive"}
        else:
            more = {"ButtonPayload": key, "ButtonText": label, "MessageType": "button"}
        return self.form(label, sender, **more, **quoted)

    def push(self, url: str, body: str = "", sender: str = TRAVELLER, **fields: str) -> httpx.Response:
        """Post a message to a webhook, signed."""
        return self.post(url, self.form(body, sender, **fields))

    def post(self, url: str, form: Mapping[str, str], signed_for: str = "") -> httpx.Response:
        """Post a signed form; `signed_for` is the address Twilio believes to call when a proxy stands in between."""
        headers = {"X-Twilio-Signature": self.signature(signed_for or url, form)}
        return httpx.post(self._reached(url), data=dict(form), headers=headers, timeout=10, verify=NO_TLS)

    def _reached(self, url: str) -> str:
        for public, served in self.outside.items():
            if url.startswith(f"{public}/"):
                return served + url.removeprefix(public)
        return url

    def report(self, sent: Sent, status: str, code: int = 0) -> httpx.Response:
        """Tell the status address of a message what became of it."""
        return self.post(sent.status_callback, self.status_form(sent, status, code))

    def status_form(self, sent: Sent, status: str, code: int = 0) -> dict[str, str]:
        failed = {"ErrorCode": str(code)} if code else {}
        return {
            "SmsSid": sent.sid, "SmsStatus": status, "MessageStatus": status, "ChannelToAddress": sent.to[:-4] + "XXXX",
            "To": sent.to, "ChannelPrefix": "whatsapp", "MessageSid": sent.sid, "AccountSid": self.sid,
            "From": self.number, "ApiVersion": "2010-04-01",
        } | failed  # fmt: skip

    def signature(self, url: str, form: Mapping[str, str]) -> str:
        return str(RequestValidator(self.token).compute_signature(url, dict(form)))

    # ── the service's side ──────────────────────────────────────────────────────────────────────────────────────

    def answer(self, request: Request) -> Response:
        with self.changed:
            hanging, self._hangs = self._hangs > 0, max(0, self._hangs - 1)
            failure = self._failures.popleft() if self._failures and not hanging else None
        if hanging:
            self.closing.wait(30)
        try:
            if failure:
                raise Refused(*failure)
            return self._answered(request)
        except Refused as exc:
            return _error(exc)
        finally:
            with self.changed:
                self.changed.notify_all()

    def _answered(self, request: Request) -> Response:
        credentials = request.authorization
        if not credentials or (credentials.username, credentials.password) != (self.sid, self.token):
            raise Refused(401, 20003, "Authenticate")
        if request.path == "/v1/Content" or request.path.startswith("/v1/Content/"):
            body = json.loads(request.get_data()) if request.method == "POST" else {}
            try:
                return _json(*self.contents.answer(request.method, request.path, request.args, body))
            except Bad as exc:
                raise Refused(exc.status, exc.code, str(exc)) from None
        form = request.form
        if request.method == "POST" and request.path == f"/2010-04-01/Accounts/{self.sid}/Messages.json":
            self.asked += 1
            if self._refusals:
                raise Refused(*self._refusals.popleft())
            return _json(self._message(form.to_dict(), form.getlist("MediaUrl")), 201)
        if request.method == "POST" and request.path == "/v2/Indicators/Typing.json":
            return _json(self._typing(form.to_dict()), 200)
        raise Refused(404, 20404, f"The requested resource {request.path} was not found")

    def _typing(self, form: Mapping[str, str]) -> dict[str, object]:
        if form.get("channel") != "whatsapp" or not re.fullmatch(r"(SM|MM)[0-9a-f]{32}", form.get("messageId", "")):
            raise Refused(400, 20422, "Invalid parameter")
        self.typing.append(form["messageId"])
        return {"success": True}

    def _message(self, form: Mapping[str, str], media: list[str]) -> dict[str, object]:
        self._check(form, media)
        shown = self._shown(form)
        content, filename, error = self._fetched(media[0]) if media else (b"", "", 0)
        if form["To"] in self.closed and not self._is_template(form):
            error = 63016  # found out only after the message was taken
        sid = self._message_id("MM" if media else "SM")
        message = Sent(
            sid=sid, to=form["To"], body=shown.body, media_url=media[0] if media else "", media=content,
            filename=filename, content_sid=form.get("ContentSid", ""), choices=shown.choices, opens=shown.opens,
            status_callback=form.get("StatusCallback", ""), error=error,
        )  # fmt: skip
        with self.changed:
            self.sent.append(message)
        uri = f"/2010-04-01/Accounts/{self.sid}/Messages/{sid}"
        return {
            "account_sid": self.sid, "api_version": "2010-04-01", "body": message.body, "direction": "outbound-api",
            "date_created": "Fri, 27 Nov 2026 05:01:45 +0000", "date_updated": "Fri, 27 Nov 2026 05:01:45 +0000",
            "date_sent": None, "error_code": None, "error_message": None, "from": form["From"], "to": message.to,
            "messaging_service_sid": None, "num_media": str(len(media)), "num_segments": "1", "price": None,
            "price_unit": None, "sid": sid, "status": "queued", "subresource_uris": {"media": f"{uri}/Media.json"},
            "uri": f"{uri}.json",
        }  # fmt: skip

    def _shown(self, form: Mapping[str, str]) -> Shown:
        if not form.get("ContentSid"):
            return Shown(form.get("Body", ""))
        try:
            return self.contents.shown(form["ContentSid"], form.get("ContentVariables", ""))
        except Bad as exc:
            raise Refused(exc.status, exc.code, str(exc)) from None

    def _is_template(self, form: Mapping[str, str]) -> bool:
        made = self.contents.made.get(form.get("ContentSid", ""))
        return made is not None and made.status == "approved"

    def _check(self, form: Mapping[str, str], media: list[str]) -> None:
        to, body, content = form.get("To", ""), form.get("Body", ""), form.get("ContentSid", "")
        if not to:
            raise Refused(400, 21604, "A 'To' phone number is required.")
        if not re.fullmatch(r"whatsapp:\+[0-9]{6,15}", to):
            raise Refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if form.get("From") != self.number:
            raise Refused(400, 63007, "Twilio could not find a Channel with the specified From address")
        if to in self.opted_out:
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")
        if content and not re.fullmatch(r"HX[0-9a-fA-F]{32}", content):
            raise Refused(400, 21655, f"The ContentSid {content} is invalid")
        if set(form) - FIELDS:
            raise Refused(400, 20001, f"Unknown: {set(form) - FIELDS}")
        if content and (body or media):
            raise Refused(400, 20001, "Body and MediaUrl do not go with ContentSid")
        if not (body.strip() or media or content):
            raise Refused(400, 21619, "A text message body or media urls must be specified.")
        if len(body.encode("utf-16-le")) // 2 > LIMIT:
            raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if len(media) > 1:
            raise Refused(400, 21623, "Number of media files exceeds allowed limit")
        for url in (*media, *filter(None, [form.get("StatusCallback", "")])):
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname:
                raise Refused(400, 21620 if url in media else 21609, f"Invalid URL: {url}")

    def _fetched(self, url: str) -> tuple[bytes, str, int]:
        """The document as Twilio gets it, its name, and the code of what is wrong with it."""
        try:
            head, got = (ask(self._reached(url), timeout=8, verify=NO_TLS) for ask in (httpx.head, httpx.get))
        except httpx.HTTPError:
            return b"", "", 63019
        if head.status_code != 200 or got.status_code != 200:
            return b"", "", 63019
        kinds = {answer.headers.get("Content-Type", "").partition(";")[0] for answer in (head, got)}
        if len(kinds) != 1 or not kinds <= MEDIA_TYPES:
            return b"", "", 12300
        if int(head.headers.get("Content-Length", -1)) != len(got.content) or head.content:
            return b"", "", 63019
        name = re.search(r'filename="?([^";]+)', got.headers.get("Content-Disposition", ""))
        return got.content, name[1] if name else "", 0

    def _message_id(self, kind: str) -> str:
        return f"{kind}{next(self._ids):032x}"


def _json(body: Mapping[str, object], status: int) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


def _error(refused: Refused) -> Response:
    more = f"https://www.twilio.com/docs/errors/{refused.code}"
    body = {"code": refused.code, "message": str(refused), "more_info": more, "status": refused.status}
    return _json(body, refused.status)
