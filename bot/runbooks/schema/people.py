"""The steps that people do or wait for: tasks, choices, what others are told, and time that has to go by."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.runbooks.schema.values import Expression, Seconds, Template, Value


class Task(Value, frozen=True, tag="task"):
    """Something a person does outside and ticks off. ``fields`` are as written: ``number``, ``choice [a, b]``.

    ``instead_of`` is where in evenkeel.yaml an action is missing that would do it.
    """

    text: Template
    answer: Literal["text", "number", "url", "none"] = "none"
    fields: dict[str, str] = {}
    instead_of: str = ""

    @property
    def asks(self) -> bool:
        """Whether it wants to know something before it is done."""
        return self.answer != "none" or bool(self.fields)


class Option(Value, frozen=True):
    """One answer to a choice. ``goto`` skips forward to a step; ``runbook`` attaches another one.

    The other runbook is walked instead of the rest of this one; with ``goto`` too, after it.

    ``role`` says what the option means to the bot: ``rollback`` asks for the action that ``goto`` names; so does
    ``action``, which is about other things than versions, and is a task where the service does not define it;
    ``help`` pages the owner and leaves the question open, ``false_alarm`` ends the incident.
    """

    label: Template
    goto: str | None = None
    runbook: str | None = None
    needs_reason: bool = False
    role: Literal["rollback", "action", "help", "false_alarm"] | None = None


class Choice(Value, frozen=True, tag="choice"):
    """A decision only a person takes. ``suggest`` names an option when the evidence supports it."""

    ask: Template
    options: dict[str, Option]
    suggest: Expression | None = None


class Update(Value, frozen=True, tag="update"):
    """What an audience is told, after a step's confirmed success or when an expression holds."""

    audience: tuple[str, ...]
    text: Template
    when: Expression | None = None
    after: str | None = None
    every: Seconds | None = None


class Wait(Value, frozen=True, tag="wait"):
    """Lets time go by: ``for`` so long, or ``until`` an expression holds, and ``max`` at the most."""

    duration: Seconds | None = msgspec.field(name="for", default=None)
    until: Expression | None = None
    longest: Seconds = msgspec.field(name="max", default=86400.0)
