"""What changes when the runbook is walked."""

from __future__ import annotations

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.incident import Incident, StepState, Versions
from bot.incidents.told import HelpState


def _runbook(_: Incident, event: ev.RunbookAttached, __: ev.Entry) -> Changes:
    return {"runbook": event.runbook}


def _versions(head: Incident, event: ev.VersionsSeen, _: ev.Entry) -> Changes:
    before = head.versions
    same = before is not None and (before.running is None) == (event.running is None)
    tries = (before.tries if before is not None and same else 0) + 1 if event.again_at else 0
    seen = Versions(
        running=event.running, target=event.target, shares=event.shares, because=event.because,
        again_at=event.again_at, tries=tries, candidates=event.candidates, aliases=event.aliases,
        unsure=event.unsure, says=event.says,
    )  # fmt: skip
    return {"versions": seen}


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
    return step_changes(head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.answer)


def _skipped(head: Incident, event: ev.StepSkipped, entry: ev.Entry) -> Changes:
    return step_changes(head, event.step, phase="skipped", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason)


def _chosen(head: Incident, event: ev.Chosen, entry: ev.Entry) -> Changes:
    return step_changes(
        head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq, text=event.reason,
        choice=event.option,
    )  # fmt: skip


def _help(head: Incident, event: ev.HelpAsked, entry: ev.Entry) -> Changes:
    asked = HelpState(seq=entry.seq, by=entry.by, at=entry.at, step=event.step, reason=event.reason)
    return {"help": (*head.help, asked)}


CHANGES: Table = {
    ev.RunbookAttached: _runbook,
    ev.VersionsSeen: _versions,
    ev.StepMeasured: _measured,
    ev.StepRerun: _rerun,
    ev.StepAssigned: _assigned,
    ev.StepDone: _done,
    ev.StepSkipped: _skipped,
    ev.Chosen: _chosen,
    ev.HelpAsked: _help,
}
