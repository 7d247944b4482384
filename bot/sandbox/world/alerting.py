"""The world's Alertmanager: it tells of the release, then of the trouble, again and again, and of its end.

Everything goes out as real HTTP, as from outside. Whether the alert fires is the world's; here is what was told
already. Time may jump between two looks: then everything that happened meanwhile is told in its order, with its own
times, and a repeat is told once. A receiver that is not there yet is tried again, like Alertmanager does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from bot.sandbox.world.alert_rule import Alerts, Turn
from bot.sandbox.world.world import World

Post = Callable[[Mapping[str, Any]], Awaitable[None]]
Send = Callable[[str, Any], Awaitable[httpx.Response]]
Sleep = Callable[[float], Awaitable[None]]

REPEAT_EVERY = 600.0
#: how far ahead it is known whether the alert turns; somebody should look again by then
FORESIGHT = 600.0
RETRY_AFTER = 0.5


class Alerting:
    """Tells of a world. One at a time may look."""

    def __init__(self, world: World, *, post_alert: Post, post_change: Post, address: str) -> None:
        """``address`` is where the world's metrics are reached; it stands in the alert's links."""
        self._world = world
        self._post_alert, self._post_change = post_alert, post_change
        self._address = address
        self._release_told = False
        self._turns_told = 0
        self._sent = 0.0

    async def look(self) -> None:
        """Afterwards everything up to the world's present time is told: the release, each turn, a repeat if due."""
        if not self._release_told:
            await self._post_change(change_payload(self._world.scenario, started=self._world.state.started))
            self._release_told = True
        alerts, now = self._world.alerts(), self._world.now()
        for number in range(self._turns_told, len(alerts.turns)):
            await self._tell(alerts, number)
            self._turns_told, self._sent = number + 1, now
        if alerts.firing and now - self._sent >= REPEAT_EVERY:
            await self._tell(alerts, len(alerts.turns) - 1)
            self._sent = now

    def next_look(self) -> datetime:
        """When there is something to tell next, as things stand now; at once where something is waiting.

        It is another moment after somebody has set a flag. At most ten minutes ahead.
        """
        alerts, now = self._world.alerts(), self._world.now()
        if not self._release_told or self._turns_told < len(alerts.turns):
            return datetime.fromtimestamp(now, UTC)
        moments = [now + FORESIGHT]
        if alerts.firing:
            moments.append(self._sent + REPEAT_EVERY)
        turn = self._world.next_turn(within=FORESIGHT)
        if turn is not None:
            moments.append(turn)
        return datetime.fromtimestamp(max(min(moments), now), UTC)

    async def _tell(self, alerts: Alerts, number: int) -> None:
        turn = alerts.turns[number]
        fired: Turn = turn if turn.firing else alerts.turns[number - 1]
        await self._post_alert(
            alertmanager_payload(
                self._world.scenario,
                address=self._address,
                started=datetime.fromtimestamp(fired.at, UTC),
                ended=None if turn.firing else datetime.fromtimestamp(turn.at, UTC),
                value=turn.value,
            )
        )


def deliver(client: httpx.AsyncClient, path: str, *, token: str, sleep: Sleep = asyncio.sleep) -> Post:
    """What posts JSON to ``path``, as ``sender`` does it."""
    send = sender(client, token=token, sleep=sleep)

    async def post(body: Mapping[str, Any]) -> None:
        await send(path, body)

    return post


def sender(client: httpx.AsyncClient, *, token: str, sleep: Sleep = asyncio.sleep) -> Send:
    """What posts JSON to a path with the bearer token until it is taken, and returns the answer.

    A receiver that is away or says "later" (5xx, 429) is tried again; any other refusal raises
    ``httpx.HTTPStatusError``, because it would be refused again.
    """

    async def send(path: str, body: Any) -> httpx.Response:
        while True:
            try:
                answer = await client.post(path, json=body, headers={"authorization": f"Bearer {token}"})
            except httpx.TransportError:
                await sleep(RETRY_AFTER)
                continue
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                answer.raise_for_status()
                return answer
            await sleep(RETRY_AFTER)

    return send
