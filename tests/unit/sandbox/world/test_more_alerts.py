"""What is sent besides the scenario's own alert."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.world import MORE_ALERTS, SCENARIOS, more_alerts
from tests.unit.sandbox.world.worlds import START


def _alerts(name: str, number: int = 1) -> list[dict[str, Any]]:
    return [alert for post in more_alerts(name, at=START, number=number) for alert in post.body["alerts"]]


def test_a_storm_is_a_thousand_distinct_alerts_of_one_service_fifty_a_request() -> None:
    posts = more_alerts("storm", at=START)
    assert [post.alerts for post in posts] == [50] * 20
    assert {post.path for post in posts} == {"/alerts/alertmanager"}
    alerts = _alerts("storm")
    assert len({alert["fingerprint"] for alert in alerts}) == 1000
    assert {alert["labels"]["service"] for alert in alerts} == {"search-ranker"}


def test_the_next_storm_is_of_other_replicas() -> None:
    first, second = ({alert["fingerprint"] for alert in _alerts("storm", number)} for number in (1, 2))
    assert not first & second


def test_a_request_says_once_what_its_alerts_have_in_common() -> None:
    body = more_alerts("storm", at=START)[0].body
    assert body["commonLabels"]["alertname"] == "ReplicaDown"
    assert "replica" not in body["commonLabels"]
    assert body["commonAnnotations"] == {"description": "Synthetic: a service of the sandbox's world."}


@pytest.mark.parametrize("name", MORE_ALERTS)
def test_none_is_about_a_service_of_a_scenario_and_all_say_that_they_are_synthetic(name: str) -> None:
    for post in more_alerts(name, at=START):
        for alert in post.body.get("alerts", [post.body]):
            assert alert["labels"]["synthetic"] == "true"
            service = alert.get("service") or alert["labels"]["service"]
            assert service not in {scenario.service for scenario in SCENARIOS.values()}
