"""A stage whose people are noted, and what becomes of the notes."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SteppedClock
from bot.sandbox.story import RecordedPeople, saved
from tests.scenarios.stage import Stage, new_workspace, staged

ROOT = Path(__file__).parents[3]
#: not a full second: clocks of real sandboxes are not either
STARTED = datetime(2026, 11, 21, 10, 35, 19, 271_828, tzinfo=UTC)

#: ``await plays(text)`` saves it as a file and runs that
Plays = Callable[[str], Awaitable[Path]]


@contextlib.asynccontextmanager
async def noted(sqlite_url: str, scenario: str) -> AsyncIterator[Stage]:
    """The sandbox as it begins, with people whose acts are noted."""
    clock = SteppedClock(STARTED)
    server = new_workspace(clock, people=RecordedPeople)
    async with staged(sqlite_url, clock, server=server, scenario=scenario) as stage:
        await stage.begins()
        yield stage


async def text_of(stage: Stage) -> str:
    """The story so far."""
    people = stage.server.people
    assert isinstance(people, RecordedPeople)
    return await saved(people.notes, service=stage.bot.service, world=stage.world)


@pytest.fixture
def plays(tmp_path: Path) -> Plays:
    """The file is run by pytest in a process of its own; ruff finds nothing to say about it."""

    async def plays(text: str) -> Path:
        file = tmp_path / "test_saved_story.py"
        await asyncio.to_thread(file.write_text, text, encoding="utf-8")
        for tool in (("check",), ("format", "--check")):
            await run("ruff", *tool, "--stdin-filename", "tests/scenarios/test_saved_story.py", "-", stdin=text)
        said = await run(
            "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(ROOT),
            "-c", str(ROOT / "pyproject.toml"), str(file),
        )  # fmt: skip
        assert "1 passed" in said
        return file

    return plays


async def run(*command: str, stdin: str = "") -> str:
    """What the tool said; it has to be content."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=ROOT, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await process.communicate(stdin.encode()))[0].decode()
    assert process.returncode == 0, f"{' '.join(command)}:\n{said}\n{stdin}"
    return said
