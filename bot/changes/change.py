"""One change of a service, whoever told us."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec

from bot.errors import BadRequest

#: no name, version or address is longer than this many characters
LONGEST = 500


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """``service`` changed at ``at``: ``kind`` (deploy, flag, alias) from ``previous`` to ``version``.

    ``about`` is what changed beside the version, say ``champion`` of an alias or the environment. ``source`` says who
    told us and ``external`` what it calls the change there: of each pair there is one at most, None is no name.
    """

    service: str
    at: datetime
    kind: str = ""
    version: str = ""
    previous: str = ""
    by: str = ""
    url: str = ""
    about: str = ""
    source: str = ""
    external: str | None = None


def plain(text: str | None, most: int = LONGEST) -> str:
    """The text on one line, without characters that cannot be seen, at most ``most`` of them."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())[:most].rstrip()


def name_of(*parts: str) -> str:
    """What a source calls a change, out of what tells it from others; a long one by its SHA-256, for the index."""
    name = plain(" ".join(part for part in parts if part), 4 * LONGEST)
    return name if len(name) <= LONGEST else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def address(text: str | None) -> str:
    """The text if it is the address of a page, else nothing: it becomes a link."""
    one = plain(text, 2000)
    return one if one.startswith(("https://", "http://")) else ""


def moment(at: datetime | None, *, called: str, key: str = "$.at") -> datetime | None:
    """``at`` in UTC. Raises ``BadRequest`` for a time without a zone, or one outside of this world's calendar."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise BadRequest(f"not {called}: `{key}` needs a time zone, as in 2026-11-21T02:51:00Z")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadRequest(f"not {called}: `{key}` is no time of this world") from None
