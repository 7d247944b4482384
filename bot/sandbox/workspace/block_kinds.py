"""What Slack accepts as blocks, where, and as the frame of a modal or an App Home, with Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.sandbox.workspace.cards_check import (
    ACTIONS_IN_CONTEXT,
    CARD,
    CAROUSEL,
    PLAN,
    TASK_CARD,
    VIDEO,
    container,
)
from bot.sandbox.workspace.elements import IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION
from bot.sandbox.workspace.rich_text_check import RICH_TEXT
from bot.sandbox.workspace.schema import (
    Check,
    anything,
    by_type,
    fields,
    flag,
    items,
    needs_any,
    string,
    url,
    whole,
    word,
)
from bot.sandbox.workspace.tables_check import CHART, DATA_TABLE, TABLE
from bot.sandbox.workspace.text_objects import SLACK_FILE, block, plain, text

_SECTION: Final = block(
    {},
    {
        "text": text(3000),
        "fields": items(text(2000), most=10),
        "accessory": by_type(IN_SECTION),
        "expand": flag,
    },
)
_IMAGE: Final = block(
    {"alt_text": string(2000)},
    {"image_url": url(), "slack_file": SLACK_FILE, "title": plain(2000)},
)
_EVERYWHERE: Final[Mapping[str, Check]] = {
    "section": needs_any(_SECTION, "text", "fields"),
    "header": block({"text": plain(150)}, {"level": whole(1, 4)}),
    "divider": block({}),
    "context": block({"elements": items(by_type(IN_CONTEXT), most=10)}),
    "actions": block({"elements": items(by_type(IN_ACTIONS), most=25)}),
    "input": block(
        {"label": plain(2000), "element": by_type(IN_INPUT)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": needs_any(_IMAGE, "image_url", "slack_file"),
    "rich_text": RICH_TEXT,
    "card": CARD,
    "video": VIDEO,
}
_HOLDABLE: Final = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")
_WIDE: Final[Mapping[str, Check]] = {
    "table": TABLE,
    "data_table": DATA_TABLE,
    "carousel": CAROUSEL,
    "container": container({**{name: _EVERYWHERE[name] for name in _HOLDABLE}, "table": TABLE}),
}
# Where a block may stand. The length of markdown is counted over the whole message.
IN_MESSAGES: Final[Mapping[str, Check]] = {
    **_EVERYWHERE,
    **_WIDE,
    "markdown": block({"text": string(12_000)}),
    "data_visualization": CHART,
    "context_actions": ACTIONS_IN_CONTEXT,
    "plan": PLAN,
    "task_card": TASK_CARD,
    "call": block({"call_id": string(255)}, {"api_decoration_available": flag}),
}
IN_HOMES: Final[Mapping[str, Check]] = {**_EVERYWHERE, **_WIDE}
IN_MODALS: Final[Mapping[str, Check]] = {
    **_EVERYWHERE,
    "alert": block({"text": text(200)}, {"level": word("default", "info", "warning", "error", "success")}),
}
_VIEW: Final[Mapping[str, Check]] = {
    "blocks": anything,
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
MODAL: Final = fields(
    {"title": plain(24), "blocks": anything},
    {**_VIEW, "close": plain(24), "submit": plain(24), "clear_on_close": flag, "notify_on_close": flag},
)
HOME: Final = fields({"blocks": anything}, _VIEW)
