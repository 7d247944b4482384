"""A theatre on a free port, and what a process holds on to."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from bot.sandbox.demo.theatre import Theatre, theatre
from tests.patience import PATIENCE


class Held(msgspec.Struct, frozen=True):
    """What must not grow: folders of the demo, threads and tasks that work for it, ports that are listened on."""

    folders: int
    threads: int
    tasks: int
    listening: int


def held() -> Held:
    """Now, in this process."""
    names = [thread.name for thread in threading.enumerate()]
    more = re.compile("asyncio_|evenkeel-reader_[1-9]")  # kept for reuse, and begun when they are needed
    return Held(
        folders=len(list(Path(tempfile.gettempdir()).glob("evenkeel-demo-*"))),
        threads=len([name for name in names if not more.match(name)]),
        tasks=len(asyncio.all_tasks()),
        listening=len(_listening()),
    )


def _listening() -> set[str]:
    """The sockets of this process that wait for connections, by inode."""
    waiting = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line}
    found = set()
    for name in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(name.readlink()).removeprefix("socket:[").removesuffix("]"))
    return waiting & found


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the demo writes lies here, and not among what other tests leave."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
async def house() -> AsyncIterator[Theatre]:
    async with theatre("fraud-recall-drop") as house:
        yield house


@pytest.fixture
async def browser(house: Theatre) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=house.url, timeout=PATIENCE, trust_env=False) as client:
        yield client
