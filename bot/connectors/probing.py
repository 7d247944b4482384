"""Whether a connector would work: one harmless question to each, for ``evenkeel doctor``.

The question goes the way of every other one, so that a wrong token, a private address and an answer in another
format are found here and not at three in the morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from bot.connectors.client import JsonClient
from bot.connectors.failures import SourceRefused, SourceUnavailable

#: kind -> what every source of that kind answers with JSON.
QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "prometheus": "api/v1/query?query=1",
        "graphite": "render?target=constantLine(1)&format=json",
        "mlflow": "api/2.0/mlflow/registered-models/search?max_results=1",
        "unleash": "api/admin/projects",
        "caddy": "config/",
        "github": "rate_limit",
        "alertmanager": "api/v2/status",
        "grafana": "api/annotations?limit=1",
    }
)


class Probe(NamedTuple):
    """What a connector said: whether it works, and a sentence without its name."""

    ok: bool
    text: str


class Probed(Protocol):
    """A connector that can be asked."""

    client: JsonClient


async def probe(kind: str, connector: Probed) -> Probe:
    """Ask the connector. Nothing is raised: what goes wrong is the answer."""
    name, cure = connector.client.name, "check its url in evenkeel.yaml"
    problem = getattr(connector, "problem", lambda: None)()
    if problem is not None:
        return Probe(False, problem)
    if getattr(connector, "folder", ""):
        return Probe(True, "its folder can be read")
    try:
        if kind in QUESTIONS:
            await connector.client.get(QUESTIONS[kind])
            return Probe(True, f"answers as {kind} does")
        status = await connector.client.status("")
    except SourceUnavailable as error:
        said = str(error).removeprefix(f"{name} ")
        told = "evenkeel.yaml" in said or (isinstance(error, SourceRefused) and error.status not in (None, 404))
        return Probe(False, said if told else f"{said}: {cure}")
    return Probe(status < 500, f"answers with {status}")
