"""The people of the stories, and the channels that the configuration names."""

from __future__ import annotations

import asyncio

from bot.clock import SteppedClock
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import User
from bot.slack.manifest import manifest
from tests.patience import PATIENCE

ANA, BEN, CHI, DEE = "U0ANA", "U0BEN", "U0CHI", "U0DEE"
PEOPLE = (
    (ANA, "ana", "Ana Duarte"),
    (BEN, "ben", "Ben Osei"),
    (CHI, "chi", "Chi Nguyen"),
    (DEE, "dee", "Dee Larsen"),
)


def people_and_channels(server: WorkspaceServer) -> None:
    """Everybody and the bot are in the workspace and in its two channels."""
    for user, name, real_name in PEOPLE:
        server.workspace.directory.add(User(id=user, name=name, real_name=real_name, email=f"{name}@example.com"))
    everybody = (*(user for user, *_ in PEOPLE), server.workspace.app.bot_user)
    for name in ("ml-incidents", "stakeholders"):
        server.workspace.channels.create(name, creator=ANA, members=everybody)


def new_workspace(clock: SteppedClock, *, people: type[People] = People) -> WorkspaceServer:
    """The people of the story, the channels that the configuration names, and the bot."""
    server = WorkspaceServer(clock=clock.now, pause=_at_once, people=people, patience=PATIENCE)
    server.install(manifest(url=None, command=server.workspace.app.command))
    people_and_channels(server)
    return server


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)
