"""The demo as people run it, in its own time: what was done in it is saved, and the file passes."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.sandbox.demo.autopilot import walk
from bot.sandbox.demo.theatre import Theatre, theatre
from bot.sandbox.world import MORE_ALERTS
from tests.integration.sandbox_story.conftest import Plays
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow


async def test_a_whole_incident_with_its_day_of_watching(plays: Plays) -> None:
    """The other scenarios are saved and played beside this one, on a stage."""
    said: list[str] = []
    async with theatre("feature-feed-break") as house:
        await walk(house.stage, say=said.append)
        text = await house.story()
    assert "in 24 hours." in text
    assert 'assert incident.status == "resolved"' in text
    await plays(text)


async def test_alerts_that_the_panel_sends_are_part_of_it(plays: Plays) -> None:
    async with theatre("fraud-recall-drop") as house:
        assert await house.stage.incident_opened(within=PATIENCE)
        async with httpx.AsyncClient(base_url=house.url, trust_env=False) as browser:
            for name in MORE_ALERTS:
                assert (await browser.post("/behind/alerts", data={"name": name})).status_code == 202
        await _incidents(house, 1 + len(MORE_ALERTS))
        await house.step(60)
        text = await house.story()
    assert 'await stage.alerts("storm")' in text
    assert 'assert incident.status == "triage"' in text
    await plays(text)


async def _incidents(house: Theatre, many: int) -> None:
    bot = house.stage.evenkeel
    with bot.store.wakeups.subscribe() as changes:
        async with asyncio.timeout(PATIENCE):
            while len(await bot.service.listing()) < many:
                await changes.wait(1.0)


async def test_what_the_panel_sets_is_part_of_it(plays: Plays) -> None:
    async with theatre("feature-feed-break") as house:
        assert await house.stage.incident_opened(within=PATIENCE)
        house.stage.people.switched("", "device-feed", "snapshot")
        house.stage.world.set_switch("device-feed", "snapshot")
        await house.step(600)
        text = await house.story()
    assert 'await stage.sets("device-feed", "snapshot")' in text
    assert 'assert stage.serves("device-feed") == "snapshot"' in text
    await plays(text)
