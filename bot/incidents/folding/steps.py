"""What changes when the runbook is walked."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.acting import WaitState
from bot.incidents.choosing import choose
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.incident import Incident, StepState, Versions
from bot.incidents.kinds import measures, needs_versions
from bot.incidents.told import HelpState
from bot.runbooks.schema import Task


def _versions(head: Incident, event: ev.VersionsSeen, _: ev.Entry) -> Changes:
    before = head.versions
    same = before is not None and (before.running is None) == (event.running is None)
    tries = (before.tries if before is not None and same else 0) + 1 if event.again_at else 0
    seen = Versions(
        running=event.running, target=event.target, shares=event.shares, because=event.because,
        again_at=event.again_at, tries=tries, candidates=event.candidates, aliases=event.aliases,
        unsure=event.unsure, says=event.says, first=event.target, first_unsure=event.unsure,
    )  # fmt: skip
    seen = choose(seen, head.readiness)
    return {"versions": seen, "steps": about_others(head, seen)}


def about_others(head: Incident, seen: Versions) -> dict[str, StepState]:
    """Measurements of versions that are no longer those in question are made anew; what is known else stays."""
    before = head.versions
    known = before is not None and before.running and seen.running
    if not known or before is None or (before.running == seen.running and before.target in (None, seen.target)):
        return head.steps
    anew = {step.id for step in head.walk() if measures(step) and needs_versions(step)}
    return {
        step: StepState(attempt=state.attempt + 1) if step in anew and state.phase == "done" else state
        for step, state in head.steps.items()
    }


def _measured(head: Incident, event: ev.StepMeasured, entry: ev.Entry) -> Changes:
    return step_changes(
        head, event.step, attempt=event.attempt, phase="done", by=entry.by, at=entry.at, verdict=event.verdict,
        because=event.because, value=event.value, baseline=event.baseline, n=event.n, low=event.low,
        high=event.high, target=event.target, again_at=event.again_at, evidence=event.evidence,
    )  # fmt: skip


def _rerun(head: Incident, event: ev.StepRerun, _: ev.Entry) -> Changes:
    return {"steps": {**head.steps, event.step: StepState(attempt=event.attempt)}}


def _assigned(head: Incident, event: ev.StepAssigned, _: ev.Entry) -> Changes:
    return step_changes(head, event.step, assigned=event.to)


def _done(head: Incident, event: ev.StepDone, entry: ev.Entry) -> Changes:
    changes = step_changes(
        head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.answer,
        fields=event.fields,
    )  # fmt: skip
    step = head.runbook.step(event.step) if head.runbook else None
    by_hand = step is not None and isinstance(step.spec, Task) and bool(step.spec.instead_of)
    if by_hand and head.versions is not None:  # a person trained or switched something: the registry may say so
        changes |= {"versions": replace(head.versions, stale=True)}
    return changes


def _skipped(head: Incident, event: ev.StepSkipped, entry: ev.Entry) -> Changes:
    wait = head.state(event.step).wait
    return step_changes(
        head, event.step, phase="skipped", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason,
        wait=replace(wait, ended_at=entry.at) if wait is not None else None,
    )  # fmt: skip


def _chosen(head: Incident, event: ev.Chosen, entry: ev.Entry) -> Changes:
    return step_changes(
        head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason,
        choice=event.option,
    )  # fmt: skip


def _overridden(head: Incident, event: ev.VerdictOverridden, entry: ev.Entry) -> Changes:
    return step_changes(
        head, event.step, phase="done", verdict=event.verdict, overridden=entry.by, text=event.reason, seq=entry.seq,
        again_at=None,
    )  # fmt: skip


def _wait_started(head: Incident, event: ev.WaitStarted, entry: ev.Entry) -> Changes:
    return step_changes(head, event.step, wait=WaitState(since=entry.at, until=event.until))


def _wait_ended(head: Incident, event: ev.WaitEnded, entry: ev.Entry) -> Changes:
    wait = head.state(event.step).wait
    ended = replace(wait, ended_at=entry.at) if wait is not None else None
    return step_changes(head, event.step, wait=ended, phase="done", at=entry.at, because=event.because)


def _update_due(head: Incident, event: ev.UpdateDue, _: ev.Entry) -> Changes:
    """The step is open again, and still says who told it when."""
    return step_changes(head, event.step, phase="open", attempt=event.attempt, reminded=(), overdue_at=None)


def _help(head: Incident, event: ev.HelpAsked, entry: ev.Entry) -> Changes:
    asked = HelpState(seq=entry.seq, by=entry.by, at=entry.at, step=event.step, reason=event.reason)
    return {"help": (*head.help, asked)}


CHANGES: Table = {
    ev.VersionsSeen: _versions,
    ev.StepMeasured: _measured,
    ev.StepRerun: _rerun,
    ev.StepAssigned: _assigned,
    ev.StepDone: _done,
    ev.StepSkipped: _skipped,
    ev.Chosen: _chosen,
    ev.HelpAsked: _help,
    ev.VerdictOverridden: _overridden,
    ev.WaitStarted: _wait_started,
    ev.WaitEnded: _wait_ended,
    ev.UpdateDue: _update_due,
}
