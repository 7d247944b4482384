"""Slack's own markup, as HTML that cannot do harm.

Text is cut into tokens; what is not a token is escaped, so there is no way for a message to bring markup of its own.
Blocks first (fences, quotes, bullets, lines), then each line: code, ``<...>``, ``:emoji:``, and the delimiters
``* _ ~``, which count only at the edge of a word, as Slack counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from markupsafe import Markup, escape

from bot.sandbox.page.dates import date_token
from bot.sandbox.page.emoji import character
from bot.sandbox.page.links import broadcast, channel_mention, group_mention, link, safe_url, user_mention
from bot.sandbox.page.names import Names

_FENCE: Final = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_ATOM: Final = re.compile(r"`([^`\n]+)`|<([^<>\n]+)>|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|([*_~])")
_QUOTE: Final = re.compile(r"^(?:&gt;|>)(?!&gt;|>) ?")
_BULLET: Final = re.compile(r"^\s*[•◦▪-] +")
_TAGS: Final = {"*": "b", "_": "i", "~": "s"}
_BREAK: Final = Markup("<br>")


def plain(text: str) -> str:
    """``text`` without Slack's three escapes: what a person reads."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


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
    address = unescape(target)
    if safe_url(address):
        return link(address, shown or address.removeprefix("mailto:"))
    return Markup("&lt;{}&gt;").format(plain(body))


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
            self.pieces[place] = Markup("<{}>").format(_TAGS[mark])
            self.add(Markup("</{}>").format(_TAGS[mark]))
            return
        # One of each kind waits at a time, which keeps hostile runs of delimiters linear.
        if opens and not places:
            self.waiting.append((mark, len(self.pieces)))
        self.add(escape(mark))


def inline(text: str, names: Names) -> Markup:
    """One line of mrkdwn as HTML without block elements."""
    line, position = _Line(), 0
    for found in _ATOM.finditer(text):
        if found.start() > position:
            line.add(escape(plain(text[position : found.start()])))
        position = found.end()
        code, entity, name, mark = found.groups()
        if code:
            line.add(Markup("<code>{}</code>").format(plain(code)))
        elif entity:
            line.add(_entity(entity, names))
        elif name:
            line.add(emoji_or_name(name))
        else:
            opens, closes = _edges(text, found.start(), found.end())
            line.delimiter(mark, opens=opens, closes=closes)
    line.add(escape(plain(text[position:])))
    return Markup("").join(line.pieces)


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring lines of one kind: ``quote``, ``list`` or ``text``; a ``>>>`` quotes all that follows."""
    kind, lines = "", list[str]()
    rest_is_quote = False
    for raw in text.split("\n"):
        line, now = raw, "text"
        opened = re.match(r"^(?:&gt;|>){3} ?", line)
        if rest_is_quote or opened:
            now, rest_is_quote = "quote", True
            line = line[opened.end() :] if opened else line
        elif _QUOTE.match(line):
            now, line = "quote", _QUOTE.sub("", line)
        elif _BULLET.match(line):
            now, line = "list", _BULLET.sub("", line)
        if now != kind and lines:
            yield kind, lines
            lines = []
        kind = now
        lines.append(line)
    if lines:
        yield kind, lines


def _prose(text: str, names: Names) -> Markup:
    out: list[Markup] = []
    for kind, lines in _runs(text):
        drawn = [inline(line, names) for line in lines]
        if kind == "quote":
            out.append(Markup("<blockquote>{}</blockquote>").format(_BREAK.join(drawn)))
        elif kind == "list":
            items = Markup("").join(Markup("<li>{}</li>").format(item) for item in drawn)
            out.append(Markup("<ul>{}</ul>").format(items))
        else:
            out.append(Markup('<div class="line">{}</div>').format(_BREAK.join(drawn)))
    return Markup("").join(out)


def mrkdwn(text: str, names: Names) -> Markup:
    """The whole text as HTML blocks; nothing in it can run, load or leave its place."""
    out: list[Markup] = []
    position = 0
    for found in _FENCE.finditer(text):
        before = text[position : found.start()].strip("\n")
        if before:
            out.append(_prose(before, names))
        out.append(Markup("<pre>{}</pre>").format(plain(found[1])))
        position = found.end()
    after = text[position:].lstrip("\n") if position else text
    if after:
        out.append(_prose(after, names))
    return Markup("").join(out)


def text_object(value: object, names: Names) -> Markup:
    """A Block Kit text object (or a bare string, taken as plain text) as HTML."""
    if isinstance(value, dict):
        text = str(value.get("text") or "")
        if value.get("type") == "mrkdwn":
            return mrkdwn(text, names)
        return plain_text(text, emoji=value.get("emoji") is not False)
    return plain_text(str(value or ""), emoji=True)


def plain_text(text: str, *, emoji: bool) -> Markup:
    """Plain text: line breaks and, if wanted, emoji; everything else as written."""
    lines: list[Markup] = []
    for line in text.split("\n"):
        pieces = re.split(r":([a-z0-9_+'-]+):", line) if emoji else [line]
        drawn = [emoji_or_name(piece) if at % 2 else escape(plain(piece)) for at, piece in enumerate(pieces)]
        lines.append(Markup("").join(drawn))
    return _BREAK.join(lines)
