"""Unleash on PostgreSQL, and a client that arranges its flags."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg

from tests.real.servers import installed
from tests.real.servers.process import Running, server

#: opens nothing but a server that lives as long as a test
ADMIN = "*:*.evenkeel-tests-admin"
#: environment -> what a service may read its flags with
CLIENTS = {one: f"default:{one}.evenkeel-tests-client" for one in ("production", "development")}
FEATURES = "/api/admin/projects/default/features"


@contextlib.contextmanager
def unleash(folder: Path, *, postgres: str, port: int = 0, database: str = "") -> Iterator[Running]:
    """Unleash with an empty database of its own (or ``database``, if it ran before) in that PostgreSQL."""
    script = installed.unleash()
    if not database:
        database = f"unleash_{uuid.uuid4().hex}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database}")
    address = urlsplit(postgres)
    environment = {
        "DATABASE_HOST": parse_qs(address.query).get("host", [address.hostname or "127.0.0.1"])[0],
        "DATABASE_NAME": database, "DATABASE_USERNAME": address.username or "postgres",
        "DATABASE_PASSWORD": address.password or "", "DATABASE_SSL": "false", "HTTP_HOST": "127.0.0.1",
        "INIT_ADMIN_API_TOKENS": ADMIN,
        "INIT_CLIENT_API_TOKENS": ",".join(CLIENTS.values()),
        "CHECK_VERSION": "false", "SEND_TELEMETRY": "false", "LOG_LEVEL": "warn",
        "CLIENT_FEATURE_CACHING_ENABLED": "false",
    }  # fmt: skip

    def command(at: int) -> Sequence[str | Path]:
        return ("env", f"HTTP_PORT={at}", "node", script)

    with server("unleash", command, folder=folder, ready="/health", environment=environment, port=port) as running:
        yield running


class Flags:
    """What somebody does in Unleash's own pages."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"authorization": ADMIN}, trust_env=False, timeout=20)

    def close(self) -> None:
        """Lets go of the connection."""
        self._client.close()

    def create(self, name: str) -> None:
        """There is a release flag of that name, off everywhere, without a strategy."""
        self._done(self._client.post(FEATURES, json={"name": name, "type": "release"}))

    def roll_out(self, name: str, percent: int, *, environment: str) -> None:
        """A gradual rollout is added in the environment."""
        self._add(name, percent, environment=environment, constraints=[])

    def target(self, name: str, field: str, values: list[str], *, environment: str) -> None:
        """A strategy is added for everybody whose ``field`` is one of the values."""
        rule = {"contextName": field, "operator": "IN", "values": values}
        self._add(name, 100, environment=environment, constraints=[rule])

    def _add(self, name: str, percent: int, *, environment: str, constraints: list[dict[str, Any]]) -> None:
        parameters = {"rollout": str(percent), "stickiness": "default", "groupId": name}
        body = {"name": "flexibleRollout", "parameters": parameters, "constraints": constraints, "segments": []}
        self._done(self._client.post(f"{FEATURES}/{name}/environments/{environment}/strategies", json=body))

    def switch(self, name: str, *, on: bool, environment: str) -> None:
        """The flag is on, or off, in the environment."""
        way = "on" if on else "off"
        self._done(self._client.post(f"{FEATURES}/{name}/environments/{environment}/{way}"))

    def state(self, name: str, *, environment: str) -> dict[str, Any]:
        """The flag as Unleash shows it for the environment: ``enabled``, ``strategies``."""
        answer = self._done(self._client.get(f"{FEATURES}/{name}/environments/{environment}"))
        found: dict[str, Any] = answer.json()
        return found

    def _done(self, answer: httpx.Response) -> httpx.Response:
        assert answer.is_success, answer.text
        return answer
