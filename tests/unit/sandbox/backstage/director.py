"""A director of demos that only remembers what was asked of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)


class Director:
    """Implements ``Controls``. ``machine`` is the machine's time, ``jumped`` how far the demo's is ahead of it."""

    def __init__(self, *, scenarios: Mapping[str, str] | None = None) -> None:
        self.scenarios: Mapping[str, str] = scenarios or {
            "fraud-recall-drop": "Version 42 misses fraud.",
            "upstream-latency": "The feature store is slow.",
        }
        self.machine, self.jumped, self.speed = NOON, timedelta(0), 1
        self.acted = False
        self.played: list[str] = []
        self.begun = asyncio.Event()
        self.coming: datetime | None = None

    def scenario(self) -> str:
        return "fraud-recall-drop"

    def touched(self) -> bool:
        return self.acted

    async def play(self, scenario: str) -> None:
        self.played.append(scenario)
        self.begun.set()

    def now(self) -> datetime:
        return self.machine + self.jumped

    def ahead(self) -> timedelta:
        return self.jumped

    def rate(self) -> int:
        return self.speed

    def set_rate(self, rate: int) -> None:
        self.speed = rate

    async def step(self, seconds: float) -> None:
        self.jumped += timedelta(seconds=seconds)

    async def step_to_next(self) -> datetime | None:
        if self.coming is not None:
            self.jumped = self.coming - self.machine
        return self.coming

    async def story(self) -> str:
        return "async def test_saved_story() -> None: ...\n"
