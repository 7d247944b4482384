"""The service: decided and appended in one transaction, and a delivery that comes again changes nothing."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from bot.clock import SteppedClock
from bot.errors import LeaseLost, Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.service import Declaration, Service
from bot.store import Change, Store
from tests.conftest import START
from tests.integration.store.logs import append, entries, open_incident
from tests.integration.store.services import alert, service


@pytest.fixture
async def here(store: Store) -> Service:
    """A service with INC-1, opened by an alert."""
    opened = service(store)
    await opened.take("alertmanager", [alert()])
    return opened


async def test_a_command_is_decided_and_appended(here: Service, store: Store) -> None:
    handled = await here.handle(1, cmd.Acknowledge(), by="U1")
    assert handled.events == (ev.Acknowledged(), ev.LeadChanged(lead="U1"))
    assert (handled.incident.lead, handled.incident.seq, handled.duplicate) == ("U1", 5, False)
    assert [(entry.by, entry.event) for entry in (await here.entries(1))[-2:]] == [
        ("U1", event) for event in handled.events
    ]
    assert await here.incident(1) == handled.incident


async def test_what_is_refused_changes_nothing(here: Service) -> None:
    before = await here.entries(1)
    with pytest.raises(Refused) as refused:
        await here.handle(1, cmd.SetSeverity(severity="SEV9"), by="U1", delivery="d1")
    assert refused.value.reason == "no_such_severity"
    assert await here.entries(1) == before


async def test_a_repeated_delivery_is_recognised_and_not_carried_out_again(here: Service) -> None:
    note = cmd.AddNote(text="seen")
    first = await here.handle(1, note, by="U1", delivery="Ev1")
    again = await here.handle(1, note, by="U1", delivery="Ev1")
    other = await here.handle(1, note, by="U1", delivery="Ev2")
    assert [h.duplicate for h in (first, again, other)] == [False, True, False]
    assert again.events == ()
    assert again.incident == first.incident
    assert sum(isinstance(entry.event, ev.NoteAdded) for entry in await here.entries(1)) == 2


async def test_a_delivery_is_noted_in_the_same_transaction_as_the_append(here: Service) -> None:
    with pytest.raises(Refused):
        await here.handle(1, cmd.AddNote(text=" "), by="U1", delivery="Ev1")
    assert not (await here.handle(1, cmd.AddNote(text="now"), by="U1", delivery="Ev1")).duplicate


async def test_deliveries_are_remembered_for_a_day(here: Service, clock: SteppedClock) -> None:
    async def deliver(key: str) -> bool:
        return (await here.handle(1, cmd.AddNote(text="x"), by="U1", delivery=key)).duplicate

    assert not await deliver("Ev1")
    clock.advance(23.9 * 3600)
    assert await deliver("Ev1")
    clock.advance(0.2 * 3600)
    assert not await deliver("Ev2")  # cleans up
    assert not await deliver("Ev1")


async def test_two_people_who_click_at_once_get_one_lead(here: Service) -> None:
    one, other = await asyncio.gather(
        here.handle(1, cmd.Acknowledge(), by="U1"), here.handle(1, cmd.Acknowledge(), by="U2"), return_exceptions=True
    )
    (refusal,) = [answer for answer in (one, other) if isinstance(answer, BaseException)]
    assert isinstance(refusal, Refused)
    assert (await here.incident(1)).lead in str(refusal)


@pytest.mark.postgres
async def test_two_people_who_click_on_two_replicas_get_one_lead(replicas: tuple[Store, Store]) -> None:
    services = [service(store) for store in replicas]
    for _ in range(10):
        number = await open_incident(replicas[0])
        answers = await asyncio.gather(
            *(s.handle(number, cmd.Acknowledge(), by=f"U{i}") for i, s in enumerate(services)), return_exceptions=True
        )
        assert sum(isinstance(answer, Refused) for answer in answers) == 1


@pytest.mark.postgres
async def test_a_delivery_that_reaches_two_replicas_is_carried_out_once(replicas: tuple[Store, Store]) -> None:
    services = [service(store) for store in replicas]
    number = await open_incident(replicas[0])
    for key in range(10):
        both = await asyncio.gather(
            *(s.handle(number, cmd.AddNote(text="x"), by="U1", delivery=f"Ev{key}") for s in services)
        )
        assert sorted(h.duplicate for h in both) == [False, True]
    assert len(await entries(replicas[0], number)) == 11


async def test_decide_and_the_log_agree_about_the_time_when_a_clock_went_back(
    here: Service, clock: SteppedClock
) -> None:
    clock.advance(-7200)
    handled = await here.handle(1, cmd.Acknowledge(), by="U1")
    assert handled.incident.acknowledged_at == START


async def test_what_the_controller_reports_needs_its_lease(here: Service, store: Store, clock: SteppedClock) -> None:
    (dead,) = await store.leases.claim("dead", limit=1)
    report = cmd.Report(events=(ev.VersionsSeen(running="42"),))
    await here.handle(1, report, by="evenkeel", lease_no=dead.lease_no)
    clock.advance(31)
    (alive,) = await store.leases.claim("alive", limit=1)
    with pytest.raises(LeaseLost):
        await here.handle(
            1, cmd.Report(events=(ev.VersionsSeen(running="41"),)), by="evenkeel", lease_no=dead.lease_no
        )
    again = await here.handle(
        1, cmd.Report(events=(ev.VersionsSeen(running="41"),)), by="evenkeel", lease_no=alive.lease_no
    )
    assert again.incident.versions is not None
    assert again.incident.versions.running == "41"


async def test_an_action_starts_only_under_the_lease_that_it_names(here: Service, store: Store) -> None:
    (held,) = await store.leases.claim("me", limit=1)
    started = ev.ActionStarted(step="rollback", attempt=1, lease_no=held.lease_no + 1, call="flags.set")
    with pytest.raises(LeaseLost):
        await here.handle(1, cmd.Report(events=(started,)), by="evenkeel")


async def test_an_unknown_incident_is_refused(here: Service) -> None:
    with pytest.raises(Refused, match="INC-9"):
        await here.handle(9, cmd.Acknowledge(), by="U1")
    with pytest.raises(Refused, match="INC-9"):
        await here.entries(9)


DECLARED = Declaration(title="Recall is down", service="fraud-scorer", severity="sev2", text="since the release")


async def test_a_person_declares_an_incident(store: Store) -> None:
    here = service(store, owner="me")
    head = await here.declare(DECLARED, by="U1", team_id="T1")
    assert (head.title, head.service, head.severity) == ("Recall is down", "fraud-scorer", "SEV2")
    assert (head.failure_mode, head.team_id, head.opened_by, head.source) == ("performance", "T1", "U1", "slack")
    assert (head.alert_text, head.alert_name, head.alerts) == ("since the release", "", 0)
    assert head.runbook is not None
    assert [held.number for held in await store.leases.claim("me", limit=5)] == [head.number]


async def test_a_declaration_that_is_delivered_twice_is_one_incident(store: Store) -> None:
    here = service(store)
    first, again = [await here.declare(DECLARED, by="U1", team_id="T1", delivery="V1") for _ in range(2)]
    assert first == again
    assert len(await here.listing()) == 1


async def test_an_alert_joins_the_incident_that_a_person_declared(store: Store) -> None:
    here = service(store)
    await here.declare(DECLARED, by="U1", team_id="T1")
    assert (await here.take("alertmanager", [alert()])).incidents == ["INC-1"]


@pytest.mark.parametrize(
    ("title", "on", "severity", "field"),
    [(" ", "x", None, "title"), ("x", " ", None, "service"), ("x", "y", "SEV0", "severity")],
)
async def test_what_is_missing_in_a_declaration_is_told_at_its_field(
    store: Store, title: str, on: str, severity: str | None, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await service(store).declare(Declaration(title=title, service=on, severity=severity), by="U1", team_id="")
    assert refused.value.field == field


async def test_an_incident_is_found_by_its_channel_and_listed_by_its_status(here: Service, store: Store) -> None:
    await here.take("alertmanager", [alert("b", service="other")])
    await append(store, 2, ev.ChannelOpened(channel="C2", name="inc-2"))
    await here.handle(2, cmd.Resolve(), by="U1")
    assert (await here.in_channel("C2"), await here.in_channel("C9")) == (2, None)
    assert [head.number for head in await here.listing()] == [2, 1]
    assert [head.number for head in await here.listing("open")] == [1]
    assert [head.number for head in await here.listing("resolved")] == [2]


async def test_incidents_in_threads_are_found_without_looking_at_those_in_channels(
    here: Service, store: Store
) -> None:
    for number, name in ((2, "b"), (3, "c"), (4, "d")):
        await here.take("alertmanager", [alert(name, service=f"service-{name}")])
        await append(store, number, ev.ChannelOpened(channel=f"C{number}", name=f"inc-{number}"))
    for number, name in ((5, "e"), (6, "f")):
        await here.take("alertmanager", [alert(name, service=f"service-{name}")])
        await append(store, number, ev.ChannelRefused(code="restricted_action"))
    await here.handle(6, cmd.Resolve(), by="U1")
    with patch.object(store.log, "head", wraps=store.log.head) as head:
        assert [found.number for found in await here.in_threads()] == [6, 5]  # and 1 is just being opened
        assert [call.args[1] for call in head.mock_calls] == [6, 5, 1]
    assert [found.number for found in await here.in_threads("open")] == [5]
    assert [found.number for found in await here.in_threads(limit=1)] == [6]


async def test_changes_are_found_by_service_and_time_newest_first(here: Service, store: Store) -> None:
    deploy = Change(
        service="fraud-scorer", at=START, kind="deploy", version="42", previous="41", by="ci", url="https://x"
    )
    flag = Change(service="fraud-scorer", at=START.replace(hour=4), kind="flag")
    for change in (deploy, flag, Change(service="other", at=START)):
        await here.take_change(change)
    assert await store.changes.of("fraud-scorer", since=START) == [flag, deploy]
    assert await store.changes.of("fraud-scorer", since=START, until=flag.at) == [deploy]


async def test_what_a_person_typed_can_be_taken_back(here: Service) -> None:
    await here.handle(1, cmd.AddNote(text="an address"), by="U1")
    seq = (await here.incident(1)).seq
    await here.redact(1, seq, by="U2")
    log = await here.entries(1)
    assert log[seq - 1].event == ev.NoteAdded(text="")
    assert log[-1].event == ev.Redacted(seq=seq)
