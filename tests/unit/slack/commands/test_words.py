"""The words of the slash command, and what is read out of a typed line or a click."""

from __future__ import annotations

import pytest

from bot.slack.commands import COMMANDS
from bot.slack.commands.command import mentioned
from bot.slack.interactions.buttons import BUTTONS
from bot.slack.interactions.click import read_click
from bot.slack.interactions.shortcuts import SHORTCUTS, written_at
from bot.slack.interactions.submissions import MODALS, read_submission
from bot.slack.view.blocks import Ref, read_value


def test_the_words_that_the_contract_names_are_there() -> None:
    words = "new status list ack lead severity note step update resolve reopen cancel postmortem why action help"
    assert set(words.split()) <= set(COMMANDS)


def test_a_usage_begins_with_its_word() -> None:
    assert all(command.usage.split()[0] == word for word, command in COMMANDS.items())


def test_the_buttons_modals_and_shortcuts_that_the_contract_names_are_there() -> None:
    buttons = (
        "incident.ack incident.lead incident.severity incident.update incident.resolve incident.tray step.done "
        "step.skip step.assign step.run step.answer step.choose step.approve step.decline step.undo "
        "postmortem.open postmortem.why postmortem.action action.done"
    )
    assert set(buttons.split()) <= set(BUTTONS)
    modals = "incident.update incident.resolve step.skip step.answer step.decline postmortem.why postmortem.action"
    assert set(modals.split()) <= set(MODALS)
    assert set(SHORTCUTS) == {"timeline.add", "incident.from_message", "incident.declare", "incident.report"}


@pytest.mark.parametrize(
    ("text", "who"), [("<@U0BEN>", "U0BEN"), ("to <@W12|ben> please", "W12"), ("@ben", None), ("", None)]
)
def test_people_are_read_from_slacks_mentions(text: str, who: str | None) -> None:
    assert mentioned(text) == who


@pytest.mark.parametrize("text", ["", "null", "[]", "{", '{"i":1}', "INC-1"])
def test_a_value_that_is_not_ours_means_nothing(text: str) -> None:
    assert read_value(text) is None


@pytest.mark.parametrize("key", ["INC-", "INC-x", "INC-²", "", "INC--1"])
def test_a_key_that_is_none_has_no_number(key: str) -> None:
    assert Ref(i=key).number is None


def test_a_click_without_anything_in_it_is_still_a_click() -> None:
    click = read_click({})
    assert (click.name, click.ref, click.place.user) == ("", None, "")
    strange = read_click({"actions": ["no action"], "user": "nobody", "container": None, "team": None})
    assert (strange.name, strange.ref) == ("", None)


def test_a_clicks_delivery_names_who_where_and_when() -> None:
    body = {"user": {"id": "U1"}, "container": {"message_ts": "1.2"}, "actions": [{"action_ts": "3.4"}]}
    assert read_click(body).delivery == "U1:1.2:3.4"


def test_a_submission_is_named_by_its_view_and_hash() -> None:
    submission = read_submission({"view": {"id": "V1", "hash": "h", "private_metadata": "not json"}})
    assert (submission.delivery, submission.about.number) == ("V1:h", None)


@pytest.mark.parametrize("ts", ["", "x", "1e400", "nan"])
def test_a_ts_that_is_none_has_no_time(ts: str) -> None:
    assert written_at(ts) is None
