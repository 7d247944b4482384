"""The world on a loopback port, as the demo serves it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.sandbox.world import World, world_app
from tests.unit.sandbox.world.worlds import Clock, new_world


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The address of ``app`` on a free port."""
    # listening before the server starts: whoever connects early waits instead of being refused
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, ws="none", lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass(frozen=True)
class Served:
    """A world, its clock, its address, and a client for it."""

    world: World
    clock: Clock
    address: str
    client: httpx.AsyncClient


@pytest.fixture
def scenario() -> str:
    """What is served; a test may ask for another one."""
    return "fraud-recall-drop"


@pytest.fixture
async def served(scenario: str) -> AsyncIterator[Served]:
    """A scenario, just begun, over HTTP."""
    world, clock = new_world(scenario)
    async with serving(world_app(world)) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        yield Served(world, clock, address, client)
