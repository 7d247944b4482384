"""What it costs to find an alert's incident with five of them open, and with five thousand."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.alerts.alert import Alert
from bot.config import Settings
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import open_store
from tests.benchmarks.figures import Figure

FEW, MANY = 5, 5000
ROUNDS, A_COMMIT = 100, 32
_AT = datetime(2026, 11, 21, 3, tzinfo=UTC)


async def measure() -> list[Figure]:
    """Milliseconds of the processor for a commit of new alerts of five services; what else runs does not count."""
    costs = {incidents: min([await _cost(incidents) for _ in range(2)]) for incidents in (FEW, MANY)}
    return [
        Figure(f"{A_COMMIT} alerts joining, {MANY:,} / {FEW} incidents open", costs[MANY] / costs[FEW], "", 1.25),
        Figure(f"  with {MANY:,} open", costs[MANY], "ms", note="of the processor, for the whole commit"),
    ]


async def _cost(incidents: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'many.db'}", durable=False)
        library = load_library({})
        opening = Service(store, settings=Settings(most_incidents=2 * MANY), library=library)
        for start in range(0, incidents, A_COMMIT):
            some = range(start, min(start + A_COMMIT, incidents))
            await opening.take("bench", [_alert(f"first-{number}", f"service-{number}") for number in some])
        service = Service(store, settings=Settings(), library=library)
        begun = time.process_time()
        for number in range(ROUNDS):
            await service.take("bench", [_alert(f"{number}-{n}", f"service-{n % FEW}") for n in range(A_COMMIT)])
        cost = (time.process_time() - begun) * 1000 / ROUNDS
        await asyncio.to_thread(store.close)
    return cost


def _alert(fingerprint: str, service: str) -> Alert:
    labels = {"alertname": "ModelRecallDrop", "service": service, "instance": fingerprint}
    return Alert(
        source="bench", fingerprint=fingerprint, status="firing", name="ModelRecallDrop", starts_at=_AT, labels=labels
    )
