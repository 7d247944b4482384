"""Which fields of which events hold what people typed."""

from __future__ import annotations

from collections.abc import Mapping

#: kind of event -> its fields that ``redact`` may blank
PEOPLES_TEXT: Mapping[str, tuple[str, ...]] = {
    "IncidentOpened": ("alert_text",),
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
}
