"""A real Bolt app, over HTTP and over Socket Mode, meets what it would meet in Slack."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, User
from tests.integration.sandbox_workspace.conftest import Connect
from tests.patience import PATIENCE

Body = dict[str, Any]

MODAL: Body = {
    "type": "modal",
    "callback_id": "incident.declare",
    "title": {"type": "plain_text", "text": "Declare an incident"},
    "submit": {"type": "plain_text", "text": "Declare"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
CARD: list[Body] = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {
                "type": "button",
                "action_id": "incident.ack",
                "text": {"type": "plain_text", "text": "I'm on it"},
                "value": '{"i":"INC-1"}',
            }
        ],
    }
]


async def test_a_command_opens_a_modal_whose_mistakes_stay_and_whose_success_closes_it(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, ana: User, room: Channel
) -> None:
    opened = asyncio.Event()

    async def declare(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack("Opening it.")
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        opened.set()

    async def submitted(ack: AsyncAck, view: Body) -> None:
        text = view["state"]["values"]["title"]["text"]["value"]
        if len(text) < 5:
            await ack(response_action="errors", errors={"title": "Say a little more."})
        else:
            await ack()

    bolt.command("/incident")(declare)
    bolt.view("incident.declare")(submitted)
    await connect(bolt)

    assert (await server.people.slash(ana.id, room.id, "/incident new")).ok
    await asyncio.wait_for(opened.wait(), PATIENCE)
    view = server.workspace.views.top(ana.id)
    assert view is not None
    assert view.callback_id == "incident.declare"

    empty = await server.people.submit_view(ana.id, view.id, {"title": {"text": ""}})
    assert empty.errors == {"title": "Please complete this required field."}
    short = await server.people.submit_view(ana.id, view.id, {"title": {"text": "bad"}})
    assert short.errors == {"title": "Say a little more."}
    assert server.workspace.views.top(ana.id) is not None
    done = await server.people.submit_view(ana.id, view.id, {"title": {"text": "recall is down"}})
    assert (done.errors, done.failed, done.view) == ({}, "", None)
    said = server.workspace.messages.visible(room.id, to=ana.id)[-1]
    assert (said.text, said.ephemeral_to) == ("Opening it.", ana.id)
    assert server.journal.refused() == []


async def test_a_press_reaches_the_bot_and_the_bot_rewrites_its_message(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, client: AsyncWebClient, ana: User, room: Channel
) -> None:
    seen: asyncio.Queue[Body] = asyncio.Queue()

    async def pressed(ack: AsyncAck, body: Body, client: AsyncWebClient) -> None:
        await ack()
        place = body["container"]
        await client.chat_update(channel=place["channel_id"], ts=place["message_ts"], text="Ana is on it", blocks=[])
        seen.put_nowait(body)

    bolt.action("incident.ack")(pressed)
    await connect(bolt)
    posted = await client.chat_postMessage(channel=room.id, text="card", blocks=CARD)

    assert (await server.people.press(ana.id, room.id, posted["ts"], "incident.ack")).ok
    body = await asyncio.wait_for(seen.get(), PATIENCE)
    assert body["actions"][0]["value"] == '{"i":"INC-1"}'
    assert body["user"]["id"] == ana.id
    message = server.workspace.messages.get(room.id, posted["ts"])
    assert message.text == "Ana is on it"
    assert message.blocks == ()
    assert message.edited


async def test_an_event_that_is_not_acknowledged_comes_again_with_the_same_id(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, ana: User, room: Channel
) -> None:
    ids: list[str] = []
    sockets = server.to_the_bot.sockets
    sockets._patience = 0.2  # for the one answer that never comes

    async def fail_once(body: Body, next_: Any) -> None:
        sockets._patience = PATIENCE
        ids.append(body["event_id"])
        if len(ids) == 1:
            raise RuntimeError("the first delivery is lost")
        await next_()

    async def reacted() -> None:
        ids.append("handled")

    bolt.middleware(fail_once)
    bolt.event("reaction_added")(reacted)
    message = await server.people.post_as(ana.id, room.id, "look")
    await server.events.settled()
    await connect(bolt)

    await server.people.react(ana.id, room.id, message.ts, "pushpin")
    await asyncio.wait_for(server.events.settled(), PATIENCE)
    assert ids[0] == ids[1]
    assert ids[2:] == ["handled"]


async def test_shortcuts_and_the_home_reach_the_bot(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, ana: User, room: Channel
) -> None:
    seen: list[str] = []

    async def noted(ack: AsyncAck, payload: Body) -> None:
        await ack()
        seen.append(payload["callback_id"])

    async def home(event: Body, client: AsyncWebClient) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Nothing is wrong*"}}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
        seen.append("home")

    bolt.shortcut("incident.declare")(noted)
    bolt.shortcut("timeline.add")(noted)
    bolt.event("app_home_opened")(home)
    await connect(bolt)
    message = server.workspace.messages.post(channel=room.id, user=ana.id, text="rolled back")

    assert (await server.people.shortcut(ana.id, "incident.declare")).ok
    assert (await server.people.shortcut(ana.id, "timeline.add", channel=room.id, ts=message.ts)).ok
    with server.workspace.subscribe() as changes:
        await server.people.open_home(ana.id)
        while (await asyncio.wait_for(changes.get(), PATIENCE)).kind != "home":
            continue
    assert seen[:2] == ["incident.declare", "timeline.add"]
    assert server.workspace.views.home(ana.id) is not None


async def test_the_bot_answers_through_the_response_address(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, ana: User, room: Channel
) -> None:
    async def answer(ack: AsyncAck, respond: Any) -> None:
        await ack()
        await respond("For you alone.")
        await respond(text="For everybody.", response_type="in_channel")

    bolt.command("/incident")(answer)
    await connect(bolt)
    with server.workspace.subscribe() as changes:
        assert (await server.people.slash(ana.id, room.id, "/incident status")).ok
        for _ in range(2):
            await asyncio.wait_for(changes.get(), PATIENCE)
    told, said = server.workspace.messages.visible(room.id, to=ana.id)[-2:]
    assert (told.text, told.ephemeral_to) == ("For you alone.", ana.id)
    assert (said.text, said.ephemeral_to) == ("For everybody.", "")


async def test_what_nobody_listens_for_is_not_acknowledged(
    server: WorkspaceServer, bolt: AsyncApp, connect: Connect, ana: User, room: Channel
) -> None:
    await connect(bolt)
    server.to_the_bot.sockets._patience = 0.2
    assert not (await server.people.slash(ana.id, room.id, "/incident new")).ok
