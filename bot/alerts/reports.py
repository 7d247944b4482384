"""Reports by people: user feedback, crashes and beta testers count, and are grouped, like alerts.

A report is an alert of the source ``users``, or one of another source (an e-mail or a form that posts to ``generic``)
whose label ``reported_by`` says so. Nobody ever says that a report is over: it is counted, and fires no alarm that
could end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, get_args

import msgspec

from bot.alerts.alert import Alert

SOURCE = "users"
#: the label that says of an alert of any source that a person reported it, and its values
REPORTED_BY = "reported_by"
PEOPLE = ("users", "user", "people", "person")

Kind = Literal["feedback", "crash", "beta"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: what a report is called where nothing else is known
CALLED = {"feedback": "Reported by users", "crash": "Crash reported by users", "beta": "Reported by beta testers"}
#: what somebody noticed is announced with a button; who says that it is worse opens an incident
SEVERITY = "SEV3"
_MOST = 1000


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody noticed about a service; ``by`` is a Slack user id, ``delivery`` names this report."""

    text: str
    service: str
    kind: Kind = "feedback"
    severity: str | None = None
    by: str = ""
    delivery: str = ""


def as_alert(report: Report, *, at: datetime, failure_mode: str) -> Alert:
    """The report as an alert that begins ``at``; the same one again has the same name."""
    named = hashlib.sha256(f"{report.by}\0{report.delivery}\0{report.text}".encode()).hexdigest()[:16]
    text = report.text[:_MOST]
    labels = {
        "service": report.service, "severity": report.severity or SEVERITY, "failure_mode": failure_mode,
        REPORTED_BY: SOURCE, "kind": report.kind,
    }  # fmt: skip
    return Alert(
        source=SOURCE, fingerprint=named, status="firing", name=CALLED[report.kind], starts_at=at, labels=labels,
        annotations={"summary": text, "by": report.by}, summary=text,
    )  # fmt: skip


def by_people(alert: Alert) -> bool:
    """Whether a person reported it."""
    return says_by_people(alert.labels)


def says_by_people(labels: Mapping[str, str]) -> bool:
    """Whether labels say that a person reported what has them."""
    return labels.get(REPORTED_BY, "").strip().lower() in PEOPLE


def reports_among(alerts: Iterable[Alert]) -> int:
    """How many of the alerts were reported by people."""
    return sum(map(by_people, alerts))
