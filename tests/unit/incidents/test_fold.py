"""The fold is total, and a stored head plus the newest entries equals the whole log."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.decide import decide
from bot.incidents.events import PEOPLES_TEXT, AnyEvent, decode, encode, log
from bot.incidents.fold import apply, fold
from bot.incidents.incident import Incident
from bot.runbooks.equivalence import Tallied
from bot.runbooks.schema import Action, Rehearsal
from tests.unit.incidents.story import ADA, BEN, CY, Story

EVENTS: dict[str, type] = {kind.__name__: kind for kind in AnyEvent.__args__}
STEPS = ("changes", "upstream", "live", "versions", "decide", "rollback", "cases", "after", "day", "tell")
people = st.sampled_from((ADA, BEN, CY))
steps = st.sampled_from(STEPS)
attempts = st.integers(1, 3)
verdicts = st.sampled_from(("ok", "warn", "bad", "inconclusive", "no_data", "error"))


def test_the_log_begins_with_its_opening() -> None:
    entry = ev.Entry(seq=1, at=datetime(2026, 1, 1, tzinfo=UTC), by=ADA, event=ev.Acknowledged())
    with pytest.raises(ValueError, match="begins with"):
        fold([entry])


def test_a_time_without_a_zone_cannot_stand_in_a_log() -> None:
    with pytest.raises(ValueError, match="zone"):
        ev.Entry(seq=1, at=datetime(2026, 1, 1), by=ADA, event=ev.Acknowledged())  # noqa: DTZ001


def test_every_event_goes_to_json_and_back() -> None:
    story = Story()
    story.watching()
    story.ask(cmd.Resolve(summary="back"))
    for entry in story.log:
        assert decode(encode(entry.event)) == entry.event


def test_an_event_of_an_unknown_kind_is_not_read_as_another() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"kind":"SomethingNewer"}')


def test_peoples_text_names_fields_that_exist() -> None:
    for kind, fields in PEOPLES_TEXT.items():
        assert set(fields) <= {field.name for field in msgspec.structs.fields(EVENTS[kind])}, kind


def test_a_snapshot_of_the_head_goes_through_json() -> None:
    story = Story()
    story.watching()
    body = msgspec.json.encode(story.incident)
    assert msgspec.json.decode(body, type=Incident) == story.incident


def test_redacting_why_it_was_reopened_blanks_it_on_the_card() -> None:
    story = Story()
    story.ask(cmd.Resolve())
    story.ask(cmd.Reopen(reason="my phone number is 555"))
    story.tell(ev.Redacted(seq=story.incident.seq))
    assert story.incident.reopened_because == "(redacted)"


def test_redacting_an_entry_blanks_what_people_typed_in_it() -> None:
    story = Story()
    story.ask(cmd.SkipStep(step="upstream", attempt=1, reason="my phone number is 555"))
    story.tell(ev.Redacted(seq=story.incident.seq))
    assert story.state("upstream").text == ""


def test_redacting_a_call_for_help_keeps_the_call() -> None:
    story = Story()
    story.ask(cmd.Choose(step="decide", attempt=1, option="help", reason="my phone number is 555"))
    story.tell(ev.Redacted(seq=story.incident.seq))
    assert [(asked.by, asked.reason) for asked in story.incident.help] == [("UADA", "")]


@pytest.mark.parametrize(("command", "how"), [
    (cmd.Settle(step="rollback", attempt=1, how="done"), "done"),
    (cmd.Settle(step="rollback", attempt=1, how="run_again"), "run_again"),
    (cmd.Undo(step="rollback", attempt=1), "undo"),
    (cmd.ReportOutside(), "outside"),
    (None, "traffic"),
])  # fmt: skip
def test_who_ended_the_doubt_about_an_action_is_kept(command: cmd.AnyCommand | None, how: str) -> None:
    story = Story()
    story.started()
    story.report(ev.ActionUnknown(step="rollback", attempt=1, because="the answer was lost"))
    if command is None:
        story.report(ev.ActionConfirmed(step="rollback", attempt=1, settled=True))
    else:
        story.ask(command)
    action = story.state("rollback").action
    assert action is not None
    assert (action.doubted, action.settled, action.settled_by) == (1, how, "UADA" if command else ev.EVENKEEL)


commands = st.one_of(
    st.builds(cmd.Acknowledge),
    st.builds(cmd.TakeLead, lead=people),
    st.builds(cmd.FinishStep, step=steps, attempt=attempts, answer=st.text(max_size=3)),
    st.builds(cmd.SkipStep, step=steps, attempt=attempts, reason=st.sampled_from(("", "no time"))),
    st.builds(cmd.RunStep, step=steps, attempt=attempts),
    st.builds(
        cmd.Choose, step=st.just("decide"), attempt=attempts, reason=st.sampled_from(("", "because")),
        option=st.sampled_from(("rollback", "not_model", "help", "false_alarm", "nonsense")),
    ),
    st.builds(cmd.Approve, step=st.just("rollback"), attempt=attempts),
    st.builds(cmd.Decline, step=st.just("rollback"), attempt=attempts, reason=st.just("no")),
    st.builds(cmd.Undo, step=st.just("rollback"), attempt=attempts),
    st.builds(cmd.Settle, step=st.just("rollback"), attempt=attempts, how=st.sampled_from(("run_again", "done"))),
    st.builds(cmd.ReportOutside),
    st.builds(cmd.Resolve),
    st.builds(cmd.Reopen, reason=st.just("not over")),
)  # fmt: skip
reports = st.one_of(
    st.builds(ev.VersionsSeen, running=st.just("42"), target=st.sampled_from((None, "41"))),
    st.builds(ev.StepMeasured, step=steps, attempt=attempts, verdict=verdicts, because=st.just("x")),
    st.builds(
        ev.ActionStarted, step=st.just("rollback"), attempt=attempts, lease_no=st.integers(1, 2), call=st.just("f")
    ),
    st.builds(
        ev.ActionFinished, step=st.just("rollback"), attempt=attempts,
        outcome=st.sampled_from(("written", "refused", "unknown")),
    ),
    st.builds(ev.ActionConfirmed, step=st.just("rollback"), attempt=attempts),
    st.builds(ev.ActionUnknown, step=st.just("rollback"), attempt=attempts),
    st.builds(ev.WatchLooked, step=st.just("day"), attempt=attempts, verdict=verdicts, because=st.just("x")),
)  # fmt: skip


_BUILT = {
    "IncidentOpened", "RunbookAttached", "RunbookSwitched", "StepMeasured", "ActionStarted", "StateRead",
}  # fmt: skip
_PLAIN = sorted(EVENTS.keys() - _BUILT)


def _made(event: AnyEvent) -> AnyEvent:
    """The event with an empty value where hypothesis took the mark that stands for one in the signature."""
    fields = msgspec.structs.fields(event)
    made = {f.name: f.default_factory for f in fields if f.default_factory is not msgspec.NODEFAULT}
    marks = {name: factory() for name, factory in made.items() if not isinstance(getattr(event, name), factory)}
    return msgspec.structs.replace(event, **marks)


anything = st.one_of(reports, *(st.from_type(EVENTS[kind]).map(_made) for kind in _PLAIN))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_folding_from_any_head_equals_folding_the_whole_log(data: st.DataObject) -> None:
    story = Story()
    for _ in range(data.draw(st.integers(0, 12))):
        story.tell(data.draw(anything), by=data.draw(people))
    cut = data.draw(st.integers(0, len(story.log)))
    assert fold(story.log[cut:], fold(story.log[:cut])) == story.incident == story.refolded()


class AnyOrderOfEverything(RuleBasedStateMachine):
    """Whatever people and the world do, in any order: the log stays sound."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()

    @rule(command=commands, by=people)
    def somebody_asks(self, command: cmd.AnyCommand, by: str) -> None:
        before = self.story.incident
        try:
            events = decide(before, command, by=by, now=self.story.now)
        except Refused as refused:
            assert str(refused).strip()
            return
        assert events
        self.story.tell(*events, by=by)

    @rule(event=reports)
    def the_bot_finds_out(self, event: ev.AnyEvent) -> None:
        self.story.report(event)

    @rule(minutes=st.integers(0, 20))
    def time_passes(self, minutes: int) -> None:
        self.story.later(minutes=minutes)
        self.story.timers()

    @invariant()
    def nothing_starts_without_approval_and_nothing_starts_twice(self) -> None:
        approved, started = set(), []
        for entry in self.story.log:
            event = entry.event
            if isinstance(event, ev.Approved) and event.enough:
                approved.add((event.step, event.attempt))
            if isinstance(event, ev.ActionSettled) and event.how == "run_again":
                approved.add((event.step, event.attempt + 1))
            if isinstance(event, ev.ActionStarted):
                assert (event.step, event.attempt) in approved
                started.append((event.step, event.attempt))
        assert len(started) == len(set(started))

    @invariant()
    def timers_come_to_rest_and_the_next_look_lies_ahead(self) -> None:
        self.story.timers()
        wake_at = self.story.agenda().wake_at
        assert wake_at is None or wake_at > self.story.now

    @invariant()
    def nobody_approves_what_they_asked_for(self) -> None:
        asked: dict[tuple[str, int], str] = {}
        for entry in self.story.log:
            if isinstance(entry.event, ev.ApprovalRequested):
                asked[entry.event.step, entry.event.attempt] = entry.by
            if isinstance(entry.event, ev.Approved):
                assert asked[entry.event.step, entry.event.attempt] != entry.by

    @invariant()
    def the_head_is_the_fold_of_the_log(self) -> None:
        assert self.story.refolded() == self.story.incident


