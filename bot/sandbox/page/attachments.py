"""Slack's older attachments beside the blocks: a coloured bar, an author, a title, fields, a picture, a footer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from bot.sandbox.page.dates import instant, time_element
from bot.sandbox.page.folding import folded
from bot.sandbox.page.inline import plain_text
from bot.sandbox.page.links import link
from bot.sandbox.page.mrkdwn import mrkdwn
from bot.sandbox.page.names import Names

Json = Mapping[str, Any]


def _marked_up(attachment: Json, part: str) -> bool:
    """Whether a part is mrkdwn: ``mrkdwn_in`` names those that are, and without it all of them are."""
    wanted = attachment.get("mrkdwn_in")
    return part in wanted if isinstance(wanted, list) else True


def part(attachment: Json, name: str, names: Names) -> Markup:
    """``pretext`` or ``text`` as HTML; a long text is folded, as Slack folds it after 700 characters."""
    text = str(attachment.get(name) or "")
    html = mrkdwn(text, names) if _marked_up(attachment, name) else plain_text(text, emoji=True)
    return folded(html, text, longest=700, most_lines=6)


def linked(attachment: Json, name: str) -> Markup:
    """``author_name`` or ``title`` as a link where the attachment has an address for it."""
    url = str(attachment.get({"author_name": "author_link"}.get(name, f"{name}_link")) or "")
    label = plain_text(str(attachment.get(name) or ""), emoji=True)
    return link(url, label) if url else label


def fields(attachment: Json, names: Names) -> list[tuple[Markup, Markup, bool]]:
    """Title, value and whether it is short, of each field."""
    found = attachment.get("fields")
    drawn = mrkdwn if _marked_up(attachment, "fields") else lambda text, _: plain_text(text, emoji=True)
    return [
        (
            plain_text(str(field.get("title") or ""), emoji=True),
            drawn(str(field.get("value") or ""), names),
            field.get("short") is True,
        )
        for field in (found if isinstance(found, list) else [])
        if isinstance(field, dict)
    ]


def footer_time(attachment: Json) -> Markup | None:
    """When the footer says that it was, if it says so."""
    try:
        at = instant(float(attachment["ts"]))
    except (KeyError, TypeError, ValueError):
        return None
    return None if at is None else time_element(at, "{date_short_pretty} {time}")
