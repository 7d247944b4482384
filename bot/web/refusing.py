"""What the intake refuses of a sender that it knows is noted, for Slack and for whoever looks: else it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from fastapi import Request as HttpRequest
from msgspec.structs import replace

from bot.alerts.alert import Batch
from bot.alerts.redaction import Redaction
from bot.alerts.refused import NO_SOURCE, PACKING, SOME, TOO_LARGE, UNKNOWN, kept_of, kind_of
from bot.alerts.sources import Headers, Request, Source
from bot.alerts.sources.tokens import carries_token
from bot.errors import BadRequest, Mistake
from bot.service import Service, Taken
from bot.web.limits import BEGUN, Unread, read_on

_NOT_KEPT = "[not kept: it was not read]"
_REDACTED = "[not kept: beside it stands what was redacted]"
#: who has signed so much is found out; what is longer is a stranger's
_MOST_SIGNED = 8 * 1024 * 1024
#: in seconds
_PATIENCE = 10.0
_REST = timedelta(seconds=_PATIENCE)


class Refusals:
    """Notes refusals; nobody waits for it. What a stranger sends is not noted."""

    def __init__(self, service: Service, redaction: Redaction) -> None:
        self._service, self._redaction = service, redaction
        self._read_at = datetime(1970, 1, 1, tzinfo=UTC)

    async def unread(
        self, source: str, known: Source, request: HttpRequest, received: Request, refused: Unread
    ) -> None:
        """A request whose body nobody read: ``received`` has none."""
        kind = TOO_LARGE if refused.status_code == 413 else PACKING
        body: bytes | None = refused.begun
        if not _is_known(known, received):
            body = await self._signed(known, request, received, refused) if refused.goes_on else None
        elif refused.goes_on:
            body = await read_on(request, refused.begun, most=BEGUN)
        if body is None:
            self._service.taken_in.refused[kind] += 1
            return
        self._refuse(source, kind, str(refused.detail), at=received.at, body=body[:BEGUN])

    async def _signed(self, known: Source, request: HttpRequest, received: Request, refused: Unread) -> bytes | None:
        """The whole body, if the source has signed it; None also if there is no time to find that out.

        A stranger could have us read a lot: so it is one at a time, seldom, and up to a limit.
        """
        if not received.settings.secrets or self._read_at <= received.at < self._read_at + _REST:
            return None
        self._read_at = received.at
        try:
            async with asyncio.timeout(_PATIENCE):
                body = await read_on(request, refused.begun, most=_MOST_SIGNED)
        except TimeoutError:
            return None
        return body if len(body) <= _MOST_SIGNED and _is_known(known, replace(received, body=body)) else None

    def nowhere(self, named: str, headers: Headers, tokens: Sequence[str], *, at: datetime) -> None:
        """A request to an address that names no source; who carries one of our tokens is known all the same."""
        if carries_token(headers, tokens):
            self._refuse(UNKNOWN, NO_SOURCE, f"there is no source “{named[:40]}”", at=at, body=b"")

    def unreadable(self, source: str, received: Request, refused: BadRequest) -> None:
        """A genuine request of which nothing could be read."""
        self._refuse(source, kind_of(str(refused)), str(refused), at=received.at, body=received.body)

    async def partly(self, source: str, received: Request, batch: Batch, taken: Taken) -> None:
        """A genuine request of which some alerts could not be read; of the others these incidents know."""
        body, why = received.body, batch.reasons[0]
        if await self._repeats_redacted(taken):
            body, why = b"", _REDACTED
        self._refuse(source, SOME, why, at=received.at, body=body, times=batch.unreadable, instead=_REDACTED)

    async def _repeats_redacted(self, taken: Taken) -> bool:
        """Whether the request may tell again what was redacted of an incident, which is not held."""
        heads = [await self._service.incident(int(key.removeprefix("INC-"))) for key in taken.incidents]
        return any(head.redacted and not head.held for head in heads)

    def _refuse(
        self, source: str, kind: str, why: str, *, at: datetime, body: bytes, times: int = 1, instead: str = _NOT_KEPT
    ) -> None:
        def kept() -> str:
            return kept_of(body, self._redaction) if body else instead

        reason = self._redaction.of(why.encode("utf-8", "replace"))  # some name the value that is wrong
        self._service.refusing.refuse(source, kind, reason, at=at, body=kept, times=times)


def _is_known(known: Source, received: Request) -> bool:
    """Whether it is known who sends this."""
    try:
        known.verify(received)
    except Mistake:
        return False
    return True
