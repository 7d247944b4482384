"""What one person sees, read from the workspace as frozen values that the templates draw."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from markupsafe import Markup

from bot.sandbox.page.blocks import draw_message
from bot.sandbox.page.names import Names
from bot.sandbox.page.place import Place
from bot.sandbox.page.threads import Thread, thread_of
from bot.sandbox.page.window import Window
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, File, Message, User

_TOGETHER = timedelta(minutes=5)
_HUES = 8


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the switcher, or the author of a message."""

    id: str
    name: str
    role: str = ""
    is_bot: bool = False

    @property
    def initials(self) -> str:
        """One or two letters for the avatar."""
        words = [word for word in self.name.replace("-", " ").split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "?"

    @property
    def hue(self) -> int:
        """Which of the avatar colours is theirs: 0 to 7, the same at every start."""
        return zlib.crc32(self.id.encode()) % _HUES


class ReactionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One emoji under a message."""

    name: str
    count: int
    mine: bool
    who: str


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is drawn. ``compact`` leaves the author out; ``day`` is set where a new day begins.

    ``answered_by`` are those who replied, the first one first; ``last_reply`` is None if nobody did. ``mine`` says
    that the person who looks wrote it, and so may change it.
    """

    channel: str
    ts: str
    author: Person
    at: datetime
    body: Markup
    panel: str
    compact: bool
    day: datetime | None
    replies: int
    answered_by: tuple[Person, ...]
    last_reply: datetime | None
    files: tuple[File, ...]
    mine: bool
    reactions: tuple[ReactionRow, ...]
    pinned: bool
    edited: bool
    ephemeral: bool
    system: bool
    subtype: str

    def keeping(self, *, head: bool, day: bool) -> MessageRow:
        """The same with its author and its day, if the page has shown them, whatever stands above it."""
        return msgspec.structs.replace(self, compact=self.compact and not head, day=self.at if day else self.day)


def person(workspace: Workspace, user_id: str, roles: Mapping[str, str]) -> Person:
    """The user with this id; one who is not known (any more) is called by the id."""
    user = workspace.directory.users.get(user_id)
    if user is None:
        return Person(id=user_id, name=user_id)
    return Person(id=user.id, name=user.real_name or user.name, role=roles.get(user.id, ""), is_bot=user.is_bot)


def people(users: Iterable[User]) -> list[User]:
    """The users one can act as."""
    return [user for user in users if not user.is_bot]


def names_for(workspace: Workspace, me: str, base: str) -> Names:
    """Names of everything that ``me`` may see."""
    users = workspace.directory.users
    channels = [channel for channel in workspace.seen_by(me) if not channel.is_im]
    return Names(
        me=me,
        users={user.id: user.name for user in users.values()},
        channels={channel.id: channel.name for channel in channels},
        private=frozenset(channel.id for channel in channels if channel.is_private),
        groups={group.id: group.handle for group in workspace.directory.groups.values()},
        people=tuple(user.id for user in people(users.values())),
        base=base,
    )


def label(workspace: Workspace, channel: Channel, me: str) -> str:
    """A channel's name, or for a direct conversation those of the others in it."""
    if not channel.is_im:
        return channel.name
    others = [person(workspace, member, {}).name for member in channel.members if member != me]
    return ", ".join(others) or "Notes to self"


def written_at(ts: str) -> datetime:
    """When a message with this timestamp was written."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def _reactions(workspace: Workspace, message: Message, me: str) -> tuple[ReactionRow, ...]:
    return tuple(
        ReactionRow(
            name=reaction.name,
            count=len(reaction.users),
            mine=me in reaction.users,
            who=", ".join(person(workspace, user, {}).name for user in reaction.users),
        )
        for reaction in message.reactions
    )


def _follows(message: Message, before: Message | None) -> bool:
    """Whether the message stands under the same author's last one without a head of its own."""
    return (
        before is not None
        and before.user == message.user
        and not (before.subtype or message.subtype or message.ephemeral_to or before.ephemeral_to)
        and written_at(message.ts) - written_at(before.ts) < _TOGETHER
    )


def message_row(
    workspace: Workspace,
    message: Message,
    *,
    before: Message | None,
    place: Place,
    thread: Thread | None,
    pins: Sequence[str],
) -> MessageRow:
    """One message as ``place.names.me`` sees it below ``before``."""
    at = written_at(message.ts)
    new_day = before is None or written_at(before.ts).date() != at.date()
    return MessageRow(
        channel=message.channel,
        ts=message.ts,
        author=person(workspace, message.user, {}),
        at=at,
        body=draw_message(message, place),
        panel=place.panel,
        compact=not new_day and _follows(message, before),
        day=at if new_day and place.panel == "main" else None,
        replies=thread.replies if thread else 0,
        answered_by=tuple(person(workspace, user, {}) for user in thread.people) if thread else (),
        last_reply=thread.last if thread else None,
        files=message.files,
        mine=message.user == place.names.me and not (message.subtype or message.ephemeral_to),
        reactions=_reactions(workspace, message, place.names.me),
        pinned=message.ts in pins,
        edited=bool(message.edited and not message.blocks),
        ephemeral=bool(message.ephemeral_to),
        system=bool(message.subtype),
        subtype=message.subtype,
    )


def shown_to(workspace: Workspace, channel: str, me: str, *, parent: str = "") -> list[Message]:
    """Everything that ``me`` sees in a channel, or in a thread, oldest first."""
    if parent:
        return workspace.messages.thread(channel, parent, to=me)
    return workspace.messages.visible(channel, to=me)


def message_rows(
    workspace: Workspace, channel: Channel, names: Names, *, window: Window, parent: str = "", headed: bool = False
) -> list[MessageRow]:
    """The messages of a window of ``shown_to``.

    ``headed``: the first one says who wrote it, and when, whatever stands above it on the page.
    """
    rows = []
    for at in range(window.start, window.stop):
        message = window.all[at]
        above = window.all[at - 1] if at and not (headed and at == window.start) else None
        place = Place(names=names, channel=channel.id, ts=message.ts, panel="thread" if parent else "main")
        thread = None if parent else thread_of(workspace, channel.id, message.ts, names.me)
        rows.append(message_row(workspace, message, before=above, place=place, thread=thread, pins=channel.pins))
    return rows


def one_message(workspace: Workspace, channel: Channel, place: Place) -> MessageRow | None:
    """The message of ``place`` as it is now, or None if it is gone or not for this person."""
    me = place.names.me
    there = workspace.messages.find(channel.id, place.ts)
    if there is None or there.ephemeral_to not in ("", me):
        return None
    parent = there.thread_ts or (place.ts if place.panel == "thread" else "")
    shown = shown_to(workspace, channel.id, me, parent=parent)
    at = shown.index(there)
    before = shown[at - 1] if at else None
    thread = None if parent else thread_of(workspace, channel.id, place.ts, me)
    return message_row(workspace, there, before=before, place=place, thread=thread, pins=channel.pins)
