"""What the select menus offer: an element's own options, or the workspace's people and channels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bot.sandbox.page.emoji import character
from bot.sandbox.page.inline import plain
from bot.sandbox.page.names import Names

Json = Mapping[str, Any]

_EMOJI: Final = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-\d)?):")


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a menu: texts as a person reads them, without markup."""

    value: str
    label: str
    about: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Choices under a heading; the heading is empty where there are no groups."""

    label: str
    choices: tuple[Choice, ...]


def said(text: object) -> str:
    """A text object as plain characters, emoji among them, for places that take no markup."""
    words = str(text.get("text") or "") if isinstance(text, dict) else str(text or "")
    return _EMOJI.sub(lambda found: character(found[1]) or found[0], plain(words))


def _options(options: object) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value=str(option.get("value", "")), label=said(option.get("text")), about=said(option.get("description"))
        )
        for option in (options if isinstance(options, list) else [])
        if isinstance(option, dict)
    )


def _channels(element: Json, kind: str, names: Names) -> tuple[Choice, ...]:
    """The channels that a menu offers: public ones, or for a conversations_select those that its filter names."""
    wanted = element.get("filter")
    include = wanted.get("include") if isinstance(wanted, dict) else None
    kinds = include if isinstance(include, list) else ["public", "private"]
    private = kind == "conversations_select" and "private" in kinds
    public = kind == "channels_select" or "public" in kinds
    return tuple(
        Choice(value=channel, label=f"{'🔒' if channel in names.private else '#'}{name}")
        for channel, name in names.channels.items()
        if (private if channel in names.private else public)
    )


def groups_of(element: Json, names: Names) -> Sequence[Group]:
    """The choices of a select menu, single or multi, by groups."""
    kind = str(element.get("type", "")).removeprefix("multi_")
    if kind == "users_select":
        users = tuple(Choice(value=user, label=names.users.get(user, user)) for user in names.people)
        return (Group(label="", choices=users),)
    if kind in ("channels_select", "conversations_select"):
        return (Group(label="", choices=_channels(element, kind, names)),)
    found = element.get("option_groups")
    if isinstance(found, list):
        return tuple(
            Group(label=said(group.get("label")), choices=_options(group.get("options")))
            for group in found
            if isinstance(group, dict)
        )
    return (Group(label="", choices=_options(element.get("options"))),)
