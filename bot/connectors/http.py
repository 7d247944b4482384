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

    def check(self, operation: str) -> Operation:
        """The operation of that name; raises NotConnected if there is none."""
        found = self._operations.get(operation)
        if found is None:
            raise NotConnected(f"{self.client.name} has no operation {operation!r}: add it in evenkeel.yaml")
        return found

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """What a configured operation answers, or the part of it that its ``value`` names; None for nothing.

        Raises SourceUnavailable.
        """
        found, body = await self._exchange(operation, arguments)
        if found.value is None:
            return body
        try:
            return evaluate(found.value, {"body": body})
        except TemplateError as error:
            raise self.client.broken(str(error)) from None

    async def call(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """Carry out a configured operation, once. A POST, PUT or PATCH without a ``body`` sends the arguments.

        Raises SourceRefused if surely nothing was changed, SourceUnavailable if nobody can tell.
        """
        await self._exchange(operation, arguments)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _exchange(self, operation: str, arguments: Mapping[str, Any]) -> tuple[Operation, Any]:
        found = self.check(operation)
        method = found.method.upper()
        path, query, body = self._rendered(found, operation, arguments)
        if method == "GET":
            return found, await self.get(path, query)
        if body is None and method in _WITH_BODY:
            body = dict(arguments)
        answered = await self.client.send(method, path, query=query, body=body)
        return found, msgspec.json.decode(answered) if answered.strip() else None

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
