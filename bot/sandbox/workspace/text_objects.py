"""What Slack accepts as text objects and other things that blocks and elements are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.sandbox.workspace.schema import (
    Check,
    by_type,
    fields,
    flag,
    items,
    needs_any,
    one_of_several,
    string,
    url,
    word,
)

ACTION_ID: Final = string(255)
BLOCK_ID: Final[Mapping[str, Check]] = {"block_id": string(255)}


def plain(most: int) -> Check:
    """A ``plain_text`` object."""
    return by_type({"plain_text": fields({"text": string(most)}, {"emoji": flag})})


def text(most: int) -> Check:
    """A text object of either kind."""
    either = by_type(
        {
            "plain_text": fields({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": fields({"text": string(most)}, {"verbatim": flag}),
        }
    )
    return one_of_several(either)


def block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A block with these fields and perhaps a ``block_id``."""
    return fields(required, {**(optional or {}), **BLOCK_ID})


SLACK_FILE: Final = needs_any(fields({}, {"id": string(255), "url": url()}), "id", "url")
IMAGE: Final = needs_any(
    fields({"alt_text": string(2000)}, {"image_url": url(), "slack_file": SLACK_FILE}), "image_url", "slack_file"
)
CONFIRM: Final = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": word("primary", "danger")},
)
OPTION: Final = fields({"text": text(75), "value": string(150)}, {"description": text(75)})
MENU_OPTION: Final = fields({"text": plain(75), "value": string(150)}, {"description": plain(75)})
MENU_GROUP: Final = fields({"label": plain(75), "options": items(MENU_OPTION, most=100)}, {})
LINK_OPTION: Final = fields({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": url()})
