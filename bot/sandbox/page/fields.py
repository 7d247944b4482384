"""What a person entered, between the names of HTML controls and the workspace's ``EnteredValues``.

A control's name is the JSON list of its block's and its own id, for both may hold any character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.sandbox.page.dates import instant
from bot.sandbox.page.place import Place
from bot.sandbox.workspace.inputs import Entered, initial
from bot.sandbox.workspace.typed_text import as_text
from bot.sandbox.workspace.values import Json


def control_name(block_id: str, action_id: str, zone: str = "") -> str:
    """The ``name`` of one element's control; with ``zone`` "utc" that of a date and time as a browser writes it.

    Slack wants Unix seconds. The page's script sends these; without it the browser sends what stands in the control.
    """
    ids = [block_id, action_id, zone] if zone else [block_id, action_id]
    return json.dumps(ids, separators=(",", ":"))


def _ids(name: str) -> tuple[str, str, str] | None:
    try:
        match json.loads(name):
            case [str(block_id), str(action_id)]:
                return block_id, action_id, ""
            case [str(block_id), str(action_id), "utc"]:
                return block_id, action_id, "utc"
    except ValueError:
        return None
    return None


def seconds(local: str) -> str:
    """A browser's date and time (``2026-09-21T14:05``), read as UTC, in Unix seconds; empty if it is none."""
    try:
        return str(int(datetime.fromisoformat(local).replace(tzinfo=UTC).timestamp()))
    except ValueError:
        return ""


def entered_values(form: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Entered]]:
    """The controls among a form's fields, by block id and action id; other fields are left out."""
    values: dict[str, dict[str, Entered]] = {}
    for name, texts in form.items():
        ids = _ids(name)
        if ids:
            block_id, action_id, zone = ids
            given = [seconds(text) for text in texts] if zone else texts
            values.setdefault(block_id, {})[action_id] = [text for text in given if text != ""]
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
    if isinstance(value, dict):
        return [as_text(value) if value.get("type") == "rich_text" else str(value.get("value", ""))]
    return [str(value)]


def held(element: Json, block_id: str, place: Place) -> list[str]:
    """The texts that an element's controls show: what was typed if the control was there, else the initial ones."""
    action_id = str(element.get("action_id", ""))
    for zone in ("", "utc"):
        name = control_name(block_id, action_id, zone)
        if place.entered is not None and name in place.entered:
            given = place.entered[name]
            return [text for text in (map(seconds, given) if zone else given) if text != ""]
    if element.get("default_to_current_conversation") is True and place.channel:
        return [place.channel]
    first = initial(element)
    if first is None:
        return []
    return [first] if isinstance(first, str) else first


def browser_time(text: str) -> str:
    """Unix seconds as a browser's control for date and time writes them, in UTC; empty if they are none."""
    at = instant(float(text)) if re.fullmatch(r"\d{1,12}", text) else None
    return f"{at:%Y-%m-%dT%H:%M}" if at else ""
