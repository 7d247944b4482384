"""Planned faults are used up in order; the journal finds the critical path."""

from __future__ import annotations

import asyncio

from bot.sandbox.workspace.faults import Faults
from bot.sandbox.workspace.journal import Journal
from tests.patience import PATIENCE


def test_faults_come_in_the_order_in_which_they_were_planned() -> None:
    faults = Faults()
    faults.error("chat.update", "fatal_error", times=2)
    faults.status("*", 503)
    kinds = [fault.kind if (fault := faults.take("chat.update")) else "" for _ in range(4)]
    assert kinds == ["error", "error", "status", ""]


def test_a_fault_may_last_until_it_is_cleared() -> None:
    faults = Faults()
    faults.lose_answer("pins.add", times=None)
    assert all(faults.take("pins.add") for _ in range(10))
    assert faults.take("pins.list") is None
    faults.clear()
    assert faults.take("pins.add") is None


async def test_a_late_call_waits_no_longer_once_everything_is_well_again() -> None:
    """A workspace that ends waits for nobody's ten minutes."""
    faults = Faults()
    late = asyncio.create_task(faults.late(600.0))
    await asyncio.sleep(0)
    assert not late.done()
    faults.clear()
    async with asyncio.timeout(PATIENCE):
        await late


class Timer:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_critical_path_is_the_longest_row_of_calls_that_had_to_wait_for_each_other() -> None:
    timer = Timer()
    journal = Journal(timer=timer)
    create = journal.begin("conversations.create", {})
    timer.now = 0.1
    journal.end(create, ok=True)
    post, invite = journal.begin("chat.postMessage", {}), journal.begin("conversations.invite", {})
    timer.now = 0.2
    journal.end(post, ok=True)
    pin = journal.begin("pins.add", {})
    timer.now = 0.3
    journal.end(invite, ok=True)
    journal.end(pin, ok=False, error="already_pinned")
    assert [call.number for call in journal.chain()] == [create, post, pin]
    assert [call.number for call in journal.chain(until=journal.calls("conversations.invite")[0])] == [create, invite]
    assert journal.most_at_once == 2
    assert [call.number for call in journal.refused()] == [pin]
    assert journal.refused(but=["already_pinned"]) == []


def test_the_journal_forgets_the_oldest_calls_first() -> None:
    journal = Journal(most=2)
    for number in range(3):
        journal.end(journal.begin(f"m{number}", {}), ok=True)
    assert [call.method for call in journal.calls()] == ["m1", "m2"]
    journal.clear()
    assert journal.calls() == []
