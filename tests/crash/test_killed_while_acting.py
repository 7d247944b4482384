"""kill -9 between the start of an action in the log and the answer of its call: the call is never made twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.world import SCENARIOS, World, world_app
from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from tests.crash.nursery import Nursery, nursery
from tests.crash.process import Process, Start, environment_of, seen
from tests.patience import PATIENCE
from tests.ports import port_for_later
from tests.scenarios.people import people_and_channels
from tests.scenarios.screen import Screen
from tests.scenarios.sources import Sources
from tests.scenarios.stage import ANA, BEN, CONNECTED


class Scene:
    """A workspace, a world that runs faster than in the demo, and the program to be started."""

    def __init__(self, server: WorkspaceServer, world: World, sources: Sources, start: Start) -> None:
        self.server = server
        self.world = world
        self.sources = sources
        self.start = start
        self.screen = Screen(server.workspace)

    async def breaks(self, process: Process) -> None:
        """The alert fires."""
        story, started = self.world.scenario, self.world.started
        change = change_payload(story, started=self.world.state.started)
        alert = alertmanager_payload(story, address="http://prometheus.example", started=started, value=0.71)
        for path, body in (("/changes", change), ("/alerts/alertmanager", alert)):
            assert (await process.web.post(path, json=body)).status_code == 202

    async def press(self, user: str, what: str) -> None:
        """Somebody presses the button as soon as it is there."""

        def found() -> bool:
            return what in self.screen.buttons()

        await seen(self.server, found)
        message, block, element = self.screen.button(what, user=user, number=1)
        ack = await self.server.people.press(
            user, message.channel, message.ts, element["action_id"], block_id=block["block_id"]
        )
        assert ack.ok


@asynccontextmanager
async def scene(parent: Nursery, folder: Path, *, lag: str) -> AsyncIterator[Scene]:
    server = WorkspaceServer(patience=PATIENCE)
    people_and_channels(server)
    story = msgspec.structs.replace(SCENARIOS["fraud-recall-drop"], ramp=0.2)
    world = World(story, seed=42, clock=lambda: datetime.now(UTC))
    sources = Sources(world_app(world))
    server.mount("/sources", sources)
    async with running_workspace(server):
        port = port_for_later()
        database_url = f"sqlite:///{folder / 'evenkeel.db'}"
        environment = environment_of(server, database_url=database_url, port=port)
        environment["WORLD_URL"] = f"{server.url}/sources"
        faster = CONNECTED.replace("[5s]", "[3s]").replace(
            "      break_glass: true\n", f"      break_glass: true\n      done_when: {{every: 1s, lag: {lag}}}\n"
        )
        (folder / "evenkeel.yaml").write_text(faster, encoding="utf-8")
        server.request_url = f"http://127.0.0.1:{port}/slack/events"
        yield Scene(server, world, sources, Start(parent, environment, folder))


async def _dies_while_acting(scene: Scene, *, done: bool) -> None:
    called = scene.sources.swallows("PUT", "environment=production", does_the_work=done)
    async with scene.start() as process:
        await process.ready()
        await scene.breaks(process)
        await scene.press(ANA, "Request rollback to v41")
        await scene.press(BEN, "Approve")
        await called.wait()
        await process.kill()


async def _what_was_done_is_found_out(parent: Nursery, folder: Path) -> None:
    async with scene(parent, folder, lag="60s") as story:
        await _dies_while_acting(story, done=True)
        async with story.start() as process:
            await process.ready()
            await seen(story.server, lambda: story.screen.shown_for("safe:rollback:1"))
            timeline = (await process.web.get("/incidents/INC-1/timeline.json")).text
    assert len(story.sources.writes()) == 1
    assert "rollback" in timeline
    assert story.world.flag("production").value == "41"


async def _what_was_not_done_is_asked(parent: Nursery, folder: Path) -> None:
    async with scene(parent, folder, lag="1s") as story:
        await _dies_while_acting(story, done=False)
        async with story.start() as process:
            await process.ready()
            await seen(story.server, lambda: story.screen.shown_for("unknown:rollback:1"))
            assert {"Run again", "It is done", "Undo"} <= set(story.screen.buttons())
            assert len(story.sources.writes()) == 1
    assert story.world.flag("production").value == "42"


@pytest.mark.slow
# A connection that is just being made to a process that is killed may be lost half-way, in the client's libraries.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_call_whose_process_was_killed_is_never_repeated_by_itself(tmp_path: Path) -> None:
    (tmp_path / "done").mkdir()
    (tmp_path / "not-done").mkdir()
    async with nursery() as parent, asyncio.timeout(2 * PATIENCE):
        await asyncio.gather(
            _what_was_done_is_found_out(parent, tmp_path / "done"),
            _what_was_not_done_is_asked(parent, tmp_path / "not-done"),
        )
