"""Any service that speaks JSON over HTTP, by the operations that the configuration names.

An operation's ``path``, ``query`` and ``body`` are templates of the call's arguments. The path is escaped as a path,
the body is built as a structure: an argument stays a value wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected
from bot.connectors.settings import ConnectorSettings, OperationSettings
from bot.runbooks.templates import TemplateError, render, render_json

_READING = frozenset({"GET", "HEAD"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Http:
    """Calls one service."""

    def __init__(
        self, name: str, settings: ConnectorSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.client = JsonClient(name, settings, transport=transport)
        self._operations = settings.operations

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON at ``path``, as plain values. Raises SourceUnavailable."""
        return msgspec.json.decode(await self.client.get(path, query))

    async def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Carry out a configured operation; what it answered as plain values, None for an empty answer.

        Raises SourceRefused if surely nothing was changed, SourceUnavailable if nobody can tell. A reading
        operation (GET) changes nothing and may be repeated by whoever calls.
        """
        found = self._operations.get(operation)
        if found is None:
            raise NotConnected(f"{self.client.name} has no operation {operation!r}: add it in evenkeel.yaml")
        method = found.method.upper()
        path, query, body = self._rendered(found, operation, arguments)
        if method in _READING:
            return await self.get(path, query)
        if body is None and method in _WITH_BODY:
            body = dict(arguments)
        answered = await self.client.send(method, path, query=query, body=body)
        return msgspec.json.decode(answered) if answered.strip() else None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def _rendered(
        self, found: OperationSettings, operation: str, arguments: Mapping[str, Any]
    ) -> tuple[str, dict[str, str], Any]:
        try:
            path = render(found.path, arguments, "url")
            query = {key: render(str(value), arguments, "text") for key, value in (found.query or {}).items()}
            body = None if found.body is None else render_json(found.body, arguments)
        except TemplateError as error:
            raise NotConnected(f"{self.client.name}.{operation} cannot be written out: {error}") from None
        return path, query, body
