"""What outlives processes: a workspace and a database, in memory and in virtual time.

The workspace is the sandbox's own state and methods, without its HTTP server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.incidents.events import AnyEvent, ChannelOpened, ChannelRefused
from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Message
from bot.slack.plan import Standing
from bot.slack.view.surface import Surface
from tests.unit.slack.reconcile.virtual_time import VirtualClock

#: what a call of Slack and a commit take, in seconds
CALL = 0.1
COMMIT = 0.002

Fault = Literal["lose_answer", "drop_before", "429", "500_before", "500_after", "slow", "never"]


class Incident(msgspec.Struct):
    """As much of an incident as a drawing needs."""

    title: str = "recall down"
    people: tuple[str, ...] = ()
    in_thread: bool = False
    channel: str = ""
    more: tuple[str, ...] = ()


class World:
    """What outlives processes. ``faults`` go wrong by the number of the call, the first being 0."""

    def __init__(self, faults: Mapping[int, Fault] | None = None) -> None:
        self.clock = VirtualClock()
        self.workspace = Workspace(clock=self.clock.now)
        self.access = Access(self.workspace.app)
        self.faults = dict(faults or {})
        self.refusals: dict[str, list[str]] = {}
        self.rows: dict[str, Standing] = {}
        self.limited: dict[str, datetime] = {}
        self.lease_no = 0
        self.incident = Incident()
        self.events: list[AnyEvent] = []
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.commits: list[tuple[float, tuple[str, ...]]] = []
        self.journal = Journal(timer=lambda: 0.0)
        ana = self.workspace.directory.add_person("ana", "Ana Anders")
        ben = self.workspace.directory.add_person("ben", "Ben Berg")
        self.people = (ana.id, ben.id)
        self.incident.people = self.people
        self.lobby = self.workspace.channels.create(
            "ml-incidents", creator=ana.id, members=(self.workspace.app.bot_user,)
        )

    # --- what tests ask ---------------------------------------------------------------------------------------

    @property
    def methods(self) -> list[str]:
        return [method for _, method, _ in self.calls]

    def began(self, method: str, nth: int = 0) -> float:
        """When the call was made, in seconds."""
        return [at for at, name, _ in self.calls if name == method][nth]

    def channels(self) -> list[Channel]:
        """Those that the bot made."""
        return [c for c in self.workspace.channels.all() if c.creator == self.workspace.app.bot_user]

    def messages(self, channel: Channel | str | None = None) -> list[Message]:
        """The bot's messages, in the incident's channel if none is named."""
        where = channel if channel is not None else self.channels()[0]
        place = where if isinstance(where, str) else where.id
        return [m for m in self.workspace.messages.all_in(place) if m.metadata]

    def snapshot(self) -> Any:
        """What the workspace shows, without its ids and times."""
        return [
            (
                channel.name,
                channel.topic,
                sorted(channel.members),
                [(mark.title, mark.link) for mark in channel.bookmarks],
                [self.workspace.messages.get(channel.id, ts).text for ts in channel.pins],
                [(m.text, m.metadata, bool(m.thread_ts)) for m in self.messages(channel)],
            )
            for channel in self.workspace.channels.all()
            if not channel.is_im
        ]

    # --- what the incident shows ------------------------------------------------------------------------------

    def draw(self) -> tuple[Surface, ...]:
        return surfaces(self.incident)

    def take_note(self, events: Sequence[AnyEvent]) -> None:
        self.events.extend(events)
        for event in events:
            if isinstance(event, ChannelOpened):
                self.incident.channel = event.channel
            if isinstance(event, ChannelRefused):
                self.incident.in_thread = True


def surfaces(incident: Incident) -> tuple[Surface, ...]:
    def message(key: str, text: str, *, needs: tuple[str, ...], place: str = "incident") -> Surface:
        return Surface(key=key, kind="message", content={"text": text}, needs=needs, place=place)

    home = "announcement" if incident.in_thread else "channel"
    drawn = []
    if not incident.in_thread:
        drawn.append(Surface(key="channel", kind="channel", content={"name": "inc-1-fraud"}, live=False))
    if incident.in_thread or incident.channel:
        text = f"{incident.title} {incident.channel and '<#C>'}"
        drawn.append(message("announcement", text, needs=(), place="#ml-incidents"))
    drawn.append(message("first", f"card: {incident.title}", needs=(home,)))
    if not incident.in_thread:
        topic, mark = {"topic": incident.title}, {"title": "INC-1", "link": "https://example.com/1"}
        drawn += [
            Surface(key="members", kind="members", content={"users": incident.people}, needs=("channel",)),
            Surface(key="topic", kind="topic", content=topic, needs=("channel",)),
            Surface(key="pin", kind="pin", content={"message": "first"}, needs=("first",), live=False),
            Surface(key="bookmark", kind="bookmark", content=mark, needs=("channel",), live=False),
        ]
    drawn += [message(f"more:{text}", text, needs=(home, "first")) for text in incident.more]
    return tuple(drawn)
