"""What a step, a metric and an incident are called on the screen."""

from __future__ import annotations

from typing import Any

from bot.incidents.acting import ActionState
from bot.incidents.incident import Incident, StepState
from bot.incidents.walk import names
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import Action, Compare, Option, Query, Spec, Step, Task, Unconfigured
from bot.runbooks.templates import render
from bot.slack.view.text import said, version

#: Four states, four colours: a fix that is watched is never shown as if it were over.
REOPENED = ":red_circle:"
WATCHING = ":large_yellow_circle:"
RESOLVED = ":large_green_circle:"
CANCELLED = ":white_circle:"
#: announced, and nobody has opened it
WAITING = ":large_blue_circle:"
GONE_ON = ":twisted_rightwards_arrows:"

#: how a measurement came out, as people say it
VERDICTS = {
    "ok": "normal", "warn": "worth a look", "bad": "bad", "inconclusive": "inconclusive", "no_data": "no data",
    "error": "could not be measured",
}  # fmt: skip


def filled(template: str, incident: Incident) -> str:
    """The template with the incident's values, versions as ``v41``; with ``…`` where one of them is not known."""
    known = names(incident)
    for name in ("running", "target"):
        if name in known:
            known[name] = version(str(known[name]))
    return _rendered(template, known)


def as_written(template: str, incident: Incident) -> str:
    """The template with the incident's values as they are: ``version {{ target }}`` becomes ``version 41``."""
    return _rendered(template, names(incident))


def _rendered(template: str, known: dict[str, Any]) -> str:
    if "{{" not in template:
        return template
    try:
        return render(template, known, "text")
    except TemplateError:
        before, _, rest = template.partition("{{")
        return f"{before}…{rest.rpartition('}}')[2]}"


def step_name(step: Step, incident: Incident) -> str:
    """How a step is called within a sentence: its title, else its id."""
    return filled(step.title, incident) if step.title else step.id.replace("-", " ").replace("_", " ")


def in_a_sentence(name: str) -> str:
    """``Recall`` as ``recall``, ``Upstream changed?`` as ``upstream changed``; ``AUC`` stays."""
    name = name.rstrip("?")
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def led_in(step: Step, incident: Incident) -> str:
    """The step's name before what is said of it: ``*Upstream*:``; a question needs no colon."""
    name = said(step_name(step, incident), 80)
    name = name[:1].upper() + name[1:]
    return f"*{name}*" if name.endswith("?") else f"*{name}*:"


def option_label(option: Option, incident: Incident) -> str:
    """What stands on the button of an option."""
    return filled(option.label, incident)


def metric(spec: Spec, incident: Incident, otherwise: str) -> str:
    """What is measured, as within a sentence; ``quality`` is called what a comparison calls it."""
    if isinstance(spec, Compare):
        return spec.metric
    if not isinstance(spec, Query):
        return otherwise
    if spec.title:
        return in_a_sentence(spec.title)
    compared = next((s.spec.metric for s in incident.walk() if isinstance(s.spec, Compare)), "")
    return compared if compared and spec.name in ("", "quality") else spec.name or otherwise


def option_button(option: Option, incident: Incident) -> str:
    """What stands on an option's button: what pressing it does."""
    target = incident.versions.target if incident.versions else None
    if option.role == "rollback":
        return f"Request rollback to {version(target)}" if target else "Request rollback"
    asked_for = incident.runbook.step(option.goto) if incident.runbook and option.goto else None
    if option.role == "action" and asked_for is not None and isinstance(asked_for.spec, Action):
        return f"Request {called(asked_for)}"
    if option.role == "help":
        return f"Page {_owner(incident) or 'someone'}"
    if option.role == "false_alarm":
        return "False alarm"
    return option_label(option, incident)


def _owner(incident: Incident) -> str:
    """Who owns it, as long as ``oncall`` knows that name: a shipped runbook's owner is only an example of one."""
    name = f"oncall:{incident.owner}"
    return incident.owner if name in incident.people or name in incident.rotas else ""


def called(step: Step) -> str:
    """What an action is called within a sentence: ``rollback``."""
    return (step.spec.name if isinstance(step.spec, Action) else "") or step.id.replace("-", " ").replace("_", " ")


def act_name(step: Step, action: ActionState) -> str:
    """``Rollback to v41``, ``Undo of rollback, back to v42``."""
    name = called(step)
    if not action.version and action.undo:
        return f"Undo of {name}"
    if not action.target:
        return _capital(name)
    if not action.version:
        return f"{_capital(name)}: {action.target}"
    if action.undo:
        return f"Undo of {name}, back to {version(action.target)}"
    return f"{_capital(name)} to {version(action.target)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moved(step: Step, state: StepState, incident: Incident) -> str | None:
    """``recall down``: the metric of a bad measurement, and which way it went."""
    spec = step.spec
    if state.verdict != "bad" or not isinstance(spec, Query) or spec.source == "changes":
        return None
    if state.value is not None and state.baseline is not None and state.value != state.baseline:
        return f"{metric(step.spec, incident, step.id)} {'down' if state.value < state.baseline else 'up'}"
    return f"{metric(step.spec, incident, step.id)} {'up' if spec.better == 'lower' else 'down'}"


def headline(incident: Incident) -> str:
    """What is wrong, in a few words: from the evidence if there is some, else as the alert calls it."""
    steps = [(step, incident.state(step.id)) for step in incident.walk()]
    running = incident.versions.running if incident.versions else None
    moved = next((what for step, state in steps if (what := _moved(step, state, incident))), None)
    worse = next((s for s, state in steps if isinstance(s.spec, Compare) and state.verdict == "bad"), None)
    if moved is not None:
        return f"{moved} after {version(running)}" if running and _released(incident) else moved
    if worse is not None and running:
        return f"{metric(worse.spec, incident, worse.id)} worse with {version(running)}"
    return incident.alert_name or incident.title


def _released(incident: Incident) -> bool:
    """Whether a change was found, or the running version was found to be the worse one."""
    for step in incident.walk():
        state = incident.state(step.id)
        change = isinstance(step.spec, Query) and step.spec.source == "changes"
        if state.verdict == "bad" and isinstance(step.spec, Compare):
            return True
        if change and state.verdict in ("warn", "bad"):
            return True
    return False


def title(incident: Incident) -> str:
    """``SEV2 · fraud-scorer · recall down after v42``, as plain text."""
    return f"{incident.severity or 'SEV?'} · {incident.service} · {headline(incident)}"


def by_hand(step: Step, incident: Incident) -> str | None:
    """The question that a person answers where the bot has nothing to measure with.

    None for a metric: that it is bad is what the alert says already.
    """
    spec = step.spec
    if isinstance(spec, Query) and spec.source == "changes":
        return "released in the last 24 h?"
    if isinstance(spec, Compare) or (isinstance(spec, Unconfigured) and spec.kind == "compare"):
        return "old version better on recent labels?"
    if not isinstance(spec, Task):
        return None
    if step.id == "upstream" and "first" not in step.title.lower():
        return "upstream changed?"
    return f"{in_a_sentence(step_name(step, incident))}?" if step.title else filled(spec.text, incident)
