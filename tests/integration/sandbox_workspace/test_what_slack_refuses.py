"""Method by method, what Slack refuses and how it says so; the first hindrance is the one that is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, User
from tests.integration.sandbox_workspace.saying import code, said


@pytest.fixture
def own(server: WorkspaceServer) -> Channel:
    """A channel that the bot made."""
    return server.workspace.channels.create("own", creator=server.workspace.app.bot_user)


@pytest.fixture
def elsewhere(server: WorkspaceServer, ana: User) -> Channel:
    """A public channel without the bot."""
    return server.workspace.channels.create("elsewhere", creator=ana.id)


@pytest.fixture
def hidden(server: WorkspaceServer, ana: User) -> Channel:
    """A private channel without the bot."""
    return server.workspace.channels.create("hidden", creator=ana.id, is_private=True)


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        ("chat.postMessage", "channel"),
        ("chat.update", "channel"),
        ("chat.postEphemeral", "channel"),
        ("conversations.info", "channel"),
        ("conversations.history", "channel"),
        ("bookmarks.list", "channel_id"),
        ("users.info", "user"),
        ("users.lookupByEmail", "email"),
        ("views.open", "trigger_id"),
        ("views.publish", "user_id"),
        ("views.update", "view_id"),
        ("files.getUploadURLExternal", "filename"),
        ("files.completeUploadExternal", "files"),
        ("usergroups.users.list", "usergroup"),
    ],
)
async def test_what_is_missing_is_named(client: AsyncWebClient, method: str, missing: str) -> None:
    answer = await said(client, method)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [f"[ERROR] missing required field: {missing}"]


async def test_a_channel_is_not_found_not_joined_or_archived(
    server: WorkspaceServer, client: AsyncWebClient, own: Channel, elsewhere: Channel, hidden: Channel
) -> None:
    for method in ("chat.postMessage", "conversations.history", "conversations.setTopic", "pins.list"):
        assert await code(client, method, channel="C0", text="x", topic="x") == "channel_not_found"
        assert await code(client, method, channel=hidden.id, text="x", topic="x") == "channel_not_found"
        assert await code(client, method, channel=elsewhere.id, text="x", topic="x") == "not_in_channel"
    server.workspace.channels.archive(own.id, user=own.creator)
    for method in ("chat.postMessage", "conversations.setTopic", "conversations.rename"):
        assert await code(client, method, channel=own.id, text="x", topic="x", name="y") == "is_archived"
    assert await code(client, "conversations.archive", channel=own.id) == "already_archived"
    assert await code(client, "conversations.unarchive", channel=own.id) == "not_in_channel", "no bot can do that"
    assert await code(client, "conversations.history", channel=own.id) == ""


async def test_a_direct_conversation_has_no_topic_name_or_guests(
    server: WorkspaceServer, client: AsyncWebClient, ana: User
) -> None:
    direct = server.workspace.channels.direct(server.workspace.app.bot_user, ana.id)
    for method in ("setTopic", "rename", "archive", "invite", "join"):
        refused = await code(client, f"conversations.{method}", channel=direct.id, topic="x", name="y", users="U1")
        assert refused == "method_not_supported_for_channel_type"


async def test_a_message_says_something_and_not_too_much(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.limits.on = False

    async def post(**given: Any) -> str:
        return await code(client, "chat.postMessage", channel=room.id, **given)

    assert await post() == "no_text"
    assert await post(text="", blocks="[]") == "no_text"
    assert await post(blocks="[{}]") == "invalid_blocks"
    assert await post(markdown_text="x", text="x") == "markdown_text_conflict"
    assert await post(markdown_text="x" * 12_001) == "msg_too_long"
    assert await post(markdown_text="**x**") == ""
    assert await post(attachments="[1]") == "invalid_attachments"
    assert await post(text="x", metadata='{"event_type": "", "event_payload": {}}') == "invalid_metadata_format"
    assert await post(text="x", thread_ts="1.0") == "thread_not_found"
    joined = server.workspace.messages.all_in(room.id)[0]
    assert await post(text="x", thread_ts=joined.ts) == "cannot_reply_to_message"


async def test_metadata_has_sixteen_kilobytes(client: AsyncWebClient, room: Channel) -> None:
    metadata = {"event_type": "big", "event_payload": {"text": "x" * 16_400}}
    with pytest.raises(SlackApiError, match="metadata_too_large"):
        await client.chat_postMessage(channel=room.id, text="x", metadata=metadata)


async def test_text_above_forty_thousand_characters_is_cut_off_with_a_warning(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    answer = await client.chat_postMessage(channel=room.id, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(server.workspace.messages.get(room.id, answer["ts"]).text) == 40_000


async def test_a_message_that_is_rewritten_has_four_thousand_bytes(client: AsyncWebClient, room: Channel) -> None:
    posted = await client.chat_postMessage(channel=room.id, text="x")
    await client.chat_update(channel=room.id, ts=posted["ts"], text="x" * 4_000)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=room.id, ts=posted["ts"], text="é" * 2_001)


async def test_old_messages_are_closed_where_the_workspace_wants_it(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    posted = await client.chat_postMessage(channel=room.id, text="x")
    server.workspace.edit_window = timedelta(seconds=-1)
    assert await code(client, "chat.update", channel=room.id, ts=posted["ts"], text="y") == "edit_window_closed"


async def test_an_answer_to_an_answer_is_in_the_same_thread(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    parent = await client.chat_postMessage(channel=room.id, text="parent")
    first = await client.chat_postMessage(channel=room.id, text="first", thread_ts=parent["ts"])
    second = await client.chat_postMessage(channel=room.id, text="second", thread_ts=first["ts"])
    assert server.workspace.messages.get(room.id, second["ts"]).thread_ts == parent["ts"]
    await client.chat_delete(channel=room.id, ts=parent["ts"])
    assert await code(client, "chat.postMessage", channel=room.id, text="x", thread_ts=parent["ts"]) == ""


async def test_an_ephemeral_message_is_for_a_member(client: AsyncWebClient, room: Channel, ana: User) -> None:
    assert await code(client, "chat.postEphemeral", channel=room.id, user="U0", text="x") == "user_not_in_channel"
    assert await code(client, "chat.postEphemeral", channel=room.id, user=ana.id) == "no_text"
    assert await code(client, "chat.postEphemeral", channel=room.id, user=ana.id, text="x") == ""


async def test_pins_and_reactions_name_what_they_could_not_find(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.limits.on = False
    posted = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
    joined = server.workspace.messages.all_in(room.id)[0].ts
    for method, given, error in (
        ("pins.add", {}, "no_item_specified"),
        ("pins.add", {"timestamp": "now"}, "bad_timestamp"),
        ("pins.add", {"timestamp": "1.0"}, "message_not_found"),
        ("pins.add", {"timestamp": joined}, "not_pinnable"),
        ("pins.remove", {"timestamp": posted}, "no_pin"),
        ("pins.add", {"timestamp": posted}, ""),
        ("pins.add", {"timestamp": posted}, "already_pinned"),
        ("reactions.add", {"name": "eyes"}, "no_item_specified"),
        ("reactions.add", {"name": "no such!", "timestamp": posted}, "invalid_name"),
        ("reactions.add", {"name": "eyes", "timestamp": "1.0"}, "message_not_found"),
        ("reactions.add", {"name": ":eyes:", "timestamp": posted}, ""),
        ("reactions.add", {"name": "eyes", "timestamp": posted}, "already_reacted"),
        ("reactions.remove", {"name": "wave", "timestamp": posted}, "no_reaction"),
    ):
        assert await code(client, method, channel=room.id, **given) == error


async def test_one_person_puts_twenty_three_emoji_under_a_message(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.limits.on = False
    posted = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
    for number in range(23):
        await client.reactions_add(channel=room.id, timestamp=posted, name=f"e{number}")
    assert await code(client, "reactions.add", channel=room.id, timestamp=posted, name="more") == "too_many_emoji"


async def test_bookmarks_are_links(client: AsyncWebClient, room: Channel) -> None:
    given: dict[str, Any] = {"channel_id": room.id, "title": "Page", "type": "link", "link": "https://example.com"}
    assert await code(client, "bookmarks.add", **{**given, "type": "file"}) == "invalid_bookmark_type"
    assert await code(client, "bookmarks.add", **{**given, "link": "example.com"}) == "invalid_link"
    assert await code(client, "bookmarks.add", **{**given, "emoji": "wave"}) == "invalid_emoji"
    mark = (await said(client, "bookmarks.add", **given, emoji=":wave:"))["bookmark"]["id"]
    assert (
        await code(client, "bookmarks.edit", channel_id=room.id, bookmark_id=mark, link="nowhere") == "invalid_link"
    )
    assert await code(client, "bookmarks.remove", channel_id=room.id, bookmark_id="Bk0") == "not_found"


async def test_lists_are_read_within_their_bounds(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.limits.on = False
    for method, most in (("conversations.history", 999), ("conversations.list", 1000), ("users.list", 1000)):
        assert await code(client, method, channel=room.id, limit=most) == ""
        assert await code(client, method, channel=room.id, limit=most + 1) == "invalid_limit"
        assert await code(client, method, channel=room.id, limit=-1) == "invalid_limit"
        assert await code(client, method, channel=room.id, limit="many") == "invalid_arguments"
        assert await code(client, method, channel=room.id, cursor="bmV4dDpuZXZlcg==") == "invalid_cursor"
        assert await code(client, method, channel=room.id, cursor="!") == "invalid_cursor"
    assert await code(client, "conversations.list", types="public_channel,secret") == "invalid_types"


async def test_people_who_are_not_there_are_not_found(
    client: AsyncWebClient, room: Channel, own: Channel, ana: User
) -> None:
    assert await code(client, "users.lookupByEmail", email="nobody@example.com") == "users_not_found"
    assert await code(client, "conversations.kick", channel=own.id, user="U0") == "user_not_found"
    assert await code(client, "conversations.kick", channel=own.id, user=ana.id) == "not_in_channel"
    assert await code(client, "conversations.kick", channel=own.id, user="U0EVENKEEL") == "cant_kick_self"
    assert await code(client, "conversations.invite", channel=own.id) == "no_user"
    assert await code(client, "conversations.invite", channel=own.id, users="U0EVENKEEL") == "cant_invite_self"
    assert await code(client, "conversations.rename", channel=room.id, name="other") == "not_authorized"
    assert await code(client, "conversations.open") == "users_list_not_supplied"
    assert await code(client, "conversations.open", users=",".join(["U1"] * 9)) == "too_many_users"
    assert await code(client, "views.publish", user_id="U0", view="{}") == "invalid_arguments"


async def test_a_home_is_published_only_where_the_app_has_one(
    server: WorkspaceServer, client: AsyncWebClient, ana: User
) -> None:
    server.access.home_tab = False
    assert await code(client, "views.publish", user_id=ana.id, view='{"type": "home", "blocks": []}') == "not_enabled"