TestAnyOrderOfEverything = AnyOrderOfEverything.TestCase
TestAnyOrderOfEverything.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_ten_thousand_events_do_not_make_a_bigger_head() -> None:
    story = Story()
    story.seen()
    for _ in range(1000):
        story.tell(ev.NoteAdded(text="x" * 100))
    assert apply(story.head, ev.Entry(seq=9999, at=story.now, by=ADA, event=ev.NoteAdded(text="y"))).seq == 9999
    assert len(msgspec.json.encode(story.incident)) < 10_000


def test_an_old_event_is_lifted_step_by_step_by_pure_upcasters() -> None:
    def named(body: dict[str, object]) -> dict[str, object]:
        return {**body, "lead": body["leader"]}

    def shouted(body: dict[str, object]) -> dict[str, object]:
        return {**body, "lead": str(body["lead"]).upper()}

    with patch.object(log, "SCHEMA", 3), patch.object(log, "UPCASTERS", {1: named, 2: shouted}):
        old = decode(b'{"kind":"LeadChanged","leader":"uada"}', schema=1)
        newer = decode(b'{"kind":"LeadChanged","lead":"uada"}', schema=2)
    assert old == newer == ev.LeadChanged(lead=ADA)


def test_every_schema_before_this_one_has_its_upcaster() -> None:
    assert sorted(ev.UPCASTERS) == list(range(1, ev.SCHEMA))


