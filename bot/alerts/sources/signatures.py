"""Signatures: whether who sent these bytes knows one of our secrets, and whether they were signed just now.

All of it is about the raw bytes of the body, before anything reads them. Several secrets count at once, so that they
can be rotated without losing an alert; every one of them is compared, in the same time whichever fits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.alerts.sources.source import Request
from bot.alerts.sources.tokens import demand_token
from bot.errors import Unauthenticated

#: more signatures than a sender has secrets: nobody rotates that many
_MOST_SIGNATURES = 10
_MILLISECONDS = 100_000_000_000


def demand_signature(request: Request, *, given: Iterable[str], message: bytes | None = None) -> None:
    """Raises ``Unauthenticated`` unless one of the signatures ``given`` is ours.

    ``message`` is what was signed, the body unless said. A signature is the HMAC-SHA256 in hexadecimal (RFC 2104).
    """
    signatures = [one for one in given if one.strip()]
    if not signatures:
        raise Unauthenticated("The signature is missing.")
    if not signed(request.body if message is None else message, secrets=request.settings.secrets, given=signatures):
        raise Unauthenticated("The signature is wrong: another secret, or a body that was changed on its way.")


def verify_by_header(request: Request, *, header: str) -> None:
    """Raises ``Unauthenticated``. With a secret the signature counts and nothing else; without one, a token.

    The signature stands in ``header``, unless the configuration names another, with or without ``sha256=``. Where it
    names a header of the time, ``TIME:BODY`` is what was signed, and the time is of now.
    """
    settings = request.settings
    if not settings.secrets:
        return demand_token(request)
    given = request.headers.get(settings.signature_header or header, "").strip().removeprefix("sha256=")
    if not settings.timestamp_header:
        return demand_signature(request, given=[given])
    stamp = request.headers.get(settings.timestamp_header, "")
    demand_signature(request, given=[given], message=stamp.encode(errors="replace") + b":" + request.body)
    return demand_recent(request, stamp=stamp)


def demand_standard(request: Request, *, delivery: str, stamp: str, given: str, keys: Iterable[bytes]) -> None:
    """Raises ``Unauthenticated`` unless one of ``keys`` signed the request as Standard Webhooks do, and just now.

    ``given`` are its signatures, a blank between them: ``v1,`` and the HMAC-SHA256 of ``delivery.stamp.body`` in
    base64. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    message = b".".join([delivery.encode(errors="replace"), stamp.encode(errors="replace"), request.body])
    theirs = [one.encode(errors="replace") for one in given.split()[:_MOST_SIGNATURES]]
    ours = [b"v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()) for key in keys if key]
    if not any([hmac.compare_digest(one, other) for one in ours for other in theirs]):  # noqa: C419 - all, always
        raise Unauthenticated("The signature is missing or wrong: another secret, or a body that was changed.")
    return demand_recent(request, stamp=stamp)


def signed(message: bytes, *, secrets: Iterable[str], given: Iterable[str]) -> bool:
    """True if any of the signatures ``given`` was made with any of the ``secrets``. An empty secret signs nothing."""
    ours = [hmac.new(secret.encode(), message, hashlib.sha256).hexdigest().encode() for secret in secrets if secret]
    theirs = [one.strip().lower().encode(errors="replace") for one in given][:_MOST_SIGNATURES]
    return any([hmac.compare_digest(one, other) for one in ours for other in theirs])  # noqa: C419 - all of them, always


def demand_recent(request: Request, *, stamp: str) -> None:
    """Raises ``Unauthenticated`` unless ``stamp`` lies within the source's ``window`` of when the request came.

    ``stamp`` is part of what was signed: Unix time in seconds or milliseconds. Who repeats an old request is refused.
    """
    sent = moment(stamp)
    if sent is None:
        raise Unauthenticated("The time of the signature is missing, or is no Unix time.")
    if abs((request.at - sent).total_seconds()) > request.settings.window:
        raise Unauthenticated(
            f"The signature is not of now: it is more than {request.settings.window:g} s away from our clock."
        )


def moment(stamp: str) -> datetime | None:
    """The time of a Unix ``stamp`` in seconds or milliseconds, in UTC; None if it is none."""
    text = stamp.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 14):
        return None
    number = int(text)
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, tz=UTC)
