"""The ``markdown`` block as HTML, by markdown-it with HTML off; pictures become links, as in Slack."""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from bot.sandbox.page.inline import inline
from bot.sandbox.page.links import link, safe_url
from bot.sandbox.page.names import Names

_SLACKS_OWN: Final = re.compile(r"(<[@#!][^<>\n]+>|:[a-z0-9_+'-]+(?:::skin-tone-\d)?:)")
_BOX: Final = re.compile(r"\[([ xX])\] +")


def _text(tokens: Sequence[Token], at: int, _options: object, env: MutableMapping[str, Any]) -> str:
    """Text as it is, but for mentions, dates, emoji and the boxes of task lists."""
    content = tokens[at].content
    box = _BOX.match(content) if at == 0 else None
    if box:
        content = ("☐ " if box[1] == " " else "☑ ") + content[box.end() :]
    pieces = _SLACKS_OWN.split(content)
    return "".join(inline(piece, env["names"]) if nth % 2 else escape(piece) for nth, piece in enumerate(pieces))


def _image(tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    token = tokens[at]
    return str(link(str(token.attrs.get("src", "")), token.content or "picture"))


def _beside_the_page(token: Token) -> None:
    token.attrs |= {"target": "_blank", "rel": "noopener noreferrer"}


def _class_for_style(token: Token) -> None:
    """The parser aligns cells by a style attribute, which the page's content policy forbids."""
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrs["class"] = style.rpartition(":")[2]


_CHANGES: Final = {"link_open": _beside_the_page, "th_open": _class_for_style, "td_open": _class_for_style}


def _change(tokens: Sequence[Token]) -> None:
    for at, token in enumerate(tokens):
        if token.type == "list_item_open" and any(_BOX.match(line.content) for line in tokens[at + 2 : at + 3]):
            token.attrs["class"] = "task"
        change = _CHANGES.get(token.type)
        if change is not None:
            change(token)
        _change(token.children or ())


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    # The library lets more through than a chat should: data images, relative addresses.
    parser.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    rules = {
        "text": _text,
        "image": _image,
        "table_open": lambda *_: '<div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table>',
        "table_close": lambda *_: "</table></div>",
    }
    parser.renderer.rules |= rules  # type: ignore[attr-defined]
    return parser


def markdown(text: str, names: Names) -> Markup:
    """``text`` as HTML with links that open beside the page; markup in it is shown as text."""
    env: MutableMapping[str, Any] = {"names": names}
    tokens = _parser().parse(text, env)
    _change(tokens)
    # The parser escapes everything that is not its own markup.
    return Markup(_parser().renderer.render(tokens, _parser().options, env))  # noqa: S704
