"""Makes the forms of message at Twilio and asks WhatsApp to approve the templates among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels._content import FORMS, Form
from bot.channels._twilio import connect, translated
from bot.config import Settings


class Making:
    """Implements bot.contents.Maker by the Content API: https://www.twilio.com/docs/content/content-api-resources."""

    def __init__(self, settings: Settings) -> None:
        self._client = connect(settings)
        self._forms = {form.name: form for form in FORMS}

    @property
    def wanted(self) -> Sequence[Form]:
        """What should be there."""
        return FORMS

    def existing(self) -> dict[str, str]:
        """Ids of what is there, by name; of several with one name the first that Twilio names."""
        found: dict[str, str] = {}
        with translated():
            for content in self._contents.stream():
                found.setdefault(str(content.friendly_name), str(content.sid))
        return found

    def make(self, name: str) -> str:
        """Make one; its id."""
        form = self._forms[name]
        wanted = {"friendly_name": name, "language": form.language, "variables": form.variables, "types": form.types}
        with translated():
            return str(self._contents.create(self._contents.ContentCreateRequest(wanted)).sid)

    def status(self, content_id: str) -> str:
        """How far its approval is: "unsubmitted", "received", "pending", "approved", "rejected" …"""
        with translated():
            return str(self._contents(content_id).approval_fetch().fetch().whatsapp["status"])

    def submit(self, name: str, content_id: str) -> str:
        """Ask for approval; how far it is then."""
        approval = self._contents(content_id).approval_create
        wanted = {"name": name, "category": self._forms[name].category}
        with translated():
            return str(approval.create(approval.ContentApprovalRequest(wanted)).status)

    @property
    def _contents(self) -> Any:  # the library is not typed
        return self._client.content.v1.contents
