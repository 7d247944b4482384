"""The lines about what stands around an action: read, rehearsed, widened, begun past the usual rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev


def _and(lead: str, text: str) -> str:
    return f"{lead}: {text}" if text else lead


def _finished(event: ev.RehearsalFinished) -> str:
    ended = "passed" if event.outcome == "ok" else "failed"
    return _and(f"the rehearsal of {event.step} in staging {ended}", event.because)


def _outside(event: ev.OutsideLooked) -> str:
    return _and(f"{event.step} was said to be done outside", event.because)


def _read(event: ev.StateRead) -> str:
    """Nothing where all is as it should be: what would change stands in the message to the approvers."""
    if event.because:
        return f"{event.step}: what stands there now could not be read: {event.because}"
    return f"{event.step}: its arguments name {', '.join(event.foreign)}" if event.foreign else ""


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.StateRead: _read,
    ev.RehearsalFinished: _finished,
    ev.RehearsalSkipped: lambda e: _and(f"skipped the rehearsal of {e.step}", e.reason),
    ev.ScopeWidened: lambda e: f"widened the scope of {e.step} to {', '.join(e.services)}",
    ev.GlassOffered: lambda e: f"nobody has decided about {e.step}; the lead may break the glass",
    ev.GlassBroken: lambda e: _and(f"broke the glass for {e.step}", e.reason),
    ev.CallStarted: lambda e: f"{e.step} goes on with {e.call}",
    ev.OutsideLooked: _outside,
    ev.DryRunFinished: lambda e: _and(f"dry run of {e.step}", " ".join(e.lines)),
}
