"""Actions that are not about versions: the bot switches a fallback on, with an approval, and proves that it helps."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, CONNECTED, Stage

NEEDS_A_YES = "        approvers: [oncall:ml-oncall]\n        done_when:"
BY_ITSELF = """\
        approval: {approvers: [oncall:ml-oncall], auto: {when: "steps.missing.verdict == 'bad'", after: 2m}}
        done_when:"""
RUNBOOK = """\
schema: runbook/v1
id: bad-data
version: 1
title: Bad data
failure_mode: data-quality
owner: ml-oncall
summary: The data going in is wrong. Another source answers until it is mended.
match:
  - failure_mode: data-quality
phases:
  measure:
    - {id: missing, title: Missing values, query: missing}
  remediate:
    - {id: fallback, title: Fallback, action: fallback}
  verify:
    - {id: day, title: Watch, watch: {checks: [missing], starts: fallback}}
"""


async def begun(stages: Stages, *, config: str = CONNECTED) -> Stage:
    stage: Stage = await stages(scenario="feature-feed-break", config=config, runbooks={"bad-data.yaml": RUNBOOK})
    await stage.begins()
    await stage.rest(15)
    return stage


@pytest.fixture
async def broken(stages: Stages) -> Stage:
    """A feed loses values; the service says how its fallback is switched on."""
    return await begun(stages)


async def test_the_fallback_is_switched_on_with_a_yes_and_proven_by_what_it_should_mend(broken: Stage) -> None:
    await broken.press(ANA, "Request fallback")
    shown = broken.screen.surface("approval:fallback:1")
    assert "* (fraud-scorer): asked by" in shown
    assert "Fallback: the last good values answer" in shown
    await broken.rest(6)
    assert "value vendor → snapshot" in broken.screen.surface("approval:fallback:1")
    await broken.press(BEN, "Approve")
    await broken.rest(120)
    assert broken.serves("device-feed") == "snapshot"
    (confirmed,) = await broken.happened(ev.ActionConfirmed)
    assert confirmed.share is None
    assert "*Watching* missing values" in broken.screen.card()
    assert (await broken.incident()).versions is not None
    assert broken.refused() == []


async def test_it_is_taken_back_to_what_stood_there(broken: Stage) -> None:
    await broken.press(ANA, "Request fallback")
    await broken.rest(6)
    await broken.press(BEN, "Approve")
    await broken.rest(120)
    await broken.press(ANA, "Undo the fallback")
    await broken.rest(6)
    await broken.press(BEN, "Approve")
    await broken.rest(120)
    assert broken.serves("device-feed") == "vendor"
    assert broken.refused() == []


async def test_by_policy_it_begins_by_itself_announced_and_after_its_delay(stages: Stages) -> None:
    stage = await begun(stages, config=CONNECTED.replace(NEEDS_A_YES, BY_ITSELF, 1))
    assert "It begins by itself" in stage.screen.surface("approval:fallback:1")
    await stage.rest(60)
    assert stage.serves("device-feed") == "vendor"
    await stage.rest(120)
    assert stage.serves("device-feed") == "snapshot"
    assert stage.refused() == []


async def test_anybody_stops_what_would_begin_by_itself(stages: Stages) -> None:
    stage = await begun(stages, config=CONNECTED.replace(NEEDS_A_YES, BY_ITSELF, 1))
    await stage.press(CHI, "Stop")
    await stage.rest(300)
    assert stage.serves("device-feed") == "vendor"
    assert "stopped before it began" in await stage.timeline()
    assert stage.refused() == []
