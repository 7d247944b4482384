"""Flags of Unleash, one environment at a time: on or off, the rollout's percentage, and which variant is served.

The admin API knows no compare-and-swap: with ``since`` the whole state is read once more right before the writing.
A change may need several calls. What turns traffic away from a version comes first, what turns it on comes last, and
if one of several is refused after the first was made, nobody may call that "nothing was changed".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from bot.config.settings import Connector
from bot.connectors.actor import Reading, built_in, required
from bot.connectors.client import JsonClient
from bot.connectors.failures import NotConnected, SourceRefused
from bot.connectors.flag_state import ALL, FlagState, Strategy, Write, changed, plain, shown, writes
from bot.connectors.registry import RegisteredVersion

PROJECTS = "api/admin/projects"


class _Environment(msgspec.Struct):
    name: str
    enabled: bool
    strategies: list[Strategy] = []


class _Feature(msgspec.Struct):
    name: str
    environments: list[_Environment] = []


class Unleash:
    """One Unleash; ``token`` is an admin or service account's, which it wants without the word Bearer."""

    def __init__(self, name: str, settings: Connector, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {**({"Authorization": settings.token} if settings.token else {}), **settings.headers}
        bare = msgspec.structs.replace(settings, token=None, headers=headers)
        self.client = JsonClient(name, bare, transport=transport)

    async def state(self, flag: str, environment: str, *, project: str = "default") -> FlagState:
        """The flag in the environment, targeting included. Raises SourceUnavailable."""
        for one in (await self._feature(flag, project)).environments:
            if one.name == environment:
                return FlagState(enabled=one.enabled, strategies=tuple(one.strategies))
        raise self.client.refused(f"the flag {flag} is not in the environment {environment}")

    async def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """The variants of the flag called ``name``, over all environments. Raises SourceUnavailable.

        A variant's JSON payload (model, prompt, tools, guardrail) is its tags; an environment that it alone is served
        in is an alias.
        """
        aliases: dict[str, list[str]] = {}
        tags: dict[str, dict[str, str]] = {}
        for environment in (await self._feature(name, "default")).environments:
            for variant in (one for strategy in environment.strategies for one in strategy.variants):
                key = str(variant.get("name"))
                tags.setdefault(key, _payload(variant))
                serves = environment.enabled and variant.get("weight") == ALL
                aliases.setdefault(key, []).extend([environment.name] if serves else [])
        return tuple(RegisteredVersion(version=one, aliases=tuple(aliases[one]), tags=tags[one]) for one in aliases)

    def check(self, operation: str) -> object:
        """The operation; raises NotConnected if there is none of that name."""
        return built_in("unleash", self.client.name, operation)

    async def read(self, operation: str, arguments: Mapping[str, Any]) -> Reading:
        """``get``: ``enabled``, ``percentage``, ``variant``, ``percentages``, ``targeting``, and all as ``state``."""
        if required("unleash", self.client.name, operation, arguments).writes:
            raise NotConnected(f"{self.client.name}.{operation} reads nothing; read with 'get'")
        flag, environment, project = _named(arguments)
        state = await self.state(flag, environment, project=project)
        return Reading({"flag": flag, "environment": environment, **shown(state)}, _path(project, flag), None)

    async def call(self, operation: str, arguments: Mapping[str, Any], *, since: Reading | None = None) -> None:
        """``set`` what the arguments say, ``state`` whole or parts of it. What is so already is not written."""
        if not required("unleash", self.client.name, operation, arguments).writes:
            raise NotConnected(f"{self.client.name}.{operation} only reads; an action calls set")
        flag, environment, project = _named(arguments)
        deadline = self.client.deadline()
        async with self.client.before_writing(deadline):
            now = await self.state(flag, environment, project=project)
        known = since is not None and since.path == _path(project, flag)
        if since is not None and known and since.value["state"] != plain(now):
            raise self.client.refused(f"somebody else changed the flag {flag} in {environment} meanwhile")
        try:
            wanted = changed(now, arguments)
        except ValueError as error:
            raise NotConnected(f"{self.client.name}: the flag {flag} in {environment} {error}") from None
        async with self.client.within(deadline):
            await self._write(
                f"{_path(project, flag)}/environments/{quote(environment, safe='')}", writes(now, wanted)
            )

    def undone(self, operation: str, arguments: Mapping[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
        """The same flag with the whole state that was read. Raises SourceRefused if that was not kept."""
        self.check(operation)
        if "state" not in captured:
            raise SourceRefused(f"{self.client.name}: the flag's state before is not known; put it back by hand")
        kept = {key: arguments[key] for key in ("flag", "environment", "project", "service") if key in arguments}
        return {**kept, "state": captured["state"]}

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()

    async def _feature(self, flag: str, project: str) -> _Feature:
        return self.client.decoded(await self.client.get(_path(project, flag)), _Feature, "Unleash")

    async def _write(self, path: str, planned: list[Write]) -> None:
        for number, (method, below, body) in enumerate(planned):
            try:
                await self.client.send(method, f"{path}/{below}", body=body)
            except SourceRefused as error:
                if number == 0:
                    raise
                done = f"{number} of {len(planned)} changes were made, then: {error.said or error}"
                raise self.client.failed(f"stopped half-way: {done}") from None


def _named(arguments: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(arguments["flag"]), str(arguments["environment"]), str(arguments.get("project") or "default")


def _path(project: str, flag: str) -> str:
    return f"{PROJECTS}/{quote(project, safe='')}/features/{quote(flag, safe='')}"


def _payload(variant: Mapping[str, Any]) -> dict[str, str]:
    """What a variant's payload says, if it is a JSON object."""
    payload = variant.get("payload")
    value = payload.get("value") if isinstance(payload, Mapping) else None
    try:
        found = msgspec.json.decode(value) if isinstance(value, str) else None
    except (msgspec.DecodeError, RecursionError):
        return {}
    return {str(key): str(one) for key, one in found.items()} if isinstance(found, dict) else {}
