"""Slack's tiers, on a clock that the test moves."""

from __future__ import annotations

from bot.sandbox.workspace.limits import Limits
from bot.sandbox.workspace.methods import METHODS
from tests.unit.sandbox.workspace.conftest import HandClock


def test_a_tier_two_method_may_be_called_twenty_times_a_minute(clock: HandClock) -> None:
    limits = Limits(clock)
    assert {limits.wait("conversations.create") for _ in range(20)} == {0}
    assert limits.wait("conversations.create") == 60
    clock.move(59.5)
    assert limits.wait("conversations.create") == 1
    clock.move(0.5)
    assert limits.wait("conversations.create") == 0


def test_each_method_is_counted_by_itself(clock: HandClock) -> None:
    limits = Limits(clock)
    for _ in range(21):
        limits.wait("conversations.create")
    assert limits.wait("conversations.setTopic") == 0


def test_one_message_a_second_goes_into_a_channel_after_a_short_burst(clock: HandClock) -> None:
    limits = Limits(clock)
    waits = [limits.wait("chat.postMessage", channel="C1") for _ in range(6)]
    assert waits == [0, 0, 0, 0, 1, 1]
    assert limits.wait("chat.postMessage", channel="C2") == 0
    clock.move(1)
    assert [limits.wait("chat.postMessage", channel="C1") for _ in range(2)] == [0, 1]


def test_a_workspace_takes_three_hundred_messages_a_minute(clock: HandClock) -> None:
    limits = Limits(clock)
    waits = [limits.wait("chat.postMessage", channel=f"C{n}") for n in range(301)]
    assert (waits[299], waits[300]) == (0, 60)


def test_limits_can_be_switched_off(clock: HandClock) -> None:
    limits = Limits(clock, on=False)
    assert {limits.wait("conversations.create") for _ in range(100)} == {0}


def test_every_limited_method_exists(clock: HandClock) -> None:
    assert Limits(clock).methods() <= METHODS.keys()


def test_how_much_is_used_can_be_asked_and_asking_uses_nothing(clock: HandClock) -> None:
    limits = Limits(clock)
    for _ in range(3):
        limits.wait("pins.add")
        clock.move(20)
    assert [limits.standing("pins.add") for _ in range(2)] == [(2, 20, 60.0), (2, 20, 60.0)]
    assert limits.standing("chat.postMessage").allowed == 300
    assert limits.standing("never.called") == (0, 600, 60.0)


def test_what_is_called_is_counted_while_limits_are_off(clock: HandClock) -> None:
    limits = Limits(clock, on=False)
    for _ in range(30):
        limits.wait("pins.add")
    assert limits.standing("pins.add").used == 30
    limits.on = True
    assert limits.wait("pins.add") == 60
