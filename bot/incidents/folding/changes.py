"""How the parts of the fold say what changes: fields of ``Incident`` and their new values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from bot.incidents import events as ev
from bot.incidents.incident import Incident

Changes = dict[str, Any]
Table = dict[type, Callable[[Incident, Any, ev.Entry], Changes]]


def step_changes(head: Incident, step: str, **changes: Any) -> Changes:
    """The incident's steps with one of them changed."""
    return {"steps": {**head.steps, step: replace(head.state(step), **changes)}}
