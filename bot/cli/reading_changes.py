"""What ``evenkeel changes`` prints: the record of changes, from the database, without touching anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.changes.change import Change
from bot.cli.listed import listed
from bot.clock import SystemClock
from bot.config.files import read_settings
from bot.store import open_store

COLUMNS = ("at", "service", "kind", "version", "previous", "about", "by", "source", "url")
#: so many rows are asked for at once
_A_PAGE = 5000


async def changes(environment: Mapping[str, str], since: timedelta, service: str, kind: str) -> str:
    """The changes of the last ``since``, of every service unless one is named, as text, JSON or CSV."""
    store = open_store(read_settings(environment).database_url, read_only=True)
    try:
        ago = SystemClock().now() - since
        page = await store.changes.newest(since=ago, service=service, limit=_A_PAGE)
        found = list(page.changes)
        while page.older is not None:
            page = await store.changes.newest(since=ago, service=service, limit=_A_PAGE, before=page.older)
            found += page.changes
    finally:
        store.close()
    nothing = f"No change{f' of {service}' if service else ''} in that time: send them to POST /changes."
    return listed([_row(change) for change in found], COLUMNS, kind, nothing=nothing)


def _row(change: Change) -> dict[str, str | int]:
    row = {name: getattr(change, name) for name in COLUMNS}
    return row | {"at": f"{change.at:%Y-%m-%dT%H:%M:%SZ}"}
