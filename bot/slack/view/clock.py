"""Where an action stands, in words: who asked, who said yes, until when, how much traffic is where it should be."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.incidents.acting import ActionState
from bot.incidents.counting import duration
from bot.incidents.incident import Incident, StepState
from bot.runbooks.schema import Action, Step
from bot.slack.view.text import at, is_person, people, person, said, share, version
from bot.slack.view.wording import act_name, called


def lines(incident: Incident, step: Step) -> list[str]:
    """What is to be said about the action of ``step``; nothing if nobody has asked for it."""
    action = incident.state(step.id).action
    return [] if action is None else lines_of(incident, step, action)


def lines_of(incident: Incident, step: Step, action: ActionState) -> list[str]:
    """The same about one action of the step: the one that stands, though somebody asks to take it back."""
    return _WORDS[action.phase](step, incident.state(step.id), action)


def _requested(step: Step, _: StepState, action: ActionState) -> list[str]:
    return [f"*{_what(step, action)}*: {asked(action)}. Waiting for {awaited(action)}.", otherwise(action)]


def asked(action: ActionState) -> str:
    """Who asked, and when."""
    when = f" {at(action.requested_at)}" if action.requested_at else ""
    return f"asked by {person(action.requested_by)}{when}"


def awaited(action: ActionState) -> str:
    """Whose yes is missing, and how many."""
    left = [who for who in action.approvers if who not in action.approved_by]
    if action.not_requester:
        left = [who for who in left if who != action.requested_by]
    anyone = f"anyone but {person(action.requested_by)}" if action.not_requester else "anyone"
    who = people(left, last=" or ") if action.approvers else anyone
    missing = action.count - len(action.approved_by)
    return f"a yes from {who}" if missing == 1 else f"{missing} yeses from {who}"


def otherwise(action: ActionState) -> str:
    """What happens if nobody decides."""
    if action.expires_at is None:
        return "If nobody decides, nothing changes."
    return f"If nobody decides by {at(action.expires_at)}, the request lapses and nothing changes."


def approved(action: ActionState) -> str:
    """Who said yes, or began without, and when."""
    when = f" {at(action.approved_at)}" if action.approved_at else ""
    if action.glass_by:
        return f"begun without an approver by {person(action.glass_by)}{when}"
    return f"approved by {people(action.approved_by, nobody='the runbook')}{when}"


def _on_its_way(step: Step, _: StepState, action: ActionState) -> list[str]:
    starting = "starting" if _may_start(step, action) else "waiting for its rehearsal in staging"
    now = {"approved": starting, "started": "the call is being made", "written": _traffic(step, action)}
    said_so = f"*{_what(step, action)}*: {asked(action)}, {approved(action)}; {now[action.phase]}."
    return [said_so, *_budget(step, action)]


def _may_start(step: Step, action: ActionState) -> bool:
    wanted = isinstance(step.spec, Action) and step.spec.rehearse is not None and not action.undo
    return not wanted or (action.rehearsal is not None and action.rehearsal.phase in ("ok", "skipped"))


def _traffic(step: Step, action: ActionState) -> str:
    if isinstance(step.spec, Action) and step.spec.done_when.ok is not None:
        return "the call was made, waiting until it shows"
    needed = f", {share(step.spec.done_when.share)} is needed" if isinstance(step.spec, Action) else ""
    if action.share is None:
        return f"the call was made, waiting for traffic to follow{needed}"
    if action.holds:
        return f"{version(action.target)} has {share(action.share)} of traffic, the next look has to see it too"
    return f"{version(action.target)} has {share(action.share)} of traffic{needed}"


def _budget(step: Step, action: ActionState) -> list[str]:
    if not isinstance(step.spec, Action) or action.approved_at is None:
        return []
    ends = at(action.approved_at + timedelta(seconds=step.spec.budget))
    size = duration(step.spec.budget)
    if action.breached:
        return [f":rotating_light: The budget of {size} ended {ends}. It goes on; nothing is broken off half-way."]
    if action.warned:
        return [f":warning: 80 % of the budget of {size} is used; it ends {ends}."]
    return [f":stopwatch: Budget {size}, ends {ends}."]


def _confirmed(step: Step, _: StepState, action: ActionState) -> list[str]:
    if action.settled == "done":
        when = f" {at(action.confirmed_at)}" if action.confirmed_at else ""
        last = f"; traffic last showed {share(action.share)}" if action.share is not None else ""
        return [f"*{_what(step, action)}* was carried out, says {person(action.settled_by)}{when}{last}."]
    since = f" since {at(action.confirmed_at)}" if action.confirmed_at else ""
    part = f" ({share(action.share)} of traffic)" if action.share is not None else ""
    took = ""
    if action.confirmed_at and action.approved_at:
        seconds = (action.confirmed_at - action.approved_at).total_seconds()
        over = ", over its budget" if action.breached else ""
        began = "it was begun" if action.glass_by else "the approval"
        took = f", {duration(seconds)} after {began}{over}"
    if not action.version:
        return [f"*{_what(step, action)}*: in place{since}{took}."]
    return [f"*{_what(step, action)}*: {version(action.target)} serves{part}{since}{took}."]


def _outside(step: Step, state: StepState, action: ActionState) -> list[str]:
    when = f" {at(state.at)}" if state.at else ""
    note = f": {said(state.text, 200)}" if state.text else ""
    done = f"*{_what(step, action)}* was done outside, says {person(state.by)}{when}{note}"
    if action.looked_at is None or not action.because:
        return [done]
    return [done, f"Held against traffic {at(action.looked_at)}: {said(action.because, 200)}."]


def _refused(step: Step, _: StepState, action: ActionState) -> list[str]:
    why = said(action.because, 300) or "no reason was given"
    return [f":no_entry: *{_what(step, action)}* was not carried out: {why}. Nothing was changed."]


def _declined(step: Step, state: StepState, action: ActionState) -> list[str]:
    who = person(state.by) if is_person(state.by) else "Evenkeel"
    return [f":no_entry: *{_what(step, action)}* was declined by {who}: {said(state.text, 300) or '…'}"]


def _lapsed(step: Step, _: StepState, action: ActionState) -> list[str]:
    why = "nobody decided in time" if action.approved_at is None else "it was not started in time"
    return [f":hourglass: The request for *{_what(step, action)}* lapsed: {why}. Nothing was changed."]


def _unknown(step: Step, _: StepState, action: ActionState) -> list[str]:
    why = f": {said(action.because, 300)}" if action.because else ""
    return [f":question: Nobody can tell whether *{_what(step, action)}* was carried out{why}."]


def doubt_ended(step: Step, action: ActionState) -> str:
    """How the doubt about an unknown outcome ended, and who ended it."""
    # what an action is taken back to is not what it was about
    about = replace(action, target="") if action.settled == "undo" else action
    when = f" {at(action.settled_at)}" if action.settled_at else ""
    who = person(action.settled_by)
    ended = {
        "done": f"{who} looked{when}: it was",
        "run_again": f"{who} had it run again{when}",
        "outside": f"{who} did it outside{when}",
        "undo": f"{who} asked to take it back{when}",
        "traffic": f"traffic showed{when} that it was",
    }
    known = ended[action.settled] if action.settled else "the incident went on"
    return f":white_check_mark: It was not known whether *{_what(step, about)}* was carried out; {known}."


def was_done(step: Step, action: ActionState, undo: ActionState) -> str:
    """What a confirmed action did, as long as it is being taken back, and after that."""
    done = f" {at(action.confirmed_at)}" if action.confirmed_at else ""
    back = "was undone" if undo.phase == "confirmed" else "is being undone"
    when = f" {at(undo.confirmed_at)}" if undo.confirmed_at else ""
    return f"*{_what(step, action)}* was done{done}, and {back}{when}."


def undone(step: Step, action: ActionState) -> str:
    """What serves again, after an undo was confirmed."""
    when = f" {at(action.confirmed_at)}" if action.confirmed_at else ""
    name = said(called(step), 80)
    if not action.version:
        return f":leftwards_arrow_with_hook: *The {name} was undone*{when}."
    return (
        f":leftwards_arrow_with_hook: *{said(version(action.target), 60)} serves again*{when}: the {name} was undone."
    )


def _what(step: Step, action: ActionState) -> str:
    return said(act_name(step, action), 120)


_WORDS = {
    "requested": _requested,
    "approved": _on_its_way,
    "started": _on_its_way,
    "written": _on_its_way,
    "confirmed": _confirmed,
    "outside": _outside,
    "refused": _refused,
    "declined": _declined,
    "lapsed": _lapsed,
    "unknown": _unknown,
}
