"""What changes when alerts are silenced at their source, looked at, and heard again."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.folding.changes import Changes, Table
from bot.incidents.incident import Incident
from bot.incidents.silences import SilencePlace, SilenceState

_Report = ev.SilenceSet | ev.SilenceLooked | ev.SilenceEnded | ev.SilenceFreed


def _asked(head: Incident, event: ev.SilenceAsked, entry: ev.Entry) -> Changes:
    state = SilenceState(
        number=event.silence, until=event.until, by=entry.by, at=entry.at, alerts=event.alerts,
        places={name: SilencePlace() for name in event.connectors},
    )  # fmt: skip
    return {"silences": {**head.silences, event.silence: state}}


def _set(head: Incident, event: ev.SilenceSet, entry: ev.Entry) -> Changes:
    tried = _place(head, event).tries + 1 if event.because else 0
    return _placed(
        head, event, ids=event.ids, set_at=None if event.because else entry.at, because=event.because, tries=tried,
        tried_at=entry.at, unknown=event.unknown,
    )  # fmt: skip


def _looked(head: Incident, event: ev.SilenceLooked, entry: ev.Entry) -> Changes:
    place = _place(head, event)
    unknown = tuple(fingerprint for fingerprint in place.unknown if fingerprint in event.missing)
    return _placed(
        head, event, looked_at=entry.at, looks=place.looks + 1, missing=event.missing, unknown=unknown
    )  # fmt: skip


def _ended(head: Incident, event: ev.SilenceEnded, entry: ev.Entry) -> Changes:
    over, tries = (None, _place(head, event).end_tries + 1) if event.because else (entry.at, 0)
    return _placed(head, event, ended_at=over, because=event.because, end_tries=tries, tried_at=entry.at)


def _lift(head: Incident, event: ev.SilenceLiftAsked, entry: ev.Entry) -> Changes:
    return _changed(head, event.silence, lifted_by=entry.by)


def _parted(head: Incident, event: ev.SilenceParted, _: ev.Entry) -> Changes:
    state = head.silences.get(event.silence)
    return _changed(head, event.silence, parted=(*state.parted, *event.positions)) if state is not None else {}


def _freed(head: Incident, event: ev.SilenceFreed, entry: ev.Entry) -> Changes:
    place = _place(head, event)
    tried = place.free_tries + 1 if event.because else 0
    heard = place.freed if event.because else (*place.freed, *event.positions)
    return _placed(head, event, freed=heard, free_tries=tried, because=event.because, tried_at=entry.at)


def _over(head: Incident, event: ev.SilenceOver, _: ev.Entry) -> Changes:
    return _changed(head, event.silence, over=True)


def _place(head: Incident, event: _Report) -> SilencePlace:
    state = head.silences.get(event.silence)
    return (state.places.get(event.connector) if state else None) or SilencePlace()


def _placed(head: Incident, event: _Report, **changes: Any) -> Changes:
    state = head.silences.get(event.silence)
    if state is None:
        return {}
    places = {**state.places, event.connector: replace(_place(head, event), **changes)}
    return {"silences": {**head.silences, event.silence: replace(state, places=places)}}


def _changed(head: Incident, number: int, **changes: Any) -> Changes:
    state = head.silences.get(number)
    return {"silences": {**head.silences, number: replace(state, **changes)}} if state is not None else {}


CHANGES: Table = {
    ev.SilenceAsked: _asked,
    ev.SilenceSet: _set,
    ev.SilenceLooked: _looked,
    ev.SilenceEnded: _ended,
    ev.SilenceLiftAsked: _lift,
    ev.SilenceParted: _parted,
    ev.SilenceFreed: _freed,
    ev.SilenceOver: _over,
}
