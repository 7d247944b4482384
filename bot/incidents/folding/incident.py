"""What changes when the incident itself is led, judged, told, over, learned from, or shown."""

from __future__ import annotations

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.acting import IN_FLIGHT
from bot.incidents.events.peoples_text import nameless
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.folding.triage import opened
from bot.incidents.incident import Incident, StepState
from bot.incidents.insiders import keeper
from bot.incidents.moves import in_generation
from bot.incidents.told import HypothesisState, ItemState, UpdateState, WhyState
from bot.runbooks.schema import Task, Watch

REDACTED = "(redacted)"


def _acknowledged(head: Incident, _: ev.Acknowledged, entry: ev.Entry) -> Changes:
    return {} if head.acknowledged_by else {"acknowledged_by": entry.by, "acknowledged_at": entry.at}


def _lead(head: Incident, event: ev.LeadChanged, _: ev.Entry) -> Changes:
    has_it = head.keeper or (event.lead if head.place == "direct" else "")
    return {"lead": event.lead, "keeper": has_it}


def _severity(_: Incident, event: ev.SeverityChanged, __: ev.Entry) -> Changes:
    return {"severity": event.severity}


def _ended(_: Incident, event: ev.Resolved | ev.Cancelled, entry: ev.Entry) -> Changes:
    status = "resolved" if isinstance(event, ev.Resolved) else "cancelled"
    return {"status": status, "status_at": entry.at, "status_by": entry.by}


def _reopened(head: Incident, event: ev.Reopened, entry: ev.Entry) -> Changes:
    """Evidence, decisions and actions begin anew with the next attempt.

    What people did by hand stays done, unless a watch starts with it: it did not hold, or has to hold once more. An
    action on its way stays on its way.
    """
    walk = head.walk()
    watched = {step.spec.starts for step in walk if isinstance(step.spec, Watch)}
    by_hand = {step.id for step in walk if isinstance(step.spec, Task)} - watched

    def stays(step: str, state: StepState) -> bool:
        return step in by_hand or (state.action is not None and state.action.phase in IN_FLIGHT)

    steps = {
        step: state if stays(step, state) else StepState(attempt=state.attempt + 1, assigned=state.assigned)
        for step, state in head.steps.items()
    }
    not_quiet = replace(head.together, quiet_since=None, proposed_at=None, kept_open_by="", held_back="")
    return {
        "together": not_quiet,
        "status": "open", "status_at": entry.at, "status_by": entry.by, "reopened": head.reopened + 1,
        "reopened_because": event.reason, "reopened_seq": entry.seq, "versions": None, "steps": steps,
        **opened(head, entry),
    }  # fmt: skip


def _update(head: Incident, event: ev.UpdatePublished, entry: ev.Entry) -> Changes:
    told = UpdateState(seq=entry.seq, audience=event.audience, text=event.text, at=entry.at, by=entry.by)
    changes: Changes = {"updates": (*head.updates, told)}
    if event.step:
        changes |= step_changes(head, event.step, phase="done", by=entry.by, at=entry.at, seq=entry.seq)
    return changes


def _redacted(head: Incident, event: ev.Redacted, _: ev.Entry) -> Changes:
    steps = {k: replace(s, text="", fields={}) if s.seq == event.seq else s for k, s in head.steps.items()}
    updates = tuple(replace(u, text="(redacted)") if u.seq == event.seq else u for u in head.updates)
    asked = tuple(replace(h, reason="") if h.seq == event.seq else h for h in head.help)
    because = "(redacted)" if head.reopened_seq == event.seq else head.reopened_because
    suspected = tuple(_blanked(h, event.seq) for h in head.hypotheses)
    inputs = {name: given for name, given in head.inputs.items() if given.seq != event.seq}
    merged = tuple(replace(one, title="") if one.seq == event.seq else one for one in head.together.merged)
    blank: Changes = {
        "together": replace(head.together, merged=merged), "steps": steps, "updates": updates, "help": asked,
        "reopened_because": because, "hypotheses": suspected, "inputs": inputs,
    }  # fmt: skip
    return blank | _without_alerts(head, because) if event.seq == 1 else blank


def _without_alerts(head: Incident, because: str) -> Changes:
    """Nothing is left of what its alerts said, wherever the head repeats it."""
    known = head.together
    together = replace(
        known, joined=(), flapping=dict.fromkeys(known.flapping, ""),
        merged=tuple(replace(one, title="") for one in known.merged),
    )  # fmt: skip
    silent = {
        number: replace(state, alerts=tuple(replace(alert, labels={}, name="") for alert in state.alerts))
        for number, state in head.silences.items()
    }
    return {
        "title": REDACTED, "alert_name": "", "alert_text": "", "alert_url": "", "labels": {}, "redacted": True,
        "links": (), "together": together, "silences": silent, "reopened_because": nameless(because),
    }  # fmt: skip


def _blanked(hypothesis: HypothesisState, seq: int) -> HypothesisState:
    text = "(redacted)" if hypothesis.seq == seq else hypothesis.text
    return replace(hypothesis, text=text, evidence="" if hypothesis.judged_seq == seq else hypothesis.evidence)


def _why(head: Incident, event: ev.WhyAdded, _: ev.Entry) -> Changes:
    return {"whys": (*head.whys, WhyState(why=event.why, parent=event.parent, role=event.role))}


def _item(head: Incident, event: ev.ActionItemAdded, _: ev.Entry) -> Changes:
    return {"items": (*head.items, ItemState(item=event.item, owner=event.owner, due=event.due))}


def _item_done(head: Incident, event: ev.ActionItemDone, _: ev.Entry) -> Changes:
    return {"items": tuple(replace(i, done=True) if i.item == event.item else i for i in head.items)}


def _section(head: Incident, event: ev.SectionWritten, _: ev.Entry) -> Changes:
    return {"sections": head.sections | {event.section}}


def _channel(head: Incident, event: ev.ChannelOpened, _: ev.Entry) -> Changes:
    if event.surface != in_generation("channel", head.generation):  # it became private while this was being opened
        return {"fled": (*head.fled, event.channel)}
    return {"channel": event.channel, "channel_name": event.name}


def _thread(head: Incident, event: ev.ChannelRefused, _: ev.Entry) -> Changes:
    if event.surface != in_generation("channel", head.generation):
        return {}
    if head.private:  # never where everybody reads
        return {"place": "direct", "keeper": keeper(head), "no_channel": event.code}
    return {"place": "thread"}


def _refused(head: Incident, event: ev.SlackRefused, _: ev.Entry) -> Changes:
    return {"refused": (*(s for s in head.refused if s != event.surface), event.surface)}


CHANGES: Table = {
    ev.Acknowledged: _acknowledged,
    ev.LeadChanged: _lead,
    ev.SeverityChanged: _severity,
    ev.Resolved: _ended,
    ev.Cancelled: _ended,
    ev.Reopened: _reopened,
    ev.UpdatePublished: _update,
    ev.Redacted: _redacted,
    ev.WhyAdded: _why,
    ev.ActionItemAdded: _item,
    ev.ActionItemDone: _item_done,
    ev.SectionWritten: _section,
    ev.ChannelOpened: _channel,
    ev.ChannelRefused: _thread,
    ev.SlackRefused: _refused,
}
