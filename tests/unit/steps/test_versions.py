from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.incidents import events as ev
from bot.runbooks.schema import DoneWhen
from bot.runbooks.steps import see_versions
from bot.runbooks.steps.versions import before
from tests.unit.steps.scene import ALERT, NOW, RELEASE, ROLLBACK, TRAFFIC, Deployed, World, context, incident, step


async def seen(world: World, *changes: Deployed, serving: DoneWhen | None = None) -> ev.VersionsSeen:
    head = incident(step(ROLLBACK)) if serving is None else incident(serving=serving)
    (found,) = await see_versions(context(head, world, changes=changes))
    assert isinstance(found, ev.VersionsSeen)
    return found


async def test_the_running_version_is_the_one_with_most_of_the_traffic_and_the_target_its_predecessor() -> None:
    world = World()
    world.traffic = {"41": 4.0, "42": 796.0, "40": 0.0}
    assert await seen(world, RELEASE) == ev.VersionsSeen(running="42", target="41", shares={"42": 0.995, "41": 0.005})


async def test_without_a_recorded_change_the_target_is_what_else_served_within_a_day() -> None:
    world = World()
    world.ranges[TRAFFIC] = {"42": [1, 500], "41": [300, 0], "40": [200, 0]}
    assert (await seen(world)).target == "41"


async def test_an_unknown_target_is_none_with_the_reason() -> None:
    found = await seen(World())
    assert (found.running, found.target) == ("42", None)
    assert found.because == ("Nothing to go back to is known: no recorded change to v42, no other version in traffic")


async def test_no_traffic_is_not_a_version() -> None:
    for nothing in ({}, {"42": 0.0}, {"42": "NaN"}):
        world = World()
        world.traffic = nothing  # type: ignore[assignment]
        found = await seen(world, RELEASE)
        assert (found.running, found.target) == (None, None)
        assert found.because == "No traffic: nothing serves, as far as the metrics tell"


async def test_metrics_that_are_away_are_told() -> None:
    world = World()
    world.traffic = httpx.ConnectError("no")
    assert (await seen(world)).because == "What serves cannot be read: prometheus cannot be reached"


async def test_traffic_that_does_not_tell_versions_apart_is_told() -> None:
    world = World()
    world.traffic = {"": 800.0}
    assert "no label 'version'" in (await seen(world)).because


async def test_a_service_without_serving_is_told_what_to_add() -> None:
    found = await see_versions(context(incident(serving=None), World()))
    assert found == (
        ev.VersionsSeen(because="What serves is not configured for fraud-scorer: add serving to it in evenkeel.yaml"),
    )


async def pauses(world: World, *changes: Deployed, readings: int) -> list[float | None]:
    """The seconds until each next reading, with nothing else changing meanwhile."""
    events: list[ev.AnyEvent] = []
    waits = []
    for _ in range(readings):
        (found,) = await see_versions(context(incident(events=events), world, changes=changes))
        assert isinstance(found, ev.VersionsSeen)
        waits.append((found.again_at - NOW).total_seconds() if found.again_at else None)
        events.append(found)
    return waits


@pytest.mark.parametrize("traffic", [httpx.ConnectError("no"), httpx.Response(503), {}])
async def test_metrics_that_are_away_or_silent_are_read_again_for_as_long_as_it_takes(traffic: Any) -> None:
    world = World()
    world.traffic = traffic
    assert await pauses(world, readings=7) == [30, 60, 120, 240, 240, 240, 240]


async def test_a_version_to_go_back_to_is_waited_for_some_minutes_and_then_no_more() -> None:
    assert await pauses(World(), readings=6) == [30, 60, 120, 240, 240, None]


async def test_what_is_known_is_not_read_again() -> None:
    assert await pauses(World(), RELEASE, readings=1) == [None]


async def test_a_change_that_is_recorded_a_minute_later_names_the_target() -> None:
    first = await seen(World())
    assert (first.running, first.target) == ("42", None)
    (found,) = await see_versions(context(incident(events=[first]), World(), changes=[RELEASE]))
    assert found == ev.VersionsSeen(running="42", target="41", shares={"42": 1.0})


