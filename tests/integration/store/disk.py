"""A disk that is full, for a store on SQLite."""

from __future__ import annotations

from sqlalchemy import Connection, text

from bot.service import Service
from bot.store import Lane, Store
from tests.integration.store.services import alert


async def full(store: Store, *, so: bool) -> None:
    """The disk is full: SQLite may not make its file larger than it is."""

    def limit(connection: Connection, _: object) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages if so else 1_000_000}"))

    await store.writer.submit(limit, lane=Lane.CLICK)


async def fill(here: Service) -> None:
    """Until there is no room for one more."""
    for number in range(1000):
        await here.take("alertmanager", [alert(f"f{number}", text="x" * 2000)])
