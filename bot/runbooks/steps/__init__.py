"""What the steps of a runbook do outside: measure, see what serves, act, confirm, watch. One file per kind.

Every function takes a ``Context`` and gives back events; nothing here writes to a log or knows Slack. A source
that is slow, away or talks nonsense is a verdict with a sentence, never an exception; only ``act`` passes on what
its ``begin`` raises. A new measuring kind is a file and a line in ``STEPS``.
"""

from __future__ import annotations

from bot.runbooks.steps.action import Begin, act
from bot.runbooks.steps.child import Child
from bot.runbooks.steps.context import Compute, Context
from bot.runbooks.steps.done import confirm, settle
from bot.runbooks.steps.look_first import dry_run, read_first
from bot.runbooks.steps.measure import STEPS, measure
from bot.runbooks.steps.outside import look_outside
from bot.runbooks.steps.rehearse import rehearse
from bot.runbooks.steps.runner import StepRunner
from bot.runbooks.steps.versions import see_versions
from bot.runbooks.steps.watch import look

__all__ = [
    "STEPS", "Begin", "Child", "Compute", "Context", "StepRunner", "act", "confirm", "dry_run", "look",
    "look_outside", "measure", "read_first", "rehearse", "see_versions", "settle",
]  # fmt: skip
