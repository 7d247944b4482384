"""What people enter becomes what Slack sends."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.workspace.inputs import Entered, answer, initial, missing, state_of
from bot.sandbox.workspace.server import WorkspaceServer

Json = dict[str, Any]
OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("a", "b", "c")]


@pytest.mark.parametrize(
    ("element", "entered", "expected"),
    [
        ({"type": "plain_text_input"}, "hello", {"value": "hello"}),
        ({"type": "plain_text_input"}, "", {"value": None}),
        ({"type": "number_input"}, "7", {"value": "7"}),
        ({"type": "static_select", "options": OPTIONS}, "b", {"selected_option": OPTIONS[1]}),
        (
            {"type": "static_select", "option_groups": [{"options": OPTIONS}]},
            "c",
            {"selected_option": OPTIONS[2]},
        ),
        ({"type": "static_select", "options": OPTIONS}, None, {"selected_option": None}),
        ({"type": "radio_buttons", "options": OPTIONS}, "a", {"selected_option": OPTIONS[0]}),
        ({"type": "checkboxes", "options": OPTIONS}, ["a", "c"], {"selected_options": [OPTIONS[0], OPTIONS[2]]}),
        ({"type": "checkboxes", "options": OPTIONS}, "a", {"selected_options": [OPTIONS[0]]}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "multi_users_select"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
        ({"type": "datepicker"}, "2026-03-01", {"selected_date": "2026-03-01"}),
        ({"type": "timepicker"}, "03:12", {"selected_time": "03:12"}),
        ({"type": "datetimepicker"}, "1772366400", {"selected_date_time": 1772366400}),
    ],
)
def test_each_kind_of_element_has_its_own_form(element: Json, entered: Entered, expected: Json) -> None:
    assert answer(element, entered) == {"type": element["type"], **expected}


def test_untouched_elements_hold_what_they_began_with() -> None:
    assert initial({"type": "plain_text_input", "initial_value": "draft"}) == "draft"
    assert initial({"type": "static_select", "initial_option": OPTIONS[1]}) == "b"
    assert initial({"type": "checkboxes", "initial_options": OPTIONS[:2]}) == ["a", "b"]
    assert initial({"type": "users_select"}) is None
    block = {
        "type": "input",
        "block_id": "severity",
        "element": {"type": "static_select", "action_id": "s", "options": OPTIONS, "initial_option": OPTIONS[0]},
    }
    assert state_of([block], {})["severity"]["s"]["selected_option"] == OPTIONS[0]
    chosen = state_of([block], {"severity": {"s": "c"}})
    assert chosen["severity"]["s"]["selected_option"] == OPTIONS[2]


def test_an_input_must_be_filled_unless_it_is_optional() -> None:
    element: Json = {"type": "plain_text_input", "action_id": "a", "min_length": 3, "max_length": 5}
    blocks: list[Json] = [
        {"type": "input", "block_id": "must", "element": element},
        {"type": "input", "block_id": "may", "element": element, "optional": True},
        {"type": "section", "block_id": "free", "accessory": {"type": "users_select", "action_id": "u"}},
    ]
    entered = {"must": {"a": ""}, "may": {"a": ""}}
    assert list(missing(blocks, state_of(blocks, entered))) == ["must"]
    for text, wrong in (("ab", True), ("abc", False), ("abcdef", True)):
        errors = missing(blocks, state_of(blocks, {"must": {"a": text}}))
        assert ("must" in errors) is wrong


async def test_a_press_on_a_drawing_that_was_changed_meanwhile_counts() -> None:
    """A changed message has new block ids; whoever presses the button still sees the old ones."""
    server = WorkspaceServer()
    ana = server.workspace.directory.add_person("ana", "Ana")
    room = server.workspace.channels.create("room", creator=ana.id)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = ({"type": "actions", "block_id": "new", "elements": [button]},)
    card = server.workspace.messages.post(
        channel=room.id, user=server.workspace.app.bot_user, text="card", blocks=blocks
    )
    ack = await server.people.press(ana.id, room.id, card.ts, "go", block_id="old")
    assert "no_such_element" not in ack.reason
