"""What every alerting system's file consists of: whether a request is genuine, what it says, which delivery it is.

All of it is pure. What a source needs from outside (a certificate, the time) comes in with the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from bot.alerts.alert import Batch

#: header names are lower case
Headers = Mapping[str, str]


class SourceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What evenkeel.yaml says under ``sources: NAME``.

    ``secrets`` sign requests; any of them counts, so that they can be rotated. ``signature_header`` and
    ``timestamp_header`` are lower case, empty where the source has its own. A signed time may be ``window`` seconds
    away from ours. ``topics`` are the only ones that AWS may send of. ``mapping`` says where ``generic`` finds what
    it needs (a JSONPath for each field), ``values`` what a value found there means: ``{severity: {P1: SEV1}}``.
    """

    secrets: tuple[str, ...] = ()
    signature_header: str = ""
    timestamp_header: str = ""
    window: float = 300.0
    topics: tuple[str, ...] = ()
    mapping: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, str]] = {}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it came: ``body`` are the raw bytes that a signature is about, ``at`` when it came.

    ``certificate`` is the PEM that the source's ``certificate`` asked for.
    """

    headers: Headers
    body: bytes
    at: datetime
    tokens: Sequence[str]
    settings: SourceSettings = SourceSettings()
    certificate: bytes = b""


def no_delivery(_: Request) -> str:
    """The source does not name its deliveries: its alerts name themselves."""
    return ""


def no_certificate(_: Request) -> str:
    """The source signs with a secret, or not at all."""
    return ""


def body(request: Request) -> bytes:
    """The alerts are all in the body."""
    return request.body


def nothing_to_visit(_: Request) -> str:
    """The source asks for no address to be visited."""
    return ""


def no_handshake(_: Headers) -> Mapping[str, str]:
    """The source sends without asking whether it may."""
    return {}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One alerting system.

    ``verify`` raises ``Unauthenticated`` unless the request is genuine, ``parse`` raises ``BadRequest`` for what it
    cannot read. ``delivery`` names the delivery, so that a repeated one changes nothing; empty: it has no name.
    ``certificate`` is the address of the certificate that ``verify`` needs, already checked to be the source's own.
    ``visit`` is the address that a verified request asks us to visit, to confirm a subscription, checked likewise.
    ``kept`` is the body from which alone the alerts can be read again.
    ``handshake`` are the headers that answer ``OPTIONS``, where a source asks so whether it may send.
    """

    verify: Callable[[Request], None]
    parse: Callable[[Request], Batch]
    delivery: Callable[[Request], str] = no_delivery
    certificate: Callable[[Request], str] = no_certificate
    visit: Callable[[Request], str] = nothing_to_visit
    kept: Callable[[Request], bytes] = body
    handshake: Callable[[Headers], Mapping[str, str]] = no_handshake