def test_a_new_kind_of_event_raises_the_schema_so_that_an_older_replica_leaves_its_log_alone() -> None:
    assert (ev.SCHEMA, len(EVENTS)) == (3, 105), "the last release knew fewer: raise SCHEMA once, and this with it"


def test_a_log_of_the_last_release_reads_as_it_was_written() -> None:
    story = Story()
    story.watching()
    story.ask(cmd.Resolve(summary="back"))
    for entry in story.log:
        assert decode(encode(entry.event), schema=2) == entry.event


def test_the_rehearsal_of_an_incident_from_before_an_upgrade_keeps_its_arguments() -> None:
    rehearse = {"arguments": {"environment": "staging"}, "max_age": 3600.0}
    rollback = {"type": "action", "call": "flags.set", "scope": "s", "done_when": {}, "rehearse": rehearse}
    runbook = {
        "id": "book", "version": 1, "title": "A book", "failure_mode": "performance", "owner": "ml",
        "summary": "Look.",
        "steps": [
            {"id": "ask", "phase": "check", "spec": {"type": "task", "text": "Ask"}},
            {"id": "rollback", "phase": "remediate", "spec": rollback},
        ],
    }  # fmt: skip
    event = decode(msgspec.json.encode({"kind": "RunbookAttached", "runbook": runbook}), schema=1)
    assert isinstance(event, ev.RunbookAttached)
    spec = event.runbook.steps[1].spec
    assert isinstance(spec, Action)
    assert spec.rehearse == Rehearsal(arguments={"environment": "staging"}, max_age=3600.0)
    assert decode(b'{"kind":"RunbookKept","runbook":"book"}', schema=1) == ev.RunbookKept(runbook="book")


def test_what_could_never_be_read_again_is_not_written() -> None:
    infinite = Tallied(n=2, squares=float("inf"))
    look = ev.WatchLooked(step="day", attempt=1, verdict="ok", because="", tallies={"quality": infinite})
    with pytest.raises(msgspec.ValidationError, match="squares"):
        encode(look)
    unknown = ev.WatchLooked(step="day", attempt=1, verdict="ok", because="", value=float("nan"))
    assert decode(encode(unknown)) == replace(unknown, value=None), "where nothing may stand, nothing is read"
