"""What the architecture says of writing, where no other file has it by name."""

from __future__ import annotations

import ast
import asyncio
import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

import bot
from bot.clock import SystemClock
from bot.errors import LeaseLost
from bot.incidents import events as ev
from bot.incidents.commands import Report
from bot.incidents.incident import Incident
from bot.store import Lane, Store, groups
from bot.store.jobs import Queue, Waiting
from bot.store.transaction import remembered
from tests.conftest import Opener
from tests.integration.store.logs import append, entries, open_incident
from tests.integration.store.services import alert, service
from tests.unit.incidents.story import Story


@contextmanager
def statements() -> Iterator[list[str]]:
    """Those that any database gets while the block runs."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        found.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_alerts_are_written_by_multi_row_inserts(store: Store) -> None:
    here = service(store)
    with statements() as sent:
        await here.take("alertmanager", [alert(f"f{n}") for n in range(300)])
    assert sum(statement.startswith("INSERT INTO alerts") for statement in sent) == 1
    assert sum(statement.startswith("INSERT INTO events") for statement in sent) == 1
    assert len(sent) < 20


async def test_alerts_that_join_are_one_event_for_each_incident_and_commit(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a"), alert("b", service="other")])
    more = [alert(f"{name}{n}", service=name) for n in range(25) for name in ("fraud-scorer", "other")]
    await here.take("alertmanager", [*more, alert("worst", severity="critical", service="other")])
    for number, count in ((1, 25), (2, 26)):
        (attached,) = [e.event for e in (await entries(store, number))[3:] if isinstance(e.event, ev.AlertsAttached)]
        assert (attached.count, len(attached.fingerprints)) == (count, 20)


async def test_at_most_25_milliseconds_of_intake_are_in_one_batch(store: Store) -> None:
    ticks, batches, begun, go_on = itertools.count(), Counter[int](), threading.Event(), threading.Event()

    def wait(_: Connection, __: datetime) -> None:
        begun.set()
        go_on.wait(10)

    def job(connection: Connection, _: datetime) -> None:
        batches[id(remembered(connection))] += 1
        kept.append(connection)  # so that no two have one id

    kept: list[Connection] = []
    with patch.object(store.writer, "_stopwatch", lambda: next(ticks) * 0.010):  # every job takes 10 ms
        busy = asyncio.create_task(store.writer.submit(wait, lane=Lane.CLICK))
        await asyncio.to_thread(begun.wait, 10)
        waiting = [asyncio.ensure_future(store.writer.submit(job, lane=Lane.INTAKE)) for _ in range(9)]
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(busy, *waiting)
    assert set(batches.values()) <= {1, 2}
    assert sum(batches.values()) == 9


async def test_several_incidents_are_locked_in_the_order_of_their_numbers(store: Store) -> None:
    here, services = service(store), ("a", "b", "c", "d")
    for name in services:
        await here.take("alertmanager", [alert(name, service=name)])
    locked: list[int] = []
    head = store.log.head

    def noted(connection: Connection, number: int) -> Incident:
        locked.append(number)
        return head(connection, number)

    again = [alert("c2", service="c"), alert("d", status="resolved", service="d"), alert("a2", service="a")]
    with patch.object(store.log, "head", noted):
        await here.take("alertmanager", [*again, alert("b", status="resolved", service="b")])
    assert list(dict.fromkeys(locked)) == [1, 2, 3, 4]  # one that is locked already may be read again


async def test_groups_are_made_and_locked_in_sorted_order(store: Store) -> None:
    def job(connection: Connection, _: datetime) -> list[groups.Key]:
        return list(groups.lock(connection, [("z", "m"), ("a", "z"), ("m", "a"), ("a", "b")]))

    with statements() as sent:
        found = await store.writer.submit(job, lane=Lane.INTAKE)
    assert found == [("a", "b"), ("a", "z"), ("m", "a"), ("z", "m")]
    *_, locks = [statement for statement in sent if statement.startswith("SELECT") and "FROM groups" in statement]
    assert "ORDER BY groups.service, groups.failure_mode" in locks
    assert locks.endswith("FOR UPDATE") or store.kind == "sqlite"


async def test_an_incidents_row_holds_the_highest_schema_in_its_log(store: Store) -> None:
    number = await open_incident(store)
    with patch.object(ev, "SCHEMA", ev.SCHEMA + 1):
        await append(store, number, ev.Acknowledged())

    def schemas(connection: Connection) -> tuple[int, list[int]]:
        row = connection.execute(text("SELECT schema FROM incidents")).scalar_one()
        return row, list(connection.execute(text("SELECT schema FROM events ORDER BY seq")).scalars())

    assert await store.writer.read(schemas) == (ev.SCHEMA + 1, [ev.SCHEMA, ev.SCHEMA + 1])


def test_redact_is_the_only_update_of_the_log() -> None:
    changes = [
        f"{path.relative_to(Path(bot.__file__).parent)}:{function.name}"
        for path in Path(bot.__file__).parent.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("update", "delete", "replacing")
        and any(isinstance(argument, ast.Name) and argument.id == "EVENTS" for argument in call.args)
    ]
    assert changes == ["store/log.py:redact"]


async def approved(store: Store) -> int:
    """An incident held under lease 1 whose action may start."""
    story = Story()
    story.approved()
    number = await open_incident(store, owner="me")
    await append(store, number, *(entry.event for entry in story.log[1:3]))
    for entry in story.log[3:]:
        await append(store, number, entry.event, by=entry.by)
    return number


def start() -> Report:
    return Report(events=(ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set"),))


@pytest.mark.postgres
async def test_step_and_attempt_is_unique_among_action_started_on_two_replicas(replicas: tuple[Store, Store]) -> None:
    number = await approved(replicas[0])
    starts = [service(store).handle(number, start(), by=ev.EVENKEEL) for _ in range(10) for store in replicas]
    handled = await asyncio.gather(*starts)
    assert sorted(len(one.events) for one in handled) == [0] * 19 + [1]
    log = await entries(replicas[0], number)
    assert sum(isinstance(entry.event, ev.ActionStarted) for entry in log) == 1


async def test_an_action_is_not_started_under_a_lease_that_was_taken_over(store: Store) -> None:
    number = await approved(store)
    (held,) = await store.leases.claim("me", limit=5)
    await store.leases.let_go(number, held.lease_no)
    assert [held.lease_no for held in await store.leases.claim("another", limit=5)] == [2]
    with pytest.raises(LeaseLost):
        await service(store).handle(number, start(), by=ev.EVENKEEL)
    assert not any(isinstance(entry.event, ev.ActionStarted) for entry in await entries(store, number))


async def test_a_head_that_another_fold_made_is_not_used(store: Store, database_url: str, opened: Opener) -> None:
    number = await open_incident(store)
    await append(store, number, *(ev.NoteAdded(text="more") for _ in range(250)))
    older = "UPDATE snapshots SET fold_version = fold_version - 1, body = '{}'"
    await store.writer.submit(lambda connection, _: connection.execute(text(older)).close(), lane=Lane.CLICK)
    other = opened(database_url, read_only=True)
    again = await other.writer.read(lambda connection: other.log.head(connection, number))
    assert again == await store.writer.read(lambda connection: store.log.head(connection, number))


def test_of_what_waits_clicks_and_controller_come_before_intake() -> None:
    queue, order = Queue(), list[Lane]()
    waiting = {lane: Waiting[None](lambda _, __: None) for lane in (Lane.INTAKE, Lane.CONTROLLER, Lane.CLICK)}
    for lane, job in waiting.items():
        queue.put(lane, job)
    for taken in queue.turn(more_seconds=1.0, stopwatch=lambda: 0.0):
        order += [lane for lane, job in waiting.items() if job is taken]
    assert order == [Lane.CLICK, Lane.CONTROLLER, Lane.INTAKE]


class Late(SystemClock):
    """A machine whose clock is an hour late."""

    def now(self) -> datetime:
        return super().now() - timedelta(hours=1)


@pytest.mark.postgres
async def test_a_log_is_stamped_by_the_databases_clock_though_this_machines_is_late(
    postgres_url: str, opened: Opener
) -> None:
    before, store = SystemClock().now() - timedelta(minutes=1), opened(postgres_url, by=Late())
    number = await open_incident(store)
    assert (await entries(store, number))[0].at > before
    (held,) = await store.leases.claim("me", limit=5)
    assert await store.leases.rest(number, held.lease_no, held.seq, SystemClock().now())
    assert len(await store.leases.claim("me", limit=5)) == 1  # now is its time to wake, for the database
