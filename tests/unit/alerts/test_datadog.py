"""Datadog's notifications in the body that we ship: what each transition means, and what is one alert."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.datadog import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.docs_pages import ROOT
from tests.unit.alerts.requests import NOW, SECRET, TOKEN, bearer, changed, recorded, request

TRIGGERED = recorded("datadog", "1_triggered")


def alert(name: str) -> Alert:
    (found,) = SOURCE.parse(request(recorded("datadog", name))).alerts
    return found


def of(**keys: Any) -> Alert:
    """The first fixture with some keys changed."""
    body = TRIGGERED
    for key, value in keys.items():
        body = changed(body, key, to=value)
    (found,) = SOURCE.parse(request(body)).alerts
    return found


def test_the_token_opens_or_the_sources_own_secret_in_its_place() -> None:
    SOURCE.verify(request(TRIGGERED, bearer(TOKEN)))
    SOURCE.verify(request(TRIGGERED, bearer(SECRET), secrets=("another", SECRET)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(TRIGGERED, bearer(TOKEN), secrets=(SECRET,)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(TRIGGERED))


def test_a_monitor_that_triggered_fires() -> None:
    found = alert("1_triggered")
    assert (found.source, found.status, found.name) == ("datadog", "firing", "p99 latency of the scorer")
    assert found.starts_at == datetime(2026, 11, 21, 3, 6, 12, tzinfo=UTC)
    assert found.url == "https://app.datadoghq.eu/event/event?id=7716548234011234567"
    assert found.summary.endswith("was > 0.5 on average during the last 5m")
    assert not found.dated


def test_scope_and_tags_are_labels_and_the_priority_is_the_severity() -> None:
    assert alert("1_triggered").labels == {
        "alertname": "p99 latency of the scorer", "severity": "P2", "priority": "P2", "monitor": "148275309",
        "metric": "scorer.request.duration", "region": "eu", "service": "fraud-scorer", "env": "production",
        "team": "risk-ml",
    }  # fmt: skip


def test_message_query_and_picture_are_annotations() -> None:
    found = alert("1_triggered").annotations
    assert found["description"].startswith("p99 is above 500 ms")
    assert found["query"].startswith("avg(last_5m)")
    assert found["snapshot"].endswith("p99.png")


def test_a_renotification_and_the_recovery_are_about_the_same_alert() -> None:
    found = [alert(name) for name in ("1_triggered", "2_renotify", "3_recovered")]
    assert len({one.fingerprint for one in found}) == 1
    assert [one.status for one in found] == ["firing", "firing", "resolved"]
    assert found[2].ends_at == datetime(2026, 11, 21, 4, 26, 12, tzinfo=UTC)
    assert {one.name for one in found} == {"p99 latency of the scorer"}


def test_another_group_of_the_monitor_is_another_alert() -> None:
    assert of(alert_scope="region:us,service:fraud-scorer").fingerprint != alert("1_triggered").fingerprint


def test_no_data_fires_too() -> None:
    found = alert("4_no_data")
    assert (found.status, found.name) == ("firing", "Predictions of the scorer")


@pytest.mark.parametrize("word", ["Warn", "Re-Warn"])
def test_a_warning_is_one_whatever_the_monitors_priority(word: str) -> None:
    assert of(alert_transition=word).labels["severity"] == "warning"


@pytest.mark.parametrize(
    "word", ["Triggered", "Re-Triggered", "No Data", "Re-No Data", "Renotify", "triggered", "Alert"]
)
def test_every_transition_but_a_recovery_fires(word: str) -> None:
    assert of(alert_transition=word).status == "firing"


def test_without_a_priority_the_type_says_how_bad_it_is() -> None:
    assert of(alert_priority="").labels["severity"] == "error"


def test_a_variable_that_datadog_left_alone_is_nothing() -> None:
    found = of(alert_priority="$ALERT_PRIORITY", alert_id="$ALERT_ID", hostname="$HOSTNAME")
    assert found.labels["severity"] == "error"
    assert found.fingerprint == "key/7716548234055550000"
    assert "host" not in found.labels


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("[Triggered on {host:ip-012345}] Host is Down", "Host is Down"),
        ("[P1] [Re-Triggered] Host is Down", "Host is Down"),
        ("[No data] [ML] Predictions", "[ML] Predictions"),
        ("[Warn]", "[Warn]"),
        ("Plain", "Plain"),
    ],
)
def test_what_datadog_writes_before_a_title_is_not_its_name(written: str, name: str) -> None:
    assert of(alert_title=written).name == name


def test_the_body_that_datadog_sends_by_itself_is_read_too() -> None:
    found = alert("5_as_datadog_sends_it")
    assert (found.status, found.name) == ("firing", "[Memory Alert] p99 latency of the scorer")
    over = changed(
        recorded("datadog", "5_as_datadog_sends_it"),
        "title",
        to="[Recovered] [Memory Alert] p99 latency of the scorer",
    )
    (ended,) = SOURCE.parse(request(over)).alerts
    assert (ended.status, ended.fingerprint) == ("resolved", found.fingerprint)


def test_a_priority_that_only_the_title_says_counts() -> None:
    body = changed(
        recorded("datadog", "5_as_datadog_sends_it"), "title", to="[P1] [Triggered on {host:a}] p99 latency"
    )
    (found,) = SOURCE.parse(request(body)).alerts
    assert (found.name, found.labels["severity"], found.labels["priority"]) == ("p99 latency", "P1", "P1")


def test_a_monitors_event_whose_title_says_no_transition_fires() -> None:
    body = changed(recorded("datadog", "5_as_datadog_sends_it"), "title", to="p99 latency of the scorer")
    (found,) = SOURCE.parse(request(body)).alerts
    assert (found.status, found.name) == ("firing", "p99 latency of the scorer")


@pytest.mark.parametrize(
    ("kind", "status", "severity"),
    [("error", "firing", "P2"), ("warning", "firing", "warning"), ("success", "resolved", "P2")],
)
def test_a_template_without_the_transition_is_read_by_the_type(kind: str, status: str, severity: str) -> None:
    found = of(alert_transition="", alert_title="p99 latency", alert_type=kind)
    assert (found.status, found.labels["severity"]) == (status, severity)


def test_without_a_time_it_begins_now() -> None:
    assert of(date="").starts_at == of(date=None).starts_at == of(date="soon").starts_at == NOW


def test_a_delivery_is_the_event_and_what_happened_to_whom() -> None:
    names = {SOURCE.delivery(request(recorded("datadog", name))) for name in ("1_triggered", "2_renotify")}
    assert len(names) == 2
    assert SOURCE.delivery(request(TRIGGERED)) == SOURCE.delivery(request(TRIGGERED))
    assert SOURCE.delivery(request(changed(TRIGGERED, "id"))) == ""


def test_the_body_to_paste_names_every_key_that_is_read() -> None:
    page = (ROOT / "docs" / "howto" / "connect-datadog.md").read_text()
    shipped = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert shipped is not None
    template = msgspec.json.decode(shipped[1])
    assert template.keys() == msgspec.json.decode(TRIGGERED).keys()
    assert all(value == f"${key.upper()}" for key, value in template.items())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"payload=%7B%7D", "not JSON"),
        (b"[]", "Expected `object`, got `array` - at `\\$`"),
        (b"{}", r"it needs a transition \(triggered, .*, recovered\) - at `\$\.alert_transition`"),
        (changed(TRIGGERED, "alert_transition", to="Null"), r"at `\$\.alert_transition`"),
        (changed(TRIGGERED, "alert_transition", to=1), r"at `\$\.alert_transition`"),
        (changed(TRIGGERED, "alert_scope", to=["a"]), r"at `\$\.alert_scope`"),
        (changed(TRIGGERED, "tags", to={}), r"at `\$\.tags`"),
        (changed(TRIGGERED, "id", to="x" * 201), r"at `\$\.id`"),
        (changed(TRIGGERED, "link", to="\0"), "NUL"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
