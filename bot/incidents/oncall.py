"""Names become people: who is behind ``oncall:NAME``, ``group:ID``, ``role:NAME`` and ``user:ID`` in an incident."""

from __future__ import annotations

from collections.abc import Iterable

from bot.incidents.incident import Incident
from bot.incidents.rota import Rota
from bot.incidents.walk import acts
from bot.runbooks.schema import Action


def resolved(incident: Incident, who: str) -> tuple[str, ...]:
    """The Slack user ids behind a name, as far as the incident knows them. A role is the lead's or the owner's."""
    kind, _, name = who.partition(":")
    if kind == "user":
        return (name,)
    if who == "role:owner":
        return owners(incident)
    if kind == "role":
        return (incident.lead,) if incident.lead else ()
    return incident.people.get(who, ())


def all_resolved(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    """The people behind several names, each once."""
    return tuple(dict.fromkeys(who for name in names for who in resolved(incident, name)))


def owner_names(incident: Incident) -> tuple[str, ...]:
    """``oncall:NAME`` of whoever owns the service, and of the runbook's owner."""
    named = (incident.owner, incident.runbook.owner if incident.runbook else "")
    return tuple(dict.fromkeys(f"oncall:{owner}" for owner in named if owner))


def owners(incident: Incident) -> tuple[str, ...]:
    """Who is on call for the service and for its runbook."""
    return tuple(dict.fromkeys(who for name in owner_names(incident) for who in incident.people.get(name, ())))


def on_call(incident: Incident) -> tuple[str, ...]:
    """The owners; everybody on call if there is nobody."""
    return owners(incident) or tuple(dict.fromkeys(who for group in incident.people.values() for who in group))


def rota_of(incident: Incident, who: str) -> Rota | None:
    """Where the people behind a name are found; None for names that nobody has to be asked about."""
    if who.startswith("group:"):
        return Rota(source="slack_group", name=who.removeprefix("group:"))
    rota = incident.rotas.get(who)
    return rota if rota is not None and rota.asked else None


def pagers_of(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    """What rings for these names; a role rings as the owner's."""
    meant = [one for name in names for one in (owner_names(incident) if name == "role:owner" else (name,))]
    found = (incident.rotas[name].pager for name in meant if name in incident.rotas)
    return tuple(dict.fromkeys(pager for pager in found if pager))


def to_ask(incident: Incident) -> tuple[str, ...]:
    """The names that the incident may need and whose people somebody outside knows."""
    named = [*owner_names(incident), *incident.escalation, *incident.invite]
    for step in incident.walk():
        named += [*([step.assign] if step.assign else ()), *step.escalate]
        if isinstance(step.spec, Action) and step.spec.approval is not None:
            named += step.spec.approval.approvers
    return tuple(dict.fromkeys(name for name in named if rota_of(incident, name) is not None))


def unknown(incident: Incident, names: Iterable[str]) -> dict[str, str]:
    """Names behind which nobody is known, and why; empty while it is still being asked."""
    found = {}
    for name in names:
        seen = incident.seen.get(name)
        if seen is not None and seen.because and not resolved(incident, name):
            found[name] = seen.because
    return found


def being_asked(incident: Incident, names: Iterable[str]) -> bool:
    """Whether it was never answered who some of these are, and will be in a moment."""
    meant = [one for name in names for one in (owner_names(incident) if name == "role:owner" else (name,))]
    return any(rota_of(incident, name) is not None and name not in incident.seen for name in meant)


def may_still_act(incident: Incident) -> bool:
    """Whether the runbook has an action that is not done: people may be needed for it."""
    steps = [step for step in incident.walk() if acts(step)]
    states = [incident.state(step.id) for step in steps]
    return any(state.phase != "skipped" and not (state.action and state.action.safe) for state in states)
