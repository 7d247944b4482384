"""What the reading commands print: from the database, beside a running process, without touching anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from bot.clock import SystemClock
from bot.config.files import read_settings
from bot.documents import Documents
from bot.errors import Mistake
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.store import Store, open_store
from bot.store.alerts import Received
from bot.web.numbers import number_of

COLUMNS = ("fingerprint", "source", "status", "count", "first_seen", "last_seen", "incident")


def _documents(environment: Mapping[str, str], store: Store) -> Documents:
    settings = read_settings(environment)
    service = Service(store, settings=settings, library=load_library({}), owner=None)
    return Documents(service, SystemClock(), names={}, folder=Path("templates"))


def _store(environment: Mapping[str, str]) -> Store:
    return open_store(read_settings(environment).database_url, read_only=True)


async def postmortem(environment: Mapping[str, str], key: str, kind: str) -> str:
    """The postmortem of the incident called ``key``."""
    store = _store(environment)
    try:
        return await _documents(environment, store).postmortem(number_of(key), kind)
    finally:
        store.close()


async def timeline(environment: Mapping[str, str], key: str, kind: str) -> str:
    """The timeline of the incident called ``key``."""
    store = _store(environment)
    try:
        return await _documents(environment, store).timeline(number_of(key), kind)
    finally:
        store.close()


async def alerts(environment: Mapping[str, str], since: timedelta, kind: str) -> str:
    """The alerts received in the last ``since``, as text, JSON or CSV."""
    store = _store(environment)
    try:
        rows = [_row(alert) for alert in await store.alerts.since(SystemClock().now() - since)]
    finally:
        store.close()
    if kind == "json":
        return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"
    if kind == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()
    if kind != "text":
        raise Mistake(f"“{kind}” is not a format of alerts; there are text, json and csv")
    return _table(rows)


def _row(alert: Received) -> dict[str, str | int]:
    return {
        "fingerprint": alert.fingerprint, "source": alert.source, "status": alert.status, "count": alert.count,
        "first_seen": f"{alert.first_seen:%Y-%m-%dT%H:%M:%SZ}", "last_seen": f"{alert.last_seen:%Y-%m-%dT%H:%M:%SZ}",
        "incident": f"INC-{alert.number}" if alert.number is not None else "",
    }  # fmt: skip


def _table(rows: list[dict[str, str | int]]) -> str:
    if not rows:
        return "No alert in that time.\n"
    widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in COLUMNS}
    lines = [COLUMNS, *(tuple(str(row[name]) for name in COLUMNS) for row in rows)]
    told = ["  ".join(cell.ljust(widths[name]) for name, cell in zip(COLUMNS, line, strict=True)) for line in lines]
    return "\n".join(line.rstrip() for line in told) + "\n"
