"""The program's own figures for /metrics, read from its parts when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.service.intake import Figures


class Held(Collector):
    """How many incidents this process works on now."""

    def __init__(self, held: Callable[[], int]) -> None:
        self._held = held

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """One gauge."""
        yield GaugeMetricFamily("evenkeel_incidents_held", "Incidents this process works on now", value=self._held())


class TakenIn(Collector):
    """What monitoring sent to this process, and what waits for its commit."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """Counters since the start of the process, and one gauge."""
        known = self._figures
        yield _counter("evenkeel_intake_requests", "Requests that were stored", "source", known.requests)
        yield _counter("evenkeel_intake_alerts", "Alerts that were stored, repeats too", "source", known.alerts)
        yield _counter("evenkeel_intake_refused", "Requests that were not stored", "reason", known.refused)
        yield CounterMetricFamily("evenkeel_intake_commits", "Commits that stored alerts", value=known.commits)
        yield GaugeMetricFamily("evenkeel_intake_waiting", "Alerts that wait for their commit", value=known.waiting)


def _counter(name: str, text: str, label: str, by: Mapping[str, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in sorted(by.items()):
        family.add_metric([value], count)
    return family


def registry(held: Callable[[], int], figures: Figures | None = None) -> CollectorRegistry:
    """A registry of this process alone, so that several can live in one test."""
    made = CollectorRegistry()
    ProcessCollector(registry=made)
    PlatformCollector(registry=made)
    GCCollector(registry=made)
    made.register(Held(held))
    if figures is not None:
        made.register(TakenIn(figures))
    return made
