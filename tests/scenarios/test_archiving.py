"""The channel of an incident that is over is archived when nobody wrote there for long, and not a moment before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incidents import events as ev
from bot.incidents.commands import Reopen, Resolve
from tests.scenarios.stage import ANA, BEN, Stage, recorded

CONFIG = "archive_after: 10d\n"
DAY = 86_400.0
OPENED_BY_ANYBODY = "1_firing"


@pytest.fixture
async def over(stages: Any, clock: Any) -> Stage:
    """INC-1 was resolved."""
    clock.advance(2 * 3600 + 34 * 60)
    stage: Stage = await stages(config=CONFIG)
    await stage.sends(recorded(OPENED_BY_ANYBODY))
    await stage.rest()
    await resolved(stage)
    return stage


async def resolved(stage: Stage) -> None:
    await stage.bot.service.handle(1, Resolve(summary="The old model serves again."), by=ANA)
    await stage.rest()


def archived(stage: Stage) -> list[str]:
    return [channel.name for channel in stage.screen.channels() if channel.is_archived]


async def told(stage: Stage, *, days: float = 9) -> str:
    """What the channel hears after so many days."""
    await stage.rest(days * DAY + 60)
    return stage.screen.surface("archiving:1")


async def test_a_day_before_it_goes_the_channel_is_told_and_how_to_keep_it(over: Stage) -> None:
    await over.rest(8.9 * DAY)
    assert over.screen.surfaces(over.screen.channel()).count("archiving:1") == 0
    line = await told(over, days=0.1)
    assert "This channel is archived" in line
    assert "INC-1 is over, and nobody wrote here for a while. Write something here to keep it." in line
    assert "Everything stays on <its page>" in line
    assert archived(over) == []
    await over.rest(DAY)
    assert archived(over) == [over.screen.channel().name]
    assert "the channel was archived" in await over.timeline()
    assert not over.refused()


async def test_nothing_is_archived_unless_the_configuration_says_so(stages: Any, clock: Any) -> None:
    stage: Stage = await stages(config="installation: keel\n")
    await stage.sends(recorded(OPENED_BY_ANYBODY))
    await stage.rest()
    await resolved(stage)
    await stage.rest(400 * DAY)
    assert archived(stage) == []


async def test_who_writes_there_before_keeps_it_for_as_long_again(over: Stage) -> None:
    await over.rest(5 * DAY)
    await over.posts(BEN, "the labels of Monday are in")
    await over.rest(5.5 * DAY)
    assert archived(over) == []
    assert not await over.happened(ev.ArchiveAnnounced)
    await over.rest(15 * DAY)
    assert archived(over) != []


async def test_who_writes_after_the_warning_keeps_it_and_the_warning_says_so(over: Stage) -> None:
    await told(over)
    await over.posts(BEN, "please keep this")
    await over.rest(DAY)
    assert archived(over) == []
    assert over.screen.surface("archiving:1") == "Somebody wrote here, so this channel stays."
    await over.rest(11 * DAY)
    assert archived(over) != []


async def test_an_answer_in_a_thread_keeps_it(over: Stage) -> None:
    await told(over)
    card = over.screen.shown_for("first")[0]
    over.server.workspace.messages.post(
        channel=over.screen.channel().id, user=BEN, text="still looking", thread_ts=card.ts
    )
    await over.rest(DAY)
    assert archived(over) == []


async def test_a_legal_hold_keeps_it_also_after_the_warning(over: Stage) -> None:
    await told(over)
    await over.types(ANA, "/incident hold on case 7")
    await over.rest(30 * DAY)
    assert archived(over) == []
    assert over.screen.surface("archiving:1") == "INC-1 is under a legal hold, so this channel stays."


async def test_an_incident_that_is_reopened_before_keeps_its_channel(over: Stage) -> None:
    await told(over)
    await over.bot.service.handle(1, Reopen(reason="it is back"), by=BEN)
    await over.rest(30 * DAY)
    assert archived(over) == []
    assert "INC-1 was reopened, so this channel stays." in over.screen.surface("archiving:1")
    assert (await over.incident()).channel == over.screen.channel().id


async def test_reopened_after_that_it_goes_on_in_a_new_channel(over: Stage) -> None:
    await told(over)
    await over.rest(DAY)
    before = over.screen.channel()
    assert before.is_archived
    assert "channel was archived in Slack" not in await over.timeline(), "that is said once"
    await over.bot.service.handle(1, Reopen(reason="it is back"), by=BEN)
    await over.rest()
    head = await over.incident()
    now = over.server.workspace.channels.get(head.channel)
    assert (now.name, now.is_archived) == (f"{before.name}-2", False)
    assert "first@2" in over.screen.surfaces(now)
    assert {ANA, BEN} <= set(now.members), "whoever worked on it, too"
    assert f"<#{now.id}>" in over.screen.surface("announcement")
    assert not over.refused("name_taken")
    await over.types(ANA, "/incident note here again", channel=now.name)
    assert "here again" in await over.timeline()
    await resolved(over)
    await over.rest(11 * DAY)
    assert sorted(archived(over)) == sorted([before.name, now.name])


async def test_where_the_bot_may_not_read_the_channel_stays(over: Stage) -> None:
    over.server.access.scopes = over.server.access.scopes - {"channels:history"}
    await over.rest(120 * DAY)
    assert archived(over) == []
    assert len(await over.happened(ev.ArchivePutOff)) == 1, "that is said once"
    assert "Slack did not let me look whether anybody writes there (missing_scope)" in await over.timeline()


async def test_what_slack_will_not_archive_stays_and_is_not_left_when_reopened(over: Stage) -> None:
    over.server.faults.error("conversations.archive", "restricted_action", times=None)
    await told(over)
    await over.rest(DAY)
    assert archived(over) == []
    assert "Slack refused conversations.archive" in await over.timeline()
    channel = (await over.incident()).channel
    await over.bot.service.handle(1, Reopen(reason="it is back"), by=BEN)
    await over.rest()
    assert (await over.incident()).channel == channel
    assert "first@2" not in over.screen.surfaces(over.screen.channel())


async def test_what_happens_to_an_archived_incident_asks_nothing_of_its_channel(over: Stage) -> None:
    await told(over)
    await over.rest(DAY)
    await over.types(ANA, "/incident note INC-1 the postmortem is read", channel="ml-incidents")
    await over.rest(DAY)
    assert not over.refused()


@pytest.mark.parametrize("how", ["archive", "delete"])
async def test_one_whose_channel_somebody_took_away_goes_on_in_a_new_one_when_reopened(over: Stage, how: str) -> None:
    channels = over.server.workspace.channels
    before = over.screen.channel()
    getattr(channels, how)(before.id, user=BEN)
    await over.rest()
    assert f"channel was {how}d in Slack" in await over.timeline()
    assert "Its channel is archived" not in over.screen.surface("announcement")
    assert "It has no channel" in over.screen.surface("announcement")
    await over.bot.service.handle(1, Reopen(reason="it is back"), by=BEN)
    await over.rest()
    now = channels.get((await over.incident()).channel)
    assert now.id != before.id
    assert "first@2" in over.screen.surfaces(now)
    assert not over.refused("name_taken")
    await over.rest(30 * DAY)
    assert not channels.get(now.id).is_archived, "it is open"


async def test_an_answer_that_is_lost_archives_once(over: Stage) -> None:
    over.server.faults.lose_answer("conversations.archive")
    await told(over)
    await over.rest(DAY)
    assert archived(over) == [over.screen.channel().name]
    assert [call.error for call in over.server.journal.calls("conversations.archive")] == ["", "already_archived"]
    assert not await over.happened(ev.SlackRefused)


async def test_a_hold_while_slack_does_not_answer_keeps_the_channel(over: Stage) -> None:
    over.server.faults.error("conversations.archive", "internal_error", times=None)
    await told(over)
    await over.rest(DAY)
    assert await over.happened(ev.ChannelArchived)
    await over.types(ANA, "/incident hold INC-1 on case 7", channel="ml-incidents")
    assert (await over.incident()).held
    over.server.faults.clear()
    await over.rest(DAY)
    assert archived(over) == []


@pytest.mark.parametrize(("used", "gone"), [(True, False), (False, True)])
async def test_a_private_channel_goes_only_if_nobody_uses_it(stages: Any, used: bool, gone: bool) -> None:
    stage: Stage = await stages(config=CONFIG)
    safety = {"alertname": "ToxicAnswers", "service": "assistant", "severity": "critical"}
    alert = {"status": "firing", "startsAt": "2026-11-21T03:00:00Z", "labels": safety}
    await stage.sends({"alerts": [alert]})
    await stage.rest()
    assert stage.screen.channel().is_private
    await stage.types(ANA, "/incident lead INC-1", channel="ml-incidents")
    await resolved(stage)
    for _ in range(4):
        await stage.rest(4 * DAY)
        if used:
            await stage.posts(ANA, "one more of them")
    assert (archived(stage) != []) is gone
