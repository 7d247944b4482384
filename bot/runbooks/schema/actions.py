"""The step that changes the world: its calls, who may say yes, when it is done, how it is taken back."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.runbooks.schema.measures import Query
from bot.runbooks.schema.values import Expression, Json, Seconds, Template, Value

#: The target of an action about versions: the version that one would go back to.
TARGET = "{{ target }}"


class Registered(Value, frozen=True):
    """Where the versions of a service's model are registered: ``registry`` is a connector, ``name`` what it calls it.

    A version passed if its tag called ``passed`` says so; where no tag is named, all did. ``alias`` is what the
    registry calls the one that should serve.
    """

    registry: str
    name: str
    passed: str = ""
    alias: str = ""


class Auto(Value, frozen=True):
    """An action that begins by itself: where ``when`` holds it is announced, and begins ``after`` so many seconds."""

    when: Expression
    after: Seconds = 120.0


class Approval(Value, frozen=True):
    """Who may say yes. ``approvers`` are ``user:U1``, ``group:S1``, ``role:lead``, ``oncall:NAME`` or ``anyone``."""

    approvers: tuple[str, ...] = ("anyone",)
    count: int = 1
    not_requester: bool = True
    expires: Seconds = 900.0
    auto: Auto | None = None


class DoneWhen(Value, frozen=True):
    """When the world has changed: ``times`` looks in a row, ``every`` so many seconds.

    Without ``ok`` a look holds if the target has ``share`` of production traffic: of the series of ``promql`` or
    ``graphite``, of which ``label`` is the version. With ``ok`` it holds if that expression does, over the ``value``
    that ``promql``, ``graphite`` or ``get`` brings.
    """

    share: float = 0.99
    times: int = 2
    every: Seconds = 5.0
    lag: Seconds = 60.0
    source: str = ""
    promql: Template | None = None
    label: str = "version"
    get: Template | None = None
    value: Expression | None = None
    ok: Expression | None = None
    graphite: Template | None = None

    @property
    def by_traffic(self) -> bool:
        """Whether it says how the traffic of each version is read."""
        return bool(self.promql or self.graphite)


class Undo(Value, frozen=True):
    """How an action is taken back: to the reading before it, by another call, or not at all (with the reason)."""

    how: Literal["captured", "call", "none"] = "captured"
    call: str | None = None
    arguments: dict[str, Json] = {}
    reason: str = ""


class FurtherCall(Value, frozen=True):
    """One more call of the same action, made after those before it were accepted, and taken back before them."""

    call: str
    read: str | None = None
    arguments: dict[str, Json] = msgspec.field(name="with", default_factory=dict)
    staging: dict[str, Json] = {}


class Rehearsal(Value, frozen=True):
    """The same calls with the staging arguments merged in, and how old a rehearsal may be (seconds).

    ``check`` is looked at in staging until it is ok, ``within`` so many seconds; without it the ``read`` in staging
    has to show what was written.
    """

    arguments: dict[str, Json] = msgspec.field(name="with", default_factory=dict)
    max_age: Seconds = 86400.0
    check: Query | None = None
    every: Seconds = 5.0
    within: Seconds = 120.0


class Action(Value, frozen=True, tag="action"):
    """The one kind that changes the world. ``call`` and ``read`` are ``connector.operation``.

    ``also`` are further calls under the same approval. ``compatible`` names tags of the registry that have to be the
    same on the running version and on the target.
    """

    call: str
    scope: str
    done_when: DoneWhen
    name: str = ""
    read: str | None = None
    arguments: dict[str, Json] = msgspec.field(name="with", default_factory=dict)
    also: tuple[FurtherCall, ...] = ()
    approval: Approval | None = Approval()
    break_glass: bool = False
    rehearse: Rehearsal | None = None
    budget: Seconds = 300.0
    undo: Undo = Undo()
    target: Template = TARGET
    compatible: tuple[str, ...] = ()

    @property
    def of_version(self) -> bool:
        """Whether it puts a version in place; else ``target`` is a text, and only ``done_when.ok`` can prove it."""
        return self.target == TARGET or self.done_when.ok is None
