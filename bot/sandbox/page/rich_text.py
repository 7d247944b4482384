"""Slack's ``rich_text`` block as HTML: sections, lists, quotes and preformatted text with styled runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from bot.sandbox.page.colours import swatch
from bot.sandbox.page.dates import instant, time_element
from bot.sandbox.page.inline import emoji_or_name
from bot.sandbox.page.links import broadcast, channel_mention, group_mention, link, user_mention
from bot.sandbox.page.names import Names

_STYLES: Final = {
    "bold": Markup("<b>{}</b>"),
    "italic": Markup("<i>{}</i>"),
    "strike": Markup("<s>{}</s>"),
    "underline": Markup("<u>{}</u>"),
    "highlight": Markup("<mark>{}</mark>"),
    "client_highlight": Markup("<mark>{}</mark>"),
    "code": Markup("<code>{}</code>"),
}
_DEEPEST: Final = 8


def _list(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _number(value: object) -> int:
    """A small count from a payload; 0 for everything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000 else 0


def _date(element: Mapping[str, Any]) -> Markup:
    try:
        at = instant(float(element["timestamp"]))
    except (KeyError, TypeError, ValueError):
        at = None
    if at is None:
        return escape(str(element.get("fallback", "")))
    return time_element(at, str(element.get("format", "{date_short} {time}")), str(element.get("url") or ""))


def _emoji(element: Mapping[str, Any]) -> Markup:
    tone = _number(element.get("skin_tone"))
    return emoji_or_name(str(element.get("name", "")) + (f"::skin-tone-{tone}" if tone else ""))


def _run(element: Mapping[str, Any], names: Names) -> Markup:
    """One element of a section, without its style."""
    text = str(element.get("text") or "")
    match element.get("type"):
        case "text":
            return Markup("<br>").join(escape(line) for line in text.split("\n"))
        case "link":
            url = str(element.get("url", ""))
            return link(url, text or url)
        case "user":
            return user_mention(str(element.get("user_id", "")), names)
        case "channel":
            return channel_mention(str(element.get("channel_id", "")), names)
        case "usergroup":
            return group_mention(str(element.get("usergroup_id", "")), names)
        case "emoji":
            return _emoji(element)
        case "broadcast":
            return broadcast(str(element.get("range", "here")))
        case "team":
            return Markup('<span class="mention">@{}</span>').format(str(element.get("team_id", "")))
        case "date":
            return _date(element)
        case "color":
            return swatch(element.get("value"))
        case _:
            return escape(text)


def _styled(element: Mapping[str, Any], names: Names) -> Markup:
    drawn = _run(element, names)
    style = element.get("style")
    if isinstance(style, dict):
        for name, around in _STYLES.items():
            if style.get(name):
                drawn = around.format(drawn)
    return drawn


def _section(element: Mapping[str, Any], names: Names) -> Markup:
    return Markup("").join(_styled(run, names) for run in _list(element.get("elements")))


def _listed(element: Mapping[str, Any], names: Names) -> Markup:
    """A list at its indent; what a list is nested in, Slack says by the indent alone."""
    level = min(_number(element.get("indent")), _DEEPEST)
    border = " bordered" if element.get("border") else ""
    items = Markup("").join(
        Markup('<li dir="auto">{}</li>').format(_section(item, names)) for item in _list(element.get("elements"))
    )
    if element.get("style") != "ordered":
        return Markup('<ul class="bullets-{} indent-{}{}">{}</ul>').format(level % 3, level, border, items)
    start = _number(element.get("offset")) + 1
    return Markup('<ol class="numbers-{} indent-{}{}" start="{}">{}</ol>').format(
        level % 3, level, border, start, items
    )


def _element(element: Mapping[str, Any], names: Names) -> Markup:
    match element.get("type"):
        case "rich_text_section":
            return Markup('<div class="line" dir="auto">{}</div>').format(_section(element, names))
        case "rich_text_list":
            return _listed(element, names)
        case "rich_text_quote":
            return Markup('<blockquote dir="auto">{}</blockquote>').format(_section(element, names))
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(_section(element, names))
        case unknown:
            return Markup('<div class="unknown">[{}: not drawn in the sandbox]</div>').format(str(unknown))


def rich_text(block: Mapping[str, Any], names: Names) -> Markup:
    """The block's elements one below the other; an element of an unknown type says so."""
    return Markup("").join(_element(element, names) for element in _list(block.get("elements")))
