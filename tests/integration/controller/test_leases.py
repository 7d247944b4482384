"""What becomes of leases when things happen at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from unittest.mock import patch

from bot.clock import SteppedClock
from bot.controller.controller import POLL_EVERY
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.agenda import Work
from bot.incidents.incident import Incident
from bot.slack.board import Lease, Report
from bot.slack.reconcile import Draw
from bot.store import Held, Store
from tests.integration.controller.office import Begin, Office, until
from tests.integration.controller.test_claims import Hold
from tests.patience import PATIENCE


async def test_what_is_claimed_while_leases_are_renewed_is_not_dropped(office: Office, store: Store) -> None:
    hold, renew = Hold(), store.leases.renew
    office.works.does["versions"] = hold
    first = await office.opened()
    await office.controller.claim_due()

    async def meanwhile(owner: str, numbers: Collection[int]) -> dict[int, Held]:
        still = await renew(owner, numbers)
        await office.opened()
        assert await office.controller.claim_due() == 1
        return still

    with patch.object(store.leases, "renew", meanwhile):
        await office.controller.renew()
    await until(lambda: len(hold.begun) == 2)
    hold.go_on.set()
    await office.settle()
    for number in (first, first + 1):
        assert "VersionsSeen" in await office.kinds(number)


async def test_an_old_answer_about_a_lease_does_not_end_what_was_claimed_anew(
    office: Office, store: Store, clock: SteppedClock
) -> None:
    hold, renew = Hold(), store.leases.renew
    office.works.does["versions"] = hold
    number = await office.opened()
    await office.controller.claim_due()
    await until(lambda: hold.begun)
    clock.advance(31)
    (other,) = await store.leases.claim("another", limit=5)

    async def meanwhile(owner: str, numbers: Collection[int]) -> dict[int, Held]:
        still = await renew(owner, numbers)
        await store.leases.let_go(number, other.lease_no)
        assert await office.controller.claim_due() == 1  # the same stay goes on under a new lease
        return still

    with patch.object(store.leases, "renew", meanwhile):
        await office.controller.renew()
    hold.go_on.set()
    await office.settle()
    assert "VersionsSeen" in await office.kinds(number)


async def test_trouble_while_the_log_goes_on_does_not_keep_the_lease(office: Office, clock: SteppedClock) -> None:
    number = await office.opened()

    async def brings(_: Lease, __: Draw, ___: Report) -> None:
        if office.draws.brought == [number]:
            await office.service.handle(number, cmd.SetSeverity(severity="SEV1"), by="U1")
            raise ZeroDivisionError("a mistake in the program")

    office.draws.brings = brings
    await office.settle()
    clock.advance(15)  # half a lease: it may rest as any incident in trouble, but nobody keeps it
    await office.settle()
    assert office.draws.brought[:2] == [number, number]
    assert "SEV1" in str(office.draws.shown[-1])


async def test_an_incident_that_cannot_be_read_is_tried_again_after_a_while_and_not_at_once(
    office: Office, clock: SteppedClock
) -> None:
    number = await office.opened()
    tries: list[int] = []

    async def broken(asked: int) -> Incident:
        tries.append(asked)
        raise ZeroDivisionError("a mistake in the program")

    with patch.object(office.service, "incident", broken):
        await office.settle()
        assert tries == [number]
        clock.advance(15)
        await office.settle()
    assert tries == [number, number]


async def test_a_stay_that_ends_in_trouble_does_not_take_a_new_lease_along(
    office: Office, store: Store, clock: SteppedClock
) -> None:
    hold, dying = Hold(), asyncio.Event()
    number = await office.opened()

    async def slow_to_end(incident: Incident, _: Work, __: Begin) -> tuple[ev.AnyEvent, ...]:
        try:
            await asyncio.Event().wait()
        finally:
            dying.set()
            await hold.go_on.wait()
        return ()

    async def brings(_: Lease, __: Draw, ___: Report) -> None:
        if office.draws.brought == [number]:
            await until(lambda: "versions" in office.works.ran)
            raise ZeroDivisionError("a mistake in the program")

    office.works.does["versions"] = slow_to_end
    office.draws.brings = brings
    await office.controller.claim_due()
    async with asyncio.timeout(PATIENCE):
        await dying.wait()
    assert await store.leases.claim("another", limit=5) == []  # it is held until everything has ended
    clock.advance(31)
    assert await office.controller.claim_due() == 1  # and the lease that runs out meanwhile is our own again
    office.works.does.clear()
    hold.go_on.set()
    await until(lambda: not office.controller.held)
    clock.advance(15)
    await office.settle()
    assert office.draws.brought == [number, number]


async def test_what_rests_is_looked_at_when_its_time_has_come_and_not_a_poll_later(
    office: Office, store: Store, clock: SteppedClock
) -> None:
    soon = clock.now() + timedelta(seconds=0.4)
    patience: list[float] = []
    wait = store.wakeups.wait

    async def brings(_: Lease, __: Draw, ___: Report) -> datetime | None:
        return soon if len(office.draws.brought) == 1 else None

    async def waits(seconds: float) -> frozenset[int]:
        patience.append(seconds)
        if seconds < POLL_EVERY:
            clock.advance(seconds)
            return frozenset()
        return await wait(seconds)

    await office.opened()
    office.draws.brings = brings
    with patch.object(store.wakeups, "wait", waits):
        running = asyncio.create_task(office.controller.run())
        await until(lambda: len(office.draws.brought) == 2)
        office.controller.stop()
        await running
    assert [seconds for seconds in patience if seconds < POLL_EVERY] == [0.4]
