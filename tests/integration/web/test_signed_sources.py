"""``POST /alerts/{source}`` of sources that sign, and of those that carry a token: the way of each to an incident."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import select

from bot.alerts.sources import SourceSettings
from bot.clock import SteppedClock
from bot.config.secret import Secret
from bot.service import Service
from bot.store import Store
from bot.store.tables import PAYLOADS
from tests.conftest import START
from tests.integration.web.conftest import BEARER, SETTINGS, Client, application, client_of, said
from tests.unit.alerts.requests import SECRET, changed, recorded, signature

STAMP = "x-grafana-alerting-timestamp"
SOURCES = {
    "grafana": SourceSettings(secrets=(Secret("rotated-out"), Secret(SECRET)), timestamp_header=STAMP),
    "pagerduty": SourceSettings(secrets=(Secret(SECRET),)),
    "sentry": SourceSettings(secrets=(Secret(SECRET),)),
}

Post = Callable[..., httpx.Response]


@pytest.fixture
async def signed(service: Service, clock: SteppedClock) -> AsyncIterator[Client]:
    """The application with secrets for the sources that sign, and without any common token."""
    settings = msgspec.structs.replace(SETTINGS, alert_tokens=(), sources=SOURCES)
    async with client_of(application(service, clock, settings)) as client:
        yield client


def headers(source: str, body: bytes, clock: SteppedClock, *, secret: str = SECRET) -> dict[str, str]:
    """As the sender would sign it now."""
    now = str(int(clock.now().timestamp()))
    return {
        "grafana": {"X-Grafana-Alerting-Signature": signature(f"{now}:".encode() + body, secret), STAMP: now},
        "pagerduty": {"X-PagerDuty-Signature": f"v1={signature(body, secret)},v1={'0' * 64}"},
        "sentry": {
            "Sentry-Hook-Signature": signature(body, secret), "Sentry-Hook-Timestamp": now, "Request-ID": now,
        },
    }[source]  # fmt: skip


FIRST = {"grafana": "1_firing", "pagerduty": "1_triggered", "sentry": "1_issue_alert"}


@pytest.mark.parametrize("source", sorted(FIRST))
async def test_a_signed_request_opens_an_incident_without_any_token(
    signed: Client, source: str, clock: SteppedClock
) -> None:
    body = recorded(source, FIRST[source])
    answer = await signed.post(f"/alerts/{source}", content=body, headers=headers(source, body, clock))
    assert (answer.status_code, answer.json()["incidents"][0]) == (202, "INC-1")


@pytest.mark.parametrize("source", sorted(FIRST))
async def test_another_secret_and_a_token_alone_are_refused_with_a_sentence(
    signed: Client, source: str, clock: SteppedClock, service: Service
) -> None:
    body = recorded(source, FIRST[source])
    for wrong in (headers(source, body, clock, secret="another"), BEARER, {}):
        answer = await signed.post(f"/alerts/{source}", content=body, headers=wrong)
        assert answer.status_code == 401
        assert "signature" in said(answer)
        assert SECRET not in answer.text
    assert await service.listing() == []


@pytest.mark.parametrize("source", ["grafana", "sentry"])
async def test_a_request_that_is_repeated_too_late_is_refused(
    signed: Client, source: str, clock: SteppedClock
) -> None:
    body = recorded(source, FIRST[source])
    old = headers(source, body, clock)
    clock.advance(301)
    answer = await signed.post(f"/alerts/{source}", content=body, headers=old)
    assert (answer.status_code, "not of now" in said(answer)) == (401, True)


async def test_a_delivery_that_is_repeated_changes_nothing(
    signed: Client, clock: SteppedClock, service: Service, store: Store
) -> None:
    body = recorded("pagerduty", "1_triggered")
    for _ in range(3):
        answer = await signed.post("/alerts/pagerduty", content=body, headers=headers("pagerduty", body, clock))
        assert (answer.status_code, answer.json()["incidents"]) == (202, ["INC-1"])
    (row,) = await store.alerts.since(START - timedelta(days=1))
    assert row.count == 1


async def test_an_incident_of_pagerduty_is_acknowledged_raised_and_resolved_in_one_incident(
    signed: Client, clock: SteppedClock, service: Service
) -> None:
    for name in ("1_triggered", "2_acknowledged", "3_priority_updated", "4_resolved"):
        body = recorded("pagerduty", name)
        answer = await signed.post("/alerts/pagerduty", content=body, headers=headers("pagerduty", body, clock))
        assert answer.json()["incidents"] == ["INC-1"]
    incident = await service.incident(1)
    assert (incident.service, incident.severity) == ("fraud-scorer", "SEV1")
    assert type((await service.entries(1))[-1].event).__name__ == "AlertsResolved"


async def test_what_pagerduty_says_beside_is_taken_and_opens_nothing(
    signed: Client, clock: SteppedClock, service: Service
) -> None:
    for name in ("annotated", "service_updated", "ping"):
        body = recorded("pagerduty", f"other/{name}")
        answer = await signed.post("/alerts/pagerduty", content=body, headers=headers("pagerduty", body, clock))
        assert (answer.status_code, answer.json()) == (202, {"accepted": 0, "incidents": []})
    assert await service.listing() == []


async def test_the_events_api_of_pagerduty_is_opened_by_its_routing_key_which_is_not_kept(
    signed: Client, store: Store
) -> None:
    trigger = changed(recorded("pagerduty", "6_events_v2_trigger"), "routing_key", to=SECRET)
    resolve = changed(recorded("pagerduty", "7_events_v2_resolve"), "routing_key", to=SECRET)
    for body in (trigger, trigger, resolve):
        assert (await signed.post("/alerts/pagerduty", content=body)).json()["incidents"] == ["INC-1"]
    (row,) = await store.alerts.since(START - timedelta(days=1))
    assert (row.status, row.count) == ("resolved", 3)
    kept = await store.writer.read(lambda connection: list(connection.execute(select(PAYLOADS.c.body)).scalars()))
    assert kept
    assert not [body for body in kept if SECRET in body]


async def test_an_orphaned_resolve_opens_nothing(signed: Client, service: Service) -> None:
    body = changed(recorded("pagerduty", "7_events_v2_resolve"), "routing_key", to=SECRET)
    assert (await signed.post("/alerts/pagerduty", content=body)).json()["incidents"] == []
    assert await service.listing() == []


LIVES = [
    ("grafana", "1_firing", "2_resolved"),
    ("datadog", "1_triggered", "3_recovered"),
    ("sentry", "1_issue_alert", "2_issue_resolved"),
    ("sentry", "6_metric_critical", "7_metric_resolved"),
    ("opsgenie", "1_create", "4_close"),
    ("pagerduty", "6_events_v2_trigger", "7_events_v2_resolve"),
]


@pytest.mark.parametrize(("source", "fires", "ends"), LIVES)
async def test_what_ends_is_told_where_it_began(
    web: Client, service: Service, source: str, fires: str, ends: str
) -> None:
    begun = await web.post(f"/alerts/{source}", content=recorded(source, fires), headers=BEARER)
    assert begun.json()["incidents"][0] == "INC-1"
    over = await web.post(f"/alerts/{source}", content=recorded(source, ends), headers=BEARER)
    (ended,) = over.json()["incidents"]
    last = (await service.entries(int(ended.removeprefix("INC-"))))[-1]
    assert type(last.event).__name__ == "AlertsResolved"


@pytest.mark.parametrize(("source", "ends"), sorted({(source, ends) for source, _, ends in LIVES}))
async def test_what_ends_and_never_began_opens_nothing(web: Client, service: Service, source: str, ends: str) -> None:
    over = await web.post(f"/alerts/{source}", content=recorded(source, ends), headers=BEARER)
    assert (over.status_code, over.json()["incidents"]) == (202, [])
    assert await service.listing() == []
