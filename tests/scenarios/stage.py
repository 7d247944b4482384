"""A stage for stories: the whole bot, a workspace, a world of model services and people, in one process.

Time stands still until a story lets it go on; nothing sleeps. What people see is ``screen``; what they do are
methods, each of which returns when the bot has come to rest again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

import bot.sandbox
from bot.clock import SteppedClock
from bot.config import load_settings
from bot.config.files import SHIPPED, read_runbooks
from bot.incidents.events import AnyEvent, Entry
from bot.incidents.incident import Incident
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import address, free_port, served
from bot.sandbox.workspace.acks import Submitted
from bot.sandbox.workspace.journal import Call
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import Message
from bot.sandbox.world import SCENARIOS, World, world_app
from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from bot.statistics import compare_request
from bot.statistics.counts import CompareRequest, Comparison
from bot.wiring import Evenkeel, running
from tests.due import next_due
from tests.scenarios.people import ANA, BEN, CHI, DEE, people_and_channels
from tests.scenarios.screen import Screen, filled
from tests.scenarios.sources import Sources
from tests.scenarios.time_passing import Time

__all__ = ["ANA", "BEN", "CHI", "DEE", "Stage", "recorded", "staged"]

TOKEN = "alerts"
CONNECTED = (Path(bot.sandbox.__file__).parent / "evenkeel.yaml").read_text(encoding="utf-8")
RECORDED = Path(__file__).parent.parent / "fixtures" / "alertmanager"

#: refusals that say the work was done already
HARMLESS = ("already_pinned", "already_in_channel")
#: longer than the floor between two redrawings of a card, in seconds
A_MOMENT = 6.0
_MOST_ROUNDS = 2000


class Stage:
    """What a story does, and what it then sees."""

    def __init__(self, server: WorkspaceServer, evenkeel: Evenkeel, *, world: World, sources: Sources) -> None:
        self.server = server
        self.bot = evenkeel
        self.world = world
        self.sources = sources
        self.screen = Screen(server.workspace)
        self._web = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=evenkeel.web), base_url="http://bot", headers=_bearer()
        )

    @property
    def clock(self) -> SteppedClock:
        """The one clock of everything on the stage."""
        assert isinstance(self.bot.clock, SteppedClock)
        return self.bot.clock

    # --- time -----------------------------------------------------------------------------------------------------

    async def rest(self, seconds: float = A_MOMENT) -> None:
        """So much time goes by, and the bot does what becomes due in it."""
        end = self.clock.now() + timedelta(seconds=seconds)
        for _ in range(_MOST_ROUNDS):
            await self._settle()
            due = await next_due(self.bot.store)
            if due is None or due > end:
                self.clock.advance(max(0.0, (end - self.clock.now()).total_seconds()))
                return
            self.clock.advance(max(0.0, (due - self.clock.now()).total_seconds()))
        raise AssertionError("the bot does not come to rest")

    async def _settle(self) -> None:
        """Everything that was said has been heard, and everything due has been done."""
        await self.server.events.settled()
        await self.bot.controller.settle()
        await self.server.events.settled()
        await self.bot.controller.settle()

    # --- monitoring -----------------------------------------------------------------------------------------------

    async def sends(self, payload: Any, *, to: str = "/alerts/alertmanager") -> httpx.Response:
        """Something is posted to the bot, as monitoring does; whatever comes of it has not happened yet."""
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        return await self._web.post(to, content=body)

    async def gets(self, path: str) -> httpx.Response:
        """A page or document of the bot."""
        return await self._web.get(path)

    async def breaks(self) -> None:
        """The world's alert fires, a while after its release was recorded; the incident is opened and measured."""
        story, started = self.world.scenario, self.world.started
        self.clock.advance(30)
        change = change_payload(story, started=self.world.state.started)
        assert (await self.sends(change, to="/changes")).status_code == 202
        alert = alertmanager_payload(story, address="http://prometheus.example", started=started, value=0.71)
        assert (await self.sends(alert)).json() == {"accepted": 1, "incidents": ["INC-1"]}
        await self.rest()

    # --- people ---------------------------------------------------------------------------------------------------

    async def press(self, user: str, what: str, *, number: int = 1) -> str:
        """Somebody presses the newest button of that name; what only they are told because of it."""
        message, block, element = self.screen.button(what, user=user, number=number)
        return await self.press_that(user, message, block["block_id"], element["action_id"])

    async def press_that(self, user: str, message: Message, block_id: str, action_id: str, **entered: Any) -> str:
        """The same with a button that is known."""
        before = len(self.screen.whispered(user))
        await self.clicks(user, message, block_id, action_id, **entered)
        await self.rest()
        return "\n".join(self.screen.whispered(user)[before:])

    async def clicks(self, user: str, message: Message, block_id: str, action_id: str, **entered: Any) -> None:
        """The click alone: it is acknowledged and carried out; what comes of it has not happened yet."""
        press = self.server.people.press
        assert (await press(user, message.channel, message.ts, action_id, block_id=block_id, **entered)).ok
        await self.heard()

    async def heard(self) -> None:
        """Slack has its acknowledgement; now what Bolt does after it is done, too."""
        running = [task for task in asyncio.all_tasks() if "run_ack_function" in str(task.get_coro())]
        await asyncio.gather(*running)

    async def fills(self, user: str, **answers: str) -> dict[str, str]:
        """Somebody fills in the modal they see and submits it; what is wrong, by field."""
        view = self.screen.modal(user)
        submitted: Submitted = await self.server.people.submit_view(user, view.id, filled(view, answers))
        await self.heard()
        await self.rest()
        assert not submitted.failed
        return dict(submitted.errors)

    async def types(self, user: str, line: str, *, channel: str = "") -> str:
        """Somebody types a line in the incident's channel (or ``channel``); what they are told."""
        before = len(self.screen.whispered(user))
        where = self.screen.named(channel) if channel else self.screen.channel()
        assert (await self.server.people.slash(user, where.id, line)).ok
        await self.heard()
        await self.rest()
        return "\n".join(self.screen.whispered(user)[before:])

    # --- what came of it ------------------------------------------------------------------------------------------

    async def incident(self, number: int = 1) -> Incident:
        """As its log says."""
        return await self.bot.service.incident(number)

    async def log(self, number: int = 1) -> list[Entry]:
        """The whole log."""
        return await self.bot.service.entries(number)

    async def happened(self, kind: type[AnyEvent], number: int = 1) -> list[Any]:
        """The events of one kind."""
        return [entry.event for entry in await self.log(number) if isinstance(entry.event, kind)]

    async def timeline(self, number: int = 1) -> str:
        """As people read it."""
        return await self.bot.documents.timeline(number, "text")

    def refused(self, *expected: str) -> list[Call]:
        """What Slack refused that was not to be expected."""
        return self.server.journal.refused(but=(*HARMLESS, *expected))

    async def close(self) -> None:
        """Lets go of the connection."""
        await self._web.aclose()


