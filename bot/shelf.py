"""Documents of trips as channels ask for them: bytes from the store, or a signed address under PUBLIC_URL."""

from __future__ import annotations

from collections.abc import Callable

from bot.config import Settings
from bot.replies import Attachment
from bot.signing import Signer
from storage.db import Gone
from storage.store import Store


class Shelf:
    """Implements bot.channel.Documents."""

    def __init__(self, settings: Settings, store: Callable[[], Store]) -> None:
        self._public_url = settings.public_url
        self._signer = Signer(settings.secret_keys)
        self._store = store

    def content(self, attachment: Attachment) -> bytes:
        """The stored file. Raises Gone when it was never rendered or has been deleted."""
        store = self._store()
        with store.reading() as s:
            found = store.trips.document(s, attachment.trip_id, attachment.version, str(attachment.kind))
        if found is None:
            raise Gone(f"no {attachment.kind} of this trip version")
        return found[1]

    def url(self, attachment: Attachment) -> str:
        """An address that serves the file for an hour."""
        signed = self._signer.sign(attachment.trip_id, attachment.version, attachment.kind)
        return f"{self._public_url}/files/{signed}"
