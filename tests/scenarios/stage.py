"""A stage for stories: the whole bot, a workspace, a world of model services and people, in one process.

Time stands still until a story lets it go on; nothing sleeps. What people see is ``screen``; what they do are
methods, each of which returns when the bot has come to rest again.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

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
from bot.sandbox.workspace.journal import Call
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.world import SCENARIOS, Alerting, World, more_alerts, world_app
from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from bot.sandbox.world.scenarios import Environment
from bot.store import open_store
from bot.wiring import Evenkeel, running
from tests.due import next_due
from tests.routes import EVERYTHING_OPENS
from tests.scenarios.doing import A_MOMENT, Doing, of_length
from tests.scenarios.people import ANA, BEN, CHI, DEE, new_workspace
from tests.scenarios.sources import Sources, recorded
from tests.scenarios.time_passing import Time

__all__ = ["ANA", "BEN", "CHI", "DEE", "Stage", "new_workspace", "of_length", "played", "recorded", "staged"]

P = ParamSpec("P")
T = TypeVar("T")
TOKEN = "alerts"
CONNECTED = (Path(bot.sandbox.__file__).parent / "evenkeel.yaml").read_text(encoding="utf-8")

#: refusals that say the work was done already
HARMLESS = ("already_pinned", "already_in_channel")
_MOST_ROUNDS = 2000


class Stage(Doing):
    """What a story does, and what it then sees."""

    def __init__(self, server: WorkspaceServer, evenkeel: Evenkeel, *, world: World, sources: Sources) -> None:
        super().__init__(server)
        self.bot = evenkeel
        self.world = world
        self.sources = sources
        self._alerting: Alerting | None = None
        self._began = self.clock.now()
        self._heard_of: dict[tuple[str, int], int] = {}
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
        """So much time goes by, and bot and world do what becomes due in it."""
        end = self.clock.now() + timedelta(seconds=seconds)
        for _ in range(_MOST_ROUNDS):
            if self._alerting is not None:
                await self._alerting.look()
            await self._settle()
            due = await self._due()
            if due is None or due > end:
                self.clock.advance(max(0.0, (end - self.clock.now()).total_seconds()))
                return
            self.clock.advance(max(0.0, (due - self.clock.now()).total_seconds()))
        raise AssertionError("the bot does not come to rest")

    async def later(self, seconds: float) -> None:
        """So much time is over since the moment that ``later`` reached before, whatever was done in between."""
        self._began += timedelta(seconds=seconds)
        await self.rest(max(0.0, (self._began - self.clock.now()).total_seconds()))

    async def _due(self) -> datetime | None:
        world = self._alerting.next_look() if self._alerting is not None else None
        return min((at for at in (await next_due(self.bot.store), world) if at is not None), default=None)

    async def _settle(self) -> None:
        """Everything that was said has been heard, and everything due has been done."""
        await self.server.events.settled()
        await self.bot.controller.settle()
        await self.server.events.settled()
        await self.bot.controller.settle()

    # --- monitoring -----------------------------------------------------------------------------------------------

    async def sends(
        self, payload: Any, *, to: str = "/alerts/alertmanager", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Something is posted to the bot, as monitoring does; whatever comes of it has not happened yet."""
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        return await self._web.post(to, content=body, headers=headers)

    async def alerts(self, name: str, *, number: int = 1) -> None:
        """Alerts besides the scenario's are sent, as from the sandbox's panel."""
        for post in more_alerts(name, at=self.clock.now(), number=number):
            (await self.sends(post.body, to=post.path)).raise_for_status()
        await self.rest(self.moment)

    async def gets(self, path: str, **headers: str) -> httpx.Response:
        """A page or document of the bot."""
        return await self._web.get(path, headers=headers)

    async def breaks(self) -> None:
        """The world's alert fires, a while after its release was recorded; the incident is opened and measured."""
        story, started = self.world.scenario, self.world.started
        self.clock.advance(30)
        change = change_payload(story, started=self.world.state.started)
        assert (await self.sends(change, to="/changes")).status_code == 202
        alert = alertmanager_payload(story, address="http://prometheus.example", started=started, value=0.71)
        assert (await self.sends(alert)).json() == {"accepted": 1, "incidents": ["INC-1"]}
        await self.rest()

    async def begins(self) -> None:
        """The scenario begins, and its alerting runs from now on; an act takes no time of its own any more."""

        async def alert(body: Mapping[str, Any]) -> None:
            (await self.sends(body)).raise_for_status()

        async def change(body: Mapping[str, Any]) -> None:
            (await self.sends(body, to="/changes")).raise_for_status()

        self._alerting = Alerting(
            self.world, post_alert=alert, post_change=change, address="http://prometheus.example"
        )  # fmt: skip
        self.moment, self._began = 0.0, self.clock.now()
        await self.rest(0)

    async def sets(self, flag: str, value: str, *, environment: Environment = "production") -> None:
        """Somebody sets a flag of the world in a tool of their own."""
        self.world.set_flag(environment, {value: 100.0}, name=flag)
        await self.rest(self.moment)

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

    async def did(self, user: str) -> list[str]:
        """What happened to incidents by this person, by kind, since this was last asked."""
        found: list[str] = []
        for incident in sorted(await self.bot.service.listing(), key=lambda one: one.number):
            log = await self.log(incident.number)
            known = self._heard_of.get((user, incident.number), 0)
            found += [type(entry.event).__name__ for entry in log[known:] if entry.by == user]
            self._heard_of[user, incident.number] = len(log)
        return found

    def serves(self, flag: str) -> str:
        """What production is set to."""
        return self.world.flag("production", name=flag).value

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
    scenario: str = "fraud-recall-drop",
    everything_opens: bool = True,
) -> AsyncIterator[Stage]:
    """A stage with the text of an evenkeel.yaml (None: there is none) and runbooks (else those shipped).

    Unless the configuration has routes, ``everything_opens`` its incident, whatever the alert says.
    """
    async with contextlib.AsyncExitStack() as stack:
        workspace = server or new_workspace(clock)
        world = World(SCENARIOS[scenario], seed=42, clock=clock.now)
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
        if everything_opens and not settings.routes:
            settings = msgspec.structs.replace(settings, routes=EVERYTHING_OPENS)
        library = load_library(read_runbooks(SHIPPED) if runbooks is None else runbooks)
        time = Time(clock)
        evenkeel = Evenkeel(
            settings, library, clock=clock, turns=False, sleep=time.passes, compute=_computed,
            store=open_store(database_url, clock=clock, durable=False),
        )  # fmt: skip
        time.evenkeel = evenkeel
        await stack.enter_async_context(running(evenkeel))
        await stack.enter_async_context(served(evenkeel.web, port))
        workspace.request_url = f"{address(port)}/slack/events"
        stage = Stage(workspace, evenkeel, world=world, sources=sources)
        stack.push_async_callback(stage.close)
        yield stage


@contextlib.asynccontextmanager
async def played(database_url: str, scenario: str, *, started: datetime) -> AsyncIterator[Stage]:
    """A stage on which the scenario begins at that moment, as it does in the sandbox: the world's numbers are those
    that people saw then."""
    async with staged(database_url, SteppedClock(started), scenario=scenario) as stage:
        await stage.begins()
        yield stage


async def _computed(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return work(*args, **kwargs)


def _bearer() -> dict[str, str]:
    return {"authorization": f"Bearer {TOKEN}"}


def _no_secret(path: str) -> str:
    raise OSError(path)
