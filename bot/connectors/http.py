"""Any service that speaks JSON over HTTP, by the operations that the configuration names.

An operation's ``path``, ``query`` and ``body`` are templates of the call's arguments. The path is escaped as a path,
the body is built as a structure: an argument stays a value wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from bot.config.settings import Connector, Operation
from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected
from bot.runbooks.templates import TemplateError, evaluate, render, render_json

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Http:
    """Calls one service."""

    def __init__(
        self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.client = JsonClient(name, settings, transport=transport)
        self._operations = settings.operations

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON at ``path``, as plain values. Raises SourceUnavailable."""
        return msgspec.json.decode(await self.client.get(path, query))

    async def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Carry out a configured operation; what it answered as plain values, None for an empty answer.

        A writing operation without a ``body`` sends the arguments. Raises SourceRefused if surely nothing was
        changed, SourceUnavailable if nobody can tell.
        """
        found = self._operations.get(operation)
        if found is None:
            raise NotConnected(f"{self.client.name} has no operation {operation!r}: add it in evenkeel.yaml")
        method = found.method.upper()
        path, query, body = self._rendered(found, operation, arguments)
        if method == "GET":
            return self._part(found, await self.get(path, query))
        if body is None and method in _WITH_BODY:
            body = dict(arguments)
        answered = await self.client.send(method, path, query=query, body=body)
        return self._part(found, msgspec.json.decode(answered)) if answered.strip() else None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    def _part(self, found: Operation, body: Any) -> Any:
        """The part of an answer that the operation is about. What a write answers does not undo it: kept whole."""
        if found.value is None or found.method.upper() != "GET":
            return body
        try:
            return evaluate(found.value, {"body": body})
        except TemplateError as error:
            raise self.client.broken(str(error)) from None

    def _rendered(
        self, found: Operation, operation: str, arguments: Mapping[str, Any]
    ) -> tuple[str, dict[str, str], Any]:
        try:
            path = render(found.path, arguments, "url")
            query = {key: render(str(value), arguments, "text") for key, value in found.query.items()}
            body = None if found.body is None else render_json(found.body, arguments)
        except TemplateError as error:
            raise NotConnected(f"{self.client.name}.{operation} cannot be written out: {error}") from None
        return path, query, body
