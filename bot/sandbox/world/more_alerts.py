"""Alerts besides the scenario's own, of services that have no part in its story: a storm, a warning, a safety alert,
and reports by people. What their senders post, built and not sent.

The routes of the sandbox's evenkeel.yaml are about these services; the story's alert goes by none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from bot.sandbox.world.alert_payloads import alert_of, grouped

STORM: Final = 1000
IN_A_POST: Final = 50
REPORTS: Final = 3
_MONITORING: Final = "https://monitoring.example.com"
_ALERTMANAGER: Final = "/alerts/alertmanager"


class Posted(msgspec.Struct, frozen=True):
    """One request: where it goes, its body, and how many alerts are in it."""

    path: str
    body: Any
    alerts: int = 1


def storm(at: datetime, *, number: int) -> tuple[Posted, ...]:
    """Every replica of one service complains, each by itself: ``STORM`` alerts, ``IN_A_POST`` a request.

    Those of another ``number`` are other replicas'.
    """
    alerts = [
        _alert(
            at, alertname="ReplicaDown", service="search-ranker", severity="critical",
            failure_mode="availability", replica=f"search-ranker-{number}-{replica:04d}",
            summary=f"Replica {replica} of search-ranker does not answer",
        )
        for replica in range(1, STORM + 1)
    ]  # fmt: skip
    pieces = [alerts[start : start + IN_A_POST] for start in range(0, STORM, IN_A_POST)]
    return tuple(_posted(*piece) for piece in pieces)


def warning(at: datetime, *, number: int) -> tuple[Posted, ...]:
    """Something that can wait until the morning."""
    return (
        _posted(_alert(
            at, alertname="FeatureDriftWarning", service="churn-model", severity="warning",
            failure_mode="data-quality", feature=_nth(("tenure_months", "plan", "last_login"), number),
            summary="A feature of churn-model drifts: population stability index 0.14",
        )),
    )  # fmt: skip


def safety(at: datetime, *, number: int) -> tuple[Posted, ...]:
    """Something that not everybody should read."""
    return (
        _posted(_alert(
            at, alertname="UnsafeAnswers", service="support-assistant", severity="critical", failure_mode="safety",
            filter=_nth(("self-harm", "medical", "weapons"), number),
            summary="Answers of support-assistant get past its safety filter",
        )),
    )  # fmt: skip


def reports(at: datetime, *, number: int) -> tuple[Posted, ...]:
    """People noticed something, and wrote it into the support form, before any monitoring did."""
    said = (
        "Searching my photos for “dog” shows cats since this morning",
        "All photos are tagged “food” now",
        "The album of our dog is empty",
    )
    return tuple(
        Posted("/alerts/generic", {
            "name": "Support form", "service": "photo-tagger", "severity": "SEV3", "message": text,
            "fingerprint": f"support-{number}-{position}",
            "labels": {"reported_by": "users", "failure_mode": "performance", "synthetic": "true"},
            "starts_at": at.isoformat(),
        })
        for position, text in enumerate(said[:REPORTS])
    )  # fmt: skip


MORE_ALERTS: Final[Mapping[str, Callable[..., tuple[Posted, ...]]]] = {
    "storm": storm, "warning": warning, "safety": safety, "reports": reports,
}  # fmt: skip


def more_alerts(name: str, *, at: datetime, number: int = 1) -> tuple[Posted, ...]:
    """What is posted for ``name``, in order, the ``number``-th time that it is sent. ``KeyError`` if unknown."""
    return MORE_ALERTS[name](at, number=number)


def _posted(*alerts: dict[str, Any]) -> Posted:
    return Posted(_ALERTMANAGER, grouped(alerts, address=_MONITORING), len(alerts))


def _alert(at: datetime, *, alertname: str, summary: str, **labels: str) -> dict[str, Any]:
    own = {"alertname": alertname, "environment": "production", **labels, "synthetic": "true"}
    annotations = {"summary": summary, "description": "Synthetic: a service of the sandbox's world."}
    return alert_of(own, annotations, started=at, url=f"{_MONITORING}/graph?alert={alertname}")


def _nth(names: tuple[str, ...], number: int) -> str:
    return names[(number - 1) % len(names)]
