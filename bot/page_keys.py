"""The keys of private incidents' pages: whoever has the link from the incident's channel has the key. Pure."""

from __future__ import annotations

import hashlib
import hmac

_LENGTH = 32


def page_key(secret: str, number: int) -> str:
    """The key to the pages of incident ``number``; empty without a ``secret``, and then nobody has it."""
    if not secret:
        return ""
    return hmac.new(secret.encode(), f"page:{number}".encode(), hashlib.sha256).hexdigest()[:_LENGTH]


def fits(given: str, secret: str, number: int) -> bool:
    """Whether ``given`` is the key, compared in constant time."""
    key = page_key(secret, number)
    return bool(key) and hmac.compare_digest(given.encode(errors="replace"), key.encode())
