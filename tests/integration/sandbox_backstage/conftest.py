"""A demo that really runs, with a director that only remembers, and the page asked without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from bot.sandbox.backstage import Backstage
from bot.sandbox.demo.stage import Stage, stage
from bot.sandbox.page import page_app
from tests.patience import PATIENCE
from tests.unit.sandbox.backstage.director import Director


class House:
    """The stage, its backstage, and what the page was told."""

    def __init__(self, running: Stage) -> None:
        self.stage = running
        self.director = Director()
        self.seconds = 0.0
        self.turns: asyncio.Queue[None] = asyncio.Queue()
        self.slept = asyncio.Event()
        self.said: list[str] = []
        self.backstage = Backstage(
            controls=self.director,
            workspace=running.workspace,
            evenkeel=running.evenkeel,
            world=running.world,
            send=running.send,
            timer=lambda: self.seconds,
            sleep=self._sleep,
        )
        self.backstage.listen(self.said.append)
        page = page_app(running.workspace.workspace, running.workspace.people, behind=self.backstage)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(page), base_url="http://sandbox")
        self.slack = httpx.AsyncClient(
            base_url=running.workspace.api_url,
            headers={"authorization": f"Bearer {running.workspace.workspace.app.bot_token}"},
            trust_env=False,
        )

    async def _sleep(self, _seconds: float) -> None:
        self.slept.set()
        await self.turns.get()

    async def part(self, name: str) -> str:
        """The part's HTML, looked at now."""
        self.seconds += 5.0
        answer = await self.client.get(f"/behind/part/{name}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """What an action answers."""
        return await self.client.post(f"/behind/{path}", data=fields)


@pytest_asyncio.fixture(name="running", scope="module", loop_scope="module")
async def _running() -> AsyncIterator[Stage]:
    """The demo with its incident open."""
    async with stage("fraud-recall-drop") as running:
        with running.evenkeel.store.wakeups.subscribe() as changes:
            async with asyncio.timeout(PATIENCE):
                while not [one for one in await running.evenkeel.service.listing() if one.channel]:
                    await changes.wait(1.0)
        yield running


@pytest_asyncio.fixture(name="house", loop_scope="module")
async def _house(running: Stage) -> AsyncIterator[House]:
    house = House(running)
    yield house
    running.workspace.faults.clear()
    await house.backstage.close()
    await house.client.aclose()
    await house.slack.aclose()
