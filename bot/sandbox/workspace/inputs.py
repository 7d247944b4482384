"""What a person enters into an element, in the form in which Slack sends it on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.sandbox.workspace.block_walk import elements_of as elements_of
from bot.sandbox.workspace.block_walk import every_block
from bot.sandbox.workspace.typed_text import as_rich_text, as_text
from bot.sandbox.workspace.values import Json

# What a browser's form gives: one text, several, or nothing.
Entered = str | list[str] | None
EnteredValues = Mapping[str, Mapping[str, Entered]]

_FIELD: Final = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
_MANY: Final = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_ONE_OPTION: Final = ("static_select", "radio_buttons", "overflow", "external_select")
_PRESSED: Final = frozenset({"button", "overflow", "icon_button", "feedback_buttons"})
_OPTIONS: Final = ("checkboxes", "multi_static_select", "multi_external_select")


def find_element(blocks: Iterable[Json], *, action_id: str, block_id: str = "") -> tuple[Json, Json] | None:
    """The block and the element with this action_id; in the named block, if one is named."""
    for block in every_block(blocks):
        if block_id and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element["action_id"] == action_id:
                return block, element
    return None


def options_of(element: Json) -> list[Json]:
    """All options of a menu, those in groups too."""
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def answer(element: Json, entered: Entered) -> Json:
    """``entered`` as Slack's state has it, by the kind of element. Menus are entered by their option's value."""
    kind = element["type"]
    many = [text for text in ([entered] if isinstance(entered, str) else entered or []) if text != ""]
    one = many[0] if many else None
    if kind in _ONE_OPTION:
        chosen = [option for option in options_of(element) if option.get("value") == one]
        return {"type": kind, "selected_option": chosen[0] if chosen else None}
    if kind in _OPTIONS:
        return {"type": kind, "selected_options": [o for o in options_of(element) if o["value"] in many]}
    if kind in _MANY:
        return {"type": kind, _MANY[kind]: many}
    if kind == "feedback_buttons":
        judgements = [element["positive_button"], element["negative_button"]]
        return {"type": kind, **next((each for each in judgements if each["value"] == one), judgements[0])}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": int(one) if one and one.isdecimal() else None}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": as_rich_text(one) if one else None}
    return {"type": kind, _FIELD.get(kind, "value"): one}


def initial(element: Json) -> Entered:
    """What an element holds before anybody touches it, in the form in which a person would enter it."""
    if "initial_option" in element:
        return str(element["initial_option"]["value"])
    if "initial_options" in element:
        return [str(option["value"]) for option in element["initial_options"]]
    for key, value in element.items():
        if key.startswith("initial_"):
            if isinstance(value, dict):  # rich text
                return as_text(value)
            return [str(one) for one in value] if isinstance(value, list) else str(value)
    return None


def state_of(blocks: Iterable[Json], entered: EnteredValues) -> Json:
    """Slack's ``state.values`` of a view: every element, with what was entered or what it began with."""
    state: Json = {}
    for block in every_block(blocks):
        for element in elements_of(block):
            if element["type"] in _PRESSED:
                continue
            given = entered.get(block["block_id"], {})
            text = given[element["action_id"]] if element["action_id"] in given else initial(element)
            state.setdefault(block["block_id"], {})[element["action_id"]] = answer(element, text)
    return state


def missing(blocks: Iterable[Json], state: Json) -> dict[str, str]:
    """What Slack itself says before it asks the app: sentences by block_id, for inputs that must be filled."""
    errors: dict[str, str] = {}
    for block in every_block(blocks):
        if block["type"] != "input":
            continue
        element = block["element"]
        value = next(v for k, v in state[block["block_id"]][element["action_id"]].items() if k != "type")
        if value in (None, "", []):
            if not block.get("optional", False):
                errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and len(value) < element.get("min_length", 0):
            errors[block["block_id"]] = f"Please enter at least {element['min_length']} characters."
        elif isinstance(value, str) and len(value) > element.get("max_length", 3000):
            errors[block["block_id"]] = f"Please enter at most {element.get('max_length', 3000)} characters."
    return errors
