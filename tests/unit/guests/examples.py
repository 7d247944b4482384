"""What each tool sends, written by its documentation: an incident as it stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.alerts.sources.source import Request, SourceSettings

NOW = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)

INCIDENT_IO = {
    "event_type": "public_incident.incident_created_v2",
    "public_incident.incident_created_v2": {
        "id": "01FDAG4SAP5TYPT98WGR2N7W91", "reference": "INC-123", "name": "fraud scorer recall is down",
        "permalink": "https://app.incident.io/incidents/123", "severity": {"name": "Critical", "rank": 2},
        "incident_status": {"name": "Investigating", "category": "active"}, "visibility": "public",
        "slack_channel_id": "C02AW36C1M5", "slack_channel_name": "inc-123-recall", "slack_team_id": "T02A1FSLE8J",
        "created_at": "2026-11-21T02:58:10Z", "updated_at": "2026-11-21T03:04:59Z",
    },
}  # fmt: skip
ROOTLY = {
    "event": {"id": "9839c4ca", "type": "incident.created", "issued_at": "2026-11-21T03:05:00Z"},
    "data": {
        "id": "b7eed587", "sequential_id": 19, "title": "Recall is down", "private": False, "status": "started",
        "url": "https://rootly.com/account/incidents/19", "slack_channel_id": "C05J7JSEA23",
        "slack_channel_name": "incident-recall", "severity": {"name": "SEV1"}, "services": [{"name": "Fraud Scorer"}],
    },
}  # fmt: skip
FIREHYDRANT = {
    "data": {
        "incident": {
            "id": "04d9fd1a", "name": "recall", "severity": {"slug": "SEV2", "description": "It hurts."},
            "current_milestone": "started", "updated_at": "2026-11-21 03:04:59 UTC", "priority": {"slug": "P3"},
            "incident_url": "https://app.firehydrant.io/incidents/1", "impacts": [{"name": "fraud-scorer"}],
            "incident_channels": [{"id": "C05J7JSEA23", "name": "inc-602-hark"}],
        }
    },
    "event": {"operation": "CREATED", "resource_type": "incident"},
}  # fmt: skip
PAGERDUTY = {
    "event": {
        "id": "5ac64822", "event_type": "incident.resolved", "resource_type": "incident",
        "occurred_at": "2026-11-21T03:04:59.123Z",
        "data": {
            "id": "PGR0VU2", "type": "incident", "status": "resolved", "title": "recall", "urgency": "high",
            "html_url": "https://acme.pagerduty.com/incidents/PGR0VU2", "priority": {"summary": "P1"},
        },
    }
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "incident-io": INCIDENT_IO, "rootly": ROOTLY, "firehydrant": FIREHYDRANT, "pagerduty": PAGERDUTY,
}  # fmt: skip


def request(body: Any, secrets: tuple[str, ...] = (), /, **headers: str) -> Request:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        headers=named, body=content, at=NOW, tokens=("token",), settings=SourceSettings(secrets=secrets)
    )  # fmt: skip


def changed(tool: str, **values: Any) -> Any:
    """The tool's example with other values in its incident."""
    body = json.loads(json.dumps(BODIES[tool]))
    inner = {"incident-io": lambda: body["public_incident.incident_created_v2"], "rootly": lambda: body["data"],
             "firehydrant": lambda: body["data"]["incident"]}[tool]()  # fmt: skip
    inner.update(values)
    return body
