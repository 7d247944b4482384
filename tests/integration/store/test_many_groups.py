"""Finding where alerts belong costs the same however many incidents there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event

from bot.store import Lane, groups
from tests.conftest import Opener


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
