"""The first draft of the postmortem, from the incident and its log alone.

It states what the log holds and marks what only people can write. ``names`` maps Slack user ids to names; in the
story people are called by what they did ("the lead", "an approver"), by name only where they own something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.incidents import events as ev
from bot.incidents.incident import ActionState, Incident
from bot.incidents.stamps import clock, clock_on, draw_stamps
from bot.incidents.timeline import timeline
from bot.incidents.walk import acts, measures, unchecked
from bot.postmortems.document import ActionItem, Clock, Measurement, Moment, Postmortem, RollbackRecord
from bot.postmortems.people import Cast
from bot.postmortems.whys import gaps, outline
from bot.runbooks.schema import Action

SECTIONS = ("summary", "impact", "well", "badly", "lucky")


def draft(incident: Incident, entries: Sequence[ev.Entry], *, names: Mapping[str, str], now: datetime) -> Postmortem:
    """The document as the log supports it at ``now``."""
    cast = Cast(incident, entries, names)
    written = _sections(entries)
    moments = tuple(
        Moment(at=line.at, who=cast.role(line.by), text=cast.told(draw_stamps(line.text, clock_on(line.at))))
        for line in timeline(entries)
    )
    rollbacks = tuple(_rollbacks(incident))
    return Postmortem(
        key=incident.key, title=incident.title, status=_status(incident), severity=incident.severity or "not set",
        service=incident.service, failure_mode=incident.failure_mode,
        owner=cast.name(incident.lead) or incident.owner,
        runbook=f"{incident.runbook.id} v{incident.runbook.version}" if incident.runbook else "none",
        opened_at=incident.opened_at, drafted_at=now,
        summary=written.get("summary") or _summary(incident, entries, cast),
        impact=_paragraphs(written.get("impact")) or _impact(incident),
        clocks=_clocks(incident), trigger=_by_role(entries, "trigger") or _changes(incident, cast),
        detection=(_detected(incident), *_by_role(entries, "detection")),
        resolution=_resolution(incident, rollbacks), timeline=moments,
        well=(*_well(incident, rollbacks), *_paragraphs(written.get("well"))),
        badly=(*_badly(incident, rollbacks, cast), *_paragraphs(written.get("badly"))),
        lucky=(*_by_role(entries, "mitigator"), *_paragraphs(written.get("lucky"))),
        whys=outline(entries), items=_items(incident, entries, cast),
        versions=_versions(entries), measurements=tuple(_measurements(incident, cast)), rollbacks=rollbacks,
        watch=_watch(incident), updates=_updates(incident, cast), missing=_missing(incident, entries, written),
    )  # fmt: skip


def lasted(seconds: float | None) -> str:
    """``4 min 20 s``, ``2 h 5 min``: a duration as people say it."""
    if seconds is None:
        return "–"
    whole = round(seconds)
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (whole % 60, "s")]
    said = [f"{number} {unit}" for number, unit in parts if number][:2]
    return " ".join(said) or "0 s"


def _sections(entries: Sequence[ev.Entry]) -> dict[str, str]:
    return {e.event.section: e.event.text for e in entries if isinstance(e.event, ev.SectionWritten)}


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip(" -•") for line in (text or "").splitlines() if line.strip())


def _status(incident: Incident) -> str:
    if incident.watch is not None:
        return f"{incident.status}, watching until {clock_on(incident.opened_at)(incident.watch.until)}"
    return "false alarm" if incident.status == "cancelled" else incident.status


def _began(incident: Incident) -> datetime:
    began = incident.began_at
    return began if began is not None and began <= incident.opened_at else incident.opened_at


def _clocks(incident: Incident) -> tuple[Clock, ...]:
    began = _began(incident)
    ended = incident.status_at if incident.status != "open" else None

    def since(start: datetime | None, end: datetime | None) -> float | None:
        return (end - start).total_seconds() if start and end else None

    action = _last_action(incident)
    return (
        Clock("detection", since(began, incident.opened_at), "from the alert's own start to the incident"),
        Clock("acknowledgement", since(incident.opened_at, incident.acknowledged_at), "until somebody was on it"),
        Clock("alert to safe", since(incident.opened_at, incident.safe_at), "until the fix was confirmed in traffic"),
        Clock("request to approval", since(action.requested_at, action.approved_at) if action else None),
        Clock("approval to safe", since(action.approved_at, action.confirmed_at) if action else None, "the budget"),
        Clock("resolution", since(incident.opened_at, ended), "until a person said that it is over"),
    )


def _last_action(incident: Incident) -> ActionState | None:
    actions = [state.action for state in incident.steps.values() if state.action is not None]
    return actions[-1] if actions else None


def _summary(incident: Incident, entries: Sequence[ev.Entry], cast: Cast) -> str:
    resolved = [e.event.summary for e in entries if isinstance(e.event, ev.Resolved) and e.event.summary]
    if resolved:
        return cast.told(resolved[-1])
    evidence = [s.because for s in incident.steps.values() if s.verdict in ("bad", "warn") and s.because]
    found = f" What was found: {'; '.join(evidence[:2])}." if evidence else ""
    said = incident.alert_text or incident.title
    return draw_stamps(f"{incident.service}: {said}. Noticed at {clock(incident.opened_at)}.{found}", clock)


def _impact(incident: Incident) -> tuple[str, ...]:
    began = _began(incident)
    end = incident.safe_at or (incident.status_at if incident.status != "open" else None)
    lines = [f"service {incident.service}, from {clock(began)}" + (f" to {clock(end)}" if end else ", not over")]
    if end is not None:
        lines.append(f"the effect lasted {lasted((end - began).total_seconds())}")
    if incident.consumers:
        lines.append(f"consumers: {', '.join(incident.consumers)}")
    lines.append(f"{incident.alerts} alert{'s' if incident.alerts != 1 else ''}")
    return tuple(lines)


def _by_role(entries: Sequence[ev.Entry], role: str) -> tuple[str, ...]:
    return tuple(e.event.text for e in entries if isinstance(e.event, ev.WhyAdded) and e.event.role == role)


def _changes(incident: Incident, cast: Cast) -> tuple[str, ...]:
    found = [incident.state(s.id) for s in incident.walk() if getattr(s.spec, "source", "") == "changes"]
    return tuple(cast.told(draw_stamps(s.because, clock)) for s in found if s.verdict in ("warn", "bad"))


def _detected(incident: Incident) -> str:
    by = "a person" if incident.source == "slack" else f"an alert from {incident.source}"
    return f"{by} at {clock(incident.opened_at)}" + (f" ({incident.alert_name})" if incident.alert_name else "")


def _rollbacks(incident: Incident) -> list[RollbackRecord]:
    found = []
    for step in incident.walk():
        action = incident.state(step.id).action
        if not acts(step) or action is None:
            continue
        budget = step.spec.budget if isinstance(step.spec, Action) else 300.0
        outcome = {"outside": "done outside", "refused": f"not carried out: {action.because}"}
        found.append(
            RollbackRecord(
                step=step.id, outcome=outcome.get(action.phase, action.phase), running=action.running or "?",
                target=action.target or "?", requested_at=action.requested_at, approved_at=action.approved_at,
                safe_at=action.confirmed_at, budget=budget, breached=action.breached, share=action.share,
            )
        )  # fmt: skip
    return found


def _resolution(incident: Incident, rollbacks: tuple[RollbackRecord, ...]) -> tuple[str, ...]:
    lines = [f"{r.step}: {r.running} → {r.target}, {r.outcome}" for r in rollbacks]
    if incident.status_at and incident.status != "open":
        lines.append(f"{incident.status} at {clock(incident.status_at)}")
    return tuple(lines)


def _well(incident: Incident, rollbacks: tuple[RollbackRecord, ...]) -> tuple[str, ...]:
    lines = []
    if incident.acknowledged_at and incident.acknowledged_at - incident.opened_at <= timedelta(minutes=5):
        lines.append(
            f"somebody was on it {lasted((incident.acknowledged_at - incident.opened_at).total_seconds())} in"
        )
    for record in rollbacks:
        if record.approved_at and record.safe_at and not record.breached:
            took = lasted((record.safe_at - record.approved_at).total_seconds())
            lines.append(f"{record.step} was safe {took} after its approval, within {lasted(record.budget)}")
    return tuple(lines)


def _badly(incident: Incident, rollbacks: tuple[RollbackRecord, ...], cast: Cast) -> tuple[str, ...]:
    lines = [f"{r.step} used up its budget of {lasted(r.budget)}" for r in rollbacks if r.breached]
    lines += [f"not checked: {step.id} ({incident.state(step.id).because})" for step in unchecked(incident)]
    skipped = [(s, incident.state(s.id)) for s in incident.walk() if incident.state(s.id).phase == "skipped"]
    lines += [f"skipped: {step.id} ({cast.told(state.text)})" for step, state in skipped]
    if incident.reopened:
        lines.append(f"reopened: {incident.reopened_because}")
    return tuple(draw_stamps(line, clock) for line in lines)


def _items(incident: Incident, entries: Sequence[ev.Entry], cast: Cast) -> tuple[ActionItem, ...]:
    done = {item.item for item in incident.items if item.done}
    added = [entry.event for entry in entries if isinstance(entry.event, ev.ActionItemAdded)]
    return tuple(
        ActionItem(text=e.text, role=e.role, owner=cast.name(e.owner), due=e.due, done=e.item in done) for e in added
    )


def _versions(entries: Sequence[ev.Entry]) -> tuple[str, ...]:
    lines = []
    for entry in entries:
        if not isinstance(entry.event, ev.VersionsSeen):
            continue
        seen = entry.event
        back = f", {seen.target} was the one to go back to" if seen.target else ""
        told = f"{seen.running} served{back}" if seen.running else f"not known: {seen.because}"
        lines.append(f"{clock(entry.at)}: {told}")
    return tuple(lines)


def _measurements(incident: Incident, cast: Cast) -> list[Measurement]:
    found = []
    for step in incident.walk():
        state = incident.state(step.id)
        if measures(step) and state.verdict is not None:
            because = cast.told(draw_stamps(state.because, clock))
            found.append(
                Measurement(
                    step=step.id, verdict=state.verdict.replace("_", " "), because=because, value=state.value,
                    baseline=state.baseline, n=state.n, low=state.low, high=state.high,
                )
            )  # fmt: skip
    return found


def _watch(incident: Incident) -> str:
    watches = [state.watch for state in incident.steps.values() if state.watch is not None]
    if not watches:
        return "none"
    watch = watches[-1]
    until = clock_on(watch.since)(watch.until)
    standing = "ended" if watch.ended_at else f"runs until {until}"
    return f"{standing}; {watch.looks} looks, last: {watch.verdict.replace('_', ' ')} {watch.because}".strip()


def _updates(incident: Incident, cast: Cast) -> tuple[Moment, ...]:
    return tuple(Moment(at=u.at, who=u.audience, text=cast.told(u.text)) for u in incident.updates)


def _missing(incident: Incident, entries: Sequence[ev.Entry], written: Mapping[str, str]) -> tuple[str, ...]:
    lines = list(gaps(entries))
    if not incident.items:
        lines.append("no action item has an owner and a day yet")
    if "lucky" not in written:
        lines.append("nobody has written where we were lucky")
    return tuple(lines)
