"""Serving an application on a loopback port inside the running event loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program around it."""
        yield


def free_port(host: str = "127.0.0.1") -> socket.socket:
    """A listening socket on a port that nobody uses."""
    # Named, the protocol gets asyncio's TCP_NODELAY; unnamed, every answer waits 40 ms for Nagle's algorithm.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, 0))
    listener.listen()
    return listener


def address(listener: socket.socket) -> str:
    """``http://127.0.0.1:4711``."""
    host, port = listener.getsockname()
    return f"http://{host}:{port}"


@contextlib.asynccontextmanager
async def served(app: ASGIApp, listener: socket.socket) -> AsyncIterator[str]:
    """``app`` answers at the yielded address while the block lasts."""
    config = uvicorn.Config(
        app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1, log_level="warning"
    )
    server = _Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        await running
        listener.close()
