"""Every block and element is drawn with what people, tests and screen readers need."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.page.blocks import colour, draw_blocks
from bot.sandbox.page.names import Names
from bot.sandbox.page.place import Place

NAMES = Names(me="U1", users={"U1": "ana", "U2": "ben"}, channels={"C1": "general"}, people=("U1", "U2"))
MESSAGE = Place(names=NAMES, channel="C1", ts="1700000000.000100")
VIEW = Place(names=NAMES, view_id="V1", panel="view")
NASTY = '"><script>alert(1)</script>'


def plain(text: str) -> dict[str, str]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2", "description": plain("more")}]


def actions(**element: Any) -> dict[str, Any]:
    """An actions block with one element."""
    return {"type": "actions", "block_id": "b", "elements": [{"action_id": "a:1"} | element]}


def input_block(**element: Any) -> dict[str, Any]:
    """An input block around one element."""
    return {"type": "input", "block_id": "b", "label": plain("Label"), "element": {"action_id": "a"} | element}


def test_a_button_names_its_place_its_ids_and_its_value() -> None:
    """Browser tests find it by them."""
    html = draw_blocks([actions(type="button", text=plain("Go"), value='{"i":"INC-1"}', style="danger")], MESSAGE)
    assert '<button type="button" class="btn danger"' in html
    for mark in ('action-id="a:1"', 'block-id="b"', 'channel="C1"', 'ts="1700000000.000100"'):
        assert f"data-{mark}" in html
    assert 'data-value="{&#34;i&#34;:&#34;INC-1&#34;}"' in html
    assert 'hx-post="/act/press?as=U1"' in html


def test_a_button_in_a_view_names_the_view() -> None:
    """It belongs to no message."""
    html = draw_blocks([actions(type="button", text=plain("Go"))], VIEW)
    assert 'data-view-id="V1"' in html
    assert "data-channel" not in html


def test_a_button_with_an_address_is_a_link_if_the_address_is_safe() -> None:
    """A script is no address: what remains is a button."""
    assert 'href="https://example.com"' in draw_blocks(
        [actions(type="button", text=plain("Go"), url="https://example.com")], MESSAGE
    )
    assert "javascript" not in draw_blocks(
        [actions(type="button", text=plain("Go"), url="javascript:alert(1)")], MESSAGE
    )


def test_a_confirmation_lies_beside_its_button() -> None:
    """With its own words."""
    confirm = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
    html = draw_blocks([actions(type="button", text=plain("Go"), confirm=confirm)], MESSAGE)
    assert '<template class="confirm"' in html
    assert "Sure?" in html


@pytest.mark.parametrize(
    ("element", "part"),
    [
        (
            {"type": "static_select", "options": OPTIONS, "initial_option": OPTIONS[0]},
            '<option value="1" selected>One',
        ),
        (
            {"type": "static_select", "option_groups": [{"label": plain("G"), "options": OPTIONS}]},
            '<optgroup label="G">',
        ),
        ({"type": "users_select", "initial_user": "U2"}, '<option value="U2" selected>ben'),
        ({"type": "conversations_select"}, '<option value="C1">#general'),
        (
            {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 2},
            'multiple size="4" data-most="2"',
        ),
        ({"type": "multi_users_select", "initial_users": ["U1"]}, '<option value="U1" selected>ana'),
        ({"type": "radio_buttons", "options": OPTIONS}, 'type="radio"'),
        (
            {"type": "checkboxes", "options": OPTIONS, "initial_options": OPTIONS[1:]},
            'value="2" data-value="2" checked',
        ),
        ({"type": "datepicker", "initial_date": "2026-09-21"}, 'type="date" value="2026-09-21"'),
        ({"type": "timepicker", "initial_time": "14:05"}, 'type="time" value="14:05"'),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, 'step="1" min="1"'),
        ({"type": "plain_text_input", "initial_value": "<b>"}, 'value="&lt;b&gt;"'),
        ({"type": "plain_text_input", "multiline": True, "initial_value": "x"}, ">\nx</textarea>"),
        ({"type": "file_input"}, "[file_input: not drawn in the sandbox]"),
    ],
)
def test_inputs_are_drawn_with_their_label_and_initial_value(element: dict[str, Any], part: str) -> None:
    """Each by the control that a browser has for it."""
    html = draw_blocks([input_block(**element)], VIEW)
    assert part in html
    assert "Label" in html
    assert "hx-post" not in html


def test_an_overflow_menu_has_a_button_for_each_option() -> None:
    """Each carries its option's value."""
    html = draw_blocks([actions(type="overflow", options=OPTIONS)], MESSAGE)
    assert html.count('role="menuitem"') == 2
    assert '"selected": "2"' in html


