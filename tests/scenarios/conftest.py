"""A stage for every story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SteppedClock
from tests.scenarios.stage import Stage, staged

#: ``await stages(config=...)`` puts up a stage; it is taken down with the test
Stages = Callable[..., Any]


@pytest.fixture
async def stages(clock: SteppedClock, sqlite_url: str) -> AsyncIterator[Stages]:
    """A stage as a test wants it."""
    async with AsyncExitStack() as stack:

        async def put_up(**options: Any) -> Stage:
            made: AbstractAsyncContextManager[Stage] = staged(sqlite_url, clock, **options)
            return await stack.enter_async_context(made)

        yield put_up


@pytest.fixture
async def stage(stages: Stages) -> Stage:
    """Everything is connected, on SQLite."""
    found: Stage = await stages()
    return found


@pytest.fixture
async def bare(stages: Stages, clock: SteppedClock) -> Stage:
    """Nothing is connected: there is no evenkeel.yaml. It is 05:39, just after the recorded alerts began."""
    clock.advance(timedelta(hours=2, minutes=34).total_seconds())
    found: Stage = await stages(config=None)
    return found
