"""What people may do with steps: finish, skip, assign, measure again, choose.

A button belongs to an attempt; when the attempt is over, the refusal tells who did what and when.
"""

from __future__ import annotations

from datetime import datetime

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents import events as ev
from bot.incidents.deciding.actions import request
from bot.incidents.deciding.walk import attachment, supplied
from bot.incidents.incident import Incident
from bot.incidents.jumps import stopped
from bot.incidents.stamps import stamp
from bot.incidents.walk import acts, measures, standing, suggestion
from bot.runbooks.fields import MOST_ANSWER, fields_of, number_of, wrong_with
from bot.runbooks.schema import Choice, Option, Step, Task

Events = tuple[ev.AnyEvent, ...]


def find(incident: Incident, step_id: str) -> Step:
    """The step of the pinned runbook. Raises ``Refused`` with the ids that exist."""
    step = incident.runbook.step(step_id) if incident.runbook else None
    if step is None:
        there = ", ".join(f"`{known.id}`" for known in incident.walk()) or "none"
        raise Refused("unknown_step", f"There is no step “{step_id[:60]}”. Steps: {there}.")
    return step


def still_open(incident: Incident, step: Step, attempt: int) -> None:
    """Raises ``Refused`` if the button's time is over."""
    state = incident.state(step.id)
    if state.phase in ("done", "skipped"):
        word = "skipped" if state.phase == "skipped" else "done"
        who = f" by <@{state.by}>" if state.by.startswith(("U", "W")) else ""
        at = f" at {stamp(state.at)}" if state.at else ""
        raise Refused("step_over", f"“{step.id}” was {word}{who}{at}.")
    if attempt != state.attempt:
        raise Refused("old_button", f"That button is of an earlier attempt at “{step.id}”; use the newest message.")
    if standing(incident, step) == "passed":
        raise Refused("step_passed", f"“{step.id}” was passed over by an earlier decision.")


def finish(incident: Incident, command: cmd.FinishStep, _: str, __: datetime) -> Events:
    """A person did a task."""
    step = find(incident, command.step)
    still_open(incident, step, command.attempt)
    if not isinstance(step.spec, Task):
        raise Refused("not_a_task", f"“{step.id}” cannot be ticked off by hand; skip it with a reason instead.")
    answer = command.answer.strip()
    if step.spec.answer != "none" and not answer:
        raise Refused("needs_answer", "This step asks for an answer.", field="answer")
    if step.spec.answer == "number" and number_of(answer) is None:
        raise Refused("not_a_number", f"“{answer[:40]}” is not a number.", field="answer")
    if step.spec.answer == "url" and not answer.startswith(("https://", "http://")):
        raise Refused("not_an_address", "Give an address that begins with https://", field="answer")
    return (ev.StepDone(step=step.id, answer=answer[:3000], fields=_filled_in(step.spec, command.fields)),)


def _filled_in(task: Task, given: dict[str, str]) -> dict[str, str]:
    """What was filled in, field by field. Raises ``Refused`` at the field that is wrong (``field.NAME``)."""
    found: dict[str, str] = {}
    for field in fields_of(task.fields):
        answer = given.get(field.name, "").strip()[:MOST_ANSWER]
        wrong = wrong_with(field, answer)
        if wrong is not None:
            raise Refused("wrong_field", wrong, field=f"field.{field.name}")
        found[field.name] = answer
    return found


def skip(incident: Incident, command: cmd.SkipStep, _: str, __: datetime) -> Events:
    """Any step may be skipped, with a reason; not an action that is on its way.

    A step that failed and stopped the walk is over, and is skipped all the same: then the walk goes on.
    """
    step = find(incident, command.step)
    halt = stopped(incident)
    if halt is None or halt.id != step.id:
        still_open(incident, step, command.attempt)
    action = incident.state(step.id).action
    if action is not None and action.phase in ("approved", "started", "written", "unknown"):
        raise Refused("action_in_flight", f"“{step.id}” is on its way and cannot be skipped now.")
    reason = command.reason.strip()[:1000]
    if not reason:
        raise Refused("needs_reason", "Say why: the reason goes into the timeline.", field="reason")
    return (*_ended_by_skipping(incident, step, reason), ev.StepSkipped(step=step.id, reason=reason))


