"""``POST /slack/events``: what Slack signed is handed on, anything else is turned away."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import msgspec
import pytest
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.runbooks.loading import load_library
from bot.sandbox.workspace.server import running_workspace
from bot.store import Store
from bot.wiring import Evenkeel, running
from tests.integration.web.conftest import Client, client_of, said

SECRET = "shhh"
ADDRESS = "/slack/events"
CHALLENGE = msgspec.json.encode({"type": "url_verification", "challenge": "c-1", "token": "t"})


def signed(body: bytes, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    """Slack's headers for the body, sent ``age`` seconds ago."""
    timestamp = str(int(time.time()) - age)
    signature = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={signature}",
        "content-type": "application/json",
    }  # fmt: skip


@pytest.fixture
async def slack(store: Store) -> AsyncIterator[Client]:
    """The program over HTTP in a workspace, without a controller."""
    async with running_workspace() as workspace:
        settings = Settings(
            bot_token=Secret(workspace.workspace.app.bot_token), signing_secret=Secret(SECRET),
            slack_api_url=workspace.api_url,
        )  # fmt: skip
        evenkeel = Evenkeel(settings, load_library({}), store=store, clock=SystemClock(), controls=False)
        async with running(evenkeel), client_of(evenkeel.web) as client:
            yield client


async def test_slack_is_answered_what_it_asks_when_the_address_is_set_up(slack: Client) -> None:
    answer = await slack.post(ADDRESS, content=CHALLENGE, headers=signed(CHALLENGE))
    assert answer.status_code == 200
    assert answer.json() == {"challenge": "c-1"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-slack-signature": "v0=00"},
        {"x-slack-request-timestamp": "soon", "x-slack-signature": "v0=00"},
        signed(CHALLENGE, secret="another"),
        signed(b"another body"),
        signed(CHALLENGE, age=600),
        signed(CHALLENGE, age=-86400),
        signed(CHALLENGE) | {"x-slack-signature": "v0=\xe9"},
    ],
    ids=["none", "no time", "no number", "another secret", "another body", "old", "early", "not ascii"],
)
async def test_what_slack_did_not_sign_just_now_is_turned_away(slack: Client, headers: dict[str, str]) -> None:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await slack.post(ADDRESS, content=CHALLENGE, headers=encoded)
    assert answer.status_code == 401
    assert "c-1" not in answer.text


async def test_a_wrong_secret_is_named_in_the_log_because_slack_shows_people_no_reason(slack: Client) -> None:
    with capture_logs() as logs:
        await slack.post(ADDRESS, content=CHALLENGE, headers=signed(CHALLENGE) | {"x-slack-signature": "v0=00"})
        await slack.post(ADDRESS, content=CHALLENGE)
    (entry,) = logs
    assert "SLACK_SIGNING_SECRET" in entry["event"]


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"payload=%7B", b"\xff", b'{"type": "event_callback"}'])
async def test_signed_garbage_is_answered_and_breaks_nothing(slack: Client, body: bytes) -> None:
    answer = await slack.post(ADDRESS, content=body, headers=signed(body))
    assert answer.status_code in (200, 400, 404)
    assert (await slack.get("/healthz")).status_code == 200


async def test_a_slash_command_is_acknowledged(slack: Client) -> None:
    command = {
        "command": "/incident", "text": "help", "user_id": "U1", "channel_id": "C1", "team_id": "T1",
        "response_url": "http://127.0.0.1:9/response",
    }  # fmt: skip
    body = urlencode(command).encode()
    headers = signed(body) | {"content-type": "application/x-www-form-urlencoded"}
    assert (await slack.post(ADDRESS, content=body, headers=headers)).status_code == 200


async def test_a_request_over_a_mebibyte_is_refused(slack: Client) -> None:
    assert (await slack.post(ADDRESS, content=b" " * (1024 * 1024 + 1))).status_code == 413


async def test_in_socket_mode_the_address_says_that_nothing_comes_here(web: Client) -> None:
    answer = await web.post(ADDRESS, content=CHALLENGE, headers=signed(CHALLENGE))
    assert answer.status_code == 404
    assert "Socket Mode" in said(answer)
