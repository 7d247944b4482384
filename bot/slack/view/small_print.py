"""The card's last line: who leads, whose yes is needed, and by which runbook it goes."""

from __future__ import annotations

from bot.incidents.counting import approvals
from bot.incidents.deciding.actions import approvers_of
from bot.incidents.incident import Incident
from bot.incidents.walk import standing, suggestion, the_action
from bot.runbooks.schema import Action, Choice, Step
from bot.slack.view import evidence
from bot.slack.view.service_links import service_links
from bot.slack.view.silences import silences
from bot.slack.view.surface import Workplace
from bot.slack.view.text import people, person, said


def small_print(incident: Incident, workplace: Workplace) -> list[str]:
    """The parts of the line; never empty."""
    parts = [f"Lead {person(incident.lead)}"] if incident.lead else []
    if incident.status == "open":
        parts += _approval(incident)
    parts += silences(incident)
    parts += _not_linked(incident)
    if incident.runbook is not None:
        parts.append(said(f"runbook {incident.runbook.id} v{incident.runbook.version}{_before(incident)}", 160))
    else:
        parts.append("no runbook matched")
    if incident.tier is not None:
        parts.append(f"tier {incident.tier}")
    if evidence.blind(incident) and incident.status == "open":
        parts.append("For next time: `evenkeel doctor`")
    parts += service_links(incident)
    if incident.held:
        parts.append("legal hold: nothing of it is erased")
    if workplace.sandbox:
        parts.append("synthetic data")
    return parts


def _before(incident: Incident) -> str:
    """``, before it generic v1``: what was walked until another runbook or version came."""
    earlier = [f"{pin.id} v{pin.version}" for pin in incident.pins[:-1]]
    return f", before it {', '.join(earlier[-2:])}" if earlier else ""


def _may_come(incident: Incident, action: Step) -> bool:
    """Whether nothing speaks against the action: what is suggested leads to it, or answers another question."""
    suggested = suggestion(incident)
    asks = incident.runbook.step(suggested.step) if suggested and incident.runbook else None
    if suggested is None or asks is None or not isinstance(asks.spec, Choice):
        return True
    leads = {name for name, option in asks.spec.options.items() if option.goto == action.id}
    return not leads or suggested.option in leads


def _approval(incident: Incident) -> list[str]:
    """Whose yes the action will need; said before anybody asks for it."""
    step = the_action(incident)
    if step is None or not isinstance(step.spec, Action) or incident.state(step.id).action is not None:
        return []
    if standing(incident, step) == "passed" or not _may_come(incident, step):
        return []
    approval = step.spec.approval
    if approval is None:
        return ["Needs no approval"]
    needs = f"Needs {approvals(approval.count)}"
    named = approvers_of(incident, approval)
    if named:
        asking = "asking mentions {} here" if incident.place == "guest" else "asking pages {}"
        return [f"{needs}; {asking.format(people(named))}"]
    if "anyone" not in approval.approvers:
        return ["Nobody is known who may approve; see oncall in evenkeel.yaml"]
    return [f"{needs}, by anyone but whoever asks" if approval.not_requester else f"{needs}, by anyone"]


def _not_linked(incident: Incident) -> list[str]:
    """Where the incident's address should stand, and does not."""
    failed = {to.partition(":")[2]: state.because for to, state in incident.linked.items() if state.because}
    return [f":warning: {said(name, 60)} has no link to this: {said(why, 120)}" for name, why in failed.items()]
