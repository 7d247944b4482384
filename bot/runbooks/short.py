"""A runbook as its author wrote it: with names of the service catalogue where the catalogue says how.

``catalogue.expand`` turns it into the long form of ``schema.py`` for one service.
"""

from __future__ import annotations

from typing import Literal

from bot.runbooks.schema import (
    Action,
    Choice,
    Compare,
    Queries,
    Query,
    Runbook,
    Seconds,
    Task,
    Template,
    Update,
    Value,
    Wait,
)


class Named(Value, frozen=True, tag="named"):
    """A string after a kind: the definition of this name in the catalogue (``query`` may name several).

    ``by_hand`` is what a person does where the service does not define the action.
    """

    kind: Literal["query", "compare", "action", "choice", "update"]
    names: tuple[str, ...]
    by_hand: Template = ""


class WatchTimes(Value, frozen=True):
    """How a watch looks: ``every`` so often, for so long, and how many bad looks in a row end it."""

    every: Seconds = 600.0
    duration: Seconds = 86400.0
    fail_after: int = 3


class ShortWatch(Value, frozen=True, tag="short_watch"):
    """A watch whose checks are metric names, step ids, or queries written out; ``times`` None: the service's."""

    checks: tuple[str | Query, ...]
    times: WatchTimes | None = None
    starts: str | None = None
    on_fail: Literal["reopen", "notify"] = "reopen"


ShortSpec = Task | Choice | Query | Queries | Compare | Action | Update | Wait | ShortWatch | Named


class ShortStep(Value, frozen=True):
    """One step as written; ``place`` is the line and column of its id, from 1."""

    id: str
    phase: str
    spec: ShortSpec
    place: tuple[int, int] = (1, 1)
    title: Template = ""
    why: str = ""
    when: str | None = None
    assign: str | None = None
    due: Seconds | None = None
    escalate: tuple[str, ...] = ()
    optional: bool = False
    on_error: str = "continue"


class ShortRunbook(Value, frozen=True):
    """``head`` is the runbook without its steps; ``file`` is where it was read, ``text`` what stands there."""

    head: Runbook
    steps: tuple[ShortStep, ...]
    file: str = ""
    text: str = ""

    @property
    def id(self) -> str:
        """The runbook's id."""
        return self.head.id
