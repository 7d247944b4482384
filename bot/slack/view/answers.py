"""What people said: answers to the first questions, verdicts that they overruled, and what they suspect."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.incidents.told import HypothesisState
from bot.incidents.walk import measures
from bot.runbooks.fields import fields_of
from bot.runbooks.schema import Step, Task
from bot.slack.view.text import person, said
from bot.slack.view.wording import in_a_sentence, led_in, step_name

#: Answers on the card; the newest stay.
MOST_ANSWERS = 2
#: Suspicions that the card writes out; the others are counted.
MOST_HYPOTHESES = 3
#: how a suspicion stands, as people say it
JUDGED = {"open": "open", "supported": "supported", "ruled_out": "ruled out"}


def answered(incident: Incident) -> list[str]:
    """What people found out by hand, the newest last; what they did afterwards is not told here."""
    early = [s for s in incident.walk() if isinstance(s.spec, Task) and s.phase in ("check", "measure", "triage")]
    told = [(incident.state(step.id), step) for step in early if incident.state(step.id).phase == "done"]
    told = [(state, step) for state, step in told if state.text or state.fields]
    told.sort(key=lambda pair: pair[0].seq)
    return [f"{led_in(step, incident)} {answer(incident, step)}" for _, step in told[-MOST_ANSWERS:]]


def answer(incident: Incident, step: Step) -> str:
    """``about 300 orders · region eu``, and who says so."""
    state = incident.state(step.id)
    written = step.spec.fields if isinstance(step.spec, Task) else {}
    filled = [(field.label, state.fields.get(field.name, "")) for field in fields_of(written)]
    parts = [state.text, *(f"{in_a_sentence(label)} {value}" for label, value in filled if value)]
    words = said(" · ".join(part for part in parts if part), 200)
    return f"{words} ({person(state.by)})" if state.by else words


def overruled(incident: Incident) -> list[str]:
    """Which measurements count for something else than what they came to, who says so, and why."""
    steps = [step for step in incident.walk() if measures(step) and incident.state(step.id).overridden]
    return [_overruled(incident, step) for step in steps]


def _overruled(incident: Incident, step: Step) -> str:
    state = incident.state(step.id)
    word = "normal" if state.verdict == "ok" else "bad"
    why = f": {said(state.text, 150)}" if state.text else ""
    name = said(in_a_sentence(step_name(step, incident)), 60)
    return f"{person(state.overridden)} takes {name} as {word}{why}"


def suspected(incident: Incident) -> list[str]:
    """``Suspected: 1 bad feed (open) · 2 v42 itself (ruled out: same drop on v41)``; what is open comes first."""
    if not incident.hypotheses:
        return []
    order = ("open", "supported", "ruled_out")
    ranked = sorted(incident.hypotheses, key=lambda one: (order.index(one.judged), one.number))
    parts = [_hypothesis(one, 60) for one in ranked[:MOST_HYPOTHESES]]
    more = len(ranked) - MOST_HYPOTHESES
    return [f"Suspected: {' · '.join(parts)}{f' · {more} more' if more > 0 else ''}"]


def _hypothesis(one: HypothesisState, limit: int) -> str:
    evidence = f": {said(one.evidence, limit)}" if one.evidence else ""
    return f"{one.number} {said(one.text, limit)} ({JUDGED[one.judged]}{evidence})"


def hypotheses(incident: Incident) -> list[str]:
    """A line for each suspicion, with its number to type."""
    if not incident.hypotheses:
        return ["Nothing is suspected yet."]
    return [f"{_hypothesis(one, 300)}, by {person(one.by)}" for one in incident.hypotheses]
