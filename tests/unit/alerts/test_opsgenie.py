"""Opsgenie's webhook integration: which actions say that an alert fires or ended, and what is read of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.alerts.alert import Alert
from bot.alerts.sources.opsgenie import SOURCE
from bot.errors import BadRequest, Unauthenticated
from tests.unit.alerts.requests import NOW, SECRET, TOKEN, bearer, changed, recorded, request

CREATE = recorded("opsgenie", "1_create")


def alert(name: str) -> Alert:
    (found,) = SOURCE.parse(request(recorded("opsgenie", name))).alerts
    return found


def test_the_token_opens_or_the_sources_own_secret_in_its_place() -> None:
    SOURCE.verify(request(CREATE, bearer(TOKEN)))
    SOURCE.verify(request(CREATE, bearer(SECRET), secrets=(SECRET,)))
    with pytest.raises(Unauthenticated):
        SOURCE.verify(request(CREATE, bearer(TOKEN), secrets=(SECRET,)))


def test_a_created_alert_fires_under_its_alias() -> None:
    found = alert("1_create")
    assert (found.source, found.fingerprint, found.status) == ("opsgenie", "fraud-scorer/missing/amount", "firing")
    assert found.name == found.summary == "Share of missing amount above 5 %"
    assert found.starts_at == datetime(2026, 11, 21, 3, 6, 11, 104000, tzinfo=UTC)
    assert found.url == "https://features.example.com/runs/881"


def test_details_tags_entity_and_priority_are_labels() -> None:
    assert alert("1_create").labels == {
        "alertname": "Share of missing amount above 5 %", "severity": "P3", "priority": "P3", "feature": "amount",
        "missing": "0.072", "url": "https://features.example.com/runs/881", "service": "fraud-scorer",
        "team": "risk-ml", "entity": "risk-features", "instance": "feature-monitor-2.example.com",
        "opsgenie_alert": "70413a06-38d6-4c85-92b8-5ebc900d42e2",
    }  # fmt: skip


def test_the_entity_is_the_service_where_no_tag_and_no_detail_says_it() -> None:
    (found,) = SOURCE.parse(request(changed(CREATE, "alert", "tags", to=["canary"]))).alerts
    assert found.labels["service"] == "risk-features"


def test_a_priority_that_is_written_as_a_number_means_the_same() -> None:
    (found,) = SOURCE.parse(
        request(changed(changed(CREATE, "alert", "priority", to=1), "alert", "tinyId", to=454))
    ).alerts
    assert (found.labels["severity"], found.annotations["tiny_id"]) == ("P1", "454")


def test_description_and_tags_are_annotations() -> None:
    found = alert("1_create").annotations
    assert found["description"] == "7.2 % of the last hour's rows have no amount."
    assert found["tags"] == "service:fraud-scorer, team:risk-ml, canary"


def test_who_did_it_is_not_read() -> None:
    for name in ("1_create", "2_acknowledge", "4_close"):
        assert "ida@example.com" not in repr(alert(name))


@pytest.mark.parametrize("name", ["2_acknowledge", "3_update_priority"])
def test_while_it_is_open_its_actions_are_about_the_same_alert_that_fires(name: str) -> None:
    assert alert(name).key == alert("1_create").key
    assert alert(name).status == "firing"


def test_a_new_priority_is_a_new_severity() -> None:
    assert alert("3_update_priority").labels["severity"] == "P1"


@pytest.mark.parametrize("name", ["4_close", "5_delete"])
def test_a_closed_or_deleted_alert_is_over(name: str) -> None:
    found = alert(name)
    assert found.key == alert("1_create").key
    assert (found.status, found.ends_at) == ("resolved", NOW)


@pytest.mark.parametrize("name", ["add_note", "assign_ownership"])
def test_what_is_about_something_else_is_taken_and_says_nothing(name: str) -> None:
    assert SOURCE.parse(request(recorded("opsgenie", f"other/{name}"))).alerts == ()


def test_a_note_to_a_closed_alert_does_not_open_it_again() -> None:
    body = changed(recorded("opsgenie", "4_close"), "action", to="AddNote")
    assert SOURCE.parse(request(body)).alerts == ()


def test_a_call_that_evenkeel_made_itself_opens_nothing() -> None:
    body = changed(CREATE, "alert", "alias", to="evenkeel/INC-7/approval/rollback/1/0")
    assert SOURCE.parse(request(body)).alerts == ()


def test_without_an_alias_the_alert_is_known_by_its_id() -> None:
    (found,) = SOURCE.parse(request(changed(CREATE, "alert", "alias"))).alerts
    assert found.fingerprint == "70413a06-38d6-4c85-92b8-5ebc900d42e2"


def test_a_long_alias_is_known_by_its_hash() -> None:
    (found,) = SOURCE.parse(request(changed(CREATE, "alert", "alias", to="a" * 512))).alerts
    assert len(found.fingerprint) == 64


def test_without_a_time_it_begins_when_it_is_heard_of() -> None:
    (found,) = SOURCE.parse(request(changed(CREATE, "alert", "createdAt"))).alerts
    assert (found.starts_at, found.dated) == (NOW, False)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'"Create"', "Expected `object`, got `str`"),
        (changed(CREATE, "action"), r"missing required field `action` - at `\$`"),
        (changed(CREATE, "alert"), r"missing required field `alert` - at `\$`"),
        (changed(changed(CREATE, "alert", "alias"), "alert", "alertId"), r"`alertId` - at `\$\.alert`"),
        (changed(CREATE, "alert", "createdAt", to="now"), r"at `\$\.alert\.createdAt`"),
        (changed(CREATE, "alert", "createdAt", to=-1e17), r"no time of this world - at `\$\.alert\.createdAt`"),
        (changed(CREATE, "alert", "alias", to="a" * 513), r"length <= 512 - at `\$\.alert\.alias`"),
        (changed(CREATE, "alert", "tags", to="canary"), r"at `\$\.alert\.tags`"),
        (changed(CREATE, "alert", "message", to="\0"), "NUL"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        SOURCE.parse(request(body))
