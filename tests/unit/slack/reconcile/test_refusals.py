"""What Slack says no to, what it puts off, and what the incident does then."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import LeaseLost
from bot.incidents.events import ChannelRefused, SlackRefused
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import START, run
from tests.unit.slack.reconcile.world import World


def test_where_channels_may_not_be_created_the_incident_lives_in_the_thread_of_its_announcement() -> None:
    async def story() -> World:
        world = World()
        world.access.channels_may_be_created = False
        world.incident.more = ("more",)
        await Process(world).to_rest()
        return world

    world = run(story())
    assert world.channels() == []
    assert world.events == [ChannelRefused(code="restricted_action")]
    head, *replies = world.messages(world.lobby)
    assert [reply.text for reply in replies] == ["card: recall down", "more"]
    assert {reply.thread_ts for reply in replies} == {head.ts}
    assert not {"conversations.invite", "conversations.setTopic", "pins.add", "bookmarks.add"} & set(world.methods)


def test_a_permanent_refusal_is_recorded_once_and_not_tried_again_until_the_drawing_changes() -> None:
    async def story() -> World:
        world = World()
        world.refusals["conversations.setTopic"] = ["too_long"] * 9
        process = Process(world)
        for _ in range(3):
            await process.to_rest()
            process.claim()
        assert world.methods.count("conversations.setTopic") == 1
        world.incident.title = "shorter"
        await process.to_rest()
        assert world.methods.count("conversations.setTopic") == 2
        process.claim()
        world.refusals.clear()
        world.incident.title = "short"
        await process.to_rest()
        return world

    world = run(story())
    assert world.events[1:] == [SlackRefused(surface="topic", method="conversations.setTopic", code="too_long")]
    assert world.channels()[0].topic == "short"


def test_a_refused_card_is_posted_when_its_drawing_changes() -> None:
    async def story() -> World:
        world = World()
        world.refusals["chat.postMessage"] = ["invalid_blocks"]
        process = Process(world)
        await process.to_rest()
        assert world.rows["first"].error == "invalid_blocks"
        world.incident.title = "drawn well"
        process.claim()
        await process.to_rest()
        return world

    assert [message.text for message in run(story()).messages()] == ["card: drawn well"]


@pytest.mark.parametrize("harm", ["archive", "delete"])
def test_when_the_channel_is_archived_or_deleted_the_incident_goes_on_elsewhere(harm: str) -> None:
    async def story() -> World:
        world = World()
        process = Process(world)
        await process.to_rest()
        getattr(world.workspace.channels, harm)(world.channels()[0].id, user=world.people[0])
        for title in ("one", "two"):
            world.incident.title = title
            process.claim()
            await process.to_rest()
            await asyncio.sleep(10)
        return world

    world = run(story())
    code = "is_archived" if harm == "archive" else "channel_not_found"
    refused = {event.surface: event.code for event in world.events if isinstance(event, SlackRefused)}
    assert refused == {"first": code, "topic": code}
    assert len([event for event in world.events if isinstance(event, SlackRefused)]) == 2
    assert world.messages(world.lobby)[0].text == "two <#C>"


@pytest.mark.parametrize(
    ("method", "code"), [("pins.add", "already_pinned"), ("conversations.invite", "already_in_channel")]
)
def test_what_is_there_already_is_as_good_as_done(method: str, code: str) -> None:
    async def story() -> World:
        world = World()
        world.refusals[method] = [code]
        await Process(world).to_rest()
        return world

    world = run(story())
    assert {row.state for row in world.rows.values()} == {"placed"}
    assert len(world.events) == 1


def test_a_rate_limit_is_never_waited_for_inside_and_loses_nothing() -> None:
    async def story() -> World:
        world = World({1: "429"})
        world.incident.people = ()
        process = Process(world)
        wake_at = await process.bring()
        assert asyncio.get_running_loop().time() < 1
        assert wake_at is not None
        assert START + timedelta(seconds=4) < wake_at < START + timedelta(seconds=5)
        assert "first" not in world.rows, "an intent whose call was surely not carried out is taken back"
        await asyncio.sleep((wake_at - world.clock.now()).total_seconds())
        process.claim()
        await process.to_rest()
        return world

    world = run(story())
    assert "conversations.history" not in world.methods
    assert [message.text for message in world.messages()] == ["card: recall down"]


def test_a_limit_that_another_replica_was_told_holds_here_too() -> None:
    async def story() -> World:
        world = World()
        world.limited["conversations.create"] = START + timedelta(seconds=30)
        process = Process(world)
        assert await process.bring() == START + timedelta(seconds=30)
        return world

    assert "conversations.create" not in run(story()).methods


def test_a_call_starts_only_if_the_lease_outlives_its_time_limit() -> None:
    async def story() -> World:
        world = World()
        process = Process(world)
        process.lease.until = START + timedelta(seconds=9)
        with pytest.raises(LeaseLost):
            await process.bring()
        return world

    assert "conversations.create" not in run(story()).methods


def test_who_lost_the_lease_stops_at_the_next_write() -> None:
    async def story() -> World:
        world = World()
        process = Process(world)
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(0.15)
        world.lease_no += 1
        with pytest.raises(LeaseLost):
            await bringing
        return world

    assert run(story()).rows["first"].state == "intended"


def test_a_lease_that_is_renewed_meanwhile_goes_on_counting() -> None:
    async def story() -> World:
        world = World()
        process = Process(world)
        process.lease.until = START + timedelta(seconds=10.05)
        bringing = asyncio.create_task(process.bring())
        await asyncio.sleep(0.03)
        process.lease.until = START + timedelta(seconds=40)
        await bringing
        return world

    assert len(run(story()).messages()) == 1


def test_a_token_that_was_revoked_puts_everything_off_and_loses_nothing() -> None:
    async def story() -> World:
        world = World()
        world.incident.people = ()
        for method in ("conversations.create", "chat.postMessage"):
            world.refusals[method] = ["token_revoked"]
        process = Process(world)
        assert await process.bring() == START + timedelta(seconds=30.102)
        process.claim()
        await asyncio.sleep(30)
        await process.to_rest()
        return world

    world = run(story())
    assert [message.text for message in world.messages()] == ["card: recall down"]
    assert len(world.events) == 1


def test_a_card_that_was_refused_does_not_keep_later_messages_from_coming() -> None:
    async def story() -> World:
        world = World()
        world.refusals["chat.postMessage"] = ["invalid_blocks"]
        world.incident.more = ("approve?",)
        await Process(world).to_rest()
        return world

    world = run(story())
    assert [message.text for message in world.messages()] == ["approve?"]
    assert "pin" not in world.rows
