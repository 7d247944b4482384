"""The first draft of the postmortem, from the incident and its log alone.

It states what the log holds and marks what only people can write. ``names`` maps Slack user ids to names; in the
story people are called by what they did ("the lead", "an approver"), by name only where they own something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.incidents import events as ev
from bot.incidents.counting import duration
from bot.incidents.experiments import running as experiments
from bot.incidents.incident import Incident
from bot.incidents.stamps import clock, clock_on, draw_stamps
from bot.incidents.timeline import timeline, without_echoes
from bot.postmortems.acted import clocks, records, watched
from bot.postmortems.document import ActionItem, Measurement, Moment, Postmortem, RollbackRecord, Suspicion
from bot.postmortems.measured import changes, left_out, measurements
from bot.postmortems.people import Cast
from bot.postmortems.rounds import rounds
from bot.postmortems.whys import gaps, outline


def draft(incident: Incident, entries: Sequence[ev.Entry], *, names: Mapping[str, str], now: datetime) -> Postmortem:
    """The document as the log supports it at ``now``."""
    cast = Cast(incident, entries, names)
    log = rounds(entries)
    written = _sections(entries, cast)
    moments = tuple(
        Moment(at=line.at, who=cast.role(line.by), text=cast.told(draw_stamps(line.text, clock_on(line.at))))
        for line in timeline(entries)
    )
    measured, rollbacks = measurements(log, cast), records(log, cast)
    return Postmortem(
        key=incident.key, title=cast.told(incident.title), status=_status(incident),
        severity=incident.severity or "not set", service=incident.service, failure_mode=incident.failure_mode,
        owner=_owner(incident, cast),
        runbook=f"{incident.runbook.id} v{incident.runbook.version}" if incident.runbook else "none",
        opened_at=incident.opened_at, drafted_at=now,
        summary=written.get("summary") or _summary(incident, entries, measured, cast),
        impact=_paragraphs(written.get("impact")) or _impact(incident),
        clocks=clocks(incident, log), trigger=_by_role(entries, "trigger", cast) or changes(log, cast),
        detection=(_detected(incident), *_reported(incident), *_by_role(entries, "detection", cast)),
        resolution=_resolution(incident, rollbacks), timeline=moments,
        well=(*_well(incident, rollbacks), *_paragraphs(written.get("well"))),
        badly=(*_badly(entries, rollbacks, left_out(log, cast), cast), *_paragraphs(written.get("badly"))),
        lucky=(*_by_role(entries, "mitigator", cast), *_paragraphs(written.get("lucky"))),
        whys=outline(entries, cast), items=_items(incident, entries, cast),
        versions=_versions(entries), measurements=measured, rollbacks=rollbacks,
        watch=watched(incident, log, cast), updates=_updates(incident, cast),
        missing=_missing(incident, entries, written), hypotheses=_suspected(incident, cast),
    )  # fmt: skip


def _owner(incident: Incident, cast: Cast) -> str:
    """Who writes it: the lead, unless the runbook says otherwise."""
    says = incident.runbook.postmortem_owner if incident.runbook else "lead"
    kind, _, named = says.partition(":")
    if (named if kind == "role" else says) == "owner":
        return incident.owner
    if kind == "user":
        return cast.name(named)
    if says in ("", "lead", "role:lead"):
        return cast.name(incident.lead) or incident.owner
    return named or says


def _suspected(incident: Incident, cast: Cast) -> tuple[Suspicion, ...]:
    return tuple(
        Suspicion(
            number=one.number, text=cast.told(one.text), judged=one.judged.replace("_", " "),
            evidence=cast.told(one.evidence),
        )
        for one in incident.hypotheses
    )  # fmt: skip


def _sections(entries: Sequence[ev.Entry], cast: Cast) -> dict[str, str]:
    return {e.event.section: cast.told(e.event.text) for e in entries if isinstance(e.event, ev.SectionWritten)}


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip(" -•") for line in (text or "").splitlines() if line.strip())


def _status(incident: Incident) -> str:
    if incident.watch is not None:
        return f"{incident.status}, watching until {clock_on(incident.opened_at)(incident.watch.until)}"
    if incident.status == "merged":
        return f"merged; it goes on as INC-{incident.together.into}"
    if incident.status == "cancelled":
        by_itself = incident.unopened and incident.together.quiet_since is not None
        return "over before anybody opened it" if by_itself else "false alarm"
    return incident.status


def _summary(incident: Incident, entries: Sequence[ev.Entry], measured: Sequence[Measurement], cast: Cast) -> str:
    resolved = [e.event.summary for e in entries if isinstance(e.event, ev.Resolved) and e.event.summary]
    if resolved:
        return cast.told(resolved[-1])
    evidence = [m.because for m in measured if m.verdict in ("bad", "warn") and m.because]
    found = f" What was found: {'; '.join(evidence[:2])}." if evidence else ""
    said = cast.told(incident.alert_text or incident.title)
    return draw_stamps(f"{incident.service}: {said}. Noticed at {clock(_noticed(incident))}.{found}", clock)


def _impact(incident: Incident) -> tuple[str, ...]:
    began = incident.began
    end = incident.safe_at or (incident.status_at if incident.status != "open" else None)
    until = f" to {clock_on(began)(end)}" if end else ", not over"
    lines = [f"service {incident.service}, from {clock(began)}{until}"]
    if end is not None:
        lines.append(f"the effect lasted {duration((end - began).total_seconds())}")
    if incident.consumers:
        lines.append(f"consumers: {', '.join(incident.consumers)}")
    if found := experiments(incident):
        lines.append(f"experiments that ran: {', '.join(one.name for one in found)}")
    lines.append(f"{incident.alerts} alert{'s' if incident.alerts != 1 else ''}")
    return tuple(lines)


def _by_role(entries: Sequence[ev.Entry], role: str, cast: Cast) -> tuple[str, ...]:
    whys = (entry.event for entry in entries if isinstance(entry.event, ev.WhyAdded))
    return tuple(cast.told(why.text) for why in whys if why.role == role)


def _reported(incident: Incident) -> tuple[str, ...]:
    if not incident.reports:
        return ()
    count = f"{incident.reports} report{'s' if incident.reports != 1 else ''}"
    if incident.reported_first:
        return (f"first reported by users ({count}), before any alert: monitoring missed it, or was later",)
    return (f"{count} by users",)


def _detected(incident: Incident) -> str:
    if incident.reported_first:
        return f"a report by users at {clock(incident.began)}"
    by = "a person" if incident.source == "slack" else f"an alert from {incident.source}"
    return f"{by} at {clock(_noticed(incident))}" + (f" ({incident.alert_name})" if incident.alert_name else "")


def _noticed(incident: Incident) -> datetime:
    """When it was announced, if nobody opened it at once."""
    return incident.triage.since if incident.triage else incident.opened_at


def _resolution(incident: Incident, rollbacks: tuple[RollbackRecord, ...]) -> tuple[str, ...]:
    lines = [f"{'undo of ' if r.undo else ''}{r.step}: {r.running} → {r.target}, {r.outcome}" for r in rollbacks]
    if incident.status_at and incident.status != "open":
        lines.append(f"{incident.status} at {clock_on(incident.began)(incident.status_at)}")
    return tuple(lines)


def _well(incident: Incident, rollbacks: tuple[RollbackRecord, ...]) -> tuple[str, ...]:
    lines = []
    if incident.acknowledged_at and incident.acknowledged_at - incident.opened_at <= timedelta(minutes=5):
        lines.append(
            f"somebody was on it {duration((incident.acknowledged_at - incident.opened_at).total_seconds())} in"
        )
    for record in rollbacks:
        if record.approved_at and record.safe_at and not (record.breached or record.undo):
            took = duration((record.safe_at - record.approved_at).total_seconds())
            began = "it began" if record.glass else "its approval"
            lines.append(f"{record.step} was safe {took} after {began}, within {duration(record.budget)}")
    return tuple(lines)


def _badly(
    entries: Sequence[ev.Entry], rollbacks: Sequence[RollbackRecord], left_out: Sequence[str], cast: Cast
) -> tuple[str, ...]:
    lines = [f"{r.step} used up its budget of {duration(r.budget)}" for r in rollbacks if r.breached]
    lines += [f"nobody answered who may approve {r.step}; it began without an approver" for r in rollbacks if r.glass]
    again = [e.event.reason for e in entries if isinstance(e.event, ev.Reopened)]
    lines += [*left_out, *(f"reopened: {cast.told(reason)}" for reason in again)]
    return tuple(draw_stamps(line, clock) for line in lines)


def _items(incident: Incident, entries: Sequence[ev.Entry], cast: Cast) -> tuple[ActionItem, ...]:
    done = {item.item for item in incident.items if item.done}
    added = [entry.event for entry in entries if isinstance(entry.event, ev.ActionItemAdded)]
    return tuple(
        ActionItem(text=cast.told(e.text), role=e.role, owner=cast.name(e.owner), due=e.due, done=e.item in done)
        for e in added
    )


def _versions(entries: Sequence[ev.Entry]) -> tuple[str, ...]:
    lines = []
    for entry in without_echoes(entries):
        if not isinstance(entry.event, ev.VersionsSeen):
            continue
        seen = entry.event
        back = f", {seen.target} was the one to go back to" if seen.target else ""
        told = f"{seen.running} served{back}" if seen.running else f"not known: {seen.because}"
        lines.append(f"{clock(entry.at)}: {told}")
    return tuple(lines)


def _updates(incident: Incident, cast: Cast) -> tuple[Moment, ...]:
    return tuple(Moment(at=u.at, who=u.audience, text=cast.told(u.text)) for u in incident.updates)


def _missing(incident: Incident, entries: Sequence[ev.Entry], written: Mapping[str, str]) -> tuple[str, ...]:
    if incident.runbook is not None and not incident.runbook.postmortem_required:
        return ()
    lines = list(gaps(entries))
    if not incident.items:
        lines.append("no action item has an owner and a day yet")
    if "lucky" not in written:
        lines.append("nobody has written where we were lucky")
    return tuple(lines)
