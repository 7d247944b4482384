"""What a person does in Slack, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.blocks_check import checked_view
from bot.sandbox.workspace.events import Events
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, SlackSays, User
from tests.unit.sandbox.workspace.recording import Recording

PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03\x08\x06\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\x00\x00IEND\xaeB`\x82"
)
HOME: Json = {
    "type": "home",
    "blocks": [
        {
            "type": "actions",
            "block_id": "top",
            "elements": [
                {"type": "button", "action_id": "declare", "text": {"type": "plain_text", "text": "Open an incident"}}
            ],
        }
    ],
}


class Stage:
    """People in a workspace whose bot only listens."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.bot = Recording()
        self.people = People(
            workspace, delivery=self.bot, responses=Responses(workspace), journal=Journal(timer=lambda: 0.0)
        )
        self.events = Events(workspace, access=Access(workspace.app), delivery=self.bot)

    async def heard(self) -> list[Json]:
        """Every event so far."""
        await self.events.settled()
        return self.bot.events()


@pytest.fixture
async def stage(workspace: Workspace, room: Channel) -> AsyncIterator[Stage]:
    stage = Stage(workspace)
    stage.events.start()
    yield stage
    await stage.events.stop()


async def test_an_edit_is_told_with_what_the_message_was(stage: Stage, room: Channel, ana: User) -> None:
    message = await stage.people.post_as(ana.id, room.id, "recall is donw")
    edited = await stage.people.edit_message(ana.id, room.id, message.ts, "recall is down")
    event = (await stage.heard())[-1]
    assert (event["subtype"], event["hidden"], event["channel"]) == ("message_changed", True, room.id)
    assert event["message"]["text"] == "recall is down"
    assert event["message"]["edited"] == {"user": ana.id, "ts": edited.edited}
    assert event["previous_message"]["text"] == "recall is donw"


async def test_an_edit_that_changes_nothing_is_none(stage: Stage, room: Channel, ana: User) -> None:
    message = await stage.people.post_as(ana.id, room.id, "down")
    assert await stage.people.edit_message(ana.id, room.id, message.ts, "down") == message
    assert len(await stage.heard()) == 1


