"""The incidents channel hears what was refused: once an hour for each reason, whoever of the replicas says it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.clock import SteppedClock
from bot.errors import SlackError, SlackFailed, SlackLimited, SlackUnknown
from bot.refusals import RefusalsTold
from bot.service.intake import Figures
from bot.service.refusing import Refusing
from bot.store import Store
from bot.store.refusals import AGAIN
from tests.conftest import START, Opener
from tests.integration.store.disk import full

HOUR = AGAIN.total_seconds()
A_MINUTE = 61.0


class Channel:
    """The incidents channel; ``trouble`` is what Slack says instead of taking a message."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.trouble: SlackError | None = None
        self.asked = 0

    async def post(self, message: dict[str, Any]) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        assert message["channel"] == "#ml-incidents"
        self.heard.append(message["blocks"][0]["text"]["text"])

    def of(self, store: Store) -> RefusalsTold:
        return RefusalsTold(store, post=self.post, channel="#ml-incidents")


@pytest.fixture
def channel() -> Channel:
    return Channel()


Refuse = Callable[..., Awaitable[None]]


@pytest.fixture
def refuse(store: Store, clock: SteppedClock) -> Refuse:
    """So many notifications are refused, and it is written down."""

    async def some(
        times: int = 1,
        *,
        source: str = "grafana",
        kind: str = "not_json",
        by: Store = store,
        reason: str = "not JSON",
    ) -> None:
        refusing = Refusing(by, Figures())
        for _ in range(times):
            refusing.refuse(source, kind, reason, at=clock.now(), body=lambda: "{")
        await refusing.close()

    return some


async def test_nothing_is_said_of_nothing(store: Store, channel: Channel) -> None:
    await channel.of(store).look()
    assert channel.heard == []


async def test_it_is_said_once_how_many_since_when_and_what_helps(
    store: Store, channel: Channel, refuse: Refuse
) -> None:
    await refuse(14)
    for _ in range(3):
        await channel.of(store).look()
    (said,) = channel.heard
    assert said.startswith(":warning: *14 notifications of `grafana` were refused since <!date^")
    assert "what they say is not JSON" in said
    assert "Mend the template" in said
    assert "`evenkeel replay-alert 5` shows what came and why" in said


async def test_what_goes_on_is_said_again_after_an_hour_with_as_many_as_came_since(
    store: Store, channel: Channel, refuse: Refuse, clock: SteppedClock
) -> None:
    await refuse()
    await channel.of(store).look()
    clock.advance(60)
    await refuse(3)
    clock.advance(HOUR - 61)
    await channel.of(store).look()
    assert len(channel.heard) == 1
    clock.advance(1)
    await channel.of(store).look()
    assert "3 notifications of `grafana`" in channel.heard[1]
    clock.advance(HOUR)
    await channel.of(store).look()
    assert len(channel.heard) == 2, "nothing more was refused"


async def test_another_source_or_reason_is_said_at_once(store: Store, channel: Channel, refuse: Refuse) -> None:
    await refuse()
    await channel.of(store).look()
    await refuse(source="sentry")
    await refuse(kind="too_large", reason="The body is over 1 MiB")
    await channel.of(store).look()
    assert ["sentry" in said or "Max alerts" in said for said in channel.heard] == [False, True, True]


async def test_while_slack_is_away_it_waits_and_then_says_all(
    store: Store, channel: Channel, refuse: Refuse, clock: SteppedClock
) -> None:
    channel.trouble = SlackFailed("chat.postMessage", "no_connection")
    await refuse()
    await channel.of(store).look()
    await refuse()
    channel.trouble = None
    clock.advance(A_MINUTE)
    await channel.of(store).look()
    await channel.of(store).look()
    assert ["2 notifications" in said for said in channel.heard] == [True]


async def test_what_slack_perhaps_heard_is_not_said_twice(
    store: Store, channel: Channel, refuse: Refuse, clock: SteppedClock
) -> None:
    channel.trouble = SlackUnknown("chat.postMessage", "timeout")
    await refuse()
    await channel.of(store).look()
    channel.trouble = None
    clock.advance(A_MINUTE)
    await channel.of(store).look()
    assert channel.heard == []


async def test_a_restart_does_not_say_it_again(
    database_url: str, store: Store, channel: Channel, refuse: Refuse, opened: Opener
) -> None:
    await refuse()
    await channel.of(store).look()
    store.close()
    await channel.of(opened(database_url)).look()
    assert len(channel.heard) == 1


@pytest.mark.postgres
async def test_of_several_replicas_one_says_it_with_the_number_of_all(
    replicas: tuple[Store, Store], channel: Channel, clock: SteppedClock
) -> None:
    for store in replicas:
        refusing = Refusing(store, Figures())
        refusing.refuse("grafana", "shape", "odd", at=clock.now(), body=lambda: "{}", times=2)
        await refusing.close()
    await asyncio.gather(*(channel.of(store).look() for store in replicas))
    assert ["4 notifications" in said for said in channel.heard] == [True]


async def test_while_the_database_is_full_refusals_wait_in_memory(sqlite_url: str, opened: Opener) -> None:
    store = opened(sqlite_url)
    refusing = Refusing(store, Figures())
    await full(store, so=True)
    refusing.refuse("grafana", "not_json", "not JSON", at=START, body=lambda: "x" * 100_000)
    await refusing.close()
    await full(store, so=False)
    await refusing.close()
    (refusal,) = await store.refusals.since(START)
    assert (refusal.count, refusal.request) == (1, 1)


async def test_a_clock_that_goes_back_silences_nobody(
    store: Store, channel: Channel, refuse: Refuse, clock: SteppedClock
) -> None:
    await refuse()
    await channel.of(store).look()
    clock.advance(-2 * HOUR)
    await refuse()
    await channel.of(store).look()
    assert len(channel.heard) == 2


async def test_while_slack_limits_the_channel_nothing_more_is_tried_and_all_is_told_a_minute_later(
    store: Store, clock: SteppedClock, channel: Channel, refuse: Refuse
) -> None:
    for source in ("grafana", "datadog", "sentry"):
        await refuse(source=source)
    channel.trouble = SlackLimited("chat.postMessage", 1.0)
    await channel.of(store).look()
    assert channel.asked == 1
    channel.trouble = None
    clock.advance(A_MINUTE)
    await channel.of(store).look()
    assert len(channel.heard) == 3
