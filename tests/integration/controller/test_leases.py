"""What becomes of leases when things happen at the same time."""

from __future__ import annotations

from collections.abc import Collection
from unittest.mock import patch

from bot.clock import SteppedClock
from bot.store import Held, Store
from tests.integration.controller.office import Office, until
from tests.integration.controller.test_claims import Hold


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
