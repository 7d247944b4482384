"""Which measurements are made again because more is known now than when they were made."""

from __future__ import annotations

from bot.incidents.incident import Incident, StepState
from bot.incidents.walk import names

#: Under this key a measurement's evidence lists the versions that it names and that were not known.
UNKNOWN = "unknown"


def knows_more(incident: Incident, state: StepState) -> bool:
    """Whether a measurement lacked a version, and all that it lacked is known now."""
    lacked = set(state.evidence.get(UNKNOWN, ()))
    return bool(lacked) and lacked <= names(incident).keys()
