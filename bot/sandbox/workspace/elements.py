"""What Slack accepts as text objects and as interactive elements, with Slack's limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.workspace.schema import (
    Check,
    anything,
    by_type,
    fields,
    flag,
    items,
    needs_any,
    number,
    problem,
    string,
    word,
)


def plain(most: int) -> Check:
    """A ``plain_text`` object."""
    return by_type({"plain_text": fields({"text": string(most)}, {"emoji": flag})})


def text(most: int) -> Check:
    """A text object of either kind."""
    return by_type(
        {
            "plain_text": fields({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": fields({"text": string(most)}, {"verbatim": flag}),
        }
    )


_ACTION_ID: Final = string(255)
_URL: Final = string(3000)
_CONFIRM: Final = fields(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": word("primary", "danger")},
)
_OPTION: Final = fields({"text": text(75), "value": string(150)}, {"description": text(75)})
_GROUP: Final = fields({"label": plain(75), "options": items(_OPTION, most=100)}, {})
_MENU_OPTION: Final = fields({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_MENU_GROUP: Final = fields({"label": plain(75), "options": items(_MENU_OPTION, most=100)}, {})
_LINK_OPTION: Final = fields({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": _URL})
_COMMON: Final[Mapping[str, Check]] = {"action_id": _ACTION_ID, "confirm": _CONFIRM, "focus_on_load": flag}
_HINTED: Final[Mapping[str, Check]] = {**_COMMON, "placeholder": plain(150)}
_MANY: Final[Mapping[str, Check]] = {**_HINTED, "max_selected_items": number}


def _menu(common: Mapping[str, Check], initial: Mapping[str, Check]) -> Check:
    """A menu with options of its own: flat or in groups, one or the other."""
    shape = fields(
        {},
        {
            **common,
            **initial,
            "options": items(_MENU_OPTION, most=100),
            "option_groups": items(_MENU_GROUP, most=100),
        },
    )

    def check(value: Any, pointer: str) -> Iterator[str]:
        problems = list(shape(value, pointer))
        yield from problems
        if problems:
            return
        if ("options" in value) == ("option_groups" in value):
            yield problem("must have either options or option_groups", pointer)
        elif not _initials(value) <= _values(value):
            yield problem("initial option must be one of the options", pointer)

    return check


def _initials(menu: Any) -> set[Any]:
    chosen = [menu["initial_option"]] if "initial_option" in menu else menu.get("initial_options", [])
    return {option.get("value") for option in chosen}


def _values(menu: Any) -> set[Any]:
    groups = menu.get("option_groups") or [menu]
    return {option.get("value") for group in groups for option in group.get("options", ())}


def _typed(**more: Check) -> Check:
    """An element into which one writes."""
    return fields(
        {},
        {
            "action_id": _ACTION_ID,
            "placeholder": plain(150),
            "focus_on_load": flag,
            "dispatch_action_config": anything,
            "initial_value": string(3000, least=0),
            **more,
        },
    )


def _picked(initial: str, check: Check, common: Mapping[str, Check] = _HINTED) -> Check:
    """An element with which one picks what is not listed in it: a date, a person."""
    return fields({}, {**common, initial: check, "filter": anything, "response_url_enabled": flag})


def _ticked(initial: Mapping[str, Check]) -> Check:
    return fields({"options": items(_OPTION, most=10)}, {**_COMMON, **initial})


BUTTON: Final = fields(
    {"text": plain(75)},
    {
        "action_id": _ACTION_ID,
        "value": string(2000),
        "url": _URL,
        "style": word("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE: Final = needs_any(
    fields({"alt_text": string(2000)}, {"image_url": _URL, "slack_file": anything}), "image_url", "slack_file"
)

_IDS: Final = items(string(255), most=100)
MENUS: Final[Mapping[str, Check]] = {
    "static_select": _menu(_HINTED, {"initial_option": _MENU_OPTION}),
    "users_select": _picked("initial_user", string(255)),
    "conversations_select": _picked("initial_conversation", string(255)),
    "channels_select": _picked("initial_channel", string(255)),
    "multi_static_select": _menu(_MANY, {"initial_options": items(_MENU_OPTION, most=100)}),
    "multi_users_select": _picked("initial_users", _IDS, _MANY),
    "multi_conversations_select": _picked("initial_conversations", _IDS, _MANY),
    "multi_channels_select": _picked("initial_channels", _IDS, _MANY),
    "external_select": _picked("min_query_length", number),
    "datepicker": _picked("initial_date", string(10)),
    "timepicker": fields({}, {**_HINTED, "initial_time": string(5), "timezone": string(100)}),
    "datetimepicker": _picked("initial_date_time", number, _COMMON),
    "checkboxes": _ticked({"initial_options": items(_OPTION, most=10)}),
    "radio_buttons": _ticked({"initial_option": _OPTION}),
}
OVERFLOW: Final = fields({"options": items(_LINK_OPTION, most=5)}, {"action_id": _ACTION_ID, "confirm": _CONFIRM})
_LENGTHS: Final[Mapping[str, Check]] = {"min_length": number, "max_length": number}

# Where an element may stand.
IN_ACTIONS: Final[Mapping[str, Check]] = {**MENUS, "button": BUTTON, "overflow": OVERFLOW}
IN_SECTION: Final[Mapping[str, Check]] = {**IN_ACTIONS, "image": IMAGE}
IN_INPUT: Final[Mapping[str, Check]] = {
    **MENUS,
    "plain_text_input": _typed(multiline=flag, **_LENGTHS),
    "email_text_input": _typed(),
    "url_text_input": _typed(),
    "number_input": _typed(is_decimal_allowed=flag, min_value=number, max_value=number),
    "rich_text_input": _typed(initial_value=anything),
    "file_input": fields({}, {"action_id": _ACTION_ID, "filetypes": anything, "max_files": number}),
}
IN_CONTEXT: Final[Mapping[str, Check]] = {
    "image": IMAGE,
    "plain_text": plain(3000),
    "mrkdwn": text(3000),
}
