"""What the program is put together with, where a rule depends on it."""

from __future__ import annotations

from unittest.mock import patch

import bot.wiring
from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.runbooks.steps import StepRunner
from bot.store import Store
from bot.wiring import Evenkeel, running
from tests.integration.store.services import LIBRARY


async def test_statistics_run_in_a_child_process(store: Store, clock: SteppedClock) -> None:
    settings = Settings(bot_token=Secret("xoxb-1"), signing_secret=Secret("s"))
    with patch.object(bot.wiring, "StepRunner", wraps=StepRunner) as runner:
        async with running(Evenkeel(settings, LIBRARY, clock=clock, store=store, turns=False)) as evenkeel:
            assert runner.call_args.kwargs["compute"] == evenkeel.child.run
