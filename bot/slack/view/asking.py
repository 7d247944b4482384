"""The buttons: what can be pressed for a step, and for the incident as a whole."""

from __future__ import annotations

from slack_sdk.models.blocks import InteractiveElement

from bot.incidents.acting import IN_FLIGHT
from bot.incidents.incident import Incident
from bot.incidents.walk import Suggestion, acts, open_steps, the_action
from bot.runbooks.schema import Action, Choice, Option, Step, Task, Unconfigured, Update
from bot.slack.view.blocks import button, sure, value
from bot.slack.view.text import version
from bot.slack.view.wording import called, option_button

#: A row with more buttons than these wraps twice on a phone.
MOST_OPTIONS = 5


def asked_steps(incident: Incident) -> tuple[Step, ...]:
    """The open steps that are worth asking about: not whether to do what has been done outside meanwhile."""
    return tuple(step for step in open_steps(incident) if not _settled_by_its_action(incident, step))


def _settled_by_its_action(incident: Incident, step: Step) -> bool:
    if not isinstance(step.spec, Choice):
        return False
    actions = (incident.state(option.goto).action for option in step.spec.options.values() if option.goto)
    return any(action is not None and action.safe for action in actions)


def ref(incident: Incident, step: Step) -> str:
    """The value of the step's buttons: the attempt is the action's where there is one."""
    state = incident.state(step.id)
    return value(incident, step.id, state.action.attempt if state.action else state.attempt)


def for_incident(incident: Incident) -> list[InteractiveElement]:
    """``I'm on it``, until somebody leads."""
    if incident.status != "open" or (incident.lead and incident.acknowledged_by):
        return []
    return [button("I'm on it", "incident.ack", value(incident))]


def resolve(incident: Incident) -> InteractiveElement:
    """The way to say that it is over."""
    return button("Resolve", "incident.resolve", value(incident))


def for_step(incident: Incident, step: Step, suggested: Suggestion | None = None) -> list[InteractiveElement]:
    """What can be pressed for one open step."""
    spec = step.spec
    if isinstance(spec, Choice):
        return for_choice(incident, step, suggested)
    if isinstance(spec, Update):
        tell = button("Tell stakeholders", "incident.update", ref(incident, step))
        return [tell, button("Skip", "step.skip", ref(incident, step))]
    if isinstance(spec, Task):
        done, action = ("Answer", "step.answer") if spec.asks else ("Done", "step.done")
        return [
            button(done, action, ref(incident, step)),
            button("Skip", "step.skip", ref(incident, step)),
        ]
    return for_action(incident, step) if acts(step) else []


def for_choice(incident: Incident, step: Step, suggested: Suggestion | None) -> list[InteractiveElement]:
    """The suggested option and the way to the others; all of them if nothing is suggested."""
    spec = step.spec
    if not isinstance(spec, Choice):
        return []
    if suggested is not None and suggested.step == step.id:
        label = option_button(spec.options[suggested.option], incident)
        return [
            button(label, f"step.choose:{suggested.option}", ref(incident, step), style="primary"),
            something_else(incident),
        ]
    return [_option(incident, step, name, option) for name, option in list(spec.options.items())[:MOST_OPTIONS]]


def something_else(incident: Incident) -> InteractiveElement:
    """The way to everything that can be done now."""
    return button("Something else", "incident.tray", value(incident))


def in_the_dark(incident: Incident, step: Step) -> list[InteractiveElement]:
    """What is worth pressing before anything is known; a way back is in the tray, nothing speaks for it yet."""
    spec = step.spec
    if not isinstance(spec, Choice):
        return []
    back = any(option.role == "rollback" for option in spec.options.values())
    shown = {name: o for name, o in spec.options.items() if not back or o.role in ("help", "false_alarm")}
    row = [button("Record finding", "incident.note", value(incident))]
    row += [_option(incident, step, name, option) for name, option in list(shown.items())[:MOST_OPTIONS]]
    others = back and incident.acknowledged_by  # whoever is not on it yet has enough to choose from
    return [*row, something_else(incident)] if others else row


def _option(incident: Incident, step: Step, name: str, option: Option) -> InteractiveElement:
    """An option; where it would lead to an action that is not configured, what a person did instead."""
    leads_to = incident.runbook.step(option.goto) if incident.runbook and option.goto else None
    if option.role == "rollback" and leads_to is not None and not isinstance(leads_to.spec, Action):
        return button("I rolled back outside", "step.outside", ref(incident, leads_to))
    return button(option_button(option, incident), f"step.choose:{name}", ref(incident, step))


def for_action(incident: Incident, step: Step) -> list[InteractiveElement]:
    """What can be pressed for an action, by where it stands."""
    about = ref(incident, step)
    action = incident.state(step.id).action
    outside = button("I did it outside", "step.outside", about)
    skip = button("Skip", "step.skip", about)
    phase = action.phase if action else None
    if isinstance(step.spec, Unconfigured):
        return [outside, skip]
    if phase in ("approved", "started", "written"):
        return []
    if phase == "unknown":
        return for_unknown(about)
    if phase == "requested":
        return [outside]
    target = incident.versions.target if incident.versions else None
    name = step.spec.name if isinstance(step.spec, Action) and step.spec.name else step.id
    to_version = target and isinstance(step.spec, Action) and step.spec.of_version
    to = f" to {version(target)}" if to_version else ""
    again = " again" if action else ""
    return [button(f"Request {name}{to}{again}", "step.run", about), outside, skip]


def for_unknown(about: str) -> list[InteractiveElement]:
    """The three ways out when nobody can tell what happened."""
    return [
        button("Run again", "step.settle:run_again", about),
        button("It is done", "step.settle:done", about),
        button("Undo", "step.undo", about, style="danger"),
    ]


def take_back(incident: Incident, step: Step | None) -> InteractiveElement | None:
    """The way back from an action that is confirmed, where it is known what was there before."""
    action = incident.state(step.id).action if step else None
    if step is None or action is None or not isinstance(step.spec, Action) or step.spec.undo.how == "none":
        return None
    done = action.effective  # a request to take it back that lapsed has changed nothing: it may be made again
    if action.phase in IN_FLIGHT or done.phase != "confirmed" or done.undo:
        return None
    if not done.version:
        until = " Nothing changes until that is approved." if step.spec.approval is not None else ""
        name = called(step)
        question = sure(f"Undo the {name}?", f"Asks to put back what was there before.{until}", yes="Undo it")
        return button(f"Undo the {name}", "step.undo", ref(incident, step), confirm=question)
    if done.running is None:
        return None
    back = version(done.running)
    until = " Nothing changes until that is approved." if step.spec.approval is not None else ""
    asks = f"Asks to go from {version(done.target)} back to {back}.{until}"
    question = sure(f"Put {back} back?", asks, yes=f"Put {back} back")
    return button(f"Undo, back to {back}", "step.undo", ref(incident, step), confirm=question)


def outside(incident: Incident) -> InteractiveElement | None:
    """The way to say that it was done by other means, where something could still be done."""
    step = the_action(incident)
    action = incident.state(step.id).action if step else None
    if step is None or incident.state(step.id).phase != "open":
        return None
    if action is not None and (action.safe or action.phase in ("started", "written")):
        return None
    return button("I did it outside", "step.outside", ref(incident, step))
