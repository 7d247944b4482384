"""What a call of the Web API was given: query, form and JSON alike, as text or as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.schema import problem
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, SlackSays

T = TypeVar("T")


class Arguments:
    """The arguments of one call by name. Text that Slack would read as JSON or a number is read so here."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def text(self, name: str, default: str = "") -> str:
        """The argument as text."""
        return str(self._values.get(name, default))

    def required(self, name: str) -> str:
        """The argument; ``invalid_arguments`` if it is missing."""
        value = self.text(name)
        if not value:
            lines = [f"[ERROR] {problem(f'missing required field: {name}', '')}"]
            raise SlackSays("invalid_arguments", response_metadata={"messages": lines})
        return value

    def names(self, name: str) -> list[str]:
        """A list, given as one or as text with commas."""
        value = self._values.get(name, [])
        return value if isinstance(value, list) else [one.strip() for one in str(value).split(",") if one]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether it is true."""
        return self.text(name, str(default)).lower() in ("1", "true")

    def whole(self, name: str, default: int) -> int:
        """A whole number; ``invalid_arguments`` for anything else."""
        try:
            return int(self.text(name, str(default)) or default)
        except ValueError:
            raise SlackSays("invalid_arguments") from None

    def moment(self, name: str, default: float) -> float:
        """A message's timestamp or seconds since 1970; ``invalid_ts_oldest`` and the like for anything else."""
        try:
            return float(self.text(name) or default)
        except ValueError:
            raise SlackSays(f"invalid_ts_{name}") from None

    def json(self, name: str, *, refusal: str) -> Any:
        """A JSON value, or None if it was not given; the error ``refusal`` for text that is no JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            raise SlackSays(refusal) from None


class Request:
    """One call: where it is made, by whom, with what. ``base_url`` is the server's own address."""

    def __init__(
        self, arguments: Arguments, *, workspace: Workspace, access: Access, journal: Journal, base_url: str
    ) -> None:
        self.arguments = arguments
        self.workspace = workspace
        self.access = access
        self.journal = journal
        self.base_url = base_url

    @property
    def bot(self) -> str:
        """The bot's user id."""
        return self.workspace.app.bot_user

    def channel(self, name: str = "channel") -> Channel:
        """The channel that the argument names by its id."""
        return self.workspace.channels.get(self.arguments.required(name))

    def own_channel(self, name: str = "channel") -> Channel:
        """The same; ``not_in_channel`` unless the bot is a member."""
        channel = self.channel(name)
        if not self.workspace.bot_is_in(channel):
            raise SlackSays("not_in_channel")
        return channel

    def channel_if_any(self) -> Channel | None:
        """The channel that the call is about, if it says so and there is one."""
        for name in ("channel", "channel_id"):
            for channel in self.workspace.channels.all():
                if channel.id == self.arguments.text(name):
                    return channel
        return None


class Page(Generic[T]):
    """One page of a list, and the cursor of the next: ``items`` and ``answer`` for ``response_metadata``."""

    def __init__(
        self, everything: list[T], arguments: Arguments, *, key: Callable[[T], str], default: int = 100
    ) -> None:
        keys = [key(item) for item in everything]
        cursor = arguments.text("cursor")
        if cursor and cursor.removeprefix("next:") not in keys:
            raise SlackSays("invalid_cursor")
        begin = keys.index(cursor.removeprefix("next:")) if cursor else 0
        end = begin + max(1, min(arguments.whole("limit", default), 1000))
        self.items = everything[begin:end]
        self.has_more = end < len(everything)
        following = f"next:{keys[end]}" if self.has_more else ""
        self.answer: Json = {"response_metadata": {"next_cursor": following}}
