"""A runbook, its steps in walking order, and which alerts it is for."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.runbooks.schema.actions import Action, DoneWhen, Registered
from bot.runbooks.schema.measures import Compare, Queries, Query, Watch
from bot.runbooks.schema.people import Choice, Task, Update, Wait
from bot.runbooks.schema.values import Expression, Json, Seconds, Template, Value


class Unconfigured(Value, frozen=True, tag="unconfigured"):
    """A short form whose name the service does not define: the step says what to add, and the walk goes on."""

    kind: Literal["query", "compare", "action", "watch"]
    name: str
    missing: str  # a sentence: what to add to evenkeel.yaml


Spec = Task | Choice | Query | Queries | Compare | Action | Watch | Update | Wait | Unconfigured


class Step(Value, frozen=True):
    """One step of a runbook. ``origin`` is that runbook's id where an incident walks the steps of several."""

    id: str
    phase: str
    spec: Spec
    title: Template = ""
    why: str = ""
    when: Expression | None = None
    assign: str | None = None
    due: Seconds | None = None
    escalate: tuple[str, ...] = ()
    optional: bool = False
    on_error: str = "continue"
    origin: str = ""


class Input(Value, frozen=True):
    """A name of the runbook's own: worked out of the alert (``from``), else ``default``, else ``ask`` is asked."""

    source: Expression | None = msgspec.field(name="from", default=None)
    default: Json = None
    ask: str = ""


class Matcher(Value, frozen=True):
    """Keys are joined by AND, list items by OR; ``~regex`` and ``!value`` as in Alertmanager's words."""

    labels: dict[str, tuple[str, ...]] = {}
    failure_mode: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    priority: int = 0


class Runbook(Value, frozen=True):
    """A whole runbook. ``sha256`` is of the file's text; ``steps`` are in walking order, phases ascending.

    ``serving`` is how the service's traffic by version is read, None if the service does not say; ``registry`` where
    its versions are registered. ``foreign`` are values of arguments that belong to other services -> which one.
    ``readiness`` is how one tells which versions could serve at once, ``links`` are the service's, by title.
    """

    id: str
    version: int
    title: str
    failure_mode: str
    owner: str
    summary: str
    steps: tuple[Step, ...]
    match: tuple[Matcher, ...] = ()
    severity_default: str | None = None
    severity_floor: str | None = None
    postmortem_due: Seconds = 172800.0
    postmortem_owner: str = "lead"
    postmortem_required: bool = True
    reviewed: str | None = None
    review_every: Seconds = 7776000.0
    serving: DoneWhen | None = None
    registry: Registered | None = None
    readiness: Query | None = None
    links: dict[str, Template] = {}
    foreign: dict[str, str] = {}
    inputs: dict[str, Input] = {}
    private: bool = False
    sha256: str = ""

    @property
    def confidential(self) -> bool:
        """Whether an incident that goes by it is private: it says so, or is about safety."""
        return self.private or self.failure_mode == "safety"

    def step(self, step_id: str) -> Step | None:
        """The step called ``step_id``, or None."""
        return next((step for step in self.steps if step.id == step_id), None)
