"""The whole workspace in memory: what everybody sees, and nothing about how the bot is told."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bot.sandbox.workspace.changes import Change, Changes
from bot.sandbox.workspace.channels import Channels
from bot.sandbox.workspace.directory import Directory
from bot.sandbox.workspace.files import Files
from bot.sandbox.workspace.messages import Messages
from bot.sandbox.workspace.stamps import Stamps
from bot.sandbox.workspace.values import App, Channel, File, Message, SlackSays, Team, User, View
from bot.sandbox.workspace.views import Views


class Workspace:
    """People, channels, messages and views, by concern; the bot is one of the users.

    ``clock`` gives aware datetimes, ``ids`` the numbers of new ids: two workspaces with equal clocks and ids
    that are used alike are alike. ``edit_window`` is how long a message may be edited, None for ever.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        ids: Iterator[int] | None = None,
        team: Team | None = None,
        app: App | None = None,
    ) -> None:
        self.edit_window: timedelta | None = None
        self.team = team or Team()
        self.app = app or App()
        self.changes = Changes()
        self.stamps = Stamps(clock=clock, ids=itertools.count(1) if ids is None else ids)
        self.directory = Directory(self.stamps, self.changes)
        self.messages = Messages(self.stamps, self.changes)
        self.channels = Channels(self.stamps, self.changes, self.messages)
        self.files = Files(self.stamps)
        self.views = Views(self.stamps, self.changes)
        self.directory.add(
            User(
                id=self.app.bot_user,
                name="evenkeel",
                real_name="Evenkeel",
                is_bot=True,
                bot_id=self.app.bot_id,
            )
        )

    def subscribe(self) -> AbstractContextManager[asyncio.Queue[Change]]:
        """``with workspace.subscribe() as changes: await changes.get()`` sees every change from now on."""
        return self.changes.subscribe()

    @property
    def homes(self) -> Mapping[str, View]:
        """What the bot published on each person's App Home, by user; nothing for those who have none yet."""
        return self.views.homes

    def share(
        self, files: tuple[File, ...], *, channel: str, user: str, text: str, thread_ts: str = "", bot_id: str = ""
    ) -> Message:
        """The files are in the channel, in a message of their own, and each of them is told of."""
        message = self.messages.post(
            channel=channel, user=user, text=text, thread_ts=thread_ts, files=files, bot_id=bot_id
        )
        for file in files:
            self.changes.publish(
                Change(kind="file_shared", channel=channel, ts=message.ts, user=user, detail=file.id)
            )
        return message

    def check_edit_window(self, message: Message) -> None:
        """``edit_window_closed`` if the workspace does not let so old a message be edited."""
        if self.edit_window is None:
            return
        if self.stamps.now().timestamp() - float(message.ts) > self.edit_window.total_seconds():
            raise SlackSays("edit_window_closed")

    def bot_is_in(self, channel: Channel) -> bool:
        """Whether the bot is a member, and so is told what happens there."""
        return self.app.bot_user in channel.members

    def seen_by(self, user: str) -> list[Channel]:
        """A person's sidebar: all public channels, and the private and direct ones they are in."""
        return [
            channel
            for channel in self.channels.all()
            if user in channel.members or not (channel.is_private or channel.is_im)
        ]
