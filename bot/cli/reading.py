"""What the reading commands print: from the database, beside a running process, without touching anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.alerts.refused import Refusal
from bot.cli.listed import listed
from bot.clock import SystemClock
from bot.config.files import read_settings
from bot.documents import Documents, nobody
from bot.runbooks.loading import load_library
from bot.service import Service
from bot.slack.gateway import Gateway
from bot.slack.people import People
from bot.store import open_store
from bot.store.alerts import Received
from bot.web.numbers import number_of

COLUMNS = (
    "fingerprint", "source", "status", "count", "first_seen", "last_seen", "incident", "request", "service", "alert",
    "quiet",
)  # fmt: skip

#: a table is read by people; the whole reason stands with the request
_LONGEST_REASON = 120


@asynccontextmanager
async def _documents(environment: Mapping[str, str]) -> AsyncIterator[Documents]:
    """Documents from the database; people's names from Slack where a token is at hand."""
    settings = read_settings(environment)
    clock = SystemClock()
    store = open_store(settings.database_url, read_only=True)
    service = Service(store, settings=settings, library=load_library({}))
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(token=settings.bot_token, base_url=settings.slack_api_url, session=session)
            gateway = Gateway(client, clock=clock, limits=store.placements, call_limit=3.0)
            names = People(gateway).names if settings.bot_token else nobody
            yield Documents(service, clock, names=names, folder=Path("templates"))
    finally:
        store.close()


async def postmortem(environment: Mapping[str, str], key: str, kind: str) -> str:
    """The postmortem of the incident called ``key``."""
    async with _documents(environment) as documents:
        return await documents.postmortem(number_of(key), kind)


async def timeline(environment: Mapping[str, str], key: str, kind: str) -> str:
    """The timeline of the incident called ``key``."""
    async with _documents(environment) as documents:
        return await documents.timeline(number_of(key), kind)


async def alerts(environment: Mapping[str, str], since: timedelta, kind: str) -> str:
    """The alerts received in the last ``since``, and what was refused, as text, JSON or CSV."""
    store = open_store(read_settings(environment).database_url, read_only=True)
    at = SystemClock().now() - since
    try:
        rows = [_row(alert) for alert in await store.alerts.since(at)]
        rows += [_refused(refusal) for refusal in await store.refusals.since(at)]
    finally:
        store.close()
    rows.sort(key=lambda row: str(row["last_seen"]), reverse=True)
    return listed(rows, COLUMNS, kind, nothing="No alert in that time.")


def _refused(refusal: Refusal) -> dict[str, str | int]:
    """What could not be taken in of a source, for one kind of reason."""
    reason = "".join(letter if letter.isprintable() else " " for letter in refusal.reason)
    reason = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return {
        **dict.fromkeys(COLUMNS, ""), "source": refusal.source, "status": "refused", "count": refusal.count,
        "first_seen": f"{refusal.first_at:%Y-%m-%dT%H:%M:%SZ}", "last_seen": f"{refusal.last_at:%Y-%m-%dT%H:%M:%SZ}",
        "request": refusal.request if refusal.request is not None else "", "alert": reason,
    }  # fmt: skip


def _row(alert: Received) -> dict[str, str | int]:
    return {
        "fingerprint": alert.fingerprint, "source": alert.source, "status": alert.status, "count": alert.count,
        "first_seen": f"{alert.first_seen:%Y-%m-%dT%H:%M:%SZ}", "last_seen": f"{alert.last_seen:%Y-%m-%dT%H:%M:%SZ}",
        "incident": f"INC-{alert.number}" if alert.number is not None else "",
        "request": alert.payload if alert.payload is not None else "",
        "service": alert.service, "alert": alert.name,
        "quiet": alert.muted if alert.status == "firing" else "",
    }  # fmt: skip
