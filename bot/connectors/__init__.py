"""The sources of evidence and the services that actions call, one file per kind.

``Connectors`` is built from the configuration and hands out a connector by its name there. Every connector keeps
to one host, within a time and a size, and fails with ``SourceUnavailable``: one sentence that names it. Adding a
kind is a file and a line in ``CONNECTORS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

import httpx

from bot.config.settings import Connector
from bot.connectors.changes import Change, Changes, ChangesSince
from bot.connectors.evaluator import Evaluation, Evaluator
from bot.connectors.failures import NotConnected, SourceRefused, SourceUnavailable
from bot.connectors.http import Http, Reading
from bot.connectors.prometheus import Prometheus, Series

__all__ = [
    "CONNECTORS", "Change", "Changes", "ChangesSince", "Connectors", "Evaluation", "Evaluator", "Http",
    "NotConnected", "Prometheus", "Reading", "Series", "SourceRefused", "SourceUnavailable",
]  # fmt: skip

AnyConnector = Prometheus | Http | Evaluator
Kind = TypeVar("Kind", Prometheus, Http, Evaluator)

#: kind in evenkeel.yaml -> what speaks it. ``changes`` is not here: it is our own record and has no address.
CONNECTORS: Mapping[str, Callable[..., AnyConnector]] = MappingProxyType(
    {"prometheus": Prometheus, "http": Http, "evaluator": Evaluator}
)


class Connectors:
    """The configured connectors by name. ``transport`` replaces the network in tests."""

    def __init__(
        self, settings: Mapping[str, Connector], *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._connectors = {
            name: CONNECTORS[one.kind](name, one, transport=transport)
            for name, one in settings.items()
            if one.kind in CONNECTORS
        }

    def prometheus(self, name: str) -> Prometheus:
        """The Prometheus called ``name``; raises NotConnected if there is none."""
        return self._one(name, Prometheus)

    def http(self, name: str) -> Http:
        """The HTTP service called ``name``; raises NotConnected if there is none."""
        return self._one(name, Http)

    def evaluator(self, name: str) -> Evaluator:
        """The evaluator called ``name``; raises NotConnected if there is none."""
        return self._one(name, Evaluator)

    async def close(self) -> None:
        """Close all connections."""
        for connector in self._connectors.values():
            await connector.close()

    def _one(self, name: str, kind: type[Kind]) -> Kind:
        found = self._connectors.get(name)
        if found is None:
            raise NotConnected(f"{name or 'a source'} is not connected: add it under connectors in evenkeel.yaml")
        if not isinstance(found, kind):
            wanted = kind.__name__.lower()
            raise NotConnected(f"{name} is not of the kind {wanted}: check connectors in evenkeel.yaml")
        return found
