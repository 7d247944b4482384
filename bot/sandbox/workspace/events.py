"""Tells the bot what happened, if it subscribed to it, and again if it did not acknowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from bot.sandbox.workspace import payloads
from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.acks import Delivery
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.happenings import told
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json

# Slack tries again at once, after a minute, and after five.
RETRIES: Final = (0.0, 60.0, 300.0)


class Events:
    """Listens to the workspace between ``start`` and ``stop``; what is set up before is told nobody."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        access: Access,
        delivery: Delivery,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._workspace = workspace
        self._access = access
        self._delivery = delivery
        self._pause = pause
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: Callable[[], None] = lambda: None

    def start(self) -> None:
        """From now on the bot is told, in the event loop that is running now."""
        self._loop = asyncio.get_running_loop()
        self._leave = self._workspace.changes.listen(self._hear)

    async def settled(self) -> None:
        """Every event so far has been acknowledged or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Nothing more is told."""
        self._leave()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tell(self, inner: Json) -> None:
        """Deliver one event; also for tests that tell the same thing twice."""
        event_id = self._workspace.stamps.id("Ev")
        self.deliver(payloads.event(self._workspace, inner, event_id=event_id))

    def deliver(self, payload: Json) -> None:
        """Deliver a whole ``event_callback``, with retries."""
        loop = self._loop or asyncio.get_running_loop()
        task = loop.create_task(self._deliver(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Json) -> None:
        ack = await self._delivery.deliver("events_api", payload)
        for attempt, seconds in enumerate(RETRIES, start=1):
            if ack.ok or ack.no_retry:
                return
            await self._pause(seconds)
            ack = await self._delivery.deliver("events_api", payload, retry=attempt, reason=ack.reason)

    def _hear(self, change: Change) -> None:
        for name, inner in told(change, self._workspace, may=self._may):
            if self._access.hears(name):
                self.tell(inner)

    def _may(self, scope: str, channel: Channel) -> bool:
        return self._access.has(scope, channel)
