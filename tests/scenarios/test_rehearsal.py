"""The rollback is rehearsed in staging before anybody can say yes to it; and what goes on without it."""

from __future__ import annotations

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, Stage

STAGING = "PUT /sources/flags/fraud-model?environment=staging"


async def test_asking_rehearses_and_the_approvers_see_it_and_what_would_change(stage: Stage) -> None:
    await stage.breaks()
    await stage.press(ANA, "Request rollback to v41")
    shown = stage.screen.surface("approval:rollback:1")
    assert "Rehearsed in staging" in shown
    assert "v41 is set there" in shown
    assert "value 42 → 41" in shown
    assert stage.sources.rehearsals() == [STAGING]
    assert stage.world.flag("staging").value == "41"
    assert stage.world.flag("production").value == "42"
    assert stage.refused() == []


async def test_the_staging_copy_that_runs_the_target_is_no_proof_of_production(stage: Stage) -> None:
    await stage.breaks()
    stage.world.set_flag("staging", {"41": 100.0})
    await stage.press(ANA, "Request rollback to v41")
    stage.sources.answers("PUT", "environment=production", status=503, body="{}", times=1)
    await stage.press(BEN, "Approve")
    await stage.rest(300)
    assert await stage.happened(ev.ActionConfirmed) == []
    assert "[Run again]  [It is done]  [Undo]" in stage.screen.surface("unknown:rollback:1")


async def test_nobody_can_approve_what_failed_in_staging_until_it_is_rehearsed_again(stage: Stage) -> None:
    await stage.breaks()
    refused = '{"error": "v41 needs features that are gone"}'
    stage.sources.answers("PUT", "environment=staging", status=422, body=refused, times=1)
    await stage.press(ANA, "Request rollback to v41")
    shown = stage.screen.surface("approval:rollback:1")
    assert "The rehearsal in staging failed" in shown
    assert "v41 needs features that are gone" in shown
    said = await stage.press(BEN, "Approve")
    assert said.startswith("The rehearsal in staging failed: flags refused (422): v41 needs features that are gone")
    assert stage.sources.writes() == []

    await stage.press(BEN, "Rehearse again")
    await stage.press(BEN, "Approve")
    assert stage.world.flag("production").value == "41"
    assert "the rehearsal of rollback in staging failed" in await stage.timeline()
    assert stage.refused() == []


async def test_at_sev1_it_goes_without_with_a_reason(stage: Stage) -> None:
    await stage.breaks()
    stage.sources.answers("PUT", "environment=staging", status=503, body="{}")
    await stage.types(ANA, "/incident severity sev1")
    await stage.press(ANA, "Request rollback to v41")
    await stage.press(BEN, "Skip the rehearsal")
    assert "reason" in await stage.fills(BEN, reason=" ")
    assert await stage.fills(BEN, reason="staging is down, money is lost") == {}
    await stage.press(BEN, "Approve")
    assert stage.world.flag("production").value == "41"
    assert "staging is down, money is lost" in await stage.timeline()
    assert stage.refused() == []


async def test_a_dry_run_says_what_would_be_called_and_writes_nothing(stage: Stage) -> None:
    await stage.breaks()
    await stage.types(ANA, "/incident step rollback dry-run")
    shown = stage.screen.surface("dry_run:rollback:1")
    assert "Would call flags.set: value 42 → 41" in shown
    assert "Would rehearse it in staging first, with flags.set." in shown
    assert stage.sources.writes() == stage.sources.rehearsals() == []
