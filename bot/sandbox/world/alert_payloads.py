"""What the world's Alertmanager and its deployments send, built and not sent."""

from __future__ import annotations

from collections.abc import Sequence
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
    rule = scenario.alert
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
    url = f"{address}/graph?g0.expr={quote(rule_expression(scenario))}&g0.tab=1"
    return grouped([alert_of(labels, annotations, started=started, ended=ended, url=url)], address=address)


def alert_of(
    labels: dict[str, str], annotations: dict[str, str], *, started: datetime, ended: datetime | None = None, url: str
) -> dict[str, Any]:
    """One alert of a notification: firing, or resolved where ``ended`` is given; ``url`` leads to its rule."""
    return {
        "status": "firing" if ended is None else "resolved",
        "labels": labels,
        "annotations": annotations,
        "startsAt": _milliseconds(started),
        "endsAt": _NOT_ENDED if ended is None else _milliseconds(ended),
        "generatorURL": url,
        "fingerprint": fingerprint(labels),
    }


def grouped(alerts: Sequence[dict[str, Any]], *, address: str) -> dict[str, Any]:
    """The notification of a group of alerts that stand alike, by name and service; ``address`` is Alertmanager's."""
    by = {name: alerts[0]["labels"][name] for name in ("alertname", "service")}
    return {
        "version": "4",
        "groupKey": "{}:{" + ", ".join(f'{name}="{value}"' for name, value in by.items()) + "}",
        "truncatedAlerts": 0,
        "status": alerts[0]["status"],
        "receiver": RECEIVER,
        "groupLabels": by,
        "commonLabels": _common([alert["labels"] for alert in alerts]),
        "commonAnnotations": _common([alert["annotations"] for alert in alerts]),
        "externalURL": address,
        "alerts": list(alerts),
    }


def _common(found: Sequence[dict[str, str]]) -> dict[str, str]:
    """What all of them say."""
    return {name: text for name, text in found[0].items() if all(one.get(name) == text for one in found)}


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
