"""The alerts that the panel sends: what came of them, and what the panel says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.sandbox.backstage.sending import Progress
from bot.sandbox.workspace.values import Channel
from tests.integration.sandbox_backstage.conftest import House
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _sent(house: House, name: str, label: str) -> str:
    """The panel's sentence, once it is there."""
    assert (await house.post("alerts", name=name)).status_code == 202
    row = (await _rows(house))[0]
    assert row.offer == label
    assert row.said in await house.part("panel:alerts")
    return row.said


async def _rows(house: House) -> Sequence[Progress]:
    async with asyncio.timeout(PATIENCE):
        return (await house.backstage.all_sent()).rows


def _channels(house: House) -> list[Channel]:
    return [one for one in house.stage.workspace.workspace.channels.all() if one.name.startswith("inc-")]


def _announced(house: House, words: str) -> str:
    workspace = house.stage.workspace.workspace
    lobby = workspace.channels.by_name("ml-incidents")
    found = [str(one.blocks) for one in workspace.messages.all_in(lobby.id) if words in str(one.blocks)]
    return "\n".join(found)


async def test_a_storm_is_one_incident_and_a_few_calls_and_the_next_one_joins_it(house: House) -> None:
    before = len(_channels(house))
    said = await _sent(house, "storm", "A storm: 1,000 alerts")
    assert said.startswith("1,000 alerts taken in ")
    assert "1 incident (INC-2), " in said
    assert int(said.split(", ")[-1].split()[0]) < 50
    assert len(_channels(house)) == before + 1
    assert (await house.stage.evenkeel.service.incident(2)).alerts == 1000

    said = await _sent(house, "storm", "A storm: 1,000 alerts")
    assert "counted with INC-2, " in said
    assert len(_channels(house)) == before + 1
    assert (await house.stage.evenkeel.service.incident(2)).alerts == 2000


async def test_a_warning_is_announced_with_a_button_and_opens_no_channel(house: House) -> None:
    before = _channels(house)
    assert "1 announcement (INC-3), 1 Slack call." in await _sent(house, "warning", "A warning")
    assert "triage.open" in _announced(house, "churn-model")
    assert _channels(house) == before


async def test_a_safety_alert_opens_privately_without_a_title(house: House) -> None:
    assert "1 private incident (INC-4), " in await _sent(house, "safety", "A safety alert")
    (channel,) = [one for one in _channels(house) if one.name == "inc-4"]
    assert channel.is_private
    assert "U0DEE" not in channel.members
    assert "support-assistant" not in _announced(house, "INC-4")


async def test_reports_of_people_are_counted_in_one_message(house: House) -> None:
    said = await _sent(house, "reports", "Somebody noticed first")
    assert said.startswith("3 reports taken in ")
    assert "1 announcement (INC-5), " in said
    assert "first reported by users · 3 reports" in _announced(house, "photo-tagger")


async def test_what_is_asked_for_twice_is_sent_once_and_other_things_after_it(house: House) -> None:
    answers = [await house.post("alerts", name=name) for name in ("warning", "warning", "safety")]
    assert [answer.status_code for answer in answers] == [202, 409, 202]
    assert [row.offer for row in await _rows(house)] == ["A safety alert", "A warning"]


@pytest.mark.parametrize("name", ["", "everything", "<script>", "x" * 500])
async def test_what_cannot_be_sent_is_refused_with_a_sentence(house: House, name: str) -> None:
    answer = await house.post("alerts", name=name)
    assert answer.status_code == 400
    assert len(answer.text) < 120


async def test_the_story_s_own_alert_goes_by_none_of_their_routes(house: House) -> None:
    incident = await house.stage.evenkeel.service.incident(1)
    assert (incident.route, incident.service) == ("everything", "fraud-scorer")
    channel = house.stage.incident_channel()
    assert channel is not None
    assert channel.name.startswith("inc-1-")