@contextlib.asynccontextmanager
async def staged(
    database_url: str,
    clock: SteppedClock,
    *,
    config: str | None = CONNECTED,
    runbooks: dict[str, str] | None = None,
    server: WorkspaceServer | None = None,
) -> AsyncIterator[Stage]:
    """A stage with the text of an evenkeel.yaml (None: there is none) and runbooks (else those shipped)."""
    async with contextlib.AsyncExitStack() as stack:
        workspace = server or new_workspace(clock)
        world = World(SCENARIOS["fraud-recall-drop"], seed=42, clock=clock.now)
        sources = Sources(world_app(world))
        workspace.mount("/sources", sources)
        await stack.enter_async_context(running_workspace(workspace))
        port = stack.enter_context(free_port())
        environment = {
            "SLACK_BOT_TOKEN": workspace.workspace.app.bot_token,
            "SLACK_SIGNING_SECRET": workspace.workspace.app.signing_secret,
            "SLACK_API_URL": workspace.api_url,
            "DATABASE_URL": database_url,
            "ALERT_TOKEN": TOKEN,
            "PUBLIC_URL": "https://evenkeel.example",
            "WORLD_URL": f"{workspace.url}/sources",
        }
        settings = load_settings(config, file="evenkeel.yaml", environment=environment, read_secret=_no_secret)
        library = load_library(read_runbooks(SHIPPED) if runbooks is None else runbooks)
        time = Time(clock)
        evenkeel = Evenkeel(
            settings, library, clock=clock, turns=False, sleep=time.passes, compute=_computed,
        )  # fmt: skip
        time.evenkeel = evenkeel
        await stack.enter_async_context(running(evenkeel))
        await stack.enter_async_context(served(evenkeel.web, port))
        workspace.request_url = f"{address(port)}/slack/events"
        stage = Stage(workspace, evenkeel, world=world, sources=sources)
        stack.push_async_callback(stage.close)
        yield stage


def new_workspace(clock: SteppedClock) -> WorkspaceServer:
    """The people of the story, the channels that the configuration names, and the bot."""
    server = WorkspaceServer(clock=clock.now, pause=_at_once)
    people_and_channels(server)
    return server


def recorded(name: str) -> bytes:
    """What a real Alertmanager 0.25 sent: ``1_firing``, ``2_firing`` or ``3_resolved``."""
    return (RECORDED / f"{name}.json").read_bytes()


async def _computed(request: CompareRequest) -> Comparison:
    return compare_request(request)


async def _at_once(_: float) -> None:
    await asyncio.sleep(0)


def _bearer() -> dict[str, str]:
    return {"authorization": f"Bearer {TOKEN}"}


def _no_secret(path: str) -> str:
    raise OSError(path)
