"""Requests as they were received can be looked at, and taken in again, by whoever has a token."""

from __future__ import annotations

import gzip

import msgspec
import pytest

from bot.clock import SteppedClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.service import Service
from tests.integration.web.conftest import BEARER, Client, Recorded, application, client_of, open_incident, said

ALERTS = "/alerts/alertmanager"


async def test_a_request_is_kept_as_it_came_but_for_its_secrets(web: Client, recorded: Recorded) -> None:
    body = msgspec.json.decode(recorded("1_"))
    body["alerts"][0]["annotations"]["db_password"] = "hunter2"
    assert (await web.post(ALERTS, content=msgspec.json.encode(body), headers=BEARER)).status_code == 202
    kept = (await web.get("/requests/1", headers=BEARER)).json()
    assert (kept["source"], kept["id"]) == ("alertmanager", 1)
    body["alerts"][0]["annotations"]["db_password"] = "[secret]"
    assert msgspec.json.decode(kept["body"]) == body


async def test_configured_fields_about_persons_are_not_kept(
    service: Service, clock: SteppedClock, recorded: Recorded
) -> None:
    settings = Settings(alert_tokens=(Secret("new-token"),), personal_fields=("summary",))
    async with client_of(application(service, clock, settings)) as web:
        await web.post(ALERTS, content=recorded("1_"), headers=BEARER)
        kept = msgspec.json.decode((await web.get("/requests/1", headers=BEARER)).json()["body"])
    assert {alert["annotations"]["summary"] for alert in kept["alerts"]} == {"[personal]"}


async def test_taken_in_again_it_is_the_same_alerts(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    answer = await web.post("/requests/1", headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, "incidents": ["INC-1"]})


async def test_a_repeat_is_not_kept(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    await open_incident(web, recorded)
    answer = await web.get("/requests/2", headers=BEARER)
    assert answer.status_code == 404
    assert "no request 2" in said(answer)


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "1"])
async def test_what_is_not_there_is_said(web: Client, number: str) -> None:
    assert (await web.get(f"/requests/{number}", headers=BEARER)).status_code == 404
    assert (await web.post(f"/requests/{number}", headers=BEARER)).status_code == 404


async def test_nobody_looks_at_them_without_a_token(web: Client, recorded: Recorded) -> None:
    await open_incident(web, recorded)
    assert (await web.get("/requests/1")).status_code == 401
    assert (await web.post("/requests/1", headers={"authorization": "Bearer x"})).status_code == 401


async def test_a_packed_body_is_read(web: Client, recorded: Recorded) -> None:
    headers = BEARER | {"content-encoding": "gzip"}
    answer = await web.post(ALERTS, content=gzip.compress(recorded("1_")), headers=headers)
    assert answer.json() == {"accepted": 1, "incidents": ["INC-1"]}


async def test_a_bomb_is_answered_413(web: Client) -> None:
    headers = BEARER | {"content-encoding": "gzip"}
    answer = await web.post(ALERTS, content=gzip.compress(b" " * 50_000_000), headers=headers)
    assert answer.status_code == 413


async def test_whoever_looks_at_the_intake_is_told_what_it_is_for(web: Client) -> None:
    answer = await web.get(ALERTS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    assert "POST" in said(answer)
