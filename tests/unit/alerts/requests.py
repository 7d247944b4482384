"""Requests as a source's sender would make them, from the fixtures or changed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from bot.alerts.sources import Request, SourceSettings

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
TOKEN = "the-common-token"
SECRET = "a-secret-of-the-source"


def recorded(source: str, name: str) -> bytes:
    """The bytes of a fixture."""
    return (FIXTURES / source / f"{name}.json").read_bytes()


def changed(body: bytes, *path: str | int, to: Any = ...) -> bytes:
    """The body with what stands at the path changed; ``...`` takes it away."""
    read = msgspec.json.decode(body)
    place = read
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return msgspec.json.encode(read)


def request(
    body: bytes, headers: Mapping[str, str] | None = None, *, secrets: tuple[str, ...] = (), **settings: Any
) -> Request:
    """A request at ``NOW``; the common token is known, and opens what has no secrets."""
    return Request(
        headers=headers or {},
        body=body,
        at=NOW,
        tokens=(TOKEN,),
        settings=SourceSettings(secrets=secrets, **settings),
    )


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"authorization": f"Bearer {token}"}


def signature(message: bytes, secret: str = SECRET) -> str:
    """The HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
