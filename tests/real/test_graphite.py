"""The Graphite connector and a real Graphite: carbon keeps a sample a second, graphite-web renders them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.connectors import SourceRefused, SourceUnavailable
from bot.connectors.graphite import Graphite
from tests.real.connecting import connected
from tests.real.servers.graphite import Graphite as Server

#: whole seconds: what carbon stores
NOW = datetime.now(UTC).replace(microsecond=0)
START = NOW - timedelta(seconds=20)


@pytest.fixture(scope="module")
def filled(carbon: Server) -> Server:
    """Recall by version, with a second in which nothing was stored; and a metric that stopped long ago."""
    at = START.timestamp()
    carbon.send("fraud.v41.recall", [(at + 1, 0.84), (at + 2, 0.85), (at + 4, 0.86)])
    carbon.send("fraud.v42.recall", [(at + 1, 0.71), (at + 2, 0.70), (at + 4, 0.69)])
    carbon.send("fraud.stopped", [(at - 900, 1.0)])
    return carbon


@pytest.fixture
async def connector(filled: Server) -> AsyncIterator[Graphite]:
    """Connected."""
    async with connected("graphite", filled.url) as connectors:
        found = connectors.series_source("graphite")
        assert isinstance(found, Graphite)
        yield found


async def test_a_range_has_its_points_without_the_empty_ones(connector: Graphite) -> None:
    (one,) = await connector.range("fraud.v41.recall", START, START + timedelta(seconds=5), 1)
    assert one.values == (0.84, 0.85, 0.86)
    assert one.missing >= 1
    assert [at - START.timestamp() for at, _ in one.points] == [1, 2, 4]


async def test_a_pattern_brings_a_series_each(connector: Graphite) -> None:
    found = await connector.instant("fraud.*.recall", NOW)
    assert {one.labels["target"]: one.last for one in found} == {"fraud.v41.recall": 0.86, "fraud.v42.recall": 0.69}


async def test_functions_are_computed_there(connector: Graphite) -> None:
    (one,) = await connector.instant("diffSeries(fraud.v41.recall,fraud.v42.recall)", NOW)
    assert one.last == pytest.approx(0.17)


async def test_what_stopped_long_ago_is_not_there_now(connector: Graphite) -> None:
    assert await connector.instant("fraud.stopped", NOW) == ()
    (one,) = await connector.range("fraud.stopped", START, NOW, 1)
    assert one.values == ()


async def test_what_was_never_sent_is_empty_and_no_error(connector: Graphite) -> None:
    assert await connector.instant("nobody.sent.this", NOW) == ()


async def test_many_points_become_as_many_as_were_asked_for(connector: Graphite) -> None:
    (one,) = await connector.range("fraud.v41.recall", START, START + timedelta(seconds=20), 10)
    assert len(one.points) <= 2


async def test_a_target_that_is_wrong_is_a_sentence(connector: Graphite) -> None:
    with pytest.raises(SourceUnavailable) as failed:
        await connector.instant("nosuchfunction(fraud.v41.recall)", NOW)
    assert isinstance(failed.value, SourceRefused)
    assert "graphite" in str(failed.value)
