"""What becomes of one call: drawn late, repeated or not, and what its errors mean."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import SlackFailed, SlackLimited, SlackRefusal, SlackUnknown
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import run
from tests.unit.slack.reconcile.world import Fault, World


async def called(world: World, method: str, *, creating: bool = False, **arguments: Any) -> dict[str, Any] | None:
    process = Process(world)
    return await process.gateway.call(method, lambda: arguments, creating=creating)


async def topic_set(world: World) -> dict[str, Any] | None:
    return await called(world, "conversations.setTopic", channel=world.lobby.id, topic="quiet")


@pytest.mark.parametrize("fault", ["drop_before", "lose_answer", "500_before", "500_after"])
def test_a_call_that_repeats_harmlessly_is_repeated_with_growing_pauses(fault: Fault) -> None:
    async def story() -> World:
        world = World({0: fault, 1: fault})
        await topic_set(world)
        return world

    world = run(story())
    at = [began for began, _, _ in world.calls]
    assert at[2] - at[1] > at[1] - at[0] > 0
    assert world.workspace.channels.get(world.lobby.id).topic == "quiet"


def test_after_four_attempts_it_says_that_slack_is_away() -> None:
    async def story(world: World) -> None:
        await topic_set(world)

    async def everything() -> World:
        world = World(dict.fromkeys(range(9), "500_before"))
        with pytest.raises(SlackFailed):
            await story(world)
        return world

    assert len(run(everything()).calls) == 4


@pytest.mark.parametrize("fault", ["drop_before", "lose_answer", "500_before", "500_after"])
def test_a_creating_call_is_never_repeated_and_nobody_says_that_it_was_not_carried_out(fault: Fault) -> None:
    async def story() -> World:
        world = World({0: fault})
        with pytest.raises(SlackUnknown):
            await called(world, "conversations.create", creating=True, name="inc-1")
        return world

    assert len(run(story()).calls) == 1


@pytest.mark.parametrize("code", ["internal_error", "fatal_error"])
def test_trouble_inside_slack_leaves_open_whether_something_was_created(code: str) -> None:
    async def story(*, creating: bool) -> World:
        world = World()
        world.refusals["conversations.create"] = [code]
        await called(world, "conversations.create", creating=creating, name="inc-1")
        return world

    with pytest.raises(SlackUnknown):
        run(story(creating=True))
    assert len(run(story(creating=False)).calls) == 2


def test_an_answer_that_takes_longer_than_ten_seconds_is_unknown_and_the_call_is_not_repeated() -> None:
    async def story() -> float:
        world = World(dict.fromkeys(range(9), "never"))
        with pytest.raises(SlackUnknown, match="timeout"):
            await topic_set(world)
        assert len(world.calls) == 1
        return asyncio.get_running_loop().time()

    assert run(story()) == pytest.approx(10.0)


def test_a_429_closes_the_method_for_all_replicas() -> None:
    async def story() -> World:
        world = World({0: "429"})
        with pytest.raises(SlackLimited) as limited:
            await topic_set(world)
        assert limited.value.retry_after == 4
        with pytest.raises(SlackLimited):
            other = Process(world)
            await other.gateway.learn_limits()
            await other.gateway.call("conversations.setTopic", dict)
        return world

    world = run(story())
    assert len(world.calls) == 1
    assert set(world.limited) == {"conversations.setTopic"}


def test_a_call_is_drawn_when_its_slot_comes_and_not_before() -> None:
    async def story() -> list[float]:
        process = Process(World())
        drawn = []

        def drawing() -> dict[str, Any]:
            drawn.append(asyncio.get_running_loop().time())
            return {"channel": process.world.lobby.id, "text": "now"}

        for _ in range(4):
            await process.gateway.call("chat.postMessage", drawing, creating=True, channel="C1")
        return drawn

    assert run(story())[-1] == pytest.approx(1.0)


def test_what_is_not_wanted_when_its_slot_comes_is_not_sent() -> None:
    async def story() -> World:
        world = World()
        assert await Process(world).gateway.call("chat.postMessage", lambda: None) is None
        return world

    assert run(story()).calls == []


def test_a_refusal_names_the_scope_that_is_missing_and_the_cure() -> None:
    async def story() -> None:
        world = World()
        world.access.scopes.clear()
        await topic_set(world)

    with pytest.raises(SlackRefusal, match=r"missing_scope \(channels:manage\); add the scope"):
        run(story())


def test_answers_that_somebody_waits_for_never_queue_behind_messages() -> None:
    async def story() -> float:
        process = Process(World())
        gateway = process.gateway
        arguments = {"channel": process.world.lobby.id, "text": "x", "user": process.world.people[0]}
        for _ in range(100):
            await gateway.answer("chat.postEphemeral", arguments)
        began = asyncio.get_running_loop().time()
        await gateway.answer("chat.postEphemeral", arguments)
        return asyncio.get_running_loop().time() - began

    assert run(story()) == pytest.approx(0.1)


def test_the_clients_own_repeating_is_switched_off() -> None:
    async def story() -> int:
        return len(Process(World()).client.retry_handlers)

    assert run(story()) == 0


def test_views_open_never_queues_behind_messages() -> None:
    async def story() -> World:
        process = Process(World())
        gateway, lobby = process.gateway, process.world.lobby.id
        process.world.limited["views.open"] = process.world.clock.now() + timedelta(minutes=1)
        await gateway.learn_limits()
        posts = [
            asyncio.create_task(
                gateway.call("chat.postMessage", lambda: {"channel": lobby, "text": "x"}, channel=lobby)
            )
            for _ in range(5)
        ]
        await asyncio.sleep(0)
        with pytest.raises(SlackRefusal):  # that trigger is long over; Slack was asked at once
            await gateway.answer("views.open", {"trigger_id": "1.2.3", "view": {}})
        await asyncio.gather(*posts)
        return process.world

    assert run(story()).began("views.open") == 0.0


def test_an_answer_that_somebody_waits_for_is_sent_at_most_once() -> None:
    async def story() -> World:
        world = World({0: "500_before"})
        arguments = {"channel": world.lobby.id, "text": "x", "user": world.people[0]}
        with pytest.raises(SlackUnknown):
            await Process(world).gateway.answer("chat.postEphemeral", arguments)
        return world

    assert len(run(story()).calls) == 1
