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
from bot.connectors.actor import Reading, given_back
from bot.connectors.client import Answer, JsonClient
from bot.connectors.failures import NotConnected
from bot.connectors.registry import RegisteredVersion, versions_from
from bot.runbooks.expressions import paths
from bot.runbooks.templates import TemplateError, evaluate, expressions_in, render, render_json

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Http:
    """Calls one service."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)
        self._operations = settings.operations

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """The JSON at ``path``, as plain values. Raises SourceUnavailable."""
        return msgspec.json.decode((await self.client.get(path, query)).body)

    def check(self, operation: str) -> Operation:
        """The operation of that name; raises NotConnected if there is none."""
        found = self._operations.get(operation)
        if found is None:
            raise NotConnected(f"{self.client.name} has no operation {operation!r}: add it in evenkeel.yaml")
        return found

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Reading:
        """What a configured operation answers, or the part of it that its ``value`` names; None for nothing.

        Raises SourceUnavailable.
        """
        found = self.check(operation)
        path, answer = await self._exchange(found, operation, arguments)
        body = msgspec.json.decode(answer.body) if answer.body else None
        mark = answer.etag if found.method.upper() == "GET" and not (answer.etag or "W/").startswith("W/") else None
        if found.value is None:
            return Reading(body, path, mark)
        try:
            return Reading(evaluate(found.value, {"body": body}), path, mark)
        except TemplateError as error:
            raise self.client.broken(str(error)) from None

    async def call(self, operation: str, arguments: Mapping[str, Any], *, since: Reading | None = None) -> None:
        """Carry out a configured operation, once. A POST, PUT or PATCH without a ``body`` sends the arguments.

        With ``since``, only if nothing changed since that reading, where reading and call share a path and the
        service marks its states (ETag). Raises SourceRefused if surely nothing was changed, SourceUnavailable if
        nobody can tell.
        """
        await self._exchange(self.check(operation), operation, arguments, since)

    def undone(self, operation: str, arguments: Mapping[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
        """The same call with every argument as it was read, and with what else of the reading the operation names."""
        back = given_back(f"{self.client.name}.{operation}", arguments, captured)
        named = _named(self.check(operation).body)
        return {**{key: value for key, value in captured.items() if key in named}, **back}

    async def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """What the configured operation ``versions`` lists for ``name``. Raises SourceUnavailable."""
        value = (await self.read("versions", {"name": name})).value
        if not isinstance(value, list):
            raise self.client.broken("versions are a list of texts or of mappings with 'version'")
        try:
            return versions_from(value)
        except (ValueError, TypeError) as error:
            raise self.client.broken(str(error)) from None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _exchange(
        self, found: Operation, operation: str, arguments: Mapping[str, Any], since: Reading | None = None
    ) -> tuple[str, Answer]:
        path, answer = await self._asked(found, operation, arguments, since)
        if found.status and answer.status not in found.status:
            wanted = " or ".join(str(status) for status in found.status)
            raise self.client.failed(f"answered {answer.status} to {operation}, where {wanted} is success")
        return path, answer

    async def _asked(
        self, found: Operation, operation: str, arguments: Mapping[str, Any], since: Reading | None
    ) -> tuple[str, Answer]:
        method = found.method.upper()
        path, query, body = self._rendered(found, operation, arguments)
        if method == "GET":
            return path, await self.client.get(path, query)
        if body is None and method in _WITH_BODY:
            body = dict(arguments)
        mark = since.mark if since is not None and since.path == path else None
        return path, await self.client.send(method, path, query=query, body=body, if_match=mark)

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


def _named(body: Any) -> frozenset[str]:
    """The arguments that the templates of an operation's body name."""
    if isinstance(body, Mapping):
        return frozenset[str]().union(*(_named(value) for value in body.values()))
    if isinstance(body, list | tuple):
        return frozenset[str]().union(*(_named(value) for value in body))
    if not isinstance(body, str):
        return frozenset()
    return frozenset(path[0] for tree in expressions_in(body) for path in paths(tree))
