"""Sentry's webhooks: who signed them, and what issue alerts, metric alerts and issues say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.sentry import DELIVERY_HEADER, SIGNATURE_HEADER, SOURCE, TIMESTAMP_HEADER
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, SECRET, TOKEN, bearer, changed, recorded, request, signature

ISSUE_ALERT = recorded("sentry", "1_issue_alert")
METRIC = recorded("sentry", "6_metric_critical")


def alert(name: str) -> Alert:
    (found,) = SOURCE.parse(request(recorded("sentry", name))).alerts
    return found


def headers(body: bytes = ISSUE_ALERT, *, secret: str = SECRET, late: float = 0) -> dict[str, str]:
    stamp = str(int((NOW - timedelta(seconds=late)).timestamp()))
    return {SIGNATURE_HEADER: signature(body, secret), TIMESTAMP_HEADER: stamp}


# --- who sent it ------------------------------------------------------------------------------------------------


def test_without_a_secret_the_token_opens() -> None:
    SOURCE.verify(request(ISSUE_ALERT, bearer(TOKEN)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(ISSUE_ALERT, headers()))


def test_with_a_secret_the_signature_opens_and_the_token_alone_does_not() -> None:
    SOURCE.verify(request(ISSUE_ALERT, headers(), secrets=(SECRET,)))
    with pytest.raises(Unauthenticated, match="signature is missing"):
        SOURCE.verify(request(ISSUE_ALERT, bearer(TOKEN), secrets=(SECRET,)))


def test_either_secret_opens_while_they_are_rotated() -> None:
    for secret in ("new", "old"):
        SOURCE.verify(request(ISSUE_ALERT, headers(secret=secret), secrets=("new", "old")))


def test_the_signature_is_about_the_bytes_and_not_about_what_they_mean() -> None:
    again = changed(ISSUE_ALERT, "action", to="triggered")
    with pytest.raises(Unauthenticated, match="wrong"):
        SOURCE.verify(request(again, headers(), secrets=(SECRET,)))


def test_an_old_request_that_is_repeated_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="not of now"):
        SOURCE.verify(request(ISSUE_ALERT, headers(late=301), secrets=(SECRET,)))
    SOURCE.verify(request(ISSUE_ALERT, headers(late=301), secrets=(SECRET,), window=600.0))


def test_without_a_time_it_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="no Unix time"):
        SOURCE.verify(request(ISSUE_ALERT, {SIGNATURE_HEADER: signature(ISSUE_ALERT)}, secrets=(SECRET,)))


def test_a_delivery_is_named_by_its_request() -> None:
    assert SOURCE.delivery(request(ISSUE_ALERT, {DELIVERY_HEADER: "8d2f"})) == "8d2f"
    assert SOURCE.delivery(request(ISSUE_ALERT)) == ""


# --- issue alerts -----------------------------------------------------------------------------------------------


def test_an_issue_alert_fires_for_its_issue() -> None:
    found = alert("1_issue_alert")
    assert (found.source, found.fingerprint, found.status) == ("sentry", "issue/5128830417", "firing")
    assert found.name == found.labels["alertname"] == "Errors of the feature store"
    assert found.summary == "FeatureStoreTimeout: no answer within 50 ms"
    assert found.labels["severity"] == "error"
    assert found.starts_at == datetime(2026, 11, 21, 3, 4, 31, 218000, tzinfo=UTC)
    assert found.url.startswith("https://sentry.io/organizations/example/issues/5128830417/")


def test_an_id_that_is_written_as_a_number_is_the_same_issue() -> None:
    body = changed(ISSUE_ALERT, "data", "event", "issue_id", to=5128830417)
    (found,) = SOURCE.parse(request(body)).alerts
    assert (found.fingerprint, found.labels["sentry_issue"]) == ("issue/5128830417", "5128830417")


def test_an_event_that_names_its_issue_by_address_only_is_about_the_same_issue() -> None:
    body = changed(ISSUE_ALERT, "data", "event", "issue_id")
    assert SOURCE.parse(request(body)).alerts[0].key == alert("1_issue_alert").key


def test_what_the_plugin_sends_is_about_the_same_issue() -> None:
    found = alert("8_plugin")
    assert (found.fingerprint, found.status) == ("issue/5128830417", "firing")
    assert (found.name, found.summary) == (
        "Errors of the feature store",
        "FeatureStoreTimeout: no answer within 50 ms",
    )
    assert found.labels["severity"] == "error"
    assert found.labels["service"] == "fraud-scorer-api"
    assert found.url.startswith("https://example.sentry.io/issues/5128830417/")
    assert "ida@example.com" not in repr(found)
    (test,) = SOURCE.parse(request(changed(recorded("sentry", "8_plugin"), "triggering_rules", to=[]))).alerts
    assert test.name == test.summary


def test_the_service_is_the_tag_of_that_name_else_the_project() -> None:
    assert alert("1_issue_alert").labels["service"] == "fraud-scorer"
    body = changed(ISSUE_ALERT, "data", "event", "tags", to=[])
    assert SOURCE.parse(request(body)).alerts[0].labels["service"] == "fraud-scorer-api"


def test_whom_it_happened_to_and_what_they_wrote_is_not_read() -> None:
    said = repr(alert("1_issue_alert"))
    for private in ("ida@example.com", "48213", "4111", "scorer.example.com/score"):
        assert private not in said


def test_a_nul_in_what_is_not_read_keeps_nobody_from_the_alert() -> None:
    body = changed(ISSUE_ALERT, "data", "event", "request", "data", to={"frame": "a\0b"})
    assert SOURCE.parse(request(body)).alerts[0] == alert("1_issue_alert")


def test_other_tags_release_and_environment_are_labels() -> None:
    labels = alert("1_issue_alert").labels
    assert labels["server_name"] == "scorer-7d9f"
    assert (labels["release"], labels["environment"], labels["platform"]) == (
        "fraud-scorer@42", "production", "python",
    )  # fmt: skip


# --- issues -----------------------------------------------------------------------------------------------------


def test_a_resolved_issue_ends_what_its_alerts_began() -> None:
    found = alert("2_issue_resolved")
    assert (found.fingerprint, found.status, found.ends_at) == ("issue/5128830417", "resolved", NOW)
    assert not found.dated
    assert not alert("1_issue_alert").dated


def test_an_issue_that_came_back_fires() -> None:
    found = alert("3_issue_unresolved")
    assert (found.fingerprint, found.status) == ("issue/5128830417", "firing")
    assert found.starts_at == datetime(2026, 11, 21, 4, 12, 44, 1000, tzinfo=UTC)
    assert found.labels["substatus"] == "regressed"


def test_of_an_issue_the_priority_says_how_bad_it_is() -> None:
    assert alert("4_issue_created").labels["severity"] == "medium"
    body = changed(recorded("sentry", "4_issue_created"), "data", "issue", "priority")
    assert SOURCE.parse(request(body)).alerts[0].labels["severity"] == "error"


def test_an_archived_issue_is_over() -> None:
    body = changed(recorded("sentry", "2_issue_resolved"), "action", to="archived")
    assert SOURCE.parse(request(body)).alerts[0].status == "resolved"


@pytest.mark.parametrize("name", ["issue_assigned", "installation", "comment"])
def test_what_is_about_something_else_is_taken_and_says_nothing(name: str) -> None:
    assert SOURCE.parse(request(recorded("sentry", f"other/{name}"))).alerts == ()


# --- metric alerts ----------------------------------------------------------------------------------------------


def test_a_metric_alert_warns_becomes_critical_and_ends_as_one_alert() -> None:
    found = [alert(name) for name in ("5_metric_warning", "6_metric_critical", "7_metric_resolved")]
    assert [one.status for one in found] == ["firing", "firing", "resolved"]
    assert len({one.key for one in found}) == 1
    assert found[0].key == ("sentry", "metric/1804", datetime(2026, 11, 21, 3, 5, tzinfo=UTC))
    assert [one.labels.get("severity") for one in found] == ["warning", "critical", None]
    assert found[2].ends_at == datetime(2026, 11, 21, 3, 40, tzinfo=UTC)


def test_a_metric_alert_is_named_by_its_rule_and_about_its_project() -> None:
    found = alert("6_metric_critical")
    assert (found.name, found.labels["service"]) == ("Error rate of the scorer", "fraud-scorer-api")
    assert found.summary == "1000 events in the last 10 minutes\nFilter: level:error"
    assert found.url == "https://sentry.io/organizations/example/alerts/118/"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"null", "Expected `object`, got `null`"),
        (changed(METRIC, "action"), r"missing required field `action` - at `\$`"),
        (changed(METRIC, "action", to="mild"), r"one of critical, warning, open, resolved - at `\$\.action`"),
        (changed(METRIC, "data"), r"missing required field `data` - at `\$`"),
        (changed(METRIC, "data", "metric_alert", "id", to=[4]), r"at `\$\.data\.metric_alert\.id`"),
        (changed(METRIC, "data", "metric_alert", "alert_rule"), r"`alert_rule` - at `\$\.data\.metric_alert`"),
        (
            changed(METRIC, "data", "metric_alert", "date_started", to="2026-11-21T03:05:00"),
            r"needs a zone - at `\$\.data\.metric_alert\.date_started`",
        ),
        (
            changed(changed(ISSUE_ALERT, "data", "event", "issue_id"), "data", "event", "issue_url", to="/api/0/"),
            r"`issue_id` - at `\$\.data\.event`",
        ),
        (changed(recorded("sentry", "8_plugin"), "id"), r"missing required field `id` - at `\$`"),
        (changed(ISSUE_ALERT, "data", "event", "tags", to=[["a"]]), r"at `\$\.data\.event\.tags\[0\]`"),
        (changed(ISSUE_ALERT, "data", "event", "title", to="\0"), "NUL"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
