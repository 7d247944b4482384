"""Prometheus' query API, and everything that speaks it: Thanos, Mimir, VictoriaMetrics.

An answer becomes typed series with their labels. A sample that is no number (NaN: a rate over nothing; infinity) is
None: present, and without a value. An empty answer is an empty tuple, not an error.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Protocol

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.connectors.points import measurable, moment

API = "api/v1"


class Series(msgspec.Struct, frozen=True):
    """One series: ``points`` are (seconds since 1970, value), in the order of time.

    ``missing`` counts the moments for which the source has no point, where it says so.
    """

    labels: dict[str, str]
    points: tuple[tuple[float, float | None], ...]
    missing: int = 0

    @property
    def last(self) -> float | None:
        """The newest value, None if there is none or it is no number."""
        return self.points[-1][1] if self.points else None

    @property
    def values(self) -> tuple[float, ...]:
        """The values that are numbers."""
        return tuple(value for _, value in self.points if value is not None)


class _Data(msgspec.Struct, rename="camel"):
    result_type: Literal["vector", "matrix", "scalar", "string"]
    result: Any


class _Answer(msgspec.Struct, rename="camel"):
    status: Literal["success", "error"]
    data: _Data | None = None
    error: str = ""


class SeriesSource(Protocol):
    """A connector that answers series; which language the query is in, its own documentation says."""

    client: JsonClient

    async def instant(self, query: str, at: datetime) -> tuple[Series, ...]:
        """What ``query`` is at ``at``: series of one point each. Raises SourceUnavailable."""

    async def range(self, query: str, start: datetime, end: datetime, step: float) -> tuple[Series, ...]:
        """What ``query`` was from ``start`` to ``end``, every ``step`` seconds. Raises SourceUnavailable."""


_Point = tuple[float, str]


class _Row(msgspec.Struct):
    metric: dict[str, str]
    value: _Point | None = None
    values: list[_Point] = []


class Prometheus:
    """Asks one Prometheus."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    async def instant(self, promql: str, at: datetime) -> tuple[Series, ...]:
        """What ``promql`` is at ``at``: series of one point each. Raises SourceUnavailable."""
        return await self._ask("query", {"query": promql, "time": _seconds(at)})

    async def range(self, promql: str, start: datetime, end: datetime, step: float) -> tuple[Series, ...]:
        """What ``promql`` was from ``start`` to ``end``, every ``step`` seconds. Raises SourceUnavailable."""
        span = {"start": _seconds(start), "end": _seconds(end), "step": f"{step:g}"}
        return await self._ask("query_range", {"query": promql, **span})

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _ask(self, what: str, query: dict[str, str]) -> tuple[Series, ...]:
        body = (await self.client.get(f"{API}/{what}", query)).body
        try:
            answer = msgspec.json.decode(body, type=_Answer)
            if answer.status == "success" and answer.data is not None:
                return _series(answer.data)
        except (msgspec.ValidationError, ValueError, OverflowError):
            raise self.client.broken("not the format of Prometheus") from None
        if answer.status == "error":
            raise self.client.refused(answer.error or "no reason given")
        raise self.client.broken("no data in it")


def _seconds(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


def _series(data: _Data) -> tuple[Series, ...]:
    if data.result_type == "scalar":
        point: _Point = msgspec.convert(data.result, _Point, strict=False)
        return (Series({}, (_point(point),)),)
    if data.result_type == "string":
        raise ValueError("a text is no measurement")
    found = []
    for row in msgspec.convert(data.result, list[_Row]):
        points = [row.value] if row.value is not None else row.values
        found.append(Series(row.metric, tuple(_point(point) for point in points)))
    return tuple(series for series in found if series.points)


def _point(point: _Point) -> tuple[float, float | None]:
    return moment(point[0]), measurable(float(point[1]))
