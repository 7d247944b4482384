"""What a workspace is made of. Every value is frozen; a change is a new value in the same place."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import msgspec

Json = dict[str, Any]

# What a browser draws without running anything: a drawing in SVG could hold a script.
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")


class SlackSays(Exception):
    """Slack's refusal of a call: ``code`` is Slack's own word, ``extra`` what else the answer holds."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person, or the bot. ``bot_id`` is set for the bot only."""

    id: str
    name: str
    real_name: str
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False
    bot_id: str = ""


class Usergroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group of people that can be mentioned: ``handle`` is written after the at sign."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...] = ()


class Bookmark(msgspec.Struct, frozen=True, kw_only=True):
    """A link in a channel's header."""

    id: str
    channel: str
    title: str
    link: str
    emoji: str = ""
    created: datetime


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel, or a direct conversation (``is_im``). ``pins`` are timestamps of messages, oldest first."""

    id: str
    name: str
    creator: str
    created: datetime
    topic: str = ""
    purpose: str = ""
    members: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    is_archived: bool = False
    is_ext_shared: bool = False
    is_private: bool = False
    is_im: bool = False


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """An emoji under a message and who put it there, first one first."""

    name: str
    users: tuple[str, ...]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file; ``content`` is None until it has been uploaded, ``shared`` false until the upload is completed.

    ``width`` and ``height`` are a picture's, in pixels, 0 for everything else.
    """

    id: str
    name: str
    user: str
    created: datetime
    title: str = ""
    alt: str = ""
    content: bytes | None = None
    shared: bool = False
    width: int = 0
    height: int = 0

    @property
    def mimetype(self) -> str:
        """What the name says that it is."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content or b"")

    @property
    def is_picture(self) -> bool:
        """Whether a page can draw it: by its name, and by its first bytes."""
        return self.mimetype in _PICTURES and self.width > 0

    @property
    def path(self) -> str:
        """Where the workspace's own server has the bytes; a page on the same server draws or links this."""
        return f"/files/{self.id}/{quote(self.name, safe='')}"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as Slack keeps it.

    ``thread_ts`` names the parent and is set on replies only: a parent is recognised by its replies.
    ``edited`` is the timestamp of the last edit. ``ephemeral_to`` is the one person who sees it. ``subtype``
    is Slack's word for a message that Slack itself wrote (``channel_join``). ``files`` are as they were when
    they were shared.
    """

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: tuple[Json, ...] = ()
    attachments: tuple[Json, ...] = ()
    metadata: Json | None = None
    thread_ts: str = ""
    edited: str = ""
    reactions: tuple[Reaction, ...] = ()
    ephemeral_to: str = ""
    bot_id: str = ""
    subtype: str = ""
    files: tuple[File, ...] = ()


class View(msgspec.Struct, frozen=True, kw_only=True):
    """An open modal, or somebody's App Home.

    ``content`` is the payload with every block_id and action_id filled in. ``hash`` changes with every
    update. ``root_id`` is the first modal of the stack, ``previous_id`` the one below. ``state`` is what was
    entered so far, as Slack writes it: ``{block_id: {action_id: {"type": ..., ...}}}``.
    """

    id: str
    user: str
    type: str
    content: Json
    hash: str
    root_id: str
    previous_id: str = ""
    state: Json = msgspec.field(default_factory=dict)

    @property
    def callback_id(self) -> str:
        """What the app calls this view."""
        return str(self.content.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        """The app's own id of this view, one of a kind in the workspace."""
        return str(self.content.get("external_id", ""))


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace's own name and address."""

    id: str = "T0SANDBOX"
    name: str = "Sandbox (synthetic)"
    domain: str = "sandbox"
    enterprise_id: str = ""


class App(msgspec.Struct, frozen=True, kw_only=True):
    """The bot's registration: its ids, its secrets and what it may do."""

    id: str = "A0SANDBOX"
    bot_id: str = "B0SANDBOX"
    bot_user: str = "U0EVENKEEL"
    bot_token: str = "xoxb-sandbox"  # noqa: S105 - opens nothing but the sandbox
    app_token: str = "xapp-sandbox"  # noqa: S105 - opens nothing but the sandbox
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 - opens nothing but the sandbox
    verification_token: str = "sandbox-verification"  # noqa: S105 - opens nothing but the sandbox
    command: str = "/incident"
