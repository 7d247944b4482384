"""Alertmanager: silences for exactly the alerts of one incident, and which of them still fire.

Also what speaks its API (version 2): Mimir, Cortex, Amazon's, and Grafana's own under ``/api/alertmanager/grafana``.
A silence gets its id when it is made, and can carry no key of ours: it is known again by its comment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.client import JsonClient
from bot.connectors.failures import SourceRefused

#: Alertmanager lists expired silences too, for five days.
_LONGEST_LIST = 16 * 1024 * 1024
CREATED_BY = "evenkeel"


class _Matcher(msgspec.Struct, frozen=True, rename="camel"):
    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True


class _Status(msgspec.Struct, frozen=True):
    state: str = ""


class _Silence(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    ends_at: datetime
    comment: str = ""
    status: _Status = _Status()


class _Made(msgspec.Struct, frozen=True):
    silence_id: str = msgspec.field(name="silenceID")


class _Alert(msgspec.Struct, frozen=True):
    labels: dict[str, str]


class Silence(msgspec.Struct, frozen=True):
    """A silence that is in force, or is about to be."""

    id: str
    comment: str
    ends_at: datetime


class Alertmanager:
    """Speaks with one Alertmanager; the members of a cluster tell each other, so one address is enough."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def silences(self, *, holding: str) -> tuple[Silence, ...]:
        """Those in force whose comment holds ``holding``. Raises SourceUnavailable."""
        answer = await self.client.get("/api/v2/silences", most=_LONGEST_LIST)
        found = self.client.decoded(answer, list[_Silence], "Alertmanager's silences")
        return tuple(
            Silence(one.id, one.comment, one.ends_at)
            for one in found
            if holding in one.comment and one.status.state != "expired"
        )

    async def silence(self, labels: Mapping[str, str], *, since: datetime, until: datetime, comment: str) -> str:
        """The id of a new silence of what has exactly these labels (an empty value: has no such label) until then.

        Raises ValueError for labels that would fit everything, SourceUnavailable.
        """
        if not any(labels.values()):
            raise ValueError("a silence without a label would silence everything")
        matchers = [_Matcher(name, value) for name, value in sorted(labels.items())]
        body = {
            "matchers": matchers, "startsAt": since, "endsAt": until, "createdBy": CREATED_BY, "comment": comment,
        }  # fmt: skip
        answer = await self.client.send("POST", "/api/v2/silences", body=body)
        return self.client.decoded(answer, _Made, "Alertmanager's silences").silence_id

    async def expire(self, silence_id: str) -> None:
        """The silence is over; one that is over or gone is fine. Raises SourceUnavailable."""
        try:
            await self.client.send("DELETE", f"/api/v2/silence/{quote(silence_id, safe='')}")
        except SourceRefused as refused:
            if refused.status not in (404, 410):
                raise

    async def firing(self) -> tuple[dict[str, str], ...]:
        """The labels of every alert that fires now, silenced or not. Raises SourceUnavailable."""
        answer = await self.client.get("/api/v2/alerts", most=_LONGEST_LIST)
        return tuple(one.labels for one in self.client.decoded(answer, list[_Alert], "Alertmanager's alerts"))
