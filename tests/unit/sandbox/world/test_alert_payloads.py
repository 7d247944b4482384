"""What the world's Alertmanager and its deployments send."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.world import SCENARIOS, alertmanager_payload, change_payload
from bot.sandbox.world.alert_payloads import fingerprint, rule_expression
from tests.unit.sandbox.world.worlds import START, ask, new_world

SCENARIO = SCENARIOS["fraud-recall-drop"]


def test_fingerprints_are_those_of_prometheus() -> None:
    # recorded from Alertmanager 0.25
    labels = {
        "alertname": "ModelErrorRate", "cluster": "demo", "instance": "eval1", "job": "drift", "model": "fraud",
        "severity": "warning",
    }  # fmt: skip
    assert fingerprint(labels) == "38de438a98f9fb52"


def test_a_firing_alert_has_the_shape_of_alertmanager_s_webhook() -> None:
    body = alertmanager_payload(SCENARIO, address="http://world", started=START, value=0.74)
    assert set(body) == {
        "receiver", "status", "alerts", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "version",
        "groupKey", "truncatedAlerts",
    }  # fmt: skip
    (alert,) = body["alerts"]
    assert set(alert) == {
        "status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint",
    }  # fmt: skip
    assert (body["version"], body["status"], alert["status"]) == ("4", "firing", "firing")
    assert alert["labels"].items() >= {
        "alertname": "ModelRecallDrop", "service": "fraud-scorer", "severity": "critical",
        "failure_mode": "performance",
    }.items()  # fmt: skip
    assert (alert["startsAt"], alert["endsAt"]) == ("2026-11-21T03:05:00.000Z", "0001-01-01T00:00:00Z")


def test_a_resolved_alert_has_the_same_fingerprint_and_an_end() -> None:
    firing = alertmanager_payload(SCENARIO, address="http://world", started=START, value=0.74)
    resolved = alertmanager_payload(SCENARIO, address="http://world", started=START, ended=START, value=0.84)
    assert resolved["status"] == resolved["alerts"][0]["status"] == "resolved"
    assert resolved["alerts"][0]["fingerprint"] == firing["alerts"][0]["fingerprint"]
    assert resolved["alerts"][0]["endsAt"] == "2026-11-21T03:05:00.000Z"


def test_the_release_is_told_as_it_happened() -> None:
    change = change_payload(SCENARIO, started=START.timestamp())
    assert (change["service"], change["kind"], change["previous"], change["version"]) == (
        "fraud-scorer", "deploy", "41", "42",
    )  # fmt: skip
    assert change["at"] == "2026-11-21T02:51:00Z"
    assert change["url"].endswith("/881")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_rule_in_the_alert_s_link_can_be_asked_and_holds(scenario: str) -> None:
    world, _ = new_world(scenario)
    assert ask(world, rule_expression(SCENARIOS[scenario]))


def test_the_start_of_the_alert_is_the_start_of_the_scenario() -> None:
    world, _ = new_world()
    assert world.started == datetime.fromtimestamp(world.state.started, UTC) == START
