"""What ``evenkeel incidents`` prints: page after page from the database, without touching anything."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cli.listed import listed
from bot.config.files import read_settings
from bot.incidents.incident import Incident, Status
from bot.service.listings import MOST_INCIDENTS, Listings
from bot.store import open_store
from bot.web.numbers import number_of
from bot.web.row import row

COLUMNS = ("incident", "severity", "status", "opened_at", "service", "lead", "title")


async def incidents(
    environment: Mapping[str, str], *, status: Status | None, before: str, limit: int, kind: str
) -> str:
    """The ``limit`` newest incidents older than ``before``, if it is given, as text, JSON or CSV."""
    bound = number_of(before) if before else None
    store = open_store(read_settings(environment).database_url, read_only=True)
    found: list[Incident] = []
    try:
        while len(found) < limit:
            most = min(MOST_INCIDENTS, limit - len(found))
            page = await Listings(store).incidents(status=status, before=bound, limit=most)
            found += page.incidents
            bound = page.older
            if bound is None:
                break
    finally:
        store.close()
    return listed([_row(incident) for incident in found], COLUMNS, kind, nothing="No incident.")


def _row(incident: Incident) -> dict[str, str | int]:
    shown = row(incident)
    return {
        "incident": shown.key, "severity": shown.severity or "", "status": shown.status,
        "opened_at": f"{incident.opened_at:%Y-%m-%dT%H:%M:%SZ}", "service": shown.service, "lead": shown.lead,
        "title": shown.title,
    }  # fmt: skip
