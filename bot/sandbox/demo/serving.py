"""Serving an application on a loopback port inside the running event loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import Mistake


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to the program around it."""
        yield


def free_port(host: str = "127.0.0.1") -> socket.socket:
    """A listening socket on a port that nobody uses."""
    return _listening(host, 0)


def take_port(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A listening socket on this port; 0 takes a free one. ``Mistake`` with the cure if it cannot be had."""
    try:
        return _listening(host, port)
    except OSError as error:
        raise Mistake(f"port {port} cannot be used ({error.strerror}); try --port 0 for a free one") from error


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def _listening(host: str, port: int) -> socket.socket:
    # Named, the protocol gets asyncio's TCP_NODELAY; unnamed, every answer waits 40 ms for Nagle's algorithm.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
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
