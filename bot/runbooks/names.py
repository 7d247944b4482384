"""The names that expressions and templates may use, and what lies below each.

``SHAPE`` is what a runbook's author can rely on at every step; whoever fills the names at run time supplies these
keys, and leaves out what is not known yet: an expression that needs it then raises TemplateError (``if`` and ``and``
take it as false). ``with_steps`` adds the steps that came before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.runbooks.expression_check import Shape

LEAF: Shape = {}

#: Keys below ``incident``.
INCIDENT = ("key", "number", "title", "status", "severity", "failure_mode", "lead", "service")
#: Keys below ``service``.
SERVICE = ("name", "owner", "consumers", "tier", "dependencies", "experiments")
#: Keys below ``steps.<id>``; ``fields`` holds those of a task, by name.
STEP = ("verdict", "value", "baseline", "answer", "fields", "choice", "by", "at")
#: Names beside ``SHAPE`` in ``ok``, ``warn`` and ``bad`` of a query.
READING = ("value", "baseline", "slope", "slope_low", "slope_high", "series", "n")

SHAPE: Shape = {
    "incident": dict.fromkeys(INCIDENT, LEAF),
    "labels": None,
    "service": dict.fromkeys(SERVICE, LEAF),
    "running": LEAF,
    "target": LEAF,
    "registry": LEAF,
}
_STEP_SHAPE: Shape = {**dict.fromkeys(STEP, LEAF), "answer": None}


def with_steps(
    step_ids: Iterable[str], *, inputs: Iterable[str] = (), fields: Mapping[str, Iterable[str]] | None = None
) -> Shape:
    """``SHAPE``, the runbook's ``inputs`` and the results of these steps; ``fields`` are those of tasks, by step."""
    asked = fields or {}
    steps = {name: {**_STEP_SHAPE, "fields": dict.fromkeys(asked.get(name, ()), LEAF)} for name in step_ids}
    return {**dict.fromkeys(inputs, LEAF), **SHAPE, "steps": steps}


def with_reading(shape: Shape) -> Shape:
    """The names of a query's ``ok``, ``warn`` and ``bad``."""
    return {**shape, **dict.fromkeys(READING, LEAF)}


def with_body(shape: Shape) -> Shape:
    """The names of a query's ``value``: the answer's JSON as ``body``."""
    return {**shape, "body": None}
