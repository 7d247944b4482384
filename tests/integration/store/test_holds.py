"""A legal hold goes wherever the alerts go that it is about."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.commands.privacy import SetHold
from bot.store import Lane, Store, payloads
from tests.conftest import START
from tests.integration.store.logs import entries
from tests.integration.store.services import alert, service

ANA, BEN = "U0ANA", "U0BEN"


async def erased(store: Store) -> int:
    """How many requests are erased once their time is over."""
    later = START + timedelta(days=99)
    return await store.writer.submit(lambda connection, _: payloads.erase(connection, before=later), lane=Lane.CLICK)


async def test_what_is_held_stays_so_when_it_is_merged_and_split_off_again(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")], body="{}")
    cost = [alert(name, name="CostHigh", failure_mode="cost") for name in ("c", "d")]
    await here.take("alertmanager", cost, body="{}")
    await here.handle(2, SetHold(on=True, reason="case 7"), by=BEN)

    await here.merging.merge(2, into=1, by=ANA)
    assert (await here.incident(1)).held
    last = (await entries(store, 1))[-1].event
    assert last == ev.HoldPlaced(reason="INC-2 is held, whose alerts came here")

    kinds = await here.merging.kinds(1)
    new = (await here.merging.split(1, [kinds[1].key], by=BEN)).incident
    assert (new.number, new.held) == (3, True)
    assert await erased(store) == 0


async def test_what_is_not_held_is_not_held_by_what_is_merged_into_it_unless_that_is(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")], body="{}")
    await here.take("alertmanager", [alert("c", name="CostHigh", failure_mode="cost")], body="{}")
    await here.merging.merge(2, into=1, by=ANA)

    assert not (await here.incident(1)).held
    assert await erased(store) == 2
