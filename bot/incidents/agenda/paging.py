"""Whom to call now: mentions in Slack, pagers that have to ring, and pagers that may be quiet again.

A mention is an event that the drawing shows; a pager is work. Each has a key, so that nothing is written twice, and a
pager knows the call by the same key however often it is repeated.
"""

from __future__ import annotations

from datetime import timedelta

from bot.incidents import events as ev
from bot.incidents.agenda.work import Found, Work
from bot.incidents.events.paging import IN_SLACK, Quieted
from bot.incidents.incident import Incident
from bot.incidents.oncall import being_asked
from bot.incidents.paged import PageState
from bot.incidents.paging import Rung, calls, rungs

#: How often a pager that cannot be reached is tried, and the pause before the next time: longer every time.
MOST_TRIES = 4
TRY_AGAIN = timedelta(seconds=30)


def paging(incident: Incident, found: Found) -> None:
    """Calls that are due, in Slack and by pagers; then the pagers of what nobody is called for any more."""
    current = calls(incident)
    for call in current:
        for rung in rungs(incident, call):
            if not found.reached(rung.at):
                break
            _mention(incident, rung, found)
            for pager in rung.level.pagers:
                _ring(incident, rung, pager, found)
    for key, page in last_rung(incident).items():
        _hush(page, quiet_as(incident, page), Work(kind="hush", step=key, attempt=page.quiet_tries + 1), found)


def mention_of(rung: Rung) -> ev.Paged:
    """The call in Slack."""
    call = rung.call
    return ev.Paged(
        what=call.what, step=call.step, attempt=call.attempt, level=rung.level.number, round=rung.round,
        to=rung.level.people, names=rung.level.names,
    )  # fmt: skip


def _mention(incident: Incident, rung: Rung, found: Found) -> None:
    if rung.first and rung.call.told and rung.level.number == 0:
        return  # the message that asks mentions them
    if not rung.level.people and being_asked(incident, rung.level.names):
        return  # in a moment it is known whom to mention; the pager rings already
    if rung.key() not in incident.pages:
        found.due.append(mention_of(rung))


def _ring(incident: Incident, rung: Rung, pager: str, found: Found) -> None:
    key = rung.key(pager)
    page = incident.pages.get(key)
    if page is None:
        found.work.append(Work(kind="page", step=key))
    elif page.because and page.tries < MOST_TRIES and found.reached(page.at + page.tries * TRY_AGAIN):
        found.work.append(Work(kind="page", step=key, attempt=page.tries + 1))


def rung_of(incident: Incident, key: str) -> tuple[Rung, str] | None:
    """The turn and the pager that a piece of work is about; None if nobody is called for it any more."""
    for call in calls(incident):
        for rung in rungs(incident, call):
            for how in (IN_SLACK, *rung.level.pagers):
                if rung.key(how) == key:
                    return rung, how
    return None


def last_rung(incident: Incident) -> dict[str, PageState]:
    """The pagers that rang, each call once: rounds of one level are one alert to a pager."""
    found = {(page.dedup, page.how): (key, page) for key, page in incident.pages.items() if page.rang}
    return dict(found.values())


def quiet_as(incident: Incident, page: PageState) -> Quieted | None:
    """How the pager's own incident should stand now; None while it has to ring on."""
    wanted = {(call.what, call.step, call.attempt) for call in calls(incident)}
    if (page.what, page.step, page.attempt) in wanted:
        return None
    return "acknowledged" if page.what == "opening" and incident.status == "open" else "resolved"


def _hush(page: PageState, wanted: Quieted | None, work: Work, found: Found) -> None:
    if wanted is None or page.quiet in (wanted, "resolved") or page.quiet_tries >= MOST_TRIES:
        return
    waits = page.quiet_tries and page.quiet_at is not None
    if not waits or (page.quiet_at is not None and found.reached(page.quiet_at + page.quiet_tries * TRY_AGAIN)):
        found.work.append(work)
