"""Everything that can be typed, and what is said to mistakes: always what to type instead."""

from __future__ import annotations

import pytest

from bot.incidents import events as ev
from tests.scenarios.stage import ANA, BEN, CHI, Stage, recorded


@pytest.fixture
async def opened(bare: Stage) -> Stage:
    await bare.sends(recorded("1_firing"))
    await bare.rest()
    return bare


async def test_new_declares_an_incident_from_anywhere(bare: Stage) -> None:
    await bare.types(CHI, "/incident new scores are all 0.5", channel="ml-incidents")
    assert "service" in await bare.fills(CHI, title="scores are all 0.5", service=" ")
    assert await bare.fills(CHI, title="scores are all 0.5", service="ranker", severity="SEV2") == {}
    assert "INC-1 is open" in bare.screen.whispered(CHI)[-1]
    channel = bare.screen.channel()
    assert channel.name == "inc-1-ranker-scores-are-all-0-5"
    assert CHI in channel.members
    card = bare.screen.card()
    assert card.startswith("# SEV2 · ranker · scores are all 0.5")
    assert f"<@{CHI}> says “scores are all 0.5”" in card
    assert (await bare.incident()).team_id == bare.server.workspace.team.id
    assert bare.refused() == []


async def test_who_leads_how_bad_it_is_and_what_was_found(opened: Stage) -> None:
    assert await opened.types(ANA, "/incident ack") == "INC-1 is acknowledged. You lead."
    assert await opened.types(ANA, f"/incident lead <@{BEN}|ben>") == f"<@{BEN}> leads."
    assert await opened.types(ANA, "/incident severity sev1 checkout is affected") == "INC-1 is SEV1."
    assert await opened.types(ANA, "/incident note the queue is long") == "It is in the timeline of INC-1."
    assert opened.screen.card().startswith("# SEV1 · fraud")
    assert f"Lead <@{BEN}>" in opened.screen.card()
    assert "SEV1" in opened.screen.channel().topic
    timeline = await opened.timeline()
    for line in ("checkout is affected", "the queue is long"):
        assert line in timeline
    assert "SEV1" in await opened.types(CHI, "/incident status")
    assert "INC-1" in await opened.types(CHI, "/incident list", channel="ml-incidents")
    assert opened.refused() == []


async def test_steps_are_shown_and_done(opened: Stage) -> None:
    shown = await opened.types(ANA, "/incident step")
    assert "released" in shown
    assert await opened.types(ANA, "/incident step released done v12, at five") == "Done: released done."
    assert await opened.types(ANA, "/incident step upstream skip nobody is awake") == "Done: upstream skip."
    assert await opened.types(ANA, "/incident step impact assign") == "Done: impact assign."
    assert await opened.types(ANA, "/incident step rollback outside by helm") == "Done: rollback outside."
    assert [event.answer for event in await opened.happened(ev.StepDone)] == ["v12, at five"]
    assert [event.reason for event in await opened.happened(ev.StepSkipped)] == ["nobody is awake"]
    assert len(await opened.happened(ev.WatchStarted)) == 1
    assert opened.refused() == []


async def test_stakeholders_are_told_and_it_is_over(opened: Stage) -> None:
    await opened.types(ANA, "/incident update we are looking at it")
    if opened.server.workspace.views.top(ANA):
        assert await opened.fills(ANA, text="we are looking at it") == {}
    assert "we are looking at it" in opened.screen.read(opened.screen.named("stakeholders"))
    assert await opened.types(ANA, "/incident resolve the release") == "INC-1 is resolved."
    assert "So far it has no whys" in await opened.types(ANA, "/incident postmortem")
    assert await opened.types(ANA, "/incident reopen it came back") == (
        "INC-1 is open again; everything is measured again."
    )
    assert opened.refused() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/incident sevrity sev1", "Did you mean `/incident severity sev1|sev2|sev3|sev4 [why]`?"),
        ("/incident severity", "Type `/incident severity sev1|sev2|sev3|sev4 [why]`."),
        ("/incident severity sev9", "“sev9” is not a severity: say sev1, sev2, sev3 or sev4."),
        ("/incident severity sev3", "It is SEV3 already."),
        ("/incident lead ben", "Type `/incident lead @somebody`"),
        ("/incident step nothing done", "There is no step “nothing” here. Steps: "),
        ("/incident step released jump", "Type `/incident step released` and one of `done`, `skip`"),
        ("/incident step released done", "This step asks for an answer."),
        ("/incident step released skip", "Type `/incident step released skip and why`."),
        ("/incident reopen it is bad", "INC-1 is open."),
        ("/incident status INC-99", "INC-99"),
        ("/incident xyzzy", "“xyzzy” is not a command. Type `/incident` and one of: new status"),
        ("/incident help", "`/incident severity sev1|sev2|sev3|sev4 [why]`"),
    ],
)
async def test_a_mistake_is_answered_with_what_to_type(line: str, answer: str, opened: Stage) -> None:
    before = await opened.log()
    assert answer in await opened.types(ANA, line)
    assert await opened.log() == before
    assert opened.refused() == []


async def test_outside_of_an_incident_the_command_says_where_to_type(opened: Stage) -> None:
    answer = await opened.types(ANA, "/incident severity sev1", channel="ml-incidents")
    assert answer == (
        "This is no incident's channel. Type the command in the incident's channel, or name the incident: "
        "`/incident severity INC-1 sev1`."
    )


async def test_a_button_of_another_time_is_answered_with_a_sentence(opened: Stage) -> None:
    message, block, element = opened.screen.button("I'm on it", user=ANA, number=1)
    await opened.server.people.slash(BEN, message.channel, "/incident resolve a test")
    await opened.heard()
    await opened.clicks(ANA, message, block["block_id"], element["action_id"])
    assert opened.screen.whispered(ANA)[-1].startswith(f"INC-1 was resolved by <@{BEN}> at 05:39 UTC.")
