"""Calls: whoever has to act is mentioned, told what for, and what happens if nobody does.

A message that mentions people is posted once and then left, until nothing is needed of them any more: Slack rings for
a new message, not for a changed one.
What pagers did stands in one message per call, which is kept current.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.incidents.acting import ActionState
from bot.incidents.counting import duration
from bot.incidents.due import due_at
from bot.incidents.events.paging import IN_SLACK
from bot.incidents.incident import Incident
from bot.incidents.oncall import owner_names, to_ask, unknown
from bot.incidents.paged import PageState, page_key
from bot.incidents.paging import Call, Rung, calls, rungs
from bot.runbooks.schema import Action, Step
from bot.slack.view.blocks import actions, button, message, section, value
from bot.slack.view.place import where
from bot.slack.view.surface import Surface
from bot.slack.view.text import at, joined, on, people, person, said
from bot.slack.view.wording import act_name, in_a_sentence, step_name, title

#: Within this, the time of day says when; later, the day is said too.
_TODAY = timedelta(hours=12)


def calling(incident: Incident) -> list[Surface]:
    """The calls of now, what pagers came to, and who hears of what is overdue."""
    return [*_mentions(incident), *_over(incident), *_pagers(incident), *_overdue(incident)]


def _mentions(incident: Incident) -> list[Surface]:
    """One message for each turn of a call that was made; none once there is nothing to call for any more."""
    found = []
    for call in calls(incident):
        for rung in rungs(incident, call):
            page = incident.pages.get(rung.key())
            if page is not None:
                found.append(_mention(incident, rung, page))
    return found


def _mention(incident: Incident, rung: Rung, page: PageState) -> Surface:
    call = rung.call
    lines = [f":bell: {_whom(page)}: {_what_for(incident, call, page)}", *_otherwise(incident, call)]
    blocks = [section(lines)]
    if call.what == "opening":
        blocks.append(actions([button("I'm on it", "incident.ack", value(incident), style="primary")]))
    content = message(lines[0], blocks)
    return Surface(key=_key(page), kind="message", content=content, needs=where(incident), live=False)


def _over(incident: Incident) -> list[Surface]:
    """The calls for a yes that was decided about: whoever reads them late has nothing to do."""
    found = []
    for page in incident.pages.values():
        step = incident.runbook.step(page.step) if incident.runbook else None
        action = incident.state(page.step).action
        if page.how != IN_SLACK or page.what != "approval" or step is None or action is None:
            continue
        if action.attempt == page.attempt and action.phase == "requested" and incident.status == "open":
            continue
        what = f"*{said(act_name(step, action), 120)}*"
        line = f":white_check_mark: Called {at(page.at)} for a yes to {what}. Nothing is needed any more."
        found.append(
            Surface(key=_key(page), kind="message", content=message(line, [section([line])]), needs=where(incident))
        )
    return found


def _key(page: PageState) -> str:
    key = page_key(page.what, page.step, page.attempt, level=page.level, round_=page.round, how="")
    return f"paged:{key}".rstrip(":")


def _whom(page: PageState) -> str:
    return people(page.to) if page.to else named(page.names)


def named(names: tuple[str, ...]) -> str:
    """``ml-leads and web``: names of ``oncall`` without their kind; ``the owner``."""
    plain = [name.replace("role:", "the ").partition(":")[2] or name.replace("role:", "the ") for name in names]
    return said(joined(plain), 120) or "whoever is on call"


def _what_for(incident: Incident, call: Call, page: PageState) -> str:
    if call.what == "opening":
        return f"*{said(title(incident), 200)}*. Nobody is on it yet."
    if call.what == "help":
        asked = incident.help[call.attempt - 1]
        return f"{person(asked.by)} asked for help with {incident.key} {at(asked.at)}, and nobody has come yet."
    step = incident.runbook.step(call.step) if incident.runbook else None
    action = incident.state(call.step).action
    if step is None or action is None:
        return f"{incident.key} waits for a yes."
    if call.what == "breach":
        budget = duration(step.spec.budget if isinstance(step.spec, Action) else 0.0)
        return f"the budget of {budget} of *{said(act_name(step, action), 120)}* is used up, and it goes on."
    return _needs_a_yes(step, action, page)


def _needs_a_yes(step: Step, action: ActionState, page: PageState) -> str:
    since = f", asked by {person(action.requested_by)} {at(action.requested_at)}" if action.requested_at else ""
    what = f"*{said(act_name(step, action), 120)}*"
    may = [who for who in page.to if not action.approvers or who in action.approvers]
    if may or not page.to:
        return f"{what} still waits for {'your' if may else 'a'} yes{since}."
    left = [who for who in action.approvers if who not in (*action.approved_by, action.requested_by)]
    return f"{what} waits for a yes{since}. Only {people(left, last=' or ')} can say it, and nobody has answered."


def _otherwise(incident: Incident, call: Call) -> list[str]:
    """What happens if nobody does anything."""
    action = incident.state(call.step).action if call.what == "approval" else None
    if action is not None and action.expires_at is not None:
        return [f"If nobody decides by {at(action.expires_at)}, the request lapses and nothing changes."]
    return []


def _pagers(incident: Incident) -> list[Surface]:
    """One message per call that rang a pager, or should have."""
    by_call: dict[tuple[str, str, int], list[PageState]] = {}
    for page in incident.pages.values():
        if page.how != IN_SLACK:
            by_call.setdefault((page.what, page.step, page.attempt), []).append(page)
    return [_pager(incident, *call, pages) for call, pages in by_call.items()]


def _pager(incident: Incident, what: str, step: str, attempt: int, pages: list[PageState]) -> Surface:
    lines = [line for page in pages for line in _rang(page)]
    quieted = {page.how: page for page in pages if page.quiet is not None}
    lines += [f"{said(how, 80)}: {page.quiet} there{_at(page.quiet_at)}." for how, page in quieted.items()]
    lines += list(dict.fromkeys(_still_rings(page) for page in pages if page.quiet_because))
    needs = where(incident)
    return Surface(
        key=f"pager:{what}:{step}:{attempt}", kind="message", content=message(lines[0], [section(lines)]), needs=needs
    )


def _rang(page: PageState) -> list[str]:
    whom, pager = named(page.names), said(page.how, 80)
    again = " again" if page.round > 1 else ""
    if not page.because:
        return [f":pager: {pager} rings for {whom}{again} since {at(page.at)}."]
    times = f"{page.tries} times" if page.tries > 1 else "once"
    by_hand = f"Call {people(page.to)} by hand." if page.to else "Call somebody by hand."
    why = said(page.because, 200)
    return [f":warning: {pager} could not ring for {whom}{again}: {why}. Tried {times}. {by_hand}"]


def _at(moment: datetime | None) -> str:
    return f" {at(moment)}" if moment else ""


def _still_rings(page: PageState) -> str:
    return f":warning: {said(page.how, 80)} may still ring: {said(page.quiet_because, 200)}. Close it there."


def _overdue(incident: Incident) -> list[Surface]:
    """One message for everybody who hears that a step is overdue, as long as it is open."""
    if incident.status != "open":
        return []
    found = []
    for step in incident.walk():
        state = incident.state(step.id)
        if state.overdue and state.phase == "open":
            found += [_late(incident, step, level) for level in range(state.overdue)]
    return found


def _late(incident: Incident, step: Step, level: int) -> Surface:
    state = incident.state(step.id)
    to = state.reminded[level] if level < len(state.reminded) else ()
    name = said(in_a_sentence(step_name(step, incident)), 80)
    due = due_at(incident, step)
    late = f" since {_when(incident, due)}" if due is not None else ""
    whose = f" {person(state.assigned)} has it." if level and state.assigned else ""
    left_out = " It is optional: skip it if it does not matter." if step.optional else ""
    whom = people(to, nobody=named(step.escalate[level - 1 : level]) if level else "whoever leads")
    line = f":hourglass: {whom}: *{name}* of {incident.key} is overdue{late}.{whose}{left_out}"
    row = [button("More", "incident.tray", value(incident))]
    return Surface(
        key=f"overdue:{step.id}:{state.attempt}:{level}", kind="message",
        content=message(line, [section([line]), actions(row)]), needs=where(incident), live=False,
    )  # fmt: skip


def _when(incident: Incident, moment: datetime) -> str:
    return at(moment) if moment - incident.opened_at < _TODAY else on(moment)


def nobody_known(incident: Incident) -> list[str]:
    """For the card: names behind which nobody is known, why, and what to do until then."""
    if incident.status != "open":
        return []
    lacking = unknown(incident, (*owner_names(incident), *to_ask(incident)))
    cure = "It is asked again; until then mention somebody by hand."
    return [f":warning: Who is {_called(who)} is not known: {said(why, 200)}. {cure}" for who, why in lacking.items()]


def _called(who: str) -> str:
    kind, _, name = who.partition(":")
    return f"in the group {said(name, 60)}" if kind == "group" else f"on call for {said(name, 60)}"
