"""What an incident waits for, in words: its agenda at the moment at which it wakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.incidents import events as ev
from bot.incidents.agenda import Agenda, WorkKind, agenda
from bot.incidents.incident import Incident

_WORK: Final[Mapping[WorkKind, str]] = {
    "versions": "read again which version serves",
    "measure": "measure {step}",
    "act": "carry out {step}",
    "confirm": "see whether {step} took effect",
    "settle": "find out what became of {step}",
    "look": "look at what {step} watches",
    "chart": "draw the chart of {step}",
    "jump": "see whether what is measured moved with the release",
    "readiness": "ask which earlier versions are ready",
    "read": "read what {step} would change",
    "rehearse": "rehearse {step} in staging",
    "outside": "see what was done outside for {step}",
    "dry_run": "make a dry run of {step}",
    "oncall": "ask who is on call",
    "page": "ring the pager",
    "hush": "tell the pager that it may be quiet",
    "silence": "silence its alerts where they come from",
    "silence_look": "see whether the silenced alerts still fire",
    "unsilence": "end the silence of its alerts",
    "unsilence_some": "end the silence of what was split off",
    "link": "leave the incident's address where its alerts come from",
    "archive": "see whether anybody still writes in its channel, which is archived if nobody does",
}
_DUE: Final[Mapping[type, Callable[[Any], str]]] = {
    ev.ApprovalLapsed: lambda event: f"the request for {event.step} lapses",
    ev.ApprovalRequested: lambda event: f"{event.step} asks to begin by itself",
    ev.Approved: lambda event: f"{event.step} begins by itself, by the runbook",
    ev.Declined: lambda event: f"{event.step} does not begin by itself",
    ev.GlassOffered: lambda event: f"the lead may break the glass for {event.step}",
    ev.RehearsalStarted: lambda event: f"the rehearsal of {event.step} begins",
    ev.BudgetSpent: lambda event: f"the budget of {event.step} is {'used up' if event.breached else 'used to 80 %'}",
    ev.Paged: lambda event: "call again whoever has to answer" if event.round > 1 else "call the next people",
    ev.Resolved: lambda _: "it is resolved, if no alert fires until then",
    ev.ResolveProposed: lambda _: "ask whether it is over, if no alert fires until then",
    ev.SilenceOver: lambda _: "the silence of its alerts ends",
    ev.StepAssigned: lambda event: f"{event.step} gets its people",
    ev.StepOverdue: lambda event: f"{event.step} is overdue, and somebody is reminded",
    ev.StepRerun: lambda event: f"{event.step} is measured again",
    ev.TriageEnded: lambda _: "the announcement says that its alerts are over",
    ev.TriageOpened: lambda _: "the announcement opens",
    ev.TriageRenewed: lambda _: "it is announced again",
    ev.UpdateDue: lambda event: f"{event.step} is to be told again",
    ev.WaitStarted: lambda event: f"the wait {event.step} begins",
    ev.WaitEnded: lambda event: f"the wait {event.step} ends",
    ev.WatchStarted: lambda event: f"the watch {event.step} begins",
    ev.WatchEnded: lambda event: f"the watch {event.step} ends",
}


def in_words(asked: Agenda) -> tuple[str, ...]:
    """One phrase for each piece of work and each timer that is due."""
    work = [_WORK[one.kind].format(step=_step(one.step)) for one in asked.work]
    due = [_DUE[type(event)](event) for event in asked.due if type(event) in _DUE]
    return tuple(dict.fromkeys([*due, *work]))


def waits_for(incident: Incident, wake_at: datetime, *, lease_no: int) -> str:
    """What there will be to do at ``wake_at``; if the log knows of nothing, something in Slack had to wait."""
    phrases = in_words(agenda(incident, wake_at, lease_no=lease_no))
    return "; ".join(phrases) or "try again what could not be done or drawn"


def _step(name: str) -> str:
    return name.replace("_", " ") or "the step"
