"""Which experiments ran on the service's users when the trouble began."""

from __future__ import annotations

from bot.incidents.incident import Incident
from bot.runbooks.schema.experiment import Experiment


def running(incident: Incident) -> tuple[Experiment, ...]:
    """Those of the catalogue, as it was when the incident was opened."""
    return tuple(one for one in incident.experiments if one.runs_at(incident.began))
