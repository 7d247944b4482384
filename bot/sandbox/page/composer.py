"""What a person typed, as Slack's client would send it and back again, and what the composer suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from bot.sandbox.page.emoji import EMOJI
from bot.sandbox.workspace.state import Workspace

SUGGESTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("new", "open an incident"),
    ("status", "how the incident of this channel stands"),
    ("lead [@somebody]", "take the command, or give it to somebody"),
    ("severity", "change the severity"),
    ("update", "tell the stakeholders"),
    ("note", "write into the timeline"),
    ("step", "show or answer a step of the runbook"),
    ("resolve", "the incident is over"),
    ("postmortem", "open the postmortem"),
    ("help", "all of these words"),
)
"""What can follow the slash command, and what each does: a word, then a hint at what to type after it."""

_CODE: Final = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_TOKEN: Final = re.compile(
    r"\[(?P<label>[^\[\]\n]+)\]\((?P<to>https?://[^\s()<>|]+)\)"
    r"|(?P<url>https?://[^\s<>|]+)"
    r"|(?<!\w)(?P<sign>[@#])(?P<name>[\w.-]*\w)"
)
_ENTITY: Final = re.compile(r"<([^<>\n]+)>")
_SPANS: Final = frozenset({"here", "channel", "everyone"})
_AFTER_URL: Final = ".,;:!?)'\"*_~"


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """One word of the slash command: ``hint`` is what can follow it, ``about`` what it does."""

    word: str
    hint: str
    about: str


def suggestion(usage: str, about: str) -> Suggestion:
    """``lead [@somebody]`` as a word and its hint."""
    word, _, hint = usage.partition(" ")
    return Suggestion(word=word, hint=hint, about=about)


def escaped(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@cache
def _emoji() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The characters of all emoji, and the first name of each. A variation selector may be missing."""
    names: dict[str, str] = {}
    for name, character in EMOJI.items():
        bare = character.replace("\ufe0f", "")
        if not bare.isascii():
            names.setdefault(bare, name)
    longest_first = sorted(names, key=len, reverse=True)
    either = "|".join("".join(f"{re.escape(letter)}\ufe0f?" for letter in bare) for bare in longest_first)
    return re.compile(either), names


class _Names:
    """Who and what can be mentioned, by name."""

    def __init__(self, workspace: Workspace, *, with_names: bool) -> None:
        self._with_names = with_names
        self._users = {user.name: user.id for user in workspace.directory.users.values()}
        self._groups = {group.handle: group.id for group in workspace.directory.groups.values()}
        self._channels = {one.name: one.id for one in workspace.channels.all() if not one.is_im}

    def mention(self, sign: str, name: str) -> str | None:
        tail = f"|{name}" if self._with_names else ""
        if sign == "#":
            return f"<#{self._channels[name]}{tail}>" if name in self._channels else None
        if name in self._users:
            return f"<@{self._users[name]}{tail}>"
        if name in self._groups:
            return f"<!subteam^{self._groups[name]}|@{name}>"
        return f"<!{name}>" if name in _SPANS else None


def _written(text: str) -> str:
    """Text without tokens: escaped, its emoji by name."""
    pattern, names = _emoji()
    return escaped(pattern.sub(lambda found: f":{names[found[0].replace(chr(0xFE0F), '')]}:", text))


def _token(found: re.Match[str], names: _Names) -> str:
    if found["label"]:
        return f"<{escaped(found['to'])}|{escaped(found['label']).replace('|', '∣')}>"
    if found["url"]:
        url = found["url"].rstrip(_AFTER_URL)
        return f"<{escaped(url)}>{escaped(found['url'][len(url) :])}"
    return names.mention(found["sign"], found["name"]) or escaped(found[0])


def as_sent(text: str, workspace: Workspace, *, with_names: bool = False) -> str:
    """``text`` with Slack's escapes and links, emoji by name, ``@name`` and ``#name`` where somebody is called so.

    ``[label](https://...)`` is a link with a label. What is code is left as it is. ``with_names`` writes
    ``<@U1|name>``, as slash commands carry mentions.
    """
    names, out = _Names(workspace, with_names=with_names), list[str]()
    for number, part in enumerate(_CODE.split(text)):
        if number % 2:
            out.append(escaped(part))
            continue
        position = 0
        for found in _TOKEN.finditer(part):
            out += [_written(part[position : found.start()]), _token(found, names)]
            position = found.end()
        out.append(_written(part[position:]))
    return "".join(out)


def as_typed(text: str, workspace: Workspace) -> str:
    """A message's text as a person would type it: ``as_sent`` of it says the same again."""
    users = {user.id: user.name for user in workspace.directory.users.values()}
    channels = {channel.id: channel.name for channel in workspace.channels.all()}

    def typed(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return f"@{users.get(target[1:], label or target[1:])}"
        if target.startswith("#"):
            return f"#{channels.get(target[1:], label or target[1:])}"
        if target.startswith("!"):
            return label if label.startswith("@") else f"@{target[1:]}"
        return f"[{label}]({target})" if label else target

    plain = _ENTITY.sub(typed, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
