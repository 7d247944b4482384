"""``step ID dry-run|rehearse|skip-rehearsal|break-glass|widen|stop``: what can be asked around an action."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.incidents import commands as cmd
from bot.incidents.commands import safeguards as guard
from bot.incidents.incident import Incident
from bot.runbooks.schema import Step
from bot.slack.commands.command import Call


def _attempt(incident: Incident, step: Step) -> int:
    action = incident.state(step.id).action
    return action.attempt if action is not None else incident.state(step.id).attempt


def _dry_run(_call: Call, _incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    return guard.DryRun(step=step.id)


def _rehearse(_call: Call, incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    return guard.Rehearse(step=step.id, attempt=_attempt(incident, step))


def _skip_rehearsal(call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    if not words:
        raise call.usage(f"step {step.id} skip-rehearsal and why")
    return guard.SkipRehearsal(step=step.id, attempt=_attempt(incident, step), reason=words)


def _break_glass(call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    if not words:
        raise call.usage(f"step {step.id} break-glass and why")
    return guard.BreakGlass(step=step.id, attempt=_attempt(incident, step), reason=words)


def _widen(_call: Call, incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    return guard.WidenScope(step=step.id, attempt=_attempt(incident, step))


def _stop(_call: Call, incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    return guard.StopAuto(step=step.id, attempt=_attempt(incident, step))


AROUND_ACTIONS: Mapping[str, Callable[[Call, Incident, Step, str], cmd.AnyCommand]] = {
    "dry-run": _dry_run,
    "rehearse": _rehearse,
    "skip-rehearsal": _skip_rehearsal,
    "break-glass": _break_glass,
    "widen": _widen,
    "stop": _stop,
}
