"""Where an incident's address is written to, and whether it is there."""

from __future__ import annotations

from datetime import datetime

from bot.incidents.acting import State

#: the label in which alerts of PagerDuty hold the id of its incident
PAGERDUTY_INCIDENT = "pagerduty_incident"


class LinkState(State, frozen=True):
    """``because``: why it is not there; ``tries`` counts how often that was so."""

    at: datetime
    because: str = ""
    tries: int = 0
