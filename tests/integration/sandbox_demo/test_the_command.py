"""``evenkeel demo`` as a process: it ends well at any moment, and walks incidents by itself."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot.sandbox.world import SCENARIOS

COMMAND = (sys.executable, "-m", "bot.cli", "demo", "--no-browser")
ROOT = Path(__file__).parents[3]
#: how long ending may take, in seconds: it takes less than one on a machine that has nothing else to do
SOON = 20.0
PATIENCE = 120.0


@asynccontextmanager
async def demo(folder: Path, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The demo, run in ``folder``, which takes its temporary files, too."""
    (folder / "tmp").mkdir()
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, cwd=folder, env=environment, start_new_session=True,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def opened(process: asyncio.subprocess.Process) -> str:
    """The address that it says to open."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if found := re.search(rb"Open\s+(http\S+)", line):
                return found[1].decode()
    raise AssertionError("it ended before it said an address")


async def interrupted(process: asyncio.subprocess.Process) -> tuple[int | None, bytes, float]:
    """How it ends when somebody presses Ctrl-C, what it then says on standard error, and after how many seconds."""
    assert process.stderr is not None
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everything in the foreground hears it
    async with asyncio.timeout(PATIENCE):
        _, said = await process.communicate()
    return process.returncode, said, time.monotonic() - began


async def put_up(process: asyncio.subprocess.Process, folder: Path) -> None:
    """The first part of the stage stands."""
    async with asyncio.timeout(PATIENCE):
        while not any((folder / "tmp").iterdir()):
            assert process.returncode is None, await process.communicate()
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3])
async def test_while_it_is_put_up_ctrl_c_ends_it_and_leaves_nothing(tmp_path: Path, after: float) -> None:
    async with demo(tmp_path, "--port", "0") as process:
        await put_up(process, tmp_path)
        await asyncio.sleep(after)
        code, said, took = await interrupted(process)
    assert (code, said) == (0, b"")
    assert took < SOON
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("after", [0.0, 0.5, 1.5])
async def test_while_the_incident_opens_ctrl_c_ends_it_and_leaves_nothing(tmp_path: Path, after: float) -> None:
    async with demo(tmp_path, "--port", "0") as process:
        await opened(process)
        await asyncio.sleep(after)
        code, said, took = await interrupted(process)
    assert (code, said) == (0, b"")
    assert took < SOON
    assert list((tmp_path / "tmp").iterdir()) == []


async def test_with_tabs_open_and_time_flying_ctrl_c_ends_it(tmp_path: Path) -> None:
    async with demo(tmp_path, "--port", "0") as process:
        address = await opened(process)
        async with httpx.AsyncClient(base_url=address, timeout=20.0, trust_env=False) as browser:
            page = await browser.get("/?behind=1", follow_redirects=True)
            assert page.status_code == 200
            assert (await browser.post("/behind/rate", data={"rate": "3600"})).status_code == 204
            async with browser.stream("GET", "/events", headers={"accept": "text/event-stream"}) as stream:
                assert stream.status_code == 200
                await asyncio.sleep(0.5)
                code, said, took = await interrupted(process)
    assert (code, said) == (0, b"")
    assert took < SOON


async def test_while_the_autopilot_walks_ctrl_c_ends_it(tmp_path: Path) -> None:
    async with demo(tmp_path, "--autopilot") as process:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while b"opened" not in await process.stdout.readline():
                continue
        code, said, took = await interrupted(process)
    assert (code, said) == (0, b"")
    assert took < SOON
    assert not (tmp_path / "INC-1.md").exists()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_the_autopilot_walks_every_scenario_to_its_postmortem(tmp_path: Path, scenario: str) -> None:
    async with demo(tmp_path, "--autopilot", "--scenario", scenario) as process:
        async with asyncio.timeout(PATIENCE):
            out, said = await process.communicate()
    told = out.decode()
    assert (process.returncode, said) == (0, b""), told
    assert SCENARIOS[scenario].sentence in told
    assert "the watch is over (normal)" in told
    assert re.search(r"Ana Duarte\s+resolved: ", told)
    assert "refused: 0." in told
    written = (tmp_path / "INC-1.md").read_text(encoding="utf-8")
    assert written.startswith("# INC-1")
    assert "## Contributing factors" in written
    assert list((tmp_path / "tmp").iterdir()) == []
