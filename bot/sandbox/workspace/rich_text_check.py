"""What Slack accepts inside a ``rich_text`` block: sections, lists, quotes, code, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.sandbox.workspace.schema import Check, by_type, fields, flag, items, string, url, whole, word
from bot.sandbox.workspace.text_objects import block

_MOST_ELEMENTS: Final = 1000
_STYLE: Final = fields({}, dict.fromkeys(("bold", "italic", "strike", "underline", "code"), flag))
_MENTION_STYLE: Final = fields(
    {}, dict.fromkeys(("bold", "italic", "strike", "underline", "highlight", "client_highlight", "unlink"), flag)
)
_ID: Final = string(255)
_MENTIONED: Final[Mapping[str, Check]] = {"style": _MENTION_STYLE}

_IN_A_LINE: Final = by_type(
    {
        "text": fields({"text": string(40_000)}, {"style": _STYLE}),
        "link": fields({"url": url()}, {"text": string(40_000), "unsafe": flag, "style": _STYLE}),
        "user": fields({"user_id": _ID}, _MENTIONED),
        "usergroup": fields({"usergroup_id": _ID}, _MENTIONED),
        "channel": fields({"channel_id": _ID}, _MENTIONED),
        "team": fields({"team_id": _ID}, _MENTIONED),
        "broadcast": fields({"range": word("here", "channel", "everyone")}, _MENTIONED),
        "emoji": fields({"name": _ID}, {"unicode": _ID, "skin_tone": whole(1, 6), "style": _STYLE}),
        "color": fields({"value": string(30)}, {"style": _STYLE}),
        "date": fields(
            {"timestamp": whole(), "format": string(255)}, {"url": url(), "fallback": string(255), "style": _STYLE}
        ),
    }
)
_LINE: Final = items(_IN_A_LINE, most=_MOST_ELEMENTS, least=0)
_SECTION: Final = fields({"elements": _LINE}, {})
_BORDER: Final = whole(0, 1)

PARTS: Final = items(
    by_type(
        {
            "rich_text_section": _SECTION,
            "rich_text_quote": fields({"elements": _LINE}, {"border": _BORDER}),
            "rich_text_preformatted": fields({"elements": _LINE}, {"border": _BORDER, "language": _ID}),
            "rich_text_list": fields(
                {
                    "style": word("bullet", "ordered"),
                    "elements": items(by_type({"rich_text_section": _SECTION}), most=_MOST_ELEMENTS),
                },
                {"indent": whole(0, 8), "offset": whole(), "border": _BORDER},
            ),
        }
    ),
    most=_MOST_ELEMENTS,
)
RICH_TEXT: Final = block({"elements": PARTS})
"""The block itself; also what stands in a table's cell, in a task, and in a rich text input."""
RICH_TEXT_OBJECT: Final = by_type({"rich_text": RICH_TEXT})
