"""Leases: one process at a time, taken over when it dies, and rest only where nothing went on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SteppedClock
from bot.errors import LeaseLost
from bot.incidents import events as ev
from bot.store import Held, Store
from bot.store.placements import Placed
from tests.conftest import START, Opener
from tests.due import next_due
from tests.integration.store.logs import append, open_incident

LATER = START + timedelta(seconds=600)


async def claim(store: Store, owner: str = "me", *, limit: int = 10) -> list[Held]:
    return await store.leases.claim(owner, limit=limit)


async def test_what_is_due_is_claimed_once_and_the_severest_first(store: Store) -> None:
    mild, unknown, severe = [await open_incident(store, severity=s) for s in ("SEV3", None, "SEV1")]
    claimed = await claim(store)
    assert [held.number for held in claimed] == [severe, mild, unknown]
    assert {(held.lease_no, held.seq, held.until) for held in claimed} == {(1, 1, START + timedelta(seconds=30))}
    assert await claim(store, "other") == []


async def test_no_more_is_claimed_than_was_asked_for(store: Store) -> None:
    for _ in range(3):
        await open_incident(store)
    assert len(await claim(store, limit=2)) == 2
    assert len(await claim(store, limit=2)) == 1


async def test_an_incident_at_rest_is_due_again_at_its_time_or_after_an_entry(
    store: Store, clock: SteppedClock
) -> None:
    first, second = await open_incident(store), await open_incident(store)
    for held in await claim(store):
        assert await store.leases.rest(held.number, held.lease_no, held.seq, LATER)
    assert await claim(store) == []
    await append(store, second, ev.Acknowledged())
    assert [(held.number, held.lease_no) for held in await claim(store)] == [(second, 2)]
    clock.advance(600)
    assert first in [held.number for held in await claim(store)]


async def test_rest_is_stored_only_if_the_seq_is_the_one_that_was_drawn(store: Store) -> None:
    number = await open_incident(store)
    (held,) = await claim(store)
    await append(store, number, ev.Acknowledged())
    assert not await store.leases.rest(number, held.lease_no, held.seq, LATER)
    assert await claim(store, "other") == []  # still ours
    assert await store.leases.rest(number, held.lease_no, held.seq + 1, LATER)


async def test_a_dead_lease_is_taken_over_with_a_higher_number_and_the_dead_cannot_write(
    store: Store, clock: SteppedClock
) -> None:
    number = await open_incident(store)
    (dead,) = await claim(store, "dead")
    clock.advance(31)
    (alive,) = await claim(store, "alive")
    assert (alive.number, alive.lease_no) == (number, dead.lease_no + 1)
    with pytest.raises(LeaseLost):
        await store.leases.rest(number, dead.lease_no, dead.seq, None)
    with pytest.raises(LeaseLost):
        await store.placements.store(number, dead.lease_no, [Placed(key="first", kind="message", state="intended")])
    with pytest.raises(LeaseLost):
        await store.placements.forget(number, dead.lease_no, ["first"])
    assert await store.leases.renew("dead", [number]) == {}
    assert await store.placements.all(number) == {}


async def test_a_lease_lasts_as_long_as_it_is_renewed(store: Store, clock: SteppedClock) -> None:
    numbers = [await open_incident(store), await open_incident(store)]
    await claim(store)
    for _ in range(5):
        clock.advance(10)
        renewed = await store.leases.renew("me", numbers)
        assert set(renewed) == set(numbers)
        assert {held.until for held in renewed.values()} == {clock.now() + timedelta(seconds=30)}
    assert await claim(store, "other") == []


async def test_what_is_let_go_is_as_due_as_before(store: Store) -> None:
    number = await open_incident(store)
    (held,) = await claim(store)
    await store.leases.let_go(number, held.lease_no)
    assert [(held.number, held.lease_no) for held in await claim(store, "other")] == [(number, 2)]


async def test_the_lease_of_another_cannot_be_let_go(store: Store) -> None:
    number = await open_incident(store)
    await claim(store)
    await store.leases.let_go(number, 77)
    assert await claim(store, "other") == []


async def test_an_incident_opened_here_is_claimed_at_birth_and_handed_out_once(store: Store) -> None:
    number = await open_incident(store, owner="me")
    assert await claim(store, "other", limit=0) == []
    (held,) = await claim(store)
    assert held == Held(number=number, lease_no=1, until=START + timedelta(seconds=30), seq=1)
    assert await claim(store) == []


async def test_a_takeover_puts_unanswered_calls_in_doubt_anew_and_a_rest_does_not(
    store: Store, clock: SteppedClock
) -> None:
    number = await open_incident(store)
    (held,) = await claim(store)
    intent = Placed(key="first", kind="message", state="intended", intent_at=START, settled_from=START)
    await store.placements.store(number, held.lease_no, [intent])
    assert await store.leases.rest(number, held.lease_no, held.seq, START)
    (again,) = await claim(store)
    assert (await store.placements.all(number))["first"].settled_from == START
    clock.advance(31)
    (taken,) = await claim(store, "other")
    assert taken.lease_no == again.lease_no + 1
    assert (await store.placements.all(number))["first"].settled_from is None


async def test_what_is_new_is_due_now_what_is_held_when_the_lease_ends_and_what_rests_when_it_asked_for(
    store: Store,
) -> None:
    assert await next_due(store) is None
    number = await open_incident(store)
    assert await next_due(store) == START
    (held,) = await claim(store)
    assert await next_due(store) == START + timedelta(seconds=30)
    await store.leases.rest(number, held.lease_no, held.seq, LATER)
    assert await next_due(store) == LATER


async def test_the_outlook_says_how_many_are_held(store: Store) -> None:
    assert (await store.leases.outlook()).leased == 0
    number = await open_incident(store)
    await open_incident(store)
    (held,) = await claim(store, limit=1)
    assert (await store.leases.outlook()).leased == 1
    await store.leases.rest(number, held.lease_no, held.seq, None)
    assert (await store.leases.outlook()).leased == 0


async def test_on_sqlite_all_leases_are_cleared_at_the_start(sqlite_url: str, opened: Opener) -> None:
    before = opened(sqlite_url)
    number = await open_incident(before, owner="killed")
    before.close()
    after = opened(sqlite_url)
    assert [(held.number, held.lease_no) for held in await claim(after)] == [(number, 2)]
