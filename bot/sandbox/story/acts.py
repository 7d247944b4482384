"""What people did, as values: who, when, and on what, named as a person would name it and not by ids.

``at`` is the workspace's time when they began; what lies between two acts is the gap between their times.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

#: longer texts are kept as their beginning and their length
MOST_TEXT = 3000
_BEGINNING = 300


class Text(msgspec.Struct, frozen=True):
    """What somebody typed: all of it, or the beginning of a text of ``length`` characters."""

    words: str
    length: int

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return len(self.words) == self.length


def typed(text: str) -> Text:
    """``text`` as it is kept: whole up to ``MOST_TEXT`` characters, then its beginning."""
    return Text(words=text if len(text) <= MOST_TEXT else text[:_BEGINNING], length=len(text))


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """A button or menu in a message, by what a person reads on it.

    ``surface`` is the bot's name of the message (``first``, ``approval:rollback:1``), ``incident`` its number (0:
    none), ``step`` the runbook's step that it is about. ``by`` says which of them the label needs to be told apart
    from others: ``()``, ``("step",)``, ``("surface",)`` or both; it is the ``nth`` of those, the newest is the first
    (0: it was gone). ``drawn`` is when the message was last drawn.
    """

    label: str
    action_id: str
    surface: str = ""
    incident: int = 0
    step: str = ""
    by: tuple[str, ...] = ()
    nth: int = 1
    drawn: datetime


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A message, by what a person would call it: the bot's surface, else the beginning of its words. It is the
    ``nth`` that is called so, the newest is the first; 0: it was gone."""

    words: str
    incident: int = 0
    nth: int = 1


class Act(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that a person did. ``refused`` is the workspace's word if it did not let them; then nothing
    happened. ``failed`` says why the bot did not take it (``http_timeout``)."""

    user: str
    at: datetime
    refused: str = ""
    failed: str = ""


class Posted(Act, frozen=True, kw_only=True):
    """A message, or a reply to ``thread``."""

    channel: str
    text: Text
    thread: Told | None = None


class Edited(Act, frozen=True, kw_only=True):
    """Their message says something else."""

    message: Told
    text: Text


class Deleted(Act, frozen=True, kw_only=True):
    """Their message is gone."""

    message: Told


class Uploaded(Act, frozen=True, kw_only=True):
    """A file of ``size`` bytes; what was in it is not kept."""

    channel: str
    name: str
    size: int
    text: Text
    thread: Told | None = None


class Reacted(Act, frozen=True, kw_only=True):
    """An emoji under a message, or no longer."""

    message: Told
    name: str
    taken_back: bool = False


class TopicSet(Act, frozen=True, kw_only=True):
    """A channel's topic."""

    channel: str
    topic: Text


class Typed(Act, frozen=True, kw_only=True):
    """A slash command."""

    channel: str
    line: Text


class Shortcut(Act, frozen=True, kw_only=True):
    """A shortcut of a message, or a global one."""

    callback_id: str
    message: Told | None = None


class Pressed(Act, frozen=True, kw_only=True):
    """A button in a message."""

    control: Control


class Chose(Act, frozen=True, kw_only=True):
    """Something in a menu in a message: the words of the options, a person's id, a date."""

    control: Control
    chosen: tuple[str, ...]


class PressedInView(Act, frozen=True, kw_only=True):
    """A button or menu in a modal, or on the App Home (``home``); ``chosen`` as in ``Chose``, None for a button."""

    label: str
    action_id: str
    home: bool = False
    chosen: tuple[str, ...] | None = None


class Filled(Act, frozen=True, kw_only=True):
    """A modal was submitted: what was entered by field, where it is not what the modal proposed.

    ``errors`` are the fields that were sent back, with what was said.
    """

    callback_id: str
    answers: Mapping[str, Text | tuple[str, ...]]
    errors: Mapping[str, str] = msgspec.field(default_factory=dict)


class Closed(Act, frozen=True, kw_only=True):
    """A modal was closed, or the whole stack."""

    all_of_them: bool = False


class HomeOpened(Act, frozen=True, kw_only=True):
    """The App Home, at one of its tabs (``home``, ``messages``)."""

    tab: str = "home"


class SwitchSet(Act, frozen=True, kw_only=True):
    """A flag of the world was set, as in a flag tool; ``user`` is empty if nobody knows by whom."""

    name: str
    value: str
    environment: str = "production"


class AlertsSent(Act, frozen=True, kw_only=True):
    """Alerts besides the scenario's were sent (``storm``), the ``number``-th time; ``user`` is empty: they are
    monitoring's."""

    name: str
    number: int = 1


AnyAct = (
    Posted | Edited | Deleted | Uploaded | Reacted | TopicSet | Typed | Shortcut | Pressed | Chose | PressedInView
    | Filled | Closed | HomeOpened | SwitchSet | AlertsSent
)  # fmt: skip


class Whisper(msgspec.Struct, frozen=True, kw_only=True):
    """What only one person was told: the beginning of it."""

    user: str
    at: datetime
    words: str
