"""Block Kit as HTML.

The macros in ``templates/blocks.html`` and ``templates/elements.html`` draw; what needs thought is a function here. A
block or element of a type that is not drawn says so in its place, so that nothing disappears unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup

from bot.sandbox.page.fields import control_name, held
from bot.sandbox.page.links import safe_url
from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.mrkdwn import emoji_or_name, mrkdwn, text_object
from bot.sandbox.page.place import Place
from bot.sandbox.page.rich_text import rich_text
from bot.sandbox.workspace.inputs import options_of
from bot.sandbox.workspace.values import Message

Json = Mapping[str, Any]


@cache
def environment() -> Environment:
    """The page's templates, with every value escaped and every misspelt name an error."""
    jinja = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals |= {
        "text_object": text_object,
        "mrkdwn": mrkdwn,
        "markdown": markdown,
        "rich_text": rich_text,
        "emoji_or_name": emoji_or_name,
        "safe_url": safe_url,
        "control_name": control_name,
        "options_of": options_of,
        "held": held,
        "label_of": label_of,
        "image_url": image_url,
        "colour": colour,
    }
    return jinja


def label_of(element: Json) -> str:
    """A name for a control that has no visible label."""
    placeholder = element.get("placeholder")
    if isinstance(placeholder, dict) and placeholder.get("text"):
        return str(placeholder["text"])
    return str(element.get("accessibility_label") or str(element.get("type", "")).replace("_", " "))


def image_url(image: Json) -> str | None:
    """The address of an image block or element, if a browser may load it."""
    return safe_url(str(image.get("image_url") or ""))


def colour(value: object) -> str:
    """An attachment's colour as ``#rrggbb``; Slack's three words are known, anything else is grey."""
    words = {"good": "#2e8b57", "warning": "#c98a00", "danger": "#c0392b"}
    text = words.get(str(value), str(value))
    digits = text.removeprefix("#")
    known = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f"#{digits}" if known else "#8a8f98"


def draw_blocks(blocks: Iterable[Json], place: Place) -> Markup:
    """All blocks, one below the other."""
    template = environment().get_template("blocks.html")
    return Markup(template.module.blocks(list(blocks), place))  # type: ignore[attr-defined]  # noqa: S704


def draw_message(message: Message, place: Place) -> Markup:
    """A message's blocks, or its text where it has none, and its attachments below."""
    parts = [draw_blocks(message.blocks, place) if message.blocks else mrkdwn(message.text, place.names)]
    template = environment().get_template("blocks.html")
    parts += [
        Markup(template.module.attachment(attachment, place))  # type: ignore[attr-defined]  # noqa: S704
        for attachment in message.attachments
    ]
    return Markup("").join(parts)


__all__ = ["draw_blocks", "draw_message", "environment"]
