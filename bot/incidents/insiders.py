"""Who belongs to an incident: whom it invites, and who may read of it where it is private."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.mentions import is_user
from bot.incidents.oncall import all_resolved, on_call


def insiders(incident: Incident) -> tuple[str, ...]:
    """Slack user ids: those the configuration names, who leads, whoever has to say yes, and who is called.

    Of a private one also whoever did something there, and may read of it: who took it away from where everybody
    reads would else stand outside, and where nobody else is known it would be nobody's.
    """
    approvers = [who for state in incident.steps.values() if state.action for who in state.action.approvers]
    called = [who for page in incident.pages.values() for who in page.to]
    reminded = [who for state in incident.steps.values() for to in state.reminded for who in to]
    paged = (*(on_call(incident) if incident.help else ()), *called, *reminded)
    invited = (*incident.invite, *all_resolved(incident, (*incident.invite, f"oncall:{incident.owner}")))
    opener = incident.triage.opened_by if incident.triage else ""
    asked = (*invited, incident.lead, incident.acknowledged_by, incident.opened_by, opener, *approvers, *paged)
    asked += tuple(incident.acted) if incident.private else ()
    return tuple(dict.fromkeys(who for who in asked if is_user(who)))


def may_read(incident: Incident, user: str, *, channel: str = "") -> bool:
    """Whether ``user`` may be told what the incident is about, in answer to what was typed in ``channel``.

    Everybody, unless it is private; then who is in its channel, belongs to it or did something there. Where nobody
    is known who does, whoever asks may: somebody has to be able to take it.
    """
    if not incident.private or (channel and channel == incident.channel):
        return True
    known = insiders(incident)
    return not known or user in known or user in incident.acted


def keeper(incident: Incident) -> str:
    """In whose direct messages a private incident lives that Slack gives no channel; empty if nobody is known.

    Whoever leads or is on it, then who is on call for its owner, then whoever is invited first.
    """
    owners = incident.people.get(f"oncall:{incident.owner}", ())
    first = (incident.lead, incident.acknowledged_by, *owners, *insiders(incident))
    return next((who for who in first if is_user(who)), "")
