"""Interactive elements: what each carries for the bot, for screen readers and for the page's scripts."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.page.blocks import draw_blocks
from bot.sandbox.page.fields import browser_time, control_name, entered_values, held
from bot.sandbox.page.place import Place
from tests.unit.sandbox.page.drawing import MESSAGE, NAMES, VIEW, mrkdwn_text, plain

OPTION = {"text": plain("One"), "value": "1"}
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn_text("*Really*"), "confirm": plain("Yes"), "deny": plain("No")}


def in_message(element: dict[str, Any]) -> str:
    """The element in an actions block of a message."""
    return draw_blocks([{"type": "actions", "block_id": "b", "elements": [{"action_id": "a"} | element]}], MESSAGE)


def in_modal(element: dict[str, Any], **more: Any) -> str:
    """The element in an input block of a modal."""
    block = {"type": "input", "block_id": "b", "label": plain("Label"), "element": {"action_id": "a"} | element}
    return draw_blocks([block | more], VIEW)


ASKING: list[dict[str, Any]] = [
    {"type": "button", "text": plain("Go")},
    {"type": "button", "text": plain("Go"), "url": "https://example.com"},
    {"type": "overflow", "options": [OPTION]},
    {"type": "static_select", "options": [OPTION]},
    {"type": "multi_users_select"},
    {"type": "checkboxes", "options": [OPTION]},
    {"type": "radio_buttons", "options": [OPTION]},
    {"type": "datepicker"},
    {"type": "timepicker"},
    {"type": "datetimepicker"},
]


@pytest.mark.parametrize(
    "element", ASKING, ids=lambda element: element["type"] + ("-url" if "url" in element else "")
)
def test_every_element_that_can_asks_first(element: dict[str, Any]) -> None:
    """The question lies right behind what is pressed: that is where dialogs.js looks for it."""
    html = in_message(element | {"confirm": CONFIRM | {"style": "danger"}})
    assert html.count('<template class="confirm">') == 1
    assert "<b>Really</b>" in html
    assert 'class="btn danger" value="yes">Yes<' in html
    before = html.partition("<template")[0].rstrip()
    assert before.endswith(("</button>", "</a>", "</select>", "</fieldset>", 'autocomplete="off">'))


@pytest.mark.parametrize("element", ASKING[3:], ids=lambda element: element["type"])
def test_a_control_in_a_message_tells_the_bot_and_one_in_a_form_does_not(element: dict[str, Any]) -> None:
    """In a form it waits to be submitted, unless the block says that its actions are dispatched."""
    assert 'hx-trigger="change"' in in_message(element)
    assert "hx-post" not in in_modal(element)
    assert 'hx-trigger="change"' in in_modal(element, dispatch_action=True)


@pytest.mark.parametrize(
    ("when", "trigger"),
    [(None, "entered"), (["on_enter_pressed"], "entered"), (["on_character_entered"], "input changed delay:400ms")],
)
def test_a_text_field_tells_the_bot_when_it_is_configured_to(when: list[str] | None, trigger: str) -> None:
    """At the Enter key, or while somebody types."""
    config = {"dispatch_action_config": {"trigger_actions_on": when}} if when else {}
    assert f'hx-trigger="{trigger}"' in in_modal({"type": "plain_text_input"} | config, dispatch_action=True)


def test_lengths_and_bounds_stand_at_the_field() -> None:
    """For the counter, and for the browser's own arrows."""
    html = in_modal({"type": "plain_text_input", "min_length": 3, "max_length": 60, "placeholder": plain("A title")})
    assert 'placeholder="A title" data-least="3" data-most="60"' in html
    number = in_modal({"type": "number_input", "is_decimal_allowed": True, "min_value": "0", "max_value": "1"})
    assert 'type="number"' in number
    assert 'step="any" min="0" max="1"' in number


@pytest.mark.parametrize(
    "element",
    [
        {"type": "plain_text_input"},
        {"type": "static_select", "options": [OPTION]},
        {"type": "datepicker"},
        {"type": "checkboxes", "options": [OPTION]},
    ],
    ids=lambda element: element["type"],
)
def test_the_element_that_is_to_have_the_focus_gets_it(element: dict[str, Any]) -> None:
    """A group's first choice."""
    assert "autofocus" in in_modal(element | {"focus_on_load": True})
    assert "autofocus" not in in_modal(element)


@pytest.mark.parametrize(
    "element",
    [{"type": "plain_text_input"}, {"type": "users_select"}, {"type": "radio_buttons", "options": [OPTION]}],
    ids=lambda element: element["type"],
)
def test_an_error_and_a_hint_are_told_with_the_control(element: dict[str, Any]) -> None:
    """Screen readers say both."""
    block = {"type": "input", "block_id": "b", "label": plain("L"), "hint": plain("H"), "element": element}
    block["element"] = {"action_id": "a"} | element
    html = draw_blocks([block], Place(names=NAMES, view_id="V1", panel="view", errors={"b": "Wrong."}))
    assert 'aria-describedby="view-V1-b-a-error view-V1-b-a-hint"' in html
    assert 'aria-invalid="true"' in html


def test_what_the_sandbox_does_not_draw_says_so() -> None:
    """Menus whose choices come from the app, workflows, uploads in a form, films."""
    assert "[external_select: the sandbox asks no app for options]" in in_message({"type": "external_select"})
    assert "[workflow_button: not drawn" in in_message({"type": "workflow_button", "text": plain("Run")})
    assert "[file_input: not drawn" in in_modal({"type": "file_input"})
    assert "[video: not drawn in the sandbox]" in draw_blocks([{"type": "video", "title": plain("Film")}], MESSAGE)


def test_a_date_and_time_is_unix_seconds_for_the_bot_and_utc_for_a_browser_without_script() -> None:
    """The script shows it in the reader's zone."""
    html = in_message({"type": "datetimepicker", "initial_date_time": 1790000000})
    assert 'type="datetime-local" value="2026-09-21T14:13" data-seconds="1790000000"' in html
    name = control_name("b", "a", "utc")
    assert entered_values({name: ["2026-09-21T14:13"]}) == {"b": {"a": ["1789999980"]}}
    assert entered_values({name: ["nonsense"]}) == {"b": {"a": []}}
    place = Place(names=NAMES, entered={name: ["2026-09-21T14:13"]})
    assert held({"type": "datetimepicker", "action_id": "a"}, "b", place) == ["1789999980"]
    assert browser_time("soon") == ""


def test_a_menu_of_conversations_begins_with_the_one_it_stands_in() -> None:
    """If it is told to."""
    element = {"type": "conversations_select", "default_to_current_conversation": True}
    assert '<option value="C1" selected>' in in_message(element)


def test_rich_text_is_typed_as_text() -> None:
    """With the marks of Slack's own message box."""
    run = {"type": "text", "text": "bold", "style": {"bold": True}}
    value = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [run]}]}
    assert ">\n*bold*</textarea>" in in_modal({"type": "rich_text_input", "initial_value": value})


def test_a_button_can_have_another_name_for_screen_readers() -> None:
    """And a style that Slack does not know is none."""
    html = in_message({"type": "button", "text": plain("Go"), "accessibility_label": "Go there", "style": "huge"})
    assert 'aria-label="Go there"' in html
    assert 'class="btn "' in html
