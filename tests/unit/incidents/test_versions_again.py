"""What serves and what the registry says is read again after whatever may have changed it."""

from __future__ import annotations

from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.naming import names
from bot.runbooks.schema import Action, Compare, DoneWhen, Step, Task
from tests.unit.incidents.acted import approve, rollback
from tests.unit.incidents.books import book, choice, query
from tests.unit.incidents.story import BEN, Story, a_runbook

RETRAIN = Action(
    call="pipeline.trigger", scope="fraud-scorer", approval=None, target="a candidate of a new training",
    done_when=DoneWhen(source="prometheus", promql="trained", ok="value == 1"),
)  # fmt: skip
CANDIDATE = Compare(
    source="evaluator", metric="recall", a="{{ registry.version('fraud', 'challenger') }}", b="{{ running }}"
)


def refused(story: Story, because: str) -> None:
    """The rollback was approved, and the last look before its call forbade it."""
    story.ask(approve(story), by=BEN)
    story.report(ev.ActionFinished(step="rollback", attempt=1, outcome="refused", because=because))


def test_after_a_refusal_it_is_asked_for_against_what_serves_now() -> None:
    story = Story(a_runbook())
    story.requested()
    refused(story, "v43 serves now; the approval was for going from v42 to v41")
    assert "versions" in story.work()
    story.seen(running="43", target="42")
    assert "versions" not in story.work()
    story.ask(cmd.RunStep(step="rollback", attempt=story.state("rollback").attempt))
    assert (rollback(story).running, rollback(story).target) == ("43", "42")


def test_comparisons_of_versions_that_are_not_in_question_any_more_are_made_anew() -> None:
    story = Story(a_runbook())
    story.requested()
    refused(story, "v43 serves now")
    story.seen(running="43", target="42")
    assert {"measure:live", "measure:versions"} <= story.work()
    assert (story.state("versions").verdict, story.state("changes").verdict) == (None, "bad")
    assert story.refolded() == story.incident


def test_where_the_same_still_serves_nothing_is_measured_again() -> None:
    story = Story(a_runbook())
    story.requested()
    refused(story, "flags cannot be reached")
    story.seen()
    assert story.work() == set()
    assert story.state("versions").verdict == "bad"


def retrained() -> Story:
    """The training was asked for, and has ended; the registry was read at the opening."""
    steps = (
        query("live"), choice("decide"), Step(id="retrain", phase="remediate", spec=RETRAIN),
        Step(id="candidate", phase="verify", spec=CANDIDATE),
    )  # fmt: skip
    story = Story(book(*steps))
    story.report(ev.VersionsSeen(running="42", target="41", aliases={"champion": "42"}))
    story.measured("live")
    story.ask(cmd.RunStep(step="retrain", attempt=1))
    story.report(ev.ActionStarted(step="retrain", attempt=1, lease_no=1, call="pipeline.trigger"))
    assert "measure:candidate" not in story.work(), "there is no candidate while it is trained"
    story.report(ev.ActionConfirmed(step="retrain", attempt=1))
    return story


def test_what_a_training_brought_is_compared_once_the_registry_was_read_again() -> None:
    story = retrained()
    assert story.work() == {"versions"}, "the candidate's name is not known before"
    story.report(ev.VersionsSeen(running="42", target="41", aliases={"champion": "42", "challenger": "44"}))
    assert story.work() == {"measure:candidate"}
    versions = story.incident.versions
    assert versions is not None
    assert versions.aliases["challenger"] == "44"
    assert names(story.incident)["running"] == "42", "what was trained serves nobody yet"


def test_what_was_trained_by_hand_is_compared_once_the_registry_was_read_again_too() -> None:
    by_hand = Task(text="Retrain.", instead_of="services.fraud-scorer.actions.retrain")
    steps = (
        query("live"), Step(id="retrain", phase="remediate", spec=by_hand),
        Step(id="candidate", phase="remediate", spec=CANDIDATE, when="steps.retrain.at"),
    )  # fmt: skip
    story = Story(book(*steps))
    story.report(ev.VersionsSeen(running="42", target="41", aliases={"champion": "42", "challenger": "40"}))
    story.measured("live")
    assert story.work() == set(), "the challenger of the last training is not the candidate of this one"
    story.ask(cmd.FinishStep(step="retrain", attempt=1))
    assert story.work() == {"versions"}
    story.report(ev.VersionsSeen(running="42", target="41", aliases={"champion": "42", "challenger": "44"}))
    assert story.work() == {"measure:candidate"}
    assert story.refolded() == story.incident
