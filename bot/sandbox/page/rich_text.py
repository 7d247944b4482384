"""Slack's ``rich_text`` block as HTML: sections, lists, quotes and preformatted text with styled runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from bot.sandbox.page.dates import instant, time_element
from bot.sandbox.page.links import broadcast, channel_mention, group_mention, link, user_mention
from bot.sandbox.page.mrkdwn import emoji_or_name
from bot.sandbox.page.names import Names

_STYLES: Final = {
    "bold": Markup("<b>{}</b>"),
    "italic": Markup("<i>{}</i>"),
    "strike": Markup("<s>{}</s>"),
    "underline": Markup("<u>{}</u>"),
    "code": Markup("<code>{}</code>"),
}


def _list(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _date(element: Mapping[str, Any]) -> Markup:
    try:
        at = instant(float(element["timestamp"]))
    except (KeyError, TypeError, ValueError):
        at = None
    if at is None:
        return escape(str(element.get("fallback", "")))
    return time_element(at, str(element.get("format", "{date_short} {time}")))


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
            return emoji_or_name(str(element.get("name", "")))
        case "broadcast":
            return broadcast(str(element.get("range", "here")))
        case "date":
            return _date(element)
        case "color":
            return Markup("<code>{}</code>").format(str(element.get("value", "")))
        case _:
            return escape(text)


def _styled(element: Mapping[str, Any], names: Names) -> Markup:
    drawn = _run(element, names)
    style = element.get("style")
    for name, around in _STYLES.items():
        if isinstance(style, dict) and style.get(name):
            drawn = around.format(drawn)
    return drawn


def _section(element: Mapping[str, Any], names: Names) -> Markup:
    return Markup("").join(_styled(run, names) for run in _list(element.get("elements")))


def _listed(element: Mapping[str, Any], names: Names) -> Markup:
    tag = Markup("ol") if element.get("style") == "ordered" else Markup("ul")
    indent = element.get("indent")
    level = min(indent, 8) if isinstance(indent, int) and indent > 0 else 0
    items = Markup("").join(
        Markup("<li>{}</li>").format(_section(item, names)) for item in _list(element.get("elements"))
    )
    return Markup('<{0} class="indent-{1}">{2}</{0}>').format(tag, level, items)


def rich_text(block: Mapping[str, Any], names: Names) -> Markup:
    """The block's elements one below the other; an element of an unknown type is left out."""
    out: list[Markup] = []
    for element in _list(block.get("elements")):
        match element.get("type"):
            case "rich_text_section":
                out.append(Markup('<div class="line">{}</div>').format(_section(element, names)))
            case "rich_text_list":
                out.append(_listed(element, names))
            case "rich_text_quote":
                out.append(Markup("<blockquote>{}</blockquote>").format(_section(element, names)))
            case "rich_text_preformatted":
                out.append(Markup("<pre>{}</pre>").format(_section(element, names)))
            case _:
                continue
    return Markup("").join(out)
