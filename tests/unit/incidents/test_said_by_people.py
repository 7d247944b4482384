"""What people add to the walk: filled-in fields, inputs, verdicts of their own, suspicions, news for stakeholders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.commands.walking import AddHypothesis, GiveInputs, JudgeHypothesis, OverrideVerdict
from bot.incidents.due import due_at
from bot.incidents.naming import missing_inputs, names
from bot.incidents.timeline import timeline
from bot.incidents.walk import open_steps, suggestion
from bot.runbooks.schema import Input, Query, Task, Update
from tests.unit.incidents.books import query, step, task, told
from tests.unit.incidents.story import ADA, BEN, START, Story

FIELDS = {"orders": "number", "since": "date", "part": "choice [checkout, payouts]", "page": "url", "words": "text"}
GIVEN = {
    "orders": "1,200", "since": "2026-11-21", "part": "checkout", "page": "https://shop.example", "words": "many",
}  # fmt: skip


def impact() -> Story:
    count = step("impact", Task(text="Count.", fields=FIELDS))
    return told(count, task("call", when="steps.impact.fields.orders > 100"))


# --- fields


def test_every_field_stands_in_the_log_and_in_expressions_as_what_it_is() -> None:
    story = impact()
    story.ask(cmd.FinishStep(step="impact", attempt=1, fields=GIVEN))
    fields = names(story.incident)["steps"]["impact"]["fields"]
    assert fields == {**GIVEN, "orders": 1200}
    assert [s.id for s in open_steps(story.incident)] == ["call"]
    assert "orders 1,200, since 2026-11-21" in [line.text for line in timeline(story.log)][-1]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("orders", "about a thousand"), ("orders", "nan"), ("orders", "inf"), ("orders", ""), ("since", "yesterday"),
        ("since", "2026-02-30"), ("part", "ads"), ("page", "shop.example"), ("page", "javascript:alert(1)"),
        ("words", "   "),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_told_at_that_field_and_nothing_is_done(name: str, answer: str) -> None:
    story = impact()
    with pytest.raises(Refused) as refused:
        story.ask(cmd.FinishStep(step="impact", attempt=1, fields=GIVEN | {name: answer}))
    assert refused.value.field == f"field.{name}"
    assert story.state("impact").phase == "open"


def test_an_answer_that_is_a_number_is_one_in_expressions() -> None:
    story = told(step("impact", Task(text="Count.", answer="number")), task("call", when="steps.impact.answer > 100"))
    story.ask(cmd.FinishStep(step="impact", attempt=1, answer="101"))
    assert names(story.incident)["steps"]["impact"]["answer"] == 101
    assert [s.id for s in open_steps(story.incident)] == ["call"]


def test_what_was_filled_in_can_be_blanked() -> None:
    story = impact()
    story.ask(cmd.FinishStep(step="impact", attempt=1, fields=GIVEN))
    assert ev.PEOPLES_TEXT["StepDone"] == ("answer", "fields")
    story.tell(ev.Redacted(seq=len(story.log)))
    assert story.state("impact").fields == {}
    assert story.state("impact").phase == "done"


def test_fields_that_an_older_runbook_pinned_without_meaning_ask_for_text() -> None:
    story = told(step("impact", Task(text="Count.", fields={"what": "anything at all"})))
    story.ask(cmd.FinishStep(step="impact", attempt=1, fields={"what": "a lot"}))
    assert story.state("impact").fields == {"what": "a lot"}


# --- inputs


def asking(**inputs: Input) -> Story:
    measured = step("live", Query(source="prometheus", promql='up{r="{{ region }}"}', better="higher"))
    return told(measured, query("other"), inputs=inputs)


def test_an_input_comes_from_the_alert_else_from_its_default() -> None:
    story = asking(
        region=Input(source="incident.severity"), tier=Input(source="labels.tier", default=2),
        part=Input(default="eu"),
    )  # fmt: skip
    known = names(story.incident)
    assert (known["region"], known["tier"], known["part"]) == ("SEV2", 2, "eu")
    assert missing_inputs(story.incident) == {}


def test_what_names_an_input_that_nobody_knows_waits_for_the_answer_and_nothing_else_does() -> None:
    story = asking(region=Input(source="labels.region", ask="Which region?"))
    assert list(missing_inputs(story.incident)) == ["region"]
    assert story.work() == {"measure:other"}
    story.ask(GiveInputs(values={"region": " eu "}), by=BEN)
    assert names(story.incident)["region"] == "eu"
    assert story.work() == {"measure:live", "measure:other"}


def test_an_answer_to_a_question_with_a_number_as_default_is_a_number() -> None:
    story = asking(region=Input(ask="Which?"), tier=Input(default=2, ask="Tier?"))
    story.ask(GiveInputs(values={"tier": "3"}))
    assert names(story.incident)["tier"] == 3


def test_an_answer_that_says_nothing_or_names_nothing_is_refused() -> None:
    story = asking(region=Input(ask="Which region?"))
    assert story.refusal(GiveInputs(values={"region": " "})) == "empty"
    assert story.refusal(GiveInputs(values={"regio": "eu"})) == "no_such_input"


def test_a_blanked_answer_is_asked_for_again() -> None:
    story = asking(region=Input(ask="Which region?"))
    story.ask(GiveInputs(values={"region": "eu"}))
    story.tell(ev.Redacted(seq=len(story.log)))
    assert list(missing_inputs(story.incident)) == ["region"]


# --- a verdict of one's own


def test_a_person_may_overrule_a_measurement_with_a_reason_that_stands_in_the_timeline() -> None:
    story = Story()
    story.seen()
    story.measured("versions", "inconclusive")
    before = suggestion(story.incident)
    story.ask(OverrideVerdict(step="versions", attempt=1, verdict="bad", reason="4 of 4 shops say so"))
    after = suggestion(story.incident)
    assert (before and before.option, after and after.option) == (None, "rollback")
    assert story.state("versions").overridden == ADA
    assert [line.text for line in timeline(story.log)][-1] == "takes versions as bad: 4 of 4 shops say so"


def test_an_overruled_verdict_wants_a_measurement_a_word_and_a_reason() -> None:
    story = Story()
    story.seen()
    say = OverrideVerdict(step="versions", attempt=1, verdict="ok", reason="seen")
    assert story.refusal(say) == "not_measured_yet"
    story.measured("versions", "bad")
    assert story.refusal(OverrideVerdict(step="decide", attempt=1, verdict="ok", reason="seen")) == "not_measured"
    assert story.refusal(OverrideVerdict(step="versions", attempt=1, verdict="fine", reason="x")) == "no_such_verdict"
    assert story.refusal(OverrideVerdict(step="versions", attempt=1, verdict="ok", reason=" ")) == "needs_reason"
    assert story.refusal(OverrideVerdict(step="versions", attempt=2, verdict="ok", reason="x")) == "old_button"
    story.ask(say)
    assert story.refusal(say) == "already"


def test_measuring_again_forgets_who_overruled_it() -> None:
    story = Story()
    story.seen()
    story.measured("versions", "bad")
    story.ask(OverrideVerdict(step="versions", attempt=1, verdict="ok", reason="seen"))
    story.ask(cmd.RunStep(step="versions", attempt=1))
    story.measured("versions", "bad")
    assert (story.state("versions").verdict, story.state("versions").overridden) == ("bad", "")


# --- suspicions


def test_suspicions_are_numbered_and_judged_again_as_evidence_comes() -> None:
    story = Story()
    story.ask(AddHypothesis(text="The feed broke"))
    story.ask(AddHypothesis(text="v42 itself"))
    story.ask(JudgeHypothesis(hypothesis=2, judged="ruled_out", evidence="same drop on v41"), by=BEN)
    story.ask(JudgeHypothesis(hypothesis=2, judged="open", evidence="v41 was not clean either"), by=BEN)
    feed, version = story.incident.hypotheses
    assert (feed.number, feed.judged, feed.by) == (1, "open", ADA)
    assert (version.judged, version.evidence, version.judged_by) == ("open", "v41 was not clean either", BEN)


def test_a_suspicion_says_something_once_and_only_what_is_there_is_judged() -> None:
    story = Story()
    story.ask(AddHypothesis(text="The feed broke"))
    assert story.refusal(AddHypothesis(text=" ")) == "empty"
    assert story.refusal(AddHypothesis(text="the feed broke")) == "already"
    assert story.refusal(JudgeHypothesis(hypothesis=2, judged="supported")) == "no_such_hypothesis"
    assert story.refusal(JudgeHypothesis(hypothesis=1, judged="open")) == "already"


def test_what_was_suspected_can_still_be_judged_when_it_is_over() -> None:
    story = Story()
    story.ask(AddHypothesis(text="The feed broke"))
    story.ask(cmd.Resolve())
    assert story.refusal(JudgeHypothesis(hypothesis=1, judged="supported", evidence="logs")) == ""


def test_words_of_suspicions_can_be_blanked_each_by_its_entry() -> None:
    story = Story()
    story.ask(AddHypothesis(text="The feed of Dr. Who broke"))
    story.ask(JudgeHypothesis(hypothesis=1, judged="supported", evidence="Dr. Who says so"))
    story.tell(ev.Redacted(seq=len(story.log)))
    (one,) = story.incident.hypotheses
    assert (one.text, one.evidence, one.judged) == ("The feed of Dr. Who broke", "", "supported")
    assert {"HypothesisAdded", "HypothesisJudged", "InputGiven", "VerdictOverridden"} <= set(ev.PEOPLES_TEXT)


# --- stakeholders, again and again


def telling() -> Story:
    update = Update(audience=("risk",), text="We are on it.", when="incident.severity == 'SEV2'", every=1800.0)
    return told(step("tell", update, phase="communicate"))


def test_an_update_that_repeats_is_open_again_so_long_after_it_was_sent() -> None:
    story = telling()
    story.ask(cmd.PublishUpdate(audience="risk", text="We are on it.", step="tell"))
    assert story.agenda().wake_at == START + timedelta(minutes=30)
    story.later(minutes=30)
    story.timers()
    (again,) = open_steps(story.incident)
    assert (again.id, story.state("tell").attempt) == ("tell", 2)
    story.ask(cmd.PublishUpdate(audience="risk", text="Still on it.", step="tell"))
    assert story.agenda().wake_at == START + timedelta(hours=1)


def test_nobody_is_told_again_once_it_is_over_or_was_skipped() -> None:
    story = telling()
    story.ask(cmd.SkipStep(step="tell", attempt=1, reason="they sit beside us"))
    story.later(hours=1)
    assert story.agenda().due == ()
    story = telling()
    story.ask(cmd.PublishUpdate(audience="risk", text="We are on it.", step="tell"))
    story.ask(cmd.Resolve())
    story.later(hours=1)
    assert story.agenda().due == ()


def test_whoever_has_to_tell_them_again_has_the_same_time_for_it_each_time() -> None:
    update = Update(audience=("risk",), text="We are on it.", when="incident.severity == 'SEV2'", every=1800.0)
    tell = step("tell", update, phase="communicate", due=300.0)
    story = told(tell)
    assert due_at(story.incident, tell) == START + timedelta(minutes=5)
    story.ask(cmd.PublishUpdate(audience="risk", text="We are on it.", step="tell"))
    story.later(minutes=30)
    story.timers()
    assert due_at(story.incident, tell) == START + timedelta(minutes=35)
