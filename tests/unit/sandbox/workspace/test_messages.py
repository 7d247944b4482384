"""Messages in their order: the last ones, the ones around, threads, and what deleting leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.sandbox.workspace.scroll import as_ts
from bot.sandbox.workspace.shapes import message_json
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays, User


def written(workspace: Workspace, room: Channel, ana: User, *texts: str) -> list[str]:
    return [workspace.messages.post(channel=room.id, user=ana.id, text=text).ts for text in texts]


def texts_of(messages: object) -> list[str]:
    assert isinstance(messages, list)
    return [message.text for message in messages]


def test_the_last_messages_are_found_without_the_others(workspace: Workspace, room: Channel, ana: User) -> None:
    stamps = written(workspace, room, ana, *"abcdef")
    messages = workspace.messages
    assert texts_of(messages.recent(room.id, to=ana.id, most=2)) == ["e", "f"]
    assert texts_of(messages.recent(room.id, to=ana.id, most=2, before=stamps[3])) == ["b", "c"]
    assert texts_of(messages.recent(room.id, to=ana.id, after=stamps[3])) == ["e", "f"]
    assert texts_of(messages.following(room.id, to=ana.id, after=stamps[1], most=2)) == ["c", "d"]


def test_replies_and_other_people_s_ephemeral_messages_stand_in_nobody_s_way(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    (parent,) = written(workspace, room, ana, "parent")
    messages = workspace.messages
    messages.post(channel=room.id, user=ana.id, text="reply", thread_ts=parent)
    messages.post(channel=room.id, user=workspace.app.bot_user, text="psst", ephemeral_to="UBEN")
    assert texts_of(messages.recent(room.id, to=ana.id, most=1)) == ["parent"]
    assert texts_of(messages.recent(room.id, to="UBEN", most=2)) == ["parent", "psst"]
    assert texts_of(messages.replies(room.id, parent)) == ["reply"]


def test_a_message_keeps_its_place_when_it_is_edited(workspace: Workspace, room: Channel, ana: User) -> None:
    first, _ = written(workspace, room, ana, "one", "two")
    workspace.messages.edit(room.id, first, text="ONE")
    assert texts_of(workspace.messages.recent(room.id, to=ana.id, most=2)) == ["ONE", "two"]


def test_where_a_parent_was_deleted_a_line_stays_until_its_last_reply_goes(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    (parent,) = written(workspace, room, ana, "parent")
    messages = workspace.messages
    reply = messages.post(channel=room.id, user=ana.id, text="reply", thread_ts=parent)
    messages.delete(room.id, parent)
    with pytest.raises(SlackSays, match="message_not_found"):
        messages.get(room.id, parent)
    assert texts_of(messages.thread(room.id, parent)) == ["This message was deleted.", "reply"]
    messages.delete(room.id, reply.ts)
    assert messages.find(room.id, parent) is None
    assert messages.thread(room.id, parent) == []


@pytest.mark.parametrize(
    ("seconds", "ts"), [(0.0, "0000000000.000000"), (-1.0, "0000000000.000000"), (1.5, "0000000001.500000")]
)
def test_seconds_sort_among_timestamps(seconds: float, ts: str) -> None:
    assert as_ts(seconds) == ts
    assert as_ts(float("inf")) > "9999999999.999999"


def test_old_messages_cannot_be_edited_where_the_workspace_says_so(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    message = workspace.messages.get(room.id, written(workspace, room, ana, "one")[0])
    workspace.check_edit_window(message)
    workspace.edit_window = timedelta(seconds=-1)
    with pytest.raises(SlackSays, match="edit_window_closed"):
        workspace.check_edit_window(message)


def test_a_parent_says_who_answered_and_an_answer_says_whom(workspace: Workspace, room: Channel, ana: User) -> None:
    (parent,) = written(workspace, room, ana, "parent")
    for number in range(7):
        reply = workspace.messages.post(channel=room.id, user=f"U{number}", text="reply", thread_ts=parent)
    told = message_json(workspace.messages.get(room.id, parent), workspace)
    assert (told["reply_count"], told["reply_users_count"], len(told["reply_users"])) == (7, 7, 5)
    assert told["latest_reply"] == reply.ts
    answer = message_json(reply, workspace)
    assert (answer["thread_ts"], answer["parent_user_id"]) == (parent, ana.id)


def test_html_and_text_from_right_to_left_are_only_text(workspace: Workspace, room: Channel, ana: User) -> None:
    texts = ["<script>alert(1)</script>", "\u202eمرحبا\u202c", "<img src=x onerror=alert(1)>", "x" * 40_000]
    for stamp, text in zip(written(workspace, room, ana, *texts), texts, strict=True):
        assert message_json(workspace.messages.get(room.id, stamp), workspace)["text"] == text
