"""The world's metrics: every name that can be asked for, and its series made from the ledger.

Names are those of the metric contract (``ml_eval_metric`` and so on). Every series carries
``job="synthetic-world"``. A recall over fewer than ``FEWEST`` outcomes is not published, as a careful evaluation
job would do it: such a series ends, and Prometheus calls it stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from bot.sandbox.world.chance import Floats, normal
from bot.sandbox.world.flags import WorldState
from bot.sandbox.world.ledger import Ledger
from bot.sandbox.world.promql.vectors import TimeSeries
from bot.sandbox.world.scenarios import ENVIRONMENTS, MINUTE, Scenario
from bot.sandbox.world.trouble import blended

JOB = "synthetic-world"
FEWEST = 100
FEATURES = ("amount", "device_age", "merchant_category")
#: quantile -> how it compares with the mean latency
LATENCY = {"0.5": 0.8, "0.95": 2.1, "0.99": 3.4}
#: what a prediction waits for, and how long it usually takes there, in seconds by quantile
UPSTREAMS: Mapping[str, Mapping[str, float]] = {
    "feature-store": {"0.5": 0.004, "0.95": 0.011, "0.99": 0.020},
    "card-directory": {"0.5": 0.006, "0.95": 0.014, "0.99": 0.025},
}


def all_series(state: WorldState, ledger: Ledger, name: str) -> list[TimeSeries]:
    """The series called ``name``, or none."""
    make = METRICS.get(name)
    if make is None:
        return []
    return [
        TimeSeries(
            {"__name__": name, "job": JOB, "service": state.scenario.service} | dict(labels), ledger.ends, values
        )
        for labels, values in make(state, ledger)
    ]


def outcomes(scenario: Scenario, ledger: Ledger, version: str) -> tuple[Floats, Floats]:
    """At each of the ledger's ends: how many frauds that ``version`` met have become known within the window, and
    how many of those it caught."""
    oldest, known = ledger.known_within(delay=scenario.label_delay, window=scenario.window)
    frauds, hits = ledger.totals["frauds", version], ledger.totals["caught", version]
    return frauds[known] - frauds[oldest], hits[known] - hits[oldest]


#: for each series: its own labels, and its value at each of the ledger's ends (NaN: not there)
Made = Iterator[tuple[Mapping[str, str], Floats]]


def _predictions(state: WorldState, ledger: Ledger) -> Made:
    for environment in ENVIRONMENTS:
        for model in state.scenario.versions:
            total = ledger.totals[environment, model.version]
            labels = {"version": model.version, "environment": environment}
            yield labels, np.where(total > 0, total, np.nan)


def _requests(state: WorldState, ledger: Ledger) -> Made:
    del state
    yield {"environment": "production"}, ledger.totals["requests", ""]


def _errors(state: WorldState, ledger: Ledger) -> Made:
    del state
    yield {"environment": "production"}, ledger.totals["errors", ""]


def _recall(state: WorldState, ledger: Ledger) -> Made:
    for model in state.scenario.versions:
        frauds, hits = outcomes(state.scenario, ledger, model.version)
        value = np.where(frauds >= FEWEST, hits / np.maximum(frauds, 1.0), np.nan)
        yield {"version": model.version, "metric": "recall", "dataset": "live"}, value


def _positives(state: WorldState, ledger: Ledger) -> Made:
    for model in state.scenario.versions:
        frauds, _ = outcomes(state.scenario, ledger, model.version)
        yield {"version": model.version}, np.where(frauds > 0, frauds, np.nan)


def _label_age(state: WorldState, ledger: Ledger) -> Made:
    yield {}, np.full(len(ledger.ends), state.scenario.label_delay)


def _latency(state: WorldState, ledger: Ledger) -> Made:
    trouble = state.scenario.trouble
    for quantile, factor in LATENCY.items():
        troubled = trouble.latency.get(quantile) if trouble else None
        level = blended(state, ledger.ends, usual=state.scenario.latency_seconds * factor, troubled=troubled)
        labels = {"environment": "production", "quantile": quantile}
        yield labels, np.round(level * _wobble(state, ledger, f"latency {quantile}"), 6)


def _upstream_latency(state: WorldState, ledger: Ledger) -> Made:
    trouble = state.scenario.trouble
    for upstream, usual in UPSTREAMS.items():
        slow = trouble.upstream_latency if trouble and trouble.upstream == upstream else {}
        for quantile, seconds in usual.items():
            level = blended(state, ledger.ends, usual=seconds, troubled=slow.get(quantile))
            labels = {"environment": "production", "upstream": upstream, "quantile": quantile}
            yield labels, np.round(level * _wobble(state, ledger, f"{upstream} {quantile}"), 6)


def _wobble(state: WorldState, ledger: Ledger, purpose: str) -> Floats:
    noise = np.clip(normal(state.seed, purpose, ledger.ends.astype(np.int64)), -3.0, 3.0)
    result: Floats = 1.0 + 0.03 * noise
    return result


def _drift(state: WorldState, ledger: Ledger) -> Made:
    shifted = state.scenario.trouble.shift if state.scenario.trouble else {}
    yield from _by_feature(state, ledger, "psi", level=0.04, spread=0.006, troubled=shifted)


def _missing(state: WorldState, ledger: Ledger) -> Made:
    missing = state.scenario.trouble.missing if state.scenario.trouble else {}
    yield from _by_feature(state, ledger, "missing", level=0.002, spread=0.0004, troubled=missing)


def _pipeline(state: WorldState, ledger: Ledger) -> Made:
    del state
    yield {"dataset": "features"}, np.floor(ledger.ends / (5 * MINUTE)) * 5 * MINUTE


def _by_feature(
    state: WorldState, ledger: Ledger, what: str, *, level: float, spread: float, troubled: Mapping[str, float]
) -> Made:
    """Computed every minute by a job of its own, so it changes in steps."""
    runs = np.floor(ledger.ends / MINUTE)
    for feature in FEATURES:
        noise = np.clip(normal(state.seed, f"{what} {feature}", runs.astype(np.int64)), -3.0, 3.0)
        values = blended(state, runs * MINUTE, usual=level, troubled=troubled.get(feature))
        yield {"feature": feature}, np.round(values + spread * noise, 6)


METRICS: Mapping[str, Callable[[WorldState, Ledger], Made]] = {
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
    "upstream_request_duration_seconds": _upstream_latency,
}
