"""The real process: how soon it answers, and what it takes while nothing happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

from bot.sandbox.demo.serving import free_port
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from tests.benchmarks.figures import Figure

STARTS = 3
IDLE_SECONDS = 15.0
COMMAND = (sys.executable, "-c", "from bot.cli import main; main()", "serve")
MIB = 1024 * 1024


async def measure() -> list[Figure]:
    """The first start makes the database; the others find it."""
    async with running_workspace() as server:
        with tempfile.TemporaryDirectory() as folder:
            async with _serving(server, Path(folder)) as (_, first):
                pass
            starts, busy = [], []
            for _ in range(STARTS):
                async with _serving(server, Path(folder)) as (process, seconds):
                    starts.append(seconds)
                    busy.append(_cpu_seconds(psutil.Process(process.pid)))
            async with _serving(server, Path(folder)) as (process, _):
                await asyncio.sleep(2.0)
                rss, cpu = await _idle(psutil.Process(process.pid))
    return [
        Figure("start to /healthz, p50", statistics.median(starts), "s", 2),
        Figure("start to /healthz, with an empty database", first, "s", 2),
        Figure("  CPU of a start, p50", statistics.median(busy), "s", note="much less than above: others were busy"),
        Figure("idle: memory, children counted", rss, "MiB", 150),
        Figure("idle: CPU, children counted", cpu, "%", 1, f"of one core, over {IDLE_SECONDS:g} s"),
    ]


@contextlib.asynccontextmanager
async def _serving(server: WorkspaceServer, folder: Path) -> AsyncIterator[tuple[subprocess.Popen[bytes], float]]:
    """The process while it runs, and the seconds from its start to its first answer."""
    with free_port() as taken:
        port = taken.getsockname()[1]
    app = server.workspace.app
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret, "ALERT_TOKEN": "bench",
        "SLACK_API_URL": server.api_url, "PORT": str(port),
    }  # fmt: skip
    begun = time.perf_counter()
    process = await asyncio.to_thread(
        subprocess.Popen, COMMAND, cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as web:
            while not await _answers(web):  # noqa: ASYNC110 - another process has no event for us
                await asyncio.sleep(0.01)
        yield process, time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 10)


async def _answers(web: httpx.AsyncClient) -> bool:
    try:
        return (await web.get("/healthz")).status_code == 200
    except httpx.TransportError:
        return False


async def _idle(process: psutil.Process) -> tuple[float, float]:
    """MiB of memory, and per cent of one core over a while."""
    before = _cpu_seconds(process)
    await asyncio.sleep(IDLE_SECONDS)
    used = _cpu_seconds(process) - before
    rss = sum(one.memory_info().rss for one in _family(process))
    return rss / MIB, used / IDLE_SECONDS * 100


def _cpu_seconds(process: psutil.Process) -> float:
    times = [one.cpu_times() for one in _family(process)]
    return float(sum(one.user + one.system for one in times))


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
