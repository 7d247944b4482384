"""Who knows how two versions did on the same, or on separate, labelled cases: a service, or files of predictions.

Protocol of the service: ``GET evaluations?service=&a=&b=&metric=&slices=query_type,region`` answers counts::

    {"metric": "recall", "n": 3180, "labels_age_seconds": 21600, "counts": "frauds",
     "paired": {"both": 2200, "only_a": 471, "only_b": 159, "neither": 350},
     "a": {"n": 3180, "successes": 2671}, "b": {"n": 3180, "successes": 2359},
     "slices": {"query_type": {"card-not-present": {"paired": {...}, "a": {...}, "b": {...}}}}}

or rows, as ``bot.statistics.rows`` describes them: JSON with ``columns`` or ``rows``, JSON lines, or CSV. Rows are
handed on as they came, because a million of them are parsed by the process that computes. ``a`` is the version that
would be gone back to, ``b`` the one that runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import MAX_ANSWER, JsonClient
from bot.connectors.predictions import Predictions
from bot.statistics.counts import Counts, PairedCounts
from bot.statistics.rows import Format, Rows, Table

PATH = "evaluations"
#: Rows may be larger than what is parsed here: about half a million of them.
MOST_ROWS = 64 * MAX_ANSWER
#: What rows are called on the way, besides JSON.
TABLES: Mapping[str, Format] = {
    "text/csv": "csv", "application/x-ndjson": "jsonl", "application/ndjson": "jsonl", "application/jsonl": "jsonl",
    "application/x-jsonlines": "jsonl",
}  # fmt: skip


class Cut(msgspec.Struct, frozen=True):
    """The counts of one slice."""

    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None


class Evaluation(msgspec.Struct, frozen=True):
    """What the evaluator counted. ``labels_age_seconds`` is how old the labels are, None if it does not say.

    With ``rows`` it counted nothing itself: all that it knows stands in them, and all other fields are empty.
    """

    n: int
    metric: str = ""
    counts: str = ""
    labels_age_seconds: float | None = None
    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None
    slices: dict[str, dict[str, Cut]] = {}
    rows: Rows | None = None


class _Shape(msgspec.Struct):
    """Only whether these are there at all."""

    columns: msgspec.Raw = msgspec.Raw()
    rows: msgspec.Raw = msgspec.Raw()


class Evaluator:
    """Asks one evaluation service, or looks into one folder."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)
        self.folder = settings.folder
        self._files = Predictions(name, settings.folder) if settings.folder else None

    async def compare(
        self, *, service: str, a: str, b: str, metric: str, slices: Sequence[str] = (), path: str = PATH,
        weights: str | None = None, cluster: str | None = None,
    ) -> Evaluation:  # fmt: skip
        """The counts of versions ``a`` and ``b``, in all and by slice, or their rows. Raises SourceUnavailable.

        ``weights`` and ``cluster`` name columns of rows.
        """
        if self._files is not None:
            return Evaluation(0, metric, rows=await self._files.rows(service, a, b))
        query = {"service": service, "a": a, "b": b, "metric": metric}
        more = {"slices": ",".join(slices), "weights": weights, "cluster": cluster}
        query |= {key: value for key, value in more.items() if value}
        kind, body = await self.client.fetch(path, query, most=MOST_ROWS)
        if kind in TABLES:
            return Evaluation(0, metric, rows=Rows(both=Table(body, TABLES[kind])))
        if len(body) > MAX_ANSWER or self._holds_rows(body):
            return Evaluation(0, metric, rows=Rows(both=Table(body, "json")))
        try:
            return msgspec.json.decode(body, type=Evaluation)
        except msgspec.ValidationError as error:
            raise self.client.broken(str(error)) from None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def problem(self) -> str | None:
        """What is wrong with the folder, or None if there is none or nothing is wrong with it."""
        return self._files.problem() if self._files is not None else None

    def _holds_rows(self, body: bytes) -> bool:
        if re.match(rb"\s*\[\s*\{", body):
            return True
        try:
            shape = msgspec.json.decode(body, type=_Shape)
        except msgspec.ValidationError:
            return False
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise self.client.broken("not JSON") from None
        return bool(bytes(shape.columns) or bytes(shape.rows))
