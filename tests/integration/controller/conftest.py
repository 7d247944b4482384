"""One process on each database."""

from __future__ import annotations

import pytest

from bot.clock import SteppedClock
from bot.store import Store
from tests.integration.controller.office import Office


@pytest.fixture
def office(store: Store, clock: SteppedClock) -> Office:
    return Office(store, clock)
