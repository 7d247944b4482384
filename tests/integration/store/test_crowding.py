"""Many services at once open a few incidents and one for the rest, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.routing import NOW, Route
from bot.clock import SteppedClock
from bot.errors import Refused
from bot.service.crowding import MANY, WITHIN
from bot.store import Store
from tests.integration.store.services import alert, service

PRIVATE = (
    Route(name="quietly", match={"tenant": ("bank",)}, opening=NOW, private=True),
    Route(name="everything", opening=NOW),
)


def of_services(count: int, *, begin: int = 0, severity: str = "warning", tenant: str = "") -> list[Alert]:
    """One alert each of so many services."""
    return [alert(f"f{n}", service=f"s{n:04}", severity=severity, tenant=tenant) for n in range(begin, begin + count)]


async def test_what_comes_after_the_most_comes_together_and_all_of_it_is_there(store: Store) -> None:
    here = service(store, most_incidents=5)
    taken = await here.take("alertmanager", of_services(2000))
    assert (taken.accepted, taken.incidents) == (2000, [f"INC-{n}" for n in range(1, 7)])
    many = await here.incident(6)
    assert (many.service, many.alerts, many.private) == (MANY, 1995, False)


async def test_the_worst_have_an_incident_of_their_own(store: Store) -> None:
    here = service(store, most_incidents=2)
    some = [*of_services(20), alert("bad", service="zebra", severity="critical")]
    await here.take("alertmanager", some)
    assert (await here.incident(1)).service == "zebra"


async def test_one_request_after_another_fills_it_as_well(store: Store) -> None:
    here = service(store, most_incidents=3)
    taken = [await here.take("alertmanager", [one]) for one in of_services(6)]
    assert [one.incidents for one in taken] == [["INC-1"], ["INC-2"], ["INC-3"], ["INC-4"], ["INC-4"], ["INC-4"]]
    again = [await here.take("alertmanager", [alert(f"more {name}", service=name)]) for name in ("s0001", "s0004")]
    assert [one.incidents for one in again] == [["INC-2"], ["INC-4"]]


async def test_after_a_while_a_service_has_its_own_again(store: Store, clock: SteppedClock) -> None:
    here = service(store, most_incidents=1)
    await here.take("alertmanager", of_services(2))
    clock.advance((WITHIN + timedelta(seconds=1)).total_seconds())
    taken = await here.take("alertmanager", [alert("new", service="s9")])
    assert taken.incidents == ["INC-3"]
    assert (await here.incident(3)).service == "s9"


async def test_what_has_to_stay_private_comes_together_apart(store: Store) -> None:
    here = service(store, most_incidents=1, routes=PRIVATE)
    await here.take("alertmanager", [*of_services(4), *of_services(3, begin=10, tenant="bank")])
    heads = [await here.incident(n) for n in (1, 2, 3)]
    assert [(head.alerts, head.private) for head in heads] == [(1, False), (3, False), (3, True)]


async def test_what_was_put_together_is_split_again_and_not_muted_as_one(store: Store) -> None:
    here = service(store, most_incidents=1)
    await here.take("alertmanager", of_services(4))
    with pytest.raises(Refused, match="say which"):
        await here.muting.mute_incident(2, length=timedelta(hours=1), by="U1")
    (key,) = [kind.key for kind in await here.merging.kinds(2) if kind.service == "s0002"]
    both = await here.merging.split(2, [key], by="U1")
    assert both.incident.service == "s0002"
    assert (await here.take("alertmanager", [alert("more", service="s0002")])).incidents == [both.incident.key]


async def test_a_flood_of_warnings_takes_nothing_from_what_is_worse(store: Store) -> None:
    here = service(store, most_incidents=2, routes=())
    await here.take("alertmanager", of_services(20))
    assert [(await here.incident(n)).status for n in (1, 2, 3)] == ["triage", "triage", "triage"]
    taken = await here.take("alertmanager", [alert("bad", service="zebra", severity="critical")])
    worse = await here.incident(4)
    assert (taken.incidents, worse.service, worse.status) == (["INC-4"], "zebra", "open")


async def test_they_join_in_one_append_and_do_not_open_a_second_one(store: Store) -> None:
    here = service(store, most_incidents=1)
    for begin in range(0, 40, 10):
        await here.take("alertmanager", of_services(10, begin=begin))
    assert [head.number for head in await here.listing()] == [2, 1]
    assert (await here.incident(2)).alerts == 39
