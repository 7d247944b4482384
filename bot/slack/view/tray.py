"""The tray: what can be done now, for whoever asks, shown to nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.incidents.due import due_at
from bot.incidents.incident import Incident
from bot.incidents.jumps import stopped
from bot.incidents.walk import acts, the_action
from bot.runbooks.schema import SEVERITIES, Choice, Step, Update
from bot.slack.view import asking, clock
from bot.slack.view.alerts_seen import went_on
from bot.slack.view.blocks import (
    actions,
    button,
    choice_of,
    choice_of_person,
    context,
    header,
    message,
    section,
    sure,
    value,
)
from bot.slack.view.card import task_line
from bot.slack.view.channel import postmortem_page
from bot.slack.view.holding import holding, running_waits, waiting
from bot.slack.view.surface import Workplace
from bot.slack.view.text import at, link, on, person, said
from bot.slack.view.triage import announced, buttons
from bot.slack.view.watching import watching
from bot.slack.view.wording import in_a_sentence, step_name, title

#: Open tasks that the tray shows with their buttons.
MOST_TASKS = 6


def tray(incident: Incident, workplace: Workplace, *, user: str, now: datetime) -> dict[str, Any]:
    """``text`` and ``blocks`` of the answer to a bare command in an incident's channel."""
    if incident.unopened:
        elements = buttons(incident)
        return message(f"{incident.key} is only announced", announced(incident, workplace, elements=elements))
    drawn = [header(f"{incident.key} · {title(incident)}"), section(_standing(incident, user=user, now=now))]
    drawn += _over(incident, workplace) if incident.status != "open" else _open(incident, user)
    drawn.append(context([f"Or type: `{workplace.command} help`"]))
    return message(f"{incident.key}: what you can do now", drawn)


def _standing(incident: Incident, *, user: str, now: datetime) -> list[str]:
    if incident.status != "open":
        if incident.status == "merged":
            return went_on(incident)
        word = "resolved" if incident.status == "resolved" else "closed as a false alarm"
        ended = f" {at(incident.status_at)}" if incident.status_at else ""
        return [f"{incident.key} was {word} by {person(incident.status_by)}{ended}.", *watching(incident)[:1]]
    leads = "Nobody leads yet."
    if incident.lead:
        leads = "You lead." if incident.lead == user else f"{person(incident.lead)} leads."
    step = the_action(incident)
    under_way = clock.lines(incident, step) if step else []
    return [f"{leads} {_next(incident, now)}", *under_way, *watching(incident)[:1]]


def _next(incident: Incident, now: datetime) -> str:
    steps = asking.asked_steps(incident)
    halt = stopped(incident)
    if halt is not None:
        return f"Next: decide about {said(in_a_sentence(step_name(halt, incident)), 80)}, which failed."
    if not steps:
        held = running_waits(incident)
        return waiting(incident, held[0]) if held else "Next: nothing; the runbook waits for no one."
    step = next((one for one in steps if not one.optional), steps[0])
    due = ""
    moment = due_at(incident, step)
    if moment is not None and step.due is not None:
        when = at(moment) if step.due < 43200 else on(moment)
        due = f", due {when}{' (overdue)' if moment < now else ''}"
    return f"Next: {said(in_a_sentence(step_name(step, incident)), 80)}{due}."


def _open(incident: Incident, user: str) -> list[Block]:
    steps = asking.asked_steps(incident)
    row = [*asking.for_incident(incident), *_decisions(incident, steps)]
    extra = asking.outside(incident)
    if extra is not None and not any(element.action_id == "step.outside" for element in row):
        row.insert(len(asking.for_incident(incident)) + 1, extra)
    back = asking.take_back(incident, the_action(incident))
    row += [back] if back is not None else []
    tasks = [step for step in steps if not isinstance(step.spec, Choice) and not acts(step)]
    if not any(isinstance(step.spec, Update) for step in tasks[:MOST_TASKS]):  # which has a button of its own
        row.append(button("Tell stakeholders", "incident.update", value(incident)))
    row.append(button("Add to the timeline", "incident.note", value(incident)))
    drawn = [actions(_distinct(row))]
    for step in tasks[:MOST_TASKS]:
        about = asking.ref(incident, step)
        row = [*asking.for_step(incident, step), choice_of_person("step.assign", "Assign to …")]
        drawn += [section([task_line(incident, step)]), actions(row, block_id=about)]
    return [*drawn, *holding(incident), _about_all(incident, user)]


def _about_all(incident: Incident, user: str) -> Block:
    about = value(incident)
    row = [
        choice_of("incident.severity", "Set severity", {name: name for name in SEVERITIES}),
        button("Resolve", "incident.resolve", about),
        button("Add a hypothesis", "hypothesis.add", about),
    ]
    row += [button("Judge a hypothesis", "hypothesis.judge", about)] if incident.hypotheses else []
    if not incident.private:
        moves = "It goes on in a new private channel, and what I posted so far is emptied. There is no way back."
        asked = sure("Make it private?", moves, yes="Make it private")
        row.append(button("Make it private", "incident.private", about, confirm=asked))
    if incident.lead != user:
        row.insert(1, button("Take the lead", "incident.lead", about))
    return actions(row, block_id=about)


def _decisions(incident: Incident, steps: tuple[Step, ...]) -> list[InteractiveElement]:
    """Every option of the open decisions, and what can be pressed for the actions."""
    row: list[InteractiveElement] = []
    for step in steps:
        if isinstance(step.spec, Choice):
            row += asking.for_choice(incident, step, None)
        elif acts(step):
            row += asking.for_action(incident, step)
    return row


def _distinct(row: list[InteractiveElement]) -> list[InteractiveElement]:
    """Slack refuses two elements of one action in a row; the first one stays."""
    seen: dict[str | None, InteractiveElement] = {}
    for element in row:
        seen.setdefault(element.action_id, element)
    return list(seen.values())


def _over(incident: Incident, workplace: Workplace) -> list[Block]:
    row = [
        button("Add a why", "postmortem.why", value(incident)),
        button("Add an action item", "postmortem.action", value(incident)),
    ]
    address = postmortem_page(incident, workplace)
    if link(address, "page"):
        row.append(button("Open the postmortem", "postmortem.open", value(incident), url=address))
    if incident.status == "merged":
        return [actions(row)]
    again = f"Not over? `{workplace.command} reopen` and why."
    return [actions(row), section([again])]
