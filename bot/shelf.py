"""Documents as channels ask for them: bytes from the store, or a signed address under PUBLIC_URL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.config import Settings
from bot.documents import mydata
from bot.i18n import NAIROBI, t
from bot.replies import Attachment, DocumentKind
from bot.signing import Signer
from bot.tasks import DOCUMENTS
from storage.db import Gone
from storage.store import Store

_CHAT: Final = "chat-"  # no trip has such an id


def data_of(chat_id: int, lang: str) -> Attachment:
    """All that is kept about a chat. It is kept nowhere as a file, so nothing of it has to be deleted again."""
    return Attachment(DocumentKind.JSON, f"{_CHAT}{chat_id}", 0, mydata.NAME, t(lang, "caption_json"))


def file(store: Store, owner: str, version: int | None, kind: DocumentKind) -> tuple[str, bytes] | None:
    """Name and bytes of a document, the newest for `version` None; None when there is none (any more)."""
    if kind is DocumentKind.JSON:
        return _data(store, owner)
    with store.reading() as s:
        found = store.trips.document(s, owner, version, str(kind))
    return found and found[:2]


def is_coming(store: Store, trip_id: str) -> bool:
    """Whether files of this trip, or of another of its chat, are still to be drawn."""
    with store.reading() as s:
        chat_id = store.trips.chat_of(s, trip_id)
        return chat_id is not None and store.tasks.is_owed(s, chat_id, DOCUMENTS)


def _data(store: Store, owner: str) -> tuple[str, bytes] | None:
    number = owner.removeprefix(_CHAT)
    if number == owner or not number.isdecimal():
        return None
    with store.reading() as s:
        parts = store.export(s, int(number))
    if not parts["chats"]:
        return None
    return mydata.NAME, mydata.render(parts, mydata.spoken_in(parts), datetime.now(NAIROBI))


class Shelf:
    """Implements bot.channel.Documents."""

    def __init__(self, settings: Settings, store: Callable[[], Store]) -> None:
        self._public_url = settings.public_url
        self._signer = Signer(settings.secret_keys)
        self._store = store

    def content(self, attachment: Attachment) -> bytes:
        """The file. Raises Gone when it was never rendered or has been deleted."""
        found = file(self._store(), attachment.trip_id, attachment.version, attachment.kind)
        if found is None:
            raise Gone(f"no {attachment.kind} of this trip version or chat")
        return found[1]

    def url(self, attachment: Attachment) -> str:
        """An address that serves the file for an hour."""
        signed = self._signer.sign(attachment.trip_id, attachment.version, attachment.kind)
        return f"{self._public_url}/files/{signed}"
