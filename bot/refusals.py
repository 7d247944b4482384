"""Whoever is on duty hears in the incidents channel that notifications were refused: once an hour for each reason.

Whose turn it is to tell is asked of the database, so neither a restart nor another replica says it twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.errors import SlackError, SlackLimited, SlackUnknown
from bot.slack.view.refused import what_was_refused
from bot.store import Store

log = structlog.get_logger(__name__)

Post = Callable[[dict[str, Any]], Awaitable[object]]


class RefusalsTold:
    """``look`` tells what nobody was told yet.

    ``post`` puts a message into ``channel``; what Slack did not take is told a minute later.
    """

    def __init__(self, store: Store, *, post: Post, channel: str) -> None:
        self._refusals, self._post, self._channel = store.refusals, post, channel

    async def look(self) -> None:
        """Slack was told what it could be. Raises ``DatabaseAway``."""
        for refusal in await self._refusals.to_tell():
            try:
                await self._post({"channel": self._channel, **what_was_refused(refusal)})
            except SlackUnknown as error:  # perhaps it stands there: rather not twice
                log.warning("nobody knows whether Slack heard what was refused", because=str(error))
            except SlackLimited as error:  # the channel is for incidents first
                log.info("what was refused is told later", because=str(error))
                return
            except SlackError as error:
                log.warning("Slack could not be told what was refused", because=str(error), source=refusal.source)
                continue
            await self._refusals.told(refusal)
