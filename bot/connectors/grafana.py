"""Grafana: a mark on its dashboards that leads to the incident (annotations API).

An annotation is known again by its tags: the installation and the incident.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import JsonClient


class _Found(msgspec.Struct, frozen=True):
    id: int


class Grafana:
    """Speaks with one Grafana; ``token`` is a service account's, which may write annotations."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def annotated(self, tags: Sequence[str]) -> bool:
        """Whether an annotation with all these tags is there. Raises SourceUnavailable."""
        query = urlencode([*(("tags", tag) for tag in tags), ("limit", "1"), ("type", "annotation")])
        answer = await self.client.get(f"/api/annotations?{query}")
        return bool(self.client.decoded(answer, list[_Found], "Grafana's annotations"))

    async def annotate(
        self, text: str, *, tags: Sequence[str], at: datetime, dashboard: str = "", panel: int | None = None
    ) -> None:
        """The text stands at ``at``: on that panel or dashboard, or where dashboards show what has these tags.

        Raises SourceUnavailable.
        """
        body: dict[str, object] = {"text": text, "tags": list(tags), "time": round(at.timestamp() * 1000)}
        body |= {"dashboardUID": dashboard} if dashboard else {}
        body |= {"panelId": panel} if dashboard and panel is not None else {}
        await self.client.send("POST", "/api/annotations", body=body)
