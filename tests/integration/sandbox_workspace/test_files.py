"""Files: up in three steps or by a person, and down again without running anything in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, User
from tests.unit.sandbox.workspace.test_what_people_do import PIXEL


@pytest.fixture
async def browser(server: WorkspaceServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        yield client


async def test_a_picture_of_the_bot_is_drawn_from_its_address(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel, browser: httpx.AsyncClient
) -> None:
    answer = await client.files_upload_v2(channel=room.id, content=PIXEL, filename="recall.png", alt_txt="the curve")
    (file,) = server.workspace.messages.all_in(room.id)[-1].files
    told = answer["files"][0]
    assert (told["thumb_360"], told["original_w"], told["alt_txt"]) == (told["url_private"], 2, "the curve")
    assert told["url_private"] == f"{server.url}{file.path}"
    drawn = await browser.get(file.path)
    assert (drawn.content, drawn.headers["content-type"]) == (PIXEL, "image/png")
    assert "content-disposition" not in drawn.headers


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "pretends.png", 'a b".txt'])
async def test_what_is_no_picture_is_saved_and_never_shown(
    server: WorkspaceServer, room: Channel, ana: User, browser: httpx.AsyncClient, name: str
) -> None:
    message = await server.people.upload(ana.id, room.id, name=name, content=b"<script>alert(1)</script>")
    down = await browser.get(message.files[0].path)
    assert down.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert down.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert down.headers["x-content-type-options"] == "nosniff"


async def test_a_picture_is_shown_in_a_block_by_its_id(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel
) -> None:
    answer = await client.files_upload_v2(content=PIXEL, filename="recall.png")
    block = {"type": "image", "alt_text": "recall", "slack_file": {"id": answer["files"][0]["id"]}}
    posted = await client.chat_postMessage(channel=room.id, text="recall", blocks=[block])
    (drawn,) = server.workspace.messages.get(room.id, posted["ts"]).blocks
    assert drawn["image_url"] == server.workspace.files.get(answer["files"][0]["id"]).path


async def test_the_bot_deletes_its_own_files_only(
    server: WorkspaceServer, client: AsyncWebClient, room: Channel, ana: User, browser: httpx.AsyncClient
) -> None:
    own = (await client.files_upload_v2(channel=room.id, content=PIXEL, filename="recall.png"))["files"][0]["id"]
    await client.files_delete(file=own)
    assert (await browser.get(f"/files/{own}")).status_code == 404
    theirs = (await server.people.upload(ana.id, room.id, name="a.txt", content=b"a")).files[0].id
    assert (await client.api_call("files.info", params={"file": theirs}))["file"]["user"] == ana.id
