"""Grafana's webhook: who signed it, and what its alerts say."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.alerts.sources.grafana import SIGNATURE_HEADER, SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, SECRET, TOKEN, bearer, changed, recorded, request, signature

FIRING = recorded("grafana", "1_firing")
STAMP = "x-grafana-alerting-timestamp"


def now(seconds: float = 0) -> str:
    return str(int((NOW + timedelta(seconds=seconds)).timestamp()))


# --- who sent it ------------------------------------------------------------------------------------------------


def test_without_a_secret_the_token_opens() -> None:
    SOURCE.verify(request(FIRING, bearer(TOKEN)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(FIRING, bearer("another")))


def test_with_a_secret_the_signature_opens_and_the_token_alone_does_not() -> None:
    SOURCE.verify(request(FIRING, {SIGNATURE_HEADER: signature(FIRING)}, secrets=(SECRET,)))
    with pytest.raises(Unauthenticated, match="signature is missing"):
        SOURCE.verify(request(FIRING, bearer(TOKEN), secrets=(SECRET,)))


def test_either_secret_opens_while_they_are_rotated() -> None:
    for secret in ("new", "old"):
        SOURCE.verify(request(FIRING, {SIGNATURE_HEADER: signature(FIRING, secret)}, secrets=("new", "old")))


def test_the_header_may_have_another_name() -> None:
    headers = {"x-sig": signature(FIRING)}
    SOURCE.verify(request(FIRING, headers, secrets=(SECRET,), signature_header="x-sig"))


def test_the_signature_is_about_the_bytes_and_not_about_what_they_mean() -> None:
    again = changed(FIRING, "orgId", to=1)
    with pytest.raises(Unauthenticated, match="wrong"):
        SOURCE.verify(request(again, {SIGNATURE_HEADER: signature(FIRING)}, secrets=(SECRET,)))


def test_with_a_header_for_the_time_it_is_signed_too() -> None:
    headers = {SIGNATURE_HEADER: signature(f"{now()}:".encode() + FIRING), STAMP: now()}
    SOURCE.verify(request(FIRING, headers, secrets=(SECRET,), timestamp_header=STAMP))


@pytest.mark.parametrize(
    ("stamp", "signed", "said"),
    [
        (now(-301), now(-301), "not of now"),
        (now(301), now(301), "not of now"),
        (now(), now(-301), "wrong"),
        ("", "", "no Unix time"),
        ("é", "é", "no Unix time"),
    ],
)
def test_an_old_request_that_is_repeated_is_refused(stamp: str, signed: str, said: str) -> None:
    headers = {SIGNATURE_HEADER: signature(f"{signed}:".encode() + FIRING), STAMP: stamp}
    with pytest.raises(Unauthenticated, match=said):
        SOURCE.verify(request(FIRING, headers, secrets=(SECRET,), timestamp_header=STAMP))


# --- what it says -----------------------------------------------------------------------------------------------


def test_each_alert_of_the_group_is_one() -> None:
    first, second = SOURCE.parse(request(FIRING)).alerts
    assert (first.source, first.fingerprint, first.status) == ("grafana", "9b7c1f0e4a5d6e83", "firing")
    assert (first.name, first.summary) == ("Recall below 0.80", "recall of fraud-scorer is 0.71")
    assert first.labels["severity"] == "critical"
    assert first.starts_at == datetime(2026, 11, 21, 3, 12, 40, tzinfo=UTC)
    assert first.ends_at is None
    assert second.fingerprint == "1d0a77c2b1f94e5c"
    assert second.labels["severity"] == "warning"


def test_the_link_leads_to_the_panel_or_else_to_the_rule() -> None:
    first, second = SOURCE.parse(request(FIRING)).alerts
    assert first.url.endswith("viewPanel=4")
    assert "/alerting/grafana/ce7k2n1b9u5q8d/" in second.url


def test_values_and_links_stand_among_the_annotations() -> None:
    first, second = SOURCE.parse(request(FIRING)).alerts
    assert first.annotations["values"] == "A=0.7123, C=1"
    assert first.annotations["silence_url"].startswith("https://grafana.example.com/alerting/silence/new")
    assert first.annotations["runbook_url"] == "https://runbooks.example.com/model-performance-drop"
    assert "values" not in second.annotations


def test_a_resolved_alert_is_the_one_that_fired_and_has_its_end() -> None:
    (over,) = SOURCE.parse(request(recorded("grafana", "2_resolved"))).alerts
    assert over.status == "resolved"
    assert over.key == SOURCE.parse(request(FIRING)).alerts[0].key
    assert over.ends_at == datetime(2026, 11, 21, 3, 52, 40, tzinfo=UTC)


def test_without_a_fingerprint_the_same_labels_are_the_same_alert() -> None:
    body = changed(FIRING, "alerts", 0, "fingerprint")
    first, again = (SOURCE.parse(request(body)).alerts[0].fingerprint for _ in range(2))
    assert first == again != SOURCE.parse(request(changed(body, "alerts", 0, "labels", to={}))).alerts[0].fingerprint


def test_what_was_left_out_is_counted() -> None:
    assert SOURCE.parse(request(changed(FIRING, "truncatedAlerts", to=7))).truncated == 7


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "Expected `object`, got `array` - at `\\$`"),
        (changed(FIRING, "alerts"), "missing required field `alerts`"),
    ],
)
def test_what_is_no_notification_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (changed(FIRING, "alerts", 1, "startsAt"), r"missing required field `startsAt` - at `\$\.alerts\[1\]`"),
        (changed(FIRING, "alerts", 1, "startsAt", to="today"), r"at `\$\.alerts\[1\]\.startsAt`"),
        (changed(FIRING, "alerts", 0, "startsAt", to="2026-11-21T03:00:00"), r"needs a zone - at `\$\.alerts\[0\]"),
        (changed(FIRING, "alerts", 0, "status", to="pending"), r"at `\$\.alerts\[0\]\.status`"),
        (changed(FIRING, "alerts", 0, "labels", "a", to=1), r"at `\$\.alerts\[0\]\.labels\[\.\.\.\]`"),
        (changed(FIRING, "alerts", 0, "labels", "a", to="\0"), "NUL"),
    ],
)
def test_an_alert_that_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    batch = SOURCE.parse(request(body))
    assert (len(batch.alerts), batch.unreadable) == (1, 1)
    assert re.search(said, batch.reasons[0])
