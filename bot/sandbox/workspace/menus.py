"""What Slack accepts as menus and pickers, and what may be chosen in them beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.sandbox.workspace.schema import (
    Check,
    fields,
    flag,
    items,
    pattern,
    problem,
    string,
    whole,
    word,
)
from bot.sandbox.workspace.text_objects import (
    ACTION_ID,
    CONFIRM,
    LINK_OPTION,
    MENU_GROUP,
    MENU_OPTION,
    OPTION,
    plain,
)

_COMMON: Final[Mapping[str, Check]] = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
_HINTED: Final[Mapping[str, Check]] = {**_COMMON, "placeholder": plain(150)}
_MANY: Final[Mapping[str, Check]] = {**_HINTED, "max_selected_items": whole(1)}
_FILTER: Final = fields(
    {},
    {
        "include": items(word("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _chosen_from_options(shape: Check) -> Check:
    """What ``shape`` describes, where what is chosen beforehand is one of the options."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        problems = list(shape(value, pointer))
        yield from problems
        if not problems and not _initials(value) <= _values(value):
            yield problem("initial option must be one of the options", pointer)

    return check


def _menu(common: Mapping[str, Check], initial: Mapping[str, Check]) -> Check:
    """A menu with options of its own: flat or in groups, one or the other."""
    lists = {"options": items(MENU_OPTION, most=100), "option_groups": items(MENU_GROUP, most=100)}
    shape = _chosen_from_options(fields({}, {**common, **initial, **lists}))

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from shape(value, pointer)
        if isinstance(value, dict) and ("options" in value) == ("option_groups" in value):
            yield problem("must provide either options or option_groups", pointer)

    return check


def _initials(menu: Any) -> set[Any]:
    chosen = [menu["initial_option"]] if "initial_option" in menu else menu.get("initial_options", [])
    return {option.get("value") for option in chosen}


def _values(menu: Any) -> set[Any]:
    groups = menu.get("option_groups") or [menu]
    return {option.get("value") for group in groups for option in group.get("options", ())}


def _picked(initial: str, check: Check, common: Mapping[str, Check] = _HINTED) -> Check:
    """A menu whose options Slack knows: people, channels."""
    return fields({}, {**common, initial: check, "response_url_enabled": flag})


def _conversations(initial: str, check: Check, common: Mapping[str, Check] = _HINTED) -> Check:
    return fields(
        {},
        {
            **common,
            initial: check,
            "response_url_enabled": flag,
            "default_to_current_conversation": flag,
            "filter": _FILTER,
        },
    )


def _ticked(initial: Mapping[str, Check]) -> Check:
    return _chosen_from_options(fields({"options": items(OPTION, most=10)}, {**_COMMON, **initial}))


_ID: Final = string(255)
_IDS: Final = items(_ID, most=100)
_DATE: Final = pattern(r"\d{4}-\d{2}-\d{2}")
_TIME: Final = pattern(r"([01]\d|2[0-3]):[0-5]\d")
MENUS: Final[Mapping[str, Check]] = {
    "static_select": _menu(_HINTED, {"initial_option": MENU_OPTION}),
    "users_select": _picked("initial_user", _ID),
    "conversations_select": _conversations("initial_conversation", _ID),
    "channels_select": _picked("initial_channel", _ID),
    "external_select": fields({}, {**_HINTED, "initial_option": MENU_OPTION, "min_query_length": whole()}),
    "multi_static_select": _menu(_MANY, {"initial_options": items(MENU_OPTION, most=100)}),
    "multi_users_select": _picked("initial_users", _IDS, _MANY),
    "multi_conversations_select": _conversations("initial_conversations", _IDS, _MANY),
    "multi_channels_select": _picked("initial_channels", _IDS, _MANY),
    "multi_external_select": fields(
        {}, {**_MANY, "initial_options": items(MENU_OPTION, most=100), "min_query_length": whole()}
    ),
    "datepicker": fields({}, {**_HINTED, "initial_date": _DATE}),
    "timepicker": fields({}, {**_HINTED, "initial_time": _TIME, "timezone": string(100)}),
    "datetimepicker": fields({}, {**_COMMON, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
    "checkboxes": _ticked({"initial_options": items(OPTION, most=10)}),
    "radio_buttons": _ticked({"initial_option": OPTION}),
}
OVERFLOW: Final = fields({"options": items(LINK_OPTION, most=5)}, {"action_id": ACTION_ID, "confirm": CONFIRM})
