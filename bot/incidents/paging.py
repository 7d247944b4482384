"""Who has to be called now, for what, and whose turn it is next.

Somebody is called for the incident's opening, a yes to an action, a budget that is used up, and help. Each is a
``Call`` with levels: 0 are those who are asked first, the others the service's ``escalation``. Level 0 is called
twice, three minutes apart; then the next level is called, and the next. It stops when there is nothing left to call
for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from bot.incidents.acting import ActionState
from bot.incidents.events.paging import IN_SLACK, CalledFor
from bot.incidents.incident import Incident
from bot.incidents.oncall import all_resolved, on_call, owner_names, owners, pagers_of, resolved
from bot.incidents.paged import page_key
from bot.runbooks.schema import SEVERITIES, Action, Step

#: between two calls for the same thing
PAUSE = timedelta(minutes=3)
NEVER = "never"


class Level(msgspec.Struct, frozen=True):
    """Whom one level calls: in Slack, and by pagers. ``number`` stays, whoever is found later."""

    number: int
    names: tuple[str, ...]
    people: tuple[str, ...]
    pagers: tuple[str, ...]


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody has to be called for. ``told``: a message in the channel mentioned level 0 already."""

    what: CalledFor
    step: str = ""
    attempt: int = 1
    since: datetime
    levels: tuple[Level, ...] = ()
    told: bool = True


class Rung(msgspec.Struct, frozen=True):
    """One turn of a call: whose, for the which time, and when."""

    call: Call
    level: Level
    round: int
    at: datetime
    first: bool

    def key(self, how: str = IN_SLACK) -> str:
        """What the log knows this turn by."""
        call = self.call
        return page_key(call.what, call.step, call.attempt, level=self.level.number, round_=self.round, how=how)


def calls(incident: Incident) -> tuple[Call, ...]:
    """What somebody has to be called for now; nothing once the incident is over."""
    if incident.status != "open":
        return ()
    helps = (_help(incident, number) for number in range(1, len(incident.help) + 1))
    if incident.place == "guest":  # another tool calls people; here only a person does
        return tuple(call for call in helps if call is not None and call.levels)
    opening = _opening(incident)
    approvals = (_approval(incident, step) for step in incident.walk())
    breaches = (_breach(incident, step) for step in incident.walk())
    return tuple(call for call in (opening, *approvals, *breaches, *helps) if call is not None and call.levels)


def rungs(incident: Incident, call: Call) -> Iterator[Rung]:
    """The turns of a call so far, and the next one. Each comes three minutes after the one before it was called."""
    turns = [(level, round_) for level in call.levels for round_ in ((1, 2) if level.number == 0 else (1,))]
    at = call.since
    for index, (level, round_) in enumerate(turns):
        rung = Rung(call, level, round_, at, index == 0)
        yield rung
        called = incident.pages.get(rung.key())
        if called is None and not (index == 0 and call.told and level.number == 0):
            return
        at = (called.at if called is not None else at) + PAUSE


def _levels(incident: Incident, first: Level, *, without: tuple[str, ...]) -> tuple[Level, ...]:
    """Level 0 and the service's escalation; whoever was called by an earlier level is not called again."""
    found = [first] if first.people or first.pagers else []
    called = set(first.people) | set(without)
    for number, name in enumerate(incident.escalation, 1):
        if name in first.names:
            continue
        people = tuple(who for who in resolved(incident, name) if who not in called)
        pagers = pagers_of(incident, (name,))
        if people or pagers:
            found.append(Level(number, (name,), people, pagers))
        called.update(people)
    return tuple(found)


def _first(incident: Incident, names: tuple[str, ...], people: tuple[str, ...], without: tuple[str, ...]) -> Level:
    left = tuple(who for who in people if who not in without)
    return Level(0, names, left, pagers_of(incident, names))


def _approval(incident: Incident, step: Step) -> Call | None:
    action = incident.state(step.id).action
    if action is None or action.phase != "requested" or action.requested_at is None:
        return None
    names = approver_names(step)
    anyone = not action.approvers
    names = owner_names(incident) if anyone else names
    asked = owners(incident) if anyone else action.approvers
    without = _said_enough(action)
    first = _first(incident, names, asked, without)
    return Call(
        what="approval", step=step.id, attempt=action.attempt, since=action.requested_at,
        levels=_levels(incident, first, without=without),
    )  # fmt: skip


def _breach(incident: Incident, step: Step) -> Call | None:
    """An action whose budget is used up while nobody knows whether the world has changed: the owner, then others."""
    action = incident.state(step.id).action
    if action is None or not action.breached or action.approved_at is None or not isinstance(step.spec, Action):
        return None
    if action.phase not in ("approved", "started", "written", "unknown"):
        return None
    since = action.approved_at + timedelta(seconds=step.spec.budget)
    first = _first(incident, owner_names(incident), owners(incident), ())
    levels = _levels(incident, first, without=())
    return Call(what="breach", step=step.id, attempt=action.attempt, since=since, levels=levels, told=False)


def approver_names(step: Step) -> tuple[str, ...]:
    """Whose yes the step needs, as its runbook or service names them."""
    approval = step.spec.approval if isinstance(step.spec, Action) else None
    return () if approval is None else tuple(name for name in approval.approvers if name != "anyone")


def _said_enough(action: ActionState) -> tuple[str, ...]:
    """Whose yes is there already, or would not count."""
    return (*action.approved_by, *((action.requested_by,) if action.not_requester else ()))


def _help(incident: Incident, number: int) -> Call | None:
    asked = incident.help[number - 1]
    if asked.step and incident.state(asked.step).phase != "open":
        return None
    first = _first(incident, owner_names(incident), on_call(incident), (asked.by,))
    levels = _levels(incident, first, without=(asked.by,))
    called = {who for level in levels for who in level.people}
    if any(incident.acted.get(who, asked.at) > asked.at for who in called):
        return None  # one of those who were called is here
    return Call(what="help", step=asked.step, attempt=number, since=asked.at, levels=levels)


def pages_from(incident: Incident) -> str:
    """From which severity on the opening calls somebody; unless it is said, SEV2 where the owner has a pager."""
    if incident.page:
        return incident.page
    return "SEV2" if pagers_of(incident, owner_names(incident)) else NEVER


def _opening(incident: Incident) -> Call | None:
    threshold = pages_from(incident)
    if threshold not in SEVERITIES or incident.severity not in SEVERITIES:
        return None
    if SEVERITIES.index(incident.severity) > SEVERITIES.index(threshold):
        return None
    since = incident.opened_at
    if incident.reopened and incident.status_at is not None:
        since = incident.status_at
        if any(at >= since for at in incident.acted.values()):
            return None  # somebody is here since it relapsed
    elif incident.acknowledged_by:
        return None
    first = _first(incident, owner_names(incident), all_resolved(incident, owner_names(incident)), ())
    return Call(
        what="opening", attempt=incident.reopened + 1, since=since, levels=_levels(incident, first, without=()),
        told=False,
    )  # fmt: skip
