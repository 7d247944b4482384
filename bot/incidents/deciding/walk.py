"""What people may do with the walk as a whole: attach and switch runbooks, give inputs, overrule, suspect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.errors import Refused
from bot.incidents import events as ev
from bot.incidents.acting import IN_FLIGHT
from bot.incidents.commands import walking as cmd
from bot.incidents.incident import Incident
from bot.incidents.kinds import measures
from bot.incidents.stamps import stamp
from bot.runbooks.schema import Runbook, Step

Events = tuple[ev.AnyEvent, ...]
#: More suspicions than these are no list that anybody thinks with.
MOST_HYPOTHESES = 20


def supplied(runbook_id: str, found: cmd.Supplied | None) -> cmd.Supplied:
    """The runbook that somebody asked for. Raises ``Refused`` if there is none of that name."""
    if found is None:
        said = runbook_id[:80]
        raise Refused("no_such_runbook", f"There is no runbook “{said}” here; `list` names those there are.",
                      field="runbook")  # fmt: skip
    return found


def attachment(incident: Incident, found: cmd.Supplied, *, walk: str, because: str) -> ev.RunbookAttached:
    """The event that attaches it. Raises ``Refused`` while it is walked, or would change what is on its way."""
    runbook = found.runbook
    current = incident.runbook
    if current is not None and (current.id == runbook.id or any(s.origin == runbook.id for s in current.steps)):
        raise Refused("already_walked", f"{incident.key} goes by the runbook {runbook.id} already.")
    _nothing_changes_on_its_way(incident, runbook)
    how: Any = walk if current is not None else "alone"
    return ev.RunbookAttached(runbook=runbook, because=because, text=found.text, walk=how)


def _nothing_changes_on_its_way(incident: Incident, newer: Runbook) -> None:
    for step in incident.walk():
        action, after = incident.state(step.id).action, newer.step(step.id)
        if action is None or after is None or action.phase not in IN_FLIGHT or after.spec == step.spec:
            continue
        said = f"“{step.id}” is on its way, and is another action in {newer.id} v{newer.version}"
        raise Refused("action_in_flight", f"{said}: wait for its outcome, or decline it.")


def attach(incident: Incident, command: cmd.AttachRunbook, by: str, _: datetime) -> Events:
    """Another runbook, because a person says so; it settles a tie if it is one of those that fit."""
    _tie_is_open(incident, command.pins)
    found = supplied(command.runbook, command.supplied)
    tied = incident.tie is not None and not incident.tie.chosen and command.runbook in incident.tie.runbooks
    because = f"<@{by}> chose it" + (" among those that fit equally well" if tied else "")
    return (attachment(incident, found, walk=command.walk, because=because),)


def keep(incident: Incident, command: cmd.KeepRunbook, _: str, __: datetime) -> Events:
    """None of those that fit equally well."""
    if incident.tie is None or incident.runbook is None:
        raise Refused("no_tie", "There is nothing to choose between.")
    _tie_is_open(incident, command.pins if command.pins is not None else -1)
    return (ev.RunbookKept(runbook=incident.runbook.id),)


def _tie_is_open(incident: Incident, pins: int | None) -> None:
    """Raises ``Refused`` for a button whose question was answered."""
    tie = incident.tie
    if pins is None or tie is None:
        return
    if tie.chosen:
        at = f" at {stamp(tie.at)}" if tie.at else ""
        raise Refused("tie_over", f"<@{tie.by}> chose {tie.chosen}{at}. Attach another one with the runbook command.")
    if pins not in (-1, len(incident.pins)):
        raise Refused("old_button", "Another runbook was attached since; attach one with the runbook command.")


def switch(incident: Incident, command: cmd.SwitchRunbook, by: str, _: datetime) -> Events:
    """The lead goes over to the newest version of the runbook."""
    current = incident.runbook
    if current is None:
        raise Refused("no_runbook", "No runbook is walked; attach one.")
    if by != incident.lead:
        who = f"<@{incident.lead}> leads" if incident.lead else "nobody leads yet: take the lead first"
        raise Refused("not_the_lead", f"Only the lead switches the runbook, and {who}.")
    found = supplied(current.id, command.supplied)
    newer = found.runbook
    if newer.version <= current.version:
        raise Refused("no_newer", f"{current.id} v{current.version} is the newest there is.")
    _nothing_changes_on_its_way(incident, newer)
    return (ev.RunbookSwitched(runbook=newer, before=current.version, text=found.text),)


def give(incident: Incident, command: cmd.GiveInputs, _: str, __: datetime) -> Events:
    """What the runbook could not know; several at once."""
    known = incident.runbook.inputs if incident.runbook else {}
    given = {name: value.strip()[:300] for name, value in command.values.items() if value.strip()}
    for name in given:
        if name not in known:
            there = ", ".join(f"`{one}`" for one in known) or "none"
            raise Refused("no_such_input", f"The runbook asks for no “{name[:60]}”. Inputs: {there}.")
    if not given:
        raise Refused("empty", "Say what it is.", field=f"input.{next(iter(command.values), '')}")
    return tuple(ev.InputGiven(name=name, value=value) for name, value in given.items())


def override(incident: Incident, command: cmd.OverrideVerdict, _: str, __: datetime) -> Events:
    """A person knows better than a measurement, and says why."""
    step: Step | None = incident.runbook.step(command.step) if incident.runbook else None
    if step is None or not measures(step):
        raise Refused("not_measured", f"“{command.step[:60]}” is no measurement; only those have a verdict.")
    state = incident.state(step.id)
    if command.verdict not in ("ok", "bad"):
        raise Refused("no_such_verdict", "Say ok or bad.")
    if command.attempt != state.attempt:
        raise Refused("old_button", f"“{step.id}” was measured again since; look at what it says now.")
    if state.verdict is None:
        raise Refused("not_measured_yet", f"“{step.id}” is still being measured; skip it if it is not needed.")
    if state.verdict == command.verdict and state.overridden:
        raise Refused("already", f"<@{state.overridden}> said so already.")
    reason = command.reason.strip()[:1000]
    if not reason:
        raise Refused("needs_reason", "Say why: the reason goes into the timeline.", field="reason")
    said = ev.VerdictOverridden(
        step=step.id, attempt=state.attempt, verdict="ok" if command.verdict == "ok" else "bad", reason=reason
    )
    return (said,)


def suspect(incident: Incident, command: cmd.AddHypothesis, _: str, __: datetime) -> Events:
    """A suspicion beside the runbook."""
    text = command.text.strip()[:500]
    if not text:
        raise Refused("empty", "Say what you suspect.", field="text")
    if len(incident.hypotheses) >= MOST_HYPOTHESES:
        raise Refused("too_many", f"{MOST_HYPOTHESES} hypotheses are enough; judge some of them.", field="text")
    if any(one.text.lower() == text.lower() for one in incident.hypotheses):
        raise Refused("already", "That is on the list already.", field="text")
    return (ev.HypothesisAdded(hypothesis=len(incident.hypotheses) + 1, text=text),)


def judge(incident: Incident, command: cmd.JudgeHypothesis, _: str, __: datetime) -> Events:
    """Evidence for it or against it; it may be judged again."""
    known = next((one for one in incident.hypotheses if one.number == command.hypothesis), None)
    if known is None:
        there = f"1 to {len(incident.hypotheses)}" if incident.hypotheses else "none yet"
        raise Refused("no_such_hypothesis", f"There is no hypothesis {command.hypothesis}; there are {there}.",
                      field="hypothesis")  # fmt: skip
    evidence = command.evidence.strip()[:1000]
    if (known.judged, known.evidence) == (command.judged, evidence):
        raise Refused("already", f"Hypothesis {known.number} stands so already.", field="judged")
    return (ev.HypothesisJudged(hypothesis=known.number, judged=command.judged, evidence=evidence),)


Rule = Callable[[Incident, Any, str, datetime], Events]
RULES: Mapping[type, Rule] = {
    cmd.AttachRunbook: attach,
    cmd.KeepRunbook: keep,
    cmd.SwitchRunbook: switch,
    cmd.GiveInputs: give,
    cmd.OverrideVerdict: override,
    cmd.AddHypothesis: suspect,
    cmd.JudgeHypothesis: judge,
}
