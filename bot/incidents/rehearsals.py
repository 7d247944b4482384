"""Where the rehearsal of an action stands, and whether the action may begin because of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from bot.runbooks.schema import Rehearsal

Standing = Literal["none", "wanted", "running", "ok", "failed", "skipped"]


class RehearsalState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rehearsal for ``target``. ``called_at``: its calls were accepted in staging."""

    target: str
    phase: Literal["started", "ok", "failed", "skipped"]
    started_at: datetime
    called_at: datetime | None = None
    looked_at: datetime | None = None
    finished_at: datetime | None = None
    because: str = ""
    by: str = ""  # who skipped it


def rehearsal_standing(spec: Rehearsal | None, state: RehearsalState | None, now: datetime) -> Standing:
    """How the rehearsal stands at ``now``; ``none``: the action has none. One that is too old is wanted again."""
    if spec is None:
        return "none"
    if state is None:
        return "wanted"
    if state.phase == "started":
        return "running"
    too_old = state.finished_at is not None and now >= state.finished_at + timedelta(seconds=spec.max_age)
    return "wanted" if state.phase == "ok" and too_old else state.phase


def may_begin(standing: Standing) -> bool:
    """Whether a rehearsal that stands so lets the action begin."""
    return standing in ("none", "ok", "skipped")
