"""What the timeline says when alerts come, flap or are over, and when incidents become one, or two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.incidents import events as ev
from bot.personal import without_persons


def alerts(count: int) -> str:
    """``1 alert``, ``3 alerts``."""
    return f"{count} alert{'s' if count != 1 else ''}"


def _named(names: tuple[str, ...]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _attached(event: ev.AlertsAttached) -> str:
    alerts = event.count - event.reports
    names = f" ({', '.join(map(without_persons, event.names))})" if event.names and alerts else ""
    told = [f"{alerts} alert{'s' if alerts != 1 else ''} attached{names}"] if alerts else []
    told += [f"{event.reports} report{'s' if event.reports != 1 else ''} by users"] if event.reports else []
    return ", ".join(told)


def _resolved(event: ev.AlertsResolved) -> str:
    rest = f", {event.firing} still firing" if event.firing else ""
    return f"the source says that {event.count} {'alerts are' if event.count != 1 else 'alert is'} over{rest}"


def _flapping(event: ev.FlappingSeen) -> str:
    name = event.name or "an alert"
    return f"{name} flaps: it began {event.times} times within an hour; from now on it is counted, and not told"


def _merged(event: ev.IncidentMerged) -> str:
    about = f" ({event.service}: {event.title})" if event.title else ""
    return f"merged INC-{event.number}{about} into this incident, with {alerts(event.alerts)}"


def _held_back(event: ev.AlertsHeldBack) -> str:
    if not event.why:
        return "no alert like these is kept quiet any more"
    return f"an alert like these fires and is kept quiet ({event.why}): nothing is proposed meanwhile"


def _split_off(event: ev.AlertsSplitOff) -> str:
    return f"split {alerts(event.count)}{_named(event.names)} off; they go on as INC-{event.number}"


TELLERS: dict[type, Callable[[Any], str]] = {
    ev.AlertsAttached: _attached,
    ev.AlertsResolved: _resolved,
    ev.FlappingSeen: _flapping,
    ev.ResolveProposed: lambda _: "no alert fires any more; proposed to resolve",
    ev.AlertsHeldBack: _held_back,
    ev.KeptOpen: lambda _: "keeps it open although no alert fires",
    ev.IncidentMerged: _merged,
    ev.MergedInto: lambda e: f"merged it into INC-{e.number}, where it goes on",
    ev.AlertsSplitOff: _split_off,
    ev.SplitFrom: lambda e: f"split it off INC-{e.number}",
}
