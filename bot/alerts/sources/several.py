"""One alert that cannot be read takes none along that stands beside it: each is read for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.alerts.alert import Alert, Batch
from bot.errors import BadRequest

#: so many reasons are said; one wrong template spoils ten thousand alerts in the same way
MOST_REASONS = 10

T = TypeVar("T")


def each(items: Iterable[T], read: Callable[[int, T], Alert], *, truncated: int = 0) -> Batch:
    """What ``read`` makes of the items, given the place of each from 0.

    Those of which it raises ``BadRequest`` are counted, and the first reasons kept. Raises ``BadRequest`` if that is
    all of them; no items at all are no mistake.
    """
    alerts: list[Alert] = []
    reasons: list[str] = []
    unreadable = 0
    for place, item in enumerate(items):
        try:
            alerts.append(read(place, item))
        except BadRequest as error:
            unreadable += 1
            if len(reasons) < MOST_REASONS:
                reasons.append(str(error))
    return some_of(Batch(tuple(alerts), truncated=truncated, unreadable=unreadable, reasons=tuple(reasons)))


def some_of(batch: Batch) -> Batch:
    """The batch. Raises ``BadRequest`` if all that was sent is unreadable."""
    if batch.unreadable and not batch.alerts:
        more = f" (and {batch.unreadable - 1} more like it)" if batch.unreadable > 1 else ""
        raise BadRequest(f"{batch.reasons[0]}{more}")
    return batch
