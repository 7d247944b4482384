"""Modals, their stack, their triggers, and what the bot's answer does to them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.workspace.acks import apply_answer
from bot.sandbox.workspace.blocks_check import checked_view
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Json, SlackSays, User, View
from tests.unit.sandbox.workspace.conftest import HandClock


def modal(title: str = "Title") -> Json:
    """A modal with one input."""
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": [
            {
                "type": "input",
                "block_id": "why",
                "label": {"type": "plain_text", "text": "Why?"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }


def opened(workspace: Workspace, ana: User) -> View:
    content = checked_view(modal(), workspace.stamps)
    return workspace.views.open(workspace.views.new_trigger(ana.id), content)


def test_a_trigger_works_once(workspace: Workspace, ana: User) -> None:
    trigger = workspace.views.new_trigger(ana.id)
    workspace.views.open(trigger, modal())
    with pytest.raises(SlackSays, match="exchanged_trigger_id"):
        workspace.views.open(trigger, modal())


def test_a_trigger_lives_three_seconds(workspace: Workspace, ana: User, clock: HandClock) -> None:
    early, late = workspace.views.new_trigger(ana.id), workspace.views.new_trigger(ana.id)
    clock.move(3)
    workspace.views.open(early, modal())
    clock.move(0.001)
    with pytest.raises(SlackSays, match="expired_trigger_id"):
        workspace.views.open(late, modal())


def test_at_most_three_modals_lie_on_each_other(workspace: Workspace, ana: User) -> None:
    view = opened(workspace, ana)
    for _ in range(2):
        view = workspace.views.push(workspace.views.new_trigger(ana.id, view_id=view.id), modal())
    bottom, middle, top = workspace.views.stack(ana.id)
    assert (top.root_id, top.previous_id) == (bottom.id, middle.id)
    with pytest.raises(SlackSays, match="push_limit_reached"):
        workspace.views.push(workspace.views.new_trigger(ana.id, view_id=top.id), modal())


def test_an_update_with_an_old_hash_is_a_conflict(workspace: Workspace, ana: User) -> None:
    view = opened(workspace, ana)
    workspace.views.update(view.id, modal("Two"), expected_hash=view.hash)
    with pytest.raises(SlackSays, match="hash_conflict"):
        workspace.views.update(view.id, modal("Three"), expected_hash=view.hash)


def test_a_closed_modal_cannot_be_updated(workspace: Workspace, ana: User) -> None:
    view = opened(workspace, ana)
    workspace.views.close(view.id)
    with pytest.raises(SlackSays, match="not_found"):
        workspace.views.update(view.id, modal())


def test_a_submission_without_a_wish_closes_the_modal(workspace: Workspace, ana: User) -> None:
    assert apply_answer(workspace, opened(workspace, ana), None).view is None
    assert workspace.views.top(ana.id) is None


def test_a_submission_may_be_answered_by_another_modal_in_place_or_on_top(workspace: Workspace, ana: User) -> None:
    view = opened(workspace, ana)
    answer = {"response_action": "update", "view": modal("Two")}
    shown = apply_answer(workspace, view, answer).view
    assert shown is not None
    assert (shown.id, shown.content["title"]["text"]) == (view.id, "Two")
    pushed = apply_answer(workspace, shown, {**answer, "response_action": "push"}).view
    assert pushed is not None
    assert pushed.previous_id == view.id
    assert apply_answer(workspace, pushed, {"response_action": "clear"}).view is None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"response_action": "errors", "errors": {"nowhere": "no such block"}}, "invalid_errors"),
        ({"response_action": "errors", "errors": {}}, "invalid_errors"),
        ({"response_action": "update", "view": {"type": "modal"}}, "invalid_arguments"),
        ({"response_action": "shrug"}, "invalid_response_action"),
    ],
)
def test_an_answer_that_slack_would_not_take_leaves_the_modal_open(
    workspace: Workspace, ana: User, answer: dict[str, Any], code: str
) -> None:
    view = opened(workspace, ana)
    outcome = apply_answer(workspace, view, answer)
    assert (outcome.failed, outcome.view) == (code, view)


def test_an_external_id_names_one_view_of_the_workspace(workspace: Workspace, ana: User) -> None:
    ben = workspace.directory.add_person("ben", "Ben Bauer")
    named = checked_view({**modal(), "external_id": "declare"}, workspace.stamps)
    view = workspace.views.open(workspace.views.new_trigger(ana.id), named)
    assert workspace.views.by_external_id("declare") == view
    workspace.views.update(view.id, named)
    trigger = workspace.views.new_trigger(ben.id)
    with pytest.raises(SlackSays, match="duplicate_external_id"):
        workspace.views.open(trigger, named)
    workspace.views.close(view.id)
    workspace.views.open(trigger, named)


def test_a_modal_lies_on_a_modal_only(workspace: Workspace, ana: User) -> None:
    home = workspace.views.publish(ana.id, {"type": "home", "blocks": []})
    for trigger in (workspace.views.new_trigger(ana.id), workspace.views.new_trigger(ana.id, view_id=home.id)):
        with pytest.raises(SlackSays, match="invalid_arguments") as caught:
            workspace.views.push(trigger, modal())
        assert caught.value.extra["response_metadata"]["messages"] == [
            "[ERROR] must match the `type` of the root view whose stack we're pushing onto [json-pointer:/view/type]"
        ]


def test_a_refused_push_leaves_the_trigger_unused(workspace: Workspace, ana: User) -> None:
    trigger = workspace.views.new_trigger(ana.id)
    with pytest.raises(SlackSays):
        workspace.views.push(trigger, modal())
    workspace.views.open(trigger, modal())


def test_an_update_keeps_what_was_entered_where_the_ids_stay(workspace: Workspace, ana: User) -> None:
    view = opened(workspace, ana)
    state = {"why": {"text": {"type": "plain_text_input", "value": "recall is down"}}}
    workspace.views.fill(view.id, state)
    assert workspace.views.update(view.id, checked_view(modal("Two"), workspace.stamps)).state == state
    other = checked_view({**modal("Three"), "blocks": []}, workspace.stamps)
    assert workspace.views.update(view.id, other).state == {}


def test_a_home_that_changed_meanwhile_is_a_conflict(workspace: Workspace, ana: User) -> None:
    first = workspace.views.publish(ana.id, {"type": "home", "blocks": []})
    second = workspace.views.publish(ana.id, {"type": "home", "blocks": []}, expected_hash=first.hash)
    assert (second.id, second.hash != first.hash) == (first.id, True)
    with pytest.raises(SlackSays, match="hash_conflict"):
        workspace.views.publish(ana.id, {"type": "home", "blocks": []}, expected_hash=first.hash)
    assert workspace.homes == {ana.id: second}
