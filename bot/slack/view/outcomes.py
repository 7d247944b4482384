"""What people must not miss: it is done, it is unknown, it came back, the watch is over, it is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.incidents.acting import ActionState
from bot.incidents.counting import duration
from bot.incidents.incident import Incident
from bot.incidents.mentions import is_user
from bot.incidents.walk import acts
from bot.runbooks.schema import Step, Watch
from bot.slack.view import asking, clock
from bot.slack.view.alerts_seen import went_on
from bot.slack.view.blocks import actions, message, section, value
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, person, said
from bot.slack.view.watching import watched, watching, what
from bot.slack.view.wording import CANCELLED, REOPENED, RESOLVED, act_name, called


def outcomes(incident: Incident) -> list[Surface]:
    """All of these messages that the incident asks for now, in the order in which they come about."""
    acted = [(step, incident.state(step.id).action) for step in incident.walk() if acts(step)]
    relapse = [_relapse(incident)] if incident.reopened else []
    unknown = [_unknown(incident, step, a) for step, a in acted if a is not None and a.doubted]
    safe = [surface for step, a in acted if a is not None for surface in _safe(incident, step, a)]
    ends = [] if incident.status == "open" else [_ended(incident)]
    glass = [_glass(incident, step, a) for step, a in acted if a is not None and a.glass_by]
    dry = [_dry_run(incident, step) for step, _ in acted if incident.state(step.id).dry_lines]
    return [*relapse, *dry, *glass, *unknown, *safe, *_watches(incident), *ends]


def _message(incident: Incident, key: str, lines: Sequence[str], *more: Block, live: bool = True) -> Surface:
    content = message(lines[0].replace("*", ""), [section(lines), *more])
    return Surface(key=key, kind="message", content=content, needs=where(incident), live=live)


def _unknown(incident: Incident, step: Step, action: ActionState) -> Surface:
    key = f"unknown:{step.id}:{action.doubted}"
    if action.phase != "unknown":
        return _message(incident, key, [clock.doubt_ended(step, action)])
    who = person(incident.lead) if incident.lead else "Somebody"
    lines = [
        *clock.lines(incident, step),
        f"{who}: look, then choose. Nothing is repeated by itself; until you choose, it stays as it is.",
    ]
    ref = value(incident, step.id, action.attempt)
    return _message(incident, key, lines, actions(asking.for_unknown(ref)))


def _glass(incident: Incident, step: Step, action: ActionState) -> Surface:
    """Said once, to everybody: it was done without an approver, and will be looked at."""
    lines = [
        f":rotating_light: {person(action.glass_by)} broke the glass for *{said(act_name(step, action), 120)}*: "
        "no approver had decided. It is reviewed tomorrow; that is an action item.",
    ]
    return _message(incident, f"glass:{step.id}:{action.attempt}", lines)


def _dry_run(incident: Incident, step: Step) -> Surface:
    """What an action would do, for whoever asked."""
    state = incident.state(step.id)
    lines = [f":mag: *Dry run of {said(called(step), 80)}*: nothing was changed."]
    lines += [said(line, 400) for line in state.dry_lines]
    return _message(incident, f"dry_run:{step.id}:{state.dry_run}", lines)


def _safe(incident: Incident, step: Step, action: ActionState) -> list[Surface]:
    """What was done, and, after it was taken back, that it no longer holds."""
    done = action.effective
    if action.safe:
        lines = [*clock.lines_of(incident, step, done), *_alert_to_safe(incident, done), *watching(incident)[:1]]
        back = asking.take_back(incident, step) if incident.status == "open" else None
        row = [actions([back])] if back is not None else []
        return [_message(incident, f"safe:{step.id}:{done.attempt}", lines, *row)]
    before = done.before
    if not done.undo or before is None:
        return []
    told = []
    if before.phase == "confirmed":
        told.append(_message(incident, f"safe:{step.id}:{before.attempt}", [clock.was_done(step, before, done)]))
    if done.phase == "confirmed":
        told.append(_message(incident, f"safe:{step.id}:{done.attempt}", [clock.undone(step, done)]))
    return told


def _alert_to_safe(incident: Incident, action: ActionState) -> list[str]:
    if action.confirmed_at is None:
        return []
    return [f"From the alert to safe: {duration((action.confirmed_at - incident.began).total_seconds())}."]


def _watches(incident: Incident) -> list[Surface]:
    ended = [(step, watch) for step, watch in watched(incident) if watch.ended_at is not None]
    drawn = []
    for step, watch in ended:
        mark = RESOLVED if watch.verdict == "ok" else REOPENED
        over = f" over {said(what(step, incident), 100)}" if isinstance(step.spec, Watch) else " by hand"
        lines = [f"{mark} The watch{over} is over: {said(watch.because or 'its time has passed')}"]
        more: list[Block] = []
        if (
            incident.status == "open"
            and incident.watch is None
            and watch.verdict != "bad"
            and (step, watch) == ended[-1]
        ):
            who = f"{person(incident.lead)}: resolve" if incident.lead else "Resolve"
            lines.append(f"{who} the incident if you agree; it stays open until somebody does.")
            more = [actions([asking.resolve(incident)])]
        key = f"watched:{step.id}:{incident.state(step.id).attempt}"
        drawn.append(_message(incident, key, lines, *more))
    return drawn


def _relapse(incident: Incident) -> Surface:
    lines = [
        f"{REOPENED} *Reopened*: {said(incident.reopened_because)}",
        f"{person(incident.lead)} leads." if incident.lead else "Nobody leads yet.",
        "Everything is measured again; the card on top has the next step.",
    ]
    return _message(incident, f"relapse:{incident.reopened}", lines, live=False)


def _ended(incident: Incident) -> Surface:
    who = f"{person(incident.status_by)}{f' {at(incident.status_at)}' if incident.status_at else ''}"
    if incident.status == "cancelled":
        return _message(incident, f"cancelled:{incident.reopened}", [f"{CANCELLED} *False alarm*, says {who}."])
    if incident.status == "merged":
        return _message(incident, f"merged:{incident.together.into}", went_on(incident))
    took = ""
    if incident.status_at is not None:
        took = f", {duration((incident.status_at - incident.opened_at).total_seconds())} after it was opened"
    lines = [f"{RESOLVED} *Resolved* by {who}{took}.", *_by_itself(incident)]
    lines += watching(incident, word="Still watching")[:1]
    return _message(incident, f"resolved:{incident.reopened}", lines)


def _by_itself(incident: Incident) -> list[str]:
    """Why nobody resolved it, for whoever comes back and wonders."""
    since = incident.together.quiet_since
    if is_user(incident.status_by) or since is None:
        return []
    return [f"No alert has fired since {at(since)}, and nobody kept it open. The command `reopen` and why opens it."]
