"""What stands before a method's work: the body, the token, the scope; and what the journal keeps of it."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel
from tests.integration.sandbox_workspace.saying import code, said


async def test_files_have_a_name_a_length_and_bytes(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    ask = "files.getUploadURLExternal"
    assert await code(client, ask, filename="a.txt") == "invalid_arguments"
    assert await code(client, ask, filename="a.txt", length=20_000_001) == "file_upload_size_restricted"
    asked = await said(client, ask, filename="a.txt", length=1)
    empty = f'[{{"id": "{asked["file_id"]}"}}]'
    assert await code(client, "files.completeUploadExternal", files=empty, channel_id=room.id) == "file_not_found"
    assert await code(client, "files.info", file="F0") == "file_not_found"


async def test_a_body_that_slack_would_not_read_is_not_read(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    async def send(body: bytes, kind: str, method: str = "chat.postMessage") -> str:
        headers = {"authorization": f"Bearer {client.token}", "content-type": kind}
        assert client.session is not None
        async with client.session.post(f"{server.api_url}{method}", data=body, headers=headers) as answer:
            return str((await answer.json()).get("error", ""))

    message = f'{{"channel": "{room.id}", "text": "x"}}'.encode()
    assert await send(message, "application/json; charset=utf-8") == ""
    assert await send(b"{", "application/json") == "invalid_json"
    assert await send(b"[]", "application/json") == "json_not_object"
    assert await send(message, "text/csv") == "invalid_post_type"
    # Reading methods do not look into JSON; Slack says that what stands there is missing.
    assert await send(message, "application/json", "conversations.history") == "invalid_arguments"


async def test_a_scope_is_asked_for_before_the_arguments_are_read(
    server: WorkspaceServer, client: AsyncWebClient
) -> None:
    server.access.scopes.remove("pins:write")
    answer = await said(client, "pins.add")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "pins:write")
    server.access.locked_out = "account_inactive"
    assert await code(client, "pins.add") == "account_inactive"


async def test_the_journal_says_how_much_of_the_limit_was_used(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    for _ in range(2):
        await client.chat_postMessage(channel=room.id, text="x")
    assert [(call.used, call.allowed) for call in server.journal.latest(2)] == [(1, 300), (0, 300)]
