"""A real Alertmanager: exactly the incident's alert is silent, until the incident is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from bot.clock import SteppedClock
from tests.real.servers import monitoring
from tests.real.servers.process import Running
from tests.scenarios.stage import ANA, Stage, staged

OURS = {"alertname": "RecallDrop", "service": "fraud", "severity": "critical", "region": "eu"}
RANKER = {"alertname": "LatencyHigh", "service": "ranker"}
OTHERS = (
    {**OURS, "zone": "a"}, {**OURS, "zone": "b"}, {**OURS, "region": "us"}, RANKER,
    {"alertname": "RecallDrop", "service": "fraud", "severity": "critical"},
)  # fmt: skip


@pytest.fixture(scope="module")
def manager(real_folder: Path) -> Iterator[Running]:
    """It tells nobody; the test tells the bot."""
    with monitoring.alertmanager(real_folder / "silences", webhook="http://127.0.0.1:9/", token="none") as running:
        yield running


@pytest.fixture
async def web(manager: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Alertmanager's API."""
    async with httpx.AsyncClient(base_url=manager.url, trust_env=False) as client:
        yield client


@pytest.fixture
async def opened(sqlite_url: str, manager: Running, web: httpx.AsyncClient) -> AsyncIterator[Stage]:
    """All of the alerts fire in Alertmanager; ours and the first of the others are the incident's."""
    began = datetime.now(UTC)
    await web.post("/api/v2/alerts", json=[{"labels": labels} for labels in (OURS, *OTHERS)])
    config = f'routes: [{{name: all, open: now}}]\nconnectors: {{am: {{kind: alertmanager, url: "{manager.url}"}}}}'
    async with staged(sqlite_url, SteppedClock(began), config=config) as stage:
        for number, labels in enumerate((OURS, OURS | {"zone": "a"}, RANKER)):
            alert = {"status": "firing", "labels": labels, "startsAt": began.isoformat(), "fingerprint": str(number)}
            await stage.sends(msgspec.json.encode({"alerts": [alert]}))
            await stage.rest()
        yield stage


async def test_exactly_the_incidents_alerts_are_silent_until_it_is_over(
    opened: Stage, web: httpx.AsyncClient
) -> None:
    await opened.types(ANA, "/incident silence INC-1 1h")
    assert await silenced(web, 2) == [OURS, OTHERS[0]]
    made = (await web.get("/api/v2/silences")).json()
    assert {one["status"]["state"] for one in made} == {"active"}
    assert all("https://evenkeel.example/incidents/INC-1" in one["comment"] for one in made)
    await opened.types(ANA, "/incident resolve INC-1 it is over")
    assert await silenced(web, 0) == []
    made = (await web.get("/api/v2/silences")).json()
    assert {one["status"]["state"] for one in made} == {"expired"}


async def silenced(web: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    """The labels of the silenced alerts, waited for until there are so many."""
    found: list[dict[str, Any]] = []
    for _ in range(100):
        alerts = (await web.get("/api/v2/alerts")).json()
        found = [one["labels"] for one in alerts if one["status"]["silencedBy"]]
        if len(found) == count:
            break
        await asyncio.sleep(0.05)
    return sorted(found, key=len)
