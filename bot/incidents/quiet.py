"""When no alert fires any more: from when on it may be proposed to resolve, and when that happens by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents.acting import IN_FLIGHT
from bot.incidents.incident import Incident


def quiet_since(incident: Incident) -> datetime | None:
    """Since when no alert fires, the fix was watched to its end, and nothing is on its way; None: one of these is.

    An alert like its own that a mute or a window keeps quiet fires, too.

    A watch that runs sees more than alerts do, so nothing is proposed before its end.
    """
    since = incident.together.quiet_since
    if incident.status != "open" or since is None or incident.together.kept_open_by or incident.together.held_back:
        return None
    if incident.watch is not None or _on_its_way(incident):
        return None
    ends = (state.watch.ended_at for state in incident.steps.values() if state.watch)
    return max([since, *(end for end in ends if end is not None)])


def proposes_at(incident: Incident) -> datetime | None:
    """When it will be proposed to resolve, if nothing fires until then."""
    since = quiet_since(incident)
    if since is None or incident.together.proposed_at is not None:
        return None
    return since + timedelta(seconds=incident.together.proposes_after)


def resolves_at(incident: Incident) -> datetime | None:
    """When it is resolved unless somebody says no; None: a person has to. Safety is never resolved by itself."""
    known, since = incident.together, quiet_since(incident)
    if since is None or known.proposed_at is None or known.resolves_after is None or is_safety(incident):
        return None
    return max(known.proposed_at, since + timedelta(seconds=known.resolves_after))


def is_safety(incident: Incident) -> bool:
    """Whether people may come to harm: by the alert's failure mode, or by the runbook that is walked.

    What is private counts too: it may have turned out to be about safety, or a safety incident was merged into it.
    """
    modes = (incident.failure_mode, incident.runbook.failure_mode if incident.runbook else "")
    return incident.private or "safety" in modes


def _on_its_way(incident: Incident) -> bool:
    return any(s.action.phase in IN_FLIGHT for s in incident.steps.values() if s.action is not None)
