"""What the bot does when a real server is gone in the middle of an incident: it says so, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.incidents import events as ev
from tests.real.servers import registry
from tests.real.servers.process import Running
from tests.real.stage import BROKEN, GOOD, RealStage, staged
from tests.scenarios.people import ANA, BEN

pytestmark = pytest.mark.slow


@pytest.fixture
def fragile_mlflow(tmp_path: Path) -> Iterator[Running]:
    """An MLflow that may be killed: no other test asks it."""
    with registry.mlflow(tmp_path / "mlflow") as running:
        yield running


async def _broken(stage: RealStage) -> None:
    """The release serves everybody, somebody's alert about it is with Alertmanager, and the channel is open."""
    await stage.until(stage.peers.traffic, "Prometheus has scraped the service")
    await stage.releases(BROKEN, previous=GOOD)
    await stage.until(lambda: set(stage.peers.traffic()) == {BROKEN}, "3 has all of the traffic")
    stage.peers.alert("SomebodyNoticed", failure_mode="performance", service="fraud-scorer", severity="critical")
    await stage.until(lambda: stage.screen.card(), "the alert has opened a channel")


async def test_prometheus_is_killed_while_the_incident_is_measured(
    tmp_path: Path, sqlite_url: str, mlflow: Running, unleash: Running
) -> None:
    async with staged(tmp_path, database_url=sqlite_url, mlflow=mlflow, unleash=unleash) as stage:
        await _broken(stage)
        await stage.until(lambda: stage.measured("live"), "quality was measured")
        stage.peers.prometheus.kill()
        await stage.press(ANA, "I'm on it")
        await stage.types(ANA, "/incident step live run")
        missed = await stage.until(lambda: stage.measured("live", attempt=2), "a measurement was tried")
        assert missed.verdict == "error", "what cannot be measured is never ok"
        assert "prometheus" in missed.because
        assert missed.value is None
        assert missed.again_at is not None, "it is tried again by itself"
        await stage.until(lambda: "Not checked" in stage.screen.card(), "the card says what is not known")


async def test_mlflow_is_down_at_the_moment_of_the_action(
    tmp_path: Path, sqlite_url: str, fragile_mlflow: Running, unleash: Running
) -> None:
    async with staged(tmp_path, database_url=sqlite_url, mlflow=fragile_mlflow, unleash=unleash) as stage:
        peers = stage.peers
        await _broken(stage)
        await _rehearsed(stage, "Request rollback to v2")
        fragile_mlflow.kill()
        await stage.press(BEN, "Approve")
        (finished,) = await stage.until(lambda: stage.happened(ev.ActionFinished), "the action has ended")
        assert finished.outcome == "refused"
        assert "registry cannot be reached" in finished.because
        assert peers.flag_in("production")["enabled"] is True, "no call was made, not only the registry's"
        assert await stage.happened(ev.ActionConfirmed) == []

        with registry.mlflow(tmp_path / "mlflow", port=fragile_mlflow.port):
            assert peers.champion() == BROKEN
            await stage.press(ANA, "Request rollback to v2 again")
            await stage.press(BEN, "Approve")
            await stage.until(lambda: stage.happened(ev.ActionConfirmed), "the rollback is confirmed")
            assert (peers.champion(), peers.flag_in("production")["enabled"]) == (GOOD, False)


async def test_a_token_that_unleash_refuses_is_found_out_by_the_rehearsal(
    tmp_path: Path, sqlite_url: str, mlflow: Running, unleash: Running
) -> None:
    stranger = "*:*.not-the-token"
    async with staged(tmp_path, database_url=sqlite_url, mlflow=mlflow, unleash=unleash, token=stranger) as stage:
        peers = stage.peers
        await _broken(stage)
        failed = await _asked(stage, "Request rollback to v2")
        assert failed.outcome == "failed"
        assert "flags does not let us in (401)" in failed.because
        assert stranger not in failed.because
        assert "rehearsal in staging failed" in await stage.press(BEN, "Approve")
        assert (peers.champion(), peers.flag_in("production")["enabled"]) == (BROKEN, True)
        assert await stage.happened(ev.ActionStarted) == []


async def _asked(stage: RealStage, button: str) -> ev.RehearsalFinished:
    """Ana leads and asks for the rollback; how the rehearsal ended."""
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, button)
    (ended,) = await stage.until(lambda: stage.happened(ev.RehearsalFinished), "the rehearsal has ended")
    assert isinstance(ended, ev.RehearsalFinished)
    return ended


async def _rehearsed(stage: RealStage, button: str) -> None:
    assert (await _asked(stage, button)).outcome == "ok"
