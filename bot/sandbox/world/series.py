"""The world's metrics: every name that can be asked for, and its series made from the ledger.

Names are those of the metric contract (``ml_eval_metric`` and so on). Every series carries
``job="synthetic-world"``. A recall over fewer than ``FEWEST`` outcomes is not published, as a careful evaluation
job would do it: such a series ends, and Prometheus calls it stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from bot.sandbox.world.chance import Floats, normal
from bot.sandbox.world.ledger import Ledger
from bot.sandbox.world.promql.vectors import TimeSeries
from bot.sandbox.world.scenarios import ENVIRONMENTS, MINUTE, Scenario

JOB = "synthetic-world"
FEWEST = 100
FEATURES = ("amount", "device_age", "merchant_category")
#: quantile -> how it compares with the mean latency
LATENCY = {"0.5": 0.8, "0.95": 2.1, "0.99": 3.4}


def all_series(scenario: Scenario, seed: int, ledger: Ledger, name: str) -> list[TimeSeries]:
    """The series called ``name``, or none."""
    make = METRICS.get(name)
    if make is None:
        return []
    return [
        TimeSeries({"__name__": name, "job": JOB, "service": scenario.service} | dict(labels), ledger.ends, values)
        for labels, values in make(scenario, seed, ledger)
    ]


def outcomes(scenario: Scenario, ledger: Ledger, version: str) -> tuple[Floats, Floats]:
    """At each of the ledger's ends: how many frauds that ``version`` met have become known within the window, and
    how many of those it caught."""
    known = np.searchsorted(ledger.ends, ledger.ends - scenario.label_delay, side="right") - 1
    begin = ledger.ends - scenario.label_delay - scenario.window
    # in the coarse past a window is at least one slot
    oldest = np.minimum(np.searchsorted(ledger.ends, begin, side="right") - 1, known - 1)
    known, oldest = np.maximum(known, 0), np.maximum(oldest, 0)
    frauds, hits = ledger.totals["frauds", version], ledger.totals["caught", version]
    return frauds[known] - frauds[oldest], hits[known] - hits[oldest]


Made = Iterator[tuple[Mapping[str, str], Floats]]


def _predictions(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del seed
    for environment in ENVIRONMENTS:
        for model in scenario.versions:
            total = ledger.totals[environment, model.version]
            labels = {"version": model.version, "environment": environment}
            yield labels, np.where(total > 0, total, np.nan)


def _requests(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del scenario, seed
    yield {"environment": "production"}, ledger.totals["requests", ""]


def _errors(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del scenario, seed
    yield {"environment": "production"}, ledger.totals["errors", ""]


def _recall(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del seed
    for model in scenario.versions:
        frauds, hits = outcomes(scenario, ledger, model.version)
        value = np.where(frauds >= FEWEST, hits / np.maximum(frauds, 1.0), np.nan)
        yield {"version": model.version, "metric": "recall", "dataset": "live"}, value


def _positives(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del seed
    for model in scenario.versions:
        frauds, _ = outcomes(scenario, ledger, model.version)
        yield {"version": model.version}, np.where(frauds > 0, frauds, np.nan)


def _label_age(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del seed
    yield {}, np.full(len(ledger.ends), scenario.label_delay)


def _latency(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    keys = ledger.ends.astype(np.int64)
    for quantile, factor in LATENCY.items():
        wobble = 1.0 + 0.03 * np.clip(normal(seed, f"latency {quantile}", keys), -3.0, 3.0)
        labels = {"environment": "production", "quantile": quantile}
        yield labels, np.round(scenario.latency_seconds * factor * wobble, 6)


def _drift(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del scenario
    yield from _by_feature(seed, ledger, "psi", level=0.04, spread=0.006)


def _missing(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del scenario
    yield from _by_feature(seed, ledger, "missing", level=0.002, spread=0.0004)


def _pipeline(scenario: Scenario, seed: int, ledger: Ledger) -> Made:
    del scenario, seed
    yield {"dataset": "features"}, np.floor(ledger.ends / (5 * MINUTE)) * 5 * MINUTE


def _by_feature(seed: int, ledger: Ledger, what: str, *, level: float, spread: float) -> Made:
    """Computed every five minutes by a job of its own, so it changes in steps."""
    runs = (ledger.ends // (5 * MINUTE)).astype(np.int64)
    for feature in FEATURES:
        noise = np.clip(normal(seed, f"{what} {feature}", runs), -3.0, 3.0)
        yield {"feature": feature}, np.round(level + spread * noise, 6)


METRICS: Mapping[str, Callable[[Scenario, int, Ledger], Made]] = {
    "ml_predictions_total": _predictions,
    "ml_eval_metric": _recall,
    "ml_eval_positives": _positives,
    "ml_label_age_seconds": _label_age,
    "ml_feature_psi": _drift,
    "ml_feature_missing_ratio": _missing,
    "ml_pipeline_last_success_timestamp_seconds": _pipeline,
    "http_requests_total": _requests,
    "http_errors_total": _errors,
    "http_request_duration_seconds": _latency,
}
