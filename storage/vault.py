"""Encryption of personal data at rest, and keyed hashes to find it by."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """A token that none of the keys made: a key was dropped too early, or the data was changed."""


class Vault:
    """Encrypts with the first secret, decrypts with all of them.

    To change the secret: put the new one in front, restart every process, call `Store.reencrypt()`, drop the old one.
    Encryption and lookups use keys derived separately (HKDF-SHA256), so a lookup tells nothing about a token.
    """

    def __init__(self, secret_keys: tuple[str, ...]) -> None:
        if not secret_keys or not all(secret_keys):
            raise ValueError("a vault needs a secret, and no secret may be empty")
        self._newest, *_ = fernets = [Fernet(urlsafe_b64encode(_derive(key, b"encrypt"))) for key in secret_keys]
        self._fernet = MultiFernet(fernets)
        self._lookup_keys = tuple(_derive(key, b"lookup") for key in secret_keys)

    def seal(self, text: str) -> str:
        """Encrypt any text, lone surrogates included. The same text gives a different token each time."""
        return self.seal_bytes(text.encode("utf-8", "surrogatepass")).decode("ascii")

    def open(self, token: str) -> str:
        """Decrypt. Raises Unreadable."""
        return self.open_bytes(token.encode("utf-8", "replace")).decode("utf-8", "surrogatepass")

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt a file."""
        return self._fernet.encrypt(content)

    def open_bytes(self, token: bytes) -> bytes:
        """Decrypt a file. Raises Unreadable."""
        try:
            return self._fernet.decrypt(token)
        except InvalidToken as exc:
            raise Unreadable("no key opens this") from exc

    def is_current(self, token: str | bytes) -> bool:
        """Whether the newest secret made this token."""
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            return False
        return True

    def rotate(self, token: str) -> str:
        """The same text under the newest secret. Raises Unreadable."""
        return self.rotate_bytes(token.encode("utf-8", "replace")).decode("ascii")

    def rotate_bytes(self, token: bytes) -> bytes:
        """The same file under the newest secret. Raises Unreadable."""
        return self.seal_bytes(self.open_bytes(token))

    def lookup(self, label: str, value: str) -> str:
        """The keyed hash to store: HMAC-SHA256 under the newest secret, 64 hex digits. `label` keeps columns apart."""
        return self.lookups(label, value)[0]

    def lookups(self, label: str, value: str) -> tuple[str, ...]:
        """The hashes to search for, one per secret, newest first."""
        message = f"{label}\0{value}".encode("utf-8", "surrogatepass")
        return tuple(hmac.digest(key, message, "sha256").hex() for key in self._lookup_keys)


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"safiri/1/" + purpose).derive(secret.encode())
