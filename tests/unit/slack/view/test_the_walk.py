"""What the walk shows beside its steps: answers, suspicions, waits, failures, and questions about the runbook."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.incidents import events as ev
from bot.runbooks.schema import Compare, Input, Query, Runbook, Step, Task, Update, Wait
from bot.slack.view import Surface, view
from bot.slack.view.asking import asked_steps
from bot.slack.view.modals import steps as step_modals
from bot.slack.view.modals import walk as walk_modals
from bot.slack.view.modals.frame import About
from bot.slack.view.status import steps
from bot.slack.view.tray import tray
from tests.unit.slack.stories import ANA, BEN, OPENED, WORKPLACE, Story
from tests.unit.slack.transcript import buttons, read, transcript

IMPACT = Step(
    id="impact", phase="check", title="Who is affected?", why="Support asks within minutes.",
    spec=Task(text="Count.", fields={"orders_lost": "number", "since": "date", "part": "choice [a, b]"}),
)  # fmt: skip
LIVE = Step(
    id="live", phase="measure", title="Recall", on_error="stop",
    spec=Query(source="prometheus", promql="recall", better="higher"),
)  # fmt: skip
VERSIONS = Step(id="versions", phase="triage", title="v42 against v41", spec=Compare(source="e", metric="recall"))
LABELS = Step(id="labels", phase="triage", title="Labels", why="They come after two hours.", spec=Wait(duration=7200))
TELL = Step(
    id="tell", phase="communicate", title="Risk told",
    spec=Update(audience=("risk",), text="We look.", when="incident.severity", every=1800.0),
)  # fmt: skip


def story(*steps: Step, **more: object) -> Story:
    book = Runbook(
        id="book", version=1, title="A book", failure_mode="performance", owner="ml-oncall", summary="Look.",
        steps=steps,
    )  # fmt: skip
    return Story(replace(book, **more)).then(ev.Acknowledged(), ev.LeadChanged(lead=ANA), by=ANA)


def surfaces(told: Story) -> dict[str, Surface]:
    return {surface.key: surface for surface in view(told.incident(), WORKPLACE)}


def card(told: Story) -> str:
    return read(surfaces(told)["first"])


# --- tasks


def test_a_task_says_why_it_is_asked() -> None:
    assert "*Who is affected?* Count. _Why: Support asks within minutes._" in card(story(IMPACT))


def test_a_task_with_fields_is_answered_in_a_dialog_with_an_input_for_each() -> None:
    told = story(IMPACT)
    assert "[Answer]" in card(told)
    modal = step_modals.answer(told.incident(), IMPACT, about=About(i="INC-1", s="impact", n=1))
    assert transcript(modal["blocks"]).splitlines()[1:] == [
        "Orders lost: <plain_text_input>", "Since: <datepicker>", "Part: <static_select>",
    ]  # fmt: skip
    assert [block["block_id"] for block in modal["blocks"][1:]] == ["field.orders_lost", "field.since", "field.part"]


def test_what_people_found_out_by_hand_stands_on_the_card_with_who_says_so() -> None:
    told = story(IMPACT).then(ev.StepDone(step="impact", fields={"orders_lost": "1200", "part": "a"}), by=BEN)
    assert f"*Who is affected?* orders lost 1200 · part a (<@{BEN}>)" in card(told)


def test_only_the_newest_answers_are_shown() -> None:
    asked = [replace(IMPACT, id=f"s{n}", title=f"Question {n}", spec=Task(text="?", answer="text")) for n in range(4)]
    told = story(*asked)
    for step in (3, 0, 1):
        told.then(ev.StepDone(step=f"s{step}", answer=f"answer {step}"), by=BEN)
    shown = card(told)
    assert "answer 0" in shown
    assert "answer 1" in shown
    assert "answer 3" not in shown


# --- waits and failures


def waiting() -> Story:
    return story(VERSIONS, LABELS).then(
        ev.StepMeasured(step="versions", attempt=1, verdict="no_data", because="no labels yet"),
        ev.WaitStarted(step="labels", attempt=1, until=OPENED + timedelta(hours=2)),
    )


def test_a_wait_says_until_when_what_for_and_what_is_made_again() -> None:
    shown = card(waiting())
    assert "*Labels*: waiting until 2026-11-21 05:05 UTC. They come after two hours." in shown
    assert "Then v42 against v41 is made again." in shown
    assert "[Skip the wait]" in shown


def test_a_wait_that_is_over_is_not_shown_any_more() -> None:
    assert "waiting until" not in card(waiting().then(ev.WaitEnded(step="labels", attempt=1)))
    assert "waiting until" not in card(waiting().then(ev.StepSkipped(step="labels", reason="x"), by=ANA))


def test_a_step_that_failed_and_stopped_the_walk_has_its_ways_out() -> None:
    failed = ev.StepMeasured(step="live", attempt=1, verdict="error", because="Recall: prometheus is away")
    shown = card(story(LIVE, IMPACT).then(failed))
    assert "*Recall*: failed: Recall: prometheus is away. The steps after it wait until you decide." in shown
    assert "[Measure again]  [Go on without it]" in shown
    assert "Count." not in shown


def test_an_overruled_verdict_says_who_and_why() -> None:
    told = story(replace(LIVE, title="Recall")).then(
        ev.StepMeasured(step="live", attempt=1, verdict="bad", because="Recall 0.71, was 0.84")
    )
    told.then(ev.VerdictOverridden(step="live", attempt=1, verdict="ok", reason="a replay ran"), by=BEN)
    assert f"<@{BEN}> takes recall as normal: a replay ran" in card(told)


# --- suspicions


def suspecting() -> Story:
    told = story(IMPACT)
    for number, text in enumerate(("The feed broke", "v42 itself", "A replay ran", "The clock is wrong"), 1):
        told.then(ev.HypothesisAdded(hypothesis=number, text=text), by=BEN)
    return told.then(ev.HypothesisJudged(hypothesis=1, judged="ruled_out", evidence="no gaps"), by=ANA)


def test_suspicions_stand_on_one_line_what_is_open_first() -> None:
    lines = [line for line in card(suspecting()).splitlines() if line.startswith("Suspected")]
    assert lines == ["Suspected: 2 v42 itself (open) · 3 A replay ran (open) · 4 The clock is wrong (open) · 1 more"]


def test_the_tray_offers_to_suspect_and_to_judge() -> None:
    empty = tray(story(IMPACT).incident(), WORKPLACE, user=ANA, now=OPENED)
    full = tray(suspecting().incident(), WORKPLACE, user=ANA, now=OPENED)
    assert "[Add a hypothesis]" in transcript(empty["blocks"])
    assert "[Judge a hypothesis]" not in transcript(empty["blocks"])
    assert "[Judge a hypothesis]" in transcript(full["blocks"])


def test_judging_begins_with_the_first_that_is_open() -> None:
    modal = walk_modals.judge(suspecting().incident(), about=About(i="INC-1"))
    assert modal["blocks"][0]["element"]["initial_option"]["value"] == "2"


# --- runbooks


def tied() -> Story:
    return story(IMPACT).then(ev.RunbooksTied(runbooks={"latency": "It is slow", "cost": "It is dear"}))


def test_a_tie_is_a_question_with_a_button_for_each_and_one_for_none_of_them() -> None:
    asked = surfaces(tied())["tie"]
    assert read(asked).splitlines() == [
        ":books: *2 runbooks fit equally well. Which one?* Until you choose, *book* is walked.",
        "• *latency*: It is slow",
        "• *cost*: It is dear",
        "[Walk latency]  [Walk cost]  [Stay with book]",
    ]


def test_a_tie_that_was_settled_says_by_whom_and_has_no_buttons() -> None:
    told = tied().then(ev.RunbookKept(runbook="book"), by=BEN)
    settled = surfaces(told)["tie"]
    assert read(settled).startswith(f":books: <@{BEN}> chose the runbook *book*")
    assert not buttons(settled.content["blocks"])


def test_what_the_runbook_cannot_know_is_asked_and_then_told() -> None:
    told = story(IMPACT, inputs={"region": Input(ask="Which region?")})
    assert "*The runbook needs to know:* Which region?" in read(surfaces(told)["inputs"])
    modal = walk_modals.inputs(told.incident(), about=About(i="INC-1"))
    assert transcript(modal["blocks"]) == "Which region?: <plain_text_input>"
    told.then(ev.InputGiven(name="region", value="eu"), by=BEN)
    assert read(surfaces(told)["inputs"]) == f":memo: region: eu (<@{BEN}>)"


def test_a_private_incident_tells_everybody_else_only_where_it_is() -> None:
    told = story(IMPACT, private=True)
    assert surfaces(told)["channel"].content["is_private"] is True
    announced = read(surfaces(told)["announcement"])
    assert "*INC-1 · private*" in announced
    assert "SEV2" not in announced and "fraud-scorer" not in announced
    assert "ask whoever leads to invite you" in announced
    assert "ModelRecallDrop" not in announced


# --- stakeholders, again


def test_stakeholders_are_told_again_by_a_message_of_its_own() -> None:
    told = story(TELL).then(ev.UpdatePublished(audience="risk", text="We look.", step="tell"), by=ANA)
    assert not [key for key in surfaces(told) if key.startswith("again")]
    told.then(ev.UpdateDue(step="tell", attempt=2), after=1800)
    nag = read(surfaces(told)["again:tell:2"])
    assert nag.startswith(f":mega: <@{ANA}>: tell risk again; they were last told")
    assert "[Tell stakeholders]" in nag
    told.then(ev.UpdatePublished(audience="risk", text="Still.", step="tell"), by=ANA)
    assert read(surfaces(told)["again:tell:2"]).startswith(":mega: Risk: last told")


@pytest.mark.parametrize("text", ["<!channel>", "<@U0EVIL>", "*" * 4000, "&" * 3000, "{{ 7 * 7 }}"])
def test_what_people_type_calls_nobody_and_breaks_nothing(text: str) -> None:
    told = story(IMPACT, inputs={"region": Input(ask=text)}).then(
        ev.StepDone(step="impact", answer=text, fields={"orders_lost": text}),
        ev.HypothesisAdded(hypothesis=1, text=text),
        ev.HypothesisJudged(hypothesis=1, judged="supported", evidence=text),
        ev.RunbooksTied(runbooks={"x": text}),
        by=BEN,
    )
    for surface in surfaces(told).values():
        shown = str(surface.content)
        assert "<!channel>" not in shown
        assert "<@U0EVIL>" not in shown
        assert len(shown) < 15_000


# --- the tray and the list of steps


def test_the_tray_says_what_holds_the_walk_up_and_has_the_same_ways_out() -> None:
    shown = transcript(tray(waiting().incident(), WORKPLACE, user=ANA, now=OPENED)["blocks"])
    assert "waiting until 2026-11-21 05:05 UTC" in shown
    assert "[Skip the wait]" in shown
    failed = ev.StepMeasured(step="live", attempt=1, verdict="error", because="away")
    shown = transcript(tray(story(LIVE, IMPACT).then(failed).incident(), WORKPLACE, user=ANA, now=OPENED)["blocks"])
    assert "Next: decide about recall, which failed." in shown
    assert "[Go on without it]" in shown


def test_what_may_be_left_out_is_not_what_the_tray_names_next() -> None:
    story = Story().watched()
    asked = [step.id for step in asked_steps(story.incident())]
    assert asked.index("upstream") < asked.index("told")
    shown = transcript(tray(story.incident(), WORKPLACE, user=ANA, now=OPENED)["blocks"])
    assert "Next: risk told." in shown
    assert shown.count("[Tell stakeholders]") == 1


def test_the_list_of_steps_tells_waits_fields_and_who_overruled() -> None:
    told = waiting()
    told.then(ev.VerdictOverridden(step="versions", attempt=1, verdict="bad", reason="a replay"), by=BEN)
    versions, labels = steps(told.incident())
    assert f"bad, says <@{BEN}>" in versions
    assert "waiting until" in labels
    filled = story(IMPACT).then(ev.StepDone(step="impact", fields={"orders_lost": "12", "part": "a"}), by=BEN)
    assert "12, a" in steps(filled.incident())[0]


def test_the_small_print_names_what_was_walked_before() -> None:
    told = story(IMPACT)
    assert "runbook book v1" in card(told)
    assert "before it" not in card(told)
    walked = told.incident().runbook
    assert walked is not None
    other = replace(walked, id="other", version=3)
    assert "runbook other v3, before it book v1" in card(told.then(ev.RunbookAttached(runbook=other, walk="instead")))
