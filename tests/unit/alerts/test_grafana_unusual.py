"""What Grafana sends beside its usual notification: rules that cannot be evaluated, its button, its old alerting."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.grafana import SOURCE
from bot.errors import BadRequest
from tests.unit.alerts.requests import NOW, changed, recorded, request

NO_DATA = recorded("grafana", "5_no_data")
LEGACY = recorded("grafana", "3_legacy_alerting")


def read(body: bytes) -> Alert:
    (found,) = SOURCE.parse(request(body)).alerts
    return found


# --- a rule that could not be evaluated ---------------------------------------------------------------------------


def test_a_rule_without_data_does_not_claim_what_nobody_saw() -> None:
    found = read(NO_DATA)
    assert found.summary == "No data for “Recall below 0.80”: nobody knows whether it fires"
    assert (found.status, found.name, found.labels["service"]) == ("firing", "DatasourceNoData", "fraud-scorer")
    assert found.annotations["summary"] == "recall of [no value] is below 0.80"


def test_a_rule_whose_query_fails_says_so() -> None:
    body = changed(NO_DATA, "alerts", 0, "labels", "alertname", to="DatasourceError")
    assert read(body).summary == "The query of “Recall below 0.80” fails: nobody knows whether it fires"


def test_a_rule_of_ones_own_that_is_called_so_keeps_its_sentence() -> None:
    body = changed(NO_DATA, "alerts", 0, "labels", "rulename")
    assert read(body).summary == "recall of [no value] is below 0.80"


def test_the_alert_of_the_button_test_is_read() -> None:
    sent: dict[str, Any] = {
        "receiver": "evenkeel", "status": "firing", "orgId": 1, "version": "1", "truncatedAlerts": 0,
        "alerts": [
            {
                "status": "firing", "labels": {"alertname": "TestAlert", "instance": "Grafana"},
                "annotations": {"summary": "Notification test"}, "startsAt": "2026-11-21T03:29:10.739266876+01:00",
                "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": "57c6d9296de2ad39",
                "silenceURL": "https://grafana.example.com/alerting/silence/new", "dashboardURL": "", "panelURL": "",
                "values": None, "valueString": "[ metric='foo' labels={instance=bar} value=10 ]",
            }
        ],
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "https://grafana.example.com/",
    }  # fmt: skip
    found = read(msgspec.json.encode(sent))
    assert (found.name, found.summary, found.ends_at) == ("TestAlert", "Notification test", None)
    assert "values" not in found.annotations


# --- the alerting of Grafana up to version 10 ---------------------------------------------------------------------


def test_a_rule_of_the_old_alerting_is_one_alert_that_fires() -> None:
    found = read(LEGACY)
    assert (found.source, found.status, found.name) == ("grafana", "firing", "Recall below 0.80")
    assert found.summary == "Live recall is below 0.80."
    assert found.url.startswith("https://grafana.example.com/d/fraud-scorer/quality")
    assert (found.starts_at, found.ends_at, found.dated) == (NOW, None, False)


def test_its_tags_are_labels_and_of_its_series_those_on_which_all_agree() -> None:
    assert read(LEGACY).labels == {
        "alertname": "Recall below 0.80", "severity": "critical", "team": "risk", "service": "fraud-scorer",
    }  # fmt: skip
    assert read(LEGACY).annotations["values"] == 'recall {version="42"}=0.7123, recall {version="42"}=0.69'


def test_it_ends_when_the_rule_is_ok_again() -> None:
    found = read(recorded("grafana", "4_legacy_ok"))
    assert (found.fingerprint, found.status, found.ends_at) == (read(LEGACY).fingerprint, "resolved", NOW)


def test_no_data_fires_and_says_so() -> None:
    found = read(changed(LEGACY, "state", to="no_data"))
    assert (found.status, found.summary) == ("firing", "No data for “Recall below 0.80”")


@pytest.mark.parametrize("state", ["paused", "pending", "unknown"])
def test_a_rule_that_nobody_evaluates_says_nothing_about_whether_it_is_over(state: str) -> None:
    assert SOURCE.parse(request(changed(LEGACY, "state", to=state))).alerts == ()


def test_what_may_be_missing_is_missing() -> None:
    body = msgspec.json.encode(
        {
            "evalMatches": [{"value": 100, "metric": "High value", "tags": None}], "ruleId": 0, "state": "alerting",
            "ruleName": "Test notification", "title": "[Alerting] Test notification", "tags": None,
        }
    )  # fmt: skip
    found = read(body)
    assert (found.summary, found.labels) == ("[Alerting] Test notification", {"alertname": "Test notification"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (changed(LEGACY, "state"), r"missing required field `state` - at `\$`"),
        (changed(LEGACY, "state", to=1), r"at `\$\.state`"),
        (changed(LEGACY, "ruleName"), r"missing required field `alerts` - at `\$`"),
        (changed(changed(LEGACY, "ruleName", to=""), "title"), r"missing required field `ruleName` - at `\$`"),
        (changed(LEGACY, "evalMatches", to={}), r"at `\$\.evalMatches`"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