async def test_a_deleted_message_is_told_with_what_it_was(stage: Stage, room: Channel, ana: User) -> None:
    message = await stage.people.post_as(ana.id, room.id, "never mind")
    await stage.people.delete_message(ana.id, room.id, message.ts)
    event = (await stage.heard())[-1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", message.ts)
    assert event["previous_message"]["text"] == "never mind"
    with pytest.raises(SlackSays, match="message_not_found"):
        stage.workspace.messages.get(room.id, message.ts)


async def test_nobody_changes_what_somebody_else_wrote(stage: Stage, room: Channel, ana: User) -> None:
    ben = stage.workspace.directory.add_person("ben", "Ben Bauer")
    message = await stage.people.post_as(ana.id, room.id, "mine")
    with pytest.raises(SlackSays, match="cant_update_message"):
        await stage.people.edit_message(ben.id, room.id, message.ts, "yours")
    with pytest.raises(SlackSays, match="cant_delete_message"):
        await stage.people.delete_message(ben.id, room.id, message.ts)
    joined = stage.workspace.messages.all_in(room.id)[0]
    with pytest.raises(SlackSays, match="cant_delete_message"):
        await stage.people.delete_message(joined.user, room.id, joined.ts)


@pytest.mark.parametrize(("text", "code"), [("", "no_text"), (" \n", "no_text"), ("x" * 40_001, "msg_too_long")])
async def test_nothing_and_too_much_cannot_be_sent(
    stage: Stage, room: Channel, ana: User, text: str, code: str
) -> None:
    message = await stage.people.post_as(ana.id, room.id, "x" * 40_000)
    with pytest.raises(SlackSays, match=code):
        await stage.people.post_as(ana.id, room.id, text)
    with pytest.raises(SlackSays, match=code):
        await stage.people.edit_message(ana.id, room.id, message.ts, text)


async def test_an_archived_channel_keeps_its_messages_as_they_are(stage: Stage, room: Channel, ana: User) -> None:
    message = await stage.people.post_as(ana.id, room.id, "last words")
    stage.workspace.channels.archive(room.id, user=ana.id)
    for act in (
        stage.people.edit_message(ana.id, room.id, message.ts, "other"),
        stage.people.delete_message(ana.id, room.id, message.ts),
        stage.people.upload(ana.id, room.id, name="a.txt", content=b"late"),
    ):
        with pytest.raises(SlackSays, match="is_archived"):
            await act


async def test_a_picture_is_in_a_message_and_told_twice(stage: Stage, room: Channel, ana: User) -> None:
    message = await stage.people.upload(ana.id, room.id, name="recall curve.png", content=PIXEL, text="look")
    (file,) = message.files
    assert (file.name, file.mimetype, file.size) == ("recall curve.png", "image/png", len(PIXEL))
    assert (file.is_picture, file.width, file.height) == (True, 2, 3)
    assert file.path == f"/files/{file.id}/recall%20curve.png"

    written, shared = await stage.heard()
    assert (written["subtype"], written["text"], written["upload"]) == ("file_share", "look", True)
    (told,) = written["files"]
    assert (told["id"], told["url_private"]) == (file.id, stage.workspace.files.address(file))
    assert (told["thumb_360"], told["original_w"], told["original_h"]) == (told["url_private"], 2, 3)
    assert (shared["type"], shared["file_id"], shared["user_id"], shared["channel_id"]) == (
        "file_shared",
        file.id,
        ana.id,
        room.id,
    )


@pytest.mark.parametrize("name", ["notes.txt", "drawing.svg", "not-really.png", "page.html"])
async def test_what_is_no_picture_has_no_thumbnail(stage: Stage, room: Channel, ana: User, name: str) -> None:
    message = await stage.people.upload(ana.id, room.id, name=name, content=b"<svg><script>1</script></svg>")
    assert not message.files[0].is_picture
    assert "thumb_360" not in (await stage.heard())[0]["files"][0]


async def test_files_have_bytes_and_not_too_many(stage: Stage, room: Channel, ana: User) -> None:
    with pytest.raises(SlackSays, match="no_file_data"):
        await stage.people.upload(ana.id, room.id, name="empty.txt", content=b"")
    with pytest.raises(SlackSays, match="file_upload_size_restricted"):
        await stage.people.upload(ana.id, room.id, name="all.bin", content=bytes(20_000_001))


async def test_the_home_is_told_with_its_tab_and_what_the_bot_published(stage: Stage, ana: User) -> None:
    assert stage.workspace.homes.get(ana.id) is None
    await stage.people.open_home(ana.id)
    home = stage.workspace.views.publish(ana.id, checked_view(HOME, stage.workspace.stamps))
    await stage.people.open_home(ana.id)
    await stage.people.open_home(ana.id, tab="messages")
    first, second, third = await stage.heard()
    assert (first["type"], first["user"], first["tab"]) == ("app_home_opened", ana.id, "home")
    assert "view" not in first
    assert (second["view"]["id"], second["view"]["hash"]) == (home.id, home.hash)
    assert third["tab"] == "messages"
    assert "view" not in third
    assert stage.workspace.homes[ana.id] == home


async def test_a_press_on_the_home_names_the_view(stage: Stage, ana: User) -> None:
    with pytest.raises(SlackSays, match="not_found"):
        await stage.people.press_in_home(ana.id, "declare")
    home = stage.workspace.views.publish(ana.id, checked_view(HOME, stage.workspace.stamps))
    assert (await stage.people.press_in_home(ana.id, "declare")).ok
    (pressed,) = stage.bot.interactions()
    assert pressed["container"] == {"type": "view", "view_id": home.id}
    assert (pressed["actions"][0]["action_id"], pressed["view"]["type"]) == ("declare", "home")
    with pytest.raises(SlackSays, match="no_such_element"):
        await stage.people.press_in_home(ana.id, "nothing")


async def test_a_global_shortcut_carries_a_trigger_and_no_channel(stage: Stage, ana: User) -> None:
    await stage.people.shortcut(ana.id, "incident.declare")
    (chosen,) = stage.bot.interactions()
    assert (chosen["type"], chosen["callback_id"], chosen["user"]["id"]) == ("shortcut", "incident.declare", ana.id)
    assert chosen["trigger_id"]
    assert "channel" not in chosen


async def test_a_press_on_an_ephemeral_message_comes_without_the_message(
    stage: Stage, room: Channel, ana: User
) -> None:
    bot = stage.workspace.app.bot_user
    for hidden in ("", ana.id):
        message = stage.workspace.messages.post(
            channel=room.id, user=bot, blocks=tuple(HOME["blocks"]), ephemeral_to=hidden
        )
        await stage.people.press(ana.id, room.id, message.ts, "declare")
    seen, unseen = stage.bot.interactions()
    assert (seen["container"]["is_ephemeral"], seen["message"]["user"]) == (False, bot)
    assert unseen["container"]["is_ephemeral"] is True
    assert "message" not in unseen
    assert unseen["response_url"]
