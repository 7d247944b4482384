"""Graphite's render API, with the same face as Prometheus: a query is a target, an answer typed series.

A point without a value (null: nothing was stored for that time) is dropped, and counted in the series' ``missing``.
A series of nothing but such points stays, without points. Labels are the tags that newer Graphites know, with the
target's own name as ``target``.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.connectors.points import measurable, moment
from bot.connectors.prometheus import Series

RENDER = "render"
#: An instant is the newest value of so many seconds before it, as Prometheus looks back.
LOOK_BACK = 300.0
MOST_POINTS = 2000


class _Row(msgspec.Struct):
    target: str
    datapoints: list[tuple[float | None, float]]
    tags: dict[str, str] = {}


class Graphite:
    """Asks one Graphite."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    async def instant(self, query: str, at: datetime) -> tuple[Series, ...]:
        """The newest value of each series in the five minutes before ``at``. Raises SourceUnavailable.

        A series that has none in that time is left out, as Prometheus leaves it out.
        """
        found = await self._ask(query, at - timedelta(seconds=LOOK_BACK), at, None)
        return tuple(msgspec.structs.replace(one, points=one.points[-1:]) for one in found if one.points)

    async def range(self, query: str, start: datetime, end: datetime, step: float) -> tuple[Series, ...]:
        """The series from ``start`` to ``end``, at most one point in ``step`` seconds. Raises SourceUnavailable.

        How values within a step become one is Graphite's to say: the mean, unless ``consolidateBy`` says otherwise.
        """
        most = math.ceil((end - start).total_seconds() / max(step, 1.0))
        return await self._ask(query, start, end, max(1, min(most, MOST_POINTS)))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _ask(self, target: str, start: datetime, end: datetime, points: int | None) -> tuple[Series, ...]:
        query = {
            "target": target, "format": "json", "from": f"{start.timestamp():.0f}",
            "until": f"{end.timestamp():.0f}",
        }  # fmt: skip
        if points is not None:
            query["maxDataPoints"] = str(points)
        answer = await self.client.get(RENDER, query)
        rows = self.client.decoded(answer, list[_Row], "Graphite")
        try:
            return tuple(_series(row) for row in rows)
        except ValueError:
            raise self.client.broken("not the format of Graphite") from None


def _series(row: _Row) -> Series:
    read = [(moment(at), measurable(value)) for value, at in row.datapoints if value is not None]
    told = [(at, value) for at, value in read if value is not None]
    labels = {"target": row.target, **{key: value for key, value in row.tags.items() if key != "name"}}
    return Series(labels, tuple(sorted(told)), len(row.datapoints) - len(told))
