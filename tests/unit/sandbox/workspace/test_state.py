"""Channels, messages and the notices of their changes."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays, User


def test_timestamps_increase_although_the_clock_stands_still(workspace: Workspace) -> None:
    stamps = [workspace.stamps.ts() for _ in range(3)]
    assert stamps == ["1772366400.000000", "1772366400.000001", "1772366400.000002"]


def test_two_workspaces_that_are_used_alike_are_alike(workspace: Workspace) -> None:
    other = Workspace(clock=workspace.stamps.now)
    for each in (workspace, other):
        each.channels.create("room", creator=each.app.bot_user)
    assert workspace.channels.all() == other.channels.all()


def test_the_creator_of_a_channel_is_its_first_member(room: Channel, ana: User) -> None:
    assert room.members[0] == ana.id


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("room", "name_taken"),
        ("Room", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("", "invalid_name_required"),
        ("---", "invalid_name_punctuation"),
    ],
)
def test_a_channel_s_name_is_refused_as_slack_refuses_it(
    workspace: Workspace, room: Channel, name: str, code: str
) -> None:
    with pytest.raises(SlackSays, match=code):
        workspace.channels.create(name, creator=room.creator)


def test_a_topic_has_at_most_250_characters(workspace: Workspace, room: Channel, ana: User) -> None:
    assert workspace.channels.set_topic(room.id, "x" * 250, user=ana.id).topic == "x" * 250
    with pytest.raises(SlackSays, match="too_long"):
        workspace.channels.set_topic(room.id, "x" * 251, user=ana.id)


def test_a_direct_conversation_is_opened_once(workspace: Workspace, ana: User) -> None:
    bot = workspace.app.bot_user
    assert workspace.channels.direct(bot, ana.id) == workspace.channels.direct(ana.id, bot)


def test_everybody_sees_public_channels_and_only_members_the_others(workspace: Workspace, ana: User) -> None:
    ben = workspace.directory.add_person("ben", "Ben Bauer")
    public = workspace.channels.create("public", creator=ana.id)
    private = workspace.channels.create("private", creator=ana.id, is_private=True)
    assert workspace.seen_by(ben.id) == [public]
    assert workspace.seen_by(ana.id) == [public, private]


def test_an_ephemeral_message_is_seen_by_one_person(workspace: Workspace, room: Channel, ana: User) -> None:
    secret = workspace.messages.post(channel=room.id, user=workspace.app.bot_user, text="psst", ephemeral_to=ana.id)
    assert secret in workspace.messages.visible(room.id, to=ana.id)
    assert secret not in workspace.messages.visible(room.id, to="UBEN")


def test_a_reply_is_in_its_thread_and_not_in_the_channel(workspace: Workspace, room: Channel, ana: User) -> None:
    parent = workspace.messages.post(channel=room.id, user=ana.id, text="parent")
    reply = workspace.messages.post(channel=room.id, user=ana.id, text="reply", thread_ts=parent.ts)
    assert reply not in workspace.messages.visible(room.id, to=ana.id)
    assert workspace.messages.thread(room.id, parent.ts) == [parent, reply]


def test_a_reaction_is_there_once_and_gone_with_the_last_person(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    message = workspace.messages.post(channel=room.id, user=ana.id, text="look")
    workspace.messages.react(room.id, message.ts, user=ana.id, name="eyes")
    with pytest.raises(SlackSays, match="already_reacted"):
        workspace.messages.react(room.id, message.ts, user=ana.id, name="eyes")
    workspace.messages.unreact(room.id, message.ts, user=ana.id, name="eyes")
    assert workspace.messages.get(room.id, message.ts).reactions == ()
    with pytest.raises(SlackSays, match="no_reaction"):
        workspace.messages.unreact(room.id, message.ts, user=ana.id, name="eyes")


async def test_a_subscriber_hears_every_change_until_it_leaves(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    with workspace.subscribe() as changes:
        message = workspace.messages.post(channel=room.id, user=ana.id, text="one")
        workspace.messages.edit(room.id, message.ts, text="two")
        workspace.channels.delete(room.id, user=ana.id)
    workspace.channels.create("later", creator=ana.id)
    heard = [changes.get_nowait() for _ in range(changes.qsize())]
    assert [(change.kind, change.ts) for change in heard] == [
        ("message", message.ts),
        ("message_changed", message.ts),
        ("channel_deleted", ""),
    ]
    assert heard[1].before == message
