"""The steps that people do: tasks, choices, and what others are told."""

from __future__ import annotations

from typing import Literal

from bot.runbooks.schema.values import Expression, Seconds, Template, Value


class Task(Value, frozen=True, tag="task"):
    """Something a person does outside and ticks off."""

    text: Template
    answer: Literal["text", "number", "url", "none"] = "none"
    fields: dict[str, str] = {}


class Option(Value, frozen=True):
    """One answer to a choice. ``goto`` skips forward to a step; ``runbook`` attaches another one.

    ``role`` says what the option means to the bot: ``rollback`` asks for the action that ``goto`` names,
    ``help`` pages the owner and leaves the question open, ``false_alarm`` ends the incident.
    """

    label: Template
    goto: str | None = None
    runbook: str | None = None
    needs_reason: bool = False
    role: Literal["rollback", "help", "false_alarm"] | None = None


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
