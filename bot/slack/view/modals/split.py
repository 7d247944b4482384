"""The modal that asks which alerts are another matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.incidents.incident import Incident
from bot.slack.view.blocks import section
from bot.slack.view.modals.frame import About, frame, some_of, text
from bot.slack.view.text import plain

CALLBACK = "incident.split"
FIELD = "alerts"
#: words for all alerts with a label, where they are too many to choose from one by one
LABEL = "label"
_MOST = 100


class Kind(Protocol):
    """Alerts that are chosen together; ``key`` names them, ``which`` tells them from others of their name."""

    @property
    def key(self) -> str: ...
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
    @property
    def which(self) -> str: ...


def split(incident: Incident, kinds: Sequence[Kind], *, about: About, command: str = "/incident") -> dict[str, Any]:
    """Asks which kinds of alerts leave the incident; the only one there is, as after `split region=eu`, is chosen."""
    each = all(kind.key.startswith("alert:") for kind in kinds)
    labelled = all(kind.key.startswith("label:") for kind in kinds)
    lines = [
        "They open an incident of their own, and you lead it. The others stay here.",
        "New alerts go where those like them are.",
    ]
    if len(kinds) >= _MOST:
        lines.append(
            f"These {_MOST} kinds came first. `{command} split WORDS` offers those with the words in their name."
        )
    options = {kind.key: _called(kind) for kind in kinds}
    chosen = tuple(options) if len(options) == 1 else ()
    field = some_of(
        FIELD, "Which alerts are another matter?", options, optional=not (each or labelled), chosen=chosen
    )  # fmt: skip
    fields = [section(lines), field]
    if not (each or labelled):
        fields.append(
            text(LABEL, "Or all with one label", hint="As in region=eu.", lines=False, optional=True, most=300)
        )
    return frame(CALLBACK, f"Split {incident.key}", fields, about=about, submit="Split off")


def _called(kind: Kind) -> str:
    """The name, cut if need be so that what tells it from others is seen."""
    times = f" ×{kind.count}" if kind.count > 1 else ""
    fires = "" if kind.firing == kind.count else " (over)" if not kind.firing else f" ({kind.firing} firing)"
    which = plain(kind.which or f"{kind.service}, {kind.failure_mode}", 40)
    return f"{plain(kind.name or 'an alert', 30)}{times}{fires} · {which}"
