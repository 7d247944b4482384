"""Connectors in front of a function instead of a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from bot.config.secret import Secret
from bot.config.settings import Connector, ConnectorKind, Operation
from bot.connectors import Connectors

Handler = Callable[[httpx.Request], httpx.Response]


def setting(kind: ConnectorKind = "http", **changes: Any) -> Connector:
    """A connector at an address that nothing listens on."""
    values: dict[str, Any] = {"name": kind, "url": "http://source.test/base", "token": Secret("s3cret"), **changes}
    return Connector(kind=kind, **values)


def connected(handler: Handler, **settings: Connector) -> Connectors:
    """The connectors, every one answered by ``handler``."""
    return Connectors(settings, transport=httpx.MockTransport(handler))


FLAGS = setting(
    "http",
    name="flags",
    operations={
        "get": Operation(method="GET", path="flags/{{ flag }}", query={"environment": "{{ environment }}"}),
        "set": Operation(method="PUT", path="flags/{{ flag }}"),
        "strict": Operation(method="POST", path="set", body={"to": "{{ value }}", "in": ["{{ environment }}"]}),
        "part": Operation(method="GET", path="flags/{{ flag }}", value="body.state.value"),
    },
)
