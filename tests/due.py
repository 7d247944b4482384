"""When something is due next, for tests in which time stands still until then."""

from __future__ import annotations

from datetime import datetime

from bot.store import Store


async def next_due(store: Store) -> datetime | None:
    """As the store says it."""
    return (await store.leases.outlook()).next_due
