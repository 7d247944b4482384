"""A rich text input's value, between what is typed and what Slack sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.workspace.inputs import answer, initial
from bot.sandbox.workspace.typed_text import as_rich_text, as_text


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "*bold* and _italic_ and ~gone~ and `code`",
        "a*b*c and 2*3*4",
        "see https://example.com/x, then",
        "one\ntwo",
        "> quoted\n> again",
        "- one\n- two\n\nafter",
        "1. one\n2. two",
        "before\n```\ncode *not bold*\n```\nafter",
    ],
)
def test_what_is_typed_comes_back_as_it_was(text: str) -> None:
    """Through Slack's form and back."""
    assert as_text(as_rich_text(text)) == text


def test_marks_become_styles_lists_and_links() -> None:
    """As Slack's own message box sends them."""
    elements = as_rich_text("see https://example.com *now*\n- one")["elements"]
    assert elements[0]["elements"] == [
        {"type": "text", "text": "see "},
        {"type": "link", "url": "https://example.com"},
        {"type": "text", "text": " "},
        {"type": "text", "text": "now", "style": {"bold": True}},
    ]
    assert (elements[1]["type"], elements[1]["style"]) == ("rich_text_list", "bullet")


def test_an_input_sends_rich_text_or_nothing() -> None:
    """And begins with the text of its initial value."""
    element = {"type": "rich_text_input", "action_id": "a", "initial_value": as_rich_text("*a*")}
    assert initial(element) == "*a*"
    assert answer(element, None) == {"type": "rich_text_input", "rich_text_value": None}
    assert answer(element, "b")["rich_text_value"]["type"] == "rich_text"


@given(st.text(alphabet=st.sampled_from("*_~`-> \n.1ab") | st.characters(), max_size=80))
def test_any_text_can_be_typed(text: str) -> None:
    """And is stable after the first time."""
    once = as_text(as_rich_text(text))
    assert isinstance(once, str)
    assert as_rich_text(once)["type"] == "rich_text"
