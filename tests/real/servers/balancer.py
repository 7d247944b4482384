"""Caddy as a load balancer whose weights its admin API holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests.ports import port_for_later
from tests.real.servers import installed
from tests.real.servers.process import Running, server


@dataclass(frozen=True)
class Caddy:
    """``url`` is its admin API, ``front`` where it takes traffic."""

    running: Running
    front: str

    @property
    def url(self) -> str:
        """The admin API."""
        return self.running.url

    def load(self, config: Mapping[str, Any]) -> None:
        """The whole configuration is another one; the admin API stays where it is."""
        body = {"admin": {"listen": self.url.removeprefix("http://")}, **config}
        answer = httpx.post(f"{self.url}/load", json=body, trust_env=False, timeout=10)
        assert answer.is_success, answer.text

    def change(self, path: str, to: Any) -> None:
        """Somebody replaces a part of the configuration."""
        answer = httpx.patch(f"{self.url}/{path}", json=to, trust_env=False, timeout=10)
        assert answer.is_success, answer.text

    def config(self, path: str = "") -> Any:
        """What its admin API shows at ``/config/...`` or ``/id/...``."""
        return httpx.get(f"{self.url}/{path}", trust_env=False, timeout=10).json()


@contextlib.contextmanager
def caddy(folder: Path) -> Iterator[Caddy]:
    """A Caddy that serves nothing yet and keeps its files below ``folder``."""
    program = installed.program("caddy")
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "caddy.json"

    def command(at: int) -> Sequence[str | Path]:
        config.write_bytes(msgspec.json.encode({"admin": {"listen": f"127.0.0.1:{at}"}}))
        return (program, "run", "--config", config)

    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with server("caddy", command, folder=folder, ready="/config/", environment=home) as running:
        yield Caddy(running, f"http://127.0.0.1:{port_for_later()}")
