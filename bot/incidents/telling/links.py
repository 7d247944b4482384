"""Links back, told: where the address is, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev


def _linked(event: ev.LinkedBack) -> str:
    name = event.to.partition(":")[2]
    return f"{name} has no link to this incident: {event.because}" if event.because else f"{name} links here"


TELLERS: Mapping[type, Callable[[Any], str]] = {ev.LinkedBack: _linked}
