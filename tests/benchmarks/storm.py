"""A hundred thousand alerts of one service at once, with the whole program: what Slack, memory and others notice."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import psutil  # type: ignore[import-untyped]

from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from tests.benchmarks.figures import Figure
from tests.benchmarks.sending import TOKEN, Load, Sent, alert, sent
from tests.ports import port_for_later

ALERTS = 100_000
ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
#: an alert of another service comes so many seconds after the storm began
LATER = 5.0
#: calls that only look, or are made before anything has happened
_LOOKING = ("auth.", "users.", "conversations.list", "conversations.info")


class Storm(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds, but for ``memory`` in MB; ``calls`` are those of the first minute, for both services."""

    first: float
    other_answered: float
    other: float
    calls: int
    channels: int
    memory: float
    took: float
    result: Sent


async def measure(alerts: int = ALERTS) -> list[Figure]:
    """One alert a request: nobody is kind in a storm."""
    server = WorkspaceServer()
    server.workspace.channels.create("ml-incidents", creator="U0ANA", members=(server.workspace.app.bot_user,))
    async with running_workspace(server):
        with tempfile.TemporaryDirectory() as folder:
            async with _program(server, Path(folder)) as (process, port):
                seen = await _storm(server, process, port, alerts)
    if seen.result.answers.keys() - {202, 503}:
        raise RuntimeError(f"answered {seen.result.answers}")
    note = f"p99 {seen.result.p99:.0f} ms"
    return [
        Figure(f"storm of {alerts:,} alerts, one a request: its channels", seen.channels - 1, "", 1),
        Figure("  Slack calls in the first minute", seen.calls, "", 30, "with those for the other service"),
        Figure("  its first step is in Slack after", seen.first, "s", 1),
        Figure("  an alert of another service meanwhile: answered after", seen.other_answered, "s", 1),
        Figure("  its first step is in Slack after", seen.other, "s", 1),
        Figure("  more memory than before, at most", seen.memory, "MB", 100),
        Figure("  alerts a second, by the whole program", alerts / seen.took, "/s", note=note),
    ]


async def _storm(server: WorkspaceServer, process: psutil.Process, port: int, alerts: int) -> Storm:
    memory = _Memory(process)
    watching = asyncio.create_task(memory.watch())
    begins = asyncio.Event()
    storm = asyncio.create_task(sent(port, Load(requests=alerts), begins))
    await begins.wait()
    begun = time.perf_counter()
    first = await _first_steps(server, 1) - begun
    await asyncio.sleep(LATER)
    other = time.perf_counter()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as web:
        headers = {"authorization": f"Bearer {TOKEN}"}
        answer = await web.post("/alerts/alertmanager", json={"alerts": [alert(0, "checkout")]}, headers=headers)
        answer.raise_for_status()
    answered = time.perf_counter() - other
    others_first = await _first_steps(server, 2) - other
    result = await storm
    took = time.perf_counter() - begun
    await asyncio.sleep(max(0.0, begun + 60 - time.perf_counter()))
    watching.cancel()
    early = [call for call in server.journal.calls() if begun <= call.began <= begun + 60]
    return Storm(
        first=first, other_answered=answered, other=others_first, took=took, result=result, memory=memory.more,
        calls=sum(not call.method.startswith(_LOOKING) for call in early), channels=len(_incidents(server)),
    )  # fmt: skip


class _Memory:
    """What the process takes more than at first, in MB."""

    def __init__(self, process: psutil.Process) -> None:
        self._process, self._before, self.more = process, process.memory_info().rss, 0.0

    async def watch(self) -> None:
        while True:
            self.more = max(self.more, (self._process.memory_info().rss - self._before) / 1e6)
            await asyncio.sleep(0.2)


def _incidents(server: WorkspaceServer) -> list[str]:
    return [channel.id for channel in server.workspace.channels.all() if channel.name.startswith("inc-")]


async def _first_steps(server: WorkspaceServer, incidents: int) -> float:
    """When that many incidents have a first message in their channel."""
    async with asyncio.timeout(PATIENCE):
        while True:
            told = [one for one in _incidents(server) if server.workspace.messages.all_in(one)]
            if len(told) >= incidents:
                return time.perf_counter()
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def _program(server: WorkspaceServer, folder: Path) -> AsyncIterator[tuple[psutil.Process, int]]:
    """``evenkeel serve`` as a process of its own, ready."""
    port, app = port_for_later(), server.workspace.app
    environment = {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret, "ALERT_TOKEN": TOKEN,
        "SLACK_API_URL": server.api_url, "DATABASE_URL": f"sqlite:///{folder / 'storm.db'}", "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "serve", cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as web:
                while not await _ready(web):  # noqa: ASYNC110 - another process cannot call back
                    await asyncio.sleep(0.05)
            yield psutil.Process(process.pid), port
        finally:
            process.terminate()
            await process.wait()


async def _ready(web: httpx.AsyncClient) -> bool:
    try:
        return (await web.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False
