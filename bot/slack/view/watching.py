"""The watch: the fix is in place and nothing is resolved yet."""

from __future__ import annotations

from bot.incidents.acting import WatchState
from bot.incidents.incident import Incident
from bot.incidents.walk import watches
from bot.runbooks.schema import Step, Watch
from bot.slack.view.text import at, on, said
from bot.slack.view.wording import WATCHING, metric, step_name


def watching(incident: Incident, *, word: str = "*Watching*") -> list[str]:
    """Until when the fix is watched, and what the last look saw; nothing if no watch runs."""
    running = next(((step, w) for step, w in watched(incident) if w.ended_at is None), None)
    if running is None:
        return []
    step, watch = running
    not_yet = "" if incident.status == "resolved" else " Not resolved yet."
    until = f"until {on(watch.until)}"
    if not isinstance(step.spec, Watch):
        return [f"{WATCHING} {word} by hand {until}.{not_yet} Nothing to measure is configured."]
    line = f"{WATCHING} {word} {said(what(step, incident), 100)} {until}.{not_yet}"
    if watch.looked_at is None:
        return [line]
    holds = [said(watch.holds[:1].upper() + watch.holds[1:])] if watch.holds else []
    return [line, f"Last look {at(watch.looked_at)}: {said(watch.because or watch.verdict)}", *holds]


def watch_ended(incident: Incident) -> list[str]:
    """How the watches ended that are over."""
    return [
        f"The watch ended {on(watch.ended_at)}: {said(watch.because or watch.verdict)}"
        for _, watch in watched(incident) if watch.ended_at is not None
    ]  # fmt: skip


def held(incident: Incident) -> bool:
    """Whether the last watch is over and saw that the fix holds."""
    return incident.watch is None and [watch.verdict for _, watch in watched(incident)][-1:] == ["ok"]


def watched(incident: Incident) -> list[tuple[Step, WatchState]]:
    """The watches that were started, in the runbook's order."""
    states = [(step, incident.state(step.id).watch) for step in incident.walk() if watches(step)]
    return [(step, watch) for step, watch in states if watch is not None]


def what(step: Step, incident: Incident) -> str:
    """What a watch looks at: the names of its metrics."""
    checks = step.spec.checks if isinstance(step.spec, Watch) else ()
    names = [metric(check, incident, step.id) for check in checks]
    return ", ".join(dict.fromkeys(names)) or step_name(step, incident)
