"""People notice something: what they report is counted, grouped like alerts, and remembered."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incidents import events as ev
from tests.scenarios.conftest import Stages
from tests.scenarios.stage import ANA, BEN, CHI, DEE, Stage
from tests.scenarios.test_private import alert

CONFIG = """
responders: [U0BEN]
services:
  chat: {owner: ml-oncall}
"""


@pytest.fixture
async def quiet(stages: Stages) -> Stage:
    found: Stage = await stages(config=CONFIG, everything_opens=False)
    return found


async def says(stage: Stage, user: str, words: str) -> str:
    return await stage.types(user, f"/incident report {words}", channel="ml-incidents")


async def test_a_report_is_announced_with_a_button_and_thanked_for(quiet: Stage) -> None:
    answer = await says(quiet, ANA, "chat the answers repeat themselves")
    assert "Thank you. It is counted as the first report of *INC-1*" in answer
    assert quiet.screen.channels() == []
    assert (await quiet.incident()).status == "triage"
    assert "repeat themselves" in quiet.screen.surface("announcement")
    assert "INC-1: first reported by users · 1 report since" in quiet.screen.surface("announcement")


async def test_reports_of_one_service_are_counted_together_whatever_they_say(quiet: Stage) -> None:
    await says(quiet, ANA, "chat the answers repeat themselves")
    await says(quiet, CHI, "chat crash it closes when I ask")
    answer = await says(quiet, DEE, "chat beta it is slow")
    assert "report 3 of *INC-1*" in answer
    incident = await quiet.incident()
    assert (incident.alerts, incident.reports, incident.reported_first) == (3, 3, True)
    assert len(await quiet.bot.service.listing()) == 1


async def test_the_card_the_postmortem_and_the_api_say_that_users_were_first(quiet: Stage) -> None:
    await says(quiet, ANA, "chat sev2 the answers repeat themselves")
    await says(quiet, CHI, "chat they do")
    assert "First reported by users · 2 reports" in quiet.screen.card()
    assert "2 alerts" not in quiet.screen.card()
    timeline = await quiet.timeline()
    assert timeline.count("1 report by users") == 2
    document = (await quiet.gets("/incidents/INC-1/postmortem.md")).text
    assert "first reported by users (2 reports), before any alert" in document
    (row,) = (await quiet.gets("/api/v1/incidents")).json()
    assert (row["reports"], row["first_reported_by_users"]) == (2, True)


async def test_a_report_after_an_alert_joins_it_and_is_not_the_first(quiet: Stage) -> None:
    await quiet.sends(alert("RecallDown"))
    await quiet.rest()
    answer = await says(quiet, ANA, "chat the answers are wrong")
    assert "counted as the first report of *INC-1*" in answer
    incident = await quiet.incident()
    assert (incident.reports, incident.reported_first) == (1, False)
    assert "1 report by users" in quiet.screen.card()
    assert "First reported" not in quiet.screen.card()


async def test_alerts_that_are_over_are_over_although_people_reported_too(quiet: Stage) -> None:
    await quiet.sends(alert("RecallDown"))
    await quiet.rest()
    await says(quiet, ANA, "chat the answers are wrong")
    over = alert("RecallDown")
    over["alerts"][0] |= {"status": "resolved", "endsAt": "2026-11-21T03:20:00Z"}
    await quiet.sends(over)
    await quiet.rest()
    assert (await quiet.happened(ev.AlertsResolved))[-1].firing == 0
    assert not (await quiet.incident()).firing


async def test_a_report_about_harm_opens_privately_and_tells_its_reporter_nothing_more(quiet: Stage) -> None:
    await says(quiet, BEN, "chat it gives harmful answers")
    assert quiet.screen.channel().is_private
    answer = await says(quiet, DEE, "chat it still does")
    assert answer == "Thank you. Those who look after it have your report."
    assert "harmful" not in quiet.screen.surface("announcement")


async def test_without_a_service_a_dialog_asks(quiet: Stage) -> None:
    await says(quiet, ANA, "the answers repeat themselves")
    errors = await quiet.fills(ANA, service="chat", text="the answers repeat themselves")
    assert errors == {}
    assert "It is counted as the first report of *INC-1*" in quiet.screen.whispered(ANA)[-1]


async def test_whoever_does_not_find_their_service_reports_all_the_same_and_what_to_add_is_said(quiet: Stage) -> None:
    await says(quiet, ANA, "photo-tagger it closes when I upload")
    assert await quiet.fills(ANA, service="unknown", text="photo-tagger: it closes when I upload") == {}
    assert "the first report of *INC-1*" in quiet.screen.whispered(ANA)[-1]
    await quiet.press(ANA, "Open")
    await quiet.rest()
    missing = quiet.screen.surface("gaps")
    assert "Nobody said which service this is about" in missing
    assert "services.unknown" not in missing


async def test_the_shortcut_opens_the_same_dialog(quiet: Stage) -> None:
    await quiet.shortcut(ANA, "incident.report")
    await quiet.fills(ANA, service="chat", text="it crashed", kind="crash")
    (event,) = await quiet.happened(ev.AlertsAttached)
    assert (event.reports, event.names) == (1, ("Crash reported by users",))


async def test_a_form_that_posts_an_alert_is_counted_as_a_report(quiet: Stage) -> None:
    payload: dict[str, Any] = alert("Complaint", reported_by="users")
    await quiet.sends(payload)
    await quiet.rest()
    assert (await quiet.incident()).reported_first


async def test_who_wrote_and_what_was_asked_stays_outside(quiet: Stage) -> None:
    await says(quiet, ANA, 'chat sev2 ana@example.com got nonsense for prompt: "am I ill?"')
    words = quiet.screen.card() + quiet.screen.surface("announcement") + await quiet.timeline()
    assert "example.com" not in words
    assert "ill?" not in words
    assert "(e-mail address withheld) got nonsense for prompt (withheld)" in words
