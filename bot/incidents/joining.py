"""Several runbooks in one incident: a newer version instead of an older one, or another one beside or after it.

Steps are told apart by their ids. What the new runbook calls the same is the same step: it keeps what it came to,
unless it is another question now. What is left of the old one stays if it has a past, and in the walk if it is to
go on.
"""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents.incident import Incident, StepState
from bot.incidents.kinds import acts, measures
from bot.runbooks.schema import Choice, Runbook, Step

States = dict[str, StepState]


def joined(head: Incident, newer: Runbook, *, keep_rest: bool) -> tuple[Runbook, States]:
    """The runbook that the incident walks from now on, and what its steps have come to.

    ``keep_rest``: what is left of the steps before is walked first; else only those with a past are kept.
    """
    older = head.runbook
    if older is None:
        return newer, head.steps
    ids = {step.id for step in newer.steps}
    same = older.id == newer.id
    rest = [
        _of(step, older)
        for step in older.steps
        if step.id not in ids and (keep_rest or _has_past(head.state(step.id)) or (same and _is_others(step, newer)))
    ]
    merged = replace(
        newer,
        steps=(*rest, *(_of(step, newer) for step in newer.steps)) if rest else newer.steps,
        serving=newer.serving or older.serving,
        inputs={**older.inputs, **newer.inputs} if rest else newer.inputs,
        private=newer.private or older.private,
    )
    return merged, _carried(head, older, newer)


def _of(step: Step, runbook: Runbook) -> Step:
    return step if step.origin else replace(step, origin=runbook.id)


def _is_others(step: Step, runbook: Runbook) -> bool:
    """Whether the step came from another runbook that is walked too."""
    return step.origin not in ("", runbook.id)


def _has_past(state: StepState) -> bool:
    begun = state.action or state.watch or state.wait
    return state.phase != "open" or begun is not None


def _carried(head: Incident, older: Runbook, newer: Runbook) -> States:
    states = dict(head.steps)
    for step in newer.steps:
        before, state = older.step(step.id), head.steps.get(step.id)
        if before is None or state is None or _is_the_same(before, step, state, again=older.id == newer.id):
            continue
        states[step.id] = StepState(attempt=state.attempt + 1, assigned=state.assigned)
    return states


def _is_the_same(before: Step, step: Step, state: StepState, *, again: bool) -> bool:
    """Whether what the step came to still counts. ``again``: it is a newer version of the same runbook.

    What was done to the world, or is watched, is never forgotten; a measurement counts if it asks the same, and
    what people did or decided is carried by its id through versions. Another runbook asks for its own decision.
    """
    if state.action is not None or state.watch is not None:
        return acts(before) == acts(step)
    if measures(step) or measures(before):
        return before.spec == step.spec or state.phase == "skipped"
    if again:
        return type(before.spec) is type(step.spec)
    return before.spec == step.spec and not isinstance(step.spec, Choice)
