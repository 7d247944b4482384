"""The ``markdown`` block as HTML, by markdown-it with HTML and images off."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.sandbox.page.links import safe_url


@cache
def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")
    )
    # The library lets more through than a chat should: data images, relative addresses.
    parser.validateLink = lambda url: safe_url(url) is not None  # type: ignore[method-assign]
    return parser


def markdown(text: str) -> Markup:
    """``text`` as HTML with links that open beside the page; markup in it is shown as text."""
    html = _parser().render(text).replace("<a href=", '<a target="_blank" rel="noopener noreferrer" href=')
    return Markup(html)  # noqa: S704  the parser escapes everything that is not its own markup
