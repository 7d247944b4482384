"""Who may call when: tiers, one post a second in a channel, severity first, and what a 429 said."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.errors import SlackLimited
from bot.slack.slots import BURST_IN_A_CHANNEL, Rank, Slots
from tests.unit.slack.reconcile.virtual_time import START, VirtualClock, run


def slots() -> Slots:
    return Slots(clock=VirtualClock(), sleep=asyncio.sleep)


def now() -> float:
    return asyncio.get_running_loop().time()


async def take(these: Slots, method: str, *, channel: str | None = None, rank: Rank = ()) -> float:
    """When the slot came."""
    await these.take(method, channel=channel, rank=rank)
    return now()


def test_calls_within_a_minutes_allowance_go_at_once() -> None:
    async def story() -> list[float]:
        these = slots()
        return [await take(these, "conversations.create") for _ in range(20)]

    assert run(story()) == [0.0] * 20


def test_who_would_wait_longer_than_two_seconds_is_told_how_long() -> None:
    async def story() -> None:
        these = slots()
        for _ in range(20):
            await these.take("conversations.create", channel=None, rank=())
        await these.take("conversations.create", channel=None, rank=())

    with pytest.raises(SlackLimited) as limited:
        run(story())
    assert limited.value.retry_after == pytest.approx(3.0)


def test_posts_in_one_channel_go_one_a_second_after_a_burst() -> None:
    async def story() -> list[float]:
        these = slots()
        return [await take(these, "chat.postMessage", channel="C1") for _ in range(BURST_IN_A_CHANNEL + 2)]

    assert run(story()) == pytest.approx([0.0] * BURST_IN_A_CHANNEL + [1.0, 2.0])


def test_a_busy_channel_does_not_hold_up_the_others() -> None:
    async def story() -> float:
        these = slots()
        for _ in range(BURST_IN_A_CHANNEL):
            await take(these, "chat.postMessage", channel="C1")
        waiting = asyncio.create_task(take(these, "chat.postMessage", channel="C1"))
        await asyncio.sleep(0)
        other = await take(these, "chat.postMessage", channel="C2", rank=(9,))
        await waiting
        return other

    assert run(story()) == 0.0


def test_the_severest_incident_goes_first_and_then_the_oldest() -> None:
    async def story() -> list[Rank]:
        these = slots()
        for _ in range(80):
            await take(these, "users.info", rank=(2, 1))
        order: list[Rank] = []

        async def call(rank: Rank) -> None:
            await take(these, "users.info", rank=rank)
            order.append(rank)

        calls = []
        for rank in [(3, 7), (3, 5)]:
            calls.append(asyncio.create_task(call(rank)))
            await asyncio.sleep(0.01)
        calls.append(asyncio.create_task(call((1, 9))))
        await asyncio.gather(*calls)
        return order

    order = run(story())
    assert order == [(1, 9), (3, 5), (3, 7)]


def test_a_storm_of_lesser_incidents_leaves_slots_for_sev1() -> None:
    async def story() -> tuple[int, list[float]]:
        these = slots()
        lesser = 0
        with suppress(SlackLimited):
            while True:
                await take(these, "conversations.create", rank=(1, lesser))
                lesser += 1
        return lesser, [await take(these, "conversations.create", rank=(0, 99)) for _ in range(3)]

    lesser, severe = run(story())
    assert lesser == 16
    assert severe == [pytest.approx(severe[0])] * 3


def test_a_limited_method_waits_until_slack_listens_again_and_others_do_not() -> None:
    async def story() -> list[float]:
        these = slots()
        these.close("chat.update", START + timedelta(seconds=1.5))
        return [await take(these, "pins.add"), await take(these, "chat.update")]

    assert run(story()) == pytest.approx([0.0, 1.5])


def test_a_shorter_limit_that_is_learned_later_does_not_open_a_method_earlier() -> None:
    async def story() -> None:
        these = slots()
        these.close("chat.update", START + timedelta(seconds=30))
        these.close("chat.update", START + timedelta(seconds=1))
        await take(these, "chat.update")

    with pytest.raises(SlackLimited):
        run(story())
