"""The charts and marks that a page draws."""

from __future__ import annotations

import pytest

from bot.sandbox.world import SCENARIOS, charts, marks
from tests.unit.sandbox.world.worlds import new_world


@pytest.mark.parametrize("minutes", [5, 30, 120, 24 * 60])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_there_are_at_most_four_charts_of_at_most_120_moments(scenario: str, minutes: float) -> None:
    world, clock = new_world(scenario)
    clock.forward(7)
    found = charts(world, minutes=minutes)
    assert 3 <= len(found) <= 4
    for chart in found:
        assert chart.lines, chart.title
        for line in chart.lines:
            assert 60 <= len(line.points) <= 120
            moments = [at for at, _ in line.points]
            assert moments == [at for at, _ in chart.lines[0].points]
            assert world.now() - minutes * 60 - 900 <= moments[0] < moments[-1] <= world.now()
            assert any(value is not None for _, value in line.points), (chart.title, line.name)


def test_the_first_chart_is_what_the_alert_is_about_with_its_line() -> None:
    first = {name: charts(new_world(name)[0])[0] for name in SCENARIOS}
    assert {name: (chart.title, chart.unit, chart.threshold) for name, chart in first.items()} == {
        "fraud-recall-drop": ("Recall by version", "", 0.80),
        "feature-feed-break": ("Missing values by feature", "%", 2.0),
        "upstream-latency": ("p99 latency, own and upstream", "s", 0.5),
    }
    for name, chart in first.items():
        rule = SCENARIOS[name].alert
        newest = [line.points[-1][1] for line in chart.lines]
        assert any(
            value is not None and rule.side == "above" and value > (chart.threshold or 0) for value in newest
        ) or (rule.side == "below" and min(value for value in newest if value is not None) < (chart.threshold or 0))


def test_lines_are_named_by_what_tells_them_apart() -> None:
    recall, traffic, errors = charts(new_world()[0])
    assert [line.name for line in recall.lines] == ["v41", "v42"]
    assert [line.name for line in traffic.lines] == ["v41", "v42"]
    assert [line.name for line in errors.lines] == ["fraud-scorer"]
    latency = charts(new_world("upstream-latency")[0])[0]
    assert [line.name for line in latency.lines] == ["card-directory", "feature-store", "fraud-scorer"]


def test_a_chart_that_is_drawn_again_has_moved_on_and_not_changed() -> None:
    world, clock = new_world()
    before = dict(charts(world)[0].lines[-1].points)
    clock.forward(20)
    after = dict(charts(world)[0].lines[-1].points)
    both = before.keys() & after.keys()
    assert len(both) >= 100
    assert {at: before[at] for at in both} == {at: after[at] for at in both}


def test_what_happened_is_marked_in_its_order() -> None:
    world, clock = new_world()
    clock.forward(60)
    world.set_switch("fraud-model", "41")
    clock.forward(300)
    start = world.state.started
    found = marks(world)
    assert [(mark.kind, mark.text) for mark in found] == [
        ("release", "v42 released"),
        ("alert", "ModelRecallDrop fires"),
        ("flag", "fraud-model: 41"),
        ("alert", "ModelRecallDrop is over"),
    ]
    assert [mark.at for mark in found[:3]] == [start - 14 * 60, start, start + 60]
    clock.forward(3600)
    assert marks(world) == ()
    assert len(marks(world, minutes=120)) == 4


def test_a_split_is_marked_with_its_shares() -> None:
    world, clock = new_world()
    clock.forward(1)
    world.set_flag("production", {"41": 90, "42": 10})
    assert marks(world)[-1].text == "fraud-model: 41 90 %, 42 10 %"
