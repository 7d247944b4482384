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
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Message, User

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
    """A message as it is drawn. ``compact`` leaves the author out; ``day`` is set where a new day begins."""

    channel: str
    ts: str
    author: Person
    at: datetime
    body: Markup
    panel: str
    compact: bool
    day: datetime | None
    replies: int
    reactions: tuple[ReactionRow, ...]
    pinned: bool
    edited: bool
    ephemeral: bool
    system: bool


class ChannelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the sidebar."""

    id: str
    label: str
    unread: bool
    channel: Channel


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
    return Names(
        me=me,
        users={user.id: user.name for user in users.values()},
        channels={channel.id: channel.name for channel in workspace.seen_by(me) if not channel.is_im},
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


def reply_counts(workspace: Workspace, channel: str, me: str) -> dict[str, int]:
    """How many replies ``me`` sees, by the parent's timestamp."""
    counts: dict[str, int] = {}
    for message in workspace.messages.all_in(channel):
        if message.thread_ts and message.ephemeral_to in ("", me):
            counts[message.thread_ts] = counts.get(message.thread_ts, 0) + 1
    return counts


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
    replies: int,
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
        replies=replies,
        reactions=_reactions(workspace, message, place.names.me),
        pinned=message.ts in pins,
        edited=bool(message.edited),
        ephemeral=bool(message.ephemeral_to),
        system=bool(message.subtype),
    )


def message_rows(
    workspace: Workspace, channel: Channel, names: Names, *, parent: str = "", after: str = ""
) -> list[MessageRow]:
    """The channel's messages, or those of one thread, written after ``after``."""
    me = names.me
    if parent:
        shown = workspace.messages.thread(channel.id, parent, to=me)
    else:
        shown = workspace.messages.visible(channel.id, to=me)
    counts = {} if parent else reply_counts(workspace, channel.id, me)
    rows = []
    for before, message in zip([None, *shown[:-1]], shown, strict=True):
        if message.ts > after:
            panel = "thread" if parent else "main"
            place = Place(names=names, channel=channel.id, ts=message.ts, panel=panel)
            replies = counts.get(message.ts, 0)
            rows.append(
                message_row(workspace, message, before=before, place=place, replies=replies, pins=channel.pins)
            )
    return rows


def one_message(workspace: Workspace, channel: Channel, place: Place) -> MessageRow | None:
    """The message of ``place`` as it is now, or None if it is gone or not for this person."""
    me = place.names.me
    around = workspace.messages.all_in(channel.id)
    message = next((found for found in around if found.ts == place.ts), None)
    if message is None or message.ephemeral_to not in ("", me):
        return None
    parent = message.thread_ts or (message.ts if place.panel == "thread" else "")
    if parent:
        shown = workspace.messages.thread(channel.id, parent, to=me)
    else:
        shown = workspace.messages.visible(channel.id, to=me)
    at = shown.index(message)
    replies = 0 if place.panel == "thread" else reply_counts(workspace, channel.id, me).get(message.ts, 0)
    before = shown[at - 1] if at else None
    return message_row(workspace, message, before=before, place=place, replies=replies, pins=channel.pins)
