"""An evaluation service that knows how two versions did on the same, or on separate, labelled cases.

Protocol: ``GET evaluations?service=&a=&b=&metric=&slices=query_type,region`` answers counts, never rows::

    {"metric": "recall", "n": 3180, "labels_age_seconds": 21600, "counts": "frauds",
     "paired": {"both": 2200, "only_a": 471, "only_b": 159, "neither": 350},
     "a": {"n": 3180, "successes": 2671}, "b": {"n": 3180, "successes": 2359},
     "slices": {"query_type": {"card-not-present": {"paired": {...}, "a": {...}, "b": {...}}}}}

``a`` is the version that would be gone back to, ``b`` the one that runs.
"""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.statistics.counts import Counts, PairedCounts

PATH = "evaluations"


class Cut(msgspec.Struct, frozen=True):
    """The counts of one slice."""

    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None


class Evaluation(msgspec.Struct, frozen=True):
    """What the evaluator counted. ``labels_age_seconds`` is how old the labels are, None if it does not say."""

    n: int
    metric: str = ""
    counts: str = ""
    labels_age_seconds: float | None = None
    paired: PairedCounts | None = None
    a: Counts | None = None
    b: Counts | None = None
    slices: dict[str, dict[str, Cut]] = {}


class Evaluator:
    """Asks one evaluation service."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    async def compare(
        self, *, service: str, a: str, b: str, metric: str, slices: Sequence[str] = (), path: str = PATH
    ) -> Evaluation:
        """The counts of versions ``a`` and ``b``, in all and by slice. Raises SourceUnavailable."""
        query = {"service": service, "a": a, "b": b, "metric": metric}
        if slices:
            query["slices"] = ",".join(slices)
        answer = await self.client.get(path, query)
        try:
            return msgspec.json.decode(answer.body, type=Evaluation)
        except msgspec.ValidationError as error:
            raise self.client.broken(str(error)) from None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()
