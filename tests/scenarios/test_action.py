"""The rollback on bad days: refused, answered by nobody, changed by somebody else, slower than its budget."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, Stage

PUT = "PUT /sources/flags/fraud-model?environment=production"


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """Ana leads and has asked for the rollback; nobody has said yes yet."""
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    return stage


async def test_a_call_that_is_refused_has_changed_nothing_and_can_be_asked_for_again(asked: Stage) -> None:
    asked.sources.answers("PUT", status=409, body='{"error": "the flag is locked by the freeze"}', times=1)
    await asked.press(BEN, "Approve")
    (finished,) = await asked.happened(ev.ActionFinished)
    assert finished.outcome == "refused"
    assert "the flag is locked by the freeze" in asked.screen.card()
    await asked.rest(120)
    assert asked.sources.writes() == [PUT], "nothing that changes the world is repeated by itself"

    await asked.press(ANA, "Request rollback to v41 again")
    await asked.press(BEN, "Approve")
    assert asked.world.flag("production").value == "41"
    assert asked.refused() == []


async def test_a_call_whose_answer_was_lost_is_settled_by_the_traffic(asked: Stage) -> None:
    asked.sources.loses_the_answer("PUT")
    await asked.press(BEN, "Approve")
    await asked.rest(60)
    (confirmed,) = await asked.happened(ev.ActionConfirmed)
    assert confirmed.settled
    assert asked.sources.writes() == [PUT]
    assert "*Watching*" in asked.screen.card()
    assert asked.refused() == []


async def test_a_call_that_was_never_done_is_asked_about_and_run_again_only_by_a_person(asked: Stage) -> None:
    asked.sources.answers("PUT", status=503, body="{}", times=1)
    await asked.press(BEN, "Approve")
    await asked.rest(300)
    assert len(asked.sources.writes()) == 1
    unknown = asked.screen.surface("unknown:rollback:1")
    assert f"<@{ANA}>: look, then choose. Nothing is repeated by itself" in unknown
    assert "[Run again]  [It is done]  [Undo]" in unknown
    await asked.press(ANA, "Run again")
    assert asked.sources.writes() == [PUT, PUT]
    assert asked.world.flag("production").value == "41"
    assert asked.refused() == []


async def test_a_person_may_say_that_an_unknown_outcome_is_done(asked: Stage) -> None:
    asked.sources.answers("PUT", status=502, body="{}", times=1)
    await asked.press(BEN, "Approve")
    await asked.rest(300)
    await asked.press(ANA, "It is done")
    (settled,) = await asked.happened(ev.ActionSettled)
    assert settled.how == "done"
    assert asked.sources.writes() == [PUT]
    assert len(await asked.happened(ev.WatchStarted)) == 1


async def test_what_somebody_else_did_meanwhile_is_not_done_again(asked: Stage) -> None:
    asked.world.set_flag("production", {"41": 100.0})
    await asked.rest(30)
    await asked.press(BEN, "Approve")
    (finished,) = await asked.happened(ev.ActionFinished)
    assert finished.outcome == "refused"
    assert "v41 already serves 100 % of the traffic" in finished.because
    assert asked.sources.writes() == []


async def test_the_budget_warns_and_is_breached_and_nothing_is_aborted(asked: Stage) -> None:
    asked.sources.answers("rate(ml_predictions_total", status=503)
    await asked.press(BEN, "Approve")
    await asked.rest(timedelta(minutes=4).total_seconds())
    assert [event.breached for event in await asked.happened(ev.BudgetSpent)] == [False]
    await asked.rest(timedelta(minutes=1).total_seconds())
    assert [event.breached for event in await asked.happened(ev.BudgetSpent)] == [False, True]
    asked.sources.recovers()
    await asked.rest(30)
    assert (await asked.incident()).safe_at is not None
    assert asked.sources.writes() == [PUT]
    assert "used up" in (await asked.gets("/incidents/INC-1/postmortem.md")).text


async def test_done_outside_while_the_request_waits_ends_the_request(asked: Stage) -> None:
    await asked.press(ANA, "I did it outside")
    assert await asked.fills(ANA, note="by the flag's own page") == {}
    assert "[Approve]" not in asked.screen.surface("approval:rollback:1")
    assert len(await asked.happened(ev.WatchStarted)) == 1
    assert asked.sources.writes() == []
