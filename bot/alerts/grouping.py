"""Whether alerts of one service and failure mode join its newest incident, reopen it, or open one.

The answer depends on a row that whoever asks has locked: otherwise two replicas would open two incidents.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

import msgspec


class Newest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest incident of a service and failure mode, and when an alert last joined it.

    ``watched``: it was resolved, and whether its fix holds is still being looked at.
    """

    number: int
    open: bool
    last_at: datetime
    watched: bool = False


class Grouping(msgspec.Struct, frozen=True):
    """``number`` is the incident to join; None: one is opened. ``because`` names the reason."""

    number: int | None
    because: Literal["first", "closed", "window_over", "within_window", "same_alert", "reopen"]


def group(
    newest: Newest | None, *, now: datetime, window: timedelta, before: Collection[int | None] = ()
) -> Grouping:
    """Alerts join an open incident that an alert joined no longer than ``window`` ago.

    ``before`` are the incidents that these alerts belonged to when they last fired: one that is still open they join
    again, however long ago that was. One that was resolved and is still watched they open again.
    """
    if newest is None:
        return Grouping(None, "first")
    if not newest.open:
        return Grouping(newest.number, "reopen") if newest.watched else Grouping(None, "closed")
    if newest.number in before:
        return Grouping(newest.number, "same_alert")
    if now - newest.last_at > window:
        return Grouping(None, "window_over")
    return Grouping(newest.number, "within_window")


def home(before: Collection[int], still_open: Collection[int]) -> int | None:
    """The incident that an alert goes back to: the newest of those that it belonged to ``before`` and that are open.

    It need not be the newest of its service: people may have put the alert there, by merging or splitting.
    """
    return max((number for number in before if number in still_open), default=None)
