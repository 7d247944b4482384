"""An action as it was approved: what its templates may name, and how it is said that it cannot be so."""

from __future__ import annotations

from typing import Any

from bot.incidents.acting import ActionState
from bot.runbooks.steps.context import Context


class NotPossible(Exception):
    """A check before the call said no; the text says why."""


def names_of(context: Context, state: ActionState) -> dict[str, Any]:
    """The names for an action's templates: ``target`` and ``running`` are those that were approved."""
    names = {**context.names, "target": state.target} if state.version else dict(context.names)
    return {**names, "running": state.running} if state.running else names
