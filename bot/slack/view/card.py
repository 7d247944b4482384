"""The pinned card: the head of the incident, what is known, what is suggested, and what to press."""

from __future__ import annotations

from slack_sdk.models.blocks import Block, InteractiveElement

from bot.incidents.incident import Incident
from bot.incidents.walk import Suggestion, acts, suggestion, the_action
from bot.runbooks.schema import Choice, Step, Task, Unconfigured, Update
from bot.slack.view import answers, asking, clock, evidence
from bot.slack.view.alerts_seen import alerts_seen, proposal, went_on
from bot.slack.view.blocks import actions, button, context, header, message, section, value
from bot.slack.view.changed import changed
from bot.slack.view.experiments import experiments
from bot.slack.view.holding import holding
from bot.slack.view.paging import nobody_known
from bot.slack.view.place import card_key, where
from bot.slack.view.reported import reported
from bot.slack.view.small_print import small_print
from bot.slack.view.suggesting import suggests
from bot.slack.view.surface import Surface, Workplace
from bot.slack.view.taking import took
from bot.slack.view.text import at, joined, person, said
from bot.slack.view.theirs import seen
from bot.slack.view.watching import watch_ended, watching
from bot.slack.view.wording import CANCELLED, REOPENED, RESOLVED, filled, led_in, title

#: Open tasks with buttons of their own; the others are counted and can be reached through the tray.
MOST_TASKS = 2


def card(incident: Incident, workplace: Workplace) -> Surface:
    """The first message of the incident's channel, or of its thread, which it heads in a channel of others."""
    content = message(said(title(incident), 200), blocks(incident, workplace))
    key = card_key(incident)
    if incident.place == "guest":
        return Surface(key=key, kind="message", content=content, place=incident.channel, heads=True)
    return Surface(key=key, kind="message", content=content, needs=where(incident)[:-1])


def blocks(incident: Incident, workplace: Workplace) -> list[Block]:
    """The card from top to bottom."""
    lines = [*found(incident), *reported(incident), *alerts_seen(incident), *seen(incident), *nobody_known(incident)]
    drawn = [header(title(incident)), section(lines)]
    over = ended(incident)
    if over:
        drawn.append(section(over))
    else:
        drawn += now(incident, workplace)
    return [*drawn, context(small_print(incident, workplace))]


def found(incident: Incident) -> list[str]:
    """What is known, the worst first; the alert's own words as long as nothing is."""
    if evidence.blind(incident):
        unconnected = f"no metrics and no evaluator are connected for {said(incident.service, 80)}"
        nothing = unconnected if not incident.connected else "nothing answered"
        return [evidence.alert(incident), f"I checked nothing: {nothing}. No suggestion.", *_beside(incident)]
    lines = [*evidence.from_before(incident), *(evidence.known(incident) or [evidence.alert(incident)])]
    on_their_way = evidence.pending(incident)
    if on_their_way and incident.status == "open":
        lines.append(said(f"Measuring: {', '.join(on_their_way)} …"))
    missing = evidence.not_checked(incident)
    return [*lines, *_beside(incident), *([missing] if missing else [])]


def _beside(incident: Incident) -> list[str]:
    """Beside the measurements: experiments, people's answers, their own verdicts, what they suspect."""
    from_people = [*answers.answered(incident), *answers.overruled(incident), *answers.suspected(incident)]
    return [*changed(incident), *experiments(incident), *from_people]


def ended(incident: Incident) -> list[str]:
    """How it ended, if it has: resolved and watching are different words and different colours."""
    if incident.status == "open":
        return []
    who = f"{person(incident.status_by)}{f' {at(incident.status_at)}' if incident.status_at else ''}"
    if incident.status == "cancelled":
        return [f"{CANCELLED} *False alarm*, says {who}."]
    if incident.status == "merged":
        return went_on(incident)
    step = the_action(incident)
    action = incident.state(step.id).action if step else None
    done = clock.lines(incident, step) if step and action is not None and action.safe else []
    return [f"{RESOLVED} *Resolved* by {who}.", *done, *took(incident), *watching(incident, word="Still watching")]


def now(incident: Incident, workplace: Workplace) -> list[Block]:
    """The current steps, decisions and actions first, each with its buttons; until somebody is on it, one thing."""
    suggested = suggestion(incident)
    steps = asking.asked_steps(incident)
    main = next((step for step in steps if isinstance(step.spec, Choice) or acts(step)), None)
    drawn = [*proposal(incident), *_progress(incident), *holding(incident)]
    drawn += _main(incident, main, suggested)
    others = _tasks(incident, steps, main) if main is None or incident.acknowledged_by else []
    for step in others[:MOST_TASKS]:
        drawn += [section([task_line(incident, step)]), actions(asking.for_step(incident, step))]
    if len(others) > MOST_TASKS:
        drawn.append(context([f"{len(others) - MOST_TASKS} more to do: type `{workplace.command}` to see all"]))
    if main is None:
        tell = not any(isinstance(step.spec, Update) for step in others[:MOST_TASKS])
        drawn.append(actions([*asking.for_incident(incident), *_closing(incident, tell=tell)]))
    return drawn


