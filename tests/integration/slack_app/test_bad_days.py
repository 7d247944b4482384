"""What cannot be carried out: everybody who asked is told, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.errors import DatabaseAway, Refused, SlackRefusal
from bot.incidents.commands import AnyCommand
from bot.incidents.decide import decide
from bot.incidents.events import Entry
from bot.incidents.incident import Incident
from bot.runbooks.loading import Library
from bot.sandbox.workspace.server import running_workspace
from bot.service import Declaration, Handled
from bot.service.guests import Guests
from bot.service.merging import Merging
from bot.service.muting import Muting
from bot.service.reporting import Reporting
from bot.service.shelf import Shelf
from bot.service.silences import Silences
from bot.slack.app import build_app
from bot.slack.interactions import submissions
from bot.slack.view.modals.frame import About
from bot.slack.view.modals.steps import skip
from tests.patience import PATIENCE
from tests.unit.slack.stories import ANA, Story

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
SECRET = "a secret between Slack and us"


class OneIncident:
    """A service with one incident in memory; ``wait`` holds every command back, ``fails`` ends it."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.commands: list[AnyCommand] = []
        self.wait: asyncio.Event | None = None
        self.fails: Exception | None = None
        self.shelf = Shelf(Settings(), Library())

    async def handle(self, number: int, command: AnyCommand, *, by: str, delivery: str | None = None) -> Handled:
        if self.wait is not None:
            await self.wait.wait()
        if self.fails is not None:
            raise self.fails
        incident = await self.incident(number)
        events = decide(incident, command, by=by, now=NOW)
        self.commands.append(command)
        self.story.then(*events, by=by)
        return Handled(incident=self.story.incident(), events=events)

    async def declare(
        self, declaration: Declaration, *, by: str, team_id: str, delivery: str | None = None
    ) -> Incident:
        raise Refused("not_here", "Nothing is declared here.", field="service")

    @property
    def silences(self) -> Silences:
        raise Refused("not_here", "Nothing is silenced here.")

    @property
    def guests(self) -> Guests:
        raise Refused("not_here", "Nothing is attached here.")

    @property
    def merging(self) -> Merging:
        raise Refused("not_here", "Nothing is merged here.")

    @property
    def muting(self) -> Muting:
        raise Refused("not_here", "Nothing is muted here.")

    @property
    def reporting(self) -> Reporting:
        raise Refused("not_here", "Nothing is reported here.")

    async def redact(self, number: int, seq: int, *, by: str) -> Incident:
        raise Refused("not_here", "Nothing is redacted here.")

    async def incident(self, number: int) -> Incident:
        if number != 1:
            raise Refused("unknown_incident", f"There is no INC-{number}.")
        return self.story.incident()

    async def entries(self, number: int) -> Sequence[Entry]:
        return self.story.entries

    async def in_channel(self, channel: str) -> int | None:
        if self.fails is not None:
            raise self.fails
        return 1 if channel == "C0INC1" else None

    async def in_threads(self, status: str | None = None, *, limit: int = 1) -> Sequence[Incident]:
        return []

    async def listing(self, status: str | None = None) -> Sequence[Incident]:
        return [self.story.incident()]


class Told:
    """Slack, as far as answers go; methods in ``refuses`` are refused with that code."""

    def __init__(self, **refuses: str) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses = {method.replace("_", ".", 1): code for method, code in refuses.items()}
        self.called = asyncio.Event()

    async def answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((method, arguments))
        self.called.set()
        if method in self.refuses:
            raise SlackRefusal(method, self.refuses[method])
        return {"ok": True, "messages": []}

    async def said(self, times: int = 1) -> str:
        async with asyncio.timeout(PATIENCE):
            while len(self.calls) < times:
                self.called.clear()
                await self.called.wait()
        return str(self.calls[-1][1].get("text", ""))


class _Clock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def service() -> OneIncident:
    return OneIncident(Story().measured())


def _app(service: OneIncident, told: Told) -> AsyncApp:
    return build_app(
        service, client=AsyncWebClient(), settings=Settings(), clock=_Clock(), gateway=told,
        signing_secret=SECRET, authorize=_authorize,
    )  # fmt: skip


async def _authorize(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-test", bot_user_id="U0BOT")


def _click(action_id: str, value: str) -> dict[str, Any]:
    return {
        "type": "block_actions", "user": {"id": ANA}, "team": {"id": "T1"}, "channel": {"id": "C0INC1"},
        "container": {"message_ts": "1.1", "channel_id": "C0INC1"}, "trigger_id": "t1",
        "actions": [
            {"type": "button", "action_id": action_id, "block_id": "b1", "value": value, "action_ts": "2.2"}
        ],
    }  # fmt: skip


def _submission(view: dict[str, Any], **values: str) -> dict[str, Any]:
    state = {name: {"value": {"type": "plain_text_input", "value": text}} for name, text in values.items()}
    full = {**view, "id": "V1", "hash": "h1", "state": {"values": state}}
    return {"type": "view_submission", "user": {"id": ANA}, "team": {"id": "T1"}, "view": full}


async def _send(app: AsyncApp, body: dict[str, Any]) -> Any:
    return await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))


