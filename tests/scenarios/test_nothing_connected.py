"""There is no evenkeel.yaml: the walk goes on by hand, and nothing is claimed that nobody looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, Stage, recorded


@pytest.fixture
async def opened(bare: Stage) -> Stage:
    answer = await bare.sends(recorded("1_firing"))
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}
    await bare.rest()
    return bare


async def test_the_first_message_says_that_nothing_was_checked_and_suggests_nothing(opened: Stage) -> None:
    assert opened.screen.channel().name == "inc-1-fraud-model-error-rate"
    card = opened.screen.card()
    assert card.startswith(
        "# SEV3 · fraud · ModelErrorRate\n"
        "Alertmanager says “error rate 0.11” since 05:38 UTC.  <Source>\n"
        "I checked nothing: no metrics and no evaluator are connected for fraud. No suggestion.\n"
        "By hand: 1 released in the last 24 h?  2 upstream changed?"
    )
    assert "[I'm on it]  [Record finding]  [Page someone]  [False alarm]" in card
    assert "For next time: `evenkeel doctor`" in card
    assert "Suggested" not in card
    assert opened.refused() == []


async def test_every_step_says_what_to_add_to_the_configuration(opened: Stage) -> None:
    missing = opened.screen.surface("gaps")
    for place in ("metrics.quality", "metrics.errors", "compare.last_good", "rollback"):
        assert f"`services.fraud.{place}`" in missing


async def test_what_a_person_did_outside_starts_the_watch_and_the_walk_goes_on(opened: Stage) -> None:
    await opened.press(ANA, "I'm on it")
    assert await opened.types(ANA, "/incident") != ""
    await opened.press(ANA, "I rolled back outside")
    assert await opened.fills(ANA, note="helm rollback fraud 12") == {}
    card = opened.screen.card()
    assert f"was done outside, says <@{ANA}> 05:39 UTC: helm rollback fraud 12" in card
    assert "until 2026-11-22 05:39 UTC. Not resolved yet." in card

    await opened.press(BEN, "Answer")
    assert await opened.fills(BEN, answer="v12 at five") == {}
    (answered,) = await opened.happened(ev.StepDone)
    assert answered.answer == "v12 at five"

    await opened.rest(timedelta(hours=24, minutes=1).total_seconds())
    (ended,) = await opened.happened(ev.WatchEnded)
    assert ended.verdict == "no_data"
    assert "services.fraud.metrics.quality" in ended.because
    assert "it stays open until somebody does" in opened.screen.surface("watched:day:1")
    assert "resolved" not in opened.screen.card().lower()

    await opened.press(ANA, "Resolve")
    assert await opened.fills(ANA, summary="the release; rolled back by helm") == {}
    assert (await opened.incident()).status == "resolved"
    assert opened.refused() == []
