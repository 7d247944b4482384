"""Another tool does not move an incident that somebody leads: it is asked, in its channel and where it is walked."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Channel
from tests.scenarios.beside import BESIDE, creates, says
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage


@pytest.fixture
async def stage(stages: Stages) -> Stage:
    found: Stage = await stages(config=BESIDE)
    return found


async def led(stage: Stage) -> Channel:
    """An incident in its own channel, led by Ana."""
    await stage.breaks()
    await stage.press(ANA, "I'm on it")
    own: Channel = stage.screen.channel()
    return own


async def test_an_incident_that_somebody_leads_stays_and_the_question_stands_in_the_other_channel(
    stage: Stage,
) -> None:
    own = await led(stage)
    theirs = creates(stage)
    for _ in range(2):
        assert await says(stage, theirs, "started", at="2026-11-21T03:30:00Z") == {
            "incident": "INC-1",
            "how": "asked",
        }
    assert (await stage.incident()).channel == own.id
    asked = stage.screen.surface(f"asked:{theirs.id}")
    assert f"is walked in <#{own.id}>, led by <@{ANA}>. It stays there unless" in asked
    assert f"<@{ANA}>: <#{theirs.id}> of Rootly is about INC-1, too." in stage.screen.surface(f"heard:{theirs.id}")
    assert stage.screen.shown_for(f"heard:{theirs.id}")[0].channel == own.id
    await stage.press(BEN, "Go on here")
    await stage.rest()
    assert ((await stage.incident()).place, (await stage.incident()).channel) == ("guest", theirs.id)
    assert "goes on here, in one thread." in stage.screen.surface(f"asked:{theirs.id}")
    assert stage.refused() == []


async def test_who_leaves_it_there_is_named_and_nobody_asks_again(stage: Stage) -> None:
    own = await led(stage)
    theirs = creates(stage)
    await says(stage, theirs, "started")
    await stage.press(ANA, "Leave it there")
    await stage.later(60)
    assert (await says(stage, theirs, "started"))["how"] == "asked"
    assert f"stays in <#{own.id}>, says <@{ANA}>." in stage.screen.surface(f"asked:{theirs.id}")
    assert f"It stays here, says <@{ANA}>." in stage.screen.surface(f"heard:{theirs.id}")
    assert len(await stage.happened(ev.MoveAsked)) == 1


async def test_when_theirs_is_over_before_anybody_answers_nobody_is_asked_any_more(stage: Stage) -> None:
    own = await led(stage)
    theirs = creates(stage)
    await says(stage, theirs, "started")
    await stage.later(60)
    assert (await says(stage, theirs, "resolved"))["incident"] == "INC-1"
    for place in ("asked", "heard"):
        assert "for Rootly says that its own is over." in stage.screen.surface(f"{place}:{theirs.id}")
    assert not {"Go on here", "Go on there"} & set(stage.screen.buttons())
    assert ((await stage.incident()).status, (await stage.incident()).channel) == ("open", own.id)


async def test_when_it_ends_where_it_stayed_nothing_new_is_opened_in_the_channel_that_was_asked(stage: Stage) -> None:
    own = await led(stage)
    theirs = creates(stage)
    await says(stage, theirs, "started")
    await stage.types(ANA, "/incident resolve traffic is back", channel=own.name)
    await stage.later(60)
    assert await says(stage, theirs, "started") == {"incident": "INC-1", "how": "asked"}
    assert "it is over." in stage.screen.surface(f"asked:{theirs.id}")
    assert "Go on here" not in stage.screen.buttons()


async def test_whose_channel_it_is_that_was_known_by_its_name_alone_is_learned_when_the_tool_speaks(
    stage: Stage,
) -> None:
    theirs = creates(stage, "inc-742-fraud-scorer-recall")
    await stage.rest()
    assert (await stage.incident()).tool == ""
    await says(stage, theirs, "resolved")
    said = stage.screen.surface(f"theirs:{theirs.id}:1")
    assert said.startswith(":white_check_mark: Rootly says that its incident is resolved since")


async def test_a_channels_name_moves_nobody_either(stage: Stage) -> None:
    own = await led(stage)
    theirs = creates(stage, "inc-742-fraud-scorer-recall")
    await stage.rest()
    assert (await stage.incident()).channel == own.id
    assert "Go on here" in stage.screen.buttons()
    assert stage.screen.surfaces(stage.screen.named(theirs.name)) != []


async def test_where_it_may_not_ask_whoever_leads_hears_what_to_type(stage: Stage) -> None:
    await led(stage)
    theirs = creates(stage, private=True)
    await says(stage, theirs, "started", private=True)
    heard = stage.screen.surface(f"heard:{theirs.id}")
    assert "Slack does not let me post there." in heard
    assert "invite me and type `/incident attach INC-1` there" in heard


async def test_what_becomes_private_meanwhile_is_not_read_in_the_other_channel(stage: Stage) -> None:
    own = await led(stage)
    theirs = creates(stage)
    await says(stage, theirs, "started")
    await stage.types(ANA, "/incident private", channel=own.name)
    await stage.rest(60)
    assert "fraud-scorer" not in stage.screen.read(stage.screen.named(theirs.name))
    assert (await stage.incident()).place == "channel"
