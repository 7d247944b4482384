"""Stakeholders are told again: the nag of an ``update`` that repeats, as a new message, so that Slack rings."""

from __future__ import annotations

from bot.incidents.incident import Incident, StepState
from bot.runbooks.schema import Step, Update
from bot.slack.view.asking import for_step
from bot.slack.view.blocks import actions, message, section
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, joined, person, said


def telling_again(incident: Incident) -> list[Surface]:
    """One message for each time that it is due again; once they are told it says so."""
    steps = ((step, incident.state(step.id)) for step in incident.walk() if _repeats(step))
    return [_again(incident, step, state) for step, state in steps if state.attempt > 1 and state.at is not None]


def _repeats(step: Step) -> bool:
    return isinstance(step.spec, Update) and step.spec.every is not None


def _again(incident: Incident, step: Step, state: StepState) -> Surface:
    audience = step.spec.audience if isinstance(step.spec, Update) else ()
    whom = said(joined(list(audience)), 120)
    last = f"{at(state.at)} by {person(state.by)}" if state.at else ""
    key = f"again:{step.id}:{state.attempt}"
    if state.phase != "open" or incident.status != "open":
        over = f":mega: {whom[:1].upper()}{whom[1:]}: last told {last}."
        return Surface(key=key, kind="message", content=message(over, [section([over])]), needs=where(incident))
    who = f"{person(incident.lead)}: " if incident.lead else ""
    line = f":mega: {who}tell {whom} again; they were last told {last}."
    content = message(line, [section([line]), actions(for_step(incident, step))])
    return Surface(key=key, kind="message", content=content, needs=where(incident))