def _ended_by_skipping(incident: Incident, step: Step, reason: str) -> Events:
    """What is still open of the step ends with it: a request that waits for approvers, a watch that runs."""
    state = incident.state(step.id)
    if state.action is not None and state.action.phase == "requested":
        return (ev.Declined(step=step.id, attempt=state.action.attempt, reason=reason),)
    if state.watch is not None and state.watch.ended_at is None:
        verdict = state.watch.verdict
        return (ev.WatchEnded(step=step.id, attempt=state.attempt, verdict=verdict, because="skipped"),)
    return ()


def assign(incident: Incident, command: cmd.AssignStep, _: str, __: datetime) -> Events:
    """Somebody in particular does it."""
    step = find(incident, command.step)
    if incident.state(step.id).assigned == command.to:
        raise Refused("already", f"<@{command.to}> has “{step.id}” already.")
    return (ev.StepAssigned(step=step.id, to=command.to),)


def run(incident: Incident, command: cmd.RunStep, by: str, now: datetime) -> Events:
    """Measures again, or asks for an action."""
    step = find(incident, command.step)
    state = incident.state(step.id)
    if acts(step):
        if state.attempt != command.attempt:
            raise Refused("old_button", f"That button is of an earlier request for “{step.id}”.")
        return request(incident, step, by=by, now=now)
    if not measures(step):
        raise Refused("not_automatic", f"“{step.id}” is done by a person; nothing to run.")
    if state.attempt != command.attempt:
        raise Refused("old_button", f"“{step.id}” is being measured again already.")
    return (ev.StepRerun(step=step.id, attempt=state.attempt + 1),)


def choose(incident: Incident, command: cmd.Choose, by: str, now: datetime) -> Events:
    """Takes the decision; what it leads to follows in the same breath."""
    step = find(incident, command.step)
    still_open(incident, step, command.attempt)
    option = step.spec.options.get(command.option) if isinstance(step.spec, Choice) else None
    if option is None:
        raise Refused("no_such_option", f"“{command.option[:40]}” is not an option of “{step.id}”.")
    reason = command.reason.strip()[:1000]
    if option.needs_reason and not reason:
        raise Refused("needs_reason", "Say why: the reason goes into the timeline.", field="reason")
    suggested = suggestion(incident)
    overridden = suggested is not None and suggested.step == step.id and suggested.option != command.option
    against = suggested.option if suggested and overridden else None
    chosen = ev.Chosen(step=step.id, option=command.option, reason=reason, against=against)
    attached = _attached(incident, step, command, option)
    return (*_and_then(incident, chosen, option, by, now), *attached)


def _attached(incident: Incident, step: Step, command: cmd.Choose, option: Option) -> Events:
    """The other runbook that the option leads to: after the rest where it also jumps within this one."""
    if option.runbook is None:
        return ()
    found = supplied(option.runbook, command.supplied)
    walk = "after" if option.goto is not None else "instead"
    return (attachment(incident, found, walk=walk, because=f"{step.id}: {command.option}"),)


def _and_then(incident: Incident, chosen: ev.Chosen, option: Option, by: str, now: datetime) -> Events:
    if option.role == "help":  # the question stays open: help is on its way, nothing is decided
        return (ev.HelpAsked(step=chosen.step, reason=chosen.reason),)
    if option.role == "false_alarm":
        return (chosen, ev.Cancelled(reason=chosen.reason))
    if option.role in ("rollback", "action") and option.goto is not None:
        action = find(incident, option.goto)
        return (chosen, *request(incident, action, by=by, now=now)) if acts(action) else (chosen,)
    return (chosen,)
