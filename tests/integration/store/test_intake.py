"""Alerts: stored, counted, grouped; repeats touch, resolved ones tell, none is lost and none opens twice."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import Connection, text

from bot.alerts.sources.alertmanager import read as parse
from bot.clock import SteppedClock
from bot.errors import NewerSchema
from bot.incidents import events as ev
from bot.incidents.commands import Cancel, Resolve
from bot.service.intake import Taken
from bot.store import Lane, Store
from bot.store.alerts import Received
from tests.conftest import START
from tests.integration.store.logs import append, entries, open_incident
from tests.integration.store.services import alert, service

FIXTURES = Path(__file__).parents[2] / "fixtures" / "alertmanager"


async def kinds(store: Store, number: int) -> list[str]:
    return [type(entry.event).__name__ for entry in await entries(store, number)]


async def rows(store: Store) -> dict[str, Received]:
    return {row.fingerprint: row for row in await store.alerts.since(START - timedelta(days=1))}


async def last(store: Store, number: int) -> ev.AnyEvent:
    return (await entries(store, number))[-1].event


async def test_an_alert_opens_an_incident_with_its_runbook_in_one_commit(store: Store) -> None:
    taken = await service(store).take("alertmanager", [alert(), alert("f2")])
    assert (taken.accepted, taken.incidents) == (2, ["INC-1"])
    log = await entries(store, 1)
    assert [type(entry.event).__name__ for entry in log] == ["IncidentOpened", "AlertsAttached", "RunbookAttached"]
    assert {(entry.by, entry.at) for entry in log} == {("alertmanager", START)}
    assert log[1].event == ev.AlertsAttached(count=2, fingerprints=("f1", "f2"), names=("ModelRecallDrop",))
    assert {row.number for row in (await rows(store)).values()} == {1}


async def test_what_a_real_alertmanager_sent_opens_and_resolves(store: Store) -> None:
    here = service(store)
    incidents = []
    for name in ("1_firing", "2_firing", "3_resolved"):
        batch = parse((FIXTURES / f"{name}.json").read_bytes())
        incidents.append((await here.take("alertmanager", batch.alerts, truncated=batch.truncated)).incidents)
    assert incidents == [["INC-1"], ["INC-2"], ["INC-1"]]
    first, second = await here.incident(1), await here.incident(2)
    assert (first.service, first.firing, first.alerts) == ("fraud", False, 1)
    assert (second.failure_mode, second.firing, second.alerts) == ("data-quality", True, 2)


async def test_repeats_only_touch_last_seen_and_count(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()])
    before = await kinds(store, 1)
    clock.advance(60)
    taken = await here.take("alertmanager", [alert(), alert()])
    assert (taken.accepted, taken.incidents) == (2, ["INC-1"])
    row = (await rows(store))["f1"]
    assert (row.count, row.first_seen, row.last_seen) == (3, START, START + timedelta(seconds=60))
    assert await kinds(store, 1) == before


async def test_alerts_within_the_window_join_and_later_ones_open_another(store: Store, clock: SteppedClock) -> None:
    here = service(store, grouping_window=600.0)
    assert (await here.take("alertmanager", [alert("a")])).incidents == ["INC-1"]
    for name in ("b", "c"):  # the window begins anew with each
        clock.advance(600)
        assert (await here.take("alertmanager", [alert(name)])).incidents == ["INC-1"]
    clock.advance(601)
    assert (await here.take("alertmanager", [alert("d")])).incidents == ["INC-2"]
    assert (await here.incident(1)).alerts == 3


async def test_services_and_failure_modes_are_kept_apart(store: Store) -> None:
    taken = await service(store).take(
        "alertmanager", [alert("a"), alert("b", service="other"), alert("c", failure_mode="cost")]
    )
    assert len(taken.incidents) == 3


@pytest.mark.parametrize("command", [Resolve(), Cancel(reason="no")])
async def test_an_incident_that_is_over_is_not_joined(store: Store, command: Resolve | Cancel) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")])
    await here.handle(1, command, by="U1")
    assert (await here.take("alertmanager", [alert("b")])).incidents == ["INC-2"]


async def test_a_resolved_alert_never_opens_an_incident_but_is_known(store: Store) -> None:
    gone = alert(status="resolved", ends_at=START)
    taken = await service(store).take("alertmanager", [gone])
    assert (taken.accepted, taken.incidents) == (1, [])
    assert (await rows(store))["f1"].status == "resolved"


async def test_an_alert_that_resolves_is_told_to_its_incident_once(store: Store, clock: SteppedClock) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b")])
    clock.advance(60)
    ended = START + timedelta(seconds=50)
    for _ in range(2):
        await here.take("alertmanager", [alert("a", status="resolved", ends_at=ended)])
    assert await last(store, 1) == ev.AlertsResolved(count=1, fingerprints=("a",), firing=1)
    assert (await kinds(store, 1)).count("AlertsResolved") == 1
    assert ((await rows(store))["a"].ends_at, (await here.incident(1)).firing) == (ended, True)
    await here.take("alertmanager", [alert("b", status="resolved")])
    assert await last(store, 1) == ev.AlertsResolved(count=1, fingerprints=("b",), firing=0)
    assert not (await here.incident(1)).firing


async def test_an_alert_that_fires_again_is_news(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()])
    await here.take("alertmanager", [alert(status="resolved", ends_at=START)])
    assert (await here.take("alertmanager", [alert()])).incidents == ["INC-1"]
    assert (await kinds(store, 1))[-2:] == ["AlertsResolved", "AlertsAttached"]
    again = (await rows(store))["f1"]
    assert (again.status, again.ends_at, again.count) == ("firing", None, 3)


async def test_one_that_fires_and_resolves_in_one_request_opens_nothing(store: Store) -> None:
    taken = await service(store).take("alertmanager", [alert(), alert(status="resolved", ends_at=START)])
    assert taken.incidents == []


async def test_a_worse_alert_raises_the_severity_and_a_lesser_one_does_not(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a", severity="warning")])
    await here.take("alertmanager", [alert("b", severity="info")])
    assert (await here.incident(1)).severity == "SEV3"
    await here.take("alertmanager", [alert("c", severity="critical")])
    assert await last(store, 1) == ev.SeverityChanged(severity="SEV2", reason="ModelRecallDrop says so")


async def test_what_a_person_said_of_the_severity_stands_against_more_of_the_same(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a", severity="critical")])
    await append(store, 1, ev.SeverityChanged(severity="SEV4", reason="one customer"), by="U1")
    await here.take("alertmanager", [alert("b", severity="critical")])
    assert (await here.incident(1)).severity == "SEV4"
    await here.take("alertmanager", [alert("c", severity="sev1")])
    assert (await here.incident(1)).severity == "SEV1"


async def test_what_the_sender_left_out_stands_in_the_timeline_once(store: Store) -> None:
    here = service(store)
    for _ in range(2):
        await here.take("alertmanager", [alert()], truncated=12)
    notes = [entry.event for entry in await entries(store, 1) if isinstance(entry.event, ev.NoteAdded)]
    assert [note.text for note in notes] == [
        "Alertmanager left out 12 more alerts of this notification; all of them are there."
    ]


async def test_the_log_names_the_first_twenty_of_a_storm_and_counts_all(store: Store) -> None:
    taken = await service(store).take("alertmanager", [alert(f"f{i}") for i in range(1500)])
    assert (taken.accepted, taken.incidents) == (1500, ["INC-1"])
    attached = (await entries(store, 1))[1].event
    assert isinstance(attached, ev.AlertsAttached)
    assert (attached.count, len(attached.fingerprints)) == (1500, 20)
    assert len(await store.alerts.of(1)) == 1500


async def test_requests_that_come_together_share_a_commit_and_one_event(store: Store) -> None:
    here = service(store)
    taken = await asyncio.gather(*(here.take("alertmanager", [alert(f"f{i}"), alert("same")]) for i in range(40)))
    assert {(one.accepted, *one.incidents) for one in taken} == {(2, "INC-1")}
    head = await here.incident(1)
    assert head.alerts == 41
    assert (await kinds(store, 1)).count("AlertsAttached") < 10
    assert (await rows(store))["same"].count == 40


async def test_a_sender_that_hangs_up_takes_nobody_along(store: Store) -> None:
    here = service(store)
    senders = [asyncio.create_task(here.take("alertmanager", [alert(f"f{n}")])) for n in range(3)]
    await asyncio.sleep(0)  # all of them wait for one commit
    senders[0].cancel()
    taken = await asyncio.gather(*senders, return_exceptions=True)
    assert isinstance(taken[0], asyncio.CancelledError)
    assert [one.incidents for one in taken[1:] if isinstance(one, Taken)] == [["INC-1"], ["INC-1"]]
    assert (here.taken_in.waiting, here.taken_in.bytes_waiting) == (0, 0)
    assert set(await rows(store)) == {"f0", "f1", "f2"}


async def test_what_the_database_will_not_have_of_one_sender_is_not_the_others_fault(store: Store) -> None:
    here = service(store)
    hidden = await open_incident(store)

    def newer(connection: Connection, _: datetime) -> None:
        connection.execute(text("UPDATE incidents SET schema = 99"))
        connection.execute(text("INSERT INTO groups VALUES ('newer', 'performance', :n, :at)"), {
            "n": hidden, "at": START if connection.dialect.name == "postgresql" else "2026-11-21T03:05:00.000000Z",
        })  # fmt: skip

    await store.writer.submit(newer, lane=Lane.CLICK)
    bad, good = await asyncio.gather(
        here.take("alertmanager", [alert("a", service="newer")]),
        here.take("alertmanager", [alert("b")]),
        return_exceptions=True,
    )
    assert isinstance(bad, NewerSchema)
    assert not isinstance(good, BaseException)
    assert good.incidents == ["INC-2"]
    assert set(await rows(store)) == {"b"}


async def test_an_incident_opened_here_is_held_by_this_process(store: Store) -> None:
    await service(store, owner="me").take("alertmanager", [alert()])
    assert await store.leases.claim("other", limit=0) == []
    (held,) = await store.leases.claim("me", limit=5)
    assert (held.number, held.lease_no, held.seq) == (1, 1, 3)


async def test_without_a_controller_here_the_first_that_comes_takes_it(store: Store) -> None:
    await service(store, owner=None).take("alertmanager", [alert()])
    assert [held.number for held in await store.leases.claim("other", limit=5)] == [1]


@pytest.mark.postgres
async def test_two_replicas_that_get_the_same_storm_open_one_incident(replicas: tuple[Store, Store]) -> None:
    one, other = (service(store) for store in replicas)
    storm = [alert(f"f{i}") for i in range(60)]
    takes = []
    for i in range(0, 60, 3):
        takes += [one.take("alertmanager", storm[i : i + 6]), other.take("alertmanager", storm[i : i + 6][::-1])]
    taken = await asyncio.gather(*takes)
    assert {tuple(answer.incidents) for answer in taken} == {("INC-1",)}
    assert await one.listing() == [await one.incident(1)]
    assert (await other.incident(1)).alerts == 60
    assert {row.number for row in await replicas[0].alerts.of(1)} == {1}


STEPS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from("abcd"), st.sampled_from(["fraud", "churn"]), st.booleans()),
            min_size=1, max_size=4,
        ),
        st.sampled_from([0, 60, 2000]),
    ),
    max_size=8,
)  # fmt: skip


RUNS = itertools.count()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS)
async def test_whatever_comes_every_firing_alert_has_an_incident_and_the_counts_add_up(
    store: Store, clock: SteppedClock, steps: list[tuple[list[tuple[str, str, bool]], int]]
) -> None:
    here, run, sent = service(store), next(RUNS), 0
    for alerts, seconds in steps:
        clock.advance(seconds)
        batch = [
            replace(alert(f"{f}-{s}-{run}", service=f"{s}-{run}"), status="firing" if fires else "resolved")
            for f, s, fires in alerts
        ]
        sent += len(batch)
        await here.take("alertmanager", batch)
    known = [row for row in await store.alerts.since(START) if row.service.endswith(f"-{run}")]
    assert sum(row.count for row in known) == sent
    assert all(row.number is not None for row in known if row.status == "firing")
    for head in [head for head in await here.listing() if head.service.endswith(f"-{run}")]:
        mine = [row for row in known if row.number == head.number]
        assert {row.service for row in mine} <= {head.service}
        assert head.firing == any(row.status == "firing" for row in mine)


async def test_the_service_is_what_the_settings_say(store: Store) -> None:
    here = service(store, service_labels=("team",))
    await here.take("alertmanager", [alert(team="risk")])
    assert (await here.incident(1)).service == "risk"
