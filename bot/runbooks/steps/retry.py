"""When a measurement whose source was away is made again by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.runbooks.schema import Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import whole_second

#: So many times, first after so many seconds, then after twice as many each time.
RETRIES, FIRST_RETRY = 4, 30.0


def retry(context: Context, step: Step) -> tuple[datetime | None, dict[str, Any]]:
    """``again_at`` and ``evidence`` of a measurement that failed now; None after enough failures in a row."""
    state = context.incident.state(step.id)
    tries = int(state.evidence.get("tries", 0))
    if tries >= RETRIES:
        return None, {}
    return whole_second(context.now() + timedelta(seconds=FIRST_RETRY * 2**tries)), {"tries": tries + 1}
