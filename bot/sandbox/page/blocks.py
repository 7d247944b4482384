"""Block Kit as HTML.

The macros in ``templates/{blocks,elements,inputs,attachment}.html`` draw; what needs thought is a function of its
own. A block or element of a type that is not drawn says so in its place, so that nothing disappears unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, Environment, FileSystemLoader
from markupsafe import Markup

from bot.sandbox.page import attachments
from bot.sandbox.page.choices import groups_of, said
from bot.sandbox.page.colours import colour
from bot.sandbox.page.fields import browser_time, control_name, held
from bot.sandbox.page.folding import folded
from bot.sandbox.page.images import image_url, loopback
from bot.sandbox.page.links import safe_url
from bot.sandbox.page.markdown import markdown
from bot.sandbox.page.mrkdwn import emoji_or_name, mrkdwn, text_object
from bot.sandbox.page.names import Names
from bot.sandbox.page.place import Place
from bot.sandbox.page.rich_text import rich_text
from bot.sandbox.page.tables import rows_of
from bot.sandbox.workspace.inputs import options_of
from bot.sandbox.workspace.values import Message

Json = Mapping[str, Any]


@cache
def environment() -> Environment:
    """The page's templates, with every value escaped; compiled once and kept."""
    jinja = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    functions = (text_object, mrkdwn, markdown, rich_text, emoji_or_name, safe_url, control_name, options_of, held)
    more = (label_of, trigger_of, image_url, loopback, colour, groups_of, said, browser_time, rows_of, section_text)
    jinja.globals |= {function.__name__: function for function in (*functions, *more)}
    jinja.globals["attachments"] = attachments
    return jinja


def label_of(element: Json) -> str:
    """A name for a control that has no visible label."""
    placeholder = said(element.get("placeholder"))
    return placeholder or str(element.get("accessibility_label") or str(element.get("type", "")).replace("_", " "))


def trigger_of(element: Json) -> str:
    """When a text input tells the bot: at each character, if it is configured so, else at the Enter key."""
    config = element.get("dispatch_action_config")
    when = config.get("trigger_actions_on") if isinstance(config, dict) else None
    return "input changed delay:400ms" if isinstance(when, list) and "on_character_entered" in when else "entered"


def section_text(block: Json, names: Names) -> Markup:
    """A section's text, folded if it is long and not to be expanded from the start."""
    text = block.get("text")
    html = text_object(text, names)
    if not isinstance(text, dict) or block.get("expand") is True:
        return html
    return folded(html, str(text.get("text") or ""))


def draw_blocks(blocks: Iterable[Json], place: Place) -> Markup:
    """All blocks, one below the other."""
    template = environment().get_template("blocks.html")
    return Markup(template.module.blocks(list(blocks), place))  # type: ignore[attr-defined]  # noqa: S704


def draw_message(message: Message, place: Place) -> Markup:
    """A message's blocks, or its text where it has none, and its attachments below."""
    if message.blocks:
        parts = [draw_blocks(message.blocks, place)]
    else:
        parts = [folded(mrkdwn(message.text, place.names), message.text, longest=4000, most_lines=60)]
    if message.attachments:
        drawn = environment().get_template("attachment.html").module
        parts += [Markup(drawn.draw(attachment, place)) for attachment in message.attachments]  # type: ignore[attr-defined]  # noqa: S704
    return Markup("").join(parts)


__all__ = ["colour", "draw_blocks", "draw_message", "environment"]