def _tasks(incident: Incident, steps: tuple[Step, ...], main: Step | None) -> list[Step]:
    """What else there is to do before the decision, or at all if none waits; what may be left out comes last."""
    order = incident.walk()
    until = order.index(main) if main is not None else len(order)
    tasks = [step for step in steps if isinstance(step.spec, Task | Update) and order.index(step) < until]
    return sorted(tasks, key=lambda step: (step.optional, not isinstance(step.spec, Update)))


def _progress(incident: Incident) -> list[Block]:
    """Where the action stands, and the watch after it."""
    step = the_action(incident)
    lines = clock.lines(incident, step) if step else []
    lines += watching(incident) or watch_ended(incident)
    if incident.reopened and not lines:
        lines = [f"{REOPENED} *Reopened*: {said(incident.reopened_because)}"]
    return [section(lines)] if lines else []


def _main(incident: Incident, step: Step | None, suggested: Suggestion | None) -> list[Block]:
    """The decision or the action that waits for a person."""
    if step is None:
        return []
    mine = asking.for_incident(incident)
    lines = _asks(incident, step, suggested)
    elements: list[InteractiveElement] = [*mine, *asking.for_step(incident, step, suggested)]
    if evidence.blind(incident) and isinstance(step.spec, Choice):
        elements = [*mine, *asking.in_the_dark(incident, step)]
    elif isinstance(step.spec, Choice) and suggested is None and _still_measuring(incident):
        elements = [*mine, asking.something_else(incident)]
    drawn = [section(lines)] if lines else []
    return [*drawn, actions(elements)] if elements else drawn


def _still_measuring(incident: Incident) -> bool:
    """Whether a decision would be a guess: in a moment there is more to know."""
    return bool(evidence.pending(incident))


def _asks(incident: Incident, step: Step, suggested: Suggestion | None) -> list[str]:
    spec = step.spec
    if isinstance(spec, Choice):
        if suggested is not None and suggested.step == step.id:
            return [suggests(incident, step, suggested)]
        asked = f"*{said(filled(spec.ask, incident), 200)}*{_why(step)}"
        if not evidence.blind(incident):
            return [] if _still_measuring(incident) else [asked]
        questions = evidence.questions(incident)
        leads_back = any(option.role == "rollback" for option in spec.options.values())
        return [*([questions] if questions else []), *([] if questions and leads_back else [asked])]
    if isinstance(spec, Unconfigured):
        return [f"{led_in(step, incident)} not configured, {said(spec.missing, 400)}. Until then, do it by hand."]
    if incident.state(step.id).action is None:
        return [f"{led_in(step, incident)} nobody has asked for it yet."]
    return []


def task_line(incident: Incident, step: Step) -> str:
    """What a person is to do, by whom, until when."""
    state = incident.state(step.id)
    what = filled(step.spec.text, incident) if isinstance(step.spec, Task) else ""
    instead = step.spec.instead_of if isinstance(step.spec, Task) else ""
    if isinstance(step.spec, Update):
        others = [audience for audience in step.spec.audience if audience != "stakeholders"]
        to = f" to {joined(others)}" if others else ""
        told = f"last sent{to} {at(state.at)}; it is time again." if state.at else f"not sent{to} yet."
        what = f"{told} You see the words before they go out."
    before = f"{person(state.assigned)}, " if state.assigned else ""
    optional = " (optional)" if step.optional else ""
    return f"{led_in(step, incident)} {before}{said(what, 400)}{optional}{_why(step)}{_could_be_done(instead)}"


def _could_be_done(instead_of: str) -> str:
    """What to add so that the next time the bot does it, with an approval."""
    return f" _For next time: add `{said(instead_of, 120)}` to evenkeel.yaml._" if instead_of else ""


def _why(step: Step) -> str:
    """Why the runbook asks for it, after what it asks."""
    return f" _Why: {said(step.why, 140)}_" if step.why else ""


def _closing(incident: Incident, *, tell: bool) -> list[InteractiveElement]:
    """What is left when the runbook asks for no decision; ``tell``: no open step asks to tell stakeholders."""
    row = [button("Tell stakeholders", "incident.update", value(incident))] if tell else []
    return [
        *row,
        asking.resolve(incident),
        button("More", "incident.tray", value(incident)),
    ]
