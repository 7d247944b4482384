"""What people did in the sandbox is saved as a file, and the file passes."""

from __future__ import annotations

import pytest

from bot.sandbox.story import RecordedPeople
from bot.sandbox.workspace.values import SlackSays
from tests.integration.sandbox_story.conftest import Plays, noted, text_of
from tests.scenarios.stage import ANA, BEN, CHI, DEE, Stage


async def test_the_spine_from_the_alert_to_the_postmortem(sqlite_url: str, plays: Plays) -> None:
    async with noted(sqlite_url, "fraud-recall-drop") as stage:
        await _the_rollback(stage)
        await stage.later(130)
        await stage.press(ANA, "incident.update")
        await stage.later(4)
        assert await stage.fills(ANA) == {}
        await stage.later(2.5)
        await stage.press(ANA, "incident.resolve")
        await stage.later(9)
        assert await stage.fills(ANA, summary="Recall fell with the release; rolled back.") == {}
        await stage.later(20)
        await stage.press(CHI, "postmortem.why")
        await stage.later(5)
        assert await stage.fills(CHI, text="It was not compared", role="trigger") == {}
        await stage.later(12)
        text = await text_of(stage)
    assert 'await stage.press(ANA, "Request rollback to v41")' in text
    assert 'assert await stage.did(BEN) == ["Approved"]' in text
    assert (
        'assert "You asked for it, so somebody else has to approve it." in await stage.press(ANA, "Approve")' in text
    )
    assert 'assert incident.status == "resolved"' in text
    assert 'assert stage.serves("fraud-model") == "41"' in text
    await plays(text)


async def _the_rollback(stage: Stage) -> None:
    await stage.later(14.3)
    await stage.press(ANA, "I'm on it")
    await stage.later(6)
    await stage.press(CHI, "Done")
    await stage.later(8.2)
    await stage.press(ANA, "Request rollback to v41")
    await stage.later(3.1)
    assert await stage.press(ANA, "Approve") != ""
    await stage.later(5)
    await stage.press(BEN, "Approve")


async def test_silly_things_are_played_as_they_were_done(sqlite_url: str, plays: Plays) -> None:
    async with noted(sqlite_url, "fraud-recall-drop") as stage:
        await stage.later(9)
        await _twice(stage)
        await _wrong_forms(stage)
        await _talk(stage)
        await _too_late(stage)
        await stage.later(30)
        text = await text_of(stage)
    assert text.count('await stage.press(ANA, "I\'m on it", hurry=True)') == 2
    assert 'assert stage.refused("user_not_in_channel") == []' in text
    assert "of_length(" in text
    assert 'await stage.sets_topic(DEE, "Payouts are late", channel="stakeholders")' in text
    assert '{"reason"}' in text
    assert "# Not played, because the workspace refused it (no_such_element)" in text
    await plays(text)


async def _twice(stage: Stage) -> None:
    """Two people press the same button before it is drawn anew; one of them presses it twice."""
    message, block, element = stage.screen.button("I'm on it", user=ANA, number=1)
    for user in (ANA, ANA, BEN):
        await stage.clicks(user, message, block["block_id"], element["action_id"])
        stage.clock.advance(0.3)
    await stage.later(7)


async def _wrong_forms(stage: Stage) -> None:
    await stage.press(ANA, "Request rollback to v41")
    await stage.later(5)
    await stage.press(CHI, "Approve")
    await stage.later(2)
    await stage.press(BEN, "Decline")
    await stage.later(3)
    await stage.closes(BEN)
    await stage.later(1.5)
    await stage.press(BEN, "Decline")
    await stage.later(4)
    assert set(await stage.fills(BEN, reason="   ")) == {"reason"}
    await stage.later(4)
    assert await stage.fills(BEN, reason='v41 cannot "read"\nthe new features: it\'s older') == {}
    await stage.later(4)


async def _talk(stage: Stage) -> None:
    await stage.posts(DEE, "Is this about the \\ payouts? شكرا \u202e")
    await stage.later(8)
    await stage.posts(ANA, "We are looking at it, see the thread", thread="first")
    await stage.posts(CHI, "x" * 40_000, channel="ml-incidents")
    await stage.later(2)
    await stage.reacts(BEN, "pushpin", to="Is this about")
    await stage.edits(DEE, "Is this about", "Never mind. " * 30)
    await stage.unreacts(BEN, "pushpin", to="Never mind")
    await stage.uploads(CHI, "recall.png", b"\x89PNG", text="the curve", channel="stakeholders")
    await stage.deletes(CHI, "the curve")
    await stage.sets_topic(DEE, "Payouts are late", channel="stakeholders")
    await stage.later(11)
    await stage.types(DEE, "/incident sevrity sev1")
    await stage.types(ANA, "/incident new a second one", channel="ml-incidents")
    await stage.later(6)
    assert await stage.fills(ANA, title="A second one", service="fraud-scorer", severity="SEV3") == {}
    await stage.later(9)
    await stage.opens_home(CHI)
    await stage.types(CHI, "/incident note 日本語のメモ " + "長い" * 60)


async def _too_late(stage: Stage) -> None:
    """A page that is older than what it shows."""
    message, _, _ = stage.screen.button("Request rollback to v41 again", user=ANA, number=1)
    with pytest.raises(SlackSays):
        await stage.server.people.press(ANA, message.channel, message.ts, "no.such.button")


async def test_a_day_goes_by_and_nobody_does_anything(sqlite_url: str, plays: Plays) -> None:
    async with noted(sqlite_url, "fraud-recall-drop") as stage:
        await stage.later(24 * 3600)
        text = await text_of(stage)
    assert "# Nobody did anything: the bot stayed alone with the incident." in text
    assert "await stage.later(86400)" in text
    assert 'assert incident.lead == ""' in text
    await plays(text)


@pytest.mark.parametrize(
    ("scenario", "switch"), [("feature-feed-break", 0), ("upstream-latency", 0)]
)  # fmt: skip
async def test_other_decisions_are_played_too(scenario: str, switch: int, sqlite_url: str, plays: Plays) -> None:
    async with noted(sqlite_url, scenario) as stage:
        await stage.later(20)
        await stage.press(ANA, "I'm on it")
        await stage.later(15)
        flag = stage.world.switches()[switch]
        await _sets(stage, flag.name, flag.options[-1])
        await stage.later(240)
        await stage.types(ANA, "/incident note the fallback answers")
        await stage.later(300)
        text = await text_of(stage)

    assert f'await stage.sets("{flag.name}", "{flag.options[-1]}")' in text
    await plays(text)


async def _sets(stage: Stage, name: str, value: str) -> None:
    people = stage.server.people
    assert isinstance(people, RecordedPeople)
    people.switched(ANA, name, value)
    await stage.sets(name, value)
