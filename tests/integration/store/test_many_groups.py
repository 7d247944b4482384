"""Finding where alerts belong costs the same however many incidents there are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot.alerts.alert import Alert
from bot.alerts.routing import Routed
from bot.store import Lane, Store, groups
from bot.store import alerts as rows
from bot.store.alerts import Key
from tests.conftest import Opener
from tests.integration.store.services import alert, service

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
ROUTED = Routed(service="fraud", failure_mode="performance", severity="SEV1")


async def test_the_groups_of_several_services_are_looked_up_and_not_searched_for(
    sqlite_url: str, opened: Opener
) -> None:
    sent: list[tuple[str, Any]] = []

    def noted(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    def job(connection: Connection, _: datetime) -> list[str]:
        event.listen(connection, "before_cursor_execute", noted)
        assert list(groups.lock(connection, [("b", "cost"), ("a", "cost"), ("a", "safety")])) == [
            ("a", "cost"), ("a", "safety"), ("b", "cost"),
        ]  # fmt: skip
        looks = [(statement, parameters) for statement, parameters in sent if statement.startswith("SELECT")]
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given).all() for one, given in looks]
        return [str(row[3]) for plan in plans for row in plan]

    plan = await opened(sqlite_url).writer.submit(job, lane=Lane.INTAKE)
    assert any(line.startswith("SEARCH groups USING INDEX") for line in plan)
    assert not [line for line in plan if line.startswith("SCAN groups")]


async def test_a_storm_whose_alerts_began_one_after_another_is_looked_up_like_one_that_began_at_once(
    sqlite_url: str, opened: Opener
) -> None:
    """Every fingerprint looked for at every beginning was a second for a thousand alerts."""

    def steps(connection: Connection, keys: list[Key]) -> int:
        """How much the database does to find these, in its own measure."""
        taken: list[None] = []
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: taken.append(None), 1)
        found = rows.lock(connection, keys)
        driver.set_progress_handler(None, 1)
        assert [row.key for row in found] == sorted(keys)
        return len(taken)

    def job(connection: Connection, _: datetime) -> tuple[int, int]:
        at_once = [("alertmanager", f"f{n:03}", AT) for n in range(200)]
        one_by_one = [("alertmanager", f"g{n:03}", AT + timedelta(seconds=n)) for n in range(200)]
        for keys in (at_once, one_by_one):
            rows.add(connection, [(_alert(key), ROUTED) for key in keys], at=AT)
        return steps(connection, at_once), steps(connection, one_by_one)

    at_once, one_by_one = await opened(sqlite_url).writer.submit(job, lane=Lane.INTAKE)
    assert one_by_one < at_once * 1.1


async def test_no_statement_of_the_intake_reads_all_alerts(sqlite_url: str, opened: Opener) -> None:
    sent: list[tuple[str, Any]] = []

    def noted(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.append((statement, parameters))

    store = opened(sqlite_url)
    here = service(store)
    event.listen(Engine, "before_cursor_execute", noted)
    try:
        for status in ("firing", "firing", "resolved", "firing", "resolved"):
            await here.take("alertmanager", [alert(f"f{n}", status=status) for n in range(3)])
        await here.take("alertmanager", [alert("f9")])  # joins
    finally:
        event.remove(Engine, "before_cursor_execute", noted)

    def plans(connection: Connection) -> list[str]:
        asked = [one for one in sent if "alerts" in one[0] and one[0].startswith(("SELECT", "UPDATE"))]
        given = [(text, values[0] if isinstance(values, list) else values) for text, values in asked]
        return [
            str(row[3])
            for text, values in given
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        ]

    steps = await store.writer.read(plans)
    assert sum(step.startswith("SEARCH alerts") for step in steps) > 10
    assert [step for step in steps if step.startswith("SCAN alerts")] == []


async def test_only_the_alerts_that_were_asked_for_are_found(store: Store) -> None:
    """Not another one's fingerprint with this one's beginning."""
    keys = [(source, name, AT + timedelta(hours=n)) for source in ("a", "b") for name in "xy" for n in range(2)]

    def job(connection: Connection, _: datetime) -> tuple[list[Key], list[Key]]:
        rows.add(connection, [(_alert(key), ROUTED) for key in keys], at=AT)
        some = [keys[0], keys[3], keys[6], ("b", 'it\'s "x" \\ ü', AT)]
        return [row.key for row in rows.lock(connection, some)], list(rows.numbers(connection, some))

    for found in await store.writer.submit(job, lane=Lane.INTAKE):
        assert found == [keys[0], keys[3], keys[6]]


def _alert(key: Key) -> Alert:
    source, fingerprint, starts_at = key
    return Alert(source=source, fingerprint=fingerprint, status="firing", name="A", starts_at=starts_at)
