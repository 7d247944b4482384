"""Alertmanager beside it, where it is installed: what a program takes that keeps alerts in memory alone."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

from tests.benchmarks.figures import Figure
from tests.benchmarks.sending import Load, sent
from tests.ports import port_for_later

NAMES = ("alertmanager", "prometheus-alertmanager")
PATIENCE = 15.0
#: Alertmanager 0.25 on another machine; kill -9 lost all of them
ELSEWHERE = 29_800.0
CONFIGURATION = "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n"


async def measure() -> list[Figure]:
    """New alerts one a request, in this run; a constant where there is no Alertmanager."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        return [Figure("  Alertmanager, one alert a request", ELSEWHERE, "/s", note="a constant, measured elsewhere")]
    with tempfile.TemporaryDirectory() as folder:
        async with _running(program, Path(folder)) as (port, process):
            load = Load(path="/api/v2/alerts", requests=6000, bare=True)
            result = await sent(port, load)
            memory = process.memory_info().rss / 1e6
    note = f"p99 {result.p99:.0f} ms; in memory alone ({memory:.0f} MB), gone with kill -9"
    return [Figure("  Alertmanager, one alert a request", result.rate, "/s", note=note)]


@contextlib.asynccontextmanager
async def _running(program: str, folder: Path) -> AsyncIterator[tuple[int, psutil.Process]]:
    port = port_for_later()
    (folder / "alertmanager.yml").write_text(CONFIGURATION, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        program, f"--config.file={folder / 'alertmanager.yml'}", f"--storage.path={folder / 'kept'}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error",
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as web:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await web.get("/-/ready")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()
