"""The names of controls, and what was entered into them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.page.fields import control_name, entered_values, from_state, held
from bot.sandbox.page.names import Names
from bot.sandbox.page.place import Place

NAMES = Names(me="U1", users={}, channels={})


@given(st.text(), st.text(), st.lists(st.text(min_size=1)))
def test_a_name_leads_back_to_its_block_and_action(block: str, action: str, texts: list[str]) -> None:
    """Whatever characters the ids hold."""
    assert entered_values({control_name(block, action): texts}) == {block: {action: texts}}


def test_other_fields_are_left_out() -> None:
    """A form also carries the channel, the view and what was pressed."""
    form = {"channel": ["C1"], "12": ["x"], '["a"]': ["x"], '["a",1]': ["x"], "": ["x"]}
    assert entered_values(form) == {}


def test_what_was_typed_wins_over_the_initial_value_even_if_empty() -> None:
    """A control that was on the screen keeps its state; one that is new begins with its own."""
    element = {"type": "plain_text_input", "action_id": "a", "initial_value": "draft"}
    assert held(element, "b", Place(names=NAMES)) == ["draft"]
    assert held(element, "b", Place(names=NAMES, entered={control_name("b", "a"): ["mine"]})) == ["mine"]
    assert held(element, "b", Place(names=NAMES, entered={control_name("b", "a"): [""]})) == []
    assert held(element, "b", Place(names=NAMES, entered={control_name("c", "a"): ["x"]})) == ["draft"]


def test_a_state_becomes_the_texts_of_its_controls() -> None:
    """Whatever the kind of element calls its value."""
    option = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    state = {
        "b": {
            "text": {"type": "plain_text_input", "value": "x"},
            "none": {"type": "datepicker", "selected_date": None},
            "one": {"type": "static_select", "selected_option": option},
            "many": {"type": "checkboxes", "selected_options": [option]},
            "people": {"type": "multi_users_select", "selected_users": ["U1", "U2"]},
        }
    }
    texts = [["x"], [], ["a"], ["a"], ["U1", "U2"]]
    assert list(from_state(state).values()) == texts


def test_initial_options_are_held_by_their_values() -> None:
    """As the controls spell them."""
    options = [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]
    element = {"type": "checkboxes", "action_id": "a", "options": options, "initial_options": options}
    assert held(element, "b", Place(names=NAMES)) == ["a"]
