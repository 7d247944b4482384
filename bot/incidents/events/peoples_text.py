"""Which fields of which events hold what people typed, or what alerts said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: kind of event -> its fields that ``redact`` may blank
PEOPLES_TEXT: Mapping[str, tuple[str, ...]] = {
    "IncidentOpened": ("title", "alert_name", "alert_text", "alert_url", "labels"),
    "NoteAdded": ("text",),
    "SeverityChanged": ("reason",),
    "Resolved": ("summary",),
    "Reopened": ("reason",),
    "Cancelled": ("reason",),
    "UpdatePublished": ("text",),
    "StepDone": ("answer", "fields"),
    "StepSkipped": ("reason",),
    "Chosen": ("reason",),
    "HelpAsked": ("reason",),
    "Declined": ("reason",),
    "DoneOutside": ("note",),
    "RehearsalSkipped": ("reason",),
    "GlassBroken": ("reason",),
    "WhyAdded": ("text",),
    "ActionItemAdded": ("text",),
    "SectionWritten": ("text",),
    "HypothesisAdded": ("text",),
    "HypothesisJudged": ("evidence",),
    "InputGiven": ("value",),
    "VerdictOverridden": ("reason",),
    "MadePrivate": ("reason",),
    "HoldPlaced": ("reason",),
    "HoldLifted": ("reason",),
    "IncidentMerged": ("title",),
}

#: kind of event -> its fields that repeat what alerts said: they go with the first entry
ALERTS_TEXT: Mapping[str, tuple[str, ...]] = {
    "AlertsAttached": ("names",),
    "AlertsSplitOff": ("names",),
    "FlappingSeen": ("name",),
    "IncidentMerged": ("title",),
    "SilenceAsked": ("alerts",),
    "SeverityChanged": ("reason",),
    "Reopened": ("reason",),
}

#: how a reason ends that begins with an alert's name
SAYS_SO = " says so"
FIRES_AGAIN = " fires again while the fix is watched"


def blank(typed: Any) -> Any:
    """What is left of words, of several in a row, or of several by name."""
    return {} if isinstance(typed, dict) else [] if isinstance(typed, list) else ""


def nameless(reason: str) -> str:
    """The reason without the name of the alert that it begins with; what a person wrote stays."""
    endings = (ending for ending in (SAYS_SO, FIRES_AGAIN) if reason.endswith(ending))
    return next((f"an alert{ending}" for ending in endings), reason)


def without_alerts(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """An event's body, of an event of that kind, without what it repeats of alerts."""
    return {**body, **{name: _left(name, body[name]) for name in ALERTS_TEXT.get(kind, ()) if name in body}}


def _left(name: str, value: Any) -> Any:
    if name == "reason":
        return nameless(value)
    if name == "alerts":  # each is still counted
        return [{**alert, "labels": {}, "name": ""} for alert in value]
    return blank(value)
