"""Over HTTP: every request is signed, and one that is not answered well comes again and says why."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.demo.serving import free_port, served
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import Channel, User


class Receiver:
    """An app's request address that answers what the test prepared, then 200."""

    def __init__(self) -> None:
        self.got: list[tuple[Mapping[str, str], bytes]] = []
        self.answers: list[Response] = []

    async def receive(self, request: Request) -> Response:
        self.got.append((request.headers, await request.body()))
        return self.answers.pop(0) if self.answers else PlainTextResponse("")

    def retries(self) -> list[tuple[str | None, str | None]]:
        """How often and why each request came again."""
        return [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in self.got]

    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies."""
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
async def receiver(server: WorkspaceServer) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = Starlette(routes=[Route("/slack/events", receiver.receive, methods=["POST"])])
    async with served(app, free_port()) as url:
        server.request_url = f"{url}/slack/events"
        yield receiver


async def test_every_request_is_signed(server: WorkspaceServer, receiver: Receiver, ana: User, room: Channel) -> None:
    await server.events.settled()
    receiver.got.clear()
    await server.people.slash(ana.id, room.id, "/incident status now")
    ((headers, body),) = receiver.got
    assert SignatureVerifier(server.workspace.app.signing_secret).is_valid_request(body.decode(), dict(headers))
    form = parse_qs(body.decode())
    assert (form["command"], form["text"], form["user_id"]) == (["/incident"], ["status now"], [ana.id])


async def test_a_failed_event_comes_three_times_more_with_its_number_and_the_reason(
    server: WorkspaceServer, receiver: Receiver, ana: User, room: Channel
) -> None:
    await server.events.settled()
    receiver.got.clear()
    receiver.answers = [PlainTextResponse("", status_code=500) for _ in range(9)]
    await server.people.post_as(ana.id, room.id, "hello?")
    await server.events.settled()
    assert receiver.retries() == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
    assert len({body["event_id"] for body in receiver.bodies()}) == 1


async def test_an_app_may_ask_not_to_be_told_again(
    server: WorkspaceServer, receiver: Receiver, ana: User, room: Channel
) -> None:
    await server.events.settled()
    receiver.got.clear()
    receiver.answers = [PlainTextResponse("", status_code=500, headers={"x-slack-no-retry": "1"})]
    await server.people.post_as(ana.id, room.id, "hello?")
    await server.events.settled()
    assert receiver.retries() == [(None, None)]


async def test_a_command_is_never_sent_twice(
    server: WorkspaceServer, receiver: Receiver, ana: User, room: Channel
) -> None:
    await server.events.settled()
    receiver.got.clear()
    receiver.answers = [PlainTextResponse("", status_code=500)]
    ack = await server.people.slash(ana.id, room.id, "/incident new")
    assert (ack.ok, ack.reason, len(receiver.got)) == (False, "http_error", 1)
