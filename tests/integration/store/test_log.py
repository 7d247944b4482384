"""The log: appended in order, never running backwards, folded once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError

from bot.clock import SteppedClock
from bot.errors import NewerSchema, Refused
from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.incidents.incident import Incident
from bot.store import Lane, Store
from tests.conftest import START, Opener
from tests.integration.store.logs import append, entries, open_incident, opened


async def head(store: Store, number: int) -> Incident:
    return await store.writer.read(lambda connection: store.log.head(connection, number))


async def test_what_was_appended_is_loaded_in_the_order_of_seq(store: Store) -> None:
    number = await open_incident(store)
    await append(store, number, ev.Acknowledged(), ev.LeadChanged(lead="U1"), by="U1")
    log = await entries(store, number)
    assert [(entry.seq, entry.by, entry.event) for entry in log] == [
        (1, "alertmanager", opened(number)),
        (2, "U1", ev.Acknowledged()),
        (3, "U1", ev.LeadChanged(lead="U1")),
    ]
    assert {entry.at for entry in log} == {START}


async def test_the_head_is_the_fold_of_the_log_with_and_without_a_cache(
    store: Store, database_url: str, opened: Opener
) -> None:
    number = await open_incident(store)
    await append(store, number, ev.Acknowledged(), by="U1")
    here = await head(store, number)
    assert here == fold(await entries(store, number))
    assert await head(opened(database_url, read_only=True), number) == here


async def test_time_never_runs_backwards_in_a_log(store: Store, clock: SteppedClock) -> None:
    number = await open_incident(store)
    clock.advance(-3600)
    (entry,) = await append(store, number, ev.Acknowledged())
    assert entry.at == START
    clock.advance(3600 + 5)
    (entry,) = await append(store, number, ev.NoteAdded(text="later"))
    assert entry.at == START + timedelta(seconds=5)


async def test_an_attempt_of_an_action_stands_in_a_log_once(store: Store) -> None:
    number = await open_incident(store)
    started = ev.ActionStarted(step="rollback", attempt=1, lease_no=1, call="flags.set")
    await append(store, number, started, replace(started, attempt=2), replace(started, step="fallback"))
    with pytest.raises(IntegrityError):
        await append(store, number, started)
    other = await open_incident(store)
    await append(store, other, started)


async def test_an_unknown_incident_is_refused_with_its_name(store: Store) -> None:
    with pytest.raises(Refused, match="INC-7"):
        await head(store, 7)
    with pytest.raises(Refused, match="INC-7"):
        await append(store, 7, ev.Acknowledged())


async def test_a_replica_decides_only_what_it_can_read(store: Store) -> None:
    number = await open_incident(store)

    def newer(connection: Connection, _: datetime) -> None:
        connection.execute(text("UPDATE incidents SET schema = 99"))

    await store.writer.submit(newer, lane=Lane.CLICK)
    with pytest.raises(NewerSchema):
        await append(store, number, ev.Acknowledged())
    with pytest.raises(NewerSchema):
        await head(store, number)
    assert await store.leases.claim("me", limit=5) == []


async def test_nobody_sees_a_head_whose_transaction_was_rolled_back(store: Store) -> None:
    number = await open_incident(store)

    def fails(connection: Connection, now: datetime) -> None:
        store.log.append(connection, number, [ev.LeadChanged(lead="U9")], by="U9", at=now)
        assert store.log.head(connection, number).lead == "U9"
        raise Refused("changed_my_mind", "No.")

    with pytest.raises(Refused, match="No"):
        await store.writer.submit(fails, lane=Lane.CLICK)
    await append(store, number, ev.LeadChanged(lead="U1"))
    assert (await head(store, number)).lead == "U1"
    assert [type(entry.event).__name__ for entry in await entries(store, number)] == ["IncidentOpened", "LeadChanged"]


@contextmanager
def rows_of_events_read(store: Store) -> Iterator[list[str]]:
    """The statements that read entries while the block runs."""
    seen: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and "FROM events" in statement:
            seen.append(statement)

    engines: list[Engine] = [store.writer._writing, store.writer._reading]
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_appending_to_ten_thousand_events_does_not_fold_them_again(
    store: Store, database_url: str, opened: Opener
) -> None:
    number = await open_incident(store)
    for start in range(0, 10_000, 1000):
        await append(store, number, *(ev.NoteAdded(text=f"note {start + i}") for i in range(1000)))
    with rows_of_events_read(store) as read:
        await append(store, number, ev.Acknowledged())
        assert (await head(store, number)).seq == 10_002
    assert read == []

    other = opened(database_url, read_only=True)  # a process that has not seen it yet
    loaded: list[int] = []
    load = other.log.load

    def counted(connection: Connection, number: int, after: int = 0) -> list[ev.Entry]:
        found = load(connection, number, after)
        loaded.append(len(found))
        return found

    other.log.load = counted  # type: ignore[method-assign]
    assert (await head(other, number)).seq == 10_002
    assert sum(loaded) <= 200


async def test_redacting_blanks_what_a_person_typed_everywhere_and_says_so(
    store: Store, database_url: str, opened: Opener
) -> None:
    number = await open_incident(store)
    filled_in = {"who": "the secret", "when": "the secret"}
    await append(store, number, ev.StepDone(step="upstream", answer="the secret", fields=filled_in), by="U1")
    await append(store, number, *(ev.NoteAdded(text="more") for _ in range(250)))  # a snapshot holds the answer
    await store.writer.submit(
        lambda connection, now: store.log.redact(connection, number, 2, by="U2", at=now), lane=Lane.CLICK
    )
    log = await entries(store, number)
    assert log[1].event == ev.StepDone(step="upstream", answer="")
    assert (log[-1].event, log[-1].by) == (ev.Redacted(seq=2), "U2")
    assert (await head(store, number)).state("upstream").text == ""
    assert await head(opened(database_url, read_only=True), number) == await head(store, number)

    def anywhere(connection: Connection) -> list[str]:
        bodies = connection.execute(text("SELECT body FROM events UNION ALL SELECT body FROM snapshots")).scalars()
        return [body for body in bodies if "the secret" in body]

    assert await store.writer.read(anywhere) == []


@pytest.mark.parametrize("seq", [2, 99])
async def test_only_what_a_person_typed_or_an_alert_said_can_be_redacted(store: Store, seq: int) -> None:
    number = await open_incident(store)
    await append(store, number, ev.ChannelOpened(channel="C1", name="inc-1"))
    with pytest.raises(Refused) as refused:
        await store.writer.submit(
            lambda connection, now: store.log.redact(connection, number, seq, by="U2", at=now), lane=Lane.CLICK
        )
    assert refused.value.reason == "nothing_to_redact"
    assert len(await entries(store, number)) == 2
