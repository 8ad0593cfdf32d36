"""Addresses and tokens that prove themselves: signed with SECRET_KEY, nothing to look up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadData, SignatureExpired, URLSafeSerializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

from bot.replies import DocumentKind

FILE_SECONDS = 3600


class Forged(Exception):
    """Not signed by any of our keys, or not for this purpose."""


class Expired(Exception):
    """Signed by us, too long ago."""


@dataclass(frozen=True, slots=True)
class FileRef:
    """One document of one version of a trip."""

    trip_id: str
    version: int
    kind: DocumentKind


class Signer:
    """Signs with the newest key and accepts all of them, so that a key can be changed without breaking links."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys or not all(secret_keys):
            raise ValueError("signing needs a secret key")
        oldest_first = list(reversed(secret_keys))
        self._files = URLSafeTimedSerializer(oldest_first, salt="safiri.files")
        self._tokens = URLSafeSerializer(oldest_first, salt="safiri.api")

    def sign(self, trip_id: str, version: int, kind: DocumentKind) -> str:
        """The last part of a `/files/…` address, good for an hour."""
        return str(self._files.dumps([trip_id, version, str(kind)]))

    def read(self, signed: str) -> FileRef:
        """What a `/files/…` address stands for. Raises Expired or Forged."""
        _only_as_made(signed)
        try:
            trip_id, version, kind = self._files.loads(signed, max_age=FILE_SECONDS)
            return FileRef(trip_id, version, DocumentKind(kind))
        except SignatureExpired as exc:
            raise Expired from exc
        except (BadData, ValueError, TypeError) as exc:
            raise Forged from exc

    def api_token(self, owner: str) -> str:
        """A bearer token of the REST API; whoever holds it sees the trips of `owner`. Good until the key changes."""
        return str(self._tokens.dumps(owner))

    def api_owner(self, token: str) -> str:
        """Whose bearer token this is. Raises Forged."""
        _only_as_made(token)
        try:
            return str(self._tokens.loads(token))
        except BadData as exc:
            raise Forged from exc


def _only_as_made(signed: str) -> None:
    """The last character of a signature has bits that decoding ignores; with these changed it is not ours. Forged."""
    signature = signed.rpartition(".")[2]
    try:
        made = base64_encode(base64_decode(signature)).decode()
    except (BadData, ValueError) as exc:
        raise Forged from exc
    if made != signature:
        raise Forged
