"""What a step is run with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.connectors import ChangesSince, Connectors
from bot.incidents.incident import Incident
from bot.incidents.walk import names
from bot.runbooks.schema import Step
from bot.statistics.counts import CompareRequest, Comparison

#: Compares, in another process; raises SourceUnavailable if that fails and ValueError for counts that cannot be.
Compute = Callable[[CompareRequest], Awaitable[Comparison]]


@dataclass(frozen=True)
class Context:
    """The incident as it was when the work began, and what reaches the outside. ``now`` gives aware times."""

    incident: Incident
    now: Callable[[], datetime]
    connectors: Connectors
    changes: ChangesSince
    compute: Compute
    lease_no: int = 0

    @cached_property
    def names(self) -> dict[str, Any]:
        """What expressions and templates may name."""
        return names(self.incident)

    @property
    def alerted_at(self) -> datetime:
        """When the trouble began, as the alert says; when the incident was opened, if it does not say."""
        return self.incident.began

    def attempt(self, step: Step) -> int:
        """The attempt of the step that this work belongs to."""
        return self.incident.state(step.id).attempt
