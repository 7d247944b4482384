"""A sandbox workspace over HTTP, a database file, and processes that bring one incident into Slack.

Time is a clock that only the tests and the bot's own waiting move.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.clock import SteppedClock
from bot.errors import LeaseLost
from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, Message
from bot.slack.gateway import Gateway
from bot.slack.reconcile import Reconciler
from bot.slack.stored import StoredStandings
from bot.slack.view import view
from bot.slack.view.surface import Surface, Workplace
from bot.store import Held, Lane, Store

WORKPLACE = Workplace(
    installation="test", incidents_channel="#ml-incidents", public_url="https://evenkeel.example.com"
)


class Office:
    """What is there whatever process runs: Slack, the database, and incident 1 in it."""

    def __init__(self, server: WorkspaceServer, store: Store, clock: SteppedClock) -> None:
        self.server = server
        self.store = store
        self.clock = clock
        self.number = 0
        bot = server.workspace.app.bot_user
        self.ana = server.workspace.directory.add_person("ana", "Ana Anders")
        self.lobby = server.workspace.channels.create("ml-incidents", creator=self.ana.id, members=(bot,))

    async def open_incident(self, *, invite: tuple[str, ...] = ()) -> None:
        """As an alert does it, without its runbook."""
        opened = ev.IncidentOpened(
            number=1, title="recall down", service="fraud", failure_mode="generic", source="test",
            channel_name="inc-1-fraud", invite=invite,
        )  # fmt: skip

        def job(connection: Connection, now: datetime) -> int:
            number = self.store.log.begin(connection, at=now)
            self.store.log.append(connection, number, [opened], by="test", at=now)
            return number

        self.number = await self.store.writer.submit(job, lane=Lane.CLICK)

    async def append(self, *events: ev.AnyEvent) -> Incident:
        """The incident after the events."""

        def job(connection: Connection, now: datetime) -> Incident:
            self.store.log.append(connection, self.number, events, by="test", at=now)
            return self.store.log.head(connection, self.number)

        return await self.store.writer.submit(job, lane=Lane.CONTROLLER)

    async def head(self) -> Incident:
        """The incident now."""
        return await self.store.writer.read(lambda connection: self.store.log.head(connection, self.number))

    def channels(self) -> list[Channel]:
        """Those that the bot made."""
        channels = self.server.workspace.channels.all()
        return [channel for channel in channels if channel.creator == self.server.workspace.app.bot_user]

    def messages(self, channel: Channel) -> list[Message]:
        """The bot's own."""
        return [message for message in self.server.workspace.messages.all_in(channel.id) if message.metadata]

    def surfaces(self, channel: Channel) -> list[str]:
        """Which surfaces are in the channel, in order."""
        found = [message.metadata for message in self.messages(channel)]
        return [data["event_payload"]["surface"].rpartition("/")[2] for data in found if data]

    def assert_everything_is_there_once(self) -> None:
        (channel,) = self.channels()
        assert channel.name == "inc-1-fraud"
        assert self.surfaces(channel) == [*dict.fromkeys(self.surfaces(channel))]
        assert self.surfaces(channel)[0] == "first"
        assert self.surfaces(self.lobby) == ["announcement"]
        assert channel.pins == (self.messages(channel)[0].ts,)
        assert len(channel.bookmarks) == 1
        assert self.ana.id in channel.members
        assert channel.topic.startswith("INC-1")


class Process:
    """One life of the program."""

    def __init__(self, office: Office, session: aiohttp.ClientSession, *, name: str) -> None:
        self._office = office
        self._name = name
        self._head: Incident | None = None
        client = AsyncWebClient(
            token=office.server.workspace.app.bot_token, base_url=office.server.api_url, session=session
        )
        gateway = Gateway(client, clock=office.clock, limits=office.store.placements, sleep=self._sleep)
        self.reconciler = Reconciler(
            gateway, StoredStandings(office.store.placements), office.clock, installation="test"
        )

    async def claim(self) -> Held:
        """The lease of the incident. ``LeaseLost`` if another process has it, or nothing is due."""
        held = await self._office.store.leases.claim(self._name, limit=1)
        if not held:
            raise LeaseLost("nothing is due")
        self._head = await self._office.head()
        return held[0]

    async def bring(self, held: Held) -> datetime | None:
        """One stay."""
        return await self.reconciler.bring(held, self._draw, self._report)

    async def to_rest(self) -> None:
        """Stay after stay, until nothing is left to do; the clock goes on in between."""
        while True:
            held = await self.claim()
            wake_at = await self.bring(held)
            head = self._head or await self._office.head()
            rested = await self._office.store.leases.rest(held.number, held.lease_no, head.seq, wake_at)
            assert rested
            if wake_at is None:
                return
            self._office.clock.advance(max(0.0, (wake_at - self._office.clock.now()).total_seconds()))

    def _draw(self) -> tuple[Surface, ...]:
        return view(self._head, WORKPLACE) if self._head else ()

    async def _report(self, events: tuple[ev.AnyEvent, ...]) -> Incident:
        self._head = await self._office.append(*events)
        return self._head

    async def _sleep(self, seconds: float) -> None:
        self._office.clock.advance(seconds)
        await asyncio.sleep(0)


Start = Callable[..., Process]
LEASE_IS_OVER = timedelta(seconds=31).total_seconds()
Json = dict[str, Any]
