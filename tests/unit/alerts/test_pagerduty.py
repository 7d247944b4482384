"""PagerDuty's webhooks of version 3: who signed them, and what they say about an incident."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.pagerduty import SIGNATURE_HEADER, SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import FIXTURES, SECRET, TOKEN, bearer, changed, recorded, request, signature

TRIGGERED = recorded("pagerduty", "1_triggered")


def alert(name: str) -> Alert:
    (found,) = SOURCE.parse(request(recorded("pagerduty", name))).alerts
    return found


def signed(*secrets: str) -> dict[str, str]:
    return {SIGNATURE_HEADER: ",".join(f"v1={signature(TRIGGERED, secret)}" for secret in secrets)}


# --- who sent it ------------------------------------------------------------------------------------------------


def test_without_a_secret_the_token_opens() -> None:
    SOURCE.verify(request(TRIGGERED, bearer(TOKEN)))
    SOURCE.verify(request(TRIGGERED, bearer(TOKEN) | signed("theirs")))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(TRIGGERED))


def test_with_a_secret_the_signature_opens_and_the_token_alone_does_not() -> None:
    SOURCE.verify(request(TRIGGERED, signed(SECRET), secrets=(SECRET,)))
    with pytest.raises(Unauthenticated, match="signature is missing"):
        SOURCE.verify(request(TRIGGERED, bearer(TOKEN), secrets=(SECRET,)))


@pytest.mark.parametrize("ours", [("new",), ("old",), ("new", "old"), ("other", "old")])
def test_while_either_side_rotates_one_signature_that_fits_is_enough(ours: tuple[str, ...]) -> None:
    SOURCE.verify(request(TRIGGERED, signed("new", "old"), secrets=ours))


@pytest.mark.parametrize(
    "header",
    ["", "v1=", "v1=0000", signature(TRIGGERED), f"v0={signature(TRIGGERED)}", f"v1 ={signature(TRIGGERED)}"],
)
def test_only_the_first_version_of_the_signature_counts(header: str) -> None:
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(TRIGGERED, {SIGNATURE_HEADER: header}, secrets=(SECRET,)))


def test_the_signature_is_about_the_bytes_and_not_about_what_they_mean() -> None:
    with pytest.raises(Unauthenticated, match="wrong"):
        SOURCE.verify(request(TRIGGERED + b" ", signed(SECRET), secrets=(SECRET,)))


# --- what it says -----------------------------------------------------------------------------------------------


def test_a_triggered_incident_fires() -> None:
    found = alert("1_triggered")
    assert (found.source, found.fingerprint, found.status) == ("pagerduty", "Q2G7VZ41M9KD3C", "firing")
    assert found.name == found.summary == found.labels["alertname"] == "Recall of fraud-scorer below 0.80"
    assert found.starts_at == datetime(2026, 11, 21, 3, 5, 12, tzinfo=UTC)
    assert found.url == "https://example.pagerduty.com/incidents/Q2G7VZ41M9KD3C"
    assert {key: found.labels[key] for key in ("service", "severity", "urgency", "team")} == {
        "service": "fraud-scorer", "severity": "P2", "urgency": "high", "team": "Risk ML",
    }  # fmt: skip


def test_the_incident_is_known_by_its_id_so_that_a_note_can_be_written_to_it() -> None:
    assert alert("1_triggered").labels["pagerduty_incident"] == "Q2G7VZ41M9KD3C"


@pytest.mark.parametrize("name", ["2_acknowledged", "3_priority_updated", "5_reopened"])
def test_while_it_is_open_every_event_is_about_the_same_alert_that_fires(name: str) -> None:
    assert alert(name).key == alert("1_triggered").key
    assert alert(name).status == "firing"


def test_a_new_priority_is_a_new_severity() -> None:
    assert alert("3_priority_updated").labels["severity"] == "P1"


def test_without_a_priority_the_urgency_says_how_bad_it_is() -> None:
    (found,) = SOURCE.parse(request(changed(TRIGGERED, "event", "data", "priority", to=None))).alerts
    assert found.labels["severity"] == "high"
    assert "priority" not in found.labels


def test_a_resolved_incident_ends_when_it_was_resolved() -> None:
    found = alert("4_resolved")
    assert found.status == "resolved"
    assert found.key == alert("1_triggered").key
    assert found.ends_at == datetime(2026, 11, 21, 3, 41, 55, 20000, tzinfo=UTC)


@pytest.mark.parametrize("name", ["annotated", "service_updated", "ping"])
def test_what_is_about_something_else_is_taken_and_says_nothing(name: str) -> None:
    assert SOURCE.parse(request(recorded("pagerduty", f"other/{name}"))).alerts == ()


def test_an_event_that_does_not_say_when_the_incident_was_created_is_read_all_the_same() -> None:
    bodies = [
        changed(recorded("pagerduty", name), "event", "data", "created_at") for name in ("1_triggered", "4_resolved")
    ]
    began, ended = (SOURCE.parse(request(body)).alerts[0] for body in bodies)
    assert (began.fingerprint, began.status, began.dated) == (ended.fingerprint, "firing", False)
    assert began.starts_at == datetime(2026, 11, 21, 3, 5, 12, 331000, tzinfo=UTC)
    assert (ended.status, ended.dated) == ("resolved", False)


def test_a_call_that_evenkeel_made_itself_opens_nothing() -> None:
    key = changed(TRIGGERED, "event", "data", "incident_key", to="evenkeel/INC-7/approval/rollback/1/0")
    title = changed(TRIGGERED, "event", "data", "title", to="SEV2 fraud-scorer: rollback to v41 needs a yes (INC-7)")
    assert SOURCE.parse(request(key)).alerts == SOURCE.parse(request(title)).alerts == ()


def test_a_delivery_is_named_by_its_event() -> None:
    names = {SOURCE.delivery(request(file.read_bytes())) for file in (FIXTURES / "pagerduty").glob("[1-5]*.json")}
    assert len(names) == 5
    assert SOURCE.delivery(request(TRIGGERED)) == "01CZ5R1V8T6YQ0AB2GZK4M7N3P"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "not JSON"),
        (b"{}", r"missing required field `event` - at `\$`"),
        (changed(TRIGGERED, "event", "data"), r"missing required field `data` - at `\$\.event`"),
        (changed(TRIGGERED, "event", "data", to=[]), r"Expected `object`, got `array` - at `\$\.event\.data`"),
        (changed(TRIGGERED, "event", "data", "id"), r"missing required field `id` - at `\$\.event\.data`"),
        (changed(TRIGGERED, "event", "data", "created_at", to="x"), r"at `\$\.event\.data\.created_at`"),
        (changed(TRIGGERED, "event", "data", "status", to="snoozed"), r"at `\$\.event\.data\.status`"),
        (changed(TRIGGERED, "event", "data", "service", to="x"), r"at `\$\.event\.data\.service`"),
        (changed(TRIGGERED, "event", "data", "title", to="\0"), "NUL"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
