"""Around an action: what was read for the approvers, the rehearsal in staging, and the ways past the usual rules."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from bot.incidents.events.event import Event


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """One call of an action: what it sends, and what stood there before."""

    call: str
    arguments: dict[str, Any] = {}
    captured: dict[str, Any] = {}


class StateRead(Event, frozen=True):
    """What stands there now was read for the approvers, one of ``calls`` for each call that would be made.

    ``foreign`` are other services that the arguments name; ``because`` says why it could not be read.
    """

    step: str
    attempt: int
    calls: tuple[Call, ...] = ()
    foreign: tuple[str, ...] = ()
    because: str = ""


class RehearsalStarted(Event, frozen=True):
    """The same calls begin in staging. Written before the first of them."""

    step: str
    attempt: int


class RehearsalLooked(Event, frozen=True):
    """The calls were accepted in staging, and what they should lead to is not to be seen yet."""

    step: str
    attempt: int
    because: str


class RehearsalFinished(Event, frozen=True):
    """How the rehearsal ended, and the sentence that says why."""

    step: str
    attempt: int
    outcome: Literal["ok", "failed"]
    because: str


class RehearsalSkipped(Event, frozen=True):
    """A person goes on without a rehearsal that passed, and why."""

    step: str
    attempt: int
    reason: str


class ScopeWidened(Event, frozen=True):
    """A second person agrees that the action reaches ``services`` too."""

    step: str
    attempt: int
    services: tuple[str, ...]


class GlassOffered(Event, frozen=True):
    """Nobody has decided for so long that the lead may break the glass from now on."""

    step: str
    attempt: int


class GlassBroken(Event, frozen=True):
    """The lead carries the action out without an approver. It is approved by that, and will be reviewed."""

    step: str
    attempt: int
    reason: str


class CallStarted(Event, frozen=True):
    """Written before a further call of an action of several; ``number`` 2 is the second."""

    step: str
    attempt: int
    number: int
    call: str


class OutsideLooked(Event, frozen=True):
    """What a person says they did outside was held against traffic, once. ``running`` serves; None: unknown."""

    step: str
    attempt: int
    running: str | None = None
    agrees: bool | None = None
    because: str = ""


class DryRunAsked(Event, frozen=True):
    """A person wants to know what an action would do; ``number`` counts the times."""

    step: str
    number: int


class DryRunFinished(Event, frozen=True):
    """What it would do now. Nothing was written outside."""

    step: str
    number: int
    lines: tuple[str, ...]


SafeguardEvent = (
    StateRead | RehearsalStarted | RehearsalLooked | RehearsalFinished | RehearsalSkipped
    | ScopeWidened | GlassOffered | GlassBroken | CallStarted | OutsideLooked | DryRunAsked
    | DryRunFinished
)  # fmt: skip
