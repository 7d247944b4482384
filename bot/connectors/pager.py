"""What rings: the one face of every pager, and the pager that is an operation of an HTTP service.

A page carries a key. The same key again is the same call, so repeating one whose answer was lost is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected
from bot.connectors.http import Http


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One call. ``severity`` is SEV1 to SEV4 or not known; ``link`` leads to the incident."""

    key: str
    summary: str
    incident: str
    service: str
    severity: str | None = None
    link: str = ""


@runtime_checkable
class Pager(Protocol):
    """Something that rings for people."""

    client: JsonClient

    async def page(self, page: Page) -> None:
        """Ring; again with the same key is harmless. Raises SourceUnavailable."""

    async def quiet(self, key: str, *, resolved: bool) -> None:
        """Its own incident is acknowledged, or resolved; one that it does not know is fine. SourceUnavailable."""


@runtime_checkable
class Schedules(Protocol):
    """Something that knows who is on call."""

    async def on_call(self, schedule: str) -> tuple[str, ...]:
        """The e-mail addresses of those on call now, each once. Raises SourceUnavailable."""


class HttpPager:
    """Rings by an operation of an HTTP service, with ``key summary incident service severity link``.

    ``acknowledge`` and ``resolve`` are operations of that service too, called with the ``key``, if it has them.
    """

    def __init__(self, http: Http, operation: str) -> None:
        self.client = http.client
        self._http = http
        self._operation = operation

    async def page(self, page: Page) -> None:
        """Ring. Raises SourceUnavailable."""
        given: Mapping[str, Any] = {**msgspec.structs.asdict(page), "severity": page.severity or ""}
        await self._http.call(self._operation, given)

    async def quiet(self, key: str, *, resolved: bool) -> None:
        """Whatever rings may stop, where the service has an operation for it. Raises SourceUnavailable."""
        operation = "resolve" if resolved else "acknowledge"
        try:
            self._http.check(operation)
        except NotConnected:
            return
        await self._http.call(operation, {"key": key})


def emails(found: Any) -> tuple[str, ...]:
    """The texts of a list (or the one text) that stand for people, each once; nothing for anything else."""
    listed = found if isinstance(found, list | tuple) else [found]
    return tuple(dict.fromkeys(one.strip() for one in listed if isinstance(one, str) and one.strip()))
