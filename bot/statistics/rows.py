"""Rows instead of counts: what a comparison of single cases is asked for, before anybody has parsed it.

A source sends a table as bytes, and nobody reads them but the process that computes: a million rows cost the loop
nothing. Either one table holds a case a row, judged by both versions, or each version has a table of its own.

One table:    ``id`` (optional), ``a`` and ``b``: what each version made of the case.
A table each: ``id``, and ``value``, or ``correct``, or ``label`` and ``prediction``.

What a version made of a case is 1 for right and 0 for wrong, or any number: a score, a latency. Further columns:
``label`` (the truth: 1 is a positive; recall is about those), ``at`` (when it was predicted; seconds since 1970 or
ISO 8601 with an offset), the slices by their names, and those that ``weights`` and ``cluster`` of the comparison
name. JSON holds ``{"columns": {"a": [...], ...}}``, or ``{"rows": [{...}, ...]}``, or the list of objects itself;
beside columns or rows may stand ``labels_age_seconds`` and ``counts``, what the rows are ("frauds"). JSON lines and
CSV with a header are the same rows.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.statistics.counts import Better, Correction, Test

Format = Literal["json", "jsonl", "csv"]
Statistic = Literal["mean", "p50", "p90", "p95", "p99"]


class Table(msgspec.Struct, frozen=True):
    """One table as it came."""

    body: bytes
    format: Format


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """``both`` for one table, else ``a`` (the target's) and ``b`` (the running version's)."""

    both: Table | None = None
    a: Table | None = None
    b: Table | None = None


class RowsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a comparison of rows needs, fit to be sent to another process.

    ``min_effect`` is in units of the values (0.02 is two points of a rate; of ``mann_whitney`` it is a share of
    pairs). ``slices``, ``weights`` and ``cluster`` name columns. ``statistic`` is what ``bootstrap`` compares.
    ``now`` are seconds since 1970, ``label_delay`` seconds. ``seed`` is for what is drawn.
    """

    test: Test
    better: Better
    min_effect: float
    rows: Rows
    metric: str = ""
    confidence: float = 0.95
    min_positives: int = 100
    slices: tuple[str, ...] = ()
    correct: Correction = "holm"
    weights: str | None = None
    cluster: str | None = None
    statistic: Statistic = "mean"
    label_delay: float = 0.0
    now: float = 0.0
    seed: int = 0
