"""One line of Slack's markup: code, ``<...>``, bare addresses, ``:emoji:``, and the delimiters ``* _ ~``.

The text is cut into tokens; what is not a token is escaped, so there is no way for a message to bring markup of its
own. Delimiters count only at the edge of a word, as Slack counts them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Final

from markupsafe import Markup, escape

from bot.sandbox.page.dates import date_token
from bot.sandbox.page.emoji import character
from bot.sandbox.page.links import broadcast, channel_mention, group_mention, link, safe_url, user_mention
from bot.sandbox.page.names import Names

_ATOM: Final = re.compile(
    r"`([^`\n]+)`"
    r"|<([^<>\n]+)>"
    r"|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):"
    r"|([*_~])"
    r"|(https?://[^\s<>|`]*[^\s<>|`.,;:!?)\]}'\"*_~])"
)
_OPENING: Final = {"*": Markup("<b>"), "_": Markup("<i>"), "~": Markup("<s>")}
_CLOSING: Final = {"*": Markup("</b>"), "_": Markup("</i>"), "~": Markup("</s>")}
_CODE: Final = (Markup("<code>"), Markup("</code>"))


def plain(text: str) -> str:
    """``text`` without Slack's three escapes: what a person reads."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@lru_cache(maxsize=1024)
def emoji_or_name(name: str) -> Markup:
    """The emoji with its name for screen readers, or ``:name:`` where it is not known."""
    found = character(name)
    if found is None:
        return Markup(":{}:").format(name)
    return Markup('<span class="emoji" role="img" aria-label="{0}" title=":{0}:">{1}</span>').format(name, found)


def _entity(body: str, names: Names) -> Markup:
    """What ``<body>`` shows; anything that is none of Slack's forms is shown as it was written."""
    target, _, label = body.partition("|")
    shown = plain(label)
    if target.startswith("@"):
        return user_mention(target[1:], names, shown.lstrip("@") or None)
    if target.startswith("#"):
        return channel_mention(target[1:], names, shown.lstrip("#") or None)
    if target.startswith("!subteam^"):
        return group_mention(target.removeprefix("!subteam^"), names, shown or None)
    if target.startswith("!date^"):
        return date_token(plain(target.removeprefix("!date^")), shown)
    if target in {"!here", "!channel", "!everyone"}:
        return broadcast(target[1:])
    if target.startswith("!"):  # a command that nobody knows: its label, as in Slack
        return Markup("{}").format(shown or f"<{plain(target)}>")
    address = unescape(target)
    if safe_url(address):
        return link(address, _with_emoji(shown) if shown else address.removeprefix("mailto:"))
    return Markup("&lt;{}&gt;").format(plain(body))


def _with_emoji(text: str) -> Markup:
    pieces = re.split(r":([a-z0-9_+'-]+(?:::skin-tone-\d)?):", text)
    return Markup("").join(emoji_or_name(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def _edges(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the delimiter at ``text[start:end]`` can open, and whether it can close."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return (not after.isspace() and not before.isalnum(), not before.isspace() and not after.isalnum())


class _Line:
    """One line being written: pieces of HTML, and the delimiters that still wait for their partner."""

    def __init__(self) -> None:
        self.pieces: list[Markup] = []
        self.waiting: list[tuple[str, int]] = []

    def add(self, piece: Markup) -> None:
        self.pieces.append(piece)

    def delimiter(self, mark: str, *, opens: bool, closes: bool) -> None:
        """Closes the nearest partner if there is one, else waits for one; a lonely mark stays itself."""
        places = [place for waiting, place in self.waiting if waiting == mark]
        if closes and places and places[-1] < len(self.pieces) - 1:
            place = places[-1]
            self.waiting = [pair for pair in self.waiting if pair[1] < place]
            self.pieces[place] = _OPENING[mark]
            self.add(_CLOSING[mark])
            return
        # One of each kind waits at a time, which keeps hostile runs of delimiters linear.
        if opens and not places:
            self.waiting.append((mark, len(self.pieces)))
        self.add(escape(mark))


def inline(text: str, names: Names, *, verbatim: bool = False) -> Markup:
    """One line of mrkdwn as HTML without block elements; ``verbatim`` leaves bare addresses as text."""
    line, position = _Line(), 0
    for found in _ATOM.finditer(text):
        if found.start() > position:
            line.add(escape(plain(text[position : found.start()])))
        position = found.end()
        code, entity, name, mark, address = found.groups()
        if code:
            line.add(escape(plain(code)).join(_CODE))
        elif entity:
            line.add(_entity(entity, names))
        elif name:
            line.add(emoji_or_name(name))
        elif address:
            line.add(escape(plain(address)) if verbatim else link(plain(address), plain(address)))
        else:
            opens, closes = _edges(text, found.start(), found.end())
            line.delimiter(mark, opens=opens, closes=closes)
    line.add(escape(plain(text[position:])))
    return Markup("").join(line.pieces)


def plain_text(text: str, *, emoji: bool) -> Markup:
    """Plain text: line breaks and, if wanted, emoji; everything else as written."""
    draw = _with_emoji if emoji else escape
    return Markup("<br>").join(draw(plain(line)) for line in text.split("\n"))
