"""What the world's Alertmanager and its deployments send, built and not sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.sandbox.world.registry import stamp
from bot.sandbox.world.scenarios import Scenario

RECEIVER = "evenkeel"
_NOT_ENDED = "0001-01-01T00:00:00Z"
_FNV_START = 0xCBF29CE484222325
_FNV_PRIME = 0x100000001B3


def alertmanager_payload(
    scenario: Scenario, *, address: str, started: datetime, ended: datetime | None = None, value: float
) -> dict[str, Any]:
    """The body of Alertmanager's webhook, version 4: firing, or resolved where ``ended`` is given.

    ``address`` is where the metrics server is reached; ``value`` what the rule saw.
    """
    rule, status = scenario.alert, "firing" if ended is None else "resolved"
    labels = {
        "alertname": rule.name,
        "environment": "production",
        "failure_mode": rule.failure_mode,
        "service": scenario.service,
        "severity": rule.severity,
        "synthetic": "true",
    }
    annotations = {
        "description": "Synthetic: a service of the sandbox's world.",
        "summary": f"{rule.title} {rule.side} {rule.shown.format(rule.line)}",
        "value": rule.shown.format(value),
    }
    alert = {
        "status": status,
        "labels": labels,
        "annotations": annotations,
        "startsAt": _milliseconds(started),
        "endsAt": _NOT_ENDED if ended is None else _milliseconds(ended),
        "generatorURL": f"{address}/graph?g0.expr={quote(rule_expression(scenario))}&g0.tab=1",
        "fingerprint": fingerprint(labels),
    }
    return _grouped(alert, address)


def _grouped(alert: dict[str, Any], address: str) -> dict[str, Any]:
    """The notification of a group that consists of one alert."""
    by = {name: alert["labels"][name] for name in ("alertname", "service")}
    return {
        "version": "4",
        "groupKey": "{}:{" + ", ".join(f'{name}="{value}"' for name, value in by.items()) + "}",
        "truncatedAlerts": 0,
        "status": alert["status"],
        "receiver": RECEIVER,
        "groupLabels": by,
        "commonLabels": alert["labels"],
        "commonAnnotations": alert["annotations"],
        "externalURL": address,
        "alerts": [alert],
    }


def _milliseconds(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def change_payload(scenario: Scenario, *, started: float) -> dict[str, Any]:
    """The body of ``POST /changes`` for the scenario's last release. ``started`` is in seconds since 1970."""
    release, previous = scenario.latest, scenario.previous
    return {
        "service": scenario.service,
        "kind": "deploy",
        "version": release.version,
        "previous": previous.version,
        "by": "release-train",
        "url": f"https://deploys.example.com/{scenario.service}/{release.number}",
        "at": stamp(started - release.before),
    }


def rule_expression(scenario: Scenario) -> str:
    """The alert's rule in PromQL."""
    rule = scenario.alert
    return f"{rule.promql} {'<' if rule.side == 'below' else '>'} {rule.line:g}"


def fingerprint(labels: dict[str, str]) -> str:
    """Prometheus' fingerprint of a set of labels: FNV-1a of the sorted names and values, 16 hexadecimal digits."""
    value = _FNV_START
    for name, text in sorted(labels.items()):
        for byte in name.encode() + b"\xff" + text.encode() + b"\xff":
            value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"
