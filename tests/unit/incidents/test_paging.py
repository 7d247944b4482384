"""Who is called, when, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.events.paging import IN_SLACK
from bot.incidents.paged import PageState
from bot.incidents.rota import Rota
from tests.unit.incidents.story import ADA, BEN, CY, START, Story, a_runbook

LEADS = "oncall:ml-leads"
RINGS = Rota(pager="pages")


def a_story(**opened: object) -> Story:
    """An incident whose service escalates to the leads, with what else it was opened with."""
    story = Story()
    first = story.log[0].event
    assert isinstance(first, ev.IncidentOpened)
    known = {"oncall:ml-oncall": (BEN,), LEADS: (CY,)}
    fields = {"owner": "ml-oncall", "people": known, "escalation": ("oncall:ml-oncall", LEADS), **opened}
    story.log, story.head = [], None
    story.tell(replace(first, **fields), ev.RunbookAttached(runbook=a_runbook()))
    return story


@pytest.fixture(name="story")
def _story() -> Story:
    return a_story()


def mentions(story: Story) -> list[tuple[int, int, tuple[str, ...]]]:
    """The calls in Slack so far: level, round, and whom."""
    pages = (page for page in story.incident.pages.values() if page.how == IN_SLACK)
    return [(page.level, page.round, page.to) for page in pages]


def rings(story: Story) -> set[str]:
    return {work.step for work in story.agenda().work if work.kind == "page"}


def rang(story: Story, key: str, *, because: str = "") -> None:
    """The pager answered, or did not."""
    what, step, attempt, level, round_, how = key.split(":")
    about = {"step": step, "attempt": int(attempt), "level": int(level), "round": int(round_), "how": how}
    story.report(ev.Paged(what=what, to=(BEN,), because=because, **about))  # type: ignore[arg-type]


# --- a yes ----------------------------------------------------------------------------------------------------------


def test_the_request_itself_calls_the_approvers_then_they_are_called_again_then_the_next_level(story: Story) -> None:
    story.requested()
    story.timers()
    assert mentions(story) == [], "the request mentions them"
    assert story.agenda().wake_at == START + timedelta(minutes=3)
    story.later(minutes=3)
    story.timers()
    assert mentions(story) == [(0, 2, (BEN,))]
    story.later(minutes=3)
    story.timers()
    assert mentions(story) == [(0, 2, (BEN,)), (2, 1, (CY,))]
    story.later(minutes=3)
    story.timers()
    assert len(mentions(story)) == 2, "there is no further level"


def test_a_process_that_was_away_does_not_call_everybody_at_once(story: Story) -> None:
    story.requested()
    story.later(minutes=10)
    story.timers()
    assert mentions(story) == [(0, 2, (BEN,))]
    assert story.agenda().wake_at == story.now + timedelta(minutes=3)


@pytest.mark.parametrize("how", ["approved", "declined", "lapsed", "resolved"])
def test_nobody_is_called_once_it_is_decided_or_over(story: Story, how: str) -> None:
    story.requested()
    if how == "approved":
        story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    elif how == "declined":
        story.ask(cmd.Decline(step="rollback", attempt=1, reason="no"), by=BEN)
    elif how == "lapsed":
        story.report(ev.ApprovalLapsed(step="rollback", attempt=1))
    else:
        story.ask(cmd.Resolve())
    story.later(minutes=3)
    assert not [event for event in story.agenda().due if isinstance(event, ev.Paged)]


def test_whoever_asked_and_whoever_said_yes_is_not_called(story: Story) -> None:
    story = a_story(people={"oncall:ml-oncall": (ADA, BEN, CY)})
    story.requested()
    story.later(minutes=3)
    story.timers()
    assert mentions(story) == [(0, 2, (BEN, CY))]


# --- pagers ---------------------------------------------------------------------------------------------------------


def test_a_pager_rings_with_the_request_and_with_every_round() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS}, page="never")
    story.requested()
    assert rings(story) == {"approval:rollback:1:0:1:pages"}
    rang(story, "approval:rollback:1:0:1:pages")
    assert rings(story) == set()
    story.later(minutes=3)
    story.timers()
    assert rings(story) == {"approval:rollback:1:0:2:pages"}


def test_a_page_that_was_lost_in_a_crash_is_asked_for_again_under_the_same_name() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS}, page="never")
    story.requested()
    before = rings(story)
    assert rings(story) == before, "nothing is known of it, so it is asked for again"
    rang(story, "approval:rollback:1:0:1:pages")
    rang(story, "approval:rollback:1:0:1:pages")
    assert len(story.incident.pages) == 1, "and stands in the log once"


def test_a_pager_that_is_away_is_tried_again_a_few_times_and_then_left() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS}, page="never", escalation=())
    story.requested()
    key = "approval:rollback:1:0:1:pages"
    tries = 0
    while key in rings(story):
        tries += 1
        rang(story, key, because="pages cannot be reached")
        assert key not in rings(story), "not at once"
        story.later(seconds=30 * tries)
    assert tries == 4
    (page,) = [page for page in story.incident.pages.values() if page.how == "pages"]
    assert (page.tries, page.because) == (4, "pages cannot be reached")


def test_the_pager_is_quieted_once_it_is_decided_and_told_so_once() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS}, page="never")
    story.requested()
    rang(story, "approval:rollback:1:0:1:pages")
    assert "hush" not in {work.kind for work in story.agenda().work}
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    assert [work.step for work in story.agenda().work if work.kind == "hush"] == ["approval:rollback:1:0:1:pages"]
    story.report(ev.PagerQuieted(what="approval", step="rollback", attempt=1, how="pages"))
    assert "hush" not in {work.kind for work in story.agenda().work}


def test_a_pager_that_never_rang_is_not_quieted() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS}, page="never")
    story.requested()
    rang(story, "approval:rollback:1:0:1:pages", because="pages cannot be reached")
    story.ask(cmd.Approve(step="rollback", attempt=1), by=BEN)
    assert "hush" not in {work.kind for work in story.agenda().work}


# --- help -----------------------------------------------------------------------------------------------------------


def test_help_calls_the_owner_until_one_of_those_who_were_called_does_something(story: Story) -> None:
    story.investigated()
    story.ask(cmd.Choose(step="decide", attempt=1, option="help"))
    story.later(minutes=3)
    story.timers()
    assert mentions(story) == [(0, 2, (BEN,))]
    story.ask(cmd.AddNote(text="still alone"), by=ADA)
    story.later(minutes=3)
    story.timers()
    assert mentions(story)[1:] == [(2, 1, (CY,))], "who asked is not who comes"
    story.ask(cmd.AddNote(text="I am looking"), by=BEN)
    story.later(minutes=3)
    assert not [event for event in story.agenda().due if isinstance(event, ev.Paged)]


# --- the opening ----------------------------------------------------------------------------------------------------


def pages_at_opening(story: Story) -> list[ev.Paged]:
    return [event for event in story.agenda().due if isinstance(event, ev.Paged) and event.what == "opening"]


@pytest.mark.parametrize(
    ("severity", "page", "rotas", "called"),
    [
        ("SEV2", "", {}, False),
        ("SEV2", "", {"oncall:ml-oncall": RINGS}, True),
        ("SEV3", "", {"oncall:ml-oncall": RINGS}, False),
        ("SEV2", "never", {"oncall:ml-oncall": RINGS}, False),
        ("SEV2", "SEV1", {}, False),
        ("SEV1", "SEV1", {}, True),
        ("SEV3", "SEV3", {}, True),
        (None, "SEV4", {}, False),
    ],
)
def test_the_opening_calls_somebody_where_the_service_says_so_or_a_pager_is_there(
    severity: str | None, page: str, rotas: dict[str, Rota], called: bool
) -> None:
    story = a_story(severity=severity, page=page, rotas=rotas)
    assert [event.to for event in pages_at_opening(story)] == ([(BEN,)] if called else [])


def test_the_pager_rings_at_once_and_the_mention_waits_until_it_is_known_whom() -> None:
    rota = Rota(source="pagerduty", name="P1", connector="pd", pager="pages")
    story = a_story(people={}, rotas={"oncall:ml-oncall": rota}, escalation=())
    assert (pages_at_opening(story), rings(story)) == ([], {"opening::1:0:1:pages"})
    story.report(ev.OnCallSeen(who="oncall:ml-oncall", people=(BEN,)))
    assert [event.to for event in pages_at_opening(story)] == [(BEN,)]


def test_nobody_is_called_to_an_incident_that_somebody_is_on() -> None:
    story = a_story(page="SEV2", rotas={"oncall:ml-oncall": RINGS})
    story.timers()
    rang(story, "opening::1:0:1:pages")
    story.ask(cmd.Acknowledge(), by=ADA)
    story.later(minutes=3)
    assert pages_at_opening(story) == []
    assert [work.step for work in story.agenda().work if work.kind == "hush"] == ["opening::1:0:1:pages"]
    story.report(ev.PagerQuieted(what="opening", how="pages", outcome="acknowledged"))
    assert "hush" not in {work.kind for work in story.agenda().work}
    story.ask(cmd.Resolve())
    assert "hush" in {work.kind for work in story.agenda().work}, "now it is resolved there, too"


def test_a_relapse_calls_again_whoever_was_on_it_before() -> None:
    story = a_story(page="SEV2")
    story.ask(cmd.Acknowledge(), by=ADA)
    story.ask(cmd.Resolve())
    story.later(hours=3)
    story.tell(ev.Reopened(reason="recall fell again"))
    assert [event.attempt for event in pages_at_opening(story)] == [2]
    story.ask(cmd.AddNote(text="on it"), by=ADA)
    assert pages_at_opening(story) == []


def test_what_was_called_stays_the_same_when_the_log_is_folded_anew() -> None:
    story = a_story(rotas={"oncall:ml-oncall": RINGS})
    story.requested()
    rang(story, "approval:rollback:1:0:1:pages", because="away")
    story.later(minutes=3)
    story.timers()
    assert story.refolded() == story.head


def test_a_pagers_name_for_a_call_is_the_same_in_every_round() -> None:
    def page(round_: int) -> PageState:
        return PageState(what="approval", step="a", attempt=2, level=1, round=round_, how="p", at=START)

    assert page(1).dedup == page(2).dedup == "approval/a/2/1"
