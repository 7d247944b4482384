"""What Slack accepts as blocks, where, and as the frame of a modal or an App Home, with Slack's limits.

Common blocks are described whole; rarer ones are left to the models of Slack's own SDK, which check lengths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.sandbox.workspace.elements import IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION, plain, text
from bot.sandbox.workspace.schema import (
    Check,
    anything,
    by_type,
    fields,
    flag,
    items,
    needs_any,
    problem,
    string,
    word,
)

_BLOCK_ID: Final[Mapping[str, Check]] = {"block_id": string(255)}


def _block(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    return fields(required, {**(optional or {}), **_BLOCK_ID})


def _as_the_sdk_has_it(block: Any, pointer: str) -> Iterator[str]:
    try:
        parsed = Block.parse(block)
        if parsed is not None:
            parsed.validate_json()
    except (SlackObjectFormationError, TypeError, ValueError) as wrong:
        yield problem(str(wrong), pointer)


_RARE: Final = "call card carousel container context_actions file plan task_card video"
_SERIES: Final = items(fields({"name": string(100), "data": items(anything, most=20)}, {}), most=6)
_PLOT: Final = fields({"series": _SERIES, "axis_config": anything}, {})
_PIE: Final = fields({"segments": items(anything, most=6)}, {})
_CHART: Final = by_type({"pie": _PIE, "bar": _PLOT, "area": _PLOT, "line": _PLOT})
_SECTION: Final = _block(
    {},
    {
        "text": text(3000),
        "fields": items(text(2000), most=10),
        "accessory": by_type(IN_SECTION),
        "expand": flag,
    },
)
_IMAGE: Final = _block(
    {"alt_text": string(2000)},
    {"image_url": string(3000), "slack_file": anything, "title": plain(2000)},
)
_EVERYWHERE: Final[Mapping[str, Check]] = {
    "section": needs_any(_SECTION, "text", "fields"),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": items(by_type(IN_CONTEXT), most=10)}),
    "actions": _block({"elements": items(by_type(IN_ACTIONS), most=25)}),
    "input": _block(
        {"label": plain(2000), "element": by_type(IN_INPUT)},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": needs_any(_IMAGE, "image_url", "slack_file"),
    "rich_text": _block({"elements": items(anything, most=1000)}),
    **dict.fromkeys(_RARE.split(), _as_the_sdk_has_it),
}
IN_MESSAGES: Final[Mapping[str, Check]] = {
    **_EVERYWHERE,
    "markdown": _block({"text": string(12_000)}),
    "table": _block({"rows": items(items(anything, most=20), most=100)}, {"column_settings": anything}),
    "data_visualization": _block({"title": string(50), "chart": _CHART}),
}
IN_VIEWS: Final[Mapping[str, Check]] = {
    **_EVERYWHERE,
    "alert": _block({"text": text(200)}, {"level": word("default", "info", "warning", "error", "success")}),
}
_VIEW: Final[Mapping[str, Check]] = {
    "blocks": anything,
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
MODAL: Final = fields(
    {"title": plain(24), "blocks": anything},
    {
        **_VIEW,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME: Final = fields({"blocks": anything}, _VIEW)
