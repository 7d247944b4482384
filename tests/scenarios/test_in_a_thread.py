"""Where no channel may be created, the incident lives in a thread, and everything can be done from there."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Message
from bot.service import Declaration
from tests.scenarios.stage import ANA, BEN, CHI, Stage, recorded

LOBBY = "ml-incidents"


@pytest.fixture
async def threaded(bare: Stage) -> Stage:
    bare.server.access.channels_may_be_created = False
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    return bare


async def _says(stage: Stage, text: str, *, thread_ts: str = "") -> Message:
    message = await stage.server.people.post_as(CHI, stage.screen.named(LOBBY).id, text, thread_ts=thread_ts)
    await stage.rest()
    return message


async def test_the_only_incident_in_a_thread_is_meant_by_what_is_typed(threaded: Stage) -> None:
    assert (await threaded.types(ANA, "/incident ack", channel=LOBBY)).startswith("INC-1 is acknowledged.")
    assert "You lead." in await threaded.types(ANA, "/incident", channel=LOBBY)
    assert await threaded.types(ANA, "/incident severity sev1", channel=LOBBY) == "INC-1 is SEV1."


async def test_of_several_incidents_in_threads_one_has_to_be_named(threaded: Stage) -> None:
    declared = Declaration(title="Ranker is slow", service="ranker")
    await threaded.bot.service.declare(declared, by=BEN, team_id="")
    await threaded.rest()
    told = await threaded.types(ANA, "/incident severity sev1", channel=LOBBY)
    assert told.startswith("2 incidents live in threads here: INC-2 (")
    assert "Name the one that you mean: `/incident severity INC-2 sev1`." in told
    assert "`/incident INC-2`" in await threaded.types(ANA, "/incident", channel=LOBBY)
    assert await threaded.types(ANA, "/incident severity INC-2 sev1", channel=LOBBY) == "INC-2 is SEV1."


async def test_a_pushpin_in_the_thread_adds_to_the_incidents_timeline(threaded: Stage) -> None:
    (head,) = threaded.screen.shown_for("announcement")
    answer = await _says(threaded, "errors began with the 05:30 release", thread_ts=head.ts)
    elsewhere = await _says(threaded, "lunch?")
    for message in (answer, elsewhere):
        await threaded.server.people.react(BEN, message.channel, message.ts, "pushpin")
    await threaded.server.people.shortcut(ANA, "timeline.add", channel=answer.channel, ts=answer.ts)
    await threaded.rest()
    notes = await threaded.happened(ev.NoteAdded)
    assert [(note.text, note.author) for note in notes] == [("errors began with the 05:30 release", CHI)] * 2
    assert threaded.refused("restricted_action") == []


async def test_whoever_is_on_call_is_paged_in_the_thread(threaded: Stage) -> None:
    await threaded.press(ANA, "Page someone")
    (page,) = threaded.screen.shown_for("help:1")
    (head,) = threaded.screen.shown_for("announcement")
    assert page.thread_ts == head.ts
    assert page.text.startswith(f":sos: <@{ANA}> asks for help with INC-1")
