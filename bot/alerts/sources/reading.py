"""What every source's file needs to read a body: strict JSON, times, and texts that a database keeps.

Whatever is wrong becomes a ``BadRequest`` with its place, ``$.alerts[2].startsAt``, and never another error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from bot.errors import BadRequest

#: an index of PostgreSQL holds 2,700 bytes
LONGEST_FINGERPRINT = 200
LONGEST_LABEL = 500
_NUL = b"\\u0000"
#: labels whose name means something here
_ELSEWHERE = {"source": "origin"}
#: Unix time in milliseconds, microseconds and nanoseconds begins here; before it are seconds
_UNITS = ((10**17, 1e9), (10**14, 1e6), (10**11, 1e3))
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

T = TypeVar("T")


def read_json(body: bytes, decoder: msgspec.json.Decoder[T], *, called: str, at: str = "$") -> T:
    """The body as ``decoder`` reads it; ``called`` ("a Grafana notification") is what it should be.

    ``at`` is the place of this part, if it is not the whole body. Raises ``BadRequest``. A NUL is refused here, since
    no database keeps one.
    """
    if _NUL in body:
        place = f" - at `{at}`" if at != "$" else ""
        raise BadRequest(f"not {called}: a text holds a NUL, which no database keeps{place}")
    return decoded(body, decoder, called=called, at=at)


def decoded(body: bytes, decoder: msgspec.json.Decoder[T], *, called: str, at: str = "$") -> T:
    """As ``read_json``, for what is read in parts: each of them is looked at for NULs itself."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        said = str(error) if "`$" in str(error) else f"{error} - at `$`"
        raise BadRequest(f"not {called}: {said.replace('`$', f'`{at}', 1)}") from None
    except UnicodeDecodeError as error:
        raise BadRequest(f"not JSON: byte {error.start} of a text is not UTF-8") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequest(f"not JSON: {error}") from None


def may_hold_nul(body: bytes) -> bool:
    """Whether there is any need to look for NULs in its parts."""
    return _NUL in body


def demand_no_nul(part: Any, *, called: str, place: str) -> None:
    """Raises ``BadRequest`` if this part of a body holds a NUL."""
    if _NUL in msgspec.json.encode(part):
        raise BadRequest(f"not {called}: a text holds a NUL, which no database keeps - at `{place}`")


def utc(at: datetime, *, place: str, called: str) -> datetime:
    """In UTC. Raises ``BadRequest`` for a time without a zone, or outside of the calendar."""
    if at.tzinfo is None:
        raise BadRequest(f"not {called}: a time needs a zone - at `{place}`")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadRequest(f"not {called}: no time of this world - at `{place}`") from None


def unix(number: float, *, place: str, called: str) -> datetime:
    """The time of a Unix ``number`` in seconds or thousandths, millionths or billionths of one. ``BadRequest``."""
    per_second = next((unit for least, unit in _UNITS if number >= least), 1.0)
    try:
        return _BEGINNING + timedelta(seconds=number / per_second)
    except (OverflowError, ValueError):
        raise BadRequest(f"not {called}: no time of this world - at `{place}`") from None


def moment_or(value: object, otherwise: datetime) -> datetime:
    """The time that ``value`` says in whatever way, for a time that only informs; ``otherwise`` if it says none."""
    try:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return unix(float(value), place="", called="")
        read = msgspec.convert(value, datetime) if isinstance(value, str) else None
        return utc(read, place="", called="") if read is not None else otherwise
    except (msgspec.ValidationError, BadRequest, OverflowError, ValueError):
        return otherwise


def fingerprint(*parts: object) -> str:
    """One name of the parts; a long one is its hash."""
    text = "/".join(str(part) for part in parts)
    return text if len(text) <= LONGEST_FINGERPRINT else hashlib.sha256(text.encode()).hexdigest()


def labels(*sets: Mapping[str, Any]) -> dict[str, str]:
    """One mapping of the texts, numbers and truth values that are there; of a label said twice the first one counts.

    What is empty, nested, or too long for a label is left out. One called ``source`` becomes ``origin``: routes know
    by that name who sent the alert.
    """
    found: dict[str, str] = {}
    for name, value in (pair for said in sets for pair in said.items()):
        text = str(value).strip() if isinstance(value, str | int | float) else ""
        text = text.lower() if isinstance(value, bool) else text
        called = _ELSEWHERE.get(name.strip(), name.strip())
        if 0 < len(called) <= LONGEST_LABEL and 0 < len(text) <= LONGEST_LABEL:
            found.setdefault(called, text)
    return found


def tagged(tags: Iterable[str]) -> dict[str, str]:
    """Tags of the form ``service:fraud``, by their first part; of one that is said twice the first counts."""
    found: dict[str, str] = {}
    for tag in tags:
        name, colon, value = tag.strip().partition(":")
        if colon and name and value:
            found.setdefault(name.strip(), value.strip())
    return found


def demand(value: T | None, *, name: str, place: str, called: str) -> T:
    """The value of a field that this kind of message has to have. Raises ``BadRequest``."""
    if value is None or value == "":
        raise BadRequest(f"not {called}: Object missing required field `{name}` - at `{place}`")
    return value
