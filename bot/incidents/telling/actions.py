"""The lines about what stands around an action: read, rehearsed, widened, begun past the usual rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev

#: More than these are in the log alone.
MOST_CHANGES = 4


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


def _started(event: ev.ActionStarted) -> str:
    """``limit begins with config.set: threshold 0.7 → 0.6``: what is about to change, from what to what."""
    calls = [(event.arguments, event.captured), *((one.arguments, one.captured) for one in event.also)]
    changes = [
        f"{key} {_short(before[key])} → {_short(value)}"
        for arguments, before in calls
        for key, value in arguments.items()
        if key in before and before[key] != value
    ]
    return _and(f"{event.step} begins with {event.call}", ", ".join(changes[:MOST_CHANGES]))


def _short(value: Any) -> str:
    text = str(value)
    return f"{text[:60]}…" if len(text) > 60 else text


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.StateRead: _read,
    ev.ActionStarted: _started,
    ev.RehearsalFinished: _finished,
    ev.RehearsalSkipped: lambda e: _and(f"skipped the rehearsal of {e.step}", e.reason),
    ev.ScopeWidened: lambda e: f"widened the scope of {e.step} to {', '.join(e.services)}",
    ev.GlassOffered: lambda e: f"nobody has decided about {e.step}; the lead may break the glass",
    ev.GlassBroken: lambda e: _and(f"broke the glass for {e.step}", e.reason),
    ev.CallStarted: lambda e: f"{e.step} goes on with {e.call}",
    ev.OutsideLooked: _outside,
    ev.DryRunFinished: lambda e: _and(f"dry run of {e.step}", " ".join(e.lines)),
}
