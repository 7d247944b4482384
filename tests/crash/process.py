"""The real program as a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bot.sandbox.workspace.server import WorkspaceServer
from tests.crash.nursery import Nursery
from tests.patience import PATIENCE

#: between two questions to a process that cannot call back, in seconds
_PAUSE = 0.05
TOKEN = "alerts"


class Process:
    """One ``evenkeel serve``; ``web`` speaks with it."""

    def __init__(self, pid: int, web: httpx.AsyncClient) -> None:
        self.web = web
        self.pid = pid

    async def ready(self) -> None:
        """Returns when it answers that it is ready."""
        await self._until(self._is_ready)

    async def at_rest(self) -> None:
        """Returns when it works on no incident."""
        await self._until(self._is_at_rest)

    async def kill(self) -> None:
        """kill -9: it has no time for anything."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ends as its operator ends it."""
        await self._end(signal.SIGTERM)

    def alive(self) -> bool:
        """Whether it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def _is_ready(self) -> bool:
        assert self.alive(), "the process ended by itself"
        try:
            return (await self.web.get("/readyz")).status_code == 200
        except httpx.TransportError:
            return False

    async def _is_at_rest(self) -> bool:
        return "evenkeel_incidents_held 0.0" in (await self.web.get("/metrics")).text

    async def _end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)

        async def gone() -> bool:
            return not self.alive()

        await self._until(gone)

    async def _until(self, holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 - it is another process that has to come so far
                await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def serve(nursery: Nursery, environment: Mapping[str, str], folder: Path) -> AsyncIterator[Process]:
    """``evenkeel serve`` in ``folder``, starting; it is gone after the block."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    pid = await nursery.start({**inherited, **environment}, folder)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{environment['PORT']}", timeout=PATIENCE, trust_env=False,
        headers={"authorization": f"Bearer {TOKEN}"},
    ) as web:  # fmt: skip
        process = Process(pid, web)
        try:
            yield process
        finally:
            await process.kill()


@dataclass(frozen=True)
class Start:
    """``start()`` starts the program."""

    nursery: Nursery
    environment: dict[str, str]
    folder: Path

    def __call__(self) -> AbstractAsyncContextManager[Process]:
        return serve(self.nursery, self.environment, self.folder)


def lease_runs_out(database_url: str) -> None:
    """On SQLite the only process clears leases at its start; on PostgreSQL half a minute has to go by: it does."""
    if database_url.startswith("postgresql"):
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("UPDATE incidents SET lease_until = lease_until - interval '31 seconds'")


def environment_of(workspace: WorkspaceServer, *, database_url: str, port: int) -> dict[str, str]:
    """What the program needs to know to work in this workspace."""
    app = workspace.workspace.app
    return {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_SIGNING_SECRET": app.signing_secret,
        "SLACK_API_URL": workspace.api_url,
        "DATABASE_URL": database_url,
        "ALERT_TOKEN": TOKEN,
        "PORT": str(port),
        "PUBLIC_URL": "https://evenkeel.example",
    }


async def seen(workspace: WorkspaceServer, look: Callable[[], Any]) -> Any:
    """What ``look`` finds in the workspace, as soon as it is there."""
    with workspace.workspace.subscribe() as changes:
        async with asyncio.timeout(PATIENCE):
            while not (found := look()):
                await changes.get()
            return found
