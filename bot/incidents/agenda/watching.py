"""What a watch asks for: its start, its looks, its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents import events as ev
from bot.incidents.acting import ActionState, WatchState
from bot.incidents.agenda.work import Found, Work
from bot.incidents.incident import Incident
from bot.incidents.walk import standing, starter
from bot.runbooks.schema import Step, Unconfigured, Watch


def watching(incident: Incident, step: Step, found: Found) -> None:
    state = incident.state(step.id)
    if state.watch is None:
        if incident.status == "open" and standing(incident, step) == "open":
            found.due.append(_start(step, state.attempt, found.now))
        return
    action = starter(incident, step)
    acted = incident.state(action.id).action if action is not None else None
    if state.watch.ended_at is not None:
        if incident.status == "open" and acted and acted.safe and _after(acted.effective, state.watch.ended_at):
            found.due.append(_start(step, state.attempt + 1, found.now))
        return
    if acted is not None and acted.effective.undo and acted.effective.phase == "confirmed":
        because = "what it watched was taken back"
        found.due.append(ev.WatchEnded(step=step.id, attempt=state.attempt, verdict="no_data", because=because))
    elif found.reached(state.watch.until):
        found.due.append(_end(step, state.attempt, state.watch))
    elif found.reached((state.watch.looked_at or state.watch.since) + timedelta(seconds=state.watch.every)):
        found.work.append(Work(kind="look", step=step.id, attempt=state.attempt))


def _after(action: ActionState, moment: datetime) -> bool:
    """Whether the action was confirmed since then: done again after it was taken back, it is watched again."""
    return action.confirmed_at is not None and action.confirmed_at > moment


def _start(step: Step, attempt: int, now: datetime) -> ev.WatchStarted:
    """A watch that is not configured runs too: it never looks, and its end a day later says what to add."""
    every, duration = (step.spec.every, step.spec.duration) if isinstance(step.spec, Watch) else (86400.0, 86400.0)
    return ev.WatchStarted(step=step.id, attempt=attempt, until=now + timedelta(seconds=duration), every=every)


def _end(step: Step, attempt: int, watch: WatchState) -> ev.WatchEnded:
    because = watch.because or (step.spec.missing if isinstance(step.spec, Unconfigured) else "nobody could look")
    told = f"{because}; {watch.holds}" if watch.holds else because
    return ev.WatchEnded(step=step.id, attempt=attempt, verdict=watch.verdict, because=told)
