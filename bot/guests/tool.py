"""What a tool's file consists of: whether a request is genuine, where it invites to, and how things stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TypeVar

import msgspec

from bot.alerts.sources.source import Request
from bot.errors import BadRequest
from bot.personal import without_persons

T = TypeVar("T")

_LONGEST_URL = 1500
_MOST_WORDS = 20
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of Slack, by its id, and what is known of the incident there.

    ``words`` are names that may hold a service's; ``service`` is said to be one, ``number`` an incident of ours.
    Texts are cut, and hold nothing that no database keeps.
    """

    channel: str
    name: str = ""
    title: str = ""
    severity: str = ""
    url: str = ""
    words: tuple[str, ...] = ()
    service: str = ""
    number: int | None = None
    private: bool = False

    @property
    def sound(self) -> Invited:
        """The same with texts that everything behind can hold, the title without what is about persons."""
        url, title = kept(self.url, _LONGEST_URL), without_persons(kept(self.title, 300))
        return msgspec.structs.replace(
            self, name=kept(self.name, 80), title=title, severity=kept(self.severity, 80),
            url=url if url.startswith(("https://", "http://")) else "", service=kept(self.service, 200),
            words=tuple(kept(word, 300) for word in self.words[:_MOST_WORDS]),
        )  # fmt: skip


def moment(text: str | None) -> datetime | None:
    """A time as tools write it, in UTC: ISO 8601, or ``2026-11-21 03:05:00 UTC``; None if it is none."""
    try:
        read = datetime.fromisoformat((text or "").strip().removesuffix(" UTC"))
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def kept(text: str, most: int) -> str:
    """On one line, cut, without what is no character."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join(_NO_TEXT.sub(" ", whole).split())[:most]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How the tool's incident stands: ``word`` is the tool's own for it, ``severity`` too.

    ``said_at`` is when it stood so, by the tool's clock; None: the tool does not say. Ours is known by the
    ``channel``, or by the address (``url``) of theirs.
    """

    state: Literal["going", "over"]
    word: str = ""
    said_at: datetime | None = None
    severity: str = ""
    channel: str = ""
    url: str = ""

    @property
    def sound(self) -> Told:
        """The same with texts that everything behind can hold."""
        word, severity = kept(self.word, 60).lower(), kept(self.severity, 80)
        return msgspec.structs.replace(self, word=word, severity=severity, url=kept(self.url, _LONGEST_URL))


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation, or why it is none; how the tool's incident stands, if that is known.

    ``delivery`` names the request, so that a repeated one changes nothing.
    """

    invited: Invited | None = None
    told: Told | None = None
    because: str = ""
    delivery: str = ""


class Tool(msgspec.Struct, frozen=True):
    """``name`` is what people call it. ``verify`` raises ``Unauthenticated``, ``read`` raises ``BadRequest``.

    ``secret`` is what is wrong with a secret, if that can be seen.
    """

    name: str
    verify: Callable[[Request], None]
    read: Callable[[Request], Heard]
    secret: Callable[[str], str] = lambda _: ""


def decoded(body: bytes, decoder: msgspec.json.Decoder[T], *, called: str) -> T:
    """The body as a value. Raises ``BadRequest``, which names the place: ``$.data.title``."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BadRequest(f"not {called}: {error}") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest(f"not JSON: {error}") from None
