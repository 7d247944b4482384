"""No step is stranded, and nothing goes on that somebody ended."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.walk import open_steps, standing
from bot.runbooks.schema import Runbook, Step, Task, Watch
from tests.unit.incidents.story import BEN, QUALITY, Story, a_runbook


def where(story: Story, step_id: str) -> str:
    step = story.incident.runbook.step(step_id) if story.incident.runbook else None
    assert step is not None
    return standing(story.incident, step)


def with_step(step: Step) -> Runbook:
    runbook = a_runbook()
    return replace(runbook, steps=(*runbook.steps, step))


def test_a_decision_that_was_skipped_strands_neither_the_action_nor_the_watch() -> None:
    story = Story()
    assert where(story, "rollback") == "waiting"
    story.ask(cmd.SkipStep(step="decide", attempt=1, reason="clear anyway"))
    assert (where(story, "rollback"), where(story, "day")) == ("passed", "passed")


def test_a_when_whose_value_will_not_come_leaves_the_step_to_a_person() -> None:
    step = Step(id="extra", phase="remediate", spec=Task(text="Look"), when="steps.live.value < 0.8")
    story = Story(with_step(step))
    assert where(story, "extra") == "waiting"
    story.seen()
    story.measured("live", "no_data")
    assert "extra" in {open_step.id for open_step in open_steps(story.incident)}


def test_a_when_that_waits_for_versions_waits() -> None:
    step = Step(id="extra", phase="remediate", spec=Task(text="Look"), when="target == '41'")
    story = Story(with_step(step))
    assert where(story, "extra") == "waiting"
    story.seen()
    assert where(story, "extra") == "open"


def test_skipping_a_request_declines_it_so_that_nobody_can_approve_what_was_skipped() -> None:
    story = Story()
    story.requested()
    story.ask(cmd.SkipStep(step="rollback", attempt=1, reason="it is the upstream"))
    assert story.refusal(cmd.Approve(step="rollback", attempt=1), by=BEN) == "declined"
    assert story.work() == set()


def test_skipping_a_watch_ends_it() -> None:
    story = Story()
    story.watching()
    story.ask(cmd.SkipStep(step="day", attempt=1, reason="a planned shutdown"))
    assert story.incident.watch is None
    story.later(minutes=10)
    assert "look:day" not in story.work()


def by_hand() -> Story:
    """Beside the action stands a task, and a watch that starts when it is done."""
    runbook = a_runbook()
    task = Step(id="fix", phase="remediate", spec=Task(text="Mend the source."))
    watch = Step(id="mended", phase="verify", spec=Watch(checks=(QUALITY,), starts="fix"))
    return Story(replace(runbook, steps=(*runbook.steps, task, watch)))


def test_a_watch_starts_when_the_task_that_it_names_is_done() -> None:
    story = by_hand()
    assert where(story, "mended") == "waiting"
    story.ask(cmd.FinishStep(step="fix", attempt=1))
    story.timers()
    assert story.state("mended").watch is not None


def test_a_watch_of_a_task_that_was_skipped_is_passed_over() -> None:
    story = by_hand()
    story.ask(cmd.SkipStep(step="fix", attempt=1, reason="it mended itself"))
    assert (where(story, "mended"), story.state("mended").watch) == ("passed", None)


def test_a_task_that_did_not_hold_is_asked_for_again_and_watched_again_once_it_is_done() -> None:
    story = by_hand()
    story.ask(cmd.FinishStep(step="fix", attempt=1))
    story.ask(cmd.FinishStep(step="cases", attempt=1))
    story.timers()
    relapse = ev.Reopened(reason="Recall 0.70", step="mended")
    story.tell(ev.WatchEnded(step="mended", attempt=1, verdict="bad", because="Recall 0.70"), relapse)
    story.timers()
    assert (where(story, "fix"), where(story, "mended")) == ("open", "waiting")
    assert story.state("mended").watch is None
    assert where(story, "cases") == "done"
    story.ask(cmd.FinishStep(step="fix", attempt=2))
    story.timers()
    assert story.state("mended").watch is not None


def test_an_old_button_does_not_ask_for_an_action_again() -> None:
    story = Story()
    story.requested()
    story.ask(cmd.Decline(step="rollback", attempt=1, reason="no"), by=BEN)
    story.ask(cmd.RunStep(step="rollback", attempt=1))
    story.ask(cmd.Decline(step="rollback", attempt=2, reason="no"), by=BEN)
    assert story.refusal(cmd.RunStep(step="rollback", attempt=1)) == "old_button"


def test_a_relapse_does_not_forget_an_action_on_its_way() -> None:
    story = Story()
    story.watching()
    story.ask(cmd.Undo(step="rollback", attempt=1))
    story.ask(cmd.Approve(step="rollback", attempt=2), by=BEN)
    story.report(ev.ActionStarted(step="rollback", attempt=2, lease_no=1, call="flags.set"))
    for _ in range(3):
        story.report(ev.WatchLooked(step="day", attempt=1, verdict="bad", because="Recall 0.70"))
    story.report(ev.Reopened(reason="Recall 0.70", step="day"))
    assert story.report(ev.ActionFinished(step="rollback", attempt=2, outcome="written")) != ()
    assert story.state("rollback").action.phase == "written"  # type: ignore[union-attr]