def test_a_select_in_a_message_tells_the_bot_at_once_and_has_a_name() -> None:
    """Its placeholder labels it for screen readers."""
    html = draw_blocks([actions(type="static_select", options=OPTIONS, placeholder=plain("Severity"))], MESSAGE)
    assert 'hx-trigger="change"' in html
    assert 'aria-label="Severity"' in html


def test_an_error_stands_at_its_field() -> None:
    """And the control says that it is wrong, and where it is told."""
    place = Place(names=NAMES, view_id="V1", panel="view", errors={"b": "Too short."})
    html = draw_blocks([input_block(type="plain_text_input")], place)
    assert '<p class="error" id="view-V1-b-a-error">Too short.</p>' in html
    assert 'aria-describedby="view-V1-b-a-error"' in html
    assert 'aria-invalid="true"' in html


def test_other_blocks_are_drawn_and_unknown_ones_say_so() -> None:
    """Nothing disappears unseen."""
    rich: dict[str, Any] = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": "bold", "style": {"bold": True}}],
    }
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("Head")},
        {"type": "section", "fields": [plain("left"), plain("right")]},
        {
            "type": "context",
            "elements": [{"type": "image", "image_url": "http://127.0.0.1:1/i.png", "alt_text": "i"}],
        },
        {"type": "divider"},
        {"type": "image", "image_url": "javascript:alert(1)", "alt_text": "chart", "title": plain("Recall")},
        {"type": "rich_text", "elements": [rich]},
        {"type": "markdown", "text": "**strong** [x](javascript:alert(1)) <script>"},
        {"type": "carousel"},
    ]
    html = draw_blocks(blocks, MESSAGE)
    for part in ("Head</h3>", "right", 'alt="i"', "<hr", "chart</span>", "<b>bold</b>", "<strong>"):
        assert part in html
    assert "[carousel: not drawn in the sandbox]" in html
    assert "<script" not in html
    assert 'href="javascript' not in html


def test_hostile_strings_stay_text_wherever_they_stand() -> None:
    """Ids, values, labels, placeholders, alternative texts."""
    element: dict[str, Any] = {
        "type": "button",
        "action_id": NASTY,
        "text": plain(NASTY),
        "value": NASTY,
        "style": NASTY,
    }
    select: dict[str, Any] = {"type": "static_select", "action_id": NASTY, "placeholder": plain(NASTY)}
    select |= {"options": [{"text": plain(NASTY), "value": NASTY}]}
    image = {"type": "image", "image_url": NASTY, "alt_text": NASTY, "title": plain(NASTY)}
    section = {"type": "section", "block_id": NASTY, "text": {"type": "mrkdwn", "text": NASTY}, "accessory": element}
    html = draw_blocks(
        [section, {"type": "actions", "block_id": NASTY, "elements": [element, select]}, image], MESSAGE
    )
    assert "<script" not in html


def test_element_ids_are_stable_and_differ_between_panels() -> None:
    """Focus survives a redraw, and a parent shown twice has no id twice."""
    other = Place(names=NAMES, channel="C1", ts="1700000000.000100", panel="thread")
    assert MESSAGE.element_id("b", "a:1") == MESSAGE.element_id("b", "a:1") != other.element_id("b", "a:1")
    assert MESSAGE.element_id("b", "a:1") != MESSAGE.element_id("b", "a;1")


@pytest.mark.parametrize(("given", "drawn"), [("good", "#2e8b57"), ("ff0000", "#ff0000"), ("red;x", "#8a8f98")])
def test_an_attachment_has_its_colour_or_grey(given: str, drawn: str) -> None:
    """Nothing else gets into the attribute."""
    assert colour(given) == drawn
