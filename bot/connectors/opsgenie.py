"""Opsgenie: pages by its alerts, and who is on call by its schedules."""

from __future__ import annotations

import re
from urllib.parse import quote

import httpx
import msgspec

from bot.config.secret import Secret
from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.connectors.failures import SourceRefused
from bot.connectors.pager import Page

_PRIORITIES = {"SEV1": "P1", "SEV2": "P2", "SEV3": "P3", "SEV4": "P4"}
_LONGEST_MESSAGE, _LONGEST_ALIAS = 130, 512
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SOURCE = "evenkeel"


class _Recipients(msgspec.Struct, frozen=True, rename="camel"):
    on_call_recipients: list[str] = []


class _OnCalls(msgspec.Struct, frozen=True):
    data: _Recipients


class Opsgenie:
    """Speaks with Opsgenie; ``token`` is an API key. Who is rung is said by the rules of the key's team there."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {**settings.headers, "authorization": Secret(f"GenieKey {settings.token or ''}")}
        self.client = JsonClient(name, msgspec.structs.replace(settings, headers=headers), transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def page(self, page: Page) -> None:
        """Ring: an alert whose ``alias`` is the page's key. Raises SourceUnavailable."""
        body = {
            "message": page.summary[:_LONGEST_MESSAGE],
            "description": page.summary,
            "alias": page.key[:_LONGEST_ALIAS],
            "priority": _PRIORITIES.get(page.severity or "", "P2"),
            "entity": page.service,
            "source": _SOURCE,
            "details": {"incident": page.incident, **({"link": page.link} if page.link else {})},
        }
        await self.client.send("POST", "/v2/alerts", body=body)

    async def quiet(self, key: str, *, resolved: bool) -> None:
        """Acknowledge or close the alert; one that is not there is fine. Raises SourceUnavailable."""
        alias, act = quote(key[:_LONGEST_ALIAS], safe=""), "close" if resolved else "acknowledge"
        try:
            await self.client.send(
                "POST", f"/v2/alerts/{alias}/{act}", query={"identifierType": "alias"}, body={"source": _SOURCE}
            )
        except SourceRefused as refused:
            if refused.status != 404:
                raise

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The addresses of those on call now by a schedule, named by id or by name. Raises SourceUnavailable."""
        kind = "id" if _UUID.fullmatch(schedule) else "name"
        query = {"scheduleIdentifierType": kind, "flat": "true"}
        answer = await self.client.get(f"/v2/schedules/{quote(schedule, safe='')}/on-calls", query)
        found = self.client.decoded(answer, _OnCalls, "Opsgenie's on-calls")
        return tuple(dict.fromkeys(found.data.on_call_recipients))
