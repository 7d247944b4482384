"""What the schema's values have in common: their base, names for kinds of texts, and the closed lists of words."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Template = str
Expression = str
Seconds = float
Json = Any

PHASES = ("check", "measure", "triage", "remediate", "verify", "communicate")
FAILURE_MODES = (
    "performance", "latency", "cost", "safety", "data-quality", "bad-release", "slow-degradation",
    "feedback-loop", "availability", "resources", "rollback", "experiment", "monitoring", "chaos", "generic",
)  # fmt: skip
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")

#: Where a measuring step can end. The last three never count as ok and suggest nothing.
Verdict = Literal["ok", "warn", "bad", "inconclusive", "no_data", "error"]
VERDICTS: tuple[Verdict, ...] = ("ok", "warn", "bad", "inconclusive", "no_data", "error")
UNDECIDED: frozenset[str] = frozenset({"inconclusive", "no_data", "error"})


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of the values of a runbook: frozen, defaults left out of the JSON."""
