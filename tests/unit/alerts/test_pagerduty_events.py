"""Senders of PagerDuty's Events API v2: their key, and what trigger, acknowledge and resolve mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.alerts.sources.pagerduty import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, TOKEN, bearer, changed, recorded, request

TRIGGER = recorded("pagerduty", "6_events_v2_trigger")
RESOLVE = recorded("pagerduty", "7_events_v2_resolve")
KEY = "0123456789abcdef0123456789abcdef"


def test_the_routing_key_is_one_of_the_sources_secrets() -> None:
    SOURCE.verify(request(TRIGGER, secrets=("another", KEY)))
    SOURCE.verify(request(TRIGGER, bearer(KEY), secrets=(KEY,)))


def test_without_secrets_the_common_token_is_the_routing_key_or_stands_in_the_header() -> None:
    SOURCE.verify(request(changed(TRIGGER, "routing_key", to=TOKEN)))
    SOURCE.verify(request(TRIGGER, bearer(TOKEN)))


@pytest.mark.parametrize("key", ["", "wrong", None, 7, "é", [KEY]])
def test_another_routing_key_does_not_open(key: object) -> None:
    body = changed(TRIGGER, "routing_key", to=key)
    with pytest.raises(Unauthenticated, match="routing_key is missing or wrong"):
        SOURCE.verify(request(body, secrets=(KEY,)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(body, bearer(TOKEN), secrets=(KEY,)))


def test_a_trigger_fires_under_its_dedup_key() -> None:
    (found,) = SOURCE.parse(request(TRIGGER)).alerts
    assert (found.source, found.fingerprint, found.status) == ("pagerduty", "fraud-scorer/psi/amount", "firing")
    assert (found.name, found.summary) == ("Feature drift", "PSI of amount is 0.41")
    assert found.url == "https://features.example.com/runs/881"
    assert found.starts_at == datetime(2026, 11, 21, 3, 4, 58, 315000, tzinfo=UTC)
    assert not found.dated


def test_component_group_class_and_simple_details_are_labels() -> None:
    (found,) = SOURCE.parse(request(TRIGGER)).alerts
    assert found.labels == {
        "alertname": "Feature drift", "severity": "error", "instance": "feature-monitor-2.example.com",
        "component": "fraud-scorer", "group": "risk", "class": "Feature drift", "feature": "amount", "psi": "0.41",
        "window": "24h", "service": "fraud-scorer",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("without", "service"),
    [((), "fraud-scorer"), (("component",), "risk"), (("component", "group"), "feature-monitor-2.example.com")],
)
def test_the_service_is_the_component_else_the_group_else_the_machine(without: tuple[str, ...], service: str) -> None:
    body = TRIGGER
    for name in without:
        body = changed(body, "payload", name)
    assert SOURCE.parse(request(body)).alerts[0].labels["service"] == service


def test_a_service_among_the_details_counts_before() -> None:
    body = changed(TRIGGER, "payload", "custom_details", "service", to="ranker")
    assert SOURCE.parse(request(body)).alerts[0].labels["service"] == "ranker"


def test_a_resolve_ends_what_fires_under_the_key() -> None:
    (found,) = SOURCE.parse(request(RESOLVE)).alerts
    assert (found.fingerprint, found.status, found.ends_at) == ("fraud-scorer/psi/amount", "resolved", NOW)
    assert not found.dated


def test_an_acknowledgement_says_nothing_about_whether_it_fires() -> None:
    assert SOURCE.parse(request(recorded("pagerduty", "other/events_v2_acknowledge"))).alerts == ()


def test_without_a_dedup_key_every_trigger_is_another_alert_unless_it_is_repeated_at_once() -> None:
    first = request(changed(TRIGGER, "dedup_key"))
    again = replace(first, at=NOW + timedelta(seconds=20))
    later = replace(first, at=NOW + timedelta(minutes=5))
    prints = [SOURCE.parse(one).alerts[0].fingerprint for one in (first, again, later)]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize("odd", ["yesterday", 7.5e300, None, [], "2026-11-21 03:00:00"])
def test_a_time_that_cannot_be_read_does_not_cost_the_alert(odd: object) -> None:
    (found,) = SOURCE.parse(request(changed(TRIGGER, "payload", "timestamp", to=odd))).alerts
    assert found.starts_at == NOW


def test_a_delivery_has_no_name() -> None:
    assert SOURCE.delivery(request(TRIGGER)) == ""


def test_what_a_real_alertmanager_sends_to_pagerduty_begins_and_ends_one_alert() -> None:
    """Alertmanager 0.25 with ``pagerduty_configs``; names and addresses are ours."""
    began, ended = (
        SOURCE.parse(request(recorded("pagerduty", name))).alerts[0]
        for name in ("8_events_v2_alertmanager", "9_events_v2_alertmanager_resolve")
    )
    assert (began.status, ended.status, began.fingerprint) == ("firing", "resolved", ended.fingerprint)
    assert (began.name, began.labels["service"], began.labels["num_firing"]) == ("RecallLow", "fraud-scorer", "2")
    assert began.summary == "[FIRING:2] RecallLow fraud-scorer (critical)"
    assert "firing" not in began.labels
    assert began.annotations["firing"].count("summary = recall low in") == 2


def test_an_end_is_one_whatever_else_it_brings() -> None:
    body = changed(recorded("pagerduty", "9_events_v2_alertmanager_resolve"), "payload", "severity", to="page")
    assert SOURCE.parse(request(body)).alerts[0].status == "resolved"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (changed(TRIGGER, "event_action", to="open"), r"Invalid enum value 'open' - at `\$\.event_action`"),
        (changed(TRIGGER, "payload"), r"missing required field `payload` - at `\$`"),
        (changed(TRIGGER, "payload", "summary"), r"missing required field `summary` - at `\$\.payload`"),
        (changed(TRIGGER, "payload", "source"), r"missing required field `source` - at `\$\.payload`"),
        (changed(TRIGGER, "payload", "severity", to="bad"), r"at `\$\.payload\.severity`"),
        (changed(TRIGGER, "dedup_key", to="k" * 256), r"length <= 255 - at `\$\.dedup_key`"),
        (changed(RESOLVE, "dedup_key"), r"missing required field `dedup_key` - at `\$`"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
