"""The step that changes the world: its call, who may say yes, when it is done, how it is taken back."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.runbooks.schema.values import Json, Seconds, Template, Value


class Approval(Value, frozen=True):
    """Who may say yes. ``approvers`` are ``user:U1``, ``group:S1``, ``role:lead``, ``oncall:NAME`` or ``anyone``."""

    approvers: tuple[str, ...] = ("anyone",)
    count: int = 1
    not_requester: bool = True
    expires: Seconds = 900.0


class DoneWhen(Value, frozen=True):
    """When the world has changed: the target's share of production traffic, ``times`` looks in a row."""

    share: float = 0.99
    times: int = 2
    every: Seconds = 5.0
    lag: Seconds = 60.0
    source: str = ""
    promql: Template | None = None
    label: str = "version"


class Undo(Value, frozen=True):
    """How an action is taken back: to the reading before it, by another call, or not at all (with the reason)."""

    how: Literal["captured", "call", "none"] = "captured"
    call: str | None = None
    arguments: dict[str, Json] = {}
    reason: str = ""


class Rehearsal(Value, frozen=True):
    """The same call with the staging arguments, and how old a rehearsal may be (seconds)."""

    arguments: dict[str, Json] = {}
    max_age: Seconds = 86400.0


class Action(Value, frozen=True, tag="action"):
    """The one kind that changes the world. ``call`` and ``read`` are ``connector.operation``."""

    call: str
    scope: str
    done_when: DoneWhen
    name: str = ""
    read: str | None = None
    arguments: dict[str, Json] = msgspec.field(name="with", default_factory=dict)
    approval: Approval | None = Approval()
    break_glass: bool = False
    rehearse: Rehearsal | None = None
    budget: Seconds = 300.0
    undo: Undo = Undo()
    target: Template = "{{ target }}"
