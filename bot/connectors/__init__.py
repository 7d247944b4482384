"""The sources of evidence and the services that actions call, one file per kind.

``Connectors`` is built from the configuration and hands out a connector by its name there. Every connector keeps
to one host, within a time and a size, and fails with ``SourceUnavailable``: one sentence that names it. Adding a
kind is a file and a line in ``CONNECTORS``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar

import httpx

from bot.config.settings import Connector
from bot.connectors.actor import Actor, Reading
from bot.connectors.alertmanager import Alertmanager
from bot.connectors.caddy import Caddy
from bot.connectors.changes import AllChanges, Change, Changes, ChangeSource, ChangesSince, Known
from bot.connectors.client import JsonClient
from bot.connectors.evaluator import Evaluation, Evaluator
from bot.connectors.failures import NotConnected, SourceRefused, SourceUnavailable
from bot.connectors.github import GitHub
from bot.connectors.grafana import Grafana
from bot.connectors.graphite import Graphite
from bot.connectors.http import Http
from bot.connectors.mlflow import Mlflow
from bot.connectors.opsgenie import Opsgenie
from bot.connectors.pager import HttpPager, Page, Pager, Schedules
from bot.connectors.pagerduty import PagerDuty
from bot.connectors.probing import Probe, probe
from bot.connectors.prometheus import Prometheus, Series, SeriesSource
from bot.connectors.registry import RegisteredVersion, Registry
from bot.connectors.unleash import Unleash

__all__ = [
    "CONNECTORS", "Actor", "Alertmanager", "AllChanges", "Caddy", "Change", "ChangeSource", "Changes",
    "ChangesSince", "Connectors", "Evaluation", "Evaluator", "GitHub", "Grafana", "Graphite", "Http", "Known",
    "Mlflow", "NotConnected", "Opsgenie", "Page", "Pager", "PagerDuty", "Prometheus", "Reading",
    "RegisteredVersion", "Registry", "Schedules", "Series", "SeriesSource", "SourceRefused",
    "SourceUnavailable", "Unleash",
]  # fmt: skip


class AnyConnector(Protocol):
    """What all of them have in common."""

    client: JsonClient

    async def close(self) -> None:
        """Close the connections."""


Kind = TypeVar("Kind", bound=AnyConnector)

#: kind in evenkeel.yaml -> what speaks it. ``changes`` is not here: it is our own record and has no address.
CONNECTORS: Mapping[str, Callable[..., AnyConnector]] = MappingProxyType(
    {
        "prometheus": Prometheus,
        "graphite": Graphite,
        "http": Http,
        "evaluator": Evaluator,
        "mlflow": Mlflow,
        "unleash": Unleash,
        "caddy": Caddy,
        "github": GitHub,
        "pagerduty": PagerDuty,
        "opsgenie": Opsgenie,
        "alertmanager": Alertmanager,
        "grafana": Grafana,
    }
)
#: The kinds that answer ``instant`` and ``range``.
SERIES = (Prometheus, Graphite)


class Connectors:
    """The configured connectors by name. ``transport`` replaces the network in tests."""

    def __init__(
        self, settings: Mapping[str, Connector], *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._kinds = {name: one.kind for name, one in settings.items()}
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

    def series_source(self, name: str) -> SeriesSource:
        """Whatever is called ``name`` and answers series; raises NotConnected if nothing does."""
        found = self._found(name)
        if not isinstance(found, SERIES):
            raise NotConnected(f"{name} answers no series: check connectors in evenkeel.yaml")
        return found

    def actor(self, name: str) -> Actor:
        """Whatever is called ``name`` and has operations; raises NotConnected if nothing does."""
        found = self._found(name)
        if not isinstance(found, Actor):
            raise NotConnected(f"{name} has no operations: check connectors in evenkeel.yaml")
        return found

    def registry(self, name: str) -> Registry:
        """Whatever is called ``name`` and lists versions; raises NotConnected if nothing does."""
        found = self._found(name)
        if not isinstance(found, Registry):
            raise NotConnected(f"{name} lists no versions: check connectors in evenkeel.yaml")
        return found

    def alertmanager(self, name: str) -> Alertmanager:
        """The Alertmanager called ``name``; raises NotConnected if there is none."""
        return self._one(name, Alertmanager)

    def grafana(self, name: str) -> Grafana:
        """The Grafana called ``name``; raises NotConnected if there is none."""
        return self._one(name, Grafana)

    def pagerduty(self, name: str) -> PagerDuty:
        """The PagerDuty called ``name``; raises NotConnected if there is none."""
        return self._one(name, PagerDuty)

    def pager(self, name: str) -> Pager:
        """What rings: a connector, or ``connector.operation`` of an HTTP service. Raises NotConnected."""
        connector, _, operation = name.partition(".")
        if operation:
            http = self.http(connector)
            http.check(operation)
            return HttpPager(http, operation)
        found = self._found(connector)
        if not isinstance(found, Pager):
            raise NotConnected(f"{name} is no pager: check connectors in evenkeel.yaml")
        return found

    def schedules(self, name: str) -> Schedules:
        """Whatever is called ``name`` and knows who is on call; raises NotConnected if nothing does."""
        found = self._found(name)
        if not isinstance(found, Schedules):
            raise NotConnected(f"{name} knows no schedules: check connectors in evenkeel.yaml")
        return found

    def change_sources(self, service: str) -> list[ChangeSource]:
        """All that keep a record of the service's changes besides our own."""
        found = [one for one in self._connectors.values() if isinstance(one, ChangeSource)]
        return [one for one in found if service in one.services]

    async def probe(self) -> dict[str, Probe]:
        """What each connector answers to a harmless question, by name, all asked at once."""
        names = list(self._connectors)
        found = await asyncio.gather(*(probe(self._kinds[name], self._connectors[name]) for name in names))
        return dict(zip(names, found, strict=True))

    async def close(self) -> None:
        """Close all connections."""
        for connector in self._connectors.values():
            await connector.close()

    def _found(self, name: str) -> AnyConnector:
        found = self._connectors.get(name)
        if found is None:
            raise NotConnected(f"{name or 'a source'} is not connected: add it under connectors in evenkeel.yaml")
        return found

    def _one(self, name: str, kind: type[Kind]) -> Kind:
        found = self._found(name)
        if not isinstance(found, kind):
            wanted = kind.__name__.lower()
            raise NotConnected(f"{name} is not of the kind {wanted}: check connectors in evenkeel.yaml")
        return found