async def test_metrics_that_go_away_between_two_readings_take_nothing_back() -> None:
    world = World()
    first = await seen(world)
    world.traffic = httpx.ConnectError("no")
    (found,) = await see_versions(context(incident(events=[first]), world))
    assert isinstance(found, ev.VersionsSeen)
    assert (found.running, found.shares) == ("42", {"42": 1.0})
    assert found.because == "What serves cannot be read: prometheus cannot be reached"
    assert found.again_at == NOW + timedelta(seconds=60)


async def test_metrics_that_are_away_when_it_is_read_again_take_the_way_back_from_nobody() -> None:
    known = ev.VersionsSeen(running="42", target="41", shares={"42": 1.0}, unsure=("whether v41 fits is not known",))
    world = World()
    world.traffic = httpx.ConnectError("no")
    (found,) = await see_versions(context(incident(events=[known]), world))
    assert isinstance(found, ev.VersionsSeen)
    assert (found.running, found.target, found.unsure) == ("42", "41", known.unsure)
    assert found.again_at is not None


async def test_the_pauses_begin_anew_once_the_metrics_are_back() -> None:
    world = World()
    world.traffic = httpx.ConnectError("no")
    away = [await seen(world) for _ in range(4)]
    (found,) = await see_versions(context(incident(events=away), World()))
    assert isinstance(found, ev.VersionsSeen)
    assert (found.running, found.again_at) == ("42", NOW + timedelta(seconds=30))


async def test_a_source_that_is_not_connected_is_not_read_again() -> None:
    found = await seen(World(), serving=DoneWhen(source="thanos", promql="x"))
    assert found.because.startswith("What serves cannot be read: thanos is not connected")
    assert found.again_at is None


async def test_a_release_that_is_taking_over_is_let_arrive_before_anybody_says_what_runs() -> None:
    world = World()
    world.traffic = {"41": 530.0, "42": 470.0}
    found = await seen(world, RELEASE)
    assert (found.running, found.target) == (None, None)
    assert found.because == "v42 is taking over from v41: 47 % so far"
    assert found.again_at is not None
    assert (found.again_at - NOW).total_seconds() <= 10


async def test_a_release_that_never_arrives_is_no_reason_to_know_nothing() -> None:
    world = World()
    world.traffic = {"41": 530.0, "42": 470.0}
    assert await pauses(world, RELEASE, readings=7) == [10.0] * 6 + [30.0]


async def test_what_was_released_over_the_running_version_is_not_what_one_goes_back_to() -> None:
    world = World()
    world.traffic = {"41": 800.0}
    world.ranges[TRAFFIC] = {"42": [300, 500], "41": [100, 0]}
    found = await seen(world, RELEASE)
    assert (found.running, found.target) == ("41", None)


def changed(days_ago: float, previous: str, version: str) -> Deployed:
    return Deployed(at=ALERT - timedelta(days=days_ago), version=version, previous=previous)


@pytest.mark.parametrize(
    ("running", "changes", "target"),
    [
        ("42", [changed(5, "40", "41"), changed(0, "41", "42")], "41"),
        ("41", [changed(5, "40", "41"), changed(1, "41", "42"), changed(0, "42", "41")], "40"),
        ("42", [changed(2, "42", "43"), changed(1, "43", "41"), changed(0, "41", "42")], "41"),
        ("42", [changed(0, "v41", "v42")], "41"),
        ("v42", [changed(0, "41", "42")], "v41"),
        ("canary", [changed(0, "stable", "canary")], "stable"),
        ("42", [changed(0, "42", "42"), changed(1, "", "42")], None),
        ("42", [changed(0, "40", "41")], None),
        ("42", [], None),
    ],
)
def test_what_ran_before(running: str, changes: list[Deployed], target: str | None) -> None:
    assert before(running, sorted(changes, key=lambda change: change.at)) == target
