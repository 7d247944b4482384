"""What changes when alerts join, end or flap, and when incidents become one, or two."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.together import Merged, flap_key

#: so many names of alerts the head remembers of those that joined last
_NAMES = 5
#: so many alerts are said to flap; a rule that makes more of them is the trouble itself
MOST_FLAPPING = 20


def _attached(head: Incident, event: ev.AlertsAttached, entry: ev.Entry) -> Changes:
    known = head.together
    alerts = event.count - event.reports
    now: dict[str, Any] = {
        "firing": max(known.firing + alerts - event.instead, 0),
        "quiet_since": entry.at if known.quiet_since and not alerts else None,  # reports begin the quiet time anew
        "proposed_at": None,
        "kept_open_by": "",
    }
    if head.alerts and alerts > event.again:
        now |= {"joined": event.names[:_NAMES], "joined_at": entry.at}
    first = head.reported_first or (not head.alerts and event.count == event.reports and head.source != "slack")
    told = {"reports": head.reports + event.reports, "reported_first": first} if event.reports else {}
    firing = head.firing if head.alerts and not alerts else True
    return {"alerts": head.alerts + event.count - event.again, "firing": firing, **told} | _known(head, **now)


def _resolved(head: Incident, event: ev.AlertsResolved, entry: ev.Entry) -> Changes:
    return _left(head, event.firing, entry)


def _left(head: Incident, firing: int, entry: ev.Entry) -> Changes:
    """So many alerts still fire; with the last of them it becomes quiet."""
    since = None if firing else head.together.quiet_since or entry.at
    return {"firing": firing > 0} | _known(head, firing=firing, quiet_since=since)


def _known(head: Incident, **changes: Any) -> Changes:
    return {"together": replace(head.together, **changes)}


def _flapping(head: Incident, event: ev.FlappingSeen, _: ev.Entry) -> Changes:
    if len(head.together.flapping) >= MOST_FLAPPING:
        return {}
    named = {flap_key(event.source, event.fingerprint): event.name}
    return _known(head, flapping={**head.together.flapping, **named})


def _proposed(head: Incident, _: ev.ResolveProposed, entry: ev.Entry) -> Changes:
    return _known(head, proposed_at=entry.at)


def _held_back(head: Incident, event: ev.AlertsHeldBack, entry: ev.Entry) -> Changes:
    """Once none is kept quiet any more the quiet time begins anew."""
    since = entry.at if head.together.quiet_since and not event.why else head.together.quiet_since
    return _known(head, held_back=event.why, quiet_since=since, proposed_at=None)


def _kept(head: Incident, _: ev.KeptOpen, entry: ev.Entry) -> Changes:
    """Whoever proposed the end is answered: the other tool, or the quiet, which may come later."""
    if not head.theirs.proposes:
        return _known(head, kept_open_by=entry.by, proposed_at=None)
    *before, last = head.theirs.turns
    theirs = replace(head.theirs, turns=(*before, replace(last, kept_by=entry.by)))
    quiet = _known(head, kept_open_by=entry.by, proposed_at=None) if head.together.quiet_since else {}
    return {"theirs": theirs} | quiet


def _merged(head: Incident, event: ev.IncidentMerged, entry: ev.Entry) -> Changes:
    known = head.together
    gone_on = Merged(number=event.number, title=event.title, service=event.service, at=entry.at, seq=entry.seq)
    more: dict[str, Any] = {"merged": (*known.merged, gone_on), "firing": known.firing + event.firing}
    if event.firing:
        more |= {"quiet_since": None, "proposed_at": None, "kept_open_by": ""}
    return {
        "alerts": head.alerts + event.alerts, "reports": head.reports + event.reports,
        "firing": head.firing or event.firing > 0,
        "invite": tuple(dict.fromkeys((*head.invite, *event.people))), **_known(head, **more),
    }  # fmt: skip


def _into(head: Incident, event: ev.MergedInto, entry: ev.Entry) -> Changes:
    """It is over here; its alerts are not its own any more."""
    gone = {
        "firing": 0,
        "quiet_since": None,
        "proposed_at": None,
        "into": event.number,
        "into_channel": event.channel,
    }
    return {"status": "merged", "status_at": entry.at, "status_by": entry.by, "firing": False, **_known(head, **gone)}


def _split_off(head: Incident, event: ev.AlertsSplitOff, entry: ev.Entry) -> Changes:
    left = _left(head, event.firing, entry)
    off = replace(left["together"], split_off=(*head.together.split_off, event.number))
    rest = {"alerts": max(head.alerts - event.count, 0), "reports": max(head.reports - event.reports, 0)}
    return left | rest | {"together": off}


def _split_from(head: Incident, event: ev.SplitFrom, _: ev.Entry) -> Changes:
    return _known(head, split_from=event.number)


CHANGES: Table = {
    ev.AlertsAttached: _attached,
    ev.AlertsResolved: _resolved,
    ev.FlappingSeen: _flapping,
    ev.ResolveProposed: _proposed,
    ev.AlertsHeldBack: _held_back,
    ev.KeptOpen: _kept,
    ev.IncidentMerged: _merged,
    ev.MergedInto: _into,
    ev.AlertsSplitOff: _split_off,
    ev.SplitFrom: _split_from,
}
