"""What was done to the model: the record of each rollback, the clocks, and the watches."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.acting import ActionState
from bot.incidents.clocks import clocks as three_clocks
from bot.incidents.incident import Incident
from bot.incidents.stamps import clock_on
from bot.postmortems.document import Clock, RollbackRecord
from bot.postmortems.people import Cast
from bot.postmortems.rounds import Acted, Rounds
from bot.runbooks.schema import Action


def records(log: Rounds, cast: Cast) -> tuple[RollbackRecord, ...]:
    """Every attempt, also those of before a relapse, and those that came to nothing."""
    return tuple(_record(acted, cast) for acted in log.acted)


def _record(acted: Acted, cast: Cast) -> RollbackRecord:
    step, action = acted.step, acted.action
    outcome = {
        "outside": "done outside", "refused": f"not carried out: {cast.told(action.because)}",
        "unknown": "nobody could tell",
    }  # fmt: skip
    running, target = _from_to(action)
    return RollbackRecord(
        step=step.id, outcome=outcome.get(action.phase, action.phase),
        running=running, target=target, requested_at=action.requested_at,
        approved_at=action.approved_at, safe_at=action.confirmed_at,
        budget=step.spec.budget if isinstance(step.spec, Action) else 300.0, breached=action.breached,
        share=action.share, undo=action.undo, rehearsed=_rehearsed(action, cast), yes=_yes(action, cast),
        glass=bool(action.glass_by),
    )  # fmt: skip


def _from_to(action: ActionState) -> tuple[str, str]:
    """The versions; of what is not about versions what became so, and ``as it was``."""
    if action.version:
        return action.running or "?", action.target or "?"
    done = (action.before.target if action.undo and action.before else action.target) or "changed"
    return (done, "as it was") if action.undo else ("as it was", done)


def _rehearsed(action: ActionState, cast: Cast) -> str:
    state = action.rehearsal
    if state is None or state.phase == "started":
        return ""
    if state.phase == "skipped":
        return f"skipped by {cast.role(state.by)}"
    return "passed" if state.phase == "ok" else "failed"


def _yes(action: ActionState, cast: Cast) -> str:
    """Whose yes it was; several of one role are told once."""
    if action.glass_by:
        return f"{cast.role(action.glass_by)}, without an approver"
    if action.approved_at is None:
        return ""
    return " and ".join(dict.fromkeys(cast.role(who) for who in action.approved_by)) or "the runbook"


def clocks(incident: Incident, log: Rounds) -> tuple[Clock, ...]:
    """The durations that are reported; those of an approval are of the action that made it safe last."""

    def since(start: datetime | None, end: datetime | None) -> float | None:
        return (end - start).total_seconds() if start and end else None

    ended = incident.status_at if incident.status != "open" else None
    three = three_clocks(began=incident.began, safe_at=log.safe_at, action=_last(log))
    safe = "until the fix was confirmed in traffic"
    if incident.reopened:
        safe = f"{safe}; it was opened again {'once' if incident.reopened == 1 else f'{incident.reopened} times'}"
    return (
        Clock("detection", since(incident.began, incident.opened_at), "from the alert's own start to the incident"),
        Clock("acknowledgement", since(incident.opened_at, incident.acknowledged_at), "until somebody was on it"),
        Clock("alert to safe", three.alert_to_safe, safe),
        Clock("request to approval", three.request_to_approval),
        Clock("approval to safe", three.approval_to_safe, "the budget"),
        Clock("resolution", since(incident.opened_at, ended), "until a person said that it is over"),
    )


def _last(log: Rounds) -> ActionState | None:
    """The action that made it safe last; the last one at all if none did."""
    actions = [acted.action for acted in log.acted]
    safe = [action for action in actions if action.confirmed_at and action.confirmed_at == log.safe_at]
    return next(reversed(safe or actions), None)


def watched(incident: Incident, log: Rounds, cast: Cast) -> str:
    """How every watch ended, or until when the last one runs; ``none`` if there was none."""
    told = []
    for watch in log.watches:
        runs = watch.ended_at is None and watch == incident.watch
        standing = f"runs until {clock_on(watch.since)(watch.until)}" if runs else "ended"
        last = f"{watch.verdict.replace('_', ' ')} {cast.told(watch.because)}".strip()
        told.append(f"{standing}; {watch.looks} looks, last: {last}")
    return ". Then ".join(told) or "none"
