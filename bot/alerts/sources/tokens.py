"""Whether a request carries one of our tokens: as a bearer token, or as the password of basic authentication."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence

from bot.alerts.sources.source import Request
from bot.errors import Unauthenticated


def demand_token(request: Request) -> None:
    """Raises ``Unauthenticated`` unless the request carries one of the tokens that open this source."""
    if not carries_token(request.headers, opening(request)):
        raise Unauthenticated("The token is missing or wrong.")


def opening(request: Request) -> Sequence[str]:
    """What opens this source: its own ``secrets`` if there are any, the common tokens otherwise."""
    return request.settings.secrets or request.tokens


def carries_token(headers: Mapping[str, str], tokens: Sequence[str]) -> bool:
    """True if the ``authorization`` header holds any of ``tokens``. Takes as long whichever it is."""
    scheme, _, credentials = headers.get("authorization", "").strip().partition(" ")
    given = credentials.strip().encode()
    if scheme.lower() == "basic":
        given = _password(given)
    elif scheme.lower() != "bearer":
        given = b""
    matches = [hmac.compare_digest(given, token.encode()) for token in tokens if token]
    return bool(given) and any(matches)


def _password(credentials: bytes) -> bytes:
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""
