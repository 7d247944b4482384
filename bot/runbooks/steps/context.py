"""What a step is run with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ParamSpec, Protocol, TypeVar

from bot.connectors import ChangesSince, Connectors
from bot.incidents.incident import Incident
from bot.incidents.walk import names
from bot.runbooks.schema import Step

P = ParamSpec("P")
T = TypeVar("T")


class Compute(Protocol):
    """Calls a function elsewhere, so that scipy's import and a long count hold up no click.

    ``await compute(trend, times, values, confidence=0.9)`` is what ``trend(times, values, confidence=0.9)`` returns
    or raises (ValueError for numbers that cannot be). The function stands at the top of a module; arguments and
    answer are frozen values, numbers, bytes, or sequences of them. Raises SourceUnavailable if the other process
    dies or takes too long.
    """

    async def __call__(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` returns."""
        ...


class Pictures(Protocol):
    """Puts a picture into Slack, where a message can show it."""

    async def __call__(self, picture: bytes, *, name: str, title: str, alt: str) -> str:
        """The file's id. Raises SlackError."""
        ...


@dataclass(frozen=True)
class Context:
    """The incident as it was when the work began, and what reaches the outside. ``now`` gives aware times."""

    incident: Incident
    now: Callable[[], datetime]
    connectors: Connectors
    changes: ChangesSince
    compute: Compute
    lease_no: int = 0
    pictures: Pictures | None = None

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
