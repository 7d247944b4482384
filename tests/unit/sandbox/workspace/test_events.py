"""What the bot is told, under which name, for which scope, and how often until it acknowledges."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace.access import ALL_SCOPES, Access
from bot.sandbox.workspace.acks import Ack
from bot.sandbox.workspace.events import Events
from bot.sandbox.workspace.installation import Installation
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, User
from tests.unit.sandbox.workspace.recording import Recording


class Told:
    """A bot that listens, and how long Slack paused before it told it again."""

    def __init__(self, workspace: Workspace, *acks: Ack) -> None:
        self.bot = Recording(*acks)
        self.access = Access(workspace.app)
        self.pauses: list[float] = []
        self.events = Events(workspace, access=self.access, delivery=self.bot, pause=self._pause)
        self.events.start()

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def heard(self) -> list[str]:
        """The types and subtypes of all events so far."""
        await self.events.settled()
        return [str(event.get("subtype") or event["type"]) for event in self.bot.events()]


async def test_an_event_that_is_not_acknowledged_comes_again_at_once_after_a_minute_and_after_five(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    told = Told(workspace, *[Ack(reason="http_timeout")] * 4)
    workspace.messages.post(channel=room.id, user=ana.id, text="hello?")
    await told.heard()
    assert told.pauses == [0.0, 60.0, 300.0]
    assert told.bot.retries == [(0, ""), (1, "http_timeout"), (2, "http_timeout"), (3, "http_timeout")]
    assert len({payload["event_id"] for _, payload in told.bot.told}) == 1


async def test_it_does_not_come_again_where_the_app_says_so(workspace: Workspace, room: Channel, ana: User) -> None:
    told = Told(workspace, Ack(reason="http_error", no_retry=True))
    workspace.messages.post(channel=room.id, user=ana.id, text="hello?")
    assert await told.heard() == ["message"]


async def test_a_late_acknowledgement_ends_the_row(workspace: Workspace, room: Channel, ana: User) -> None:
    told = Told(workspace, Ack(reason="http_error"), Ack(reason="connection_failed"))
    workspace.messages.post(channel=room.id, user=ana.id, text="hello?")
    await told.heard()
    assert told.bot.retries == [(0, ""), (1, "http_error"), (2, "connection_failed")]


async def test_the_bot_hears_what_happens_in_its_channels(workspace: Workspace, room: Channel, ana: User) -> None:
    told = Told(workspace)
    ben = workspace.directory.add_person("ben", "Ben Bauer")
    workspace.channels.create("elsewhere", creator=ben.id)
    message = workspace.messages.post(channel=room.id, user=ana.id, text=f"<@{workspace.app.bot_user}> look")
    workspace.messages.react(room.id, message.ts, user=ana.id, name="eyes")
    workspace.channels.join(room.id, user=ben.id)
    workspace.channels.leave(room.id, user=ben.id)
    workspace.channels.rename(room.id, "living-room", user=ana.id)
    workspace.channels.archive(room.id, user=ana.id)
    assert await told.heard() == [
        "channel_created",
        "message",
        "app_mention",
        "reaction_added",
        "channel_join",
        "member_joined_channel",
        "member_left_channel",
        "channel_rename",
        "channel_name",
        "channel_archive",
    ]


async def test_an_ephemeral_message_is_told_nobody(workspace: Workspace, room: Channel, ana: User) -> None:
    told = Told(workspace)
    workspace.messages.post(channel=room.id, user=workspace.app.bot_user, text="psst", ephemeral_to=ana.id)
    assert await told.heard() == []


async def test_it_hears_only_what_it_subscribed_to(workspace: Workspace, room: Channel, ana: User) -> None:
    told = Told(workspace)
    told.access.install(Installation(scopes=ALL_SCOPES, events=frozenset({"message.groups", "reaction_added"})))
    private = workspace.channels.create("private", creator=ana.id, members=(workspace.app.bot_user,), is_private=True)
    await told.events.settled()
    told.bot.told.clear()
    for channel in (room, private):
        message = workspace.messages.post(channel=channel.id, user=ana.id, text="look")
        workspace.messages.react(channel.id, message.ts, user=ana.id, name="eyes")
        workspace.messages.unreact(channel.id, message.ts, user=ana.id, name="eyes")
    assert await told.heard() == ["reaction_added", "message", "reaction_added"]


@pytest.mark.parametrize(
    ("scope", "kept"),
    [("channels:history", ["reaction_added"]), ("reactions:read", ["message"])],
)
async def test_it_hears_nothing_for_which_it_has_no_scope(
    workspace: Workspace, room: Channel, ana: User, scope: str, kept: list[str]
) -> None:
    told = Told(workspace)
    told.access.scopes.remove(scope)
    message = workspace.messages.post(channel=room.id, user=ana.id, text="look")
    workspace.messages.react(room.id, message.ts, user=ana.id, name="eyes")
    assert await told.heard() == kept


async def test_where_a_message_with_answers_was_deleted_a_line_that_says_so_is_told(
    workspace: Workspace, room: Channel, ana: User
) -> None:
    told = Told(workspace)
    parent = workspace.messages.post(channel=room.id, user=ana.id, text="parent")
    workspace.messages.post(channel=room.id, user=ana.id, text="reply", thread_ts=parent.ts)
    workspace.messages.delete(room.id, parent.ts)
    assert (await told.heard())[-1] == "message_changed"
    event = told.bot.events()[-1]
    assert (event["message"]["subtype"], event["message"]["text"]) == ("tombstone", "This message was deleted.")
    assert event["previous_message"]["text"] == "parent"
