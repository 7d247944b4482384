"""What the world's Alertmanager sends, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.sandbox.world import SCENARIOS, alertmanager_payload, change_payload, deliver, run_world
from bot.sandbox.world.alert_payloads import fingerprint, rule_expression
from bot.sandbox.world.alert_rule import AlertState
from tests.unit.sandbox.world.worlds import START, ask, new_world

SCENARIO = SCENARIOS["fraud-recall-drop"]
RULE = SCENARIO.alert


def test_fingerprints_are_those_of_prometheus() -> None:
    # recorded from Alertmanager 0.25
    labels = {
        "alertname": "ModelErrorRate", "cluster": "demo", "instance": "eval1", "job": "drift", "model": "fraud",
        "severity": "warning",
    }  # fmt: skip
    assert fingerprint(labels) == "38de438a98f9fb52"


def test_a_firing_alert_has_the_shape_of_alertmanager_s_webhook() -> None:
    body = alertmanager_payload(SCENARIO, address="http://world", started=START, value=0.74)
    assert set(body) == {
        "receiver", "status", "alerts", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "version",
        "groupKey", "truncatedAlerts",
    }  # fmt: skip
    (alert,) = body["alerts"]
    assert set(alert) == {
        "status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint",
    }  # fmt: skip
    assert (body["version"], body["status"], alert["status"]) == ("4", "firing", "firing")
    assert alert["labels"].items() >= {
        "alertname": "ModelRecallDrop", "service": "fraud-scorer", "severity": "critical",
        "failure_mode": "performance",
    }.items()  # fmt: skip
    assert (alert["startsAt"], alert["endsAt"]) == ("2026-11-21T03:05:00.000Z", "0001-01-01T00:00:00Z")


def test_a_resolved_alert_has_the_same_fingerprint_and_an_end() -> None:
    firing = alertmanager_payload(SCENARIO, address="http://world", started=START, value=0.74)
    resolved = alertmanager_payload(SCENARIO, address="http://world", started=START, ended=START, value=0.84)
    assert resolved["status"] == resolved["alerts"][0]["status"] == "resolved"
    assert resolved["alerts"][0]["fingerprint"] == firing["alerts"][0]["fingerprint"]
    assert resolved["alerts"][0]["endsAt"] == "2026-11-21T03:05:00.000Z"


def test_the_release_is_told_as_it_happened() -> None:
    change = change_payload(SCENARIO, started=START.timestamp())
    assert (change["service"], change["kind"], change["previous"], change["version"]) == (
        "fraud-scorer", "deploy", "41", "42",
    )  # fmt: skip
    assert change["at"] == "2026-11-21T02:51:00Z"
    assert change["url"].endswith("/881")


def test_the_rule_in_the_alert_s_link_can_be_asked_and_holds() -> None:
    world, _ = new_world()
    assert ask(world, rule_expression(SCENARIO))


def test_an_alert_ends_only_after_the_value_has_been_back_for_a_while() -> None:
    state = AlertState(firing=True, changed=0.0)
    for now, value, firing in [(1, 0.84, True), (4, 0.7, True), (5, 0.84, True), (9, 0.84, True), (10, 0.84, False)]:
        state = state.after(RULE, value, float(now))
        assert state.firing is firing, now
    assert state.changed == 10.0


def test_a_relapse_fires_only_after_the_rule_s_patience() -> None:
    state = AlertState(firing=False, changed=0.0)
    state = state.after(RULE, 0.7, 100.0)
    assert not state.after(RULE, 0.7, 119.0).firing
    assert state.after(RULE, 0.7, 120.0).firing
    assert not state.after(RULE, 0.84, 110.0).after(RULE, 0.7, 120.0).firing


def test_no_value_changes_nothing() -> None:
    state = AlertState(firing=True, changed=0.0)
    assert state.after(RULE, None, 1000.0) is state


class Sent:
    """Notes what was posted and when."""

    def __init__(self) -> None:
        self.alerts: list[tuple[float, str]] = []
        self.changes: list[Mapping[str, Any]] = []


async def play(*, until: float, rollback_at: float, back_at: float = 1e9) -> Sent:
    """The story with a clock that jumps instead of sleeping."""
    world, clock = new_world()
    sent, began, todo = Sent(), world.now(), [(back_at, "42"), (rollback_at, "41")]

    async def post_alert(body: Mapping[str, Any]) -> None:
        sent.alerts.append((world.now() - began, body["status"]))

    async def post_change(body: Mapping[str, Any]) -> None:
        sent.changes.append(body)

    async def sleep(seconds: float) -> None:
        clock.forward(seconds)
        if world.now() - began > until:
            raise asyncio.CancelledError
        while todo and world.now() - began >= todo[-1][0]:
            world.set_flag("production", {todo.pop()[1]: 100})

    with pytest.raises(asyncio.CancelledError):
        await run_world(world, post_alert=post_alert, post_change=post_change, address="http://w", sleep=sleep)
    return sent


async def test_first_the_release_then_the_alert_at_once_and_every_ten_minutes_again() -> None:
    sent = await play(until=1300, rollback_at=1e9)
    assert [change["version"] for change in sent.changes] == ["42"]
    assert sent.alerts == [(0.0, "firing"), (600.0, "firing"), (1200.0, "firing")]


async def test_the_alert_ends_once_when_recall_is_back() -> None:
    sent = await play(until=200, rollback_at=20)
    resolved = [at for at, status in sent.alerts if status == "resolved"]
    assert len(resolved) == 1
    assert 20 + 50 <= resolved[0] <= 20 + 75
    assert sent.alerts[-1][1] == "resolved"


async def test_going_forward_to_the_bad_version_again_fires_again() -> None:
    sent = await play(until=320, rollback_at=20, back_at=150)
    assert [status for _, status in sent.alerts][-1] == "firing"
    assert sent.alerts[-1][0] > 150 + 30


async def test_delivery_is_tried_again_until_the_receiver_takes_it() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if len(seen) == 1:
            raise httpx.ConnectError("not there yet", request=request)
        return httpx.Response(503 if len(seen) == 2 else 202)

    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://bot") as client:
        await deliver(client, "/alerts/alertmanager", token="t0ken", sleep=sleep)({"version": "4"})
    assert len(seen) == 3
    assert len(slept) == 2
    assert seen[-1].headers["authorization"] == "Bearer t0ken"


async def test_a_delivery_that_is_refused_is_not_repeated() -> None:
    async with httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(401)), base_url="http://bot"
    ) as client:
        with pytest.raises(httpx.HTTPStatusError):
            await deliver(client, "/changes", token="wrong")({})


def test_the_start_of_the_alert_is_the_start_of_the_scenario() -> None:
    world, _ = new_world()
    assert world.started == datetime.fromtimestamp(world.state.started, UTC) == START
