"""How much strangers may ask of the pages: counted by all processes together, in Redis; each by itself without it.

Webhooks are not among it: all of Telegram's and Twilio's come from a few addresses, and each has proved itself before
it costs more than a signature. What one chat may make us do is bot.flood's concern.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from flask import request
from werkzeug.exceptions import TooManyRequests

from bot.web.parts import parts

OPEN = ("health", None)  # blueprints that are never refused; None: static files
_EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many uses, for each key, of what `name` names; `rate` like "30/minute" (storage.rates)."""

    name: str
    rate: str

    def wait(self, key: str) -> float:
        """Count one use: 0, or for how many seconds there is none left. Who `key` is cannot be read from the memory."""
        secret = parts().settings.secret_keys[0].encode()
        who = hmac.new(secret, f"{self.name}\0{key}".encode(), sha256).hexdigest()[:24]
        return parts().store.memory.wait_before(f"web:{self.name}:{who}", self.rate)

    def allows(self, key: str) -> bool:
        """The same as a yes or no."""
        return self.wait(key) == 0.0


def visit() -> None:
    """Before every request: what one address, and all of them together, may ask for. Raises TooManyRequests."""
    if request.blueprint in OPEN:
        return
    settings = parts().settings
    address = request.remote_addr or ""
    wait = Limit("visitor", settings.visitor_rate).wait(address) or Limit("site", settings.site_rate).wait(_EVERYBODY)
    if wait:
        raise TooManyRequests(retry_after=int(wait) + 1)
