"""Requests that were kept: looked at, and taken in once more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.alerts.alert import Batch
from bot.alerts.becoming import become
from bot.alerts.refused import is_whole
from bot.alerts.sources import SourceSettings
from bot.config import Settings
from bot.errors import BadRequest, Mistake
from bot.service.intake import Delivery, Taken
from bot.store import Store
from bot.store.payloads import Payload

log = structlog.get_logger(__name__)


class Requests:
    """``take`` is the intake, which a request goes through again."""

    def __init__(self, store: Store, settings: Settings, take: Callable[[Delivery], Awaitable[Taken]]) -> None:
        self._store = store
        self._settings = settings
        self._take = take

    async def get(self, number: int) -> Payload:
        """The request as it is kept. ``Mistake`` if there is none of that number, or no longer."""
        found = await self._store.payloads.get(number) if 0 < number < 2**31 else None
        if found is not None and not found.body:
            raise Mistake(f"request {number} was erased, with what was redacted of its incident")
        if found is None:
            days = self._settings.keep_payloads / 86400
            raise Mistake(
                f"there is no request {number}; `evenkeel alerts` names them, and each is kept {days:g} days"
            )
        return found

    def read(self, payload: Payload) -> Batch:
        """What it becomes with the configuration of today. Raises ``BadRequest``."""
        if payload.refused and not is_whole(payload.body):
            raise BadRequest(f"request {payload.id} was refused and is not kept whole: have its sender send it again")
        theirs = self._settings.sources.get(payload.source, SourceSettings())
        return become(payload.source, payload.body.encode(), at=payload.received_at, settings=theirs)

    async def again(self, number: int) -> tuple[Taken, Batch]:
        """The request was taken in as if it had just been sent: what came of it, and what was read of it.

        Raises ``Mistake``; ``BadRequest`` if nothing of it can be read. It is not held to be a
        repeated delivery: somebody wants to see what it brings about now.
        """
        payload = await self.get(number)
        batch = self.read(payload)
        log.info("a request is taken in again", request=number, source=payload.source, alerts=len(batch.alerts))
        return await self._take(Delivery(payload.source, batch.alerts, batch.truncated, payload.body)), batch
