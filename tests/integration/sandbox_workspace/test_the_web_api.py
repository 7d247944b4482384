"""Slack's own client, with its queries, forms and GETs, is answered as Slack answers it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, User


async def refusal(call: Awaitable[Any]) -> Any:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def test_an_incident_channel_is_set_up_by_the_calls_that_open_one(
    server: WorkspaceServer, client: AsyncWebClient, ana: User
) -> None:
    made = await client.conversations_create(name="inc-1-fraud-scorer")
    channel = made["channel"]["id"]
    posted = await client.chat_postMessage(
        channel=channel,
        text="SEV2",
        blocks=[{"type": "header", "text": {"type": "plain_text", "text": "SEV2"}}],
        metadata={"event_type": "evenkeel", "event_payload": {"surface": "I/INC-1/first"}},
    )
    await client.conversations_invite(channel=channel, users=[ana.id])
    await client.conversations_setTopic(channel=channel, topic="SEV2, ana leads")
    await client.pins_add(channel=channel, timestamp=posted["ts"])
    await client.bookmarks_add(channel_id=channel, title="Page", type="link", link="http://127.0.0.1/INC-1")

    state = server.workspace.channels.by_name("inc-1-fraud-scorer")
    assert state.members == (server.workspace.app.bot_user, ana.id)
    assert state.topic == "SEV2, ana leads"
    assert state.pins == (posted["ts"],)
    assert [mark.title for mark in state.bookmarks] == ["Page"]
    assert server.journal.refused() == []
    assert server.journal.in_flight == 0


async def test_a_lost_post_is_found_again_by_its_metadata(client: AsyncWebClient, room: Channel) -> None:
    metadata = {"event_type": "evenkeel", "event_payload": {"surface": "I/INC-1/first"}}
    posted = await client.chat_postMessage(channel=room.id, text="card", metadata=metadata)
    reply = await client.chat_postMessage(channel=room.id, text="more", thread_ts=posted["ts"], metadata=metadata)
    plain = await client.conversations_history(channel=room.id)
    found = await client.conversations_history(
        channel=room.id, oldest=posted["ts"], inclusive=True, include_all_metadata=True
    )
    thread = await client.conversations_replies(channel=room.id, ts=posted["ts"], include_all_metadata=True)
    assert all("metadata" not in message for message in plain["messages"])
    assert [(m["ts"], m["metadata"]) for m in found["messages"]] == [(posted["ts"], metadata)]
    assert [m["ts"] for m in thread["messages"]] == [posted["ts"], reply["ts"]]
    assert thread["messages"][1]["metadata"] == metadata


async def test_history_is_read_page_by_page_newest_first(client: AsyncWebClient, room: Channel) -> None:
    written = [(await client.chat_postMessage(channel=room.id, text=str(n)))["ts"] for n in range(4)]
    read: list[str] = []
    cursor = ""
    while True:
        page = await client.conversations_history(
            channel=room.id, limit=3, cursor=cursor, oldest=written[0], inclusive=True
        )
        read += [message["ts"] for message in page["messages"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert read == written[::-1]


async def test_channel_names_are_those_that_slack_allows_and_taken_once(client: AsyncWebClient) -> None:
    await client.conversations_create(name="inc-1")
    codes = [
        (await refusal(client.conversations_create(name=name)))["error"]
        for name in ("inc-1", "Incident 1", "x" * 81, "")
    ]
    assert codes == [
        "name_taken",
        "invalid_name_specials",
        "invalid_name_maxlength",
        "invalid_name_required",
    ]


async def test_an_archived_channel_takes_nothing_more(client: AsyncWebClient, room: Channel) -> None:
    await client.conversations_archive(channel=room.id)
    codes = {
        (await refusal(call))["error"]
        for call in (
            client.chat_postMessage(channel=room.id, text="late"),
            client.conversations_setTopic(channel=room.id, topic="late"),
            client.conversations_invite(channel=room.id, users=["U1"]),
        )
    }
    assert codes == {"is_archived"}


async def test_invitations_name_who_could_not_come_and_force_takes_the_others(
    server: WorkspaceServer, client: AsyncWebClient, ana: User
) -> None:
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    refused = await refusal(client.conversations_invite(channel=channel, users=[ana.id, "UNOBODY"]))
    assert (refused["error"], refused["errors"][0]["user"]) == ("user_not_found", "UNOBODY")
    assert ana.id not in server.workspace.channels.get(channel).members
    await client.conversations_invite(channel=channel, users=[ana.id, "UNOBODY"], force=True)
    assert ana.id in server.workspace.channels.get(channel).members
    again = await refusal(client.conversations_invite(channel=channel, users=[ana.id]))
    own = await refusal(client.conversations_invite(channel=channel, users=["U0EVENKEEL"]))
    assert (again["error"], own["error"]) == ("already_in_channel", "cant_invite_self")


async def test_a_token_without_the_scope_hears_what_it_needs(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.access.scopes.discard("channels:history")
    answer = await refusal(client.conversations_history(channel=room.id))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in answer["provided"]


async def test_switches_of_the_administrators_and_wrong_tokens_are_refusals(
    server: WorkspaceServer, client: AsyncWebClient
) -> None:
    server.access.channels_may_be_created = False
    assert (await refusal(client.conversations_create(name="inc-1")))["error"] == "restricted_action"
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"
    client.token = "xoxb-somebody-else"
    assert (await refusal(client.auth_test()))["error"] == "invalid_auth"
    client.token = None
    assert (await refusal(client.auth_test()))["error"] == "not_authed"


async def test_only_its_own_messages_can_be_rewritten(
    server: WorkspaceServer, client: AsyncWebClient, ana: User, room: Channel
) -> None:
    theirs = server.workspace.messages.post(channel=room.id, user=ana.id, text="mine")
    refused = await refusal(client.chat_update(channel=room.id, ts=theirs.ts, text="no"))
    assert refused["error"] == "cant_update_message"
    own = await client.chat_postMessage(channel=room.id, text="own")
    await client.chat_delete(channel=room.id, ts=own["ts"])
    gone = await refusal(client.chat_update(channel=room.id, ts=own["ts"], text="no"))
    assert gone["error"] == "message_not_found"


async def test_a_trigger_opens_one_modal_and_only_for_three_seconds(
    server: WorkspaceServer, client: AsyncWebClient, ana: User
) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Hello"}, "blocks": []}
    trigger = server.workspace.views.new_trigger(ana.id)
    await client.views_open(trigger_id=trigger, view=view)
    again = await refusal(client.views_open(trigger_id=trigger, view=view))
    assert again["error"] == "exchanged_trigger_id"
    long = {**view, "title": {"type": "plain_text", "text": "x" * 25}}
    refused = await refusal(client.views_open(trigger_id=server.workspace.views.new_trigger(ana.id), view=long))
    assert refused["error"] == "invalid_arguments"
    assert "json-pointer:/view/title/text" in refused["response_metadata"]["messages"][0]


async def test_people_and_groups_are_found(server: WorkspaceServer, client: AsyncWebClient, ana: User) -> None:
    group = server.workspace.directory.add_group("ml-oncall", "ML on call", (ana.id,))
    assert (await client.users_info(user=ana.id))["user"]["name"] == "ana"
    assert (await client.users_lookupByEmail(email="ana@example.com"))["user"]["id"] == ana.id
    assert (await client.usergroups_list())["usergroups"][0]["handle"] == "ml-oncall"
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [ana.id]
    assert {user["id"] for user in (await client.users_list())["members"]} == {"U0EVENKEEL", ana.id}
    assert (await refusal(client.users_info(user="UNOBODY")))["error"] == "user_not_found"


async def test_a_file_goes_up_in_slack_s_three_steps(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    answer = await client.files_upload_v2(
        channel=room.id, content=b"\x89PNG", filename="recall.png", title="Recall", initial_comment="look"
    )
    message = server.workspace.messages.all_in(room.id)[-1]
    assert (message.text, [file.id for file in message.files]) == ("look", [answer["files"][0]["id"]])
    file = server.workspace.files.get(message.files[0].id)
    assert (file.title, file.mimetype, file.content) == ("Recall", "image/png", b"\x89PNG")


async def test_nonsense_is_answered_and_not_stumbled_over(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    server.limits.on = False
    codes = [
        (await refusal(client.api_call(method, params={"channel": room.id, **params})))["error"]
        for method, params in (
            ("chat.postMessage", {"blocks": "{not json"}),
            ("chat.postMessage", {"blocks": "7"}),
            ("chat.postMessage", {"text": ""}),
            ("chat.postMessage", {"text": "x", "metadata": '{"event_type": 7}'}),
            ("chat.postMessage", {"text": "x", "attachments": "{}"}),
            ("chat.postMessage", {"text": "x", "thread_ts": "1.0"}),
            ("conversations.history", {"oldest": "yesterday"}),
            ("conversations.history", {"cursor": "next:never"}),
            ("conversations.history", {"limit": "many"}),
            ("conversations.replies", {"ts": "1.0"}),
            ("views.open", {"trigger_id": "t", "view": "[]"}),
            ("pins.add", {"timestamp": "1.0"}),
            ("conversations.info", {"channel": "CNOWHERE"}),
        )
    ]
    assert codes == [
        "invalid_blocks_format",
        "invalid_blocks",
        "no_text",
        "invalid_metadata_format",
        "invalid_attachments",
        "thread_not_found",
        "invalid_ts_oldest",
        "invalid_cursor",
        "invalid_arguments",
        "thread_not_found",
        "invalid_arguments",
        "message_not_found",
        "channel_not_found",
    ]
