"""Slack's official client, whose calls go straight to the sandbox's methods: slowly, and sometimes wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.methods import METHODS
from bot.sandbox.workspace.methods.arguments import Arguments, Request
from bot.sandbox.workspace.values import SlackSays
from tests.unit.slack.reconcile.world import CALL, Fault, World


class _Response:
    def __init__(self, status: int, data: dict[str, Any], headers: Mapping[str, str]) -> None:
        self.status_code = status
        self.data = data
        self.headers = headers


_DROPPED = _Response(0, {}, {})


class SlackInMemory(AsyncWebClient):
    """Slack's official client whose calls go straight to the sandbox's methods."""

    def __init__(self, world: World, *, point: Callable[[], Awaitable[None]]) -> None:
        super().__init__(token=world.workspace.app.bot_token)
        self._point = point
        self._world = world
        self._inside_slack: set[asyncio.Task[_Response]] = set()

    async def api_call(  # type: ignore[override]
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        **_: Any,
    ) -> _Response:
        await self._point()
        fault = self._world.faults.pop(len(self._world.calls), None)
        arguments = dict(json or params or {})
        self._world.calls.append((asyncio.get_running_loop().time(), api_method, arguments))
        # Slack goes on with what it was sent, whatever becomes of us
        working = asyncio.create_task(self._work(api_method, arguments, fault))
        self._inside_slack.add(working)
        working.add_done_callback(self._inside_slack.discard)
        response = await asyncio.shield(working)
        await self._point()
        if response is _DROPPED:
            raise ConnectionResetError
        if response.status_code == 200 and response.data["ok"]:
            return response
        raise SlackApiError(str(response.data), response)  # type: ignore[no-untyped-call]

    async def _work(self, method: str, arguments: dict[str, Any], fault: Fault | None) -> _Response:
        await asyncio.sleep(CALL / 2 + (1.7 if fault == "slow" else 0.0))
        if fault == "drop_before":
            return _DROPPED
        if fault == "never":
            await asyncio.sleep(60)
        if fault == "429":
            return _Response(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "4"})
        if fault == "500_before":
            return _Response(500, {}, {})
        answer = self._answer(method, msgspec.json.decode(msgspec.json.encode(arguments)))
        await asyncio.sleep(CALL / 2)
        if fault == "lose_answer":
            return _DROPPED
        return _Response(500, {}, {}) if fault == "500_after" else _Response(200, answer, {})

    def _answer(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if self._world.refusals.get(name):
            return {"ok": False, "error": self._world.refusals[name].pop(0)}
        method = METHODS[name]
        request = Request(
            Arguments(arguments),
            workspace=self._world.workspace,
            access=self._world.access,
            journal=self._world.journal,
            base_url="",
        )
        try:
            self._world.access.check_scope(method.scopes, request.channel_if_any())
            return {"ok": True, **method.run(request)}
        except SlackSays as refusal:
            return {"ok": False, "error": refusal.code, **refusal.extra}
