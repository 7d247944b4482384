"""The log by rounds: reopening an incident resets what was measured and done, and the story must not forget it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.incidents import events as ev
from bot.incidents.acting import ActionState, WatchState
from bot.incidents.fold import apply
from bot.incidents.incident import Incident
from bot.incidents.walk import acts
from bot.runbooks.schema import Step


class Acted(msgspec.Struct, frozen=True):
    """One attempt to change the world, as it stood last."""

    step: Step
    action: ActionState


class Rounds(msgspec.Struct, frozen=True):
    """``heads``: the incident before each reopening, and as it is now. ``acted`` and ``watches``: all, in order."""

    heads: tuple[Incident, ...]
    acted: tuple[Acted, ...]
    watches: tuple[WatchState, ...]

    @property
    def safe_at(self) -> datetime | None:
        """When the last fix was confirmed that stood when its round ended; None if none ever was."""
        return next((head.safe_at for head in reversed(self.heads) if head.safe_at is not None), None)


def rounds(entries: Sequence[ev.Entry]) -> Rounds:
    """The rounds of a log; no heads for an empty one."""
    heads: list[Incident] = []
    acted: dict[tuple[str, int], Acted] = {}
    watches: dict[tuple[str, datetime], WatchState] = {}
    head: Incident | None = None
    for entry in entries:
        if head is not None and isinstance(entry.event, ev.Reopened):
            heads.append(head)
        head = apply(head, entry)
        for step in head.walk():
            state = head.state(step.id)
            if state.action is not None and acts(step):
                acted[step.id, state.action.attempt] = Acted(step=step, action=state.action)
            if state.watch is not None:
                watches[step.id, state.watch.since] = state.watch
    return Rounds(heads=(*heads, head) if head else (), acted=tuple(acted.values()), watches=tuple(watches.values()))
