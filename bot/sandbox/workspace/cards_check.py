"""What Slack accepts as cards, containers, plans and their like: blocks that hold other things together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.workspace.elements import BUTTON, CONTEXT_ACTIONS
from bot.sandbox.workspace.rich_text_check import RICH_TEXT_OBJECT
from bot.sandbox.workspace.schema import (
    Check,
    by_type,
    fields,
    flag,
    items,
    needs_any,
    problem,
    string,
    url,
    word,
)
from bot.sandbox.workspace.text_objects import BLOCK_ID, IMAGE, block, plain, text

_PICTURE: Final = by_type({"image": IMAGE})
_ICON: Final = by_type({"icon": fields({"name": string(255)}, {})})
_CARD: Final = needs_any(
    block(
        {},
        {
            "hero_image": _PICTURE,
            "icon": _PICTURE,
            "slack_icon": _ICON,
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "subtext": text(200),
            "actions": items(by_type({"button": BUTTON}), most=3),
        },
    ),
    "hero_image",
    "title",
    "actions",
    "body",
)


def _card(value: Any, pointer: str) -> Iterator[str]:
    yield from _CARD(value, pointer)
    if isinstance(value, dict) and "icon" in value and "slack_icon" in value:
        yield problem("must provide icon or slack_icon, not both", pointer)


_SOURCE: Final = by_type({"url": fields({"url": url(), "text": string(3000)}, {})})
_TASK: Final[Mapping[str, Check]] = {
    "details": RICH_TEXT_OBJECT,
    "output": RICH_TEXT_OBJECT,
    "sources": items(_SOURCE, most=100),
}
_NAMED: Final[Mapping[str, Check]] = {"task_id": string(255), "title": string(3000)}
# A task that waits for others makes sense in a plan only; alone it is refused, whatever the table of fields says.
_ALONE: Final = word("in_progress", "complete", "error")
_PLANNED: Final = word("pending", "in_progress", "complete", "error")
_IN_A_PLAN: Final = fields(_NAMED, {**_TASK, **BLOCK_ID, "status": _PLANNED})

CARD: Final[Check] = _card
CAROUSEL: Final = block({"elements": items(by_type({"card": _card}), most=10)})
TASK_CARD: Final = block(_NAMED, {**_TASK, "status": _ALONE})
PLAN: Final = block({"title": string(3000)}, {"tasks": items(_IN_A_PLAN, most=100, least=0), "status": _PLANNED})
ACTIONS_IN_CONTEXT: Final = block({"elements": items(by_type(CONTEXT_ACTIONS), most=5)})
VIDEO: Final = block(
    {"alt_text": string(2000), "title": plain(199), "thumbnail_url": url(), "video_url": url()},
    {
        "author_name": string(49),
        "description": plain(199),
        "provider_icon_url": url(),
        "provider_name": string(255),
        "title_url": url(),
    },
)


def container(children: Mapping[str, Check]) -> Check:
    """A container of these blocks."""
    held = block(
        {"child_blocks": items(by_type(children), most=10)},
        {
            "title": plain(150),
            "rich_text_title": RICH_TEXT_OBJECT,
            "subtitle": text(150),
            "width": word("narrow", "standard", "wide", "full"),
            "icon": _PICTURE,
            **dict.fromkeys(("is_collapsible", "default_collapsed", "has_header_divider"), flag),
        },
    )
    return needs_any(held, "title", "rich_text_title")