async def test_while_slack_cannot_say_who_the_bot_is_nobody_is_told_to_reinstall_it(service: OneIncident) -> None:
    async with running_workspace() as slack:
        slack.faults.status("auth.test", 503, times=None)
        client = AsyncWebClient(token=slack.workspace.app.bot_token, base_url=slack.api_url)
        app = build_app(
            service, client=client, settings=Settings(), clock=_Clock(), gateway=Told(), signing_secret=SECRET
        )
        answer = await _send(app, {"command": "/incident", "text": "", "user_id": ANA, "team_id": "T1"})
    assert answer.body.startswith("Slack does not tell me who I am just now, so I could do nothing.")


async def test_a_request_that_slack_did_not_sign_is_refused(service: OneIncident) -> None:
    app = _app(service, Told())
    body = "payload=" + json.dumps(_click("incident.ack", "{}"))
    stamp = str(int(datetime.now(UTC).timestamp()))
    for secret, status in (("another secret", 401), (SECRET, 200)):
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        headers: dict[str, str | Sequence[str]] = {
            "x-slack-signature": [str(signature)], "x-slack-request-timestamp": [stamp],
            "content-type": ["application/x-www-form-urlencoded"],
        }  # fmt: skip
        response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert response.status == status


async def test_a_click_is_acknowledged_and_told_that_the_database_is_away(service: OneIncident) -> None:
    told = Told()
    service.fails = DatabaseAway("The database does not answer.")
    response = await _send(_app(service, told), _click("incident.ack", '{"i":"INC-1","s":"","n":0}'))
    assert response.status == 200
    assert await told.said() == "The database does not answer. Nothing was changed; try again in a minute."


async def test_an_event_is_acknowledged_only_once_it_is_in_the_log(service: OneIncident) -> None:
    told = Told()
    app = _app(service, told)
    event = {"type": "channel_archive", "channel": "C0INC1", "user": ANA}
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    service.fails = DatabaseAway("The database does not answer.")
    assert (await _send(app, body)).status != 200
    service.fails = None
    assert (await _send(app, body)).status == 200
    assert [type(command).__name__ for command in service.commands] == ["AddNote", "LoseChannel"]


async def test_events_of_no_interest_are_acknowledged(service: OneIncident) -> None:
    app = _app(service, Told())
    for event in ({"type": "message", "channel": "C0INC1", "text": "hello", "user": ANA}, {"type": "team_join"}):
        body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": event}
        assert (await _send(app, body)).status == 200
    assert service.commands == []


async def test_a_decision_that_takes_too_long_closes_the_modal_and_is_told_later(
    service: OneIncident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submissions, "PATIENCE", 0.01)
    told = Told()
    service.wait = asyncio.Event()
    incident = service.story.incident()
    step = incident.runbook.step("upstream") if incident.runbook else None
    assert step is not None
    view = skip(incident, step, about=About(i="INC-1", s="upstream", n=1, c="C0INC1"))
    response = await _send(_app(service, told), _submission(view, reason="   "))
    assert (response.status, response.body) == (200, "")
    service.wait.set()
    assert await told.said() == "Say why: the reason goes into the timeline."


async def test_what_has_no_field_in_the_modal_is_told_in_the_channel(service: OneIncident) -> None:
    told = Told()
    incident = service.story.incident()
    step = incident.runbook.step("upstream") if incident.runbook else None
    assert step is not None
    view = skip(incident, step, about=About(i="INC-1", s="gone", n=1, c="C0INC1"))
    response = await _send(_app(service, told), _submission(view, reason="because"))
    assert response.body == ""
    assert (await told.said()).startswith("There is no step “gone”.")


async def test_a_modal_and_a_shortcut_that_nobody_knows_any_more_answer_with_a_sentence(
    service: OneIncident,
) -> None:
    told = Told()
    app = _app(service, told)
    view = {"type": "modal", "callback_id": "old.modal", "private_metadata": '{"i":"INC-1","c":"C0INC1"}'}
    assert (await _send(app, _submission(view))).status == 200
    assert await told.said() == "I do not know this dialog any more; nothing was changed."
    shortcut = {"type": "shortcut", "callback_id": "old.shortcut", "trigger_id": "t", "user": {"id": ANA}}
    assert (await _send(app, {**shortcut, "team": {"id": "T1"}})).status == 200
    assert await told.said(2) == "I do not know this shortcut any more; nothing was changed."


async def test_where_the_bot_cannot_speak_it_answers_directly(service: OneIncident) -> None:
    told = Told(chat_postEphemeral="not_in_channel")
    await _send(_app(service, told), _click("step.undo", '{"i":"INC-1","s":"rollback","n":1}'))
    assert await told.said(2) == "Nobody has asked for “rollback”."
    assert told.calls[-1][0] == "chat.postMessage"
    assert told.calls[-1][1]["channel"] == ANA


async def test_a_dialog_that_slack_gave_up_on_is_told(service: OneIncident) -> None:
    told = Told(views_open="expired_trigger_id")
    await _send(_app(service, told), _click("step.skip", '{"i":"INC-1","s":"upstream","n":1}'))
    said = await told.said(2)
    assert said == "Slack gave up waiting for the dialog. Nothing was changed; press again."
