"""What an app says of itself in its manifest: its name, its shortcuts, what it may do."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Shortcut(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the app offers: at messages, or ``everywhere``."""

    callback_id: str
    name: str
    about: str = ""
    everywhere: bool = False


class About(msgspec.Struct, frozen=True, kw_only=True):
    """The app as its page in the workspace shows it.

    ``alone`` is what its command does without a word. ``scopes`` are Slack's words, each with what it is for.
    Without ``has_home`` its page has no Home tab, as in Slack.
    """

    name: str = "Evenkeel"
    about: str = ""
    alone: str = ""
    shortcuts: tuple[Shortcut, ...] = ()
    scopes: tuple[tuple[str, str], ...] = ()
    has_home: bool = True

    @property
    def tabs(self) -> Mapping[str, str]:
        """The tabs of its page by address, the first one the one that opens."""
        tabs = {"messages": "Messages", "about": "About"}
        return {"home": "Home", **tabs} if self.has_home else tabs

    @property
    def at_messages(self) -> tuple[Shortcut, ...]:
        """The shortcuts in the menu of a message."""
        return tuple(shortcut for shortcut in self.shortcuts if not shortcut.everywhere)

    @property
    def everywhere(self) -> tuple[Shortcut, ...]:
        """The shortcuts beside the message box."""
        return tuple(shortcut for shortcut in self.shortcuts if shortcut.everywhere)


ABOUT = About(
    about="Incidents of machine-learning services, from the alert to the postmortem",
    alone="What can be done now",
    shortcuts=(
        Shortcut(callback_id="timeline.add", name="Add to timeline", about="Keeps this message in the timeline"),
        Shortcut(callback_id="incident.from_message", name="Open an incident", about="Begins with this message"),
        Shortcut(callback_id="incident.declare", name="Open an incident", everywhere=True),
    ),
)
"""What is shown of a bot whose manifest nobody gave."""
