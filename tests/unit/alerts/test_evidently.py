"""Results of Evidently and NannyML: each test or watched value is an alert that begins and ends with the runs."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.alert import Alert
from bot.alerts.sources.evidently import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, TOKEN, bearer, recorded, request

REPORT = msgspec.json.decode(recorded("evidently", "1_report"))
NANNYML = msgspec.json.decode(recorded("evidently", "2_nannyml"))


def alerts(body: Any) -> dict[str, Alert]:
    found = SOURCE.parse(request(msgspec.json.encode(body))).alerts
    return {alert.name: alert for alert in found}


def states(body: Any) -> dict[str, str]:
    return {name: alert.status for name, alert in alerts(body).items()}


def test_each_test_of_a_report_is_an_alert() -> None:
    found = alerts({"service": "fraud-scorer", "dataset": "last hour", "report": REPORT})
    drift = found["Value Drift for column amount"]
    assert drift == Alert(
        source="evidently", fingerprint=drift.fingerprint, status="firing", name="Value Drift for column amount",
        starts_at=NOW, dated=False,
        labels={
            "alertname": "Value Drift for column amount", "service": "fraud-scorer", "dataset": "last hour",
            "metric": "ValueDrift", "column": "amount", "method": "Wasserstein distance (normed)",
        },
        summary="Drift score is 1.04. The drift detection method is Wasserstein distance (normed). "
        "The drift threshold is 0.10.",
    )  # fmt: skip
    assert [alert.status for alert in found.values()].count("firing") == 1
    assert all(alert.ends_at == NOW for alert in found.values() if alert.status == "resolved")


def test_a_bare_report_is_read_too() -> None:
    assert states(REPORT) == states({"report": REPORT})


def test_a_test_keeps_its_name_from_run_to_run() -> None:
    healed = msgspec.json.decode(msgspec.json.encode(REPORT))
    for test in healed["tests"]:
        test.update(status="SUCCESS", description="Drift score is 0.01.")
    before, after = alerts({"service": "s", "report": REPORT}), alerts({"service": "s", "report": healed})
    assert {alert.fingerprint for alert in before.values()} == {alert.fingerprint for alert in after.values()}
    assert {alert.status for alert in after.values()} == {"resolved"}
    assert len({alert.fingerprint for alert in before.values()}) == len(REPORT["tests"])


def test_what_is_not_critical_is_a_warning() -> None:
    test = {"id": "t", "name": "Mean", "status": "FAIL", "bound_test": {"test": {"is_critical": False}}}
    assert alerts({"tests": [test]})["Mean"].labels["severity"] == "warning"
    test["bound_test"] = {"test": {"is_critical": True}}
    assert "severity" not in alerts({"tests": [test]})["Mean"].labels


@pytest.mark.parametrize(
    ("status", "state"),
    [("FAIL", "firing"), ("ERROR", "firing"), ("TestStatus.FAIL", "firing"), ("SUCCESS", "resolved")],
)
def test_a_test_that_could_not_be_made_fires_too(status: str, state: str) -> None:
    assert states({"tests": [{"name": "a", "status": status}]}) == {"a": state}


def test_a_report_without_tests_is_read_by_its_thresholds() -> None:
    config = {"type": "evidently:metric_v2:ValueDrift", "column": "hour", "method": "K-S p_value", "threshold": 0.05}
    assert states({"metrics": [*REPORT["metrics"], {"config": config, "value": 0.001}]}) == {
        "Share of drifted columns": "resolved", "Drift of column amount": "firing", "Drift of column age": "resolved",
        "Drift of column cc": "resolved", "Drift of column hour": "firing",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("method", "threshold", "value", "state"),
    [
        ("ks", 0.05, 0.9, "resolved"), ("ks", 0.05, 0.001, "firing"), ("ks", None, 0.04, "firing"),
        ("Anderson-Darling", 0.1, 0.5, "resolved"), ("Fisher's Exact test", 0.1, 0.01, "firing"),
        ("Mann-Whitney U-rank test", None, 0.04, "firing"), ("TVD", None, 0.5, "resolved"),
        ("psi", None, 0.25, "firing"), ("psi", 0.3, 0.25, "resolved"), ("Energy-distance", None, 0.02, "resolved"),
    ],
)  # fmt: skip
def test_a_p_value_is_small_where_there_is_drift_and_a_distance_large(
    method: str, threshold: float | None, value: float, state: str
) -> None:
    config = {"type": "evidently:metric_v2:ValueDrift", "column": "amount", "method": method}
    if threshold is not None:
        config |= {"threshold": threshold}  # type: ignore[dict-item]
    assert states({"metrics": [{"config": config, "value": value}]}) == {"Drift of column amount": state}


def test_a_method_of_ones_own_without_a_threshold_says_nothing() -> None:
    config = {"type": "evidently:metric_v2:ValueDrift", "column": "amount", "method": "ours"}
    assert states({"metrics": [{"config": config, "value": 7}]}) == {}


def test_a_report_of_an_earlier_version_says_itself_what_drifted() -> None:
    columns = {
        "amount": {
            "column_name": "amount", "column_type": "num", "stattest_name": "K-S p_value", "stattest_threshold": 0.05,
            "drift_score": 0.003, "drift_detected": True,
        },
        "age": {"drift_detected": False, "drift_score": 0.8},
        "odd": {"drift_detected": "true"},
    }  # fmt: skip
    whole = {"drift_share": 0.5, "share_of_drifted_columns": 0.42, "number_of_columns": 7, "dataset_drift": False}
    alone = {"column_name": "prediction", "drift_detected": True}
    report = {
        "metrics": [
            {"metric": "DatasetDriftMetric", "result": whole},
            {"metric": "DataDriftTable", "result": whole | {"drift_by_columns": columns}},
            {"metric": "ColumnDriftMetric", "result": alone},
            {"metric": "ClassificationQualityMetric", "result": {"current": {"f1": 0.9}}},
        ]
    }  # fmt: skip
    found = alerts({"service": "fraud-scorer", "report": report})
    assert {name: alert.status for name, alert in found.items()} == {
        "Share of drifted columns": "resolved", "Drift of column amount": "firing", "Drift of column age": "resolved",
        "Drift of column prediction": "firing",
    }  # fmt: skip
    assert found["Share of drifted columns"].summary == "Share of drifted columns: 0.42, of 0.5"
    assert found["Drift of column amount"].summary == "Drift of column amount: 0.003 by K-S p_value, threshold 0.05"
    assert found["Drift of column amount"].labels["column"] == "amount"


def test_the_last_chunk_of_nannyml_counts() -> None:
    found = alerts(NANNYML)
    assert {name: alert.status for name, alert in found.items()} == {
        "roc_auc is out of its range": "firing", "recall is out of its range": "resolved",
    }  # fmt: skip
    auc = found["roc_auc is out of its range"]
    assert auc.summary == "roc_auc is 0.9312; expected between 0.95 and 0.99 (chunk 2026-11-21)"
    assert (auc.labels["service"], auc.labels["metric"], auc.url) == ("fraud-scorer", "roc_auc", NANNYML["url"])


def test_a_result_of_the_reference_alone_says_nothing() -> None:
    assert alerts({"nannyml": NANNYML["nannyml"][:1]}) == {}


def test_a_token_opens() -> None:
    SOURCE.verify(request(b"{}", bearer(TOKEN)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(b"{}"))


@pytest.mark.parametrize(
    "body",
    [{}, {"tests": 7}, {"tests": [7]}, {"tests": [{"name": "a"}]}, {"tests": [{"name": "a", "status": "ODD"}]},
     {"nannyml": 7}, {"nannyml": [1]}, {"nannyml": [{"a": 1}]}, {"report": []}, []],
)  # fmt: skip
def test_what_is_neither_is_told_why(body: Any) -> None:
    with pytest.raises(BadRequest):
        alerts(body)


_KEYS = "tests metrics nannyml report name status value config type threshold a_alert service labels metadata params"
_JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS.split()), inner, max_size=5),
    max_leaves=30,
)


@given(_JSON)
def test_any_json_is_read_or_told_why_not(body: Any) -> None:
    try:
        alerts(body)
    except BadRequest as refused:
        assert 0 < len(str(refused)) < 500
