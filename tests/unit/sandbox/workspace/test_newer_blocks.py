"""Rich text, tables, charts, cards, plans and menus: what Slack takes of them, what not, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.workspace.blocks_check import checked_attachments, checked_blocks, checked_view
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays
from tests.unit.sandbox.workspace.test_what_people_do import PIXEL


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def line(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def says(text: str) -> Json:
    return {"type": "text", "text": text}


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows), **more}


def data_table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Versions", "rows": list(rows), **more}


def element(kind: str, **more: Any) -> Json:
    return {"type": "actions", "elements": [{"type": kind, "action_id": "a", **more}]}


def chart(categories: list[str], *names: str) -> Json:
    points = [{"label": each, "value": 1} for each in ("mon", "tue")]
    series = [{"name": name, "data": points} for name in names]
    plot = {"type": "line", "series": series, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Recall", "chart": plot}


OPTION = {"text": plain("One"), "value": "one"}
BUTTON = {"type": "button", "action_id": "go", "text": plain("Go")}
CARD = {"type": "card", "title": plain("v42"), "actions": [BUTTON]}
EVERYTHING_IN_A_LINE = line(
    {**says("bold"), "style": {"bold": True}},
    {"type": "link", "url": "https://example.com", "text": "there"},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "broadcast", "range": "here"},
    {"type": "emoji", "name": "wave"},
    {"type": "date", "timestamp": 1_772_366_400, "format": "{date_num}", "fallback": "today"},
    {"type": "color", "value": "#ff0000"},
)


@pytest.mark.parametrize(
    "block",
    [
        rich(EVERYTHING_IN_A_LINE),
        rich({"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [line(says("one"))]}),
        rich(
            {"type": "rich_text_quote", "elements": []}, {"type": "rich_text_preformatted", "elements": [says("x")]}
        ),
        table([cell("A"), {"type": "raw_number", "value": 7}], [rich(line(says("b"))), cell("-")]),
        table([cell("A")], column_settings=[None, {"align": "right", "is_wrapped": True}]),
        data_table([cell("A")], [{"type": "raw_number", "value": 0.5, "text": "0.5"}], page_size=10),
        chart(["mon", "tue"], "v42", "v41"),
        CARD,
        {"type": "carousel", "elements": [CARD, {**CARD, "slack_icon": {"type": "icon", "name": "sparkle"}}]},
        {"type": "container", "title": plain("T"), "child_blocks": [{"type": "divider"}]},
        {"type": "plan", "title": "Mend it", "tasks": [{"task_id": "1", "title": "look", "status": "pending"}]},
        {
            "type": "context_actions",
            "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "d"}],
        },
        {"type": "header", "text": plain("SEV2"), "level": 2},
        element("datepicker", initial_date="2026-03-01"),
        element("timepicker", initial_time="23:59"),
        element("conversations_select", filter={"include": ["public"]}, default_to_current_conversation=True),
        element("checkboxes", options=[OPTION], initial_options=[OPTION]),
        element("multi_external_select", min_query_length=3),
    ],
)
def test_these_are_taken(workspace: Workspace, block: Json) -> None:
    assert checked_blocks([block], workspace.stamps)[0]["type"] == block["type"]


@pytest.mark.parametrize(
    ("block", "sentence", "place"),
    [
        (rich(), "must provide at least 1 items", "elements"),
        (rich(line(says(""))), "must be more than 0 characters", "elements/0/elements/0/text"),
        (rich(line({"type": "marquee"})), "unsupported type: marquee", "elements/0/elements/0/type"),
        (rich(line({"type": "user"})), "missing required field: user_id", "elements/0/elements/0"),
        (rich(line({**says("x"), "style": {"loud": True}})), "invalid additional property: loud",
         "elements/0/elements/0/style"),
        (rich({"type": "rich_text_list", "style": "stars", "elements": [line()]}), "must be a valid enum value",
         "elements/0/style"),
        (rich({"type": "rich_text_list", "style": "bullet", "indent": 9, "elements": [line()]}),
         "must be less than 9", "elements/0/indent"),
        (table(*([cell("x")] for _ in range(101))), "no more than 100 items allowed", "rows"),
        (table([cell("x")] * 21), "no more than 20 items allowed", "rows/0"),
        (table([{"type": "raw_number", "text": "7"}]), "missing required field: value", "rows/0/0"),
        (table(*([cell("x" * 1001)] for _ in range(10))), "must be less than 10001 characters", "rows"),
        (table([cell("x")], column_settings=[{"align": "middle"}]), "must be a valid enum value",
         "column_settings/0/align"),
        (data_table([cell("A")]), "must provide at least 2 items", "rows"),
        (data_table([rich(line(says("A")))], [cell("1")]), "rich_text is not allowed in the header row", "rows/0"),
        (data_table([cell("A")], [cell("1"), cell("2")]), "must have 1 cells, as the header row", "rows/1"),
        (data_table([cell("A")], [cell("1")], page_size=101), "must be less than 101", "page_size"),
        (chart(["mon"], "v42"), "must have one data point for every category", "chart/series/0/data"),
        (chart(["mon", "tue"], "v42", "v42"), "series name already exists: v42", "chart/series/1/name"),
        (chart(["mon", "tue"], "x" * 21), "must be less than 21 characters", "chart/series/0/name"),
        ({**CARD, "title": "v42"}, "must provide an object", "title"),
        ({**CARD, "actions": [{**BUTTON, "action_id": str(n)} for n in range(4)]}, "no more than 3 items allowed",
         "actions"),
        ({"type": "plan", "title": plain("Mend it")}, "must provide a string", "title"),
        ({"type": "task_card", "task_id": "1", "title": "look", "status": "pending"}, "must be a valid enum value",
         "status"),
        ({"type": "container", "title": plain("T"), "child_blocks": [CARD]}, "unsupported type: card",
         "child_blocks/0/type"),
        ({"type": "container", "child_blocks": [{"type": "divider"}]}, "must provide title or rich_text_title", ""),
        ({"type": "header", "text": plain("SEV2"), "level": 5}, "must be less than 5", "level"),
        ({"type": "image", "alt_text": "x", "image_url": "not an address"}, "invalid url", "image_url"),
        ({"type": "image", "image_url": "https://example.com/x.png"}, "missing required field: alt_text", ""),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}, "failed to match all allowed schemas",
         "text"),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}, "must be less than 3001 characters",
         "text/text"),
        (element("datepicker", initial_date="tomorrow"), "does not match pattern", "elements/0/initial_date"),
        (element("checkboxes", options=[OPTION] * 11), "no more than 10 items allowed", "elements/0/options"),
        (element("overflow", options=[OPTION] * 6), "no more than 5 items allowed", "elements/0/options"),
        (element("button", text=plain("Go"), url="example"), "invalid url", "elements/0/url"),
        (element("static_select"), "must provide either options or option_groups", "elements/0"),
    ],
)  # fmt: skip
def test_these_are_refused_in_slack_s_words(workspace: Workspace, block: Json, sentence: str, place: str) -> None:
    with pytest.raises(SlackSays, match="invalid_blocks") as caught:
        checked_blocks([{"type": "divider"}, block], workspace.stamps)
    pointer = f"/blocks/1/{place}".removesuffix("/")
    messages = caught.value.extra["response_metadata"]["messages"]
    assert f"[ERROR] {sentence} [json-pointer:{pointer}]" in messages


@pytest.mark.parametrize(
    ("kind", "in_modals", "in_homes"),
    [
        (table([cell("x")]), False, True),
        ({"type": "markdown", "text": "x"}, False, False),
        (chart(["mon", "tue"], "v42"), False, False),
        ({"type": "plan", "title": "x"}, False, False),
        ({"type": "carousel", "elements": [CARD]}, False, True),
        ({"type": "alert", "text": plain("x")}, True, False),
        (CARD, True, True),
    ],
)
def test_not_every_block_may_stand_everywhere(
    workspace: Workspace, kind: Json, *, in_modals: bool, in_homes: bool
) -> None:
    for view, allowed in (
        ({"type": "modal", "title": plain("T"), "blocks": [kind]}, in_modals),
        ({"type": "home", "blocks": [kind]}, in_homes),
    ):
        if allowed:
            checked_view(view, workspace.stamps)
            continue
        with pytest.raises(SlackSays, match="invalid_arguments") as caught:
            checked_view(view, workspace.stamps)
        said = f"[ERROR] unsupported type: {kind['type']} [json-pointer:/view/blocks/0/type]"
        assert said in caught.value.extra["response_metadata"]["messages"]


def test_all_the_markdown_of_a_message_has_twelve_thousand_characters(workspace: Workspace) -> None:
    blocks = [{"type": "markdown", "text": "x" * 6000} for _ in range(2)]
    checked_blocks(blocks, workspace.stamps)
    with pytest.raises(SlackSays, match="invalid_blocks"):
        checked_blocks([*blocks, {"type": "markdown", "text": "x"}], workspace.stamps)


def test_what_can_be_pressed_gets_an_id_at_any_depth(workspace: Workspace) -> None:
    bare = {"type": "button", "text": plain("Go")}
    held = {"type": "actions", "elements": [bare, {**bare, "action_id": "mine"}]}
    (block,) = checked_blocks([{"type": "container", "title": plain("T"), "child_blocks": [held]}], workspace.stamps)
    first, second = block["child_blocks"][0]["elements"]
    assert first["action_id"]
    assert second["action_id"] == "mine"
    assert block["child_blocks"][0]["block_id"]


def test_a_picture_may_be_a_file_that_was_uploaded(workspace: Workspace) -> None:
    file = workspace.files.expect("curve.png", user="U1")
    workspace.files.fill(file.id, PIXEL)
    for named in ({"id": file.id}, {"url": workspace.files.address(file)}):
        given = {"type": "image", "alt_text": "the curve", "slack_file": named}
        (block,) = checked_blocks([given], workspace.stamps, files=workspace.files)
        assert (block["image_url"], block["image_width"], block["image_height"]) == (file.path, 2, 3)
    with pytest.raises(SlackSays, match="invalid_blocks") as caught:
        checked_blocks([{**given, "slack_file": {"id": "F0"}}], workspace.stamps, files=workspace.files)
    assert caught.value.extra["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]


def test_blocks_in_attachments_are_checked_too(workspace: Workspace) -> None:
    (kept,) = checked_attachments([{"color": "#ff0000", "blocks": [{"type": "divider"}]}], workspace.stamps)
    assert kept["blocks"][0]["block_id"]
    with pytest.raises(SlackSays, match="invalid_attachments") as caught:
        checked_attachments([{"blocks": [{"type": "image", "image_url": "https://a.b/c"}]}], workspace.stamps)
    assert caught.value.extra["errors"] == ["missing required field: alt_text [json-pointer:/attachments/0/blocks/0]"]
    with pytest.raises(SlackSays, match="too_many_attachments"):
        checked_attachments([{}] * 101, workspace.stamps)
