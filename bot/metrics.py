"""The program's own figures for /metrics, read from its parts when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


class Held(Collector):
    """How many incidents this process works on now."""

    def __init__(self, held: Callable[[], int]) -> None:
        self._held = held

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One gauge."""
        yield GaugeMetricFamily("evenkeel_incidents_held", "Incidents this process works on now", value=self._held())


def registry(held: Callable[[], int]) -> CollectorRegistry:
    """A registry of this process alone, so that several can live in one test."""
    made = CollectorRegistry()
    ProcessCollector(registry=made)
    PlatformCollector(registry=made)
    GCCollector(registry=made)
    made.register(Held(held))
    return made
