"""What a replay prints: the story with its times, where every step ended, and what was missing; text or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.incidents import events as ev
from bot.incidents.incident import Incident
from bot.incidents.mentions import call
from bot.incidents.stamps import draw_stamps
from bot.incidents.timeline import timeline
from bot.incidents.walk import standing
from bot.replay.recording import Expected
from bot.replay.walking import Replayed
from bot.runbooks.schema import Step


class StepOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """Where a step ended. ``outcome`` is its verdict, option, or what became of its action.

    After a relapse, which lets the walk begin anew, it is what the step had come to before.
    """

    id: str
    kind: str
    phase: str
    standing: str
    outcome: str = ""
    because: str = ""
    value: float | None = None
    baseline: float | None = None
    by: str = ""


def outcomes(replayed: Replayed) -> list[StepOutcome]:
    """Every step in walking order."""
    incident = replayed.incident
    before = _before(replayed.entries) if incident.reopened else {}
    return [_outcome(incident, step, before.get(step.id, "")) for step in incident.walk()]


def _before(entries: Sequence[ev.Entry]) -> dict[str, str]:
    """What each step came to last, by the log."""
    found: dict[str, str] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.StepMeasured | ev.WatchEnded):
            found[event.step] = event.verdict
        elif isinstance(event, ev.Chosen):
            found[event.step] = event.option
        elif isinstance(event, ev.ActionConfirmed):
            found[event.step] = "confirmed"
    return found


def _outcome(incident: Incident, step: Step, before: str) -> StepOutcome:
    state = incident.state(step.id)
    watch, action = state.watch, state.action.effective if state.action else None
    outcome = state.verdict or state.choice or (state.phase if state.phase != "open" else "")
    because, ended = state.because or state.text, standing(incident, step)
    if action is not None:
        outcome, because = "undone" if action.undo else action.phase, action.because or because
    if watch is not None:
        outcome, because = watch.verdict if watch.ended_at else "watching", watch.because or because
    if ended == "passed" and not outcome:
        outcome = "passed"
    return StepOutcome(
        id=step.id, kind=kind_of(step), phase=step.phase, standing=ended, outcome=outcome or before, because=because,
        value=state.value, baseline=state.baseline, by=state.by,
    )  # fmt: skip


def kind_of(step: Step) -> str:
    """``query``, ``compare``, …: the kind that the runbook's author wrote."""
    tag = str(type(step.spec).__struct_config__.tag)
    return {"queries": "query", "unconfigured": getattr(step.spec, "kind", "query")}.get(tag, tag)


def not_as_expected(replayed: Replayed, expected: Sequence[Expected]) -> list[str]:
    """A sentence for everything that came out otherwise."""
    incident = replayed.incident
    found = {outcome.id: outcome.outcome or outcome.standing for outcome in outcomes(replayed)}
    found |= {"status": incident.status, "severity": incident.severity or ""}
    return [
        f"{one.place}: expected {one.what} to be {one.value!r}, and it is {found.get(one.what, 'not there')!r}"
        for one in expected
        if found.get(one.what, "").lower() != one.value.lower()
    ]


def problems(replayed: Replayed, expected: Sequence[Expected]) -> list[str]:
    """What makes a replay fail: people who were refused, and what came out otherwise than expected."""
    left = [
        f"{act.place}: {act.by} could not {act.deed} {act.step or 'the incident'}: "
        f"{replayed.refused.get(act.place, 'the incident was over before')}"
        for act in replayed.left
    ]  # fmt: skip
    return left + not_as_expected(replayed, expected)


def as_text(replayed: Replayed, expected: Sequence[Expected]) -> str:
    """For people: a line for everything that happened, ``+2m`` after the alert, then the steps."""
    return "\n".join(_lines(replayed, expected)) + "\n"


def _lines(replayed: Replayed, expected: Sequence[Expected]) -> Iterator[str]:
    incident = replayed.incident
    book = incident.runbook
    head = f"{book.id} version {book.version}" if book else "no runbook"
    yield f"{head} for {incident.service}: {incident.title}"
    for line in timeline(replayed.entries):
        text = call(draw_stamps(line.text, lambda at: _since(incident, at)), lambda _: None)
        yield f"  {_since(incident, line.at):>11}  {line.by:<12}  {' '.join(text.split())}"
    yield "Steps"
    for one in outcomes(replayed):
        said = draw_stamps(one.because, lambda at: _since(incident, at))
        because = f"  {' '.join(said.split())}" if said else ""
        yield f"  {one.phase:<11}  {one.id:<20}  {one.kind:<7}  {one.outcome or one.standing:<12}{because}".rstrip()
    for asked in replayed.written:
        yield f"Would be sent: {asked.method} {asked.source} {asked.what} {_json(asked.body)}".rstrip()
    for asked in replayed.unanswered:
        yield f"No answer was recorded: {asked.source}: {asked.what}"
    for place in replayed.unused:
        yield f"Never asked for: the answer at {place}"
    yield f"{incident.status}, {_since(incident, replayed.ended_at)} after the alert"
    yield from problems(replayed, expected)


def as_json(replayed: Replayed, expected: Sequence[Expected]) -> str:
    """For programs."""
    incident, book = replayed.incident, replayed.incident.runbook
    found: dict[str, Any] = {
        "runbook": {"id": book.id, "version": book.version} if book else None,
        "incident": {"service": incident.service, "title": incident.title, "status": incident.status,
                     "severity": incident.severity, "failure_mode": incident.failure_mode},
        "lasted_seconds": (replayed.ended_at - incident.opened_at).total_seconds(),
        "steps": outcomes(replayed),
        "timeline": [
            {"after_seconds": (line.at - incident.opened_at).total_seconds(), "by": line.by, "kind": line.kind,
             "text": line.text}
            for line in timeline(replayed.entries)
        ],
        "written": replayed.written,
        "unanswered": replayed.unanswered,
        "unused": replayed.unused,
        "problems": problems(replayed, expected),
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _since(incident: Incident, at: datetime) -> str:
    passed = round((at - incident.opened_at).total_seconds())
    if not passed:
        return "0s"
    rest, parts = abs(passed), []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")):
        if rest >= size:
            parts.append(f"{rest // size}{unit}")
            rest %= size
    return f"{'-' if passed < 0 else '+'}{''.join(parts)}"


def _json(body: Any) -> str:
    return "" if body is None else msgspec.json.encode(body).decode()
