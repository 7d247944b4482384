"""Response addresses wear out."""

from __future__ import annotations

import pytest

from bot.sandbox.workspace.responses import Responses
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays, User
from tests.unit.sandbox.workspace.conftest import HandClock


def response(responses: Responses, ana: User, room: Channel, ts: str = "") -> str:
    return responses.create(user=ana.id, channel=room.id, ts=ts).rsplit("/", 1)[1]


def test_five_answers_are_shown_and_no_more(workspace: Workspace, ana: User, room: Channel) -> None:
    responses = Responses(workspace)
    address = response(responses, ana, room)
    for number in range(5):
        responses.use(address, {"text": str(number)})
    with pytest.raises(SlackSays, match="used_url"):
        responses.use(address, {"text": "6"})
    shown = workspace.messages.visible(room.id, to=ana.id)[-5:]
    assert [(m.text, m.ephemeral_to) for m in shown] == [(str(n), ana.id) for n in range(5)]


def test_an_address_lives_thirty_minutes(workspace: Workspace, ana: User, room: Channel, clock: HandClock) -> None:
    responses = Responses(workspace)
    address = response(responses, ana, room)
    clock.move(30 * 60)
    responses.use(address, {"text": "in time"})
    clock.move(1)
    with pytest.raises(SlackSays, match="expired_url"):
        responses.use(address, {"text": "late"})


def test_an_answer_may_replace_or_remove_the_message_it_is_about(
    workspace: Workspace, ana: User, room: Channel
) -> None:
    responses = Responses(workspace)
    bot = workspace.app.bot_user
    message = workspace.messages.post(channel=room.id, user=bot, text="old", ephemeral_to=ana.id)
    address = response(responses, ana, room, message.ts)
    responses.use(address, {"text": "new", "replace_original": True})
    assert workspace.messages.get(room.id, message.ts).text == "new"
    responses.use(address, {"delete_original": True})
    with pytest.raises(SlackSays, match="message_not_found"):
        workspace.messages.get(room.id, message.ts)


def test_an_answer_may_be_for_everybody_or_in_a_thread(workspace: Workspace, ana: User, room: Channel) -> None:
    responses = Responses(workspace)
    parent = workspace.messages.post(channel=room.id, user=ana.id, text="parent")
    address = response(responses, ana, room, parent.ts)
    responses.use(address, {"text": "all", "response_type": "in_channel"})
    responses.use(address, {"text": "there", "response_type": "in_channel", "thread_ts": parent.ts})
    assert workspace.messages.visible(room.id, to="UBEN")[-1].text == "all"
    assert [message.text for message in workspace.messages.replies(room.id, parent.ts)] == ["there"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({}, "no_text"),
        ({"text": "x", "blocks": [{"type": "banner"}]}, "invalid_blocks"),
        ({"attachments": {}, "text": "", "blocks": []}, "no_text"),
        ({"attachments": ["x"]}, "invalid_attachments"),
    ],
)
def test_an_answer_is_checked_as_every_message_is(
    workspace: Workspace, ana: User, room: Channel, answer: dict[str, object], code: str
) -> None:
    responses = Responses(workspace)
    with pytest.raises(SlackSays, match=code):
        responses.use(response(responses, ana, room), answer)


def test_nobody_answers_into_an_archived_channel(workspace: Workspace, ana: User, room: Channel) -> None:
    responses = Responses(workspace)
    address = response(responses, ana, room)
    workspace.channels.archive(room.id, user=ana.id)
    with pytest.raises(SlackSays, match="is_archived"):
        responses.use(address, {"text": "late"})
