"""Channels that cannot be made, are somebody else's, or go away."""

from __future__ import annotations

from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage, recorded


async def test_where_channels_may_not_be_created_the_incident_lives_in_a_thread(stage: Stage) -> None:
    stage.server.access.channels_may_be_created = False
    await stage.breaks()
    assert stage.screen.channels() == []
    lobby = stage.screen.named("ml-incidents")
    head, *replies = stage.screen.messages(lobby)
    assert stage.screen.surfaces(lobby)[:2] == ["announcement", "first"]
    assert {reply.thread_ts for reply in replies} == {head.ts}
    await stage.press(ANA, "I'm on it")
    await stage.press(ANA, "Request rollback to v41")
    await stage.press(BEN, "Approve")
    await stage.rest(120)
    assert stage.world.flag("production").value == "41"
    assert "Details in the thread" in stage.screen.surface("announcement")
    assert {message.thread_ts for message in stage.screen.messages(lobby)[1:]} == {head.ts}
    assert len(await stage.happened(ev.ChannelRefused)) == 1
    assert [call.method for call in stage.refused()] == ["conversations.create"]


async def test_a_name_that_a_persons_channel_has_gets_a_number(bare: Stage) -> None:
    theirs = bare.server.workspace.channels.create("inc-1-fraud-model-error-rate", creator=ANA)
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    (ours,) = bare.screen.channels()
    assert ours.name == "inc-1-fraud-model-error-rate-2"
    assert bare.screen.messages(theirs) == []
    assert f"<#{ours.id}>" in bare.screen.surface("announcement")
    assert {call.error for call in bare.refused()} == {"name_taken"}


async def test_a_deleted_channel_is_told_in_the_timeline_and_the_incident_goes_on(bare: Stage) -> None:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    channel = bare.screen.channel()
    await bare.press(ANA, "I'm on it")
    bare.server.workspace.channels.delete(channel.id, user=BEN)
    await bare.rest()
    assert "The incident's channel was deleted in Slack." in await bare.timeline()
    answer = await bare.types(ANA, "/incident severity INC-1 sev1", channel="ml-incidents")
    assert answer == "INC-1 is SEV1."
    await bare.rest(3600)  # the reminders of what is overdue are refused too, once each
    assert "SEV1" in bare.screen.surface("announcement")
    refused = [entry.event for entry in await bare.log() if isinstance(entry.event, ev.SlackRefused)]
    assert len({event.surface for event in refused}) == len(refused), "each refusal stands in the log once"
    calls = len(bare.server.journal.calls())
    await bare.rest(3600)
    assert len(bare.server.journal.calls()) == calls, "what Slack refused for good is not tried again"
    assert bare.screen.channels() == []


async def test_an_archived_channel_is_told_in_the_timeline_and_nothing_is_tried_for_ever(bare: Stage) -> None:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    channel = bare.screen.channel()
    bare.server.workspace.channels.archive(channel.id, user=BEN)
    await bare.rest()
    assert "The incident's channel was archived in Slack." in await bare.timeline()
    await bare.types(ANA, "/incident note INC-1 we talk elsewhere", channel="ml-incidents")
    await bare.types(ANA, "/incident lead INC-1", channel="ml-incidents")
    await bare.rest(3600)  # the reminders of what is overdue are refused too, once each
    assert f"lead <@{ANA}>" in bare.screen.surface("announcement")
    assert {call.error for call in bare.refused()} <= {"is_archived"}
    calls = len(bare.server.journal.calls())
    await bare.rest(3600)
    assert len(bare.server.journal.calls()) == calls


async def test_no_incidents_channel_is_a_refusal_in_the_timeline_and_the_channel_is_there(stages: Stages) -> None:
    stage: Stage = await stages(config='incidents_channel: "#nowhere"\n')
    await stage.sends(recorded("1_firing"))
    await stage.rest(60)
    assert stage.screen.surfaces(stage.screen.channel())[0] == "first"
    refused = await stage.happened(ev.SlackRefused)
    assert [(event.surface, event.code) for event in refused] == [("announcement", "channel_not_found")]
    assert "announcement" in await stage.timeline()
