"""From a release that breaks a model to the incident's end: nothing is played but the people and Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.incidents import events as ev
from tests.real.servers.process import Running
from tests.real.stage import BROKEN, GOOD, RealStage, staged
from tests.scenarios.people import ANA, BEN

EVERYWHERE = "sum by (version) (rate(model_predictions_total[5s]))"


@pytest.fixture
async def stage(tmp_path: Path, sqlite_url: str, mlflow: Running, unleash: Running) -> AsyncIterator[RealStage]:
    """Everything runs; nothing is wrong yet."""
    async with staged(tmp_path, database_url=sqlite_url, mlflow=mlflow, unleash=unleash) as found:
        yield found


@pytest.mark.slow
async def test_a_release_breaks_and_is_taken_back(stage: RealStage) -> None:
    await _the_alert_opens_a_channel(stage)
    await _what_is_known_stands_on_the_card(stage)
    await _it_is_rehearsed_before_anybody_approves(stage)
    await _staging_fools_nobody(stage)
    await _a_second_person_approves_and_traffic_proves_it(stage)
    await _it_is_watched_and_closed(stage)


async def _the_alert_opens_a_channel(stage: RealStage) -> None:
    peers = stage.peers
    await stage.until(lambda: peers.serves(peers.production) == GOOD, "2 serves in production")
    await stage.until(lambda: peers.asked(EVERYWHERE), "Prometheus has scraped the service")
    await stage.releases(BROKEN, previous=GOOD)
    await stage.until(lambda: peers.serves(peers.production) == BROKEN, "3 serves in production")
    await stage.until(lambda: stage.screen.channel(), "the alert has opened a channel")


async def _what_is_known_stands_on_the_card(stage: RealStage) -> None:
    card = await stage.until(lambda: _with(stage.screen.card(), "v3 against v2", "to v2]"), "the card offers v2")
    assert "Recall 0.71" in card
    assert "v3 against v2, same 3,180 frauds" in card
    incident = await stage.incident()
    assert incident.versions is not None
    assert (incident.versions.running, incident.versions.target) == (BROKEN, GOOD)


async def _it_is_rehearsed_before_anybody_approves(stage: RealStage) -> None:
    peers = stage.peers
    await stage.press(ANA, "I'm on it")
    assert peers.serves(peers.staging) == BROKEN
    await stage.press(ANA, "Request rollback to v2")
    (rehearsed,) = await stage.until(lambda: stage.happened(ev.RehearsalFinished), "the rollback was rehearsed")
    assert rehearsed.outcome == "ok", rehearsed.because
    assert peers.serves(peers.staging) == GOOD
    assert (peers.champion(), peers.flag_in("production")["enabled"]) == (BROKEN, True)


async def _staging_fools_nobody(stage: RealStage) -> None:
    """Nearly all requests of all environments together are answered by 2; production still serves 3."""
    peers = stage.peers
    shares = await stage.until(
        lambda: _most(peers.asked(EVERYWHERE), GOOD), "staging's traffic outweighs production's"
    )
    assert shares[GOOD] / sum(shares.values()) >= 0.99
    assert peers.serves(peers.production) == BROKEN
    assert await stage.happened(ev.ActionConfirmed) == []
    incident = await stage.incident()
    assert incident.safe_at is None


async def _a_second_person_approves_and_traffic_proves_it(stage: RealStage) -> None:
    peers = stage.peers
    before = peers.flag_in("production")
    assert "approve" in await stage.press(ANA, "Approve"), "whoever asked cannot approve"
    assert (peers.champion(), before["enabled"]) == (BROKEN, True)
    await stage.press(BEN, "Approve")
    await stage.until(lambda: stage.happened(ev.ActionConfirmed), "the rollback is confirmed")
    after = peers.flag_in("production")
    assert (peers.champion(), after["enabled"]) == (GOOD, False)
    assert after["strategies"] == before["strategies"], "who was targeted stands as it stood"
    assert peers.serves(peers.production) == GOOD
    looks = await stage.happened(ev.ActionLooked)
    assert [look.holds for look in looks][-2:] == [True, True]
    assert (looks[-1].share or 0) >= 0.99
    assert (await stage.incident()).safe_at is not None


async def _it_is_watched_and_closed(stage: RealStage) -> None:
    await stage.until(lambda: stage.happened(ev.WatchEnded), "the watch has ended")
    looks = await stage.happened(ev.WatchLooked)
    assert {look.verdict for look in looks} == {"ok"}
    await stage.press(ANA, "incident.resolve")
    assert await stage.fills(ANA, summary="Recall fell with the release; taken back.") == {}
    await stage.until(lambda: _with(stage.screen.card(), "*Resolved* by"), "the incident is over")


def _most(shares: dict[str, float], version: str) -> dict[str, float]:
    return shares if shares.get(version, 0.0) >= 0.99 * sum(shares.values()) > 0 else {}


def _with(text: str, *words: str) -> str:
    return text if all(word in text for word in words) else ""
