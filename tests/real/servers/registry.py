"""MLflow's model registry, and a client that arranges what is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from tests.real.servers import installed
from tests.real.servers.process import Running, server

API = "/api/2.0/mlflow"


@contextlib.contextmanager
def mlflow(folder: Path, *, port: int = 0) -> Iterator[Running]:
    """A registry in a SQLite file of ``folder``; started again there, it still knows what it knew."""
    python = installed.mlflow()
    folder.mkdir(parents=True, exist_ok=True)

    def command(at: int) -> Sequence[str | Path]:
        return (
            python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(at), "--workers", "1",
            "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}",
            "--default-artifact-root", folder / "artifacts",
        )  # fmt: skip

    quiet = {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http",
        "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
        "MLFLOW_WEBHOOK_CACHE_TTL": "0",  # a registry that asked just before whom to tell would not know of a new one
    }
    with server("mlflow", command, folder=folder, ready="/health", environment=quiet, port=port) as running:
        yield running


def register(url: str, name: str, *, versions: int, tags: dict[str, str] | None = None) -> None:
    """A model with so many versions, 1 first, is registered; each has the tags."""
    with httpx.Client(base_url=url + API, trust_env=False, timeout=20) as client:
        _done(client.post("/registered-models/create", json={"name": name}))
        for number in range(1, versions + 1):
            written = [{"key": key, "value": value} for key, value in (tags or {}).items()]
            body = {"name": name, "source": f"s3://models/{name}/{number}", "tags": written}
            _done(client.post("/model-versions/create", json=body))


def set_alias(url: str, name: str, alias: str, version: str) -> None:
    """Somebody sets an alias in a tool of their own."""
    body = {"name": name, "alias": alias, "version": version}
    with httpx.Client(trust_env=False, timeout=20) as client:
        _done(client.post(f"{url}{API}/registered-models/alias", json=body))


@contextlib.contextmanager
def telling(url: str, to: str, *, secret: str, events: Sequence[str]) -> Iterator[None]:
    """The registry sends ``events`` (``CREATED``) of aliases to the address ``to``, signed, while the block lasts."""
    body = {
        "name": "evenkeel", "url": to, "secret": secret,
        "events": [{"entity": "MODEL_VERSION_ALIAS", "action": action} for action in events],
    }  # fmt: skip
    with httpx.Client(trust_env=False, timeout=20) as client:
        answer = client.post(f"{url}{API}/webhooks", json=body)
        _done(answer)
        try:
            yield
        finally:
            _done(client.delete(f"{url}{API}/webhooks/{answer.json()['webhook']['webhook_id']}"))


def alias(url: str, name: str, which: str) -> str | None:
    """The version that the alias names, None if there is no such alias."""
    with httpx.Client(trust_env=False, timeout=20) as client:
        answer = client.get(f"{url}{API}/registered-models/alias", params={"name": name, "alias": which})
    return str(answer.json()["model_version"]["version"]) if answer.is_success else None


def _done(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text
