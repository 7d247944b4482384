"""Asks registries which versions their aliases name, and stores what moved. Of all replicas one asks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.changes.aliases import Watched, moves, watched
from bot.changes.change import Change
from bot.changes.settings import POLL
from bot.config import Settings
from bot.connectors import Connectors, Mlflow, NotConnected
from bot.errors import EvenkeelError
from bot.incidents.stamps import stamp
from bot.rounds import Rounds
from bot.store import Store
from bot.store.polls import Add, Poll
from bot.together import together

log = structlog.get_logger(__name__)

#: A registry that takes longer than so many seconds is away.
PATIENCE = 10.0
#: After so many turns without an answer a move says since when it may have been.
LATE = 3
_SEEN, _ALIAS = "seen", "alias "


class Polling:
    """Looks at every model, once in ``every`` seconds at most whoever looks."""

    def __init__(
        self, store: Store, connectors: Connectors, watched: Sequence[Watched], *, add: Add, every: float = POLL
    ) -> None:
        """``add`` stores a change, and tells whom it concerns."""
        self._store, self._connectors, self._add = store, connectors, add
        self._watched = watched
        self._said: dict[str, str] = {}  # why a model could not be read
        self._every = timedelta(seconds=every)

    async def round(self) -> int:
        """Every model that nobody looked at lately is looked at; how many changes were stored."""
        return sum(await together(*(self._look(one) for one in self._watched)))

    async def _look(self, one: Watched) -> int:
        try:
            poll = await self._store.polls.turn(f"aliases/{one.name}", every=0.9 * self._every)
            if poll is None:
                return 0
            async with asyncio.timeout(PATIENCE):
                now = await self._aliases(one)
            self._said.pop(one.name, None)
            changes = self._moved(one, poll, now)
            state = {_SEEN: poll.at.isoformat(), **{f"{_ALIAS}{alias}": version for alias, version in now.items()}}
            return len(changes) if await self._store.polls.put_down(poll, state, changes, add=self._add) else 0
        except TimeoutError:
            self._say(one, f"{one.registry} did not answer within {PATIENCE:g} s")
        except EvenkeelError as error:
            self._say(one, str(error))
        return 0

    def _say(self, one: Watched, because: str) -> None:
        """In the log, once until something else is the matter: nobody reads the same line every minute."""
        if self._said.get(one.name) != because:
            log.warning("aliases cannot be read", registry=one.registry, model=one.model, because=because)
        self._said[one.name] = because

    async def _aliases(self, one: Watched) -> dict[str, str]:
        registry = self._connectors.registry(one.registry)
        if not isinstance(registry, Mlflow):
            raise NotConnected(f"{one.registry} has no aliases: check models in evenkeel.yaml")
        return await registry.aliases(one.model)

    def _moved(self, one: Watched, poll: Poll, now: Mapping[str, str]) -> list[Change]:
        """The moves since the last answer; the first one is only what later ones are compared with."""
        if _SEEN not in poll.state:
            return []
        before = {name.removeprefix(_ALIAS): version for name, version in poll.state.items() if name != _SEEN}
        seen = datetime.fromisoformat(poll.state[_SEEN])
        late = poll.at - seen > LATE * self._every
        return moves(one, before, now, at=poll.at, since=stamp(seen) if late else "")


def begin_polling(rounds: Rounds, store: Store, connectors: Connectors, settings: Settings, *, add: Add) -> None:
    """The registries that the configuration names are asked from now on, unless it says never."""
    found = watched(settings.services, settings.connectors)
    if found and settings.changes.poll is not None:
        every = settings.changes.poll
        polling = Polling(store, connectors, found, add=add, every=every)
        rounds.begin("aliases of registries", polling.round, pause=every)
