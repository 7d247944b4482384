"""People told: who was on call, who was called for what and by which pager, who heard that something is overdue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev
from bot.incidents.events.paging import IN_SLACK
from bot.incidents.telling.steps import told

_CALLED_FOR = {
    "opening": "to come", "help": "to help", "approval": "for a yes to {step}",
    "breach": "because the budget of {step} is used up",
}  # fmt: skip


def on_call(event: ev.OnCallSeen) -> str:
    """Who is behind a name, or why nobody can be told."""
    name = event.who.partition(":")[2]
    if not event.people:
        return told(f"who is on call for {name} is not known", event.because)
    return f"on call for {name}: {_them(event.people)}"


def _paged(event: ev.Paged) -> str:
    whom = _them(event.to) or " and ".join(name.partition(":")[2] for name in event.names) or "whoever is on call"
    what = _CALLED_FOR[event.what].format(step=event.step)
    if event.because:
        return f"{event.how} could not page {whom} {what}: {event.because}"
    again = " again" if event.round > 1 else ""
    return f"paged {whom}{again} {what}{'' if event.how == IN_SLACK else f', by {event.how}'}"


def _quieted(event: ev.PagerQuieted) -> str:
    return f"{event.how} may still ring: {event.because}" if event.because else f"{event.outcome} at {event.how}"


def _overdue(event: ev.StepOverdue) -> str:
    whom = _them(event.to)
    return f"{event.step} is overdue{f'; told {whom}' if whom else ''}"


def _them(users: tuple[str, ...]) -> str:
    return " and ".join(f"<@{user}>" for user in users)


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.OnCallSeen: on_call,
    ev.Paged: _paged,
    ev.PagerQuieted: _quieted,
    ev.StepOverdue: _overdue,
}
