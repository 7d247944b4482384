"""Whether an incident that waits in triage is opened, and by whom first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.commands.triage import DismissTriage, OpenTriage, RenewTriage
from bot.incidents.incident import Incident
from bot.incidents.mentions import is_user
from bot.incidents.stamps import stamp

Events = tuple[ev.AnyEvent, ...]


def open_it(incident: Incident, command: OpenTriage, _: str, __: datetime) -> Events:
    """It is open; of several who press at once, the first one opened it."""
    _still_waits(incident)
    since = incident.together.quiet_since
    if since is not None and not command.anyway:
        raise Refused(
            "over",
            f"Its alerts have been over since {stamp(since)}; nothing was opened. "
            f"The command `open {incident.key}` opens it.",
        )
    return (ev.TriageOpened(),)


def dismiss(incident: Incident, command: DismissTriage, _: str, __: datetime) -> Events:
    """Its announcement says who says so; its alerts are still counted."""
    _still_waits(incident)
    waits = incident.triage
    if waits is not None and waits.dismissed_by and command.muted_until is None:
        raise Refused("already", f"<@{waits.dismissed_by}> said so already.")
    if waits is not None and waits.muted_until is not None:
        raise Refused("already", f"<@{waits.dismissed_by}> muted it already, until {stamp(waits.muted_until)}.")
    return (ev.TriageDismissed(muted_until=command.muted_until, mute=command.mute),)


def renew(incident: Incident, _: RenewTriage, __: str, ___: datetime) -> Events:
    """Its buttons are back, in a message that people see come."""
    _still_waits(incident)
    return (ev.TriageRenewed(),)


def _still_waits(incident: Incident) -> None:
    """Raises ``Refused`` with who was quicker, or how it ended."""
    if incident.status == "triage":
        return
    waits, where = incident.triage, f": <#{incident.channel}>" if incident.channel else ""
    if waits is None or waits.opened_at is None:
        raise Refused("already", not_waiting(incident))
    who = f"<@{waits.opened_by}>" if is_user(waits.opened_by) else "Its alerts"
    raise Refused("already", f"{who} opened {incident.key} at {stamp(waits.opened_at)}{where}.")


def not_waiting(incident: Incident) -> str:
    """Why there is nothing to open."""
    if incident.status == "open":
        return f"{incident.key} is open."
    at = f" at {stamp(incident.status_at)}" if incident.status_at else ""
    if incident.status == "cancelled" and incident.unopened:
        how = f"went away by itself{at}: its alerts were over"
        if is_user(incident.status_by):
            how = f"was closed as a false alarm by <@{incident.status_by}>{at}"
        return f"{incident.key} {how}. The command `reopen {incident.key}` and why opens it."
    return f"{incident.key} is {incident.status}{at}."


def waits_for_somebody(incident: Incident) -> str:
    """What whoever asks more of it is told."""
    hint = f"Press Open first, or type the command `open {incident.key}`."
    return f"{incident.key} is announced and nobody has opened it yet. {hint}"


def ended(incident: Incident, _: ev.TriageEnded, now: datetime) -> bool:
    """Whether it may end by itself: no alert fires, for long enough."""
    waits, since = incident.triage, incident.together.quiet_since
    if incident.status != "triage" or waits is None or since is None:
        return False
    return now >= since + timedelta(seconds=waits.keeps)


def renewed(incident: Incident, _: ev.TriageRenewed, now: datetime) -> bool:
    """Whether the mute is over and its alerts still fire."""
    until = incident.triage.muted_until if incident.triage else None
    return incident.status == "triage" and until is not None and now >= until and incident.firing


def unseen(incident: Incident) -> bool:
    """Whether its announcement was refused, and there is no other place to try."""
    waits = incident.triage
    shown = waits is not None and waits.announced and incident.firing
    return incident.status == "triage" and shown and "announcement" in incident.refused and not incident.announce_in


def opened(incident: Incident, _: ev.TriageOpened, __: datetime) -> bool:
    """Whether it may be opened by itself."""
    return unseen(incident)


RULES: dict[type, Callable[[Incident, Any, str, datetime], Events]] = {
    OpenTriage: open_it, DismissTriage: dismiss, RenewTriage: renew,
}  # fmt: skip
