"""Triage as lines of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev
from bot.incidents.stamps import stamp


def _opened(event: ev.TriageOpened) -> str:
    return f"opened: {event.because}" if event.because else "opened it"


def _dismissed(event: ev.TriageDismissed) -> str:
    return f"muted until {stamp(event.muted_until)}" if event.muted_until else "said “not now”"


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.TriageAnnounced: lambda _: "announced",
    ev.TriageOpened: _opened,
    ev.TriageDismissed: _dismissed,
    ev.TriageRenewed: lambda _: "announced again: the mute is over and it still fires",
    ev.TriageEnded: lambda _: "over before anybody opened it",
}
