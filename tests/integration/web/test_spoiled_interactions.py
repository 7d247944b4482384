"""What is signed as Slack's and is nothing that Slack sends: answered, and never an error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.integration.web.conftest import Client
from tests.integration.web.test_slack import ADDRESS, signed, slack

__all__ = ["slack"]

TEAM = {"id": "T1", "domain": "sandbox"}
USER = {"id": "U0123ABCD", "name": "ana", "team_id": "T1"}
CLICK = {
    "type": "block_actions", "team": TEAM, "user": USER, "api_app_id": "A1", "token": "t", "trigger_id": "1.2.3",
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1"}, "channel": {"id": "C1", "name": "x"},
    "message": {"ts": "1.2", "text": "x", "metadata": {"event_type": "evenkeel", "event_payload": {"surface": "x"}}},
    "response_url": "http://127.0.0.1:9/", "actions": [
        {"action_id": "incident.ack", "block_id": "b", "type": "button", "value": '{"i":"INC-1","s":"","n":0}',
         "action_ts": "1.2"}],
}  # fmt: skip
SUBMITTED = {
    "type": "view_submission", "team": TEAM, "user": USER, "api_app_id": "A1", "token": "t", "trigger_id": "1.2.3",
    "view": {"id": "V1", "type": "modal", "callback_id": "incident.declare", "private_metadata": '{"i":"INC-1"}',
             "hash": "h", "team_id": "T1", "state": {"values": {"title": {"title": {"type": "plain_text_input",
             "value": "x"}}}}, "title": {"type": "plain_text", "text": "x"}, "blocks": []},
}  # fmt: skip
SHORTCUT = {
    "type": "message_action", "callback_id": "timeline.add", "team": TEAM, "user": USER, "token": "t",
    "trigger_id": "1.2.3", "channel": {"id": "C1", "name": "x"}, "message": {"ts": "1.2", "text": "x", "user": "U2"},
    "message_ts": "1.2", "response_url": "http://127.0.0.1:9/", "action_ts": "1.2",
}  # fmt: skip
EVENT = {
    "type": "event_callback", "token": "t", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event_time": 1,
    "authorizations": [{"team_id": "T1", "user_id": "U1", "is_bot": True}],
    "event": {"type": "reaction_added", "user": "U2", "reaction": "pushpin", "event_ts": "1.2",
              "item": {"type": "message", "channel": "C1", "ts": "1.2"}},
}  # fmt: skip
COMMAND = {
    "command": "/incident", "text": "new something", "user_id": "U0123ABCD", "user_name": "ana", "team_id": "T1",
    "channel_id": "C1", "channel_name": "x", "trigger_id": "1.2.3", "response_url": "http://127.0.0.1:9/",
    "api_app_id": "A1", "token": "t",
}  # fmt: skip
ODD: tuple[Any, ...] = (
    ...,
    None,
    7,
    "",
    "INC-99999999999999999999",
    [],
    {},
    "<!channel>\x00\u202e",
    "x" * 5000,
    '{"i":7}',
)
FORM = "application/x-www-form-urlencoded"


def spoiled(sent: Any) -> Iterator[Any]:
    """It with each of its values taken away, or changed into something odd; one at a time."""
    if isinstance(sent, dict):
        for key, below in sent.items():
            rest = {name: value for name, value in sent.items() if name != key}
            yield from (rest if odd is ... else rest | {key: odd} for odd in ODD)
            yield from (rest | {key: odd} for odd in spoiled(below))
    elif isinstance(sent, list):
        for place, below in enumerate(sent):
            yield from ([*sent[:place], odd, *sent[place + 1 :]] for odd in spoiled(below))


@pytest.mark.parametrize("sent", [CLICK, SUBMITTED, SHORTCUT], ids=["click", "submitted", "shortcut"])
async def test_a_spoiled_interaction_is_answered(slack: Client, sent: dict[str, Any]) -> None:
    for odd in spoiled(sent):
        body = urlencode({"payload": msgspec.json.encode(odd).decode()}).encode()
        answer = await slack.post(ADDRESS, content=body, headers=signed(body) | {"content-type": FORM})
        assert answer.status_code < 500, (odd, answer.text)


async def test_a_spoiled_event_is_answered(slack: Client) -> None:
    for odd in spoiled(EVENT):
        body = msgspec.json.encode(odd)
        answer = await slack.post(ADDRESS, content=body, headers=signed(body))
        assert answer.status_code < 500, (odd, answer.text)


async def test_a_spoiled_command_is_answered(slack: Client) -> None:
    for odd in spoiled({key: COMMAND[key] for key in ("command", "user_id", "team_id", "channel_id")}):
        words = {"text": "status", "response_url": COMMAND["response_url"], "trigger_id": "1.2.3"} | odd
        body = urlencode({key: str(value) for key, value in words.items()}).encode()
        answer = await slack.post(ADDRESS, content=body, headers=signed(body) | {"content-type": FORM})
        assert answer.status_code < 500, (odd, answer.text)
