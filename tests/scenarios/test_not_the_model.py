"""Two stories that no rollback ends: what the card says at three in the morning, and what helps."""

from __future__ import annotations

import re

import pytest

from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, Stage

#: the demo's catalogue without the two actions that are not about versions
WITHOUT_ACTIONS = re.sub(r"    actions:\n(      .*\n)+", "", CONNECTED)


async def begun(stages: Stages, scenario: str, *, config: str = CONNECTED) -> Stage:
    stage: Stage = await stages(scenario=scenario, config=config)
    await stage.begins()
    await stage.rest(15)
    return stage


async def _goes_around(stage: Stage) -> None:
    """The replica answers, by the bot's hand and with a yes."""
    await stage.press(ANA, "Request detour")
    await stage.press(BEN, "Approve")
    await stage.rest(30)
    assert stage.serves("feature-store") == "replica"


async def _told(stage: Stage) -> str:
    """What stakeholders are told."""
    await stage.press(ANA, "Tell stakeholders")
    await stage.fills(ANA)
    return "".join(str(one.text) for one in await stage.happened(ev.UpdatePublished))


async def test_bad_data_is_told_with_the_feature_and_with_what_would_not_help(stages: Stages) -> None:
    stage = await begun(stages, "feature-feed-break")
    card = stage.screen.card()
    assert card.splitlines()[0] == "# SEV2 · fraud-scorer · missing values up"
    assert "Missing values 38 %, limit 2 % · feature=device_age, the worst of 3" in card
    assert "Recall 0.7" in card
    assert "No change in the 24 h before the alert; the last one, 6 d before it: v42 released (deploy #863)" in card
    assert "v42 against v41, same 6,000 confirmed frauds: " in card
    assert "; v41 would do no better" in card
    assert "*Suggested: contain the bad data first.*" in card
    assert "rollback" not in card.lower()
    assert stage.refused() == []


async def test_bad_data_is_contained_with_a_yes_and_watched_until_recall_is_back(stages: Stages) -> None:
    stage = await begun(stages, "feature-feed-break")
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request fallback")
    shown = stage.screen.surface("approval:fallback:1")
    assert "Fallback: the last good values answer" in shown
    assert "value vendor → snapshot" in shown
    assert "Rehearsed in staging" in shown
    assert stage.serves("device-feed") == "vendor"
    await stage.press(BEN, "Approve")
    await stage.rest(120)
    assert stage.serves("device-feed") == "snapshot"
    assert "*Watching* missing values, age of the features, population stability index, recall" in stage.screen.card()
    assert "A fallback answers now" in await _told(stage)
    await stage.rest(1300)
    (resolved,) = await stage.happened(ev.AlertsResolved)
    assert resolved is not None
    looks = await stage.happened(ev.WatchLooked)
    assert looks[-1].verdict == "ok"
    assert "Recall 0.8" in looks[-1].because
    assert (await stage.incident()).status == "open"
    assert stage.refused() == []


async def test_a_flag_that_somebody_set_in_their_own_tool_counts_as_done_outside(stages: Stages) -> None:
    stage = await begun(stages, "feature-feed-break")
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request fallback")
    stage.world.set_switch("device-feed", "snapshot")
    await stage.press(CHI, "I did it outside")
    await stage.fills(CHI, note="device-feed is on snapshot")
    await stage.rest(120)
    assert "was done outside, says <@U0CHI>" in stage.screen.card()
    assert "*Watching* missing values, age of the features, population stability index, recall" in stage.screen.card()
    assert stage.refused() == []


@pytest.mark.parametrize(
    ("scenario", "option", "step", "switch"),
    [
        ("feature-feed-break", "Contain the bad data first", "fallback", ("device-feed", "snapshot")),
        ("upstream-latency", "Go around the slow upstream", "detour", ("feature-store", "replica")),
    ],
)
async def test_where_the_service_defines_no_such_action_people_do_it_and_are_told_what_to_add(
    stages: Stages, scenario: str, option: str, step: str, switch: tuple[str, str]
) -> None:
    stage = await begun(stages, scenario, config=WITHOUT_ACTIONS)
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, option)
    assert f"add `services.fraud-scorer.actions.{step}` to evenkeel.yaml" in stage.screen.card()
    stage.world.set_switch(*switch)
    await stage.press(CHI, "Done", step=step)
    assert "*Watching* " in stage.screen.card()
    assert "*Stakeholder update*" in stage.screen.card()
    await stage.rest(1300)
    assert (await stage.happened(ev.WatchLooked))[-1].verdict == "ok"
    assert stage.refused() == []


async def test_a_rollback_outside_does_not_end_bad_data(stages: Stages) -> None:
    stage = await begun(stages, "feature-feed-break")
    stage.world.set_switch("fraud-model", "41")
    await stage.rest(1300)
    assert await stage.happened(ev.AlertsResolved) == []
    await stage.types(ANA, "/incident step live again")
    assert "Recall 0.6" in stage.screen.card() or "Recall 0.7" in stage.screen.card()


async def test_a_slow_upstream_is_named_and_going_around_it_is_suggested(stages: Stages) -> None:
    stage = await begun(stages, "upstream-latency")
    card = stage.screen.card()
    assert card.splitlines()[0] == "# SEV2 · fraud-scorer · p99 latency up"
    assert "p99 latency 1.3" in card
    assert "Upstream p99 0.9" in card
    assert "upstream=feature-store, the worst of 2" in card
    assert "Errors 2.9" in card or "Errors 3.0" in card
    assert "*Suggested: go around the slow upstream.*" in card
    assert "Detour: the replica answers. What is set now is recorded first" in card
    assert stage.refused() == []


async def test_going_around_the_slow_upstream_is_watched_until_it_holds(stages: Stages) -> None:
    stage = await begun(stages, "upstream-latency")
    await stage.press(ANA, "I'm on it")
    await _goes_around(stage)
    assert "*Watching* p99 latency, upstream p99, errors" in stage.screen.card()
    await stage.rest(1300)
    assert len(await stage.happened(ev.AlertsResolved)) == 1
    looks = await stage.happened(ev.WatchLooked)
    assert looks[-1].verdict == "ok"
    assert "p99 latency 0.1" in looks[-1].because
    assert stage.refused() == []


async def test_going_back_to_the_slow_copy_within_the_watch_opens_the_incident_again(stages: Stages) -> None:
    stage = await begun(stages, "upstream-latency")
    await stage.press(ANA, "I'm on it")
    await _goes_around(stage)
    await stage.rest(1300)
    await stage.types(ANA, "/incident resolve replica serves")
    assert (await stage.incident()).status == "resolved"
    stage.world.set_switch("feature-store", "primary")
    await stage.rest(2400)
    (reopened,) = await stage.happened(ev.Reopened)
    assert reopened.reason == "PredictionLatencyHigh fires again while the fix is watched"
    assert (await stage.incident()).status == "open"
    await stage.rest(7200)
    assert len(await stage.happened(ev.Reopened)) == 1, "it is open already, and nobody did anything that could hold"
    await _goes_around(stage)
    assert "*Watching* p99 latency, upstream p99, errors" in stage.screen.card()
    assert stage.refused() == []
