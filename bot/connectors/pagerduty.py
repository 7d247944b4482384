"""PagerDuty: pages by its Events API v2; who is on call, and notes on its incidents, by its REST API.

The two live at two addresses with two keys (``events.pagerduty.com`` with a service's integration key,
``api.pagerduty.com`` with an API key), so they are two connectors of this kind.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from bot.config.secret import Secret
from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.connectors.pager import Page

#: Events API v2: what it calls how bad it is.
_SEVERITIES = {"SEV1": "critical", "SEV2": "critical", "SEV3": "error", "SEV4": "warning"}
_LONGEST_SUMMARY, _LONGEST_KEY = 1024, 255
#: before the id of an escalation policy, where a schedule could stand
POLICY = "policy:"
_VERSION = "application/vnd.pagerduty+json;version=2"


class _User(msgspec.Struct, frozen=True):
    email: str = ""


class _OnCall(msgspec.Struct, frozen=True):
    user: _User
    escalation_level: int = 1


class _OnCalls(msgspec.Struct, frozen=True):
    oncalls: list[_OnCall]


class _Note(msgspec.Struct, frozen=True):
    content: str = ""


class _Notes(msgspec.Struct, frozen=True):
    notes: list[_Note]


class PagerDuty:
    """Speaks with PagerDuty; ``token`` is the API key or the integration key, by which address it is."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._key = str(settings.token or "")
        headers = {
            **settings.headers,
            "accept": Secret(_VERSION),
            "authorization": Secret(f"Token token={self._key}"),
        }
        self.client = JsonClient(name, msgspec.structs.replace(settings, headers=headers), transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def page(self, page: Page) -> None:
        """Ring: a ``trigger`` whose ``dedup_key`` is the page's. Raises SourceUnavailable."""
        payload = {
            "summary": page.summary[:_LONGEST_SUMMARY],
            "source": page.service or page.incident,
            "severity": _SEVERITIES.get(page.severity or "", "critical"),
            "component": page.service,
            "group": page.incident,
        }
        links = [{"href": page.link, "text": page.incident}] if page.link else []
        await self._event("trigger", page.key, payload=payload, links=links)

    async def quiet(self, key: str, *, resolved: bool) -> None:
        """Acknowledge or resolve; PagerDuty drops what it does not know. Raises SourceUnavailable."""
        await self._event("resolve" if resolved else "acknowledge", key)

    async def _event(self, action: str, key: str, **more: Any) -> None:
        body = {"routing_key": self._key, "event_action": action, "dedup_key": key[:_LONGEST_KEY], **more}
        await self.client.send("POST", "/v2/enqueue", body=body)

    async def notes(self, incident: str) -> tuple[str, ...]:
        """The texts of the incident's notes; ``incident`` is its id there. Raises SourceUnavailable."""
        answer = await self.client.get(f"/incidents/{quote(incident, safe='')}/notes")
        return tuple(one.content for one in self.client.decoded(answer, _Notes, "PagerDuty's notes").notes)

    async def note(self, incident: str, text: str) -> None:
        """The incident has one more note. Raises SourceUnavailable.

        A key of the whole account needs a header ``From``, the address of a user there, in evenkeel.yaml.
        """
        body = {"note": {"content": text}}
        await self.client.send("POST", f"/incidents/{quote(incident, safe='')}/notes", body=body)

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The addresses of those on call now: of a schedule, or of the first level of an escalation ``policy:ID``.

        Raises SourceUnavailable.
        """
        policy = schedule.startswith(POLICY)
        which = "escalation_policy_ids[]" if policy else "schedule_ids[]"
        query = {which: schedule.removeprefix(POLICY), "include[]": "users", "limit": "100"}
        answer = await self.client.get("/oncalls", query)
        found = self.client.decoded(answer, _OnCalls, "PagerDuty's on-calls").oncalls
        first = min((one.escalation_level for one in found), default=1)
        people = [one.user.email for one in found if one.user.email and (not policy or one.escalation_level == first)]
        return tuple(dict.fromkeys(people))
