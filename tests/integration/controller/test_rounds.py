"""What is done every so often goes on after a failure, and ends with the program."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.errors import DatabaseAway
from bot.rounds import Rounds
from tests.patience import PATIENCE


class Calls:
    """Counts, and fails as it is told; ``done`` is set by the last call that is waited for."""

    def __init__(self, *, of: int, failing: tuple[int, ...] = (), error: Exception | None = None) -> None:
        self.made = 0
        self.done = asyncio.Event()
        self._of = of
        self._failing = failing
        self._error = error or DatabaseAway("The database is away.")

    async def __call__(self) -> None:
        self.made += 1
        if self.made == self._of:
            self.done.set()
        if self.made in self._failing:
            raise self._error


async def test_a_call_is_made_at_once_and_again_and_again() -> None:
    calls, rounds = Calls(of=3), Rounds()
    rounds.begin("mutes", calls, pause=0.0)
    await calls.done.wait()
    await rounds.end()

    made = calls.made
    await asyncio.sleep(0)
    assert calls.made == made >= 3


async def test_one_that_fails_is_made_again_and_said() -> None:
    calls, rounds = Calls(of=2, failing=(1,)), Rounds()
    with capture_logs() as said:
        rounds.begin("mutes", calls, pause=0.0)
        await calls.done.wait()
        await rounds.end()

    assert [(line["round"], line["because"]) for line in said] == [("mutes", "The database is away.")]


async def test_one_that_dies_of_a_mistake_of_ours_is_said_and_takes_no_other_along() -> None:
    broken, calls, rounds = Calls(of=1, failing=(1,), error=ValueError("ours")), Calls(of=5), Rounds()
    with capture_logs() as said:
        rounds.begin("broken", broken, pause=0.0)
        rounds.begin("mutes", calls, pause=0.0)
        await calls.done.wait()
        await rounds.end()

    assert [(line["event"], line["round"]) for line in said] == [
        ("a round has died: start the program anew", "broken")
    ]


async def test_without_any_there_is_nothing_to_end() -> None:
    await Rounds().end()


@pytest.mark.parametrize("pause", [0.0, 3600.0])
async def test_the_end_does_not_wait_for_the_pause(pause: float) -> None:
    calls, rounds = Calls(of=1), Rounds()
    rounds.begin("mutes", calls, pause=pause)
    await calls.done.wait()
    await asyncio.wait_for(rounds.end(), PATIENCE)
