"""What drifted, in a report of Evidently without tests: by what it says itself, or by the threshold of its method.

A report of 0.7 brings values, methods and some thresholds; one of earlier versions says of each column whether it
drifted. Which methods give a p-value, small where there is drift, and which threshold they have unless said, is as in
https://docs.evidentlyai.com/metrics/customize_data_drift; any other method gives a distance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_SHARE = "Share of drifted columns"
#: methods whose value is a p-value, by the name that one writes and by the one that a report shows: their thresholds
_P_VALUES = {
    "ks": 0.05, "k-s p_value": 0.05, "chisquare": 0.05, "chi-square p_value": 0.05, "z": 0.05, "z-test p_value": 0.05,
    "es": 0.05, "epps-singleton": 0.05, "mannw": 0.05, "mann-whitney u-rank test": 0.05, "t_test": 0.05,
    "fisher_exact": 0.1, "fisher's exact test": 0.1, "anderson": 0.1, "anderson-darling": 0.1,
    "cramer_von_mises": 0.1, "cramer-von mises": 0.1, "g_test": 0.1, "empirical_mmd": 0.1, "tvd": 0.1,
    "total-variation-distance": 0.1,
}  # fmt: skip
#: methods whose value is a distance, large where there is drift
_DISTANCES = {
    "wasserstein": 0.1, "wasserstein distance (normed)": 0.1, "psi": 0.1, "kl_div": 0.1,
    "kullback-leibler divergence": 0.1, "jensenshannon": 0.1, "jensen-shannon distance": 0.1, "hellinger": 0.1,
    "hellinger distance": 0.1, "ed": 0.1, "energy-distance": 0.1,
}  # fmt: skip


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. ``key`` names it from run to run."""

    key: tuple[str, ...]
    name: str
    found: bool
    summary: str
    labels: Mapping[str, Any]


def measured(metrics: list[Any]) -> Iterator[Result]:
    """The columns that drifted or did not, and how many did, each once. What says neither is left out."""
    seen: set[tuple[str, ...]] = set()
    for metric in metrics:
        for result in _earlier(metric) if inner(metric, "result") else _of_today(metric):
            if result.key not in seen:  # a preset and a metric of its own tell the same
                seen.add(result.key)
                yield result


def _of_today(metric: Any) -> Iterator[Result]:
    """A metric of 0.7: its kind and its parameters under ``config``."""
    config, value = inner(metric, "config"), metric.get("value") if isinstance(metric, dict) else None
    said = of_metric(config)
    key = tuple(str(config.get(part, "")) for part in ("type", "column", "method"))
    if said.get("metric") == "DriftedColumnsCount" and isinstance(value, dict):
        share, most = number(value.get("share")), number(config.get("drift_share"))
        if share is not None and most is not None:
            summary = f"{_SHARE}: {share:.3g}, of {most:g}"
            yield Result(key=key, name=_SHARE, found=share >= most, summary=summary, labels=said)
    elif said.get("metric") == "ValueDrift" and (score := number(value)) is not None:
        column, method = text(said.get("column")) or "?", text(config.get("method"))
        threshold = number(config.get("threshold"))
        if threshold is None:
            threshold = (_P_VALUES | _DISTANCES).get(method.casefold())
        if threshold is None:
            return
        rare = method.casefold() in _P_VALUES or "p_value" in method
        yield _column(key, column, found=score < threshold if rare else score >= threshold, labels=said,
                      score=score, method=method, threshold=threshold)  # fmt: skip


def _earlier(metric: Any) -> Iterator[Result]:
    """A metric of a version before 0.7: under ``result`` it says itself what drifted."""
    result = inner(metric, "result")
    if isinstance(result.get("dataset_drift"), bool):
        share, most = number(result.get("share_of_drifted_columns")), number(result.get("drift_share"))
        parts = ("" if share is None else f": {share:.3g}") + (
            "" if share is None or most is None else f", of {most:g}"
        )
        yield Result(
            key=("DatasetDrift",), name=_SHARE, found=result["dataset_drift"], summary=f"{_SHARE}{parts}",
            labels={"metric": "DatasetDrift"},
        )  # fmt: skip
    columns = dict(inner(result, "drift_by_columns"))
    if isinstance(result.get("column_name"), str):
        columns[result["column_name"]] = result
    for column, about in columns.items():
        if isinstance(about, dict) and isinstance(about.get("drift_detected"), bool):
            method, threshold = text(about.get("stattest_name")), number(about.get("stattest_threshold"))
            labels = {"metric": "ColumnDrift", "column": column} | ({"method": method} if method else {})
            yield _column(
                ("ColumnDrift", column), column, found=about["drift_detected"], labels=labels,
                score=number(about.get("drift_score")), method=method, threshold=threshold,
            )  # fmt: skip


def _column(
    key: tuple[str, ...], column: str, *, found: bool, labels: Mapping[str, Any], score: float | None, method: str,
    threshold: float | None,
) -> Result:  # fmt: skip
    name = f"Drift of column {column}"
    said = ("" if score is None else f": {score:.3g}") + (f" by {method}" if method else "")
    limit = "" if threshold is None else f", threshold {threshold:g}"
    return Result(key=key, name=name, found=found, summary=f"{name}{said}{limit}", labels=labels)


def of_metric(config: Mapping[str, Any]) -> dict[str, Any]:
    """``ValueDrift`` of ``evidently:metric_v2:ValueDrift``, and what it is about."""
    kind = text(config.get("type")).rpartition(":")[2]
    said = {name: config.get(name) for name in ("column", "method") if isinstance(config.get(name), str)}
    return ({"metric": kind} if kind else {}) | said


def inner(value: Any, key: str) -> Mapping[str, Any]:
    """The object under ``key``; an empty one if there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def number(value: Any) -> float | None:
    """The value if it is a number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(value: Any) -> str:
    """The value if it is a text."""
    return value if isinstance(value, str) else ""
