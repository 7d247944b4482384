"""The modal that asks which alerts are another matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.incidents.incident import Incident
from bot.slack.view.blocks import section
from bot.slack.view.modals.frame import About, frame, some_of

CALLBACK = "incident.split"
FIELD = "alerts"


class Kind(Protocol):
    """The alerts of one name, service and failure mode; ``first`` names them."""

    @property
    def first(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def failure_mode(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def firing(self) -> int: ...


def split(incident: Incident, kinds: Sequence[Kind], *, about: About) -> dict[str, Any]:
    """Asks which kinds of alerts leave the incident."""
    lines = [
        "They open an incident of their own, and you lead it. The others stay here.",
        "New alerts go where those like them are.",
    ]
    options = {str(kind.first): _called(kind) for kind in kinds}
    field = some_of(FIELD, "Which alerts are another matter?", options)
    return frame(CALLBACK, f"Split {incident.key}", [section(lines), field], about=about, submit="Split off")


def _called(kind: Kind) -> str:
    times = f" ×{kind.count}" if kind.count > 1 else ""
    fires = "" if kind.firing == kind.count else " (over)" if not kind.firing else f" ({kind.firing} firing)"
    return f"{kind.name or 'an alert'}{times}{fires} · {kind.service} · {kind.failure_mode}"
