"""A workspace whose clock a test moves by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, User


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def workspace(clock: HandClock) -> Workspace:
    return Workspace(clock=clock)


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return workspace.directory.add_person("ana", "Ana Anders")


@pytest.fixture
def room(workspace: Workspace, ana: User) -> Channel:
    return workspace.channels.create("room", creator=ana.id, members=(workspace.app.bot_user,))
