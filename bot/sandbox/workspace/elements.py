"""What Slack accepts as interactive elements, where each of them may stand, and with which limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.sandbox.workspace.menus import MENUS, OVERFLOW
from bot.sandbox.workspace.rich_text_check import RICH_TEXT_OBJECT
from bot.sandbox.workspace.schema import Check, fields, flag, items, numeral, string, url, whole, word
from bot.sandbox.workspace.text_objects import ACTION_ID, CONFIRM, IMAGE, plain, text

_LONGEST_INPUT: Final = 3000
_DISPATCH: Final = fields(
    {"trigger_actions_on": items(word("on_enter_pressed", "on_character_entered"), most=2)},
    {},
)


def _typed(required: Mapping[str, Check] | None = None, /, **more: Check) -> Check:
    """An element into which one writes."""
    return fields(
        required or {},
        {
            "action_id": ACTION_ID,
            "placeholder": plain(150),
            "focus_on_load": flag,
            "dispatch_action_config": _DISPATCH,
            "initial_value": string(_LONGEST_INPUT, least=0),
            **more,
        },
    )


BUTTON: Final = fields(
    {"text": plain(75)},
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "url": url(),
        "style": word("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
_JUDGEMENT: Final = fields({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
CONTEXT_ACTIONS: Final[Mapping[str, Check]] = {
    "feedback_buttons": fields(
        {"positive_button": _JUDGEMENT, "negative_button": _JUDGEMENT}, {"action_id": ACTION_ID}
    ),
    "icon_button": fields(
        {"icon": word("trash"), "text": plain(75)},
        {
            "action_id": ACTION_ID,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": items(string(255), most=100),
        },
    ),
}

# Where an element may stand.
_ANYWHERE: Final[Mapping[str, Check]] = {**MENUS, "button": BUTTON, "overflow": OVERFLOW}
IN_SECTION: Final[Mapping[str, Check]] = {**_ANYWHERE, "image": IMAGE}
_RICH_INPUT: Final = _typed(initial_value=RICH_TEXT_OBJECT)
IN_ACTIONS: Final[Mapping[str, Check]] = {**_ANYWHERE, "rich_text_input": _RICH_INPUT}
IN_INPUT: Final[Mapping[str, Check]] = {
    **MENUS,
    "plain_text_input": _typed(
        multiline=flag, min_length=whole(0, _LONGEST_INPUT), max_length=whole(1, _LONGEST_INPUT)
    ),
    "email_text_input": _typed(),
    "url_text_input": _typed(),
    "number_input": _typed({"is_decimal_allowed": flag}, min_value=numeral, max_value=numeral, initial_value=numeral),
    "rich_text_input": _RICH_INPUT,
    "file_input": fields(
        {}, {"action_id": ACTION_ID, "filetypes": items(string(20), most=100), "max_files": whole(1, 10)}
    ),
}
IN_CONTEXT: Final[Mapping[str, Check]] = {
    "image": IMAGE,
    "plain_text": plain(3000),
    "mrkdwn": text(3000),
}
INTERACTIVE: Final = frozenset({*IN_INPUT, *IN_ACTIONS, *CONTEXT_ACTIONS})
"""The types of everything that a person can press, choose or fill in."""
