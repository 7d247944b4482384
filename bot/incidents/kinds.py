"""What a step is to the walk: something that measures, acts, watches or waits, configured or not."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.runbooks.named import REGISTRY, VERSIONS, names_in
from bot.runbooks.schema import Action, Compare, Queries, Query, Step, Unconfigured, Wait, Watch


def measures(step: Step) -> bool:
    """Whether the step runs by itself and comes to a verdict."""
    spec = step.spec
    if isinstance(spec, Unconfigured):
        return spec.kind in ("query", "compare")
    return isinstance(spec, Query | Queries | Compare)


def acts(step: Step) -> bool:
    """Whether the step changes the world, or would if it were configured."""
    return isinstance(step.spec, Action) or (isinstance(step.spec, Unconfigured) and step.spec.kind == "action")


def watches(step: Step) -> bool:
    """Whether the step is a watch, configured or not."""
    return isinstance(step.spec, Watch) or (isinstance(step.spec, Unconfigured) and step.spec.kind == "watch")


def waits(step: Step) -> bool:
    """Whether the step only lets time go by."""
    return isinstance(step.spec, Wait)


def needs_versions(step: Step) -> bool:
    """Whether the step's definition names the running version, the target, or one by its name in the registry."""
    return bool(names_in(step.spec) & {*VERSIONS, REGISTRY})


def erred(incident: Incident, step: Step) -> bool:
    """Whether the step could not be carried out: a measurement ended in an error, a call was refused."""
    state = incident.state(step.id)
    if state.phase == "skipped":
        return False
    if acts(step):
        return state.action is not None and state.action.phase == "refused"
    return measures(step) and state.verdict == "error"


def failed(incident: Incident, step: Step) -> bool:
    """Whether it could not, and is not tried again by itself."""
    return erred(incident, step) and incident.state(step.id).again_at is None
