"""The fold: one small function per event says what changes. Pure, total, and the only maker of ``Incident``.

``fold(entries)`` is ``functools.reduce(apply, entries)``; applying the newest entries to a stored head gives the
same value as folding the whole log, so a head and its snapshot are only ever a matter of speed.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.archiving import Archiving
from bot.incidents.folding import (
    actions,
    archiving,
    changed,
    charts,
    guests,
    hypotheses,
    jumps,
    links,
    paging,
    privacy,
    readiness,
    runbooks,
    safeguards,
    silences,
    steps,
    together,
    triage,
)
from bot.incidents.folding import incident as whole
from bot.incidents.folding.changes import Table
from bot.incidents.incident import Incident
from bot.incidents.together import Together
from bot.runbooks.schema import SEVERITIES

_CHANGES: Table = {}
for _theme in (
    together,
    whole,
    runbooks,
    steps,
    hypotheses,
    actions,
    archiving,
    safeguards,
    paging,
    privacy,
    charts,
    jumps,
    readiness,
    changed,
    guests,
    links,
    silences,
    triage,
):
    _CHANGES |= _theme.CHANGES


def fold(entries: Iterable[ev.Entry], head: Incident | None = None) -> Incident | None:
    """The incident after ``entries``, which continue ``head``; None for an empty log."""
    for entry in entries:
        head = apply(head, entry)
    return head


def apply(head: Incident | None, entry: ev.Entry) -> Incident:
    """The incident after one more entry. Raises ``ValueError`` if the log does not begin with ``IncidentOpened``."""
    if head is None:
        if not isinstance(entry.event, ev.IncidentOpened):
            raise ValueError("a log begins with IncidentOpened")
        return _opened(entry.event, entry)
    change = _CHANGES.get(type(entry.event))
    changes = change(head, entry.event, entry) if change else {}
    changes |= triage.counted(head, entry)
    changes |= archiving.reopened(head, entry)
    seen_at_work = paging.acted(head, entry)
    return replace(head, seq=entry.seq, last_at=entry.at, acted=seen_at_work, **changes)


def _opened(event: ev.IncidentOpened, entry: ev.Entry) -> Incident:
    event = privacy.shown(event)
    return Incident(
        seq=entry.seq, opened_at=entry.at, opened_by=entry.by, last_at=entry.at,
        number=event.number, title=event.title, service=event.service, failure_mode=event.failure_mode,
        source=event.source, team_id=event.team_id, severity=event.severity, channel_name=event.channel_name,
        owner=event.owner, tier=event.tier, dependencies=event.dependencies,
        experiments=event.experiments, consumers=event.consumers, audiences=event.audiences, invite=event.invite,
        people=event.people, rotas=event.rotas, escalation=event.escalation, page=event.page, labels=event.labels,
        alert_name=event.alert_name, alert_text=event.alert_text, alert_url=event.alert_url, began_at=event.began_at,
        links=event.links,
        connected=event.connected, private=event.private, announce_in=event.announce_in, route=event.route,
        triage=triage.begun(event, entry), status="triage" if event.waiting else "open",
        archiving=Archiving(after=event.archives_after),
        together=Together(proposes_after=event.proposes_after, resolves_after=event.resolves_after),
    )  # fmt: skip


def worse(one: str | None, other: str | None) -> str | None:
    """The higher of two severities; SEV1 is the highest, None the lowest."""
    return min((s for s in (one, other) if s), key=SEVERITIES.index, default=None)
