"""A change names exactly the parts of the page that it makes stale."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.page.live import Feed, Listener, events, names_of
from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.state import Workspace

ANA = Listener(me="U1")


@pytest.fixture(name="workspace")
def _workspace() -> Workspace:
    made = Workspace(clock=lambda: datetime(2026, 9, 22, tzinfo=UTC), ids=itertools.count(1))
    made.channels.create("general", creator="U1", members=("U2",))
    return made


def test_a_message_adds_to_its_list_and_a_reply_to_its_thread(workspace: Workspace) -> None:
    """A reply also redraws the parent, which counts it."""
    channel = workspace.channels.by_name("general").id
    parent = workspace.messages.post(channel=channel, user="U1", text="a")
    reply = workspace.messages.post(channel=channel, user="U1", text="b", thread_ts=parent.ts)
    posted = Change(kind="message", channel=channel, ts=parent.ts, user="U1")
    assert names_of(posted, workspace, "U2") == [f"list:{channel}", "sidebar"]
    replied = Change(kind="message", channel=channel, ts=reply.ts, user="U1")
    assert names_of(replied, workspace, "U2") == [f"thread:{channel}:{parent.ts}", f"message:{channel}:{parent.ts}"]


def test_ephemeral_messages_and_views_are_one_persons_business(workspace: Workspace) -> None:
    """Nobody else's page asks for them."""
    channel = workspace.channels.by_name("general").id
    secret = workspace.messages.post(channel=channel, user="U0", text="psst", ephemeral_to="U1")
    told = Change(kind="message", channel=channel, ts=secret.ts, user="U1")
    assert names_of(told, workspace, "U2") == []
    assert names_of(told, workspace, "U1") != []
    opened = Change(kind="view_opened", user="U1", detail="V1")
    assert names_of(opened, workspace, "U1") == ["views"]
    assert names_of(opened, workspace, "U2") == []


def test_pins_redraw_the_head_and_the_pinned_messages(workspace: Workspace) -> None:
    """The mark is on both."""
    channel = workspace.channels.by_name("general").id
    workspace.channels.set_pins(channel, ("1.000001",), user="U1")
    names = names_of(Change(kind="pins", channel=channel, user="U1"), workspace, "U2")
    assert names == [f"head:{channel}", f"message:{channel}:1.000001"]


async def _told(stream: AsyncIterator[str]) -> list[str]:
    """The names in the next event that has any."""
    while "data: " not in (event := await anext(stream)):
        continue
    names: list[str] = json.loads(event.partition("data: ")[2])
    return names


async def test_a_burst_is_one_event_without_repetitions(workspace: Workspace) -> None:
    """Fifty edits of a card are one redraw."""
    channel = workspace.channels.by_name("general").id
    feed = Feed(workspace)
    stream = events(feed, to=ANA, mark=feed.mark, pause=0)
    assert (await anext(stream)).startswith("retry:")
    message = workspace.messages.post(channel=channel, user="U2", text="0")
    for number in range(50):
        workspace.messages.edit(channel, message.ts, text=str(number))
    assert await _told(stream) == [f"list:{channel}", "sidebar", f"message:{channel}:{message.ts}"]


async def test_what_changed_before_the_page_listened_is_told_first(workspace: Workspace) -> None:
    """Between drawing the page and its connection nothing is lost."""
    channel = workspace.channels.by_name("general").id
    feed = Feed(workspace)
    drawn = feed.mark
    workspace.messages.post(channel=channel, user="U2", text="in between")
    assert await _told(events(feed, to=ANA, mark=drawn, pause=0)) == [f"list:{channel}", "sidebar"]
    assert feed.since(feed.mark, ANA) == []


@pytest.mark.parametrize("mark", ["", "nonsense", "1.5-x"])
def test_a_mark_that_says_nothing_makes_everything_stale(workspace: Workspace, mark: str) -> None:
    """Whoever does not say what it knows looks at everything."""
    assert Feed(workspace).since(mark, ANA) == ["*"]


def test_a_mark_of_another_run_says_that_it_was_begun_anew(workspace: Workspace) -> None:
    """Numbers begin again with every start of the sandbox, and channels of the other run are gone."""
    assert Feed(workspace).since("1.5-0", ANA) == ["restarted"]


def test_names_from_outside_go_to_every_page_and_the_panels_to_those_who_show_it(workspace: Workspace) -> None:
    """A closed panel asks for nothing."""
    feed = Feed(workspace)
    drawn = feed.mark
    feed.say("behind:strip")
    feed.say("behind:panel:calls")
    assert feed.since(drawn, ANA) == ["behind:strip"]
    assert feed.since(drawn, Listener(me="U1", behind=True)) == ["behind:strip", "behind:panel:calls"]


def test_a_mark_that_is_too_old_makes_everything_stale(workspace: Workspace) -> None:
    """The feed keeps the last changes only."""
    channel = workspace.channels.by_name("general").id
    feed = Feed(workspace, most=3)
    old = feed.mark
    for number in range(3):
        workspace.messages.post(channel=channel, user="U2", text=str(number))
    assert feed.since(old, ANA) == [f"list:{channel}", "sidebar"]
    workspace.messages.post(channel=channel, user="U2", text="one too many")
    assert feed.since(old, ANA) == ["*"]


async def test_silence_is_filled_so_that_the_connection_stays(workspace: Workspace) -> None:
    """With a comment, which browsers ignore."""
    feed = Feed(workspace)
    stream = events(feed, to=ANA, mark=feed.mark, silence=0.01)
    await anext(stream)
    assert await anext(stream) == await anext(stream) == f"id: {feed.mark}\n: nothing for you\n\n"


async def test_nobody_draws_a_sidebar_again_that_stays_the_same(workspace: Workspace) -> None:
    """Who reads a channel need not hear that something was written into it twice."""
    channel = workspace.channels.by_name("general").id
    feed = Feed(workspace)
    shows = ["one thing"]
    stream = events(feed, to=ANA, mark=feed.mark, sidebar=lambda: shows[-1], pause=0)
    workspace.messages.post(channel=channel, user="U2", text="1")
    assert await _told(stream) == [f"list:{channel}", "sidebar"]
    workspace.messages.post(channel=channel, user="U2", text="2")
    assert await _told(stream) == [f"list:{channel}"]
    shows.append("another")
    workspace.messages.post(channel=channel, user="U2", text="3")
    assert await _told(stream) == [f"list:{channel}", "sidebar"]


def test_what_is_told_to_one_person_is_news_to_nobody_else(workspace: Workspace) -> None:
    """What somebody has read, in all of their tabs."""
    feed = Feed(workspace)
    drawn = feed.mark
    feed.tell("U1", "sidebar")
    assert feed.since(drawn, ANA) == ["sidebar"]
    assert feed.since(drawn, Listener(me="U2")) == []
