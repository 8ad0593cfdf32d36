"""Who wants nothing from us. Kept for ever, as a keyed hash of the address alone, whatever else of them is deleted."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from storage.clock import Clock
from storage.db import dialect, insert
from storage.tables import Key, OptOut
from storage.vault import Vault

_KEY = "optouts"
_LOOKED_UP = "optouts"  # in a session: what this transaction knows
_SEALED = select(Key.value).where(Key.name == _KEY)  # built once: every reply asks these
_OF = select(OptOut.channel, OptOut.address_hash, OptOut.by_app, OptOut.last_reply).where(
    OptOut.channel.in_(bindparam("channels", expanding=True)),
    OptOut.address_hash.in_(bindparam("hashes", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """`by_app`: the app keeps a list of its own, so only a word to it ends this; replies up to `last_reply` may go."""

    by_app: bool
    last_reply: int


class OptOuts:
    """The list.

    Its hashes are made with a key of their own that lies sealed beside them: they cannot be made anew when the secrets
    change, because nobody knows the addresses any more, but that key can be sealed anew.
    """

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock
        self._key = b""  # never changes, so it is opened once

    def of_all(self, s: Session, addresses: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Refusal]:
        """What is known of these (channel, address); nothing of those that may be written to.

        Looked up once in a transaction: what is said is asked about when it is owed, and when it is sent.
        """
        looked_up: dict[tuple[str, str], Refusal | None] = s.info.setdefault(_LOOKED_UP, {})
        wanted = set(addresses)
        if missing := wanted.difference(looked_up):
            looked_up |= dict.fromkeys(missing) | self._found(s, missing)
        return {address: refusal for address in wanted if (refusal := looked_up[address]) is not None}

    def _found(self, s: Session, addresses: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Refusal]:
        key = self._opened(s)
        if not key:
            return {}
        hashed = {(channel, _hash(key, channel, address)): (channel, address) for channel, address in addresses}
        channels, hashes = (list(set(column)) for column in zip(*hashed, strict=True))
        return {
            hashed[row.channel, row.address_hash]: Refusal(row.by_app, row.last_reply)
            for row in s.connection().execute(_OF, {"channels": channels, "hashes": hashes})
            if (row.channel, row.address_hash) in hashed
        }

    def of(self, s: Session, channel: str, address: str) -> Refusal | None:
        """What is known of this address; None: it may be written to."""
        return self.of_all(s, [(channel, address)]).get((channel, address))

    def add(self, s: Session, channel: str, address: str, *, last_reply: int, by_app: bool) -> None:
        """Nothing goes there any more but replies with an id up to `last_reply`; 0 for none at all."""
        s.info.pop(_LOOKED_UP, None)
        key = self._opened(s) or self._made(s)
        values = {"by_app": by_app, "last_reply": last_reply, "since": self._clock()}
        hashed = _hash(key, channel, address)
        new = insert(dialect(s), OptOut).values(channel=channel, address_hash=hashed, **values)
        s.execute(new.on_conflict_do_update(index_elements=["channel", "address_hash"], set_=values))

    def end(self, s: Session, channel: str, address: str) -> None:
        """They want to hear from us again."""
        s.info.pop(_LOOKED_UP, None)
        if key := self._opened(s):
            mine = (OptOut.channel == channel) & (OptOut.address_hash == _hash(key, channel, address))
            s.execute(delete(OptOut).where(mine))

    def _opened(self, s: Session) -> bytes:
        """The key; empty as long as nobody opted out."""
        if not self._key and (sealed := s.connection().scalar(_SEALED)):
            self._key = self._vault.open(sealed).encode()
        return self._key

    def _made(self, s: Session) -> bytes:
        """Two processes may try at once: the first one's counts. Not remembered here: this may be rolled back."""
        new = insert(dialect(s), Key).values(name=_KEY, value=self._vault.seal(token_hex(32)))
        s.execute(new.on_conflict_do_nothing())
        return self._vault.open(s.scalars(select(Key.value).where(Key.name == _KEY)).one()).encode()


def _hash(key: bytes, channel: str, address: str) -> str:
    return hmac.new(key, f"{channel}\0{address}".encode("utf-8", "surrogatepass"), sha256).hexdigest()
