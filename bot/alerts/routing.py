"""What an alert is about and what it brings about: its service, failure mode and severity, and how it opens.

The first route of evenkeel.yaml whose ``match`` fits says so. Without one, what was said to be SEV1 or SEV2 opens an
incident; what was said to be less is announced, with a button. Nobody said how bad it is: it opens, since unknown is
not harmless; and so does whatever is about safety. ``explaining`` tells people why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from bot.alerts.alert import Alert
from bot.runbooks.matching import FailureModeRule, failure_mode_of, fits
from bot.runbooks.schema import SEVERITIES

UNKNOWN_SERVICE = "unknown"
#: what an incident is said to be about that holds alerts of many services, as too many began at once
MANY_SERVICES = "many services"
#: opens whatever its severity is
SAFETY = "safety"
#: said to be this bad, an alert opens an incident unless a route says otherwise
OPENS = ("SEV1", "SEV2")
_MOST_IN_NAME = 200

Labels = Mapping[str, str]
Patterns = Mapping[str, tuple[str, ...]]


class Opening(msgspec.Struct, frozen=True):
    """How an alert opens an incident: ``now``, when somebody presses a button (``triage``), or ``after`` ``count``
    alerts within ``within`` seconds."""

    how: Literal["now", "triage", "after"] = "now"
    count: int = 0
    within: float = 0.0


NOW = Opening()
TRIAGE = Opening("triage")


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Alerts whose labels fit ``match`` are about this, and go there. What is empty is left as it would be.

    ``match`` is label -> patterns as in a runbook, ``alertname`` and ``source`` among the labels; without any it fits
    everything. ``severity_labels`` (lower case) count before those of the whole configuration. ``channel`` is where
    it is announced, ``people`` are invited: Slack user ids and ``oncall:NAME``. ``place`` is ``file:line``.
    """

    name: str
    match: Patterns = {}
    service: str = ""
    failure_mode: str = ""
    severity: str = ""
    severity_labels: Labels = {}
    opening: Opening | None = None
    runbook: str = ""
    channel: str = ""
    people: tuple[str, ...] = ()
    private: bool = False
    place: str = ""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts are routed.

    ``service_labels`` are asked in their order; ``severity_labels`` says what a ``severity`` label means, in lower
    case; ``default_severity`` is for an alert that says nothing, or something unknown. The first of ``routes`` that
    fits counts.
    """

    service_labels: Sequence[str]
    failure_modes: Sequence[FailureModeRule]
    severity_labels: Labels
    default_severity: str | None = None
    routes: Sequence[Route] = ()


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """What the alert is about, and what comes of it. ``severity`` None: nobody said. ``route`` is the name of the
    route that counted, empty if none fitted."""

    service: str
    failure_mode: str
    severity: str | None
    opening: Opening = NOW
    route: str = ""
    runbook: str = ""
    channel: str = ""
    people: tuple[str, ...] = ()
    private: bool = False


_DEFAULT = Route(name="")


def route(alert: Alert, rules: Rules) -> Routed:
    """What the first fitting route says; then the labels ``failure_mode`` and ``severity`` if they say something
    known; then the rules."""
    labels = matched_labels(alert)
    chosen = _fitting(labels, rules)
    said = severity_said(labels, chosen, rules)
    mode = chosen.failure_mode or failure_mode_of(labels, rules.failure_modes)
    return Routed(
        service=(chosen.service or service_of(labels, rules)[1])[:_MOST_IN_NAME], failure_mode=mode,
        severity=said or rules.default_severity, opening=chosen.opening or default_opening(said, mode),
        route=chosen.name, runbook=chosen.runbook, channel=chosen.channel, people=chosen.people,
        private=chosen.private,
    )  # fmt: skip


def is_private(labels: Labels, rules: Rules) -> bool:
    """Whether the route that fits these (as ``matched``) is private: all that is asked of a hundred thousand."""
    return _fitting(labels, rules).private


def matched_labels(alert: Alert) -> dict[str, str]:
    """What a route is compared with: the labels, ``alertname``, and ``source``, who sent it whatever its labels say:
    that was proven, and a label is not."""
    return matched(alert.name, alert.labels, source=alert.source)


def matched(name: str, labels: Labels, *, source: str) -> dict[str, str]:
    """The same of an alert of which only this is known."""
    return {"alertname": name, **labels, "source": source}


def _fitting(labels: Labels, rules: Rules) -> Route:
    return next((one for one in rules.routes if not misfits(one.match, labels)), _DEFAULT)


def misfits(match: Patterns, labels: Labels) -> str:
    """The first label that does not fit; empty if all do."""
    return next((key for key, patterns in match.items() if not fits(patterns, labels.get(key, ""))), "")


def service_of(labels: Labels, rules: Rules) -> tuple[str, str]:
    """The label that names the service, and its name."""
    found = ((label, labels[label]) for label in rules.service_labels if labels.get(label))
    return next(found, ("", UNKNOWN_SERVICE))


def severity_said(labels: Labels, chosen: Route, rules: Rules) -> str | None:
    """How bad the route or the alert says that it is; None if neither does."""
    said = labels.get("severity", "").strip()
    meant = chosen.severity or chosen.severity_labels.get(said.lower()) or rules.severity_labels.get(said.lower())
    return meant or (said.upper() if said.upper() in SEVERITIES else None)


def default_opening(said: str | None, failure_mode: str) -> Opening:
    """What an alert brings about if no route says it."""
    return NOW if said is None or said in OPENS or failure_mode == SAFETY else TRIAGE
