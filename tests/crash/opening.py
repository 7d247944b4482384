"""One crash while an incident is opened: the process is killed inside a Slack call, and another one takes over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.workspace.faults import Hold
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.sandbox.workspace.values import User
from tests.crash.nursery import Nursery
from tests.crash.process import Process, Start, environment_of, lease_runs_out, seen
from tests.patience import PATIENCE
from tests.ports import port_for_later
from tests.routes import EVERYTHING_OPENS_YAML
from tests.scenarios.screen import Screen

#: by which the one who takes over looks whether the call of the dead process made something
_LOOKS = {
    "conversations.create": "users.conversations",
    "chat.postMessage": "conversations.history",
    "bookmarks.add": "bookmarks.list",
}
CONFIG = f"responders: [U0ANA, U0BEN]\n{EVERYTHING_OPENS_YAML}"
ALERT = Path(__file__).parent.parent / "fixtures" / "alertmanager" / "1_firing.json"
MESSAGES = ("first", "announcement", "gaps")


@dataclass(frozen=True)
class Crash:
    """The process dies while the ``nth`` call of ``method`` is inside Slack: its work done, or not begun yet."""

    method: str
    nth: int = 1
    after_the_work: bool = False

    def __str__(self) -> str:
        return f"{'after' if self.after_the_work else 'before'} the work of {self.method} ({self.nth})"


async def crashes(crash: Crash, nursery: Nursery, *, database_url: str, folder: Path) -> None:
    """The whole story; raises if anything is lost or there twice."""
    async with _workspace() as workspace:
        port = port_for_later()
        environment = environment_of(workspace, database_url=database_url, port=port)
        (folder / "evenkeel.yaml").write_text(CONFIG, encoding="utf-8")
        start = Start(nursery, environment, folder)
        hold = await _dies(workspace, crash, start)
        lease_runs_out(database_url)
        await _comes_back(workspace, crash, hold, start)


async def _dies(workspace: WorkspaceServer, crash: Crash, start: Start) -> Hold:
    before = [workspace.faults.hold(crash.method) for _ in range(crash.nth - 1)]
    hold = workspace.faults.hold(crash.method, after_the_work=crash.after_the_work)
    async with start() as process:
        await process.ready()
        sending = asyncio.create_task(_alert(process))
        for earlier in before:
            await earlier.reached.wait()
            earlier.release()
        await hold.reached.wait()
        assert await sending == ["INC-1"]
        await process.kill()
    return hold


async def _comes_back(workspace: WorkspaceServer, crash: Crash, hold: Hold, start: Start) -> None:
    looks = None
    if crash.method in _LOOKS and not crash.after_the_work:
        looks = workspace.faults.hold(_LOOKS[crash.method], after_the_work=True)
    else:
        hold.release()
    async with start() as process:
        if looks is not None:
            await looks.reached.wait()  # the heir has looked and found nothing; now the dead process's call goes on
            hold.release()
            looks.release()
        await process.ready()
        await seen(workspace, lambda: _everything_is_there(workspace))
        assert await _alert(process) == ["INC-1"], "the alert is known"
        await process.at_rest()
        assert (await process.web.get("/incidents/INC-1")).status_code == 200
        await process.stop()
    _once(workspace)


async def _alert(process: Process) -> list[str]:
    answer = await process.web.post("/alerts/alertmanager", content=ALERT.read_bytes())
    assert answer.status_code == 202, answer.text
    incidents: list[str] = answer.json()["incidents"]
    return incidents


def _everything_is_there(workspace: WorkspaceServer) -> bool:
    screen = Screen(workspace.workspace)
    channels = screen.channels()
    if not channels:
        return False
    placed = {
        surface for channel in (channels[0], screen.named("ml-incidents")) for surface in screen.surfaces(channel)
    }
    channel = channels[0]
    return bool(
        set(MESSAGES) <= placed
        and channel.pins
        and channel.bookmarks
        and channel.topic
        and "U0BEN" in channel.members
    )


def _once(workspace: WorkspaceServer) -> None:
    screen = Screen(workspace.workspace)
    (channel,) = screen.channels()
    assert {message: len(screen.shown_for(message)) for message in MESSAGES} == dict.fromkeys(MESSAGES, 1)
    assert (len(channel.bookmarks), len(channel.pins)) == (1, 1)
    (first,) = screen.shown_for("first")
    assert channel.pins == (first.ts,)
    refused = {call.error for call in workspace.journal.refused() if not call.lost}
    assert refused <= {"already_pinned", "already_in_channel", "dropped", "name_taken"}


@asynccontextmanager
async def _workspace() -> AsyncIterator[WorkspaceServer]:
    server = WorkspaceServer(patience=PATIENCE)
    for user, name in (("U0ANA", "ana"), ("U0BEN", "ben")):
        server.workspace.directory.add(User(id=user, name=name, real_name=name))
    server.workspace.channels.create("ml-incidents", creator="U0ANA", members=(server.workspace.app.bot_user,))
    async with running_workspace(server):
        yield server
