"""Requests are kept as long as evenkeel.yaml says, and of several replicas one erases them."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from bot.clock import SteppedClock
from bot.controller.forgetting import EVERY, Forgetting
from bot.store import Store, payloads
from tests.integration.store.services import alert, service

DAY = 86_400.0


async def test_what_is_old_is_erased_and_what_is_not_stays(store: Store, clock: SteppedClock) -> None:
    here, forgetting = service(store), Forgetting(store, keep=30 * DAY)
    await here.take("alertmanager", [alert("a")], body="old")
    clock.advance(29 * DAY)
    await here.take("alertmanager", [alert("b")], body="new")
    assert await forgetting.round() == 0
    clock.advance(DAY + 1)
    assert await forgetting.round() == 1
    assert await store.payloads.get(1) is None
    assert (found := await store.payloads.get(2)) is not None
    assert found.body == "new"


async def test_two_who_look_at_once_erase_once(store: Store, clock: SteppedClock) -> None:
    await service(store).take("alertmanager", [alert("a")], body="old")
    clock.advance(DAY)
    assert await Forgetting(store, keep=60).round() == 1
    await service(store).take("alertmanager", [alert("b")], body="old")
    clock.advance(61)
    assert await Forgetting(store, keep=60).round() == 0
    clock.advance(timedelta(seconds=EVERY).total_seconds())
    assert await Forgetting(store, keep=60).round() == 1


async def test_many_are_erased_by_several_jobs_the_oldest_first(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    for n in range(5):
        await here.take("alertmanager", [alert(f"f{n}")], body="old")
        clock.advance(1)
    clock.advance(DAY)
    with patch.object(payloads, "MOST_ERASED", 2):
        assert await Forgetting(store, keep=60).round() == 5


async def test_a_request_gets_no_number_that_an_erased_one_had(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")], body="old")
    clock.advance(DAY)
    assert await Forgetting(store, keep=60).round() == 1
    await here.take("alertmanager", [alert("b", service="other")], body="new")
    assert {row.name: row.payload for row in await store.alerts.of(1)} == {"ModelRecallDrop": 1}
    assert await store.payloads.get(1) is None, "the first alert would show what the second one sent"
    assert (found := await store.payloads.get(2)) is not None
    assert found.body == "new"
