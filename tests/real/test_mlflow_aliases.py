"""An alias that somebody moves in a real registry becomes a change of the service that it serves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.changes.aliases import Watched
from bot.clock import SteppedClock
from bot.config import Settings
from bot.controller.polling import Polling
from bot.service.changing import Changing
from bot.store import open_store
from tests.real.connecting import connected
from tests.real.servers import registry
from tests.real.servers.process import Running

MODEL = "moved-model"


async def test_a_move_is_found_between_two_looks(mlflow: Running, tmp_path: Path) -> None:
    registry.register(mlflow.url, MODEL, versions=2)
    registry.set_alias(mlflow.url, MODEL, "champion", "1")
    one = Watched(registry="mlflow", model=MODEL, serves={"fraud-scorer": "champion"})
    clock = SteppedClock(datetime(2026, 11, 21, 3, 5, tzinfo=UTC))
    store = open_store(f"sqlite:///{tmp_path / 'polls.db'}", clock=clock)
    try:
        async with connected("mlflow", mlflow.url) as connectors:
            polling = Polling(store, connectors, [one], add=Changing(store, Settings()).add)
            assert await polling.round() == 0
            clock.advance(60)
            registry.set_alias(mlflow.url, MODEL, "champion", "2")
            assert await polling.round() == 1
            clock.advance(60)
            assert await polling.round() == 0
        (change,) = await store.changes.of("fraud-scorer", since=clock.now() - timedelta(hours=1))
    finally:
        store.close()
    assert (change.version, change.previous, change.about) == ("2", "1", "champion")
