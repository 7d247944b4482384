"""Where a channel begins for whoever opens it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.page.beginning import begins_at
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, User

ANA, BOT = "U1", "U2"
PICTURE: dict[str, Any] = {"type": "image", "image_url": "http://127.0.0.1/x.png", "alt_text": "Recall over time"}


class Room:
    """A channel in which a card is pinned."""

    def __init__(self) -> None:
        self.workspace = Workspace(clock=lambda: datetime(2026, 9, 22, tzinfo=UTC), ids=itertools.count(1))
        for user in (ANA, BOT):
            self.workspace.directory.add(User(id=user, name=user.lower(), real_name=user))
        self.id = self.workspace.channels.create("inc-1", creator=BOT, members=(ANA,)).id
        self.card = self.workspace.messages.post(channel=self.id, user=BOT, text="SEV2").ts
        self.workspace.channels.set_pins(self.id, (self.card,), user=BOT)

    @property
    def channel(self) -> Channel:
        return self.workspace.channels.get(self.id)

    def begins(self) -> str:
        return begins_at(self.channel, self.workspace.messages.visible(self.id, to=ANA))


@pytest.fixture(name="room")
def _room() -> Room:
    return Room()


def test_a_picture_and_slacks_own_lines_do_not_push_the_card_away(room: Room) -> None:
    room.workspace.channels.set_topic(room.id, "SEV2", user=BOT)
    room.workspace.messages.post(channel=room.id, user=BOT, text="Chart: Recall", blocks=(PICTURE,))
    assert room.begins() == room.card


def test_once_something_is_said_the_newest_is_what_one_comes_for(room: Room) -> None:
    room.workspace.messages.post(channel=room.id, user=BOT, text="Rollback to v41: needs a yes from ben.")
    assert room.begins() == ""


def test_a_channel_without_a_pinned_card_begins_at_its_end(room: Room) -> None:
    room.workspace.channels.set_pins(room.id, (), user=BOT)
    assert room.begins() == ""
