"""What is unread, for whom, and whom it calls."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from bot.sandbox.page.reading import ReadMarks, Unread, sidebar
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, User

ANA, BEN, CHI = "U1", "U2", "U3"


@pytest.fixture(name="workspace")
def _workspace() -> Workspace:
    made = Workspace(clock=lambda: datetime(2026, 9, 22, tzinfo=UTC), ids=itertools.count(1))
    for user in (ANA, BEN, CHI):
        made.directory.add(User(id=user, name=user.lower(), real_name=user))
    return made


@pytest.fixture(name="general")
def _general(workspace: Workspace) -> Channel:
    return workspace.channels.create("general", creator=ANA, members=(BEN,))


def test_what_others_write_is_unread_until_it_is_seen(workspace: Workspace, general: Channel) -> None:
    """One's own messages are not, nor the lines that Slack writes."""
    marks = ReadMarks()
    workspace.messages.post(channel=general.id, user=BEN, text="hello")
    assert marks.unread(workspace, ANA, general) == Unread(messages=1)
    assert marks.unread(workspace, BEN, general) == Unread()
    assert marks.mark(workspace, ANA, general.id)
    assert marks.unread(workspace, ANA, general) == Unread()
    assert not marks.mark(workspace, ANA, general.id)


@pytest.mark.parametrize(
    ("text", "mentions"),
    [("<@U1> look", 1), ("<!here> look", 1), ("<!subteam^S1|@oncall> look", 1), ("<@U2> look", 0), ("look", 0)],
)
def test_messages_that_call_somebody_are_counted(
    workspace: Workspace, general: Channel, text: str, mentions: int
) -> None:
    """By name, with everybody, or by a group."""
    group = workspace.directory.add_group("oncall", "On call", (ANA,))
    workspace.messages.post(channel=general.id, user=BEN, text=text.replace("S1", group.id))
    assert ReadMarks().unread(workspace, ANA, general) == Unread(messages=1, mentions=mentions)


def test_every_direct_message_calls(workspace: Workspace) -> None:
    """There is nobody else to whom it could be written."""
    direct = workspace.channels.direct(ANA, BEN)
    workspace.messages.post(channel=direct.id, user=BEN, text="psst")
    assert ReadMarks().unread(workspace, ANA, direct) == Unread(messages=1, mentions=1)


def test_where_somebody_left_off_is_the_first_message_that_is_new(workspace: Workspace, general: Channel) -> None:
    """On the first visit nothing is new, for everything is."""
    marks = ReadMarks()
    workspace.messages.post(channel=general.id, user=BEN, text="old")
    assert marks.left_off(workspace, ANA, general.id) == ""
    marks.mark(workspace, ANA, general.id)
    first = workspace.messages.post(channel=general.id, user=BEN, text="new")
    workspace.messages.post(channel=general.id, user=BEN, text="newer")
    assert marks.left_off(workspace, ANA, general.id) == first.ts


def test_the_sidebar_has_its_groups_and_nothing_unread_in_the_open_channel(
    workspace: Workspace, general: Channel
) -> None:
    """Nor in archived ones, nor where one is no member."""
    for name in ("alpha", "old"):
        made = workspace.channels.create(name, creator=BEN, members=(ANA,))
        workspace.messages.post(channel=made.id, user=BEN, text="<@U1>")
    workspace.channels.archive(made.id, user=BEN)
    workspace.messages.post(channel=general.id, user=BEN, text="<@U1>")
    anas = sidebar(workspace, ReadMarks(), me=ANA, current=general.id)
    assert [(row.label, row.unread.messages) for row in anas.open] == [("alpha", 1), ("general", 0)]
    assert [(row.label, row.unread.messages) for row in anas.archived] == [("old", 0)]
    assert anas.unread == Unread(messages=1, mentions=1)
    chis = sidebar(workspace, ReadMarks(), me=CHI, current="")
    assert [(row.joined, row.unread.messages) for row in chis.open] == [(False, 0), (False, 0)]
