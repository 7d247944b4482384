"""Which charts are drawn now: the newest stage of each, once."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.agenda.work import Found, Work
from bot.incidents.charted import charts_of, stage, worth_drawing
from bot.incidents.incident import Incident
from bot.runbooks.schema import Step


def charting(incident: Incident, step: Step, found: Found) -> None:
    """A measurement's charts, as work of their own: nothing waits for a picture."""
    wanted = [one for one in charts_of(incident.walk(), step) if worth_drawing(one, incident.state(step.id).verdict)]
    if not wanted:
        return
    now_at = stage_of(incident, step, found)
    if any((known := incident.charts.get(one.chart)) is None or known.stage != now_at for one in wanted):
        found.work.append(Work(kind="chart", step=step.id, attempt=incident.state(step.id).attempt))


def stage_of(incident: Incident, step: Step, found: Found) -> str:
    """The newest stage that has begun; those to come are moments to wake at."""
    safe = [state.action.effective for state in incident.steps.values() if state.action and state.action.safe]
    confirmed = max((action.confirmed_at for action in safe if action.confirmed_at), default=None)
    name, later = stage(incident.state(step.id).attempt, confirmed_at=confirmed, ended_at=_ended(incident))
    for begins, later_name in later:
        if not found.reached(begins):
            break
        name = later_name
    return name


def _ended(incident: Incident) -> datetime | None:
    watches = [state.watch for state in incident.steps.values() if state.watch is not None]
    return max((watch.ended_at for watch in watches if watch.ended_at is not None), default=None)
