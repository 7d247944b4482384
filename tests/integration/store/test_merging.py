"""Incidents that become one, and one that becomes two: rows, groups and both logs, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.clock import SteppedClock
from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands import Acknowledge, Cancel, Reopen, Resolve
from bot.service import Service
from bot.store import Store
from tests.conftest import START
from tests.integration.store.logs import append, entries
from tests.integration.store.services import alert, service

ANA, BEN = "U0ANA", "U0BEN"


async def two(store: Store) -> Service:
    """INC-1 about recall, INC-2 about cost: two alerts each, on which Ana and Ben are."""
    here = service(store)
    await here.take("alertmanager", [alert("a", severity="warning"), alert("b")])
    cost = [alert(name, name="CostHigh", failure_mode="cost", severity="critical") for name in ("c", "d")]
    await here.take("alertmanager", cost)
    await here.handle(1, Acknowledge(), by=ANA)
    await here.handle(2, Acknowledge(), by=BEN)
    return here


async def belongs(store: Store) -> dict[str, int | None]:
    return {row.fingerprint: row.number for row in await store.alerts.since(START - timedelta(days=1))}


async def kinds(store: Store, number: int) -> list[str]:
    return [type(entry.event).__name__ for entry in await entries(store, number)]


async def refusal(here: Service, number: int, *, into: int) -> str:
    with pytest.raises(Refused) as refused:
        await here.merging.merge(number, into=into, by=ANA)
    assert str(refused.value).endswith(".")
    return refused.value.reason


async def test_what_is_merged_goes_on_with_its_alerts_its_people_and_the_worse_severity(store: Store) -> None:
    here = await two(store)
    both = await here.merging.merge(2, into=1, by=ANA)
    one, other = await here.incident(1), await here.incident(2)
    assert (both.incident, both.other) == (one, other)
    assert (one.status, one.alerts, one.together.firing, one.severity) == ("open", 4, 4, "SEV2")
    assert BEN in one.invite
    assert (other.status, other.together.into, other.status_by, other.firing) == ("merged", 1, ANA, False)
    assert set((await belongs(store)).values()) == {1}
    assert (await kinds(store, 1))[-2:] == ["IncidentMerged", "SeverityChanged"]
    assert (await kinds(store, 2))[-1] == "MergedInto"


async def test_later_alerts_of_both_kinds_go_where_it_goes_on(store: Store, clock: SteppedClock) -> None:
    here = await two(store)
    await here.merging.merge(2, into=1, by=ANA)
    clock.advance(60)
    cost = alert("e", name="CostHigh", failure_mode="cost", starts_at=clock.now())
    assert (await here.take("alertmanager", [cost])).incidents == ["INC-1"]
    assert (await here.take("alertmanager", [alert("f", starts_at=clock.now())])).incidents == ["INC-1"]
    over = alert("c", name="CostHigh", failure_mode="cost", status="resolved")
    assert (await here.take("alertmanager", [over])).incidents == ["INC-1"]
    assert (await here.incident(1)).together.firing == 5


async def test_a_repeated_delivery_merges_once(store: Store) -> None:
    here = await two(store)
    for _ in range(2):
        both = await here.merging.merge(2, into=1, by=ANA, delivery="T1")
        assert (both.incident.number, both.other.number) == (1, 2)
    assert (await kinds(store, 1)).count("IncidentMerged") == 1


async def test_what_cannot_be_merged_is_refused_with_a_sentence(store: Store) -> None:
    here = await two(store)
    assert await refusal(here, 1, into=1) == "itself"
    assert await refusal(here, 9, into=1) == "no_such_incident"
    await here.handle(2, Cancel(reason="no"), by=BEN)
    assert await refusal(here, 2, into=1) == "incident_over"
    assert await refusal(here, 1, into=2) == "incident_over"
    assert set((await belongs(store)).values()) == {1, 2}


async def test_an_action_on_its_way_is_waited_for(store: Store) -> None:
    here = await two(store)
    request = ev.ApprovalRequested(step="rollback", attempt=1, target="41", approvers=(ANA,), expires_at=START)
    await append(store, 2, request)
    assert await refusal(here, 2, into=1) == "action_in_flight"
    assert (await here.merging.merge(1, into=2, by=ANA)).incident.number == 2


async def test_a_fix_that_is_watched_goes_on_being_watched(store: Store) -> None:
    here = await two(store)
    await append(store, 2, ev.WatchStarted(step="day", attempt=1, until=START + timedelta(days=1), every=600.0))
    assert await refusal(here, 2, into=1) == "watched"


async def test_what_was_merged_is_not_reopened_but_named(store: Store) -> None:
    here = await two(store)
    await here.merging.merge(2, into=1, by=ANA)
    for command in (Reopen(reason="no"), Resolve(), Acknowledge()):
        with pytest.raises(Refused, match="it goes on as INC-1"):
            await here.handle(2, command, by=BEN)
    assert await refusal(here, 2, into=1) == "incident_over"


async def test_two_that_are_merged_into_each_other_at_once_are_one(store: Store) -> None:
    here = await two(store)
    tries = (here.merging.merge(2, into=1, by=ANA), here.merging.merge(1, into=2, by=BEN))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Both", "Refused"]
    assert len(set((await belongs(store)).values())) == 1


async def test_split_alerts_open_an_incident_of_their_own(store: Store, clock: SteppedClock) -> None:
    here = await two(store)
    await here.merging.merge(2, into=1, by=ANA)
    found = await here.merging.kinds(1)
    assert [(one.name, one.which, one.firing) for one in found] == [
        ("ModelRecallDrop", "severity=warning", 1),
        ("ModelRecallDrop", "", 1),
        ("CostHigh", "", 1),
        ("CostHigh", "", 1),
    ]
    both = await here.merging.split(1, [one.key for one in found[2:]], by=BEN)
    new, source = both.incident, both.other
    assert (new.number, new.failure_mode, new.alerts, new.together.split_from) == (3, "cost", 2, 1)
    assert (new.lead, new.acknowledged_by) == (BEN, BEN)
    assert (source.alerts, source.together.firing, source.together.split_off) == (2, 2, (3,))
    assert await belongs(store) == {"a": 1, "b": 1, "c": 3, "d": 3}
    clock.advance(60)
    cost = alert("e", name="CostHigh", failure_mode="cost", starts_at=clock.now())
    assert (await here.take("alertmanager", [cost])).incidents == ["INC-3"]


async def test_new_alerts_stay_where_some_like_them_stayed(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b", name="RecallOfOneSlice")])
    keys = {kind.name: kind.key for kind in await here.merging.kinds(1)}
    both = await here.merging.split(1, [keys["RecallOfOneSlice"]], by=ANA)
    assert (both.incident.number, both.incident.failure_mode) == (2, both.other.failure_mode)
    clock.advance(60)
    assert (await here.take("alertmanager", [alert("d", starts_at=clock.now())])).incidents == ["INC-1"]
    back = alert("b", name="RecallOfOneSlice", starts_at=clock.now())
    assert (await here.take("alertmanager", [back])).incidents == ["INC-2"]


async def test_alerts_that_are_over_are_over_where_they_go(store: Store) -> None:
    here = await two(store)
    await here.take("alertmanager", [alert("c", name="CostHigh", failure_mode="cost", status="resolved")])
    await here.merging.merge(2, into=1, by=ANA)
    assert (await here.incident(1)).together.firing == 3
    found = await here.merging.kinds(1)
    both = await here.merging.split(1, [one.key for one in found if one.name == "CostHigh"], by=BEN)
    assert (both.incident.together.firing, both.other.together.firing) == (1, 2)


async def test_a_split_leaves_somebody_behind_and_takes_somebody_along(store: Store) -> None:
    here = await two(store)
    every = [kind.key for kind in await here.merging.kinds(1)]
    for chosen, reason in (([], "empty"), (["alert:999", "x"], "empty"), (every, "everything")):
        with pytest.raises(Refused) as refused:
            await here.merging.split(1, chosen, by=ANA)
        assert (refused.value.reason, refused.value.field) == (reason, "alerts")


async def test_a_repeated_split_opens_one(store: Store) -> None:
    here = await two(store)
    await here.merging.merge(2, into=1, by=ANA)
    key = (await here.merging.kinds(1))[2].key
    numbers = [
        (await here.merging.split(1, [key], by=ANA, delivery="V1")).incident.number for _ in range(2)
    ]  # fmt: skip
    assert numbers == [3, 3]


async def test_what_waits_in_triage_goes_on_in_an_open_incident(store: Store) -> None:
    here = await two(store)
    late = alert("e", name="SlowResponses", failure_mode="latency", severity="warning")
    assert (await service(store, routes=()).take("alertmanager", [late])).incidents == ["INC-3"]
    assert (await here.incident(3)).status == "triage"
    assert await refusal(here, 1, into=3) == "not_opened"
    both = await here.merging.merge(3, into=1, by=ANA)
    assert (both.incident.alerts, both.other.status) == (3, "merged")


async def test_alerts_that_come_in_meanwhile_on_another_replica_are_all_where_it_goes_on(
    replicas: tuple[Store, Store],
) -> None:
    here = await two(replicas[0])
    there = service(replicas[1])

    async def storm(on: Service, letter: str) -> None:
        for start in range(0, 60, 6):
            some = [f"{letter}{n}" for n in range(start, start + 6)]
            cost = [alert(name, name="CostHigh", failure_mode="cost") for name in some]
            await on.take("alertmanager", cost)

    tries = (storm(here, "x"), storm(there, "y"), here.merging.merge(2, into=1, by=ANA), storm(there, "z"))
    await asyncio.gather(*tries)
    numbers = await belongs(replicas[0])
    assert (len(numbers), set(numbers.values())) == (184, {1})
    one, other = await here.incident(1), await here.incident(2)
    assert (one.alerts, one.together.firing) == (184, 184)
    assert (other.status, other.together.firing) == ("merged", 0)


async def test_of_many_alerts_those_of_one_name_are_chosen_together(store: Store) -> None:
    here = service(store)
    slices = [alert(f"s{n}", name="RecallOfOneSlice", slice=str(n)) for n in range(60)]
    await here.take("alertmanager", [alert("a"), *slices])
    found = await here.merging.kinds(1)
    assert [(one.name, one.count) for one in found] == [("ModelRecallDrop", 1), ("RecallOfOneSlice", 60)]
    both = await here.merging.split(1, [found[1].key], by=ANA)
    assert (both.incident.alerts, both.other.alerts) == (60, 1)


async def test_of_a_storm_that_is_split_off_only_the_severest_is_read_whole(store: Store) -> None:
    here = service(store)
    name = "RecallOfOneSlice"
    told = [alert(f"r{n}", name=name, reported_by="Users") for n in range(3)]
    storm = [alert(f"s{n}", name=name, slice=str(n)) for n in range(57)]
    await here.take("alertmanager", [alert("a"), *told, *storm, alert("worst", name=name, severity="SEV1")])
    read: list[str] = []

    def noted(_: object, __: object, statement: str, *___: object) -> None:
        read.append(statement)

    event.listen(Engine, "after_cursor_execute", noted)
    try:
        both = await here.merging.split(1, [(await here.merging.kinds(1))[1].key], by=ANA)
    finally:
        event.remove(Engine, "after_cursor_execute", noted)
    new = both.incident
    assert (new.severity, new.alerts, new.reports, new.together.firing) == ("SEV1", 61, 3, 58)
    assert (both.other.alerts, both.other.reports) == (1, 0)
    whole = [statement for statement in read if "alerts.annotations" in statement]
    assert len(whole) == 2  # the one by which the kind is known, and the severest


async def test_of_few_alerts_each_is_chosen_by_what_tells_it_from_the_others(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    await here.take("alertmanager", [alert(f"s{n}", slice=str(n)) for n in range(3)])
    found = await here.merging.kinds(1)
    assert [one.which for one in found] == ["slice=0", "slice=1", "slice=2"]
    await here.take("alertmanager", [alert("s1", slice="1", status="resolved")])
    clock.advance(60)
    await here.take("alertmanager", [alert("s1", slice="1", starts_at=clock.now())])
    assert len(await here.merging.kinds(1)) == 3
    both = await here.merging.split(1, [found[1].key], by=ANA)
    assert (both.incident.alerts, both.incident.together.firing) == (1, 1)
    assert (both.other.alerts, both.other.together.firing) == (2, 2)
    assert [row.fingerprint for row in await store.alerts.of(2)] == ["s1", "s1"]
