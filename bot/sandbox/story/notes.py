"""The notebook: acts in order, and what single people were told, up to a number of each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from bot.sandbox.story.acts import AnyAct, Whisper
from bot.sandbox.story.finding import words_of
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import SlackSays

MOST_ACTS: Final = 2000
MOST_WHISPERS: Final = 4000
_LONGEST_WHISPER: Final = 400


class Notes:
    """What was done since the workspace began. Once it is full nothing more is noted: ``full`` says so."""

    def __init__(self, workspace: Workspace, journal: Journal, *, most: int = MOST_ACTS) -> None:
        self.full = False
        self._workspace = workspace
        self._journal = journal
        self._most = most
        self._acts: list[AnyAct] = []
        self._whispers: list[Whisper] = []
        workspace.changes.listen(self._hear)

    @property
    def acts(self) -> tuple[AnyAct, ...]:
        """The acts, in the order in which they began."""
        return tuple(self._acts)

    @property
    def whispers(self) -> tuple[Whisper, ...]:
        """What single people were told, in order."""
        return tuple(self._whispers)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Slack's words for the calls of the bot that it refused, each once."""
        return tuple(sorted({call.error for call in self._journal.refused()}))

    def now(self) -> datetime:
        """The workspace's time."""
        return self._workspace.stamps.now()

    def add(self, act: AnyAct) -> int:
        """The act is noted; its number, by which ``amend`` knows it, or -1 if the notebook is full."""
        if len(self._acts) >= self._most:
            self.full = True
            return -1
        self._acts.append(act)
        return len(self._acts) - 1

    def amend(self, number: int, **fields: Any) -> None:
        """The act has these fields, too."""
        if number >= 0:
            self._acts[number] = msgspec.structs.replace(self._acts[number], **fields)

    @contextlib.contextmanager
    def during(self, act: AnyAct) -> Iterator[int]:
        """The act is noted before the block, and the workspace's refusal of it afterwards."""
        number = self.add(act)
        try:
            yield number
        except SlackSays as refusal:
            self.amend(number, refused=refusal.code)
            raise

    def _hear(self, change: Change) -> None:
        if change.kind != "message" or len(self._whispers) >= MOST_WHISPERS:
            return
        message = self._workspace.messages.get(change.channel, change.ts)
        if message.user != self._workspace.app.bot_user:
            return
        user = message.ephemeral_to
        channel = self._workspace.channels.get(change.channel)
        if channel.is_im and not user:
            user = next((member for member in channel.members if member != message.user), "")
        if user:
            words = words_of(message)[:_LONGEST_WHISPER]
            self._whispers.append(Whisper(user=user, at=self._workspace.stamps.now(), words=words))
