"""The stage: everything that one run of the demo consists of, put up in order and taken down in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path

import httpx
import structlog

from bot.config import load_settings
from bot.config.files import SHIPPED, read_runbooks, read_secret
from bot.runbooks.loading import load_library
from bot.runbooks.steps.context import Compute
from bot.sandbox.demo.cast import Everybody
from bot.sandbox.demo.clock import DemoClock
from bot.sandbox.demo.door import Door
from bot.sandbox.demo.monitoring import Monitoring
from bot.sandbox.demo.pace import Pace
from bot.sandbox.demo.serving import address, free_port, served
from bot.sandbox.story import RecordedPeople
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import Channel, User
from bot.sandbox.world import SCENARIOS, Alerting, World, deliver, sender, world_app
from bot.sandbox.world.alerting import Send
from bot.slack.manifest import manifest
from bot.store import open_store
from bot.wiring import Evenkeel, running

log = structlog.get_logger(__name__)

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

    def __init__(
        self,
        scenario: str,
        *,
        workspace: WorkspaceServer,
        evenkeel: Evenkeel,
        world: World,
        clock: DemoClock,
        pace: Pace,
        bot_url: str,
        send: Send,
    ) -> None:
        """``send`` posts to the bot's own address as monitoring does, until it is taken."""
        self.send = send
        self.scenario = scenario
        self.workspace = workspace
        self.evenkeel = evenkeel
        self.world = world
        self.clock = clock
        self.pace = pace
        self.bot_url = bot_url

    @property
    def people(self) -> RecordedPeople:
        """Whoever acts here; what they did is noted."""
        people = self.workspace.people
        assert isinstance(people, RecordedPeople)  # noqa: S101 - the workspace was built with this class
        return people

    def incident_channel(self) -> Channel | None:
        """The story's: the first channel that the bot opened."""
        bot_user = self.workspace.workspace.app.bot_user
        opened = (c for c in self.workspace.workspace.channels.all() if c.creator == bot_user and not c.is_im)
        return min(opened, key=lambda channel: channel.created, default=None)

    async def incident_opened(self, *, within: float) -> bool:
        """Whether the bot has opened a channel and Ana is in it, ``within`` real seconds at the latest."""
        with self.workspace.workspace.subscribe() as changes, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not self._is_open():
                    await changes.get()
        return self._is_open()

    def _is_open(self) -> bool:
        channel = self.incident_channel()
        return channel is not None and ANA in channel.members


@contextlib.asynccontextmanager
async def stage(
    scenario: str, *, clock: DemoClock | None = None, compute: Compute | None = None
) -> AsyncIterator[Stage]:
    """Workspace, bot and world run while the block lasts; the world is broken when it is entered.

    ``compute`` compares versions, in a process of the bot's own unless given.
    """
    async with contextlib.AsyncExitStack() as stack:
        clock = clock or DemoClock()
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evenkeel-demo-")))
        world = World(SCENARIOS[scenario], seed=SEED, clock=clock.now)
        world_url = await stack.enter_async_context(served(world_app(world), free_port()))
        workspace = _workspace(clock)
        await stack.enter_async_context(running_workspace(workspace))
        bot_port = stack.enter_context(free_port())
        bot_url = address(bot_port)
        settings = _environment(workspace, home=home, bot_url=bot_url, world_url=world_url)
        evenkeel = _bot(settings, clock=clock, compute=compute)
        await stack.enter_async_context(running(evenkeel))
        door = Door(evenkeel.web)
        await stack.enter_async_context(served(door, bot_port))
        workspace.request_url = f"{bot_url}/slack/events"
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=bot_url, timeout=10.0, trust_env=False))
        alerting = Alerting(
            world, post_alert=deliver(client, "/alerts/alertmanager", token=TOKEN),
            post_change=deliver(client, "/changes", token=TOKEN), address=world_url,
        )  # fmt: skip
        monitoring = Monitoring(alerting, clock)
        changes = stack.enter_context(evenkeel.store.wakeups.subscribe())
        everybody = Everybody(
            evenkeel=evenkeel, workspace=workspace, door=door, monitoring=monitoring, changes=changes
        )
        pace = Pace(clock, everybody)
        for task in (monitoring.run(), pace.run()):
            await stack.enter_async_context(while_it_lasts(task))
        stack.push_async_callback(monitoring.finish)
        stack.push_async_callback(workspace.events.stop)  # before the bot's door is shut
        yield Stage(
            scenario, workspace=workspace, evenkeel=evenkeel, world=world, clock=clock, pace=pace, bot_url=bot_url,
            send=sender(client, token=TOKEN),
        )  # fmt: skip


@contextlib.asynccontextmanager
async def while_it_lasts(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """``work`` goes on while the block lasts; should it end by an error, that is in the log."""
    task = asyncio.create_task(work)
    task.add_done_callback(_say_if_it_died)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _say_if_it_died(task: asyncio.Task[None]) -> None:
    died = None if task.cancelled() else task.exception()
    if died is not None:
        log.error("a part of the demo has died: begin it anew", error=str(died), exc_info=died)


def _workspace(clock: DemoClock) -> WorkspaceServer:
    """A workspace with the story's people and the channels that the configuration names."""
    server = WorkspaceServer(clock=clock.now, pause=clock.sleep, people=RecordedPeople)
    server.install(manifest(url=None, command=server.workspace.app.command))
    for user, name, real_name, _ in PEOPLE:
        server.workspace.directory.add(User(id=user, name=name, real_name=real_name, email=f"{name}@example.com"))
    everybody = tuple(user for user, *_ in PEOPLE)
    bot_user = server.workspace.app.bot_user
    for name in ("ml-incidents", "stakeholders"):
        server.workspace.channels.create(name, creator=ANA, members=(*everybody, bot_user))
    return server


def _environment(workspace: WorkspaceServer, *, home: Path, bot_url: str, world_url: str) -> dict[str, str]:
    """The bot's environment, as for ``evenkeel serve``, with the sandbox's addresses."""
    slack = workspace.workspace.app
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": f"sqlite:///{home / 'evenkeel.db'}",
        "ALERT_TOKEN": TOKEN,
        "PUBLIC_URL": bot_url,
        "WORLD_URL": world_url,
    }


def _bot(environment: Mapping[str, str], *, clock: DemoClock, compute: Compute | None) -> Evenkeel:
    """The bot as ``evenkeel serve`` builds it."""
    settings = load_settings(
        CONFIG.read_text(encoding="utf-8"), file=str(CONFIG), environment=environment, read_secret=read_secret
    )
    library = load_library(read_runbooks(SHIPPED))
    store = open_store(environment["DATABASE_URL"], clock=clock, durable=False)  # it ends with the demo
    return Evenkeel(settings, library, clock=clock, store=store, compute=compute, sandbox=True)
