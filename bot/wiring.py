"""The only place that builds real objects. Tests build the same program with other parts given as arguments.

``build`` puts an ``Evenkeel`` together from settings; nothing connects anywhere before ``start``.
"""

from __future__ import annotations

import asyncio
import os
import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import aiohttp
import structlog
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.connectors import AllChanges, Change, Connectors
from bot.controller import Controller
from bot.controller.forgetting import begin_forgetting
from bot.controller.polling import begin_polling
from bot.controller.stay import Means
from bot.documents import Documents
from bot.metrics import registry
from bot.outage import Outage
from bot.refusals import RefusalsTold
from bot.rounds import Rounds
from bot.runbooks.loading import Library
from bot.runbooks.steps import StepRunner
from bot.runbooks.steps.archiving import Archiving
from bot.runbooks.steps.child import Child
from bot.runbooks.steps.context import Compute
from bot.runbooks.steps.linking import Linking
from bot.runbooks.steps.paging import Calling
from bot.runbooks.steps.silencing import Silencing
from bot.service import Service
from bot.slack.app import build_app, workplace_of
from bot.slack.directory import SlackDirectory
from bot.slack.gateway import Gateway
from bot.slack.outage_words import OutageWords
from bot.slack.people import People
from bot.slack.pictures import Pictures
from bot.slack.reconcile import Reconciler
from bot.slack.socket_mode import SocketMode
from bot.slack.stored import StoredStandings
from bot.slack.talk import ChannelTalk
from bot.store import Store, open_store
from bot.vitals import Vitals
from bot.web.app import create_app
from bot.web.health import Health

log = structlog.get_logger(__name__)

#: so often somebody looks whether alerts that were muted may be heard again
UNMUTING = 20.0
#: so often somebody looks whether the database takes what is written
PROVING = 5.0
#: so often somebody looks whether notifications were refused
TELLING = 15.0


