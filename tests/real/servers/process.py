"""One server as a process of its own: started, asked until it answers, stopped; what it said stays in a file."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.ports import port_for_later

#: what starts a server that listens on the port
Command = Callable[[int], Sequence[str | Path]]
#: a server ends with the process that started it, even where that was killed
WITH_US = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()
#: seconds between two looks at what is not there yet
PAUSE = 0.05
#: ports that somebody else took between our look and the server's start are given up for others, so often
_TRIES = 3


@dataclass
class Running:
    """A server that answers at ``url``; ``log`` is the file with everything that it said."""

    name: str
    url: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """Where it listens: another one may be started there after it."""
        return httpx.URL(self.url).port or 80

    def kill(self) -> None:
        """It is gone, at once, with all its children."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """It has ended properly, or is gone after 5 seconds."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def said(self, lines: int = 40) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

    def _signal(self, what: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, what)


#: every server that runs now: a failing test shows what they said
RUNNING: list[Running] = []


def until(true: Callable[[], bool], *, within: float, what: str) -> None:
    """Returns once ``true()``; fails, saying that it is not so that ``what``, after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {within:g} s it is not so that {what}")
        time.sleep(PAUSE)


@contextlib.contextmanager
def server(
    name: str,
    command: Command,
    *,
    folder: Path,
    ready: str | None,
    environment: Mapping[str, str] | None = None,
    within: float = 60.0,
    port: int = 0,
) -> Iterator[Running]:
    """The server that ``command(port)`` starts answers 2xx at the path ``ready`` while the block lasts.

    With ``ready`` None it speaks no HTTP: it takes connections.
    """
    running = _started(name, command, folder=folder, environment=environment, port=port)
    for _ in range(_TRIES):
        if _answers(running, ready, within):
            break
        running.stop()
        running = _started(name, command, folder=folder, environment=environment, port=port)
    else:
        running.stop()
        raise AssertionError(f"{name} does not start:\n{running.said()}")
    RUNNING.append(running)
    try:
        yield running
    finally:
        RUNNING.remove(running)
        running.stop()


def _started(
    name: str, command: Command, *, folder: Path, environment: Mapping[str, str] | None, port: int
) -> Running:
    folder.mkdir(parents=True, exist_ok=True)
    port = port or port_for_later()
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*WITH_US, *(str(part) for part in command(port))], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True, env={**os.environ, **(environment or {})},
        )  # fmt: skip
    return Running(name, f"http://127.0.0.1:{port}", log, process)


def _answers(running: Running, ready: str | None, within: float) -> bool:
    """Whether it answers in time; False as soon as its process has ended."""
    deadline = time.monotonic() + within
    with httpx.Client(base_url=running.url, trust_env=False, timeout=2) as client:
        while time.monotonic() < deadline and running.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError, OSError):
                if ready is None:
                    socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=1).close()
                    return True
                if client.get(ready).is_success:
                    return True
            time.sleep(PAUSE)
    return False
