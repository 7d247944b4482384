"""What another tool says of its incident: a line, a question and a button in the thread; never an end by itself."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incidents import events as ev
from bot.sandbox.workspace.values import Channel
from tests.scenarios.beside import BESIDE, WAR_ROOM, creates, says
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, Stage


@pytest.fixture
async def stage(stages: Stages) -> Stage:
    found: Stage = await stages(config=BESIDE)
    return found


async def attached(stage: Stage) -> Channel:
    theirs = creates(stage)
    assert (await says(stage, theirs, "started"))["how"] == "opened"
    return theirs


def turn(stage: Stage, theirs: Channel, number: int = 1) -> str:
    """The message about what the tool said."""
    return stage.screen.surface(f"theirs:{theirs.id}:{number}")


async def test_when_theirs_is_resolved_the_thread_asks_and_a_press_ends_ours(stage: Stage) -> None:
    theirs = await attached(stage)
    await stage.press(ANA, "I'm on it")
    assert await says(stage, theirs, "resolved") == {"incident": "INC-1", "how": "already"}
    (asked,) = stage.screen.shown_for(f"theirs:{theirs.id}:1")
    (card,) = stage.screen.shown_for("first")
    assert (asked.channel, asked.thread_ts) == (theirs.id, card.ts)
    assert f"<@{ANA}>: *is it over here, too?* I do not end it by myself." in turn(stage, theirs)
    assert "Rootly says" in stage.screen.card()
    assert "says that its incident is resolved; whether this one is, a person says" in await stage.timeline()
    await stage.rest(3600)
    assert (await stage.incident()).status == "open"
    await stage.types(ANA, "/incident resolve traffic is back", channel=WAR_ROOM)
    await stage.rest()
    assert "is it over here" not in turn(stage, theirs)


async def test_who_keeps_ours_open_is_named_and_not_asked_again(stage: Stage) -> None:
    theirs = await attached(stage)
    await says(stage, theirs, "resolved")
    await stage.press(BEN, "Keep it open")
    await stage.rest()
    assert f"<@{BEN}> keeps this one open." in turn(stage, theirs)
    await says(stage, theirs, "closed", at="2030-01-01T00:00:00Z")
    assert stage.screen.shown_for(f"theirs:{theirs.id}:2") == []


async def test_when_theirs_goes_on_again_the_thread_asks_whether_ours_does(stage: Stage) -> None:
    theirs = await attached(stage)
    await says(stage, theirs, "resolved")
    await stage.types(ANA, "/incident resolve traffic is back", channel=WAR_ROOM)
    await stage.later(60)
    await says(stage, theirs, "started")
    assert (await stage.incident()).status == "resolved"
    assert "*Is it the same here?* INC-1 is over." in turn(stage, theirs, 2)
    await stage.press(ANA, "Reopen")
    incident = await stage.incident()
    assert (incident.status, incident.reopened_because) == ("open", "Rootly says that its incident goes on again")


async def test_what_a_person_attached_hears_all_of_it_whatever_theirs_is_called(stage: Stage) -> None:
    theirs = creates(stage)
    await stage.breaks()
    await stage.types(ANA, "/incident attach INC-1", channel=WAR_ROOM)
    nameless: dict[str, Any] = {"title": "Login is slow", "services": []}
    await says(stage, theirs, "resolved", **nameless)
    await stage.later(60)
    assert (await says(stage, theirs, "started", severity={"name": "SEV1"}, **nameless))["how"] == "already"
    assert "says that its incident goes on again" in await stage.timeline()
    assert (await stage.incident()).severity == "SEV1"


async def test_repeated_and_late_deliveries_change_nothing(stage: Stage) -> None:
    theirs = await attached(stage)
    before = stage.clock.now().isoformat()
    await stage.later(60)
    after = stage.clock.now().isoformat()
    for _ in range(3):
        await says(stage, theirs, "resolved", at=after)
    assert len(await stage.happened(ev.ToldByTool)) == 1
    await says(stage, theirs, "started", at=before)
    assert stage.screen.shown_for(f"theirs:{theirs.id}:2") == []
    assert "*Is it over here, too?*" in turn(stage, theirs)


async def test_an_invitation_that_comes_after_the_end_it_is_older_than_opens_nothing(stage: Stage) -> None:
    theirs = creates(stage)
    early = stage.clock.now().isoformat()
    await stage.later(60)
    assert (await says(stage, theirs, "resolved"))["because"] == "the incident is over there"
    assert (await says(stage, theirs, "started", at=early))["because"] == "the incident is over there"
    assert await stage.bot.service.listing() == []
    await stage.later(60)
    assert (await says(stage, theirs, "started"))["how"] == "opened"


async def test_an_end_that_a_clock_ahead_of_ours_tells_closes_the_channel_for_no_later_incident(stage: Stage) -> None:
    theirs = creates(stage)
    await says(stage, theirs, "resolved", at="2030-01-01T00:00:00Z")
    await stage.later(60)
    assert (await says(stage, theirs, "started"))["how"] == "opened"


async def test_what_a_private_incident_of_theirs_is_called_is_said_by_nobody_here(stage: Stage) -> None:
    theirs = creates(stage, private=True)
    await says(stage, theirs, "started", title="fraud-scorer refused Zoe Miller", private=True)
    assert "Slack did not let me post" in stage.screen.surface("announcement")
    assert (await stage.incident()).title == "incident of Rootly"
    assert "Zoe" not in stage.screen.surface("announcement")


async def test_theirs_made_worse_makes_ours_worse_and_a_person_may_lower_it(stage: Stage) -> None:
    theirs = creates(stage)
    for severity in ("SEV3", "SEV1"):
        await says(stage, theirs, "started", severity={"name": severity})
        assert (await stage.incident()).severity == severity
        await stage.later(60)
    assert "set the severity to SEV1: as severe as the incident of Rootly" in await stage.timeline()
    await stage.types(ANA, "/incident severity sev4", channel=WAR_ROOM)
    await says(stage, theirs, "started", severity={"name": "SEV1"})
    assert (await stage.incident()).severity == "SEV4"


async def test_safety_is_asked_too_and_never_ended(stage: Stage) -> None:
    theirs = creates(stage, private=True)
    stage.server.workspace.channels.join(theirs.id, user=stage.server.workspace.app.bot_user)
    await says(stage, theirs, "started", title="Toxic answers of fraud-scorer", private=True)
    await says(stage, theirs, "cancelled")
    assert "If it was a false alarm: `/incident cancel` and why." in turn(stage, theirs)
    await stage.rest(24 * 3600)
    assert ((await stage.incident()).failure_mode, (await stage.incident()).status) == ("safety", "open")


async def test_pagerduty_names_no_channel_and_is_known_by_its_incidents_address(stage: Stage) -> None:
    theirs = creates(stage)
    url = "https://acme.pagerduty.com/incidents/PGR0VU2"
    body = {"channel": theirs.id, "service": "fraud-scorer", "tool": "PagerDuty", "url": f"{url}/?from=slack"}
    assert (await stage.sends(body, to="/incidents/attach")).json()["how"] == "opened"
    event = {
        "id": "01", "event_type": "incident.resolved", "occurred_at": stage.clock.now().isoformat(),
        "data": {"type": "incident", "status": "resolved", "html_url": url},
    }  # fmt: skip
    other = {**event, "id": "02", "data": {**event["data"], "html_url": f"{url}9"}}  # type: ignore[dict-item]
    assert (await stage.sends({"event": event}, to="/incidents/attach/pagerduty")).json()["incident"] == "INC-1"
    assert (await stage.sends({"event": other}, to="/incidents/attach/pagerduty")).json()["incident"] is None
    await stage.rest()
    assert "PagerDuty says" in turn(stage, theirs)
