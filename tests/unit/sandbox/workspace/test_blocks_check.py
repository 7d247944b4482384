"""What Slack refuses is refused with its code and its place; what Slack takes is taken."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.models.blocks import (
    ButtonElement,
    HeaderBlock,
    SectionBlock,
)

from bot.sandbox.workspace.blocks_check import MOST_TEXT, checked_blocks, checked_view
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import SlackSays

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def select(count: int, **more: Any) -> Json:
    options = [option(f"v{n}") for n in range(count)]
    return {"type": "static_select", "action_id": "pick", "options": options, **more}


def chart(series: int) -> Json:
    points = [{"label": "Mon", "value": 0.84}]
    lines = [{"name": str(n), "data": points} for n in range(series)]
    data = {"type": "line", "series": lines, "axis_config": {"categories": ["Mon"]}}
    return {"type": "data_visualization", "title": "Recall", "chart": data}


@pytest.mark.parametrize(
    "blocks",
    [
        [section()],
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "divider"}],
        [section(accessory=button())],
        [actions(button("a", style="primary"), button("b", value="x" * 2000))],
        [{"type": "context", "elements": [mrkdwn("small"), plain("print")]}],
        [{"type": "image", "image_url": "http://127.0.0.1/x.png", "alt_text": "a chart"}],
        [{"type": "markdown", "text": "**bold**"}],
        [actions(select(100, initial_option=option("v7")))],
        [chart(6)],
        [{"type": "task_card", "task_id": "t", "title": "look", "status": "in_progress"}],
    ],
)
def test_good_blocks_pass_and_keep_what_they_say(workspace: Workspace, blocks: list[Json]) -> None:
    for given, kept in zip(blocks, checked_blocks(blocks, workspace.stamps), strict=True):
        assert {**kept, **given} == kept
        assert kept["block_id"]


@pytest.mark.parametrize(
    ("blocks", "place"),
    [
        ([section("x" * 3001)], "/blocks/0/text/text"),
        ([section("")], "/blocks/0/text/text"),
        ([{"type": "section"}], "/blocks/0"),
        ([{"type": "header", "text": mrkdwn("no")}], "/blocks/0/text/type"),
        ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text"),
        ([section(), {"type": "banner"}], "/blocks/1/type"),
        ([section(colour="red")], "/blocks/0"),
        ([section() for _ in range(51)], "/blocks"),
        ([actions(button("a"), button("a"))], "/blocks/0/elements/1/action_id"),
        ([section(block_id="b"), section(block_id="b")], "/blocks/1/block_id"),
        ([actions(*(button(str(n)) for n in range(26)))], "/blocks/0/elements"),
        ([actions()], "/blocks/0/elements"),
        ([actions(button(text="x" * 76))], "/blocks/0/elements/0/text/text"),
        ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value"),
        ([actions(button(style="huge"))], "/blocks/0/elements/0/style"),
        ([actions({"type": "button", "action_id": "a"})], "/blocks/0/elements/0"),
        ([actions(select(101))], "/blocks/0/elements/0/options"),
        ([actions(select(2, initial_option=option("v9")))], "/blocks/0/elements/0"),
        ([actions(select(2, option_groups=[]))], "/blocks/0/elements/0/option_groups"),
        ([actions({"type": "plain_text_input", "action_id": "a"})], "/blocks/0/elements/0/type"),
        ([{"type": "alert", "text": plain("modals only")}], "/blocks/0/type"),
        ([chart(7)], "/blocks/0/chart/series"),
        ([chart(1), chart(1), chart(1)], "/blocks"),
        ([{"type": "card"}], "/blocks/0"),
        ("hello", "/blocks"),
        (["hello"], "/blocks/0"),
        ([{"type": "actions", "elements": 7}], "/blocks/0/elements"),
        ([{"type": ["section"]}], "/blocks/0/type"),
    ],
)
def test_bad_blocks_are_refused_and_their_place_is_named(workspace: Workspace, blocks: Any, place: str) -> None:
    with pytest.raises(SlackSays) as caught:
        checked_blocks(blocks, workspace.stamps)
    assert caught.value.code == "invalid_blocks"
    messages = caught.value.extra["response_metadata"]["messages"]
    assert any(f"[json-pointer:{place}]" in message for message in messages), messages
    assert all(message.startswith("[ERROR] ") for message in messages)


def test_all_the_text_of_a_message_is_limited_too(workspace: Workspace) -> None:
    many = [section("x" * 2640) for _ in range(5)]
    assert sum(len(block["text"]["text"]) for block in many) == MOST_TEXT
    checked_blocks(many, workspace.stamps)
    with pytest.raises(SlackSays, match="msg_blocks_too_long"):
        checked_blocks([*many, section("x")], workspace.stamps)


def test_what_slack_s_own_models_build_is_taken(workspace: Workspace) -> None:
    built = [
        HeaderBlock(text="SEV2"),
        SectionBlock(text="recall is down", fields=["a", "b"], accessory=ButtonElement(text="Go", action_id="go")),
    ]
    blocks = [block.to_dict() for block in built]
    assert len(checked_blocks(blocks, workspace.stamps)) == 2


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **more}


@pytest.mark.parametrize(
    ("view", "place"),
    [
        (modal(title=plain("x" * 25)), "/view/title/text"),
        (modal(submit=plain("x" * 25)), "/view/submit/text"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal(callback_id="x" * 256), "/view/callback_id"),
        (modal(blocks=[section() for _ in range(101)]), "/view/blocks"),
        (modal(submit_disabled=True), "/view"),
        (modal(blocks=[{"type": "markdown", "text": "messages only"}]), "/view/blocks/0/type"),
        (modal(colour="red"), "/view"),
        ({"type": "modal", "blocks": []}, "/view"),
        ({"type": "window"}, "/view/type"),
        (
            modal(
                blocks=[
                    {
                        "type": "input",
                        "label": plain("Why?"),
                        "element": {"type": "plain_text_input", "action_id": "a"},
                    }
                ]
            ),
            "/view/blocks/0/input",
        ),
        ("hello", "/view"),
    ],
)
def test_bad_views_are_refused_and_their_place_is_named(workspace: Workspace, view: Any, place: str) -> None:
    with pytest.raises(SlackSays) as caught:
        checked_view(view, workspace.stamps)
    assert caught.value.code == "invalid_arguments"
    messages = caught.value.extra["response_metadata"]["messages"]
    assert any(f"[json-pointer:{place}]" in message for message in messages), messages


def test_a_view_has_at_most_250_kilobytes(workspace: Workspace) -> None:
    with pytest.raises(SlackSays, match="view_too_large"):
        checked_view(modal(blocks=[section("x" * 3000) for _ in range(90)]), workspace.stamps)
