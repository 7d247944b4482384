"""People at work in a workspace: the app, the service on SQLite and Slack's stand-in, without a controller."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection

from bot.incidents.commands import AnyCommand
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, Message, User, View
from bot.service import Handled, Service
from bot.slack.view import view
from bot.slack.view.surface import Workplace
from bot.store import Lane, Store
from tests.patience import PATIENCE
from tests.unit.slack.stories import Story


class Recorded(Service):
    """The service; ``done`` receives whatever came of a command."""

    done: asyncio.Queue[Handled]

    async def handle(
        self, number: int, command: AnyCommand, *, by: str, delivery: str | None = None, lease_no: int | None = None
    ) -> Handled:
        handled = await super().handle(number, command, by=by, delivery=delivery, lease_no=lease_no)
        self.done.put_nowait(handled)
        return handled


class Office:
    """What a test does as Ana and Ben, and what they then see."""

    def __init__(
        self, server: WorkspaceServer, store: Store, service: Recorded, client: AsyncWebClient, workplace: Workplace
    ) -> None:
        self.server = server
        self.service = service
        self.workplace = workplace
        self._store = store
        self._client = client
        directory, bot = server.workspace.directory, server.workspace.app.bot_user
        self.ana: User = directory.add_person("ana", "Ana Anders")
        self.ben: User = directory.add_person("ben", "Ben Berg")
        self.lobby = self._channel("lobby")
        self.room: Channel = server.workspace.channels.create(
            "inc-1-fraud-scorer", creator=bot, members=(self.ana.id, self.ben.id)
        )

    def _channel(self, name: str) -> Channel:
        return self.server.workspace.channels.create(name, creator=self.ana.id)

    def story(self, **options: Any) -> Story:
        """A story that happens here, to Ana and Ben."""
        return Story(channel=self.room.id, ana=self.ana.id, ben=self.ben.id, **options)

    async def begins(self, story: Story) -> int:
        """The story is in the log."""

        def job(connection: Connection, now: datetime) -> int:
            number = self._store.log.begin(connection, at=now)
            for entry in story.entries:
                self._store.log.append(connection, number, [entry.event], by=entry.by, at=entry.at)
            return number

        return await self._store.writer.submit(job, lane=Lane.CLICK)

    async def shown(self, key: str, number: int = 1) -> str:
        """The ``ts`` of the surface ``key`` as it is drawn now, posted in the incident's channel."""
        incident = await self.service.incident(number)
        surface = next(s for s in view(incident, self.workplace) if s.key == key)
        answer = await self._client.chat_postMessage(channel=self.room.id, **surface.content)
        return str(answer["ts"])

    async def press(self, who: User, ts: str, action_id: str, **entered: Any) -> None:
        """The person pressed it, and Slack has its acknowledgement."""
        assert (await self.server.people.press(who.id, self.room.id, ts, action_id, **entered)).ok

    async def types(self, who: User, line: str, channel: Channel | None = None) -> Message:
        """What the person sees after typing a command."""
        return await self.told(who, self.server.people.slash(who.id, (channel or self.room).id, line))

    async def told(self, who: User, act: Awaitable[Any]) -> Message:
        """What only this person is told because of ``act``."""
        change = await self._after(act, lambda c: c.kind == "message" and self._for(who, c))
        return self.server.workspace.messages.get(change.channel, change.ts)

    def _for(self, who: User, change: Change) -> bool:
        """An ephemeral message for the person, or one in the conversation with the bot alone."""
        return change.user == who.id or self.server.workspace.channels.get(change.channel).is_im

    async def asked(self, who: User, act: Awaitable[Any]) -> View:
        """The modal that opens for this person because of ``act``."""
        change = await self._after(act, lambda c: c.kind == "view_opened" and c.user == who.id)
        return self.server.workspace.views.get(change.detail)

    async def _after(self, act: Awaitable[Any], wanted: Any) -> Change:
        with self.server.workspace.changes.subscribe() as queue:
            await act
            async with asyncio.timeout(PATIENCE):
                while not wanted(change := await queue.get()):
                    continue
        return change

    async def handled(self) -> Handled:
        """What came of the next command."""
        async with asyncio.timeout(PATIENCE):
            return await self.service.done.get()
