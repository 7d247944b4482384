"""One incident in a listing, for programs and for the terminal."""

from __future__ import annotations

import msgspec

from bot.incidents.incident import Incident


class IncidentRow(msgspec.Struct, frozen=True):
    """One incident in a listing."""

    key: str
    title: str
    service: str
    severity: str | None
    status: str
    opened_at: str
    lead: str
    channel: str
    reports: int = 0
    first_reported_by_users: bool = False


def row(incident: Incident) -> IncidentRow:
    """The incident as a listing shows it; of a private one, that it is there."""
    if incident.private:
        return IncidentRow(
            key=incident.key, title="private", service="", severity=None, status=incident.status,
            opened_at=incident.opened_at.isoformat(), lead=incident.lead, channel="",
        )  # fmt: skip
    return IncidentRow(
        key=incident.key, title=incident.title, service=incident.service, severity=incident.severity,
        status=incident.status, opened_at=incident.opened_at.isoformat(), lead=incident.lead,
        channel=incident.channel, reports=incident.reports, first_reported_by_users=incident.reported_first,
    )  # fmt: skip
