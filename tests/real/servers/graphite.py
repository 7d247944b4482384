"""Graphite: carbon takes samples by its plaintext protocol, graphite-web renders them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.ports import port_for_later
from tests.real.servers import installed
from tests.real.servers.process import Running, server, until

_CARBON = """
[cache]
STORAGE_DIR = {folder}/
LOCAL_DATA_DIR = {folder}/whisper/
LOG_DIR = {folder}/
CONF_DIR = {folder}/
PID_DIR = {folder}/
USER =
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = {lines}
ENABLE_UDP_LISTENER = False
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = {pickles}
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = {queries}
MAX_CREATES_PER_MINUTE = inf
MAX_UPDATES_PER_SECOND = inf
ENABLE_TAGS = False
"""
_SCHEMAS = """
[everything]
pattern = .*
retentions = 1s:1h
"""
_SETTINGS = """
from graphite.settings import *
STORAGE_DIR = {folder!r}
WHISPER_DIR = STANDARD_DIRS_0 = {whisper!r}
STANDARD_DIRS = [WHISPER_DIR]
LOG_DIR = {folder!r}
INDEX_FILE = {index!r}
SECRET_KEY = "lives as long as a test"
ALLOWED_HOSTS = ["*"]
TIME_ZONE = "UTC"
CARBONLINK_HOSTS = ["127.0.0.1:{queries}"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
"""
_SERVE = """
import sys
from wsgiref.simple_server import make_server
from graphite.wsgi import application
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


@dataclass(frozen=True)
class Graphite:
    """Both parts; ``lines`` is the port that takes samples."""

    web: Running
    lines: int
    whisper: Path

    @property
    def url(self) -> str:
        """Where it renders."""
        return self.web.url

    def send(self, path: str, samples: Sequence[tuple[float, float]]) -> None:
        """Samples (seconds since 1970, value) of one metric are there to be rendered."""
        text = "".join(f"{path} {value} {int(at)}\n" for at, value in samples)
        with socket.create_connection(("127.0.0.1", self.lines), timeout=5) as carbon:
            carbon.sendall(text.encode())
        file = self.whisper.joinpath(*path.split(".")).with_suffix(".wsp")
        until(file.exists, within=10, what=f"carbon has written {path}")


@contextlib.contextmanager
def graphite(folder: Path) -> Iterator[Graphite]:
    """An empty Graphite that keeps a sample a second for an hour."""
    carbon, python = installed.program("carbon-cache"), installed.debian_python("graphite")
    whisper = folder / "whisper"
    whisper.mkdir(parents=True, exist_ok=True)
    lines, pickles, queries = port_for_later(), port_for_later(), port_for_later()
    (folder / "carbon.conf").write_text(
        _CARBON.format(folder=folder, lines=lines, pickles=pickles, queries=queries), encoding="utf-8"
    )
    (folder / "storage-schemas.conf").write_text(_SCHEMAS, encoding="utf-8")
    (folder / "evenkeel_graphite.py").write_text(
        _SETTINGS.format(
            folder=str(folder), whisper=str(whisper), queries=queries, index=str(folder / "index"),
            database=str(folder / "graphite.db"),
        ), encoding="utf-8",
    )  # fmt: skip
    (folder / "serve.py").write_text(_SERVE, encoding="utf-8")
    environment = {"DJANGO_SETTINGS_MODULE": "evenkeel_graphite", "PYTHONPATH": str(folder)}

    def taking(_: int) -> Sequence[str | Path]:
        return (carbon, f"--config={folder / 'carbon.conf'}", f"--logdir={folder}", "--nodaemon", "start")

    def rendering(at: int) -> Sequence[str | Path]:
        return (python, folder / "serve.py", str(at))

    with contextlib.ExitStack() as stack:
        stack.enter_context(server("carbon", taking, folder=folder, ready=None, port=lines))
        ready = "/render?target=constantLine(1)&format=json"
        web = server("graphite-web", rendering, folder=folder, ready=ready, environment=environment)
        yield Graphite(stack.enter_context(web), lines, whisper)
