"""When the world's Alertmanager speaks, however time goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from bot.sandbox.world import SCENARIOS, Alerting, World, deliver
from bot.sandbox.world.alert_rule import AlertState
from tests.unit.sandbox.world.worlds import Clock, new_world

RULE = SCENARIOS["fraud-recall-drop"].alert


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

    def __init__(self, world: World) -> None:
        self._world, self._began = world, world.now()
        self.alerts: list[tuple[float, str]] = []
        self.bodies: list[Mapping[str, Any]] = []
        self.changes: list[Mapping[str, Any]] = []

    async def alert(self, body: Mapping[str, Any]) -> None:
        self.alerts.append((self._world.now() - self._began, body["status"]))
        self.bodies.append(body)

    async def change(self, body: Mapping[str, Any]) -> None:
        self.changes.append(body)

    def told(self) -> list[tuple[str, str, str]]:
        """Of each alert: its status, when it began, and when it was over."""
        alerts = [body["alerts"][0] for body in self.bodies]
        return [(alert["status"], alert["startsAt"][11:19], alert["endsAt"][11:19]) for alert in alerts]


def alerting(scenario: str = "fraud-recall-drop") -> tuple[Alerting, World, Clock, Sent]:
    world, clock = new_world(scenario)
    sent = Sent(world)
    return Alerting(world, post_alert=sent.alert, post_change=sent.change, address="http://w"), world, clock, sent


async def play(*, until: float, rollback_at: float, back_at: float = 1e9) -> Sent:
    """The story with somebody who looks every second."""
    monitoring, world, clock, sent = alerting()
    began, todo = world.now(), [(back_at, "42"), (rollback_at, "41")]
    while world.now() - began <= until:
        while todo and world.now() - began >= todo[-1][0]:
            world.set_flag("production", {todo.pop()[1]: 100})
        await monitoring.look()
        clock.forward(1.0)
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


@pytest.mark.parametrize("jump", [600.0, 3 * 3600.0, 26 * 3600.0])
async def test_a_jump_while_it_fires_is_followed_by_one_repeat(jump: float) -> None:
    monitoring, _, clock, sent = alerting()
    await monitoring.look()
    clock.forward(jump)
    await monitoring.look()
    await monitoring.look()
    assert sent.alerts == [(0.0, "firing"), (jump, "firing")]
    assert sent.told()[0] == sent.told()[1]


@pytest.mark.parametrize("jump", [200.0, 2000.0, 5 * 3600.0])
async def test_after_a_jump_its_end_is_told_with_the_moment_that_watching_would_have_seen(jump: float) -> None:
    watched = await play(until=200, rollback_at=20)
    monitoring, world, clock, sent = alerting()
    await monitoring.look()
    clock.forward(20)
    world.set_switch("fraud-model", "41")
    clock.forward(jump)
    world.ledger()  # somebody asked for a metric before monitoring looked
    await monitoring.look()
    await monitoring.look()
    assert sent.told() == [watched.told()[0], watched.told()[-1]]
    assert sent.told()[-1][0] == "resolved"


async def test_what_happened_in_a_jump_is_told_in_its_order_with_its_own_times() -> None:
    monitoring, world, clock, sent = alerting()
    await monitoring.look()
    for version in ("41", "42"):
        world.set_switch("fraud-model", version)
        clock.forward(900)
    await monitoring.look()
    first, over, again = sent.told()
    assert (first[0], over[0], again[0]) == ("firing", "resolved", "firing")
    assert first[1] == over[1] < over[2] < again[1] < "03:22:00"
    assert again[1] > "03:20:00"


async def test_somebody_who_looks_only_when_there_is_something_to_tell_sees_what_watching_sees() -> None:
    watched = await play(until=320, rollback_at=20, back_at=150)
    monitoring, world, clock, sent = alerting()
    began, looks = world.now(), 0
    for moment, version in ((20, "41"), (150, "42"), (320, "")):
        while (look := monitoring.next_look().timestamp() - began) <= moment:
            clock.forward(look - (world.now() - began))
            await monitoring.look()
            looks += 1
        clock.forward(moment - (world.now() - began))
        if version:
            world.set_switch("fraud-model", version)
    assert sent.told() == watched.told()
    assert [at for at, _ in sent.alerts] == pytest.approx([at for at, _ in watched.alerts], abs=1)
    assert looks == 3


async def test_the_next_look_is_at_once_then_the_repeat_then_the_end() -> None:
    monitoring, world, clock, _ = alerting("upstream-latency")

    def in_seconds() -> float:
        return monitoring.next_look().timestamp() - world.now()

    assert in_seconds() == 0
    await monitoring.look()
    assert in_seconds() == 600
    clock.forward(100)
    assert in_seconds() == 500
    world.set_switch("feature-store", "replica")
    assert 5 <= in_seconds() <= 12
    clock.forward(in_seconds())
    assert in_seconds() == 0
    await monitoring.look()
    assert in_seconds() == 600
    clock.forward(7200)
    await monitoring.look()
    assert in_seconds() == 600


async def test_the_alert_s_words_are_about_what_broke() -> None:
    words = {}
    for name in SCENARIOS:
        monitoring, _, _, sent = alerting(name)
        await monitoring.look()
        (alert,) = sent.bodies[0]["alerts"]
        words[alert["labels"]["alertname"]] = (
            alert["labels"]["failure_mode"],
            alert["annotations"]["summary"],
            alert["annotations"]["value"],
        )
    assert words == {
        "ModelRecallDrop": ("performance", "recall below 0.8", "0.75"),
        "FeatureValuesMissing": ("data-quality", "missing values of a feature above 2 %", "38 %"),
        "PredictionLatencyHigh": ("latency", "p99 latency above 0.5 s", "1.3 s"),
    }


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
