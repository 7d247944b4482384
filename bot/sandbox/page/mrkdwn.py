"""Slack's own markup, as HTML that cannot do harm.

Blocks first (fences, quotes, bullets, lines), then each line (``inline.py``). What was drawn is remembered together
with the names that stand in it, for a channel shows the same texts again and again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from bot.sandbox.page.inline import emoji_or_name, inline, plain, plain_text
from bot.sandbox.page.names import Names

_FENCE: Final = re.compile(r"```\n?(.+?)\n?```", re.DOTALL)
_QUOTE: Final = re.compile(r"^(?:&gt;|>)(?!&gt;|>) ?")
_QUOTES_THE_REST: Final = re.compile(r"^(?:&gt;|>){3} ?")
_BULLET: Final = re.compile(r"^( *)(?=(?:[•◦▪‣-]|\d{1,3}[.)]) +\S)")
_MENTIONED: Final = re.compile(r"<(?:@|#|!subteam\^)([^|>\n]+)")
_BREAK: Final = Markup("<br>")
_LONG: Final = 4000


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring lines of one kind: ``quote``, ``list`` or ``text``; a ``>>>`` quotes all that follows."""
    kind, lines = "", list[str]()
    rest_is_quote = False
    for raw in text.split("\n"):
        line, now = raw, "text"
        opened = _QUOTES_THE_REST.match(line)
        if rest_is_quote or opened:
            now, rest_is_quote = "quote", True
            line = line[opened.end() :] if opened else line
        elif _QUOTE.match(line):
            now, line = "quote", _QUOTE.sub("", line)
        elif _BULLET.match(line):
            now = "list"
        if now != kind and lines:
            yield kind, lines
            lines = []
        kind = now
        lines.append(line)
    if lines:
        yield kind, lines


def _item(line: str, names: Names, *, verbatim: bool) -> Markup:
    """A line that begins like a list's: the bullet stays as it was written, what wraps is indented."""
    indent = _BULLET.match(line)
    level = min(len(indent[1]) // 2, 4) if indent else 0
    drawn = inline(line.lstrip(), names, verbatim=verbatim)
    return Markup('<li class="indent-{}" dir="auto">{}</li>').format(level, drawn)


def _prose(text: str, names: Names, *, verbatim: bool) -> Markup:
    out: list[Markup] = []
    for kind, lines in _runs(text):
        if kind == "list":
            items = Markup("").join(_item(line, names, verbatim=verbatim) for line in lines)
            out.append(Markup('<ul class="as-written">{}</ul>').format(items))
            continue
        drawn = _BREAK.join(inline(line, names, verbatim=verbatim) for line in lines)
        if kind == "quote":
            out.append(Markup('<blockquote dir="auto">{}</blockquote>').format(drawn))
        else:
            out.append(Markup('<div class="line" dir="auto">{}</div>').format(drawn))
    return Markup("").join(out)


def _drawn(text: str, names: Names, *, verbatim: bool) -> Markup:
    out: list[Markup] = []
    position = 0
    for found in _FENCE.finditer(text):
        before = text[position : found.start()].strip("\n")
        if before:
            out.append(_prose(before, names, verbatim=verbatim))
        out.append(Markup("<pre>{}</pre>").format(plain(found[1])))
        position = found.end()
    after = text[position:].lstrip("\n") if position else text
    if after:
        out.append(_prose(after, names, verbatim=verbatim))
    return Markup("").join(out)


_Pairs = tuple[tuple[str, str], ...]


def _redrawn(text: str, verbatim: bool, seat: tuple[str, str], pairs: tuple[_Pairs, _Pairs, _Pairs]) -> Markup:
    users, channels, groups = (dict(known) for known in pairs)
    names = Names(me=seat[0], base=seat[1], users=users, channels=channels, groups=groups)
    return _drawn(text, names, verbatim=verbatim)


_remembered = lru_cache(maxsize=2048)(_redrawn)
_remembered_long = lru_cache(maxsize=32)(_redrawn)


def mrkdwn(text: str, names: Names, *, verbatim: bool = False) -> Markup:
    """The whole text as HTML blocks; nothing in it can run, load or leave its place."""
    remembered = _remembered if len(text) < _LONG else _remembered_long
    ids = dict.fromkeys(_MENTIONED.findall(text))
    if not ids:
        return remembered(text, verbatim, ("", ""), ((), (), ()))
    users, channels, groups = (
        tuple((one, known[one]) for one in ids if one in known)
        for known in (names.users, names.channels, names.groups)
    )
    return remembered(text, verbatim, (names.me, names.base), (users, channels, groups))


def text_object(value: Any, names: Names) -> Markup:
    """A Block Kit text object (or a bare string, taken as plain text) as HTML."""
    if isinstance(value, dict):
        text = str(value.get("text") or "")
        if value.get("type") == "mrkdwn":
            return mrkdwn(text, names, verbatim=value.get("verbatim") is True)
        return plain_text(text, emoji=value.get("emoji") is not False)
    return plain_text(str(value or ""), emoji=True)


__all__ = ["emoji_or_name", "inline", "mrkdwn", "plain", "plain_text", "text_object"]
