"""The Prometheus connector and a real Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.connectors import Prometheus, SourceRefused, SourceUnavailable
from tests.real.connecting import connected
from tests.real.exporter import exporter
from tests.real.servers import monitoring
from tests.real.servers.process import Running, until

METRICS = """
quality{version="41"} 0.84
quality{version="42"} 0.71
requests_total{version="42"} 100
broken NaN
endless +Inf
"""


@pytest.fixture(scope="module")
def scraping(real_folder: Path) -> Iterator[Running]:
    """It has scraped the metrics."""
    with exporter() as page, monitoring.prometheus(real_folder / "own", targets={"model": page.url}) as running:
        page.text = METRICS
        yield running


@pytest.fixture
async def connector(scraping: Running) -> AsyncIterator[Prometheus]:
    """Connected, and there is something to be asked for."""
    async with connected("prometheus", scraping.url) as connectors:
        found = connectors.prometheus("prometheus")
        for _ in range(200):
            if await found.instant("quality", now()):
                break
            await asyncio.sleep(0.05)
        yield found


def now() -> datetime:
    return datetime.now(UTC)


async def test_an_instant_query_brings_series_with_labels(connector: Prometheus) -> None:
    series = await connector.instant("sort(quality)", now())
    assert [(one.labels["version"], one.last) for one in series] == [("42", 0.71), ("41", 0.84)]


async def test_a_range_query_brings_points_in_the_order_of_time(connector: Prometheus) -> None:
    (one,) = await connector.range('quality{version="41"}', now() - timedelta(seconds=5), now(), 0.2)
    times = [at for at, _ in one.points]
    assert times == sorted(times)
    assert set(one.values) == {0.84}


async def test_no_series_are_no_error(connector: Prometheus) -> None:
    assert await connector.instant("nobody_exports_this", now()) == ()
    assert await connector.range("nobody_exports_this", now() - timedelta(minutes=1), now(), 1) == ()


async def test_what_is_no_number_is_there_without_a_value(connector: Prometheus) -> None:
    for promql in ("broken", "endless", "0 * quality / 0", "rate(requests_total[2s]) / 0"):
        for one in await connector.instant(promql, now()):
            assert one.last is None, promql
    assert len(await connector.instant("broken", now())) == 1


async def test_a_scalar_is_a_series_without_labels(connector: Prometheus) -> None:
    (one,) = await connector.instant("scalar(vector(3))", now())
    assert (one.labels, one.last) == ({}, 3.0)


async def test_promql_that_is_wrong_is_refused_in_its_own_words(connector: Prometheus) -> None:
    with pytest.raises(SourceRefused) as refused:
        await connector.instant("sum(", now())
    assert refused.value.status == 400
    assert "unclosed left parenthesis" in str(refused.value)


async def test_a_range_with_too_many_points_is_refused(connector: Prometheus) -> None:
    with pytest.raises(SourceRefused, match="exceeded maximum resolution"):
        await connector.range("quality", now() - timedelta(days=1), now(), 0.5)


async def test_prometheus_killed_while_it_is_asked_is_a_sentence(tmp_path: Path) -> None:
    with monitoring.prometheus(tmp_path / "killed", targets={}) as running:
        async with connected("prometheus", running.url) as connectors:
            asked = connectors.prometheus("prometheus")
            assert len(await asked.instant("vector(1)", now())) == 1
            running.kill()
            until(lambda: running.process.poll() is not None, within=5, what="Prometheus has ended")
            with pytest.raises(SourceUnavailable, match=r"cannot be reached|broke off"):
                await asked.instant("vector(1)", now())
