"""The web server of a long-running process: its port is taken first, its end is a clean one.

uvicorn alone leaves a taken port as a line in the log, and hands the signal that ended it to the process again, which
then dies before anything else is closed. Here the port is taken before anything is opened, and the signals are ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from bot.errors import Mistake

#: how long requests that run may still take after the signal, in seconds
GRACE = 2
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def take_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address; nobody is heard yet. Port 0 takes a free one. Raises ``Mistake``."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise Mistake(f"HOST {host} is not an address of this machine: {error.strerror}") from error
    # asyncio switches Nagle's algorithm off only where the protocol is named; without, an answer takes 40 ms.
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(place)
    except OSError as error:
        bound.close()
        raise Mistake(
            f"cannot listen at {host}:{port}: {error.strerror}.\n"
            "Stop what listens there, or set PORT (and HOST) to another; PORT=0 takes a free one."
        ) from error
    return bound


async def answer(app: ASGIApp, bound: socket.socket) -> None:
    """Serves ``app`` at the port until SIGTERM or SIGINT; requests that run get ``GRACE`` seconds more."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE, server_header=False
    )
    server = _Server(config)
    with ended_by_signal(server.end):
        await server.serve(sockets=[bound])


@contextlib.contextmanager
def ended_by_signal(end: Callable[[], None]) -> Iterator[None]:
    """The first SIGTERM or SIGINT calls ``end``; a second one ends the process at once."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        end()

    for number in SIGNALS:
        loop.add_signal_handler(number, heard)
    yield


class _Server(uvicorn.Server):
    def end(self) -> None:
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are ``ended_by_signal``'s."""
        yield
