"""The three clocks of a change: alert to safe, request to approval, approval to safe. Seconds, from the log alone."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.incidents.acting import ActionState
from bot.incidents.incident import Incident


class Clocks(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds; None for what it has not come to. ``approval_to_safe`` is what the budget is about."""

    alert_to_safe: float | None = None
    request_to_approval: float | None = None
    approval_to_safe: float | None = None


def clocks(*, began: datetime, safe_at: datetime | None, action: ActionState | None) -> Clocks:
    """The clocks of an incident that began then and was safe then; those of an approval are ``action``'s."""
    return Clocks(
        alert_to_safe=_between(began, safe_at),
        request_to_approval=_between(action.requested_at, action.approved_at) if action else None,
        approval_to_safe=_between(action.approved_at, action.confirmed_at) if action else None,
    )


def clocks_of(incident: Incident) -> Clocks:
    """The clocks since the incident was opened, or opened again last; of the action that made it safe."""
    actions = [state.action.effective for state in incident.steps.values() if state.action]
    made_safe = [one for one in actions if one.confirmed_at and one.confirmed_at == incident.safe_at]
    action = next(reversed(made_safe or actions), None)
    return clocks(began=incident.began, safe_at=incident.safe_at, action=action)


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None
