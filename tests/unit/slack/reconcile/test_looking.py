"""Calls whose answer was lost: looked up at once, settled, and only then repeated."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.incidents.events import ChannelOpened, SlackRefused
from bot.slack.plan import Standing
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import START, run
from tests.unit.slack.reconcile.world import CALL, World

FIRST_POST = 3  # users.info twice and conversations.create come before


def with_fault(number: int, fault: str) -> World:
    async def story() -> World:
        world = World({number: fault})  # type: ignore[dict-item]
        world.incident.people = ()
        await Process(world).to_rest()
        return world

    return run(story())


def test_a_post_whose_answer_was_lost_is_looked_up_at_once_and_adopted() -> None:
    world = with_fault(1, "lose_answer")
    assert world.methods.count("conversations.history") == 1
    assert world.began("conversations.history") == pytest.approx(world.began("chat.postMessage") + CALL)
    assert len(world.messages()) == 1


def test_a_post_that_is_not_found_is_repeated_only_after_it_is_settled() -> None:
    world = with_fault(1, "drop_before")
    posts = [at for at, method, args in world.calls if args.get("text") == "card: recall down"]
    assert posts[1] - posts[0] >= 2.0
    assert world.methods.count("conversations.history") == 2
    assert len(world.messages()) == 1


def test_a_channel_whose_answer_was_lost_is_adopted() -> None:
    world = with_fault(0, "lose_answer")
    assert [channel.name for channel in world.channels()] == ["inc-1-fraud"]
    assert world.methods.count("conversations.create") == 1
    assert len([event for event in world.events if isinstance(event, ChannelOpened)]) == 1


def test_a_twin_that_is_found_later_is_deleted() -> None:
    async def story() -> World:
        world = World()
        await Process(world).to_rest()
        first = world.messages()[0]
        twin = {"text": first.text, "metadata": first.metadata, "bot_id": "B0SANDBOX"}
        world.workspace.messages.post(channel=first.channel, user=first.user, **twin)
        row = world.rows["first"]
        world.rows["first"] = Standing(key="first", kind="message", state="intended", intent_at=row.intent_at)
        await Process(world).to_rest()
        assert world.rows["first"].ts == first.ts
        return world

    assert len(run(story()).messages()) == 1


def test_somebody_elses_channel_of_the_same_name_is_left_alone_and_the_next_name_taken() -> None:
    async def story() -> World:
        world = World()
        for name in ("inc-1-fraud", "inc-1-fraud-2"):
            world.workspace.channels.create(name, creator=world.people[0])
        await Process(world).to_rest()
        return world

    world = run(story())
    assert [channel.name for channel in world.channels()] == ["inc-1-fraud-3"]
    assert [event.name for event in world.events if isinstance(event, ChannelOpened)] == ["inc-1-fraud-3"]


def test_a_channel_is_adopted_only_if_its_creator_is_our_bot_even_if_the_bot_is_in_it() -> None:
    async def story() -> World:
        world = World()
        bot = world.workspace.app.bot_user
        world.workspace.channels.create("inc-1-fraud", creator=world.people[0], members=(bot,))
        await Process(world).to_rest()
        return world

    assert [channel.name for channel in run(story()).channels()] == ["inc-1-fraud-2"]


def test_our_own_channel_of_an_earlier_installation_is_not_adopted() -> None:
    async def story() -> World:
        world = World()
        ours = world.workspace.app.bot_user
        world.workspace.channels.create("inc-1-fraud", creator=ours)
        await asyncio.sleep(120)
        await Process(world).to_rest()
        return world

    assert [channel.name for channel in run(story()).channels()] == ["inc-1-fraud", "inc-1-fraud-2"]


def test_a_lost_post_is_found_on_a_later_page_of_a_busy_channel() -> None:
    async def story() -> World:
        world = World({1: "lose_answer"})
        world.incident.people = ()
        busy = asyncio.create_task(_chatter(world))
        await Process(world).to_rest()
        await busy
        return world

    world = run(story())
    assert world.methods.count("conversations.history") > 1
    assert len(world.messages()) == 1


async def _chatter(world: World) -> None:
    await asyncio.sleep(0.19)  # the post is there, its answer is not back yet
    for number in range(450):
        world.workspace.messages.post(channel=world.channels()[0].id, user=world.people[0], text=str(number))


def test_in_a_thread_a_lost_post_is_found_among_the_replies() -> None:
    async def story() -> World:
        world = World({4: "lose_answer"})
        world.incident.people, world.incident.in_thread = (), True
        world.faults = {2: "lose_answer"}  # users.conversations, the announcement, the card
        await Process(world).to_rest()
        return world

    world = run(story())
    assert "conversations.replies" in world.methods
    assert [message.text for message in world.messages(world.lobby)] == ["recall down ", "card: recall down"]


def test_without_history_scopes_an_unanswered_post_is_repeated_once_and_that_is_recorded() -> None:
    async def story() -> World:
        world = World({1: "drop_before"})
        world.incident.people = ()
        world.access.scopes -= {"channels:history", "groups:history"}
        await Process(world).to_rest()
        return world

    world = run(story())
    posts = [at for at, method, args in world.calls if args.get("text") == "card: recall down"]
    assert posts[1] - posts[0] >= 2.0
    assert world.events[1:] == [SlackRefused(surface="first", method="conversations.history", code="missing_scope")]
    assert len(world.messages()) == 1


def test_without_history_scopes_a_post_that_is_lost_twice_is_given_up() -> None:
    async def story() -> World:
        world = World({1: "drop_before"})
        world.incident.people = ()
        world.access.scopes -= {"channels:history", "groups:history"}
        process = Process(world)
        while "bookmark" not in world.rows or len(world.methods) < 8:
            wake_at = await process.bring()
            assert wake_at is not None
            await asyncio.sleep((wake_at - world.clock.now()).total_seconds())
            process.claim()
            world.faults = {len(world.calls) + 1: "lose_answer"}  # after the look comes the second post
        await process.to_rest()
        return world

    world = run(story())
    assert world.rows["first"].state == "refused"
    assert world.events[-1] == SlackRefused(surface="first", method="conversations.history", code="no_answer")
    assert len(world.messages()) == 1


def test_the_settling_time_begins_when_this_process_took_over() -> None:
    async def story() -> list[float]:
        world = World()
        world.incident.people = ()
        long_ago = Standing(key="channel", kind="channel", state="intended", name="inc-1-fraud", intent_at=START)
        await asyncio.sleep(1000)
        world.rows["channel"] = long_ago
        await Process(world).to_rest()
        return [at for at, method, _ in world.calls if method == "conversations.create"]

    assert run(story()) == [pytest.approx(1002, abs=0.2)]


@pytest.mark.parametrize("key", ["first", "channel"])
def test_what_was_made_up_to_a_minute_before_its_intent_is_found_because_clocks_differ(key: str) -> None:
    async def story() -> World:
        world = World()
        await Process(world).to_rest()
        row = world.rows[key]
        assert row.intent_at is not None
        late = row.intent_at + timedelta(seconds=55)
        world.rows[key] = Standing(key=key, kind=row.kind, state="intended", intent_at=late, name=row.name)
        await asyncio.sleep(60)
        await Process(world).to_rest()
        return world

    world = run(story())
    assert len(world.channels()) == 1
    assert len(world.messages()) == 1
    asked = [args for _, method, args in world.calls if method == "conversations.history"]
    assert all(args["include_all_metadata"] for args in asked)
