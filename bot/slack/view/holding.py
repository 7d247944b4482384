"""What holds the walk up: a wait, a step that failed and stopped it, a runbook that asks for what it cannot know."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.incidents.agenda.waiting import LACKING
from bot.incidents.incident import Incident
from bot.incidents.jumps import stopped
from bot.incidents.naming import missing_inputs
from bot.incidents.walk import acts, waits
from bot.runbooks.schema import Compare, Step, Wait
from bot.slack.view import asking
from bot.slack.view.blocks import actions, button, section
from bot.slack.view.text import at, joined, on, said
from bot.slack.view.wording import in_a_sentence, led_in, step_name


def holding(incident: Incident) -> list[Block]:
    """Every one of them with what can be pressed."""
    drawn: list[Block] = []
    halt = stopped(incident)
    if halt is not None:
        drawn += [section([_halted(incident, halt)]), actions(_out_of(incident, halt))]
    for step in running_waits(incident):
        skip = button("Skip the wait", "step.skip", asking.ref(incident, step))
        drawn += [section([waiting(incident, step)]), actions([skip])]
    return drawn


def running_waits(incident: Incident) -> list[Step]:
    """The waits that were begun and are not over."""
    begun = ((step, incident.state(step.id)) for step in incident.walk() if waits(step))
    return [step for step, state in begun if state.phase == "open" and state.wait and state.wait.ended_at is None]


def waiting(incident: Incident, step: Step) -> str:
    """``Labels: waiting until 14:20``, and what for."""
    state = incident.state(step.id)
    until = on(state.wait.until) if state.wait else "later"
    why = f" {said(step.why, 140)}" if step.why else ""
    again = _measured_again(incident, step)
    latest = " at the latest" if isinstance(step.spec, Wait) and step.spec.until is not None else ""
    return f":hourglass_flowing_sand: {led_in(step, incident)} waiting until {until}{latest}.{why}{again}"


def _measured_again(incident: Incident, step: Step) -> str:
    walk = incident.walk()
    before = (other for other in walk[: walk.index(step)] if isinstance(other.spec, Compare))
    lacking = (other for other in before if incident.state(other.id).verdict in LACKING)
    names = [said(in_a_sentence(step_name(other, incident)), 60) for other in lacking]
    return f" Then {joined(names)} is made again." if names else ""


def _halted(incident: Incident, step: Step) -> str:
    state = incident.state(step.id)
    because = state.action.because if state.action is not None else state.because
    why = f": {said(because, 200)}" if because else ""
    again = f" It is tried again {at(state.again_at)}." if state.again_at else ""
    return f":octagonal_sign: {led_in(step, incident)} failed{why}.{again} The steps after it wait until you decide."


def _out_of(incident: Incident, step: Step) -> list[InteractiveElement]:
    again = "Request it again" if acts(step) else "Measure again"
    ref = asking.ref(incident, step)
    return [button(again, "step.run", ref), button("Go on without it", "step.skip", ref)]


def asked_for(incident: Incident) -> list[str]:
    """What the runbook asks for, as questions."""
    return [said(asked.ask or f"{name.replace('_', ' ')}?", 120) for name, asked in missing_inputs(incident).items()]
