"""After the fix: it holds, it does not hold, or it never was anything."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, Stage


@pytest.fixture
async def fixed(stage: Stage) -> Stage:
    """The rollback is done, and the first look at fresh labels says that recall is back."""
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    await stage.press(BEN, "Approve")
    await stage.rest(700)
    return stage


async def test_a_watch_that_holds_ends_and_the_incident_stays_open_until_somebody_says_so(fixed: Stage) -> None:
    await fixed.rest(86_400)
    assert 140 <= len(await fixed.happened(ev.WatchLooked)) <= 145
    (ended,) = await fixed.happened(ev.WatchEnded)
    assert ended.verdict == "ok"
    assert (await fixed.incident()).status == "open"
    assert f"<@{ANA}>: resolve the incident if you agree" in fixed.screen.surface("watched:day:1")
    assert fixed.refused() == []


async def test_a_relapse_within_the_watch_reopens_and_measures_everything_again(fixed: Stage) -> None:
    await fixed.press(ANA, "incident.resolve")
    assert await fixed.fills(ANA, summary="rolled back") == {}
    assert (await fixed.incident()).status == "resolved"
    fixed.world.set_flag("production", {"42": 100.0})
    await fixed.rest(3 * 600)
    (reopened,) = await fixed.happened(ev.Reopened)
    assert (await fixed.incident()).status == "open"
    assert f"*Reopened*: {reopened.reason}" in fixed.screen.surface("relapse:1").replace("&amp;", "&")
    assert "reopened" in fixed.screen.surface("announcement")
    measured = [event.attempt for event in await fixed.happened(ev.StepMeasured) if event.step == "live"]
    assert measured[-1] > measured[0]
    assert "Request rollback" in " ".join(fixed.screen.buttons())
    assert fixed.refused() == []


async def test_a_false_alarm_is_closed_with_its_reason_and_nothing_more_is_asked(stage: Stage) -> None:
    await stage.breaks()
    assert await stage.types(ANA, "/incident cancel") == "Type `/incident cancel and why it was a false alarm`."
    await stage.types(ANA, "/incident cancel the labels of a test set")
    assert f"*False alarm*, says <@{ANA}>" in stage.screen.card()
    assert "[Request rollback to v41]" not in stage.screen.card()
    assert "false alarm" in stage.screen.surface("announcement")
    before = await stage.log()
    await stage.rest(3600)
    assert await stage.log() == before
    assert stage.refused() == []
