"""When nothing can be stored, somebody has to hear it from us: alerts are turned away meanwhile.

One message in the incidents channel says so, and one that it is over. Neither needs the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import DatabaseAway, SlackError
from bot.service.intake import Figures
from bot.slack.view.outage import it_is_away, it_is_back
from bot.store import Store

log = structlog.get_logger(__name__)

Post = Callable[[dict[str, Any]], Awaitable[object]]

#: a restart or a failover takes less, and senders try again anyhow
AFTER = timedelta(seconds=10)


class Outage:
    """Looks again and again (``look``) whether the database takes what is written.

    ``post`` puts a message into ``channel``; one that fails is posted by the next look. ``figures`` count the
    requests that were turned away.
    """

    def __init__(self, store: Store, *, clock: Clock, post: Post, channel: str, figures: Figures) -> None:
        self._store, self._clock, self._figures = store, clock, figures
        self._post, self._channel = post, channel
        self._since: datetime | None = None
        self._refused_before = 0
        self._told = False

    async def look(self) -> None:
        """Slack has been told what changed, if it could be."""
        now = self._clock.now()
        try:
            await self._store.prove()
        except DatabaseAway as away:
            await self._away(now, str(away))
        else:
            await self._here(now)

    async def _away(self, now: datetime, why: str) -> None:
        if self._since is None:
            self._since, self._refused_before = now, self._figures.refused["database"]
            log.error("nothing can be stored", because=why)
        if not self._told and now - self._since >= AFTER:
            self._told = await self._posted(it_is_away(since=self._since, why=why))

    async def _here(self, now: datetime) -> None:
        if self._since is None:
            return
        refused = self._figures.refused["database"] - self._refused_before
        if self._told and not await self._posted(it_is_back(since=self._since, now=now, refused=refused)):
            return
        log.info("everything is stored again", seconds=(now - self._since).total_seconds(), refused=refused)
        self._since, self._told = None, False

    async def _posted(self, message: dict[str, Any]) -> bool:
        try:
            await self._post({"channel": self._channel, **message})
        except SlackError as error:
            log.warning("Slack could not be told of the database", because=str(error))
            return False
        return True
