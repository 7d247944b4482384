"""Who may say yes to a rollback, and what becomes of a request that nobody says yes to."""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, CHI, Stage

EXPIRES = timedelta(minutes=15).total_seconds()


async def test_whoever_asked_does_not_approve(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    assert await stage.press(ANA, "Approve") == "You asked for it, so somebody else has to approve it."
    assert stage.sources.writes() == []


async def test_the_only_approver_learns_at_once_that_somebody_else_has_to_ask(stage: Stage) -> None:
    await stage.breaks()
    said = await stage.press(BEN, "Request rollback to v41")
    assert said.startswith("With you asking, too few are left who may approve")
    assert await stage.happened(ev.ApprovalRequested) == []


async def test_a_stranger_does_not_approve(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    assert await stage.press(CHI, "Approve") == f"This needs a yes from <@{BEN}>."
    assert stage.sources.writes() == []
    assert await stage.happened(ev.Approved) == []


async def test_a_refusal_needs_a_reason_and_is_told_to_everybody(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    await stage.press(BEN, "Decline")
    assert "reason" in await stage.fills(BEN, reason="  ")
    assert await stage.fills(BEN, reason="v41 cannot read the new features") == {}
    shown = stage.screen.surface("approval:rollback:1")
    assert "v41 cannot read the new features" in shown
    assert f"<@{BEN}>" in shown
    assert "[Approve]" not in shown
    assert "Request rollback to v41 again" in stage.screen.buttons()
    assert stage.sources.writes() == []


async def test_a_request_ends_if_nobody_says_yes_and_its_button_is_dead(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    message, block, element = stage.screen.button("Approve", user=BEN, number=1)
    stage.clock.advance(EXPIRES)
    await stage.clicks(BEN, message, block["block_id"], element["action_id"])
    assert stage.screen.whispered(BEN)[-1].startswith("The request ended at ")
    await stage.rest()
    assert len(await stage.happened(ev.ApprovalLapsed)) == 1
    assert "[Approve]" not in stage.screen.surface("approval:rollback:1")
    await stage.press(ANA, "Request rollback to v41 again")
    await stage.press(BEN, "Approve")
    assert stage.world.flag("production").value == "41"
    assert [event.attempt for event in await stage.happened(ev.ActionStarted)] == [2]
    assert stage.refused() == []
