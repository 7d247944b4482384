"""The world's Alertmanager: it tells of the release, then of the drop, again and again, and of its end.

Everything goes out as real HTTP, as from outside. What decides is pure: ``AlertState.after`` takes a value and a
time. A receiver that is not there yet is tried again, like Alertmanager does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from bot.sandbox.world.alert_payloads import alertmanager_payload, change_payload
from bot.sandbox.world.scenarios import AlertRule
from bot.sandbox.world.world import World

Post = Callable[[Mapping[str, Any]], Awaitable[None]]
Sleep = Callable[[float], Awaitable[None]]

LOOK_EVERY = 1.0
REPEAT_EVERY = 30.0
RETRY_AFTER = 0.5


class AlertState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the alert stands. Times are seconds since 1970.

    ``since`` is when the value crossed the line towards the other state, None while it has not.
    """

    firing: bool
    changed: float
    since: float | None = None

    def after(self, rule: AlertRule, value: float | None, now: float) -> AlertState:
        """The state once ``value`` was seen at ``now``. No value leaves everything as it is."""
        if value is None:
            return self
        crossing = value >= rule.below if self.firing else value < rule.below
        if not crossing:
            return msgspec.structs.replace(self, since=None)
        since = now if self.since is None else self.since
        if now - since >= (rule.keep if self.firing else rule.pending):
            return AlertState(firing=not self.firing, changed=now)
        return msgspec.structs.replace(self, since=since)


async def run_world(
    world: World, *, post_alert: Post, post_change: Post, address: str, sleep: Sleep = asyncio.sleep
) -> None:
    """Send the release, then the alert, repeats of it, and its end; the same for every relapse. Ends by cancelling.

    ``address`` is where the world's metrics are reached; it stands in the alert's links.
    """
    await post_change(change_payload(world.scenario, started=world.state.started))
    # the drop is as old as the release; the rule's patience has just run out when the scenario starts
    state, sent = AlertState(firing=True, changed=world.state.started), 0.0
    await sleep(LOOK_EVERY)
    while True:
        now, recall = world.now(), min(world.live_recall().values(), default=None)
        before, state = state, state.after(world.scenario.alert, recall, now)
        if state.firing != before.firing or (state.firing and now - sent >= REPEAT_EVERY):
            fired = state.changed if state.firing else before.changed
            await post_alert(
                alertmanager_payload(
                    world.scenario,
                    address=address,
                    started=datetime.fromtimestamp(fired, UTC),
                    ended=None if state.firing else datetime.fromtimestamp(now, UTC),
                    recall=recall or 0.0,
                )
            )
            sent = now
        await sleep(LOOK_EVERY)


def deliver(client: httpx.AsyncClient, path: str, *, token: str, sleep: Sleep = asyncio.sleep) -> Post:
    """What posts JSON to ``path`` with the bearer token until it is taken.

    A receiver that is away or says "later" (5xx, 429) is tried again; any other refusal raises
    ``httpx.HTTPStatusError``, because it would be refused again.
    """

    async def post(body: Mapping[str, Any]) -> None:
        while True:
            try:
                answer = await client.post(path, json=body, headers={"authorization": f"Bearer {token}"})
            except httpx.TransportError:
                await sleep(RETRY_AFTER)
                continue
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and not answer.is_server_error:
                answer.raise_for_status()
                return
            await sleep(RETRY_AFTER)

    return post
