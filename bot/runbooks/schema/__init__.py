"""The values that a runbook consists of, in the long form: what ``evenkeel check --expand`` prints.

A ``Runbook`` is pinned to an incident as it was at that moment, so every value here is frozen and goes through
JSON unchanged. Durations are seconds. ``Step.spec`` is one of the eight kinds; its class names the kind.
Text fields that may hold ``{{ }}`` are typed ``Template``, bare expressions ``Expression``; both are plain strings
that were checked when the file was loaded.
"""

from __future__ import annotations

from bot.runbooks.schema.actions import (
    TARGET,
    Action,
    Approval,
    Auto,
    DoneWhen,
    FurtherCall,
    Registered,
    Rehearsal,
    Undo,
)
from bot.runbooks.schema.measures import DRIFTS, Baseline, Compare, Queries, Query, Watch
from bot.runbooks.schema.people import Choice, Option, Task, Update, Wait
from bot.runbooks.schema.runbook import Input, Matcher, Runbook, Spec, Step, Unconfigured
from bot.runbooks.schema.values import (
    FAILURE_MODES,
    PHASES,
    SEVERITIES,
    UNDECIDED,
    VERDICTS,
    Expression,
    Json,
    Seconds,
    Template,
    Value,
    Verdict,
)

__all__ = [
    "DRIFTS",
    "FAILURE_MODES",
    "PHASES",
    "SEVERITIES",
    "TARGET",
    "UNDECIDED",
    "VERDICTS",
    "Action",
    "Approval",
    "Auto",
    "Baseline",
    "Choice",
    "Compare",
    "DoneWhen",
    "Expression",
    "FurtherCall",
    "Input",
    "Json",
    "Matcher",
    "Option",
    "Queries",
    "Query",
    "Registered",
    "Rehearsal",
    "Runbook",
    "Seconds",
    "Spec",
    "Step",
    "Task",
    "Template",
    "Unconfigured",
    "Undo",
    "Update",
    "Value",
    "Verdict",
    "Wait",
    "Watch",
]  # fmt: skip
