"""Requests are kept as they came if they changed something, and a delivery that comes again changes nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import Connection, select, text, update

from bot.clock import SteppedClock
from bot.store import Lane, Store, payloads
from bot.store.deliveries import KEPT
from bot.store.payloads import Payload
from bot.store.tables import ALERTS, INCIDENTS, PAYLOADS
from tests.conftest import START
from tests.integration.store.services import alert, service


async def kept(store: Store) -> list[str]:
    def read(connection: Connection) -> list[str]:
        return list(connection.execute(select(PAYLOADS.c.body).order_by(PAYLOADS.c.id)).scalars())

    return await store.writer.read(read)


async def changed_by(store: Store, fingerprint: str) -> Payload | None:
    def read(connection: Connection) -> int | None:
        found: int | None = connection.execute(
            select(ALERTS.c.payload).where(ALERTS.c.fingerprint == fingerprint)
        ).scalar_one()
        return found

    number = await store.writer.read(read)
    return None if number is None else await store.payloads.get(number)


async def test_the_request_that_brought_an_alert_can_be_read(store: Store) -> None:
    await service(store).take("grafana", [alert("a"), alert("b")], body='{"as": "received"}', delivery="d-1")
    payload = await changed_by(store, "a")
    assert payload == Payload(id=1, source="grafana", received_at=START, delivery="d-1", body='{"as": "received"}')
    assert await changed_by(store, "b") == payload


async def test_a_repeat_is_not_kept_and_an_end_is(store: Store) -> None:
    here = service(store)
    await here.take("alertmanager", [alert()], body="began")
    await here.take("alertmanager", [alert()], body="again")
    await here.take("alertmanager", [alert(status="resolved", ends_at=START)], body="ended")
    assert await kept(store) == ["began", "ended"]
    payload = await changed_by(store, "f1")
    assert payload is not None
    assert payload.body == "ended"


async def test_each_alert_of_one_commit_names_its_own_request(store: Store) -> None:
    here = service(store)
    await asyncio.gather(
        *(here.take("alertmanager", [alert(f"f{n}")], body=f"body {n}", delivery=f"d{n}") for n in range(20))
    )
    for number in range(20):
        payload = await changed_by(store, f"f{number}")
        assert payload is not None
        assert (payload.body, payload.delivery) == (f"body {number}", f"d{number}")


async def test_what_has_no_body_leaves_no_row(store: Store) -> None:
    await service(store).take("alertmanager", [alert()])
    assert await kept(store) == []
    assert await changed_by(store, "f1") is None


async def test_a_repeated_delivery_changes_nothing_and_gets_the_same_answer(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    first = await here.take("pagerduty", [alert()], body="began", delivery="d-1")
    await here.take("pagerduty", [alert(status="resolved", ends_at=START)], body="ended", delivery="d-2")
    clock.advance(60)
    again = await here.take("pagerduty", [alert()], body="began", delivery="d-1")
    assert again == first
    (row,) = await store.alerts.since(START)
    assert (row.status, row.count, row.last_seen) == ("resolved", 2, START)
    assert await kept(store) == ["began", "ended"]


async def test_two_deliveries_of_one_name_at_the_same_time_are_one(store: Store) -> None:
    here = service(store)
    taken = await asyncio.gather(*(here.take("pagerduty", [alert()], delivery="d-1") for _ in range(5)))
    assert {tuple(one.incidents) for one in taken} == {("INC-1",)}
    assert [row.count for row in await store.alerts.since(START)] == [1]


async def test_sources_name_their_deliveries_each_for_itself(store: Store) -> None:
    here = service(store)
    for source in ("pagerduty", "sentry"):
        await here.take(source, [alert()], delivery="1")
    assert [row.count for row in await store.alerts.since(START)] == [2]


async def test_a_name_is_known_for_a_day_however_long_it_is(store: Store, clock: SteppedClock) -> None:
    here, name = service(store), "x" * 8000
    for _ in range(2):
        await here.take("sentry", [alert()], delivery=name)
    clock.advance(KEPT.total_seconds() + 1)
    await here.take("sentry", [alert("f2")], delivery="another")
    await here.take("sentry", [alert()], delivery=name)
    assert {row.fingerprint: row.count for row in await store.alerts.since(START)} == {"f1": 2, "f2": 1}


async def test_a_delivery_that_could_not_be_stored_is_carried_out_when_it_comes_again(store: Store) -> None:
    here = service(store)

    def hide(connection: Connection, _: object) -> None:
        connection.execute(text("ALTER TABLE alerts RENAME TO hidden"))

    def show(connection: Connection, _: object) -> None:
        connection.execute(text("ALTER TABLE hidden RENAME TO alerts"))

    await store.writer.submit(hide, lane=Lane.CLICK)
    outcome = (await asyncio.gather(here.take("sentry", [alert()], delivery="1"), return_exceptions=True))[0]
    assert isinstance(outcome, Exception)
    await store.writer.submit(show, lane=Lane.CLICK)
    assert (await here.take("sentry", [alert()], delivery="1")).incidents == ["INC-1"]
    assert [row.count for row in await store.alerts.since(START)] == [1]


async def test_old_requests_are_erased_but_not_those_of_an_incident_under_legal_hold(
    store: Store, clock: SteppedClock
) -> None:
    here = service(store)
    await here.take("alertmanager", [alert("a")], body="held")
    clock.advance(1)
    await here.take("alertmanager", [alert("a", status="resolved", ends_at=clock.now())], body="held too")
    clock.advance(1)
    await here.take("alertmanager", [alert("b", service="other")], body="old")
    clock.advance(3600)
    await here.take("alertmanager", [alert("c", service="third")], body="new")

    def erase(connection: Connection, _: object) -> int:
        connection.execute(update(INCIDENTS).where(INCIDENTS.c.number == 1).values(held=True))
        return payloads.erase(connection, before=START + timedelta(minutes=1))

    assert await store.writer.submit(erase, lane=Lane.CLICK) == 1
    assert await kept(store) == ["held", "held too", "new"]


async def test_hundreds_of_services_in_one_request_get_their_incidents(store: Store) -> None:
    here = service(store, most_incidents=300)
    taken = await here.take("alertmanager", [alert(f"f{n}", service=f"s{n}") for n in range(300)], body="all")
    assert (taken.accepted, len(taken.incidents)) == (300, 300)
    again = await here.take("alertmanager", [alert("more", service="s7")])
    assert set(again.incidents) < set(taken.incidents)
    assert len(await kept(store)) == 1
