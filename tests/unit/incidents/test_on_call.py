"""Names become people, and people come and go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.oncall import resolved, unknown
from bot.incidents.rota import Rota
from bot.incidents.timeline import timeline
from tests.unit.incidents.story import ADA, BEN, CY, Story
from tests.unit.incidents.test_paging import a_story

ML = "oncall:ml-oncall"
SCHEDULE = Rota(source="pagerduty", name="P1", connector="pagerduty")


@pytest.fixture(name="story")
def _story() -> Story:
    return a_story(people={}, rotas={ML: SCHEDULE}, escalation=("group:S1",), page="never")


def lookups(story: Story) -> set[str]:
    return {work.step for work in story.agenda().work if work.kind == "oncall"}


def test_names_that_somebody_else_knows_are_looked_up_at_the_opening(story: Story) -> None:
    assert lookups(story) == {ML, "group:S1"}
    story.report(ev.OnCallSeen(who=ML, people=(BEN,)))
    assert lookups(story) == {"group:S1"}
    assert resolved(story.incident, ML) == (BEN,)


def test_users_of_evenkeel_yaml_are_never_looked_up() -> None:
    assert lookups(a_story()) == set()


def test_a_role_is_the_leads_or_the_owners(story: Story) -> None:
    story.report(ev.OnCallSeen(who=ML, people=(BEN,)))
    assert resolved(story.incident, "role:lead") == ()
    story.ask(cmd.Acknowledge(), by=ADA)
    assert resolved(story.incident, "role:lead") == (ADA,)
    assert resolved(story.incident, "role:owner") == (BEN,)
    assert resolved(story.incident, "user:UDAN") == ("UDAN",)


def test_while_nobody_is_known_it_is_asked_again_rarer_every_time(story: Story) -> None:
    story.report(ev.OnCallSeen(who="group:S1", people=(CY,)))
    pauses = []
    for _ in range(7):
        story.report(ev.OnCallSeen(who=ML, because="pagerduty does not let us in (401)"))
        at, wake = story.now, story.agenda().wake_at
        assert wake is not None
        pauses.append((wake - at).total_seconds())
        story.now = wake
        assert lookups(story) == {ML}
    assert pauses == [30, 60, 120, 240, 480, 600, 600]
    assert unknown(story.incident, [ML, "group:S1"]) == {ML: "pagerduty does not let us in (401)"}


def test_an_answer_older_than_an_hour_is_asked_for_again_while_an_action_may_come(story: Story) -> None:
    story.report(ev.OnCallSeen(who=ML, people=(BEN,)), ev.OnCallSeen(who="group:S1", people=(CY,)))
    assert lookups(story) == set()
    story.later(hours=1)
    assert lookups(story) == {ML, "group:S1"}
    story.ask(cmd.Resolve())
    assert lookups(story) == set()


def test_a_failure_takes_nobody_away(story: Story) -> None:
    story.report(ev.OnCallSeen(who=ML, people=(BEN,)))
    story.later(hours=1)
    story.report(ev.OnCallSeen(who=ML, because="pagerduty did not answer within 10 s"))
    assert resolved(story.incident, ML) == (BEN,)
    assert unknown(story.incident, [ML]) == {}


def test_who_may_approve_is_told_as_long_as_it_is_asked_and_why_when_it_is_not_known(story: Story) -> None:
    story.investigated()
    choose = cmd.Choose(step="decide", attempt=1, option="rollback")
    assert story.refusal(choose) == "no_approver"
    story.report(ev.OnCallSeen(who=ML, people=(BEN,)))
    assert story.refusal(choose) == ""


def test_the_timeline_tells_who_is_on_call_when_that_changes(story: Story) -> None:
    for people in ((BEN,), (BEN,), (CY,)):
        story.report(ev.OnCallSeen(who=ML, people=people))
        story.now += timedelta(hours=1)
    told = [line.text for line in timeline(story.log) if line.kind == "OnCallSeen"]
    assert told == [f"on call for ml-oncall: <@{BEN}>", f"on call for ml-oncall: <@{CY}>"]
