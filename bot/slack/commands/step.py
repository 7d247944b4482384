"""``step``: the steps of the runbook, and what can be done with one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.errors import Refused
from bot.incidents import commands as cmd
from bot.incidents.commands.walking import OverrideVerdict
from bot.incidents.incident import Incident
from bot.runbooks.schema import Step, Task
from bot.slack.commands.around_actions import AROUND_ACTIONS
from bot.slack.commands.command import Answer, Call, Command, mentioned
from bot.slack.commands.hypothesis import hypothesis
from bot.slack.interactions.desk import step_of
from bot.slack.view.modals.steps import answer
from bot.slack.view.status import steps

_USAGE = "step [ID done|skip|run|choose|override|assign|outside|undo|dry-run …] [hypothesis add TEXT …]"

#: what these ask for is still to come, and the channel says what came of it
_ONLY_ASKED = frozenset({"run", "undo", "rehearse", "dry-run"})


async def _run(call: Call) -> Answer | None:
    incident = await call.incident()
    step_id, _, rest = call.text.partition(" ")
    if not step_id:
        return Answer("\n".join(steps(incident)))
    if step_id == "hypothesis" and (incident.runbook is None or incident.runbook.step(step_id) is None):
        return await hypothesis(call, rest)
    step = step_of(incident, step_id)
    verb, _, words = rest.strip().partition(" ")
    make = _VERBS.get(verb.lower())
    if make is None:
        verbs = ", ".join(f"`{known}`" for known in _VERBS)
        raise Refused("usage", f"Type `{call.name} step {step.id}` and one of {verbs}.")
    if verb.lower() == "done" and _has_fields(step):
        about = call.about(incident, step=step.id, attempt=_attempt(incident, step))
        await call.open(answer(incident, step, about=about))
        return None
    await call.do(make(call, incident, step, words.strip()))
    word = "Asked for" if verb.lower() in _ONLY_ASKED else "Done"
    return Answer(f"{word}: {step.id} {verb.lower()}.")


def _has_fields(step: Step) -> bool:
    """Whether the step wants to know what no line holds: then its dialog asks."""
    return isinstance(step.spec, Task) and bool(step.spec.fields)


def _attempt(incident: Incident, step: Step) -> int:
    return incident.state(step.id).attempt


def _done(_call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    return cmd.FinishStep(step=step.id, attempt=_attempt(incident, step), answer=words)


def _skip(call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    if not words:
        raise call.usage(f"step {step.id} skip and why")
    return cmd.SkipStep(step=step.id, attempt=_attempt(incident, step), reason=words)


def _measure(_call: Call, incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    return cmd.RunStep(step=step.id, attempt=_attempt(incident, step))


def _choose(_call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    option, _, reason = words.partition(" ")
    return cmd.Choose(step=step.id, attempt=_attempt(incident, step), option=option, reason=reason.strip())


def _override(call: Call, incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    verdict, _, reason = words.partition(" ")
    if verdict.lower() not in ("ok", "bad") or not reason.strip():
        raise call.usage(f"step {step.id} override ok and why", " (or bad)")
    return OverrideVerdict(
        step=step.id, attempt=_attempt(incident, step), verdict=verdict.lower(), reason=reason.strip()
    )  # fmt: skip


def _assign(call: Call, _incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    to = mentioned(words) or (call.place.user if words in ("", "me") else None)
    if to is None:
        raise call.usage(f"step {step.id} assign @somebody", " with a name from Slack's list")
    return cmd.AssignStep(step=step.id, to=to)


def _outside(_call: Call, _incident: Incident, step: Step, words: str) -> cmd.AnyCommand:
    return cmd.ReportOutside(step=step.id, note=words)


def _undo(_call: Call, incident: Incident, step: Step, _words: str) -> cmd.AnyCommand:
    action = incident.state(step.id).action
    return cmd.Undo(step=step.id, attempt=action.attempt if action else _attempt(incident, step))


_VERBS: Mapping[str, Callable[[Call, Incident, Step, str], cmd.AnyCommand]] = {
    "done": _done,
    "skip": _skip,
    "run": _measure,
    "choose": _choose,
    "override": _override,
    "assign": _assign,
    "outside": _outside,
    "undo": _undo,
    **AROUND_ACTIONS,
}

STEP = Command(usage=_USAGE, about="shows the steps, or does something with one", run=_run)
