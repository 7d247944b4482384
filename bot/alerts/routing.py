"""What an alert is about: its service, its failure mode and its severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from bot.alerts.alert import Alert
from bot.runbooks.matching import FailureModeRule, failure_mode_of
from bot.runbooks.schema import SEVERITIES

UNKNOWN_SERVICE = "unknown"
_MOST_IN_NAME = 200


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts are routed.

    ``service_labels`` are asked in their order; ``severity_labels`` says what a ``severity`` label means, in lower
    case; ``default_severity`` is for an alert that says nothing, or something unknown.
    """

    service_labels: Sequence[str]
    failure_modes: Sequence[FailureModeRule]
    severity_labels: Mapping[str, str]
    default_severity: str | None = None


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """What the alert is about. ``severity`` None: nobody said."""

    service: str
    failure_mode: str
    severity: str | None


def route(alert: Alert, rules: Rules) -> Routed:
    """Labels win: ``failure_mode`` and ``severity`` if they say something known, then the rules."""
    labels = dict(alert.labels)
    labels.setdefault("alertname", alert.name)
    return Routed(
        service=next(filter(None, map(labels.get, rules.service_labels)), UNKNOWN_SERVICE)[:_MOST_IN_NAME],
        failure_mode=failure_mode_of(labels, rules.failure_modes),
        severity=_severity(labels.get("severity", ""), rules),
    )


def _severity(said: str, rules: Rules) -> str | None:
    meant = rules.severity_labels.get(said.strip().lower())
    if meant is None and said.strip().upper() in SEVERITIES:
        return said.strip().upper()
    return meant or rules.default_severity
