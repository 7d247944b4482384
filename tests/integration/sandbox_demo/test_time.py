"""Time that jumps is the same for workspace, bot and world, and nobody's work is hurt by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.incidents import events as ev
from bot.sandbox.demo.responders import Responders
from bot.sandbox.demo.stage import ANA, Stage
from bot.sandbox.demo.theatre import Theatre
from tests.patience import PATIENCE

#: in the demo's time; more real time than this does not go by between two looks of a test
CLOSE = timedelta(minutes=1)


@pytest.fixture(name="team")
async def _team(house: Theatre) -> Responders:
    """Everybody, in the incident that was just opened."""
    assert await house.stage.incident_opened(within=PATIENCE)
    channel = house.stage.incident_channel()
    assert channel is not None
    return Responders(house.stage, number=1, channel=channel.id, say=lambda _: None)


async def said(stage: Stage) -> datetime:
    """When the workspace says that a message of now was written."""
    channel = stage.workspace.workspace.channels.by_name("ml-incidents")
    message = await stage.people.post_as(ANA, channel.id, "what time is it?")
    return datetime.fromtimestamp(float(message.ts), UTC)


async def test_a_step_is_the_same_everywhere(house: Theatre, team: Responders) -> None:
    stage, before = house.stage, house.now()
    await house.step(7200)
    now = house.now()
    assert timedelta(hours=2) <= now - before < timedelta(hours=2) + CLOSE
    assert await said(stage) - now < CLOSE
    assert datetime.fromtimestamp(stage.world.now(), UTC) - now < CLOSE
    await team.press(ANA, "incident.ack")
    entries = await stage.evenkeel.service.entries(1)
    assert entries[-1].at - now < CLOSE


async def test_a_modal_opens_and_is_submitted_while_time_flies(house: Theatre, team: Responders) -> None:
    channel = house.stage.incident_channel()
    assert channel is not None
    house.set_rate(3600)
    assert (await house.stage.people.slash(ANA, channel.id, "/incident resolve")).ok
    await team.fill(ANA, {"summary": "It was nothing."})
    assert await _resolved(team)
    assert house.stage.workspace.journal.refused(but=("already_pinned", "already_in_channel")) == []


async def _resolved(team: Responders) -> bool:
    await team.stage.pace.rest()
    return (await team.incident()).status == "resolved"


async def test_the_next_moment_is_a_look_of_the_bot_or_the_world(house: Theatre, team: Responders) -> None:
    await house.stage.pace.rest()
    before = house.now()
    moment = await house.step_to_next()
    assert moment is not None
    assert before < moment <= house.now() < moment + CLOSE


async def test_a_day_with_nobody_there_leaves_little(house: Theatre, team: Responders) -> None:
    await house.stage.pace.rest()
    calls = len(house.stage.workspace.journal.calls())
    await house.step(86_400)
    assert len(house.stage.workspace.journal.calls()) < calls + 20
    assert len(house.stage.world.ledger().ends) < 20_000  # a week by the minute, the last while by the second
    log = await house.stage.evenkeel.service.entries(1)
    assert not [entry for entry in log if isinstance(entry.event, ev.Resolved)]
    assert await team.incident() is not None
