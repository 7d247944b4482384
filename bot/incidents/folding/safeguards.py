"""What changes around an action: what was read, the rehearsal, the ways past the usual rules, dry runs."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.incident import Incident
from bot.incidents.rehearsals import RehearsalState


def _act(head: Incident, step: str, **changes: Any) -> Changes:
    action = head.state(step).action
    return {} if action is None else step_changes(head, step, action=replace(action, **changes))


def _read(head: Incident, event: ev.StateRead, entry: ev.Entry) -> Changes:
    return _act(
        head, event.step, seen=event.calls, foreign=event.foreign, unread=event.because, read_at=entry.at
    )  # fmt: skip


def _started(head: Incident, event: ev.RehearsalStarted, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    target = action.target if action else ""
    return _act(
        head, event.step, rehearsal=RehearsalState(target=target, phase="started", started_at=entry.at)
    )  # fmt: skip


def _rehearsed(head: Incident, step: str, **changes: Any) -> Changes:
    action = head.state(step).action
    if action is None or action.rehearsal is None:
        return {}
    return _act(head, step, rehearsal=replace(action.rehearsal, **changes))


def _looked(head: Incident, event: ev.RehearsalLooked, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    called = action.rehearsal.called_at if action and action.rehearsal else None
    return _rehearsed(
        head, event.step, called_at=called or entry.at, looked_at=entry.at, because=event.because
    )  # fmt: skip


def _finished(head: Incident, event: ev.RehearsalFinished, entry: ev.Entry) -> Changes:
    return _rehearsed(head, event.step, phase=event.outcome, because=event.because, finished_at=entry.at)


def _skipped(head: Incident, event: ev.RehearsalSkipped, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    if action is None:
        return {}
    before = action.rehearsal or RehearsalState(target=action.target, phase="skipped", started_at=entry.at)
    return _act(head, event.step, rehearsal=replace(before, phase="skipped", by=entry.by, finished_at=entry.at))


def _widened(head: Incident, event: ev.ScopeWidened, entry: ev.Entry) -> Changes:
    return _act(head, event.step, widened=event.services, widened_by=entry.by)


def _offered(head: Incident, event: ev.GlassOffered, _: ev.Entry) -> Changes:
    return _act(head, event.step, glass_offered=True)


def _broken(head: Incident, event: ev.GlassBroken, entry: ev.Entry) -> Changes:
    action = head.state(event.step).action
    said_yes = (*action.approved_by, entry.by) if action else ()
    return _act(
        head, event.step, phase="approved", approved_at=entry.at, glass_by=entry.by, approved_by=said_yes
    )  # fmt: skip


def _outside(head: Incident, event: ev.OutsideLooked, entry: ev.Entry) -> Changes:
    return _act(head, event.step, looked_at=entry.at, because=event.because)


def _dry_asked(head: Incident, event: ev.DryRunAsked, _: ev.Entry) -> Changes:
    return step_changes(head, event.step, dry_run=event.number, dry_lines=())


def _dry_told(head: Incident, event: ev.DryRunFinished, _: ev.Entry) -> Changes:
    return step_changes(head, event.step, dry_lines=event.lines)


CHANGES: Table = {
    ev.StateRead: _read,
    ev.RehearsalStarted: _started,
    ev.RehearsalLooked: _looked,
    ev.RehearsalFinished: _finished,
    ev.RehearsalSkipped: _skipped,
    ev.ScopeWidened: _widened,
    ev.GlassOffered: _offered,
    ev.GlassBroken: _broken,
    ev.OutsideLooked: _outside,
    ev.DryRunAsked: _dry_asked,
    ev.DryRunFinished: _dry_told,
}
