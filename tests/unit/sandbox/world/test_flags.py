"""The flag and the traffic that follows it."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.world.flags import begin, read_flag, set_flag, shares
from bot.sandbox.world.scenarios import SCENARIOS
from tests.unit.sandbox.world.worlds import new_world

SCENARIO = SCENARIOS["fraud-recall-drop"]
STATE = begin(SCENARIO, seed=1, started=1_000_000.0)


def at(*seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([STATE.started + second for second in seconds])


def test_the_last_release_serves_at_the_start_and_the_one_before_it_earlier() -> None:
    found = shares(STATE, "production", at(-86_400.0, 0.0))
    assert found["41"].tolist() == [1.0, 0.0]
    assert found["42"].tolist() == [0.0, 1.0]


def test_traffic_follows_the_flag_in_a_ramp() -> None:
    state = set_flag(STATE, "production", {"41": 100}, at=STATE.started)
    found = shares(state, "production", at(0.0, SCENARIO.ramp / 2, SCENARIO.ramp))
    assert found["41"].tolist() == [0.0, 0.5, 1.0]
    assert (found["41"] + found["42"]).tolist() == [1.0, 1.0, 1.0]


def test_a_change_during_a_ramp_starts_from_what_serves_then() -> None:
    state = set_flag(STATE, "production", {"41": 100}, at=STATE.started)
    state = set_flag(state, "production", {"42": 100}, at=STATE.started + SCENARIO.ramp / 2)
    found = shares(state, "production", at(SCENARIO.ramp / 2, SCENARIO.ramp, 10 * SCENARIO.ramp))
    assert found["41"].tolist() == [0.5, 0.25, 0.0]


def test_environments_are_apart() -> None:
    state = set_flag(STATE, "staging", {"41": 100}, at=STATE.started)
    assert read_flag(state, "production").value == "42"
    assert read_flag(state, "staging").value == "41"


def test_setting_what_is_set_changes_nothing() -> None:
    assert set_flag(STATE, "production", {"42": 100.0, "41": 0.0}, at=STATE.started) is STATE


def test_a_split_is_read_back_as_it_was_set() -> None:
    reading = read_flag(set_flag(STATE, "production", {"41": 90, "42": 10}, at=STATE.started), "production")
    assert (reading.value, reading.percentages) == ("41", {"41": 90.0, "42": 10.0})
    assert reading.version == read_flag(STATE, "production").version + 1


@pytest.mark.parametrize("wrong", [{"99": 100.0}, {"41": 50.0}, {"41": 150.0, "42": -50.0}, {}])
def test_versions_that_do_not_exist_and_sums_that_do_not_add_up_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"no version 99|add up to 100"):
        set_flag(STATE, "production", wrong, at=STATE.started)


def test_a_flag_that_was_changed_meanwhile_is_not_written() -> None:
    from bot.sandbox.world.world import Conflict

    world, _ = new_world()
    read = world.flag("production").version
    world.set_flag("production", {"41": 100}, if_version=read)
    with pytest.raises(Conflict, match="changed meanwhile"):
        world.set_flag("production", {"40": 100}, if_version=read)
    assert world.flag("production").value == "41"


def test_a_switch_stands_as_it_always_stood_and_is_set_for_all_of_production() -> None:
    world, clock = new_world("feature-feed-break")
    feed, model = world.switches()
    assert (feed.name, feed.value, feed.options) == ("device-feed", "vendor", ("vendor", "snapshot"))
    assert (model.name, model.value, model.options) == ("fraud-model", "42", ("40", "41", "42"))
    assert all(switch.sentence.endswith(".") for switch in (feed, model))
    clock.forward(1)
    world.set_switch("device-feed", "snapshot")
    assert [switch.value for switch in world.switches()] == ["snapshot", "42"]
    world.set_switch("fraud-model", "41")
    assert [switch.value for switch in world.switches()] == ["snapshot", "41"]
    assert world.flag("staging").value == "42"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("device-feed", "moon", "no option of device-feed moon; there are vendor, snapshot"),
        ("moon", "vendor", "no flag moon; there are device-feed, fraud-model"),
        ("fraud-model", "99", "no version 99; there are 40, 41, 42"),
    ],
)
def test_a_switch_that_does_not_exist_or_is_set_to_nothing_known_is_refused(name: str, value: str, said: str) -> None:
    world, _ = new_world("feature-feed-break")
    with pytest.raises(ValueError, match=said):
        world.set_switch(name, value)
    assert [switch.value for switch in world.switches()] == ["vendor", "42"]
