"""When nothing can be stored, somebody has to hear it from us: alerts are turned away meanwhile.

One message in the incidents channel says so, and one that it is over, however many processes there are. Neither
needs the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

import structlog

from bot.clock import Clock
from bot.errors import DatabaseAway, SlackError
from bot.service.intake import Figures
from bot.slack.view.outage import it_is_away, it_is_back
from bot.store import Store

log = structlog.get_logger(__name__)

#: a restart or a failover takes less, and senders try again anyhow
AFTER = timedelta(seconds=10)


class Words(Protocol):
    """Speaks where incidents are announced."""

    async def say(self, kind: Literal["away", "back"], message: Mapping[str, Any], *, since: datetime) -> None:
        """It was heard there, from us or from another process. Raises SlackError if it was not."""
        ...


class Outage:
    """Looks again and again (``look``) whether the database takes what is written.

    What ``words`` cannot say is said by the next look. ``figures`` count the requests that this process turned away.
    """

    def __init__(self, store: Store, *, clock: Clock, words: Words, figures: Figures) -> None:
        self._store, self._clock, self._figures = store, clock, figures
        self._words = words
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
            self._since = now
            log.error("nothing can be stored", because=why)
        if not self._told and now - self._since >= AFTER:
            self._told = await self._said("away", it_is_away(since=self._since, why=why), self._since)

    async def _here(self, now: datetime) -> None:
        refused = self._figures.refused["database"] - self._refused_before
        if self._since is None:  # what is turned away from now on, also before the next look, counts
            self._refused_before += refused
            return
        several = self._store.kind == "postgresql"  # each has turned away its own
        message = it_is_back(since=self._since, now=now, refused=refused, several=several)
        if self._told and not await self._said("back", message, self._since):
            return
        log.info("everything is stored again", seconds=(now - self._since).total_seconds(), refused=refused)
        self._since, self._told = None, False
        self._refused_before += refused

    async def _said(self, kind: Literal["away", "back"], message: Mapping[str, Any], since: datetime) -> bool:
        try:
            await self._words.say(kind, message, since=since)
        except SlackError as error:
            log.warning("Slack could not be told of the database", because=str(error))
            return False
        return True