class Evenkeel:
    """The whole program, put together; ``start`` and ``stop`` are its life."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        *,
        clock: Clock | None = None,
        store: Store | None = None,
        controls: bool = True,
        listens: bool = True,
        sandbox: bool = False,
        settle: float = 2.0,
        turns: bool = True,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        compute: Compute | None = None,
    ) -> None:
        """``controls``: this process brings incidents to rest; ``listens``: it takes what Slack sends by socket.

        ``sandbox``: every drawing says that the data are synthetic.
        With ``turns`` False the controller moves only when it is told to (``controller.settle``); ``sleep`` waits
        between Slack calls; ``compute`` compares versions, in a process of its own unless given.
        """
        self.settings = settings
        self.library = library
        self.clock = clock or SystemClock()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.store = store or open_store(settings.database_url, clock=self.clock)
        self._controls = controls
        self._listens = listens
        self._socket: SocketMode | None = None
        self._endings = AsyncExitStack()  # of what was begun, the last first
        self._at_the_end("database", lambda: asyncio.to_thread(self.store.close))
        self._sandbox = sandbox
        self._settle = settle
        self._turns = turns
        self._sleep = sleep
        self._compute = compute
        owner = self.owner if controls else None
        self.service = Service(self.store, settings=settings, library=library, owner=owner)

    async def start(self) -> None:
        """Connects, and begins to work. Called inside the event loop; ``stop`` ends it, also if it fails half way."""
        settings = self.settings
        self.library = await self.service.stock(self.library)
        self._at_the_end("what was refused", self.service.refusing.close)
        session = aiohttp.ClientSession()
        self._at_the_end("session", session.close)
        api_url = _with_slash(settings.slack_api_url)
        self.client = AsyncWebClient(token=settings.bot_token, base_url=api_url, session=session)
        self.gateway = Gateway(self.client, clock=self.clock, limits=self.store.placements, sleep=self._sleep)
        self._pictures = Pictures(self.gateway, session, api_url=api_url)
        names = People(self.gateway).names
        self.documents = Documents(self.service, self.clock, names=names, folder=_templates())
        self.connectors = Connectors(settings.connectors)
        self._at_the_end("connectors", self.connectors.close)
        self.child = Child()
        self._at_the_end("child process", self.child.close)
        self.controller = self._controller()
        self._at_the_end("work", self.controller.let_all_go)
        self.bolt: AsyncApp = build_app(
            self.service, client=self.client, settings=settings, clock=self.clock, gateway=self.gateway,
            sandbox=self._sandbox,
        )  # fmt: skip
        self.vitals = Vitals(
            self.store, self.gateway, self.controller if self._controls else None, clock=self.clock,
            library=self.library, listens=self._connected,
        )  # fmt: skip
        figures = registry(lambda: self.controller.held, self.service.taken_in)
        self.web = create_app(
            service=self.service, settings=settings, documents=self.documents, clock=self.clock,
            health=Health(checks=self.vitals.checks, registry=figures),
            slack=None if settings.app_token else AsyncSlackRequestHandler(self.bolt),
        )  # fmt: skip
        if self._controls and self._turns:
            self._begin_turning()
        if settings.app_token and self._listens:
            self._socket = SocketMode(self.bolt, settings.app_token)
            self._at_the_end("Socket Mode", self._socket.close)
            await self._socket.open()

    def _begin_turning(self) -> None:
        """The controller works from now on, and so does what is done every so often beside it."""
        turning = asyncio.create_task(self.controller.run())
        turning.add_done_callback(_say_if_it_died)
        self._at_the_end("controller", lambda: self._let_turn_out(turning))
        rounds, settings = Rounds(), self.settings
        self._at_the_end("rounds", rounds.end)
        rounds.begin("mutes that are over", self.service.muting.release, pause=UNMUTING)
        words = OutageWords(self.gateway, channel=settings.incidents_channel, installation=settings.installation)
        outage = Outage(self.store, clock=self.clock, words=words, figures=self.service.taken_in)
        rounds.begin("the database", outage.look, pause=PROVING)
        told = RefusalsTold(
            self.store, post=partial(self.gateway.answer, "chat.postMessage"), channel=settings.incidents_channel
        )
        rounds.begin("what was refused", told.look, pause=TELLING)
        begin_polling(rounds, self.store, self.connectors, settings, add=self.service.changing.add)
        begin_forgetting(rounds, self.store, keep=settings.keep_payloads, changes=settings.keep_changes)

    def _controller(self) -> Controller:
        settings = self.settings
        reconciler = Reconciler(
            self.gateway, StoredStandings(self.store.placements), self.clock, installation=settings.installation,
            settle=self._settle, allow_shared=settings.allow_shared_channels, allow_guests=settings.invite_guests,
        )  # fmt: skip
        calling = Calling(
            connectors=self.connectors, directory=SlackDirectory(self.gateway), installation=settings.installation,
            address=settings.public_url,
        )  # fmt: skip
        ours = {"installation": settings.installation, "address": settings.public_url}
        runner = StepRunner(
            connectors=self.connectors, changes=AllChanges(self._changes, self.connectors.change_sources),
            compute=self._compute or self.child.run, now=self.clock.now, calling=calling, pictures=self._pictures,
            silencing=Silencing(connectors=self.connectors, take=self.service.take, **ours),
            linking=Linking(connectors=self.connectors, **ours),
            archiving=Archiving(ChannelTalk(self.gateway), now=self.clock.now),
        )  # fmt: skip
        means = Means(
            store=self.store, service=self.service, reconciler=reconciler, runner=runner, clock=self.clock,
            workplace=workplace_of(settings, sandbox=self._sandbox),
        )  # fmt: skip
        return Controller(means, owner=self.owner)

    async def _changes(self, service: str, since: datetime) -> Sequence[Change]:
        return await self.store.changes.of(service, since=since)

    async def stop(self) -> None:
        """Ends in the order in which nothing is lost: no new requests, then the controller, then the database.

        What cannot be ended properly is in the log and keeps nothing else from its end.
        """
        await self._endings.aclose()

    def _at_the_end(self, part: str, end: Callable[[], Awaitable[None]]) -> None:
        async def ending() -> None:
            (trouble,) = await asyncio.gather(end(), return_exceptions=True)
            if isinstance(trouble, Exception):
                log.error("ended with an error", part=part, error=str(trouble), exc_info=trouble)

        self._endings.push_async_callback(ending)

    async def _let_turn_out(self, turning: asyncio.Task[None]) -> None:
        self.controller.stop()
        await asyncio.wait({turning})

    async def _connected(self) -> bool:
        return self._socket is None or await self._socket.connected()


@asynccontextmanager
async def running(evenkeel: Evenkeel) -> AsyncIterator[Evenkeel]:
    """Started inside the block, stopped after it; stopped, too, if it could not be started."""
    try:
        await evenkeel.start()
        yield evenkeel
    finally:
        await evenkeel.stop()


def _say_if_it_died(turning: asyncio.Task[None]) -> None:
    died = None if turning.cancelled() else turning.exception()
    if died is not None:
        log.error("the controller has died: start the program anew", error=str(died), exc_info=died)


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


def _templates() -> Path | None:
    folder = Path("templates")
    return folder if folder.is_dir() else None
