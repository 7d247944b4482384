"""Where an incident stands, for whoever asks: the card without buttons, a line of a list, the runbook's steps."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import ActionsBlock

from bot.incidents.incident import Incident
from bot.incidents.walk import standing
from bot.runbooks.schema import Step, Unconfigured
from bot.slack.view.blocks import message
from bot.slack.view.card import blocks as card_blocks
from bot.slack.view.surface import Workplace
from bot.slack.view.text import on, person, said
from bot.slack.view.triage import announced, headline
from bot.slack.view.wording import VERDICTS, led_in, title

_MARKS = {
    "open": ":black_square_button:", "waiting": ":hourglass:", "done": ":ballot_box_with_check:",
    "passed": ":heavy_minus_sign:",
}  # fmt: skip


def status(incident: Incident, workplace: Workplace) -> dict[str, Any]:
    """``text`` and ``blocks``: the card, or the announcement if that is all there is; nothing to be pressed."""
    if incident.unopened:
        return message(said(headline(incident), 300), announced(incident, workplace))
    drawn = [block for block in card_blocks(incident, workplace) if not isinstance(block, ActionsBlock)]
    return message(said(title(incident), 300), drawn)


def one_line(incident: Incident) -> str:
    """``INC-1 · SEV2 · fraud-scorer · recall down after v42 · watching · <#C1>``."""
    state = "watching" if incident.status == "open" and incident.watch else incident.status
    if incident.status == "triage":
        shown = "announced" if incident.triage and incident.triage.announced else "held back"
        stands = f"{shown}, nobody has opened it" if incident.firing else "over by itself, nobody opened it"
        return " · ".join([f"*{incident.key}*", said(headline(incident), 200), stands])
    lead = f"lead {person(incident.lead)}" if incident.lead else "nobody leads"
    if incident.private:  # whoever asks need not belong to it
        return " · ".join([f"*{incident.key}*", "private", state, lead])
    where = [f"<#{incident.channel}>"] if incident.channel else []
    return " · ".join([f"*{incident.key}*", said(title(incident), 200), state, lead, *where])


def steps(incident: Incident) -> list[str]:
    """A line for each step of the runbook, with its id to type."""
    if incident.runbook is None:
        return ["No runbook is attached."]
    return [_line(incident, step) for step in incident.walk()]


def _line(incident: Incident, step: Step) -> str:
    state = incident.state(step.id)
    stands = standing(incident, step)
    told = ", ".join(part for part in (state.because, state.text, *state.fields.values()) if part)
    if isinstance(step.spec, Unconfigured):
        told = step.spec.missing
    verdict = VERDICTS[state.verdict] if state.verdict else stands
    if state.wait is not None and state.wait.ended_at is None:
        verdict = f"waiting until {on(state.wait.until)}"
    if state.overridden:
        verdict = f"{verdict}, says {person(state.overridden)}"
    what = "skipped" if state.phase == "skipped" else verdict
    by = f" by {person(state.by)}" if state.phase != "open" and state.by.startswith(("U", "W")) else ""
    name = f" {led_in(step, incident)}" if step.title else ":"
    return f"{_MARKS[stands]} `{step.id}`{name} {what}{by}{f'. {said(told, 120)}' if told else ''}"
