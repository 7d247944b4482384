"""The theatre: one stable address, behind which one run of the demo is taken down and another one put up.

What plays has its own workspace, bot, database, world and clock, on ports of their own; nothing of it is left when
the next one begins. ``Theatre`` is what the strip above the page moves.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from starlette.applications import Starlette

from bot.runbooks.steps.child import Child
from bot.sandbox.backstage import Backstage
from bot.sandbox.demo.bot_words import about, suggestions
from bot.sandbox.demo.front import Front
from bot.sandbox.demo.serving import served, take_port
from bot.sandbox.demo.stage import PEOPLE, Stage, stage, while_it_lasts
from bot.sandbox.page import page_app
from bot.sandbox.story import saved
from bot.sandbox.world import SCENARIOS

T = TypeVar("T")
Beside = Callable[[Stage], Coroutine[None, None, None]]

#: how long the first look at the workspace waits for the incident, in seconds: people want to land on it
FIRST_LOOK = 4.0


class Theatre:
    """Plays one scenario at a time; the latest that was asked for. Implements the backstage's ``Controls``."""

    def __init__(self, front: Front, *, child: Child, url: str, beside: Beside | None = None) -> None:
        self.url = url
        self._beside = beside
        self._front, self._child = front, child
        self._wanted, self._turn = "", 0
        self._shown: dict[int, asyncio.Future[None]] = {}
        self._asked = asyncio.Event()
        self._directing: asyncio.Task[None] | None = None
        self._stage: Stage | None = None
        self._ended = asyncio.Event()

    # --- what plays -----------------------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """What plays, or played last while everything begins anew."""
        if self._stage is None:
            raise RuntimeError("nothing was played yet")
        return self._stage

    @property
    def scenarios(self) -> Mapping[str, str]:
        """By name, one sentence each."""
        return {name: scenario.sentence for name, scenario in SCENARIOS.items()}

    def scenario(self) -> str:
        """The name of the one that plays."""
        return self.stage.scenario

    def touched(self) -> bool:
        """Whether somebody did something, or moved the clock."""
        return bool(self.stage.people.notes.acts) or self.ahead() > timedelta(0)

    async def play(self, scenario: str) -> None:
        """Everything has begun anew with ``scenario``, or with the one that was asked for after it.

        ``KeyError`` for an unknown name. Raises what keeps the stage from being put up.
        """
        if scenario not in SCENARIOS:
            raise KeyError(scenario)
        self._wanted, self._turn = scenario, self._turn + 1
        shown = self._shown[self._turn] = asyncio.get_running_loop().create_future()
        self._asked.set()
        if self._directing is None or self._directing.done():
            self._directing = asyncio.create_task(self._direct())
        await asyncio.wait({shown, self._directing}, return_when=asyncio.FIRST_COMPLETED)
        if not shown.done():
            await self._directing

    async def _direct(self) -> None:
        """Takes down and puts up, in one task, until it is cancelled."""
        while True:
            self._asked.clear()
            turn = self._turn
            async with self._playing(self._wanted):
                for number in [number for number in self._shown if number <= turn]:
                    self._shown.pop(number).set_result(None)
                await self._asked.wait()

    @contextlib.asynccontextmanager
    async def _playing(self, scenario: str) -> AsyncIterator[None]:
        """``scenario`` plays while the block lasts."""
        async with contextlib.AsyncExitStack() as stack:
            running = await stack.enter_async_context(stage(scenario, compute=self._child.run))
            self._stage, self._ended = running, asyncio.Event()
            backstage = Backstage(
                controls=self, workspace=running.workspace, evenkeel=running.evenkeel, world=running.world,
                send=running.send,
            )  # fmt: skip
            await stack.enter_async_context(backstage.watch())
            if self._beside is not None:
                await stack.enter_async_context(while_it_lasts(self._beside(running)))
            self._front.open(_page(running, backstage), first_look=lambda: running.incident_opened(within=FIRST_LOOK))
            stack.callback(self._ended.set)
            stack.callback(self._front.close)
            yield

    async def close(self) -> None:
        """Nothing plays any more."""
        if self._directing is not None:
            self._directing.cancel()
            await asyncio.gather(self._directing, return_exceptions=True)

    async def closed(self) -> None:
        """Waits for the end; raises what ended it."""
        if self._directing is not None:
            await asyncio.wait({self._directing})
            self._directing.result()

    async def story(self) -> str:
        """What was done so far, as the text of a scenario test."""
        running = self.stage
        return await saved(running.people.notes, service=running.evenkeel.service, world=running.world)

    # --- time -----------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """What time it is in the demo."""
        return self.stage.clock.now()

    def ahead(self) -> timedelta:
        """How far the demo's clock is ahead of the machine's."""
        return self.stage.clock.ahead()

    def rate(self) -> int:
        """1, 60 or 3600."""
        return self.stage.pace.rate

    def set_rate(self, rate: int) -> None:
        """Time runs like this from now on. ``ValueError`` for others."""
        self.stage.pace.set_rate(rate)

    async def step(self, seconds: float) -> None:
        """Time has jumped ahead by ``seconds``, and what became due was done; or everything began anew meanwhile."""
        await self._while_it_plays(self.stage.pace.step(seconds))

    async def step_to_next(self) -> datetime | None:
        """As ``Pace.step_to_next``; None, too, if everything began anew meanwhile."""
        return await self._while_it_plays(self.stage.pace.step_to_next())

    async def _while_it_plays(self, work: Coroutine[Any, Any, T]) -> T | None:
        ended = asyncio.create_task(self._ended.wait())
        task = asyncio.create_task(work)
        try:
            await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for each in (task, ended):
                each.cancel()
            await asyncio.gather(task, ended, return_exceptions=True)


@contextlib.asynccontextmanager
async def theatre(scenario: str, *, port: int = 0, beside: Beside | None = None) -> AsyncIterator[Theatre]:
    """``scenario`` plays at ``Theatre.url`` while the block lasts; ``beside`` runs as long as each stage.

    ``Mistake`` if the port is taken.
    """
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(take_port(port))
        front, child = Front(), Child()
        stack.push_async_callback(_end, child)
        url = await stack.enter_async_context(served(front, listener))
        house = Theatre(front, child=child, url=url, beside=beside)
        stack.push_async_callback(house.close)
        await house.play(scenario)
        yield house


def _page(running: Stage, backstage: Backstage) -> Starlette:
    return page_app(
        running.workspace.workspace, running.people, behind=backstage,
        links=(("Incidents", f"{running.bot_url}/incidents"),), roles={user: role for user, _, _, role in PEOPLE},
        suggestions=suggestions(), about=about(running.workspace.workspace.app.command),
    )  # fmt: skip


async def _end(child: Child) -> None:
    """Nobody waits for what it still computes."""
    for process in multiprocessing.active_children():
        process.kill()
    await child.close()
