"""``POST /alerts/{source}``: what a real Alertmanager sends is taken, anything else is answered with a sentence."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import msgspec
import pytest
from sqlalchemy import Connection

from bot.clock import SteppedClock
from bot.config import Settings
from bot.service import Service
from bot.store import Store
from tests.integration.web.conftest import (
    BEARER,
    OLD,
    Client,
    Recorded,
    application,
    client_of,
    held_by_another,
    open_incident,
    said,
)

ALERTS = "/alerts/alertmanager"


async def test_an_alert_is_accepted_after_it_was_stored(web: Client, recorded: Recorded, service: Service) -> None:
    answer = await web.post(ALERTS, content=recorded("1_"), headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "incidents": ["INC-1"]})
    assert (await service.incident(1)).title == "ModelErrorRate"


async def test_two_alerts_of_one_failure_are_one_incident(web: Client, recorded: Recorded) -> None:
    answer = await web.post(ALERTS, content=recorded("2_"), headers=BEARER)
    assert answer.json() == {"accepted": 2, "incidents": ["INC-1"]}


async def test_an_alert_that_cannot_be_read_takes_none_along(
    web: Client, recorded: Recorded, service: Service
) -> None:
    body = msgspec.json.decode(recorded("2_"))
    body["alerts"][1]["startsAt"] = "yesterday"
    answer = await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)
    said = answer.json()
    assert (answer.status_code, said["accepted"], said["incidents"], said["unreadable"]) == (202, 1, ["INC-1"], 1)
    assert "`$.alerts[1].startsAt`" in said["reasons"][0]
    assert (await service.incident(1)).title == "FeatureDriftHigh"
    assert (await web.post("/requests/1", headers=BEARER)).json() == said


async def test_a_repeated_alert_is_counted_and_not_logged(web: Client, recorded: Recorded, service: Service) -> None:
    await open_incident(web, recorded)
    before = (await service.incident(1)).seq
    await open_incident(web, recorded)
    assert (await service.incident(1)).seq == before


async def test_a_resolved_alert_alone_opens_nothing(web: Client, recorded: Recorded, service: Service) -> None:
    answer = await web.post(ALERTS, content=recorded("3_"), headers=BEARER)
    assert (answer.status_code, answer.json()["incidents"]) == (202, [])
    assert await service.listing() == []


async def test_a_resolved_alert_is_told_in_its_incident(web: Client, recorded: Recorded, service: Service) -> None:
    await open_incident(web, recorded)
    answer = await web.post(ALERTS, content=recorded("3_"), headers=BEARER)
    assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}
    assert type((await service.entries(1))[-1].event).__name__ == "AlertsResolved"


async def test_alerts_that_alertmanager_left_out_are_told(web: Client, recorded: Recorded, service: Service) -> None:
    body = msgspec.json.decode(recorded("2_")) | {"truncatedAlerts": 7}
    answer = await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)
    assert answer.status_code == 202
    page = await web.get("/incidents/INC-1")
    assert "7" in page.text


ALERT = '"startsAt":"2026-11-21T05:38:19Z","labels":{"alertname":"A","service":"s"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b'{"alerts": [', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 200_000, "not an Alertmanager notification"),
        (b'{"alerts": [{"status": "firing", "x": ' + b"[" * 200_000, "not JSON"),
        (b"[]", "not an Alertmanager notification"),
        (b"{}", "alerts"),
        (b'{"alerts": {}}', "$.alerts"),
        (b'{"alerts": [{"status": "odd"}]}', "$.alerts[0].status"),
        (b'{"alerts": [{"status": "firing", "labels": {}, "startsAt": "yesterday"}]}', "$.alerts[0].startsAt"),
        (b'{"alerts": [{"status": "firing", "labels": {"a": 1}, "startsAt": "2026-11-21T05:38:19Z"}]}', "labels"),
        (b'{"alerts": [{"status": "firing", "labels": {}, "startsAt": "2026-11-21T05:38:19"}]}', "zone"),
        (b'{"alerts": [{"status": "firing", "labels": {}, "startsAt": "0001-01-01T00:00:00+10:00"}]}', "startsAt"),
        (b'{"alerts": [{"status": "firing", "labels": {}, "startsAt": "9999-12-31T23:59:59-10:00"}]}', "startsAt"),
    ],
)
async def test_a_body_that_cannot_be_read_is_told_why(web: Client, body: bytes, reason: str) -> None:
    answer = await web.post(ALERTS, content=body, headers=BEARER)
    assert answer.status_code == 400
    assert reason in said(answer)
    assert len(said(answer)) < 300


@pytest.mark.parametrize("hostile", ["\\ud800", "\\u0000", "🦆" * 5000, "<script>", "{{ 7 * 7 }}", "\\u202e"])
async def test_odd_text_in_an_alert_is_stored_or_refused_and_never_an_error(
    web: Client, hostile: str, service: Service
) -> None:
    body = f'{{"alerts": [{{"status": "firing", {ALERT.replace("A", hostile, 1)}}}]}}'
    answer = await web.post(ALERTS, content=body.encode(), headers=BEARER)
    assert answer.status_code in (202, 400)
    assert len(await service.listing()) == (answer.status_code == 202)


async def test_a_body_announced_over_a_mebibyte_is_refused_before_it_is_read(web: Client) -> None:
    answer = await web.post(ALERTS, content=b" " * (1024 * 1024 + 1), headers=BEARER)
    assert answer.status_code == 413
    assert "1 MiB" in said(answer)


async def test_what_was_too_large_is_counted(web: Client, service: Service) -> None:
    await web.post(ALERTS, content=b" " * (1024 * 1024 + 1), headers=BEARER)
    await web.post(ALERTS, content=b"{}", headers=BEARER)
    assert service.taken_in.refused["too_large"] == 1


async def test_a_body_that_grows_over_a_mebibyte_is_refused_while_it_is_read(web: Client) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 65_536
            yield b" " * 65_536

    answer = await web.post(ALERTS, content=pieces(), headers=BEARER)
    assert answer.status_code == 413
    assert sent < 2 * 1024 * 1024


async def test_a_body_of_just_a_mebibyte_is_read(web: Client, recorded: Recorded) -> None:
    body = recorded("1_").ljust(1024 * 1024)
    assert (await web.post(ALERTS, content=body, headers=BEARER)).status_code == 202


@pytest.mark.parametrize(
    "credentials",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic !!!", "Basic " + base64.b64encode(b"me:wrong").decode(),
     "Digest new-token", "Bearer n\xe9w"],
)  # fmt: skip
async def test_who_has_no_token_is_turned_away(web: Client, recorded: Recorded, credentials: str | None) -> None:
    headers = [] if credentials is None else [(b"authorization", credentials.encode("latin-1"))]
    answer = await web.post(ALERTS, content=recorded("1_"), headers=headers)
    assert answer.status_code == 401
    assert "token" in said(answer)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "credentials", [f"Bearer {OLD}", f"bearer {OLD}", "Basic " + base64.b64encode(f"any:{OLD}".encode()).decode()]
)
async def test_every_token_of_a_rotation_is_taken_also_as_a_password(
    web: Client, recorded: Recorded, credentials: str
) -> None:
    answer = await web.post(ALERTS, content=recorded("1_"), headers={"authorization": credentials})
    assert answer.status_code == 202


@pytest.mark.parametrize("address", [ALERTS, "/changes"])
async def test_without_a_token_configured_the_answer_says_what_to_set(
    service: Service, clock: SteppedClock, address: str
) -> None:
    async with client_of(application(service, clock, Settings())) as web:
        answer = await web.post(address, content=b"{}", headers=BEARER)
    assert answer.status_code == 503
    assert "ALERT_TOKEN is not set" in said(answer)


async def test_an_unknown_source_is_told_the_known_ones(web: Client) -> None:
    answer = await web.post("/alerts/nagios", content=b"{}", headers=BEARER)
    assert answer.status_code == 404
    assert "alertmanager" in said(answer)


async def test_while_the_database_is_away_senders_are_told_to_come_again(
    web: Client, recorded: Recorded, store: Store, sqlite_url: str
) -> None:
    def impatient(connection: Connection, _: object) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout = 1").close()

    store.writer.submit_blocking(impatient)
    with held_by_another(sqlite_url):
        answer = await web.post(ALERTS, content=recorded("1_"), headers=BEARER)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    await open_incident(web, recorded)
