"""From nothing to a channel where people can work: which calls, in which order, how long."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from bot.incidents.events import ChannelOpened
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import run
from tests.unit.slack.reconcile.world import CALL, COMMIT, World


async def _opened() -> World:
    world = World()
    await Process(world).to_rest()
    return world


def test_the_first_message_is_the_second_of_two_calls_one_after_the_other() -> None:
    world = run(_opened())
    assert world.began("conversations.create") == pytest.approx(COMMIT)
    assert world.began("chat.postMessage") == pytest.approx(COMMIT + CALL)


def test_the_invitations_go_out_beside_the_first_message() -> None:
    world = run(_opened())
    assert world.began("conversations.invite") == world.began("chat.postMessage")


def test_everything_is_set_up_within_three_and_a_third_call_times() -> None:
    world = run(_opened())
    last = max(at for at, _, _ in world.calls)
    assert last + CALL <= 3.3 * CALL


def test_opening_makes_each_call_once_and_no_other() -> None:
    world = run(_opened())
    assert sorted(world.methods) == [
        "bookmarks.add", "chat.postMessage", "chat.postMessage", "conversations.create", "conversations.invite",
        "conversations.setTopic", "pins.add", "users.conversations", "users.info", "users.info",
    ]  # fmt: skip


def test_the_channel_shows_what_was_drawn() -> None:
    world = run(_opened())
    (channel,) = world.channels()
    assert channel.name == "inc-1-fraud"
    assert channel.topic == "recall down"
    assert set(world.people) <= set(channel.members)
    assert [m.text for m in world.messages()] == ["card: recall down"]
    assert channel.pins == (world.messages()[0].ts,)
    assert [mark.title for mark in channel.bookmarks] == ["INC-1"]
    assert [m.text for m in world.messages(world.lobby)] == ["recall down <#C>"]


def test_all_intents_of_the_opening_are_one_commit_before_the_first_call() -> None:
    world = run(_opened())
    at, keys = world.commits[0]
    assert set(keys) == {"channel", "first", "bookmark"}
    assert at <= world.calls[0][0] or world.methods[0] == "users.info"


def test_the_log_is_told_once_that_the_channel_is_open() -> None:
    world = run(_opened())
    (channel,) = world.channels()
    assert world.events == [ChannelOpened(channel=channel.id, name="inc-1-fraud")]


def test_messages_carry_the_name_of_their_surface() -> None:
    world = run(_opened())
    assert world.messages()[0].metadata == {
        "event_type": "evenkeel",
        "event_payload": {"surface": "test/INC-1/first"},
    }


def test_a_second_look_at_an_incident_that_did_not_change_calls_nothing() -> None:
    async def story() -> tuple[list[str], list[str]]:
        world = World()
        process = Process(world)
        await process.to_rest()
        before = world.methods
        process.claim()
        await process.to_rest()
        return before, world.methods

    before, after = run(story())
    assert before == after


def test_the_commit_of_an_answer_is_not_awaited_before_the_next_call() -> None:
    with patch("tests.unit.slack.reconcile.process.COMMIT", 5.0):
        world = run(_opened())
    assert world.began("conversations.create") == pytest.approx(5.0), "the intents' commit is"
    assert world.began("chat.postMessage") == pytest.approx(5.0 + CALL)
    assert world.began("pins.add") == pytest.approx(5.0 + 2 * CALL)
