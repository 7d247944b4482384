"""Children of a process that has everything imported already: the real program, in processes of their own, sooner.

Run as a module it is that process: each line that it reads names an environment and a folder, and it answers with the
id of a child in which ``evenkeel serve`` begins there.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).parent.parent.parent


class Nursery:
    """Starts processes; see ``nursery``."""

    def __init__(self, parent: asyncio.subprocess.Process) -> None:
        self._parent = parent
        self._turn = asyncio.Lock()

    async def start(self, environment: Mapping[str, str], folder: Path) -> int:
        """The id of a process in which ``evenkeel serve`` begins in ``folder``; its output goes to ``log`` there."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        async with self._turn:
            asked = {"environment": dict(environment), "folder": str(folder)}
            self._parent.stdin.write(json.dumps(asked).encode() + b"\n")
            await self._parent.stdin.drain()
            return int(await self._parent.stdout.readline())


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    """The process with everything imported lives as long as the block."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Nursery(parent)
    finally:
        parent.kill()
        await parent.communicate()


def _run(asked: Mapping[str, object]) -> None:
    """In the child: as if it had been started by itself. Does not return."""
    from bot.cli import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.chdir(str(asked["folder"]))
    log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    environment = asked["environment"]
    assert isinstance(environment, dict)
    os.environ.update(environment)
    sys.argv = ["evenkeel", "serve"]
    try:
        main()
    finally:
        os._exit(0)


def _answer(lines: TextIO) -> None:
    import bot.cli
    import bot.serving  # noqa: F401 - what takes the time

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no trace
    for line in lines:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _answer(sys.stdin)
