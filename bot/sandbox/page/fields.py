"""What a person entered, between the names of HTML controls and the workspace's ``EnteredValues``.

A control's name is the JSON list of its block's and its own id, for both may hold any character.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.sandbox.page.place import Place
from bot.sandbox.workspace.inputs import Entered, initial
from bot.sandbox.workspace.values import Json


def control_name(block_id: str, action_id: str) -> str:
    """The ``name`` of the control for one element."""
    return json.dumps([block_id, action_id], separators=(",", ":"))


def _ids(name: str) -> tuple[str, str] | None:
    try:
        match json.loads(name):
            case [str(block_id), str(action_id)]:
                return block_id, action_id
    except ValueError:
        return None
    return None


def entered_values(form: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Entered]]:
    """The controls among a form's fields, by block id and action id; other fields are left out."""
    values: dict[str, dict[str, Entered]] = {}
    for name, texts in form.items():
        ids = _ids(name)
        if ids:
            values.setdefault(ids[0], {})[ids[1]] = [text for text in texts if text != ""]
    return values


def from_state(state: Json) -> dict[str, list[str]]:
    """Slack's ``state.values``, which the workspace keeps with a view, as the texts of its controls."""
    return {
        control_name(block_id, action_id): [
            text for key, value in answer.items() if key != "type" for text in _texts(value)
        ]
        for block_id, actions in state.items()
        for action_id, answer in actions.items()
    }


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [str(value["value"] if isinstance(value, dict) else value)]


def held(element: Json, block_id: str, place: Place) -> list[str]:
    """The texts that an element's controls show: what was typed if the control was there, else the initial ones."""
    name = control_name(block_id, str(element.get("action_id", "")))
    if place.entered is not None and name in place.entered:
        return [text for text in place.entered[name] if text != ""]
    first = initial(element)
    if first is None:
        return []
    return [first] if isinstance(first, str) else first
