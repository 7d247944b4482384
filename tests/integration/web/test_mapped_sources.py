"""From a tool of one's own to an incident and back: what begins opens one, what ends is noted in it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.incidents.events import AlertsResolved
from bot.service import Service
from tests.integration.web.conftest import BEARER, Client, said
from tests.unit.alerts.requests import recorded

EVENT = msgspec.json.decode(recorded("cloudevents", "1_drift"))
REPORT = {"service": "fraud-scorer", "tests": [{"name": "Value drift of amount", "status": "FAIL"}]}
ROUND = {
    "generic": (
        {"title": "PSI is high", "service": "fraud-scorer", "severity": "critical", "id": 7, "state": "alarm"},
        {"title": "PSI is fine", "service": "fraud-scorer", "id": 7, "state": "ok"},
    ),
    "cloudevents": (
        EVENT | {"data": EVENT["data"] | {"severity": "critical"}},
        EVENT | {"id": "another", "type": "com.example.drift.resolved"},
    ),
    "evidently": (REPORT, REPORT | {"tests": [{"name": "Value drift of amount", "status": "SUCCESS"}]}),
    "cloudwatch": (
        msgspec.json.decode(recorded("cloudwatch", "6_eventbridge")),
        msgspec.json.decode(
            recorded("cloudwatch", "6_eventbridge").replace(b'"ALARM"', b'"OK"').replace(b"c4c1", b"d5d2")
        ),
    ),
}


@pytest.mark.parametrize("source", ROUND)
async def test_what_begins_opens_an_incident_and_its_end_is_noted(web: Client, service: Service, source: str) -> None:
    async def post(body: Any) -> Any:
        answer = await web.post(f"/alerts/{source}", content=msgspec.json.encode(body), headers=BEARER)
        assert answer.status_code == 202, said(answer)
        return answer.json()

    began, ended = ROUND[source]
    assert await post(began) == {"accepted": 1, "incidents": ["INC-1"]}
    assert (await service.incident(1)).service == "fraud-scorer"
    assert await post(began) == {"accepted": 1, "incidents": ["INC-1"]}
    assert await post(ended) == {"accepted": 1, "incidents": ["INC-1"]}
    assert isinstance((await service.entries(1))[-1].event, AlertsResolved)
    assert len(await service.listing()) == 1
