"""What people did in modals and on the App Home, named by what they read there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.sandbox.story.acts import Filled, PressedInView, Text, typed
from bot.sandbox.story.finding import label_of
from bot.sandbox.story.naming import chosen
from bot.sandbox.workspace.inputs import Entered, EnteredValues, find_element, initial
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays, View


def filled(workspace: Workspace, user: str, at: datetime, *, view_id: str, values: EnteredValues) -> Filled:
    """The submission of a modal: what differs from what it proposes."""
    try:
        view = workspace.views.get(view_id)
    except SlackSays:
        return Filled(user=user, at=at, callback_id="", answers={})
    return Filled(user=user, at=at, callback_id=view.callback_id, answers=_answers(view, values))


def _answers(view: View, values: EnteredValues) -> Mapping[str, Text | tuple[str, ...]]:
    answers: dict[str, Text | tuple[str, ...]] = {}
    for block in view.content["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], str(block["block_id"])
        given = values.get(name, {})
        if element["action_id"] not in given:
            continue
        entered = given[element["action_id"]]
        if _many(entered) == _many(initial(element)):
            continue
        answers[name] = tuple(entered) if isinstance(entered, list) else typed(entered or "")
    return answers


def _many(entered: Entered) -> list[str]:
    return [text for text in ([entered] if isinstance(entered, str) else entered or []) if text]


def pressed_in(
    user: str, at: datetime, view: View | None, *, action_id: str, block_id: str, entered: Entered
) -> PressedInView:
    """A press in a modal or on the App Home, by the element's words."""
    home = view is not None and view.type == "home"
    found = _element(view, action_id, block_id) if view is not None else None
    if found is None:
        return PressedInView(user=user, at=at, label="", action_id=action_id, home=home)
    words = None if entered is None else chosen(found, entered)
    return PressedInView(
        user=user, at=at, label=label_of(found) or action_id, action_id=action_id, home=home, chosen=words
    )


def _element(view: View, action_id: str, block_id: str) -> Json | None:
    blocks = view.content["blocks"]
    pair = find_element(blocks, action_id=action_id, block_id=block_id) or find_element(blocks, action_id=action_id)
    return pair[1] if pair else None
