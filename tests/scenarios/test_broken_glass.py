"""Nobody answers: after ten minutes the lead carries the rollback out, and it is looked at the next day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, CHI, Stage

TEN_MINUTES = timedelta(minutes=10).total_seconds()


@pytest.fixture
async def waiting(stage: Stage) -> Stage:
    """Ana leads and has asked for the rollback; nobody answers for ten minutes."""
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    assert "[Break the glass]" not in stage.screen.surface("approval:rollback:1")
    await stage.rest(TEN_MINUTES)
    return stage


async def test_the_lead_breaks_the_glass_with_a_reason_and_everybody_hears_of_it(waiting: Stage) -> None:
    assert f"<@{ANA}> may break the glass now" in waiting.screen.surface("approval:rollback:1")
    await waiting.press(ANA, "Break the glass")
    assert "reason" in await waiting.fills(ANA, reason="  ")
    assert await waiting.fills(ANA, reason="nobody answers, 40,000 euros a minute") == {}
    assert waiting.world.flag("production").value == "41"
    assert f"<@{ANA}> broke the glass" in waiting.screen.surface("glass:rollback:1")
    (item,) = await waiting.happened(ev.ActionItemAdded)
    assert item.text == "Review why rollback of INC-1 had to be carried out without an approver"
    assert "broke the glass for rollback: nobody answers, 40,000 euros a minute" in await waiting.timeline()
    assert waiting.refused() == []


async def test_nobody_else_may(waiting: Stage) -> None:
    said = await waiting.press(CHI, "Break the glass")
    assert said == f"Only the lead can do that; <@{ANA}> leads."
    assert waiting.sources.writes() == []
