"""Silences told: for how many alerts, until when, and why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev
from bot.incidents.stamps import stamp


def _asked(event: ev.SilenceAsked) -> str:
    count = len(event.alerts)
    return f"wants {count} alert{'s' if count != 1 else ''} silent at the source until {stamp(event.until)}"


def _set(event: ev.SilenceSet) -> str:
    if event.because:
        return f"{event.connector} did not silence them: {event.because}"
    unknown = f"; {len(event.unknown)} of these alerts {'do' if len(event.unknown) != 1 else 'does'} not fire there"
    made = f"{len(event.ids)} silence{'s' if len(event.ids) != 1 else ''} made in {event.connector}"
    return made + (unknown if event.unknown else "")


def _ended(event: ev.SilenceEnded) -> str:
    if event.because:
        return f"the silence in {event.connector} could not be ended: {event.because}"
    return f"the silence in {event.connector} is ended"


def _parted(event: ev.SilenceParted) -> str:
    count = len(event.positions)
    which = f"{count} alert{'s' if count != 1 else ''} of INC-{event.number} {'are' if count != 1 else 'is'}"
    return f"{which} to be heard again at the source: the silence was for what stays here"


def _freed(event: ev.SilenceFreed) -> str:
    if event.because:
        return f"what was split off is still silent in {event.connector}: {event.because}"
    return f"what was split off is heard again in {event.connector}"


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.SilenceAsked: _asked,
    ev.SilenceSet: _set,
    ev.SilenceLiftAsked: lambda _: "wants to hear the alerts again",
    ev.SilenceEnded: _ended,
    ev.SilenceParted: _parted,
    ev.SilenceFreed: _freed,
    ev.SilenceOver: lambda _: "the silence at the source ran out",
}
