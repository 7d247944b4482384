"""What was changed meanwhile, told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.changes.words import sentence
from bot.incidents import events as ev


def _reported(event: ev.ChangeReported) -> str:
    change = event.change
    return f"{change.service[:60]}: {sentence(change)}"


TELLERS: Mapping[type, Callable[[Any], str]] = {ev.ChangeReported: _reported}
