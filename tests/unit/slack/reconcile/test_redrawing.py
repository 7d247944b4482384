"""What changes after the opening: coalesced, drawn late, and never what people removed."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.incidents.events import SlackRefused
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import run
from tests.unit.slack.reconcile.world import World


async def opened() -> tuple[World, Process]:
    world = World()
    process = Process(world)
    await process.to_rest()
    world.calls.clear()
    process.claim()
    return world, process


async def _storm(changes: int, seconds: float) -> World:
    world, process = await opened()
    began = asyncio.get_running_loop().time()
    for number in range(changes):
        world.incident.title = f"change {number}"
        await process.bring()
        process.claim()
        await asyncio.sleep(max(0.0, began + (number + 1) * seconds / changes - asyncio.get_running_loop().time()))
    await process.to_rest()
    return world


def test_a_change_is_one_update_of_each_message_that_shows_it() -> None:
    async def story() -> World:
        world, process = await opened()
        world.incident.title = "recall recovered"
        await process.to_rest()
        return world

    assert sorted(run(story()).methods) == ["chat.update", "chat.update", "conversations.setTopic"]


def test_in_a_storm_a_card_is_redrawn_four_times_at_once_and_then_at_most_every_five_seconds() -> None:
    world = run(_storm(changes=50, seconds=10.0))
    updates = [at for at, method, args in world.calls if method == "chat.update" and "card" in args["text"]]
    assert updates[0] == min(at for at, _, _ in world.calls)
    assert all(later - earlier >= 4.9 for earlier, later in itertools.pairwise(updates[4:]))
    assert len(updates) <= 4 + 3
    assert world.messages()[0].text == "card: change 49"


def test_a_burst_of_fifty_events_while_a_call_waits_becomes_one_update() -> None:
    async def story() -> World:
        world, process = await opened()
        world.incident.title = "change 0"
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(0)
        for number in range(1, 50):
            world.incident.title = f"change {number}"
        await bringing
        return world

    world = run(story())
    assert world.methods.count("chat.update") == 2
    assert world.messages()[0].text == "card: change 49"


def test_what_is_not_wanted_any_more_when_its_slot_comes_is_not_sent() -> None:
    async def story() -> World:
        world, process = await opened()
        world.incident.more = ("one", "two")
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(0.05)  # the first of the two is under way
        world.incident.more = ("one",)
        await bringing
        await process.to_rest()
        return world

    world = run(story())
    assert [message.text for message in world.messages()] == ["card: recall down", "one"]
    assert "more:two" not in world.rows


def test_a_post_that_waits_for_its_slot_is_not_sent_once_it_is_not_wanted() -> None:
    async def story() -> World:
        world, process = await opened()
        world.incident.more = ("one", "two", "three")  # with the card, one more than a channel takes at once
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(0.5)
        world.incident.more = ("one", "two")
        await bringing
        return world

    assert [message.text for message in run(story()).messages()][1:] == ["one", "two"]


def test_an_update_is_drawn_when_its_slot_comes_and_not_before() -> None:
    async def story() -> World:
        world, process = await opened()
        world.limited["chat.update"] = world.clock.now() + timedelta(seconds=1.5)  # short enough to be waited for
        world.incident.title = "before"
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(1.0)
        world.incident.title = "after"
        await bringing
        return world

    sent = [args["text"] for _, method, args in run(story()).calls if method == "chat.update"]
    assert sorted(sent) == ["after <#C>", "card: after"]


def test_posts_in_the_channel_come_in_the_order_of_the_view_and_not_two_at_once() -> None:
    async def story() -> World:
        world, process = await opened()
        world.incident.more = ("one", "two", "three")
        await process.to_rest()
        return world

    world = run(story())
    posts = [at for at, method, _ in world.calls if method == "chat.postMessage"]
    assert [message.text for message in world.messages()][1:] == ["one", "two", "three"]
    assert all(later - earlier > 0.099 for earlier, later in itertools.pairwise(posts))


def test_a_message_that_people_removed_is_posted_once_more_and_pinned_and_then_refused() -> None:
    async def story() -> World:
        world, process = await opened()
        for title in ("one", "two", "three"):
            card = world.messages()[0]
            if title != "three":
                world.workspace.messages.delete(card.channel, card.ts)
            world.incident.title = title
            await process.to_rest()
            process.claim()
            await asyncio.sleep(10)
            if title == "one":
                assert world.messages()[0].text == "card: one"
                assert world.messages()[0].ts in world.channels()[0].pins
            if not world.messages():
                break
        world.calls.clear()
        world.incident.title = "four"
        await process.to_rest()
        return world

    world = run(story())
    assert world.messages() == []
    refusals = [event for event in world.events if isinstance(event, SlackRefused)]
    assert refusals == [SlackRefused(surface="first", method="chat.update", code="message_not_found")]
    assert not any("card" in args.get("text", "") for _, _, args in world.calls)


def test_what_people_unpinned_and_removed_stays_removed_while_nothing_changes() -> None:
    async def story() -> World:
        world, process = await opened()
        (channel,) = world.channels()
        world.workspace.channels.set_pins(channel.id, (), user=world.people[0])
        world.workspace.channels.set_bookmarks(channel.id, (), user=world.people[0])
        world.workspace.channels.leave(channel.id, user=world.people[0])
        await process.to_rest()
        return world

    assert run(story()).methods == []


def test_who_left_the_channel_is_not_invited_again_when_somebody_else_is() -> None:
    async def story() -> World:
        world, process = await opened()
        cleo = world.workspace.directory.add_person("cleo", "Cleo Chen")
        world.workspace.channels.leave(world.channels()[0].id, user=world.people[0])
        world.incident.people = (*world.people, cleo.id)
        await process.to_rest()
        assert cleo.id in world.channels()[0].members
        return world

    world = run(story())
    assert world.people[0] not in world.channels()[0].members


@pytest.mark.parametrize("number", [1, 120, 250])
def test_everybody_is_invited_a_hundred_at_a_time(number: int) -> None:
    async def story() -> World:
        world = World()
        crowd = [world.workspace.directory.add_person(f"p{n}", f"P {n}").id for n in range(number)]
        world.incident.people = tuple(crowd)
        process = Process(world, allow_guests=True)
        await process.to_rest()
        return world

    world = run(story())
    invited = [args["users"].split(",") for _, method, args in world.calls if method == "conversations.invite"]
    assert [len(batch) for batch in invited] == [100] * (number // 100) + ([number % 100] if number % 100 else [])
