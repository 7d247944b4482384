"""Requests that cannot be taken in: for what kind of reason, and what may be kept of a body that nobody can read.

What is no JSON has no keys by which to tell what is secret: from the first text on that looks like the key of
something secret or personal nothing is kept.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from bot.alerts.redaction import Redaction

#: kinds of reasons, for which there are sentences in Slack
NOT_JSON, SHAPE, SOME, TOO_LARGE, PACKING = "not_json", "shape", "some_alerts", "too_large", "packing"
#: an address that names no source, and what stands in its place
NO_SOURCE, UNKNOWN = "no_source", "unknown"
#: so much of a body is kept, in characters
MOST = 65_536
_CUT = "… [cut here]"
#: so much more of it is looked at, so that no half of a secret is left at the end
_MORE = 4_096
_KEY = re.compile(r"""(?:["']([^"'\\\n]{1,200})|(?<![\w.-])([\w.-]++))[\\"']*+\s*+[:=]""")
_WORD = re.compile(r"[\w.-]+")
#: a letter that is written as its number may hide a key
_ESCAPED = re.compile(r"\\u00[4-7]")
_MARK = b"\xef\xbb\xbf"
_PLACE = re.compile(r"at `(\$[A-Za-z0-9_.\[\]]{0,80})`")


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """All that was refused of a source for one kind of reason. ``reason`` is that of the last one, ``request`` the
    last one that was kept; ``untold`` were refused ``untold_since`` then, and nobody was told."""

    source: str
    kind: str
    first_at: datetime
    last_at: datetime
    count: int
    reason: str
    request: int | None
    untold: int
    untold_since: datetime | None


def kind_of(reason: str) -> str:
    """The kind of a reason for which a body could not be read."""
    return NOT_JSON if reason.startswith("not JSON") else SHAPE


def place_in(reason: str) -> str:
    """The place that a reason names, ``$.alerts[2].startsAt``: made of our own names and of numbers. Empty: none."""
    found = _PLACE.search(reason)
    return found[1] if found else ""


def kept_of(body: bytes, redaction: Redaction) -> str:
    """What of a refused body is kept: redacted, and at most so much. Never empty, and never a guess."""
    if not body:
        return "[nothing came]"
    if not _is_json(body):
        return _readable(body, redaction)
    text = redaction.of(body)
    return text if len(text) <= MOST else f"{text[:MOST]}{_CUT}"


def is_whole(kept: str) -> bool:
    """Whether what was kept of a refused body is all of it, but for its secrets."""
    return not kept.endswith((_CUT, "personal]", "not kept]")) and not kept.startswith("[not")


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _readable(body: bytes, redaction: Redaction) -> str:
    """Of what is no JSON the beginning, as far as nothing in it may be secret."""
    if body[:1024].removeprefix(_MARK).lstrip()[:1] not in (b"{", b"["):
        return "[not kept: it does not begin like JSON]"
    text = body[: MOST + _MORE].decode("utf-8", "replace")
    if odd := _ESCAPED.search(text):
        text = f"{text[: odd.start()]} [the rest is not kept]"
    for key in _KEY.finditer(text):
        name = key[1] or key[2]
        if any(redaction.hides(part) for part in (name, *_WORD.findall(name)[-1:])):
            text = f"{text[: key.start()]}[the rest is not kept: “{name[:60]}” may be secret or personal]"
            break
    shown = redaction.of(text.encode())
    return shown if len(shown) <= MOST else f"{shown[:MOST]}{_CUT}"
