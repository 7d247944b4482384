"""Who takes part in the demo besides people: the bot, Slack's side of the workspace, and monitoring."""

from __future__ import annotations

from bot.sandbox.demo.door import Door
from bot.sandbox.demo.monitoring import Monitoring
from bot.sandbox.demo.strides import Ahead
from bot.sandbox.workspace.server import WorkspaceServer
from bot.store.wakeups import Subscription
from bot.wiring import Evenkeel

#: somebody who has just clicked wants to see what comes of it, in real seconds
AFTER_CLICK = 1.0


class Everybody:
    """Bot, workspace and monitoring, as ``Pace`` asks for them."""

    def __init__(
        self,
        *,
        evenkeel: Evenkeel,
        workspace: WorkspaceServer,
        door: Door,
        monitoring: Monitoring,
        changes: Subscription,
    ) -> None:
        """``changes`` is told what the bot writes, and when an incident is let go."""
        self._evenkeel, self._workspace = evenkeel, workspace
        self._door, self._monitoring = door, monitoring
        self._changes = changes

    def busy(self) -> bool:
        """Whether an incident is worked on or asked for, a call, request or alert is on its way, or a click fresh."""
        return bool(
            self._evenkeel.controller.busy
            or self._workspace.journal.in_flight
            or self._door.under_way
            or self._monitoring.looking
            or self._door.since_click() < AFTER_CLICK
        )

    async def ahead(self) -> Ahead:
        """When the bot wakes, and when monitoring has something to tell."""
        outlook = await self._evenkeel.store.leases.outlook()
        return Ahead(bot=outlook.next_due, world=self._monitoring.next_look(), held=outlook.leased > 0)

    def wake(self) -> None:
        """The bot looks what is due; monitoring hears the clock itself."""
        self._evenkeel.store.wakeups.wake()

    async def stirs(self, within: float) -> None:
        """Returns when the bot wrote something or let go of an incident, ``within`` seconds at the latest."""
        await self._changes.wait(within)
