"""Whether incidents may become one, or one two, and what both logs say then. Pure; the service moves the rows."""

from __future__ import annotations

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.acting import IN_FLIGHT
from bot.incidents.deciding.over import over
from bot.incidents.fold import worse
from bot.incidents.incident import Incident
from bot.incidents.insiders import insiders
from bot.incidents.mentions import is_user

Events = tuple[ev.AnyEvent, ...]

_GOING = ("open", "triage")


def may_merge(survivor: Incident, other: Incident) -> None:
    """Raises ``Refused`` with a sentence that says what to do instead, if ``other`` cannot go on as ``survivor``."""
    if survivor.number == other.number:
        raise Refused("itself", f"{other.key} is this incident. Name the one that is to go on here.")
    for incident in (survivor, other):
        if incident.status not in _GOING:
            raise Refused("incident_over", over(incident))
    if survivor.status == "triage":
        raise Refused("not_opened", f"Nobody has opened {survivor.key} yet; open it first.")
    instead = f"merge {survivor.key} into it instead, in its own channel"
    for step, state in other.steps.items():
        if state.action is not None and state.action.phase in IN_FLIGHT:
            sentence = f"The action “{step}” is on its way in {other.key}; wait for its outcome, or {instead}."
            raise Refused("action_in_flight", sentence)
    if other.watch is not None:
        raise Refused("watched", f"The fix in {other.key} is being watched, and would not be any more; {instead}.")
    if other.private and not survivor.private:
        raise Refused("private", f"{other.key} is private and {survivor.key} is not; {instead}.")


def merged(survivor: Incident, other: Incident, *, firing: int) -> tuple[Events, Events]:
    """What the logs say of it, ``survivor``'s and ``other``'s. ``firing``: how many of its alerts fire."""
    people = dict.fromkeys((*insiders(other), *(who for who in other.acted if is_user(who))))
    came = ev.IncidentMerged(
        number=other.number, title=other.alert_name or other.title, service=other.service, severity=other.severity,
        alerts=other.alerts, reports=other.reports, firing=firing, people=tuple(people),
    )  # fmt: skip
    raised: Events = ()
    if other.severity and worse(other.severity, survivor.severity) != survivor.severity:
        raised = (ev.SeverityChanged(severity=other.severity, reason=f"{other.key} was merged into it"),)
    held = _held_too(other) if not survivor.held else ()
    return (came, *raised, *held), (ev.MergedInto(number=survivor.number, channel=survivor.channel),)


def may_split(incident: Incident, *, chosen: int, stay: int) -> None:
    """Raises ``Refused`` unless so many ``chosen`` alerts may leave, and so many ``stay``."""
    if incident.status != "open":
        raise Refused("incident_over", over(incident))
    if not chosen:
        raise Refused("empty", "Choose the alerts that are another matter.", field="alerts")
    if not stay:
        raise Refused("everything", "These are all of its alerts: leave at least one here.", field="alerts")


def split_off(number: int, came: ev.AlertsAttached, *, firing: int) -> Events:
    """What the log says of the alerts that came to incident ``number``; ``firing`` of those that stay fire."""
    return (
        ev.AlertsSplitOff(
            number=number, count=came.count, reports=came.reports, fingerprints=came.fingerprints, names=came.names,
            firing=firing,
        ),
    )  # fmt: skip


def split_from(incident: Incident, *, by: str) -> tuple[Events, Events]:
    """What the new log says before and after its alerts: where they were; whoever split them off is on it."""
    mine: Events = (ev.Acknowledged(), ev.LeadChanged(lead=by)) if is_user(by) else ()
    return (ev.SplitFrom(number=incident.number),), (*_held_too(incident), *mine)


def _held_too(incident: Incident) -> Events:
    """What is held stays so wherever its alerts go."""
    return (ev.HoldPlaced(reason=f"{incident.key} is held, whose alerts came here"),) if incident.held else ()
