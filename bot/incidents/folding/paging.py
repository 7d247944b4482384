"""What changes when people are found, called and reminded."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table, step_changes
from bot.incidents.incident import Incident
from bot.incidents.paged import OnCallState, PageState, page_key

_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")


def acted(head: Incident, entry: ev.Entry) -> dict[str, datetime]:
    """When each person last did something: who was called and is here need not be called again."""
    return {**head.acted, entry.by: entry.at} if _PERSON.fullmatch(entry.by) else head.acted


def _seen(head: Incident, event: ev.OnCallSeen, entry: ev.Entry) -> Changes:
    """A failure takes nobody away: who was on call an hour ago is better than nobody."""
    before = head.seen.get(event.who)
    nobody = bool(event.because) or not event.people
    tries = (before.tries if before else 0) + 1 if nobody else 0
    state = OnCallState(at=entry.at, because=event.because, tries=tries)
    people = head.people if nobody else {**head.people, event.who: event.people}
    return {"seen": {**head.seen, event.who: state}, "people": people}


def key_of(event: ev.Paged) -> str:
    """The call that the event is about."""
    return page_key(event.what, event.step, event.attempt, level=event.level, round_=event.round, how=event.how)


def _paged(head: Incident, event: ev.Paged, entry: ev.Entry) -> Changes:
    before = head.pages.get(key_of(event))
    page = PageState(
        what=event.what, step=event.step, attempt=event.attempt, level=event.level, round=event.round, how=event.how,
        at=entry.at, to=event.to, names=event.names, because=event.because, tries=before.tries + 1 if before else 1,
    )  # fmt: skip
    return {"pages": {**head.pages, key_of(event): page}}


def _quieted(head: Incident, event: ev.PagerQuieted, entry: ev.Entry) -> Changes:
    about = (event.what, event.step, event.attempt, event.level, event.how)

    def after(page: PageState) -> PageState:
        if (page.what, page.step, page.attempt, page.level, page.how) != about:
            return page
        tries = page.quiet_tries + 1 if event.because else 0
        quiet = page.quiet if event.because else event.outcome
        return replace(page, quiet=quiet, quiet_because=event.because, quiet_tries=tries, quiet_at=entry.at)

    return {"pages": {key: after(page) for key, page in head.pages.items()}}


def _overdue(head: Incident, event: ev.StepOverdue, entry: ev.Entry) -> Changes:
    reminded = (*head.state(event.step).reminded, event.to)
    return step_changes(head, event.step, reminded=reminded, overdue_at=entry.at)


CHANGES: Table = {
    ev.OnCallSeen: _seen,
    ev.Paged: _paged,
    ev.PagerQuieted: _quieted,
    ev.StepOverdue: _overdue,
}
