"""What a call of the Web API was given: query, form and JSON alike, as text or as values."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec

from bot.sandbox.workspace.access import Access
from bot.sandbox.workspace.journal import Journal
from bot.sandbox.workspace.schema import problem
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, Json, SlackSays

T = TypeVar("T")
_NEXT: Final = "next:"
_TS: Final = re.compile(r"\d+\.\d+")


class Arguments:
    """The arguments of one call by name. Text that Slack would read as JSON or a number is read so here."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def all(self) -> dict[str, Any]:
        """Everything, as it was given."""
        return dict(self._values)

    def text(self, name: str, default: str = "") -> str:
        """The argument as text."""
        return str(self._values.get(name, default))

    def required(self, name: str) -> str:
        """The argument; ``invalid_arguments`` if it is missing."""
        value = self.text(name)
        if not value:
            raise wrong_arguments(f"missing required field: {name}")
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
            raise wrong_arguments(problem("must provide an integer", f"/{name}")) from None

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


def wrong_arguments(sentence: str) -> SlackSays:
    """``invalid_arguments``, and what is wrong with them."""
    return SlackSays("invalid_arguments", response_metadata={"messages": [f"[ERROR] {sentence}"]})


def checked_ts(ts: str) -> str:
    """The timestamp; ``bad_timestamp`` for what cannot be one."""
    if not _TS.fullmatch(ts):
        raise SlackSays("bad_timestamp")
    return ts


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
        """The channel that the argument names by its id, if the bot may know of it."""
        channel = self.workspace.channels.get(self.arguments.required(name))
        if (channel.is_private or channel.is_im) and not self.workspace.bot_is_in(channel):
            raise SlackSays("channel_not_found")
        return channel

    def own_channel(self, name: str = "channel") -> Channel:
        """The same; ``not_in_channel`` unless the bot is a member."""
        channel = self.channel(name)
        if not self.workspace.bot_is_in(channel):
            raise SlackSays("not_in_channel")
        return channel

    def named_channel(self, name: str = "channel") -> Channel:
        """The same; direct conversations have no name, topic or members to change."""
        channel = self.own_channel(name)
        if channel.is_im:
            raise SlackSays("method_not_supported_for_channel_type")
        return channel

    def channel_if_any(self) -> Channel | None:
        """The channel that the call is about, if it says so and there is one."""
        for name in ("channel", "channel_id"):
            found = self.workspace.channels.find(self.arguments.text(name))
            if found:
                return found
        return None


class Page(Generic[T]):
    """One page of a list, and the cursor of the next: ``items`` and ``answer`` for ``response_metadata``.

    ``invalid_limit`` for a page of more than ``most``, ``invalid_cursor`` for a cursor that is none of this list.
    """

    def __init__(
        self,
        everything: Sequence[T],
        arguments: Arguments,
        *,
        key: Callable[[T], str],
        default: int = 100,
        most: int = 1000,
    ) -> None:
        keys = [key(item) for item in everything]
        wanted = read_cursor(arguments)
        if wanted and wanted not in keys:
            raise SlackSays("invalid_cursor")
        begin = keys.index(wanted) if wanted else 0
        end = begin + limit_of(arguments, default=default, most=most)
        self.items = list(everything[begin:end])
        self.has_more = end < len(everything)
        self.answer = next_page(keys[end] if self.has_more else "")


def limit_of(arguments: Arguments, *, default: int, most: int) -> int:
    """How many items a page may have; 0 means Slack's own number."""
    limit = arguments.whole("limit", default)
    if not 0 <= limit <= most:
        raise SlackSays("invalid_limit")
    return limit or default


def read_cursor(arguments: Arguments) -> str:
    """The key of the first item of the page, empty for the first page; ``invalid_cursor`` if it cannot be read."""
    try:
        text = base64.b64decode(arguments.text("cursor"), validate=True).decode()
    except ValueError:
        raise SlackSays("invalid_cursor") from None
    if text and not text.startswith(_NEXT):
        raise SlackSays("invalid_cursor")
    return text.removeprefix(_NEXT)


def next_page(key: str) -> Json:
    """The part of an answer that says where the next page begins, if there is one."""
    cursor = base64.b64encode(f"{_NEXT}{key}".encode()).decode() if key else ""
    return {"response_metadata": {"next_cursor": cursor}}
