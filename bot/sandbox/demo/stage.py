"""The stage: everything that the demo consists of, put up in order and taken down in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bot.config import load_settings
from bot.config.files import SHIPPED, read_runbooks, read_secret
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import address, free_port, served
from bot.sandbox.page import page_app
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import User
from bot.sandbox.world import SCENARIOS, World, deliver, run_world, world_app
from bot.wiring import Evenkeel, running

CONFIG = Path(__file__).parent.parent / "evenkeel.yaml"
TOKEN = "sandbox-alerts"  # noqa: S105 - opens nothing but the demo
SEED = 42

ANA, BEN, CHI, DEE = "U0ANA", "U0BEN", "U0CHI", "U0DEE"
#: who is who: id, name, what they are in the story
PEOPLE = (
    (ANA, "ana", "Ana Duarte", "commander"),
    (BEN, "ben", "Ben Osei", "second approver, on call"),
    (CHI, "chi", "Chi Nguyen", "data scientist"),
    (DEE, "dee", "Dee Larsen", "stakeholder, risk"),
)


class Stage:
    """The parts, while they run."""

    def __init__(self, workspace: WorkspaceServer, evenkeel: Evenkeel, world: World, *, bot_url: str) -> None:
        self.workspace = workspace
        self.evenkeel = evenkeel
        self.world = world
        self.bot_url = bot_url


@contextlib.asynccontextmanager
async def stage(
    scenario: str,
    *,
    port: int = 0,
    folder: Path | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> AsyncIterator[Stage]:
    """Workspace, bot and world run while the block lasts; the world breaks as soon as it is entered."""
    async with contextlib.AsyncExitStack() as stack:
        home = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenkeel-demo-")))
        world = World(SCENARIOS[scenario], seed=SEED, clock=clock)
        world_url = await stack.enter_async_context(served(world_app(world), free_port()))
        bot_port = free_port()
        bot_url = address(bot_port)
        workspace = _workspace(bot_url=bot_url, world_url=world_url)
        await stack.enter_async_context(running_workspace(workspace, port=port))
        evenkeel = _bot(workspace, home=home, bot_url=bot_url, world_url=world_url)
        await stack.enter_async_context(running(evenkeel))
        await stack.enter_async_context(served(evenkeel.web, bot_port))
        workspace.request_url = f"{bot_url}/slack/events"
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=bot_url, timeout=10.0))
        breaking = asyncio.create_task(
            run_world(
                world, post_alert=deliver(client, "/alerts/alertmanager", token=TOKEN),
                post_change=deliver(client, "/changes", token=TOKEN), address=world_url,
            )
        )  # fmt: skip
        try:
            yield Stage(workspace, evenkeel, world, bot_url=bot_url)
        finally:
            breaking.cancel()
            await asyncio.gather(breaking, return_exceptions=True)


def _workspace(*, bot_url: str, world_url: str) -> WorkspaceServer:
    """A workspace with the story's people and the channels that the configuration names."""
    server = WorkspaceServer()
    for user, name, real_name, _ in PEOPLE:
        server.workspace.directory.add(User(id=user, name=name, real_name=real_name, email=f"{name}@example.com"))
    everybody = tuple(user for user, *_ in PEOPLE)
    bot_user = server.workspace.app.bot_user
    for name in ("ml-incidents", "stakeholders"):
        server.workspace.channels.create(name, creator=ANA, members=(*everybody, bot_user))
    page = page_app(
        server.workspace, server.people, links=(("Incidents", f"{bot_url}/incidents"),), world_url=world_url,
        roles={user: role for user, _, _, role in PEOPLE},
    )  # fmt: skip
    server.mount("/", page)
    return server


def _bot(workspace: WorkspaceServer, *, home: Path, bot_url: str, world_url: str) -> Evenkeel:
    """The bot as ``evenkeel serve`` builds it, with the sandbox's addresses in its environment."""
    slack = workspace.workspace.app
    environment = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{home / 'evenkeel.db'}",
        "ALERT_TOKEN": TOKEN,
        "PUBLIC_URL": bot_url,
        "WORLD_URL": world_url,
    }
    settings = load_settings(
        CONFIG.read_text(encoding="utf-8"), file=str(CONFIG), environment=environment, read_secret=read_secret
    )
    return Evenkeel(settings, load_library(read_runbooks(SHIPPED)), sandbox=True)
