"""MLflow's model registry: versions with their tags, and aliases, which an action may move.

Facts it rests on: an unknown alias is a 400, an unknown model or version a 404; the search of versions does not show
aliases, the model itself does; ``DELETE`` wants its arguments as a JSON body. MLflow keeps no history of aliases: of
the past only the registrations of versions are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.actor import Reading, built_in, given_back, required
from bot.connectors.changes import Deployed
from bot.connectors.client import Answer, JsonClient
from bot.connectors.failures import NotConnected, SourceRefused
from bot.connectors.registry import RegisteredVersion, moment

API = "api/2.0/mlflow"
ALIAS = f"{API}/registered-models/alias"
#: A list of versions is read in pages of so many, and never more than so many pages.
PAGE = 100
PAGES = 5


class _Tag(msgspec.Struct):
    key: str
    value: str = ""


class _Version(msgspec.Struct):
    version: str | int
    creation_timestamp: int | None = None
    run_id: str | None = None
    status: str = ""
    tags: list[_Tag] = []


class _Found(msgspec.Struct):
    model_versions: list[_Version] = []
    next_page_token: str = ""


class _Alias(msgspec.Struct):
    alias: str
    version: str | int


class _Model(msgspec.Struct):
    aliases: list[_Alias] = []


class _ModelAnswer(msgspec.Struct):
    registered_model: _Model


class _AliasAnswer(msgspec.Struct):
    model_version: _Version


class Mlflow:
    """One registry."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.client = JsonClient(name, settings, transport=transport)
        self.services = settings.services

    async def changes(self, service: str, *, since: datetime) -> tuple[Deployed, ...]:
        """When versions of the service's model were registered since then. Raises SourceUnavailable."""
        found = await self.versions(self.services[service])
        return tuple(
            Deployed(service, "registered", one.version, None, None, None, one.created_at)
            for one in found
            if one.created_at is not None and one.created_at >= since
        )

    async def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """Every version of the model, the newest first. Raises SourceUnavailable."""
        by_version: dict[str, list[str]] = {}
        async with self.client.within():
            aliases, found = await self.aliases(name), await self._search(name)
        for alias, version in aliases.items():
            by_version.setdefault(version, []).append(alias)
        return tuple(_registered(one, by_version) for one in found)

    async def aliases(self, name: str) -> dict[str, str]:
        """Alias -> version of the model. Raises SourceUnavailable, also for a model that is not registered."""
        answer = await self.client.get(f"{API}/registered-models/get", {"name": name})
        model = self.client.decoded(answer, _ModelAnswer, "MLflow").registered_model
        return {one.alias: str(one.version) for one in model.aliases}

    async def alias(self, name: str, alias: str) -> str | None:
        """The version that the alias names, None if the model has no such alias. Raises SourceUnavailable."""
        try:
            answer = await self.client.get(ALIAS, {"name": name, "alias": alias})
        except SourceRefused as error:
            if error.status == 400 and "not found" in error.said:
                return None
            raise
        return str(self.client.decoded(answer, _AliasAnswer, "MLflow").model_version.version)

    async def set_alias(self, name: str, alias: str, version: str | None) -> None:
        """The alias names ``version`` afterwards; None takes the alias away. Called once.

        Raises SourceRefused if surely nothing was changed, SourceUnavailable if nobody can tell.
        """
        body = {"name": name, "alias": alias}
        if version is None:
            await self.client.send("DELETE", ALIAS, body=body)
        else:
            await self.client.send("POST", ALIAS, body={**body, "version": str(version)})

    def check(self, operation: str) -> object:
        """The operation; raises NotConnected if there is none of that name."""
        return built_in("mlflow", self.client.name, operation)

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Reading:
        """``alias``: ``{name, alias, version}``, with version None where there is no such alias yet."""
        if required("mlflow", self.client.name, operation, arguments).writes:
            raise NotConnected(f"{self.client.name}.{operation} reads nothing; read with 'alias'")
        name = str(arguments["name"])
        if operation == "versions":
            return Reading(msgspec.to_builtins(await self.versions(name)), operation, None)
        alias = str(arguments["alias"])
        return Reading({"name": name, "alias": alias, "version": await self.alias(name, alias)}, ALIAS, None)

    async def call(self, operation: str, arguments: Mapping[str, Any], *, since: Reading | None = None) -> None:
        """``set_alias``, once; version None takes the alias away.

        MLflow marks no states: with ``since`` the alias is read once more right before, and a move by somebody else
        is SourceRefused.
        """
        version = arguments.get("version", "")
        said = {**arguments, "version": "none" if version is None else version}
        needed = required("mlflow", self.client.name, operation, said)
        if not needed.writes:
            raise NotConnected(f"{self.client.name}.{operation} only reads; an action calls set_alias")
        name, alias = str(arguments["name"]), str(arguments["alias"])
        deadline = self.client.deadline()
        async with self.client.before_writing(deadline):
            known = since is not None and since.path == ALIAS
            if since is not None and known and await self.alias(name, alias) != since.value["version"]:
                raise self.client.refused(f"somebody else moved the alias {alias} of {name} meanwhile")
        async with self.client.within(deadline):
            await self.set_alias(name, alias, None if version is None else str(version))

    def undone(self, operation: str, arguments: Mapping[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
        """The same alias at the version that was read; without one the alias is taken away again."""
        self.check(operation)
        return given_back(self.client.name, arguments, captured, but=("name", "alias"))

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _search(self, name: str) -> list[_Version]:
        if "'" in name or '"' in name or "`" in name:
            raise NotConnected(f"{self.client.name}: {name[:60]!r} is not the name of a model")
        asked = {"filter": f"name='{name}'", "max_results": str(PAGE), "order_by": "version_number DESC"}
        found: list[_Version] = []
        for _ in range(PAGES):
            answer: Answer = await self.client.get(f"{API}/model-versions/search", asked)
            page = self.client.decoded(answer, _Found, "MLflow")
            found += page.model_versions
            if not page.next_page_token:
                break
            asked["page_token"] = page.next_page_token
        return found


def _registered(one: _Version, aliases: Mapping[str, list[str]]) -> RegisteredVersion:
    version = str(one.version)
    return RegisteredVersion(
        version=version, aliases=tuple(sorted(aliases.get(version, ()))),
        tags={tag.key: tag.value for tag in one.tags}, created_at=moment(one.creation_timestamp),
        run_id=one.run_id or "", status=one.status,
    )  # fmt: skip
